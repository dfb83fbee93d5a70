"""Where a voter stands with a ballot: opened, chosen, cast, changed since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Self
from uuid import UUID

from service.processes.models import AreaRule
from service.voting.ballot import Ballot, Selection
from service.voting.seal import CannotBeOpened, Mark, Voter

UNKNOWN, KNOWN = b"\0", b"\1"


class State(StrEnum):
    NOT_OPENED = "not_opened"
    EMPTY = "empty"
    NOT_CAST = "not_cast"
    CAST = "cast"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is chosen now, and what was when the ballot was cast, once the two differ."""

    now: Selection
    cast: Selection | None = None

    def to_bytes(self, ballot: Ballot) -> bytes:
        """Of one length, whatever is chosen."""
        cast = self.cast or Selection()
        return ballot.marks(self.now) + (KNOWN if self.cast else UNKNOWN) + ballot.marks(cast)

    @classmethod
    def of_bytes(cls, content: bytes, ballot: Ballot) -> Self:
        now, known, cast = (
            content[: ballot.length],
            content[ballot.length :][:1],
            content[ballot.length + 1 :],
        )
        return cls(ballot.read(now), ballot.read(cast) if known == KNOWN else None)


@dataclass(frozen=True)
class Standing:
    ballot: Ballot
    voter: Voter
    opened: bool
    fixed_area_id: UUID | None
    draft: Draft | None  # also None once voting has closed
    mark: Mark | None  # of the ballot in the box
    closes_at: datetime | None  # None: voting is not open

    @cached_property
    def selection(self) -> Selection:
        """What is chosen now, in the area it is chosen in."""
        chosen = self.draft.now if self.draft else Selection()
        area = chosen.area_id if self.ballot.area_rule is AreaRule.CHOSEN else self.fixed_area_id
        return self.ballot.without_foreign(Selection(area, chosen.numbers))

    @cached_property
    def state(self) -> State:
        if not self.opened:
            return State.NOT_OPENED
        if self.mark is None:
            return State.NOT_CAST if self.selection.numbers else State.EMPTY
        return State.CAST if self.draft is None or self.is_cast(self.selection) else State.CHANGED

    def is_cast(self, selection: Selection) -> bool:
        """Whether this is what the ballot in the box says. Nothing is opened to know it."""
        return self.mark is not None and self.voter.vote_seal.fits(
            self.mark, self.voter.pseudonym, self.ballot.marks(selection)
        )

    @property
    def cast_selection(self) -> Selection | None:
        """What is in the box, as far as the draft remembers."""
        known = [self.selection, *([self.draft.cast] if self.draft and self.draft.cast else [])]
        return next((selection for selection in known if self.is_cast(selection)), None)

    @property
    def receipt(self) -> bytes | None:
        return self.voter.vote_seal.receipt(self.mark.nonce) if self.mark else None


def opened_draft(sealed: bytes | None, ballot: Ballot, voter: Voter) -> Draft | None:
    """A draft that cannot be read counts as none: nothing hangs on it but a few presses."""
    if sealed is None or voter.draft_seal is None:
        return None
    try:
        return Draft.of_bytes(voter.draft_seal.open(voter.draft_pseudonym, sealed), ballot)
    except (CannotBeOpened, ValueError):
        return None
