"""What may happen to a proposal, and when. Pure: no session, no clock of its own."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import ValidationError

from service.core.actor import Moderator, Resident
from service.core.errors import Conflict, Invalid, TooManyAttempts, msgid
from service.processes.models import Activity, Phase
from service.processes.rules import allows
from service.proposals.models import AuthorKind, Content, Idea, Proposal, State

Viewer = Resident | Moderator | None

TIME_TO_COMPLETE = timedelta(days=14)
MOST_COAUTHORS = 10

UNSENT = frozenset({State.DRAFT, State.RETURNED})


class ProposingIsClosed(Conflict):
    message = msgid("Proposals are not being taken now. What you have written is safe.")


class TooManyProposals(TooManyAttempts):
    message = msgid(
        "One person can begin at most %(most)s proposals in 24 hours. Nothing you wrote has been lost. "
        "You can send it after %(when)s."
    )


class SupportIsClosed(Conflict):
    message = msgid("Proposals cannot be supported now. Support given earlier stands.")


class CommentingIsClosed(Conflict):
    message = msgid("The discussion is closed. You can still read it.")


class TextsAreFixed(Conflict):
    message = msgid("The ballot is final, so the proposals of this round do not change any more.")


class StateForbids(Conflict):
    message = msgid(
        "The proposal has moved on, so this cannot be done any more. Nothing was lost. "
        "Reload the page to see where it is now."
    )


class StillIncomplete(Conflict):
    """Said to a moderator, who does not mend a text: its author does."""

    message = msgid(
        "Something that the author has to give is still missing, such as the description of the picture. "
        "Return the text for changes."
    )


class EditedMeanwhile(Conflict):
    """`current` is what stands now, for showing both; `version` the number to send with the next try."""

    message = msgid(
        "Someone else changed this text meanwhile. Both versions are shown below. Choose which one to keep."
    )

    def __init__(self, current: Content, version: int) -> None:
        super().__init__(version=version)
        self.current = Content(**current.content())  # outlives the transaction
        self.version = version


class TitleMissing(Invalid):
    message = msgid("Give your proposal a title.")


class TitleIsShort(Invalid):
    message = msgid("Write a longer title, at least %(least)s characters.")


class TextMissing(Invalid):
    message = msgid("Tell what you propose and why.")


class TextIsShort(Invalid):
    message = msgid("Tell a little more about your proposal, at least %(least)s characters.")


class OrganisationMissing(Invalid):
    message = msgid("Write the name of the association or company.")


class PictureNotDescribed(Invalid):
    message = msgid("Describe the picture in words for those who cannot see it.")


class PlaceIsHalf(Invalid):
    message = msgid("A place on the map needs both its coordinates.")


class AreaUnknown(Invalid):
    message = msgid("Choose one of the areas of this process.")


class CategoryUnknown(Invalid):
    message = msgid("Choose one of the topics of this process.")


class AskedOneself(Invalid):
    message = msgid("This is your own address. You are the author already.")


class TooManyCoauthors(Conflict):
    message = msgid("A proposal can have at most %(most)s co-authors.")


class CannotBeMerged(Conflict):
    message = msgid("Only published proposals of the same process can be merged.")


TOO_SHORT: dict[str, tuple[type[Invalid], type[Invalid]]] = {
    "title": (TitleMissing, TitleIsShort),
    "text": (TextMissing, TextIsShort),
}


def mistakes(content: Content, *, has_picture: bool) -> list[Invalid]:
    """What has to be mended before this can be sent to the city, in the order of the form."""
    found: list[Invalid] = []
    try:
        Idea.model_validate(content.content())
    except ValidationError as error:
        for mistake in error.errors():
            field = str(mistake["loc"][0])
            missing, short = TOO_SHORT[field]
            found.append(
                short(field, least=mistake["ctx"]["min_length"]) if mistake["input"] else missing(field)
            )
    if (content.latitude is None) != (content.longitude is None):
        found.append(PlaceIsHalf("latitude"))
    if has_picture and not content.picture_alt:
        found.append(PictureNotDescribed("picture_alt"))
    if content.author_kind != AuthorKind.PERSON and not content.organisation:
        found.append(OrganisationMissing("organisation"))
    return found


def check_complete(content: Content, *, has_picture: bool) -> None:
    """Raises the first mistake."""
    for mistake in mistakes(content, has_picture=has_picture):
        raise mistake


def check_publishable(content: Content, *, has_picture: bool) -> None:
    if mistakes(content, has_picture=has_picture):
        raise StillIncomplete


def is_public(proposal: Proposal) -> bool:
    """A withdrawn proposal stays readable where it had been published: others have answered it."""
    return proposal.state in {State.PUBLISHED, State.MERGED} or (
        proposal.state == State.WITHDRAWN and proposal.published_at is not None
    )


def is_moderated_by(proposal: Proposal, viewer: Viewer) -> bool:
    """Moderators see what was sent to the city, not what a person has only begun or has taken away."""
    return (
        isinstance(viewer, Moderator)
        and viewer.may_act_in(proposal.process_id)
        and proposal.state not in {State.DRAFT, State.WITHDRAWN}
    )


def completes_until(proposal: Proposal) -> datetime | None:
    """A proposal returned on the last evening may still be completed: its author was in time."""
    return proposal.returned_at + TIME_TO_COMPLETE if proposal.returned_at else None


def check_proposing(phases: Iterable[Phase], *, at: datetime) -> None:
    if not allows(phases, Activity.PROPOSE, at=at):
        raise ProposingIsClosed


def check_submitting(proposal: Proposal, phases: Iterable[Phase], *, at: datetime) -> None:
    until = completes_until(proposal)
    if until is None or at >= until:
        check_proposing(phases, at=at)


def check_state(proposal: Proposal, *permitted: State) -> None:
    if proposal.state not in permitted:
        raise StateForbids


def check_version(proposal: Proposal, seen: int, current: Content | None = None) -> None:
    """Nobody overwrites, and no moderator decides on, what they have not read."""
    if proposal.version != seen:
        raise EditedMeanwhile(current or proposal, proposal.version)
