"""What an act costs in steps of the interpreter, not in seconds: machines are noisy."""

import sys
from collections.abc import Callable


def steps(act: Callable[[], object]) -> int:
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(step)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count
