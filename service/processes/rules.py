"""When people may do what. Pure: no session, no clock of its own."""

from collections.abc import Iterable
from datetime import datetime

from service.processes.models import Activity, Phase


def allows(phases: Iterable[Phase], activity: Activity, *, at: datetime) -> bool:
    return any(activity in phase.activities and phase.is_open(at) for phase in phases)


def closing_of(phases: Iterable[Phase], activity: Activity, *, at: datetime) -> datetime | None:
    """When the activity that is open now ends; None where it is not open."""
    return max(
        (phase.closes_at for phase in phases if activity in phase.activities and phase.is_open(at)),
        default=None,
    )


def voting_phase(phases: Iterable[Phase]) -> Phase | None:
    """The one phase in which people vote."""
    return next((phase for phase in phases if Activity.VOTE in phase.activities), None)
