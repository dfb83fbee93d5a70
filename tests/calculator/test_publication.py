"""What a reader of the published numbers can find out by subtracting: nothing about fewer than ten."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.calculator.publication import LEAST, is_due, merged, shown

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=2)


@given(COUNTS)
def test_a_shown_number_is_true_and_stands_for_ten(counts):
    for key, count in shown(counts).items():
        assert count is None or (count == counts[key] and count >= LEAST)


@given(COUNTS)
def test_what_is_hidden_is_never_one_alone_and_stands_for_ten_where_there_are_as_many(counts):
    hidden = [key for key, count in shown(counts).items() if count is None]
    if hidden:
        assert len(hidden) >= 2
        assert sum(counts[key] for key in hidden) >= LEAST or len(hidden) == len(counts)


@given(st.lists(st.integers(LEAST, 60), min_size=2, max_size=8))
def test_nothing_is_hidden_where_all_are_many(counts):
    named = {str(place): count for place, count in enumerate(counts)}
    assert shown(named) == named


def test_one_small_number_takes_the_smallest_shown_one_with_it():
    assert shown({"a": 3, "b": 40, "c": 12, "d": 30}) == {"a": None, "b": 40, "c": None, "d": 30}


def test_two_that_together_are_too_few_take_a_third_with_them():
    assert shown({"a": 3, "b": 0, "c": 12, "d": 30}) == {"a": None, "b": None, "c": None, "d": 30}


@given(st.dictionaries(st.integers(-9, 9), st.integers(0, 30)))
def test_stretches_stand_for_ten_each_and_leave_nobody_out(bins):
    total = sum(bins.values())
    found = merged(bins)
    assert bool(found) == (total >= LEAST)
    if found:
        assert sum(count for _, _, count in found) == total
        assert all(count >= LEAST for _, _, count in found)
        assert (found[0][0], found[-1][1]) == (None, None)
        assert all(end == start for (_, end, _), (start, _, _) in pairwise(found))
        for start, end, count in found:
            inside = (start is None or start <= bin_ for bin_ in bins)
            assert count == sum(
                number
                for (bin_, number), fits in zip(bins.items(), inside, strict=True)
                if fits and (end is None or bin_ < end)
            )


def test_a_release_waits_for_ten_and_then_for_ten_more_and_a_day():
    soon, later = timedelta(hours=1), timedelta(days=1)
    assert not is_due(9, None, since=later, closed=True)
    assert is_due(10, None, since=soon, closed=False)
    assert not is_due(19, 10, since=later, closed=False)
    assert is_due(20, 10, since=later, closed=False)
    assert not is_due(20, 10, since=soon, closed=False)
    assert is_due(20, 10, since=soon, closed=True)


def test_nothing_is_counted_anew_for_a_few_late_ones_or_because_some_were_taken_back():
    for plans in (13, 10, 9, 0):
        assert not is_due(plans, 10, since=timedelta(days=99), closed=True)
