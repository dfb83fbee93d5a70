"""Each rule of the policy by example, and what holds of every table."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.surveys.items import Sensitivity
from service.surveys.publication import (
    LEAST,
    Standing,
    Tally,
    Told,
    breakdown,
    differ_by_few,
    hidden,
    is_due,
    may_be_crossed,
    may_be_filtered,
    nearly_the_same,
    percent,
    rounded,
    standing,
    told,
)

SIZES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1)
COUNTS = st.dictionaries(st.sampled_from("xyzw"), st.integers(0, 200), min_size=1)


def tally(**counts):
    return Tally(sum(counts.values()), counts)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (998, 1000)])
def test_counts_are_told_to_the_nearest_five(count, shown):
    assert rounded(count) == shown


@pytest.mark.parametrize(
    ("count", "people", "shown"),
    [
        (5, 15, 35),
        (10, 15, 65),
        (5, 10, 50),
        (15, 10, 100),
        (5, 60, 8),
        (100, 300, 33),
        (5, 1000, 1),
        (25, 50, 50),
    ],
)
def test_percentages_are_whole_and_in_steps_of_five_in_a_small_group(count, people, shown):
    assert percent(count, people) == shown


def test_a_group_of_ten_is_told_and_one_of_nine_is_not():
    assert told(tally(x=4, y=5)) is None
    assert told(tally(x=4, y=6)) == Told(10, {"x": 5, "y": 5}, {"x": 50, "y": 50})


@given(COUNTS)
def test_percentages_tell_no_more_than_the_rounded_counts(counts):
    made = Tally(max(LEAST, sum(counts.values())), counts)
    shown = told(made)
    assert all(abs(shown.counts[option] - count) <= 2 for option, count in counts.items())
    again = {option: percent(count, shown.people) for option, count in shown.counts.items()}
    assert shown.percents == again
    assert all(0 <= each <= 100 for each in again.values())
    assert shown.people > 50 or all(each % 5 == 0 for each in again.values())


def test_of_a_like_minded_small_group_a_personal_answer_is_not_told_exactly():
    assert told(tally(x=18, y=2), Sensitivity.PERSONAL) == Told(20, {}, {}, like_minded="x")
    assert told(tally(x=20, y=0), Sensitivity.SPECIAL) == Told(20, {}, {}, like_minded="x")
    assert told(tally(x=49, y=0), Sensitivity.PERSONAL).like_minded == "x"
    assert told(tally(x=17, y=3), Sensitivity.PERSONAL).like_minded is None
    assert told(tally(x=60, y=0), Sensitivity.PERSONAL).like_minded is None
    assert told(tally(x=20, y=0)).like_minded is None


@given(SIZES)
def test_what_is_hidden_is_never_one_alone_and_stands_for_ten(sizes):
    untold = hidden(sizes)
    assert {group for group, size in sizes.items() if size < LEAST} <= untold
    if untold and untold < sizes.keys():
        assert len(untold) >= 2
        assert sum(sizes[group] for group in untold) >= LEAST


@given(SIZES)
def test_no_more_is_hidden_than_must_be(sizes):
    untold = hidden(sizes)
    extra = [group for group in untold if sizes[group] >= LEAST]
    if extra:
        largest = max(extra, key=lambda group: (sizes[group], group))
        rest = untold - {largest}
        assert sum(sizes[group] for group in rest) < LEAST


def test_one_hidden_group_takes_the_next_smallest_with_it():
    groups = {"a": tally(x=4), "b": tally(x=30), "c": tally(x=12), "none": tally(x=0)}
    assert [group for group, each in breakdown(groups).items() if each is None] == ["a", "c", "none"]
    assert hidden({"a": 10, "b": 10}) == set()


def test_a_special_kind_of_data_is_not_broken_down():
    assert breakdown({"a": tally(x=400), "b": tally(x=300)}, Sensitivity.SPECIAL) == {"a": None, "b": None}


def test_two_background_questions_are_crossed_where_every_group_has_thirty():
    assert may_be_crossed({"a": 30, "b": 31})
    assert not may_be_crossed({"a": 29, "b": 500})


def test_a_release_waits_for_ten_and_then_for_ten_more():
    assert [is_due(answers, None) for answers in (9, 10)] == [False, True]
    assert [is_due(answers, 20) for answers in (10, 11, 20, 29, 30)] == [True, False, False, False, True]
    assert not is_due(9, 20)


def test_a_group_that_few_have_joined_or_left_waits():
    released = {"all": 100, "a": 50, "b": 30}
    assert differ_by_few(released, {"all": 110, "a": 59, "b": 30, "new": 10}) == {"a"}
    assert differ_by_few(released, {"all": 99}) == {"all"}


def test_two_groups_that_differ_by_few_are_found_whatever_they_are_called():
    everybody = set(range(100))
    groups = {
        "all": everybody,
        "not Swedish": everybody - {1, 2, 3},
        "half": set(range(50)),
        "again": set(range(100)),
    }
    assert nearly_the_same(groups) == [("all", "not Swedish"), ("not Swedish", "again")]
    moved = {"by school": set(range(50)), "by postcode": set(range(1, 51))}
    assert nearly_the_same(moved) == [("by school", "by postcode")]


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_filter_leaves_ten_on_both_sides(people, rest):
    assert may_be_filtered(people, people + rest) == (people >= 10 and (rest == 0 or rest >= 10))


@pytest.mark.parametrize(
    ("people", "figure", "expected"),
    [(4, 5, None), (5, 5, Standing.ABOVE), (9, 1, Standing.BELOW), (7, 3, Standing.LEVEL), (10, 5, None)],
)
def test_a_unit_of_five_to_nine_learns_only_where_it_stands(people, figure, expected):
    assert standing(people, figure, 3) == expected


def test_units_are_guarded_together_with_what_they_belong_to():
    dice = random.Random(7)
    for _ in range(500):
        units = {str(place): dice.randint(0, 40) for place in range(dice.randint(2, 8))}
        shown = sum(size for unit, size in units.items() if unit not in hidden(units))
        rest = sum(units.values()) - shown
        assert shown == 0 or rest == 0 or rest >= LEAST
