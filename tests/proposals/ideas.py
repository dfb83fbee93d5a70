"""What people propose in these tests."""

from service.proposals.models import Idea

BENCHES = Idea(
    title="Penkkejä Puistokadulle",
    text="Torilta terveysasemalle on kilometri, eikä matkalla ole yhtään paikkaa istahtaa.",
)
MORE_BENCHES = Idea(
    title="Penkkejä Puistokadulle ja torille",
    text="Torilta terveysasemalle on kilometri, eikä matkalla eikä torilla ole yhtään paikkaa istahtaa.",
)
