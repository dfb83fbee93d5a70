"""What can be found out from what is published of one question: bounded from below by an attacker, from above by other worlds.

The attacker knows the policy and everything published, and narrows what each count can be by every sum, until nothing changes: a
bound that linear programming also finds. A cell is safe from anybody, whatever they compute, when there is another world with
another count in it, and as many people, of which exactly the same would have been published. Linear programming lies between.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.surveys.items import Sensitivity
from service.surveys.publication import LEAST, SMALL, Tally, breakdown, told

OPTIONS = "vwxyz"
BREAKDOWNS = {"age": 6, "sex": 3, "area": 5}
WHOLE = "whole"
ATTEMPTS = 3_000

Person = dict[str, Any]
Cell = tuple[str, Any, str]  # breakdown, group, option
Interval = tuple[float, float]


def people(dice: random.Random, size: int) -> list[Person]:
    """Respondents with unequal groups, whose answers depend on what they are; of one mind more or less."""
    unity = dice.choice([1, 2, 6])
    weights = {name: [dice.gammavariate(1.5, 1) for _ in range(count)] for name, count in BREAKDOWNS.items()}
    taste = {
        (name, group): [dice.gammavariate(0.7, 1) for _ in OPTIONS]
        for name, count in BREAKDOWNS.items()
        for group in range(count)
    }
    found = []
    for _ in range(size):
        person: Person = {name: dice.choices(range(len(each)), each)[0] for name, each in weights.items()}
        liking = [sum(each) for each in zip(*(taste[name, person[name]] for name in BREAKDOWNS), strict=True)]
        found.append(person | {"answer": dice.choices(OPTIONS, [each**unity for each in liking])[0]})
    return found


@dataclass
class World:
    """The counts of some people's answers, kept while people change."""

    people: list[Person]
    cells: Counter[Cell]

    @classmethod
    def of(cls, people: list[Person]) -> "World":
        return cls(people, Counter(cell for person in people for cell in cells_of(person)))

    def move(self, place: int, changes: Person) -> None:
        self.cells.subtract(cells_of(self.people[place]))
        self.people[place] = self.people[place] | changes
        self.cells.update(cells_of(self.people[place]))

    def tally(self, name: str, group: Any) -> Tally:
        counts = {option: self.cells[name, group, option] for option in OPTIONS}
        return Tally(sum(counts.values()), counts)

    def tallies(self, name: str) -> dict[Any, Tally]:
        return {group: self.tally(name, group) for group in range(BREAKDOWNS[name])}

    def published(self, sensitivity: Sensitivity) -> dict[str, Any]:
        return {WHOLE: told(self.tally(WHOLE, 0), sensitivity)} | {
            name: breakdown(self.tallies(name), sensitivity) for name in BREAKDOWNS
        }


def cells_of(person: Person) -> list[Cell]:
    return [
        (WHOLE, 0, person["answer"]),
        *((name, person[name], person["answer"]) for name in BREAKDOWNS),
    ]


def protected(world: World, sensitivity: Sensitivity) -> list[Cell]:
    """Counts of one to nine people, and of groups of which nothing or no count is told."""
    shown = world.published(sensitivity)
    return [
        (name, group, option)
        for name in BREAKDOWNS
        for group in range(BREAKDOWNS[name])
        for option in OPTIONS
        if (each := shown[name][group]) is None
        or not each.counts
        or 0 < world.cells[name, group, option] < LEAST
    ]


def is_safe(dice: random.Random, world: World, cell: Cell, sensitivity: Sensitivity) -> bool:
    """Whether another world is found of which the same would be published."""
    published, count = world.published(sensitivity), world.cells[cell]
    for attempt in range(ATTEMPTS):
        other = World(list(world.people), world.cells.copy())
        for changed in range(1 + attempt % 4):
            _change(dice, other, cell if changed == 0 else None)
        if other.cells[cell] != count and other.published(sensitivity) == published:
            return True
    return False


