"""What a count says: the winners, the ties it met, and for every project why it won or lost, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.tally.ballots import Election, Points
from service.tally.ties import Tie


class Verdict(StrEnum):
    WON = "won"
    NO_VOTES = "no_votes"
    DID_NOT_FIT = "did_not_fit"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one project won or lost. Money is in the election's units.

    money_left: what was left when the project's turn came; None where no turn came.
    short_by: the fewest further votes (where the score is the number of voters) or whole points (elsewhere, with the
        number of its voters unchanged) with which it would have won, all else equal; None for a winner, and where
        no number would do because the project costs more than the whole budget.
    fits_at: the highest lower cost at which it would have won, its score unchanged; None where there is none.
    displaced_by: the winner that took money it would have needed; None where no winner did.
    """

    verdict: Verdict
    votes: int
    score: Points
    cost: int
    money_left: int | None
    short_by: int | None = None
    fits_at: int | None = None
    displaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one rule in one election. `winners` stand in the order of decision, `reasons` has every project."""

    rule: str
    election: Election
    seed: str | None
    spent: int
    winners: tuple[str, ...]
    ties: tuple[Tie, ...]
    reasons: Mapping[str, Reason]
