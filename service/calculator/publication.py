"""What may be said of many plans: nothing about fewer than ten people, and nothing that subtracting would tell. Pure."""

from collections.abc import Mapping
from datetime import timedelta

LEAST = 10
"""People a published number stands for at least."""
OFTENEST = timedelta(days=1)
STEP = 10
"""New plans between two releases, so that the difference of two tells of nobody."""


def shown(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts of answers that exclude each other; None where fewer than ten gave one.

    Of hidden ones there are at least two, and together they stand for ten, so that the total minus the others tells nothing of one.
    """
    hidden = {key for key, count in counts.items() if count < LEAST}
    by_size = sorted((key for key in counts if key not in hidden), key=lambda key: (counts[key], key))
    while hidden and by_size and (len(hidden) < 2 or sum(counts[key] for key in hidden) < LEAST):
        hidden.add(by_size.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}


def merged(bins: Mapping[int, int]) -> list[tuple[int | None, int | None, int]]:
    """Neighbouring bins put together until each stands for ten: (first, one after the last, count), open at both ends.

    So no bin is hidden and none is seen to be empty; with fewer than ten in all there is nothing.
    """
    grouped: list[tuple[int, int]] = []
    waiting = 0
    for bin_, count in sorted(bins.items()):
        waiting += count
        if waiting >= LEAST:
            grouped.append((bin_ + 1, waiting))
            waiting = 0
    if not grouped:
        return []
    grouped[-1] = (grouped[-1][0], grouped[-1][1] + waiting)
    ends: list[int | None] = [None, *(end for end, _ in grouped[:-1]), None]
    return [(ends[place], ends[place + 1], count) for place, (_, count) in enumerate(grouped)]


def is_due(plans: int, released: int | None, *, since: timedelta, closed: bool) -> bool:
    """Whether to count anew: ten more than in the last release, at most once a day while people still come.

    Never because some were taken back, and never for the last few after the close: the difference would tell of them.
    """
    if released is None:
        return plans >= LEAST
    return plans - released >= STEP and (closed or since >= OFTENEST)