def _change(dice: random.Random, world: World, cell: Cell | None) -> None:
    """Somebody answers otherwise, or is of another kind, so that the cell's count changes; perhaps somebody else the other way round."""
    attribute = dice.choice(["answer", cell[0] if cell else dice.choice(list(BREAKDOWNS))])
    place, value = dice.randrange(len(world.people)), dice.choice(values(attribute))
    if cell is not None:
        wanted = {"answer": cell[2], cell[0]: cell[1]}
        rest = next(each for each in wanted if each != attribute)
        near = [at for at, one in enumerate(world.people) if one[rest] == wanted[rest]]
        place = dice.choice(near or [place])
        if world.people[place][attribute] != wanted[attribute]:
            value = wanted[attribute]
    before = world.people[place][attribute]
    world.move(place, {attribute: value})
    other = dice.randrange(len(world.people))
    if world.people[other][attribute] == value and dice.random() < 0.5:
        world.move(other, {attribute: before})


def values(attribute: str) -> list[Any]:
    return list(OPTIONS) if attribute == "answer" else list(range(BREAKDOWNS[attribute]))


class Attacker:
    """Intervals of what each count can be, narrowed by what is published."""

    def __init__(
        self, published: dict[str, Any], reading: Callable[[Any], Callable[[str | None], Interval]]
    ) -> None:
        self.bounds: dict[Any, Interval] = {}
        self.sums: list[tuple[Any, list[Any]]] = []
        groups = {WHOLE: {0: published[WHOLE]}} | {name: published[name] for name in BREAKDOWNS}
        for name, each in groups.items():
            for group, shown in each.items():
                interval = reading(shown)
                self.bounds[name, group, None] = interval(None)
                self.bounds |= {(name, group, option): interval(option) for option in OPTIONS}
                self.sums.append(((name, group, None), [(name, group, option) for option in OPTIONS]))
            if name != WHOLE:
                for option in [*OPTIONS, None]:
                    self.sums.append(((WHOLE, 0, option), [(name, group, option) for group in each]))

    def found(self) -> dict[Cell, int]:
        """The counts that can be nothing else."""
        before: dict[Any, Interval] = {}
        while before != self.bounds:
            before = dict(self.bounds)
            for whole, parts in self.sums:
                self._narrow(whole, parts)
        return {
            cell: int(least)
            for cell, (least, most) in self.bounds.items()
            if least == most and cell[2] is not None
        }

    def _narrow(self, whole: Any, parts: list[Any]) -> None:
        least, most = (sum(self.bounds[part][end] for part in parts) for end in (0, 1))
        self._meet(whole, least, most)
        for part in parts:
            low, high = self.bounds[part]
            self._meet(part, self.bounds[whole][0] - (most - high), self.bounds[whole][1] - (least - low))

    def _meet(self, cell: Any, least: float, most: float) -> None:
        low, high = self.bounds[cell]
        if least > low or most < high:
            self.bounds[cell] = (max(low, least), min(high, most))


def of_rounded(shown: Any) -> Callable[[str | None], Interval]:
    """What the policy's numbers leave possible."""
    if shown is None:
        return lambda _: (0, 10**4)
    most = shown.people + 2
    if shown.like_minded is not None:
        assert shown.people <= SMALL
        return lambda option: (
            (max(LEAST, shown.people - 2), most) if option is None
            else (9 * max(LEAST, shown.people - 2) // 10, most) if option == shown.like_minded
            else (0, most // 10)
        )  # fmt: skip
    return lambda option: (
        (max(LEAST, shown.people - 2), most)
        if option is None
        else (max(0, shown.counts[option] - 2), shown.counts[option] + 2)
    )


def of_exact(shown: dict[str | None, int | None]) -> Callable[[str | None], Interval]:
    """What is left possible where numbers are told as they are and the small ones with a star."""
    return lambda option: (1, 4) if (count := shown[option]) is None else (count, count)
