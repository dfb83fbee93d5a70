"""A published result as pages and files read it: pots, and in each the projects in the order of decision. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.core.errors import NotFound
from service.processes.models import Area, Pot
from service.results.contests import key_of
from service.results.models import PotResult, ProjectResult, Result, Verdict
from service.voting.models import Project


@dataclass(frozen=True, slots=True)
class Row:
    """A project and how it came out."""

    project: Project
    result: ProjectResult

    @property
    def won(self) -> bool:
        return self.result.verdict is Verdict.WON


@dataclass(frozen=True)
class PotOutcome:
    """One pot of a published result; `rows` stand in the order of decision."""

    pot: Pot
    area: Area | None
    result: PotResult
    rows: Sequence[Row]

    @property
    def key(self) -> str:
        return key_of(self.area)

    @cached_property
    def winners(self) -> list[Row]:
        return [row for row in self.rows if row.won]

    @property
    def left_cents(self) -> int:
        return self.result.budget_cents - self.result.spent_cents

    @property
    def cut(self) -> int:
        """After how many rows the money ended: nothing below the last winner fitted."""
        return max((place for place, row in enumerate(self.rows, 1) if row.won), default=0)


@dataclass(frozen=True)
class Outcome:
    """A published result whole."""

    result: Result
    pots: Sequence[PotOutcome]

    @cached_property
    def winners(self) -> list[Row]:
        return [row for pot in self.pots for row in pot.winners]

    @property
    def left_out(self) -> list[int]:
        """Numbers of the projects that a correction took out of the count."""
        return [
            row.project.number
            for pot in self.pots
            for row in pot.rows
            if row.result.verdict is Verdict.LEFT_OUT
        ]

    @property
    def spent_cents(self) -> int:
        return sum(pot.result.spent_cents for pot in self.pots)

    @property
    def budget_cents(self) -> int:
        return sum(pot.result.budget_cents for pot in self.pots)

    def pot(self, key: str) -> PotOutcome:
        """By the area's key; raises NotFound."""
        for pot in self.pots:
            if pot.key == key:
                return pot
        raise NotFound

    def place_of(self, number: int) -> tuple[PotOutcome, int]:
        """The pot of a project and its place among the rows, from 0; raises NotFound."""
        for pot in self.pots:
            for place, row in enumerate(pot.rows):
                if row.project.number == number:
                    return pot, place
        raise NotFound
