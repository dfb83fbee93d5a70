"""What may happen to a proposal, and when. Pure: no session, no clock of its own."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from pydantic import ValidationError

from service.core.actor import Moderator, Resident
from service.core.errors import Conflict, Invalid, msgid
from service.processes.models import Activity, Phase
from service.processes.rules import allows
from service.proposals.models import AuthorKind, Content, Idea, Proposal, State, Version

Viewer = Resident | Moderator | None

TIME_TO_COMPLETE = timedelta(days=14)
MOST_COAUTHORS = 10

PRIVATE = frozenset({State.DRAFT, State.RETURNED})
PUBLIC = frozenset({State.PUBLISHED, State.MERGED})
MODERATED = frozenset({State.SUBMITTED, State.RETURNED, State.NOT_PUBLISHED})


class ProposingIsClosed(Conflict):
    message = msgid("Proposals are not being taken now. What you have written is safe.")


class SupportIsClosed(Conflict):
    message = msgid("Proposals cannot be supported now. Support given earlier stands.")


class CommentingIsClosed(Conflict):
    message = msgid("The discussion is closed. You can still read it.")


class TextsAreFixed(Conflict):
    message = msgid("Voting has begun, so the proposals of this process do not change any more.")


class StateForbids(Conflict):
    message = msgid(
        "The proposal has moved on, so this cannot be done any more. Nothing was lost. Reload the page to see where it is now."
    )


class EditedMeanwhile(Conflict):
    """`current` is what stands now, for showing both; `version` the number to send with the next try."""

    message = msgid(
        "Someone else changed this text meanwhile. Both versions are shown below. Choose which one to keep."
    )

    def __init__(self, current: Content, version: int) -> None:
        super().__init__(version=version)
        self.current = current
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
