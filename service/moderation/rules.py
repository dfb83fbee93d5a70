"""What a decision needs, and who may take the second look. Pure."""

from uuid import UUID

from service.core.errors import Conflict, Forbidden, Invalid, msgid
from service.moderation.models import Appeal, Decision, Kind, Ruling

NEED_REASON = frozenset({Kind.RETURN, Kind.REFUSE, Kind.HIDE})
APPEALABLE = frozenset({Kind.REFUSE, Kind.HIDE})
OF_WAITING = frozenset({Kind.PUBLISH, Kind.RETURN, Kind.REFUSE})
OF_PUBLIC = frozenset({Kind.HIDE, Kind.KEEP})
OF_COMMENT = frozenset({Kind.HIDE, Kind.KEEP, Kind.RESTORE})


class GroundMissing(Invalid):
    message = msgid("Choose the ground of the decision. The public register shows it.")


class ReasonMissing(Invalid):
    message = msgid("Write the reason. The author reads it.")


class DoesNotFit(Conflict):
    message = msgid(
        "This decision does not fit the state of the text now. Somebody may have decided already; reload the page."
    )


class CannotBeAppealed(Conflict):
    message = msgid(
        "A second review can be asked for when a text was not published or was taken out of public view."
    )


class AppealedAlready(Conflict):
    message = msgid("A second review of this ruling has been asked for already.")


class NeedsAnother(Forbidden):
    message = msgid("You made the first decision yourself. Another moderator takes the second look.")


class DecidedAlready(Conflict):
    message = msgid("The second review has been decided already.")


class AppealTextMissing(Invalid):
    message = msgid("Write why you think the decision should be changed.")


def check_reasoned(decision: Decision) -> None:
    if decision.kind not in NEED_REASON:
        return
    if decision.ground is None:
        raise GroundMissing("ground")
    if not decision.reason.strip():
        raise ReasonMissing("reason")


def check_appealable(ruling: Ruling, appeal: Appeal | None) -> None:
    if ruling.kind not in APPEALABLE:
        raise CannotBeAppealed
    if appeal is not None:
        raise AppealedAlready


def check_second_look(appeal: Appeal, ruling: Ruling, moderator_id: UUID) -> None:
    if appeal.second_ruling_id is not None:
        raise DecidedAlready
    if ruling.moderator_id == moderator_id:
        raise NeedsAnother
