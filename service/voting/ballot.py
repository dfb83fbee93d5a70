"""The ballot paper: its parts and projects, what a selection on it may be, and a selection as bytes of one length.

Those bytes name the paper they were marked on, so that they are never read on another.

A ballot has at most two parts, each with its own money and its own limit: one area's and the city-wide one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from uuid import UUID

from service.core.errors import Invalid, msgid
from service.core.money import Cents
from service.processes.models import AreaRule, BallotType

NOWHERE = UUID(int=0)


class UnknownProject(Invalid):
    message = msgid("There is no project number %(number)s on this ballot. Your choices are as they were.")


class ForeignProject(Invalid):
    message = msgid(
        "Project %(number)s (%(title)s) belongs to an area that is not on your ballot. Your choices are as they were."
    )


class TooManyChoices(Invalid):
    message = msgid("You can select up to %(most)s projects. Remove one to add another.")


class OnlyOneChoice(TooManyChoices):
    message = msgid("You can select one project. Remove it to choose another.")


class OverBudget(Invalid):
    message = msgid(
        "Your choices cost too much together. Over by %(amount)s. Remove a project. Your draft is saved."
    )


class AreaUnknown(Invalid):
    message = msgid("Choose one of the areas of this vote.")


class NothingChosen(Invalid):
    message = msgid("Choose at least one project before you vote.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A project as it stands on the paper."""

    number: int
    proposal_id: UUID | None
    category_id: UUID | None
    area_id: UUID | None  # None: city-wide
    title: str
    text: str
    language: str
    cost_cents: int

    def without_words(self) -> "Entry":
        return replace(self, proposal_id=None, title="", text="", language="")


@dataclass(frozen=True, slots=True)
class Part:
    area_id: UUID | None  # None: city-wide
    cents: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a voter has marked: project numbers, and the area where the voter chooses one or the rule gives one."""

    area_id: UUID | None = None
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a part is used. `most` limits an approval ballot, `budget` a knapsack one; the other is None."""

    selected: int
    spent: int
    most: int | None
    budget: int | None

    @property
    def over(self) -> int:
        """Cents above the budget."""
        return max(0, self.spent - self.budget) if self.budget is not None else 0


@dataclass(frozen=True)
class Ballot:
    """All parts of a vote. Nothing in it changes once it is frozen, so it may be kept in memory from then on."""

    process_id: UUID
    slug: str
    type: BallotType
    max_choices: int | None
    area_rule: AreaRule
    box_public_key: bytes | None  # None: not frozen yet
    pots: Mapping[UUID | None, int]
    entries: tuple[Entry, ...]

    def without_words(self, numbers: Collection[int]) -> "Ballot":
        """The same paper to show where the proposals of these numbers are hidden: without what they say and the way to them."""
        entries = (entry.without_words() if entry.number in numbers else entry for entry in self.entries)
        return replace(self, entries=tuple(entries))

    @cached_property
    def by_number(self) -> dict[int, Entry]:
        return {entry.number: entry for entry in self.entries}

    @cached_property
    def _places(self) -> dict[int, int]:
        return {entry.number: place for place, entry in enumerate(self.entries)}

    @cached_property
    def _parts(self) -> dict[UUID | None, Part]:
        """Pots with something to spend them on."""
        found = (
            Part(area, cents, tuple(entry for entry in self.entries if entry.area_id == area))
            for area, cents in self.pots.items()
        )
        return {part.area_id: part for part in found if part.entries}

    @property
    def areas(self) -> list[UUID]:
        return [area for area in self._parts if area is not None]

    def parts(self, area_id: UUID | None) -> list[Part]:
        """What a voter of this area votes on: the area's part first, then the city-wide one."""
        places = (None,) if area_id is None else (area_id, None)
        return [self._parts[place] for place in places if place in self._parts]

    def check_area(self, area_id: UUID) -> None:
        """Whether a voter may choose it; raises AreaUnknown."""
        if self.area_rule is not AreaRule.CHOSEN or area_id not in self.areas:
            raise AreaUnknown("area_id")

    def use(self, part: Part, selection: Selection) -> Use:
        chosen = [
            entry for number in selection.numbers if (entry := self.by_number[number]).area_id == part.area_id
        ]
        approval = self.type is BallotType.APPROVAL
        return Use(
            selected=len(chosen),
            spent=sum(entry.cost_cents for entry in chosen),
            most=self.max_choices if approval else None,
            budget=None if approval else part.cents,
        )

    def check_draft(self, selection: Selection) -> None:
        """What may be kept as a draft. A knapsack draft may be over its budget: swapping needs that.

        Raises UnknownProject, ForeignProject, TooManyChoices.
        """
        for number in sorted(selection.numbers):
            entry = self.by_number.get(number)
            if entry is None:
                raise UnknownProject("selection", number=number)
            if entry.area_id not in {None, selection.area_id}:
                raise ForeignProject("selection", number=number, title=entry.title)
        for part in self.parts(selection.area_id):
            use = self.use(part, selection)
            if use.most is not None and use.selected > use.most:
                raise (OnlyOneChoice if use.most == 1 else TooManyChoices)("selection", most=use.most)

    def check(self, selection: Selection) -> None:
        """What may be cast. Raises besides: OverBudget, NothingChosen."""
        self.check_draft(selection)
        for part in self.parts(selection.area_id):
            if over := self.use(part, selection).over:
                raise OverBudget("selection", amount=Cents(over))
        if not selection.numbers:
            raise NothingChosen("selection")

    def without_foreign(self, selection: Selection) -> Selection:
        """What is left of a selection when its area has changed."""
        numbers = {number for number in selection.numbers if self._stands_on(number, selection.area_id)}
        return Selection(selection.area_id, frozenset(numbers))

    def _stands_on(self, number: int, area_id: UUID | None) -> bool:
        entry = self.by_number.get(number)
        return entry is not None and entry.area_id in {None, area_id}

    @cached_property
    def paper(self) -> bytes:
        """16 bytes that another process's ballot, or one with other projects or another order of them, does not have."""
        numbers = ",".join(str(entry.number) for entry in self.entries)
        return sha256(self.process_id.bytes + numbers.encode()).digest()[:16]

    @property
    def length(self) -> int:
        """Bytes of any selection."""
        return 32 + (len(self.entries) + 7) // 8

    def marks(self, selection: Selection) -> bytes:
        """The paper, the area, then a bit for each project: the same length for every selection, so that it tells nothing."""
        bits = sum(1 << self._places[number] for number in selection.numbers)
        area = (selection.area_id or NOWHERE).bytes
        return self.paper + area + bits.to_bytes(self.length - 32, "little")

    def read(self, marks: bytes) -> Selection:
        """The reverse of `marks`; raises ValueError for bytes that are no selection on this ballot."""
        if len(marks) != self.length or marks[:16] != self.paper:
            raise ValueError("not of this ballot")
        bits = int.from_bytes(marks[32:], "little")
        if bits >> len(self.entries):
            raise ValueError("marks outside the ballot")
        area = UUID(bytes=marks[16:32])
        numbers = frozenset(entry.number for place, entry in enumerate(self.entries) if bits >> place & 1)
        return Selection(None if area == NOWHERE else area, numbers)
