"""What a decision needs, what may follow what, and who may take the second look. Pure."""

from uuid import UUID

from service.core.errors import Conflict, Forbidden, Invalid, TooManyAttempts, msgid
from service.moderation.models import Appeal, Complaint, Decision, Ground, Kind, Ruling, SecondLook

NEED_REASON = frozenset({Kind.RETURN, Kind.REFUSE, Kind.HIDE})
APPEALABLE = frozenset({Kind.REFUSE, Kind.HIDE})
OF_WAITING = frozenset({Kind.PUBLISH, Kind.RETURN, Kind.REFUSE})
OF_PUBLIC = frozenset({Kind.HIDE, Kind.KEEP})


class GroundMissing(Invalid):
    message = msgid("Choose the ground of the decision. The public register shows it.")


class ReasonMissing(Invalid):
    message = msgid("Write the reason. The author reads it.")


class ComplaintMissing(Invalid):
    message = msgid("Tell in your own words what is wrong.")


class TooManyReports(TooManyAttempts):
    message = msgid(
        "One person can make at most %(most)s reports in 24 hours. Nothing you wrote has been lost. "
        "You can send it after %(when)s. If something is urgent, contact the city."
    )


class DoesNotFit(Conflict):
    message = msgid(
        "This decision does not fit the state of the text now. Somebody may have decided already; reload the page."
    )


class AppealWaits(Conflict):
    message = msgid("The author has asked for a second review. Another moderator decides there.")


class OwnText(Forbidden):
    message = msgid("This is your own text. Another moderator decides on it.")


class CannotBeAppealed(Conflict):
    message = msgid(
        "A second review can be asked for once, when a text was not published or was taken out of public view."
    )


class AppealedAlready(Conflict):
    message = msgid("A second review of this ruling has been asked for already.")


class NeedsAnother(Forbidden):
    message = msgid("You made the first decision yourself. Another moderator takes the second look.")


class DecidedAlready(Conflict):
    message = msgid("The second review has been decided already.")


def check_reasoned(decision: Decision) -> None:
    if decision.kind not in NEED_REASON:
        return
    if decision.ground is None:
        raise GroundMissing("ground")
    if not decision.reason:
        raise ReasonMissing("reason")


def check_second_reason(look: SecondLook) -> None:
    """The author reads why, whichever way it goes."""
    if not look.reason:
        raise ReasonMissing("reason")


def check_complaint(complaint: Complaint) -> None:
    """The other grounds say what is wrong by themselves."""
    if complaint.ground is Ground.OTHER and not complaint.text:
        raise ComplaintMissing("text")


def check_not_own(*, is_own: bool) -> None:
    """Raises OwnText for the author and the co-authors."""
    if is_own:
        raise OwnText


def may_be_appealed(ruling: Ruling) -> bool:
    """By its kind. The change of a published proposal that was refused is gone; its author can write it again."""
    return ruling.kind in APPEALABLE and not ruling.of_edit


def check_appealable(ruling: Ruling, appeal: Appeal | None, *, stands: bool) -> None:
    """`stands`: it is the newest ruling on the text and a first one: what took the text out of public view."""
    if not may_be_appealed(ruling) or not stands:
        raise CannotBeAppealed
    if appeal is not None:
        raise AppealedAlready


def check_second_look(appeal: Appeal, ruling: Ruling, moderator_id: UUID) -> None:
    if appeal.second_ruling_id is not None:
        raise DecidedAlready
    if ruling.moderator_id == moderator_id:
        raise NeedsAnother
