"""When people may do what. Pure: no session, no clock of its own."""

from collections.abc import Iterable
from datetime import datetime

from service.core.actor import Role
from service.core.errors import Conflict, Forbidden, Invalid, msgid
from service.processes.models import Activity, Phase

STAFF_ROLES = frozenset(Role) - {Role.RESIDENT, Role.SYSTEM}


class NotAStaffRole(Invalid):
    message = msgid("Choose one of the roles.")


class NotYourProcess(Forbidden):
    message = msgid("You can do this only in the processes you look after.")


class CannotDismissOneself(Conflict):
    message = msgid("You cannot dismiss yourself. Ask another administrator to do it.")


class HomeAreaUnknown(Invalid):
    message = msgid("Choose one of the areas.")


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
