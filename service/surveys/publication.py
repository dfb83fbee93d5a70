"""What may be said of many answers, on a page, in the API and in files alike (docs/decisions/0007-surveys.md). Pure.

Unweighted numbers decide. A group is whoever answered the question and is of one kind in one background question; those whose kind
is not known are a group too, so that the groups of a breakdown together are everybody.
"""

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from service.surveys.items import Sensitivity

LEAST = 10
"""People a group has at least for anything to be said of it, and by which two released groups differ at least."""
STEP = 5
"""Counts are told in steps of so many people."""
SMALL = 50
"""Up to so many people, percentages are told in steps of five and what nearly all answered is not told exactly."""
LIKE_MINDED = 90
"""Per cent of a small group from which on its one answer tells of each of them."""
LEAST_CROSSED = 30
"""People in each group of a breakdown by two background questions at once."""
LEAST_STANDING = 5
"""Members of a unit from which on it may be told whether the unit is above or below the whole."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people of a group answered the question, and how many chose each option."""

    people: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a group: rounded counts, and whole percentages of them. Of a like-minded one only which option it is."""

    people: int
    counts: dict[str, int]
    percents: dict[str, int]
    like_minded: str | None = None


def rounded(count: int) -> int:
    """To the nearest five."""
    return (count + STEP // 2) // STEP * STEP


def percent(count: int, people: int) -> int:
    """Of rounded numbers: whole, in a small group to the nearest five; 100 at most, for both were rounded."""
    step = 5 if people <= SMALL else 1
    return min(100, (200 * count + people * step) // (2 * people * step) * step)


def told(tally: Tally, sensitivity: Sensitivity = Sensitivity.NORMAL) -> Told | None:
    """What may be said of this group, None where it is too small."""
    if tally.people < LEAST:
        return None
    people = rounded(tally.people)
    if sensitivity is not Sensitivity.NORMAL and people <= SMALL:
        for option, count in tally.counts.items():
            if 100 * count >= LIKE_MINDED * tally.people:
                return Told(people, {}, {}, like_minded=option)
    counts = {option: rounded(count) for option, count in tally.counts.items()}
    return Told(people, counts, {option: percent(count, people) for option, count in counts.items()})


def hidden(sizes: Mapping[str, int]) -> set[str]:
    """The groups of one breakdown that are not told, nor can be found out by subtracting the others from the whole.

    Hidden groups are together at least ten people, and so at least two: otherwise the smallest told ones are hidden too.
    """
    found = {group for group, size in sizes.items() if size < LEAST}
    by_size = sorted(
        (group for group in sizes if group not in found), key=lambda group: (sizes[group], group)
    )
    while found and by_size and sum(sizes[group] for group in found) < LEAST:
        found.add(by_size.pop(0))
    return found


def breakdown(
    groups: Mapping[str, Tally], sensitivity: Sensitivity = Sensitivity.NORMAL
) -> dict[str, Told | None]:
    """What may be said of each group of a planned breakdown; nothing of an answer of a special kind."""
    if sensitivity is Sensitivity.SPECIAL:
        return dict.fromkeys(groups)
    untold = hidden({group: tally.people for group, tally in groups.items()})
    return {group: None if group in untold else told(tally, sensitivity) for group, tally in groups.items()}


def may_be_crossed(sizes: Mapping[str, int]) -> bool:
    """Whether a breakdown by two background questions, with groups of these sizes, may be told at all."""
    return all(size >= LEAST_CROSSED for size in sizes.values())


def is_due(answers: int, released: int | None) -> bool:
    """Whether there is something to release: ten people, and ten more or fewer than in the last release."""
    return answers >= LEAST and (released is None or abs(answers - released) >= LEAST)


def differ_by_few(released: Mapping[str, int], sizes: Mapping[str, int]) -> set[str]:
    """The groups that one to nine people have joined or left since the ledger's last entry of them, and must wait."""
    return {
        group
        for group, size in sizes.items()
        if group in released and 0 < abs(size - released[group]) < LEAST
    }


def nearly_the_same(groups: Mapping[str, AbstractSet[Hashable]]) -> list[tuple[str, str]]:
    """The pairs of groups, told by their members, that differ by one to nine people: not both may be released."""
    return [
        (one, other)
        for (one, members), (other, others) in combinations(groups.items(), 2)
        if 0 < len(members ^ others) < LEAST
    ]


def may_be_filtered(people: int, whole: int) -> bool:
    """Whether staff may look at so many of all: they and the rest are ten each, or there is no rest."""
    return people >= LEAST and (whole == people or whole - people >= LEAST)


class Standing(StrEnum):
    """What a unit of five to nine learns of itself."""

    ABOVE = "above"
    LEVEL = "level"
    BELOW = "below"


def standing(people: int, figure: float, whole: float) -> Standing | None:
    """How a unit's figure stands to the whole; None for one that is smaller, or that is told in numbers."""
    if not LEAST_STANDING <= people < LEAST:
        return None
    if figure == whole:
        return Standing.LEVEL
    return Standing.ABOVE if figure > whole else Standing.BELOW
