"""An attacker who has everything published of a question finds out at most one in fifty of the counts that are protected."""

import random

import pytest

from service.surveys.items import Sensitivity
from tests.surveys.attack import (
    BREAKDOWNS,
    OPTIONS,
    WHOLE,
    Attacker,
    World,
    is_safe,
    of_exact,
    of_rounded,
    people,
    protected,
)

SURVEYS = 72  # of three tables each
SIZES = [15, 30, 50, 80, 150, 300, 600]


def worlds(number):
    dice = random.Random(number)
    return [World.of(people(dice, dice.choice(SIZES))) for _ in range(SURVEYS)]


@pytest.mark.parametrize("sensitivity", [Sensitivity.NORMAL, Sensitivity.PERSONAL])
def test_almost_every_protected_count_could_as_well_be_another(sensitivity):
    dice = random.Random(1)
    cells, unsafe, small, unsafe_small, minded = 0, 0, 0, 0, 0
    for world in worlds(2):
        shown = world.published(sensitivity)
        minded += sum(
            each is not None and not each.counts for name in BREAKDOWNS for each in shown[name].values()
        )
        found = Attacker(shown, of_rounded).found()
        assert {cell: world.cells[cell] for cell in found} == found, (
            "the attacker finds nothing but the truth"
        )
        for cell in protected(world, sensitivity):
            safe = is_safe(dice, world, cell, sensitivity)
            assert not (safe and cell in found), "what could be another is not found"
            is_small = 0 < world.cells[cell] < 5
            cells, unsafe = cells + 1, unsafe + (not safe)
            small, unsafe_small = small + is_small, unsafe_small + (is_small and not safe)
            assert unsafe <= 20 + 0.02 * cells, "there is no need to look at all of them"
    assert cells > 3_000
    assert (minded >= 10) == (sensitivity is Sensitivity.PERSONAL)
    assert small > 1_000
    assert unsafe <= 0.02 * cells
    assert unsafe_small <= 0.02 * small


def test_the_same_attacker_finds_many_where_small_counts_are_only_starred():
    hidden, recovered = 0, 0
    for world in worlds(3):
        shown = {
            name: {group: starred(tally) for group, tally in world.tallies(name).items()}
            for name in BREAKDOWNS
        }
        whole = world.tally(WHOLE, 0)
        shown[WHOLE] = {None: whole.people, **whole.counts}
        found = Attacker(shown, of_exact).found()
        assert {cell: world.cells[cell] for cell in found} == found
        stars = [
            (name, group, option)
            for name in BREAKDOWNS
            for group in range(BREAKDOWNS[name])
            for option in OPTIONS
            if 0 < world.cells[name, group, option] < 5
        ]
        hidden, recovered = hidden + len(stars), recovered + len(found.keys() & set(stars))
    assert recovered > 0.2 * hidden


def starred(tally):
    return {None: tally.people} | {
        option: None if 0 < count < 5 else count for option, count in tally.counts.items()
    }
