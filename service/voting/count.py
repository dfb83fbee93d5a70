"""Opening the box: every ballot is opened, held against its voter's mark and the frozen rules, and loses its voter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.core.errors import Invalid
from service.processes.models import AreaRule
from service.voting.ballot import Ballot, Selection
from service.voting.models import SealedBallot
from service.voting.seal import BoxKey, CannotBeOpened, Mark, VoteSeal, receipt_digest


@dataclass(frozen=True, slots=True)
class Opened:
    """`ballots` in the order of their receipts' digests, which nobody could choose."""

    ballots: list[tuple[bytes, Selection]]
    refused: int


@dataclass(frozen=True, slots=True)
class Count:
    ballot: Ballot
    vote_seal: VoteSeal
    box_key: BoxKey

    def open(self, box: Iterable[SealedBallot], roll: Mapping[bytes, UUID | None]) -> Opened:
        """Pure but for time. `roll` is sign-in digests with the area the rule gave."""
        area_of = {self.vote_seal.pseudonym(digest): area for digest, area in roll.items()}
        ballots, refused = [], 0
        for sealed in box:
            selection = self._selection(sealed, area_of) if sealed.pseudonym in area_of else None
            if selection is None:
                refused += 1
            else:
                ballots.append((receipt_digest(self.vote_seal.receipt(sealed.nonce)), selection))
        return Opened(sorted(ballots, key=lambda pair: pair[0]), refused)

    def _selection(self, sealed: SealedBallot, area_of: Mapping[bytes, UUID | None]) -> Selection | None:
        """None for what was altered, forged, copied from another voter or is against the rules."""
        try:
            marks = self.box_key.open(sealed.sealed)
            selection = self.ballot.read(marks)
            self.ballot.check(selection)
        except (CannotBeOpened, ValueError, Invalid):
            return None
        mark = Mark(sealed.nonce, sealed.commitment)
        if not self.vote_seal.fits(mark, sealed.pseudonym, marks):
            return None
        if self.ballot.area_rule is AreaRule.HOME and selection.area_id != area_of[sealed.pseudonym]:
            return None
        return selection
