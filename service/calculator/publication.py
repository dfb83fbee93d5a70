"""What may be said of many plans: nothing about fewer than ten people, and nothing that subtracting would tell. Pure."""

from collections.abc import Mapping

LEAST = 10
"""People a published number stands for at least."""
STEP = 10
"""New plans between two releases, so that the difference of two tells of nobody."""

UNTOUCHED = ""


def shown(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts of answers that exclude each other; None where fewer than ten gave one.

    Of hidden ones there are at least two, and together they stand for ten, so that the total minus the others tells nothing of one.
    """
    hidden = {key for key, count in counts.items() if count < LEAST}
    by_size = sorted((key for key in counts if key not in hidden), key=lambda key: (counts[key], key))
    while hidden and by_size and (len(hidden) < 2 or sum(counts[key] for key in hidden) < LEAST):
        hidden.add(by_size.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}


def is_due(plans: int, released: int | None, *, closed: bool) -> bool:
    """Whether to count anew: ten more or fewer than in the last release, or any other number once the calculator is closed."""
    if plans < LEAST or plans == released:
        return False
    return released is None or closed or abs(plans - released) >= STEP
