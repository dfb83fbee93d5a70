"""What may be counted, corrected and told of a milestone. Pure."""

from datetime import date
from urllib.parse import urlsplit

from service.core.errors import Conflict, Invalid, msgid
from service.results.models import Milestone, Status, Step


class NotCountedYet(Conflict):
    message = msgid("The votes have not been counted yet.")


class LotIsPublished(Conflict):
    message = msgid("A lot has been published for this vote already. It does not change any more.")


class LotComesTooLate(Conflict):
    message = msgid("The votes have been counted, so a lot can no longer be published.")


class CorrectedMeanwhile(Conflict):
    message = msgid(
        "Someone else corrected the result meanwhile. Read the new result before you correct it again."
    )


class NothingCorrected(Invalid):
    message = msgid("The result would stay as it is, so there is nothing to publish.")


class NotOnTheBallot(Invalid):
    message = msgid("There is no project number %(number)s in this vote.")


class NotAWinner(Conflict):
    message = msgid("Milestones belong to projects that were selected to be carried out.")


class MilestoneChangedMeanwhile(Conflict):
    """`current` is the milestone as it stands now."""

    message = msgid(
        "Someone else changed this milestone meanwhile. Nothing was overwritten. "
        "Check what they wrote and save again."
    )

    def __init__(self, current: Milestone) -> None:
        super().__init__()
        self.current = current


class DatesCrossed(Invalid):
    message = msgid("The end cannot be before the start.")


class DayToCome(Invalid):
    message = msgid("This day is still to come. Give it as a planned day.")


class EndMissing(Invalid):
    message = msgid("Give the day on which it was completed.")


class DecisionMissing(Invalid):
    message = msgid("Tell who decided to stop, on which day, and in which section of the minutes.")


class LinkNotUsable(Invalid):
    message = msgid("Give the whole address, beginning with https://.")


class PictureNotDescribed(Invalid):
    message = msgid("Describe the picture in words for those who cannot see it.")


def check_step(step: Step, *, today: date) -> None:
    """Raises DatesCrossed, DayToCome, EndMissing, DecisionMissing, LinkNotUsable."""
    for start, end, field in (
        (step.planned_start, step.planned_end, "planned_end"),
        (step.actual_start, step.actual_end, "actual_end"),
    ):
        if start and end and end < start:
            raise DatesCrossed(field)
    for field in ("actual_start", "actual_end", "decided_on"):
        day = getattr(step, field)
        if day and day > today:
            raise DayToCome(field)
    if step.status is Status.COMPLETED and step.actual_end is None:
        raise EndMissing("actual_end")
    if step.status is Status.STOPPED:
        _check_decision(step)
    if step.decision_link and not _is_web_address(step.decision_link):
        raise LinkNotUsable("decision_link")


def _is_web_address(text: str) -> bool:
    try:
        return urlsplit(text).scheme in {"http", "https"}
    except ValueError:
        return False


def _check_decision(step: Step) -> None:
    given = {
        "decision_body": step.decision_body,
        "decided_on": step.decided_on,
        "decision_section": step.decision_section,
    }
    for field, value in given.items():
        if not value:
            raise DecisionMissing(field)
