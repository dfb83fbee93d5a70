"""Phases in time: at their boundary moments, in gaps, where they overlap."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.processes import rules, timetable
from service.processes.models import Activity, Phase
from service.processes.timetable import Section, Stage

START = datetime(2027, 3, 1, 7, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def phase(opens: float, closes: float, *activities: Activity) -> Phase:
    """Moments in days from START."""
    return Phase(
        process_id=uuid4(),
        name={"fi": "Vaihe"},
        activities=[activity.value for activity in activities],
        opens_at=START + timedelta(days=opens),
        closes_at=START + timedelta(days=closes),
    )


def at(days: float) -> datetime:
    return START + timedelta(days=days)


ROUND = [
    phase(0, 10, Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT),
    phase(10, 20, Activity.EVALUATE, Activity.COMMENT),
    phase(25, 30, Activity.VOTE),
    phase(30, 32, Activity.COUNT),
    phase(40, 90, Activity.IMPLEMENT),
]
some_phases = st.lists(
    st.tuples(
        st.integers(0, 60), st.integers(1, 30), st.frozensets(st.sampled_from(Activity), max_size=3)
    ).map(lambda made: phase(made[0], made[0] + made[1], *made[2])),
    max_size=6,
)
some_moment = st.floats(-5, 100, allow_nan=False).map(at)


@pytest.mark.parametrize(
    ("moment", "open_now"),
    [
        (at(25) - INSTANT, False),
        (at(25), True),
        (at(30) - INSTANT, True),
        (at(30), False),
    ],
)
def test_a_phase_is_open_from_its_opening_and_no_longer_at_its_closing(moment, open_now):
    assert rules.allows(ROUND, Activity.VOTE, at=moment) is open_now
    assert (rules.closing_of(ROUND, Activity.VOTE, at=moment) == at(30)) is open_now


def test_one_phase_follows_another_without_a_moment_of_both_or_neither():
    assert rules.allows(ROUND, Activity.PROPOSE, at=at(10) - INSTANT)
    assert not rules.allows(ROUND, Activity.EVALUATE, at=at(10) - INSTANT)
    assert rules.allows(ROUND, Activity.EVALUATE, at=at(10))
    assert not rules.allows(ROUND, Activity.PROPOSE, at=at(10))


@pytest.mark.parametrize(
    ("moment", "stage", "current", "following"),
    [
        (at(-1), Stage.UPCOMING, None, ROUND[0]),
        (at(0), Stage.OPEN, ROUND[0], ROUND[1]),
        (at(10), Stage.OPEN, ROUND[1], ROUND[2]),
        (at(20), Stage.BETWEEN, None, ROUND[2]),
        (at(25), Stage.OPEN, ROUND[2], ROUND[3]),
        (at(32), Stage.BETWEEN, None, ROUND[4]),
        (at(89), Stage.OPEN, ROUND[4], None),
        (at(90), Stage.CLOSED, None, None),
    ],
)
def test_where_a_round_stands(moment, stage, current, following):
    standing = timetable.standing(ROUND, at=moment)
    assert (standing.stage, standing.phase, standing.following) == (stage, current, following)


def test_a_process_without_phases_is_still_to_come():
    assert timetable.standing([], at=START).stage is Stage.UPCOMING


def test_of_two_open_phases_the_one_that_asks_most_of_residents_is_told():
    vote, implement = phase(0, 10, Activity.VOTE), phase(-5, 5, Activity.IMPLEMENT, Activity.COMMENT)
    assert timetable.standing([implement, vote], at=at(1)).phase is vote


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (at(-1), []),
        (at(0), [Section.PROPOSALS]),
        (at(20), [Section.PROPOSALS]),
        (at(25), [Section.BALLOT, Section.PROPOSALS]),
        (at(30), [Section.RESULTS, Section.PROPOSALS]),
        (at(35), [Section.PROPOSALS, Section.RESULTS]),
        (at(40), [Section.IMPLEMENTATION, Section.PROPOSALS, Section.RESULTS]),
    ],
)
def test_a_process_links_only_to_what_exists_now_and_first_to_what_is_open(moment, there):
    assert timetable.sections(ROUND, at=moment) == there


def test_gaps_are_where_nothing_is_open():
    assert [(gap.opens_at, gap.closes_at) for gap in timetable.gaps(ROUND)] == [
        (at(20), at(25)),
        (at(32), at(40)),
    ]


def test_overlaps_name_both_phases_and_the_days_they_share():
    first, second = phase(0, 10, Activity.PROPOSE), phase(7, 20, Activity.EVALUATE)
    (overlap,) = timetable.overlaps([second, first])
    assert (overlap.first, overlap.second) == (first, second)
    assert (overlap.stretch.opens_at, overlap.stretch.closes_at) == (at(7), at(10))


def test_a_phase_inside_a_longer_one_makes_no_gap_after_it():
    assert timetable.gaps([phase(0, 30), phase(5, 10), phase(30, 40)]) == []


def test_a_drawn_bar_stands_where_its_days_are():
    whole = timetable.span(ROUND)
    assert whole is not None
    assert timetable.bar(ROUND[0], whole) == timetable.Bar(0, 11.11)
    assert timetable.bar(ROUND[-1], whole) == timetable.Bar(44.44, 55.56)


def test_ticks_are_first_days_of_helsinki_months():
    whole = timetable.Stretch(datetime(2027, 1, 15, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC))
    days = [tick.day for tick in timetable.ticks(whole)]
    assert [day.month for day in days] == [2, 5, 8, 11]
    assert {day.day for day in days} == {1}


def test_a_span_within_a_month_has_no_ticks():
    assert timetable.ticks(timetable.Stretch(at(2), at(5))) == []


@pytest.mark.parametrize(
    ("closes", "left"),
    [
        (datetime(2027, 3, 14, 18, tzinfo=UTC), 0),  # 20.00 in Helsinki, today
        (datetime(2027, 3, 14, 22, tzinfo=UTC), 0),  # midnight belongs to the day that ends
        (datetime(2027, 3, 14, 22, 1, tzinfo=UTC), 1),
        (datetime(2027, 3, 28, 20, tzinfo=UTC), 14),  # over the change to summer time
    ],
)
def test_days_left_are_helsinkis_days(closes, left):
    assert timetable.days_left(closes, at=datetime(2027, 3, 14, 5, tzinfo=UTC)) == left


@given(some_phases, some_moment)
def test_something_is_open_exactly_outside_the_gaps(phases, moment):
    whole = timetable.span(phases)
    inside = whole is not None and whole.opens_at <= moment < whole.closes_at
    in_gap = any(gap.opens_at <= moment < gap.closes_at for gap in timetable.gaps(phases))
    assert any(each.is_open(moment) for each in phases) == (inside and not in_gap)


@given(some_phases, some_moment)
def test_two_phases_are_open_exactly_in_their_overlap(phases, moment):
    both = {
        frozenset((one.id, other.id))
        for one in phases
        for other in phases
        if one is not other and one.is_open(moment) and other.is_open(moment)
    }
    shown = {
        frozenset((overlap.first.id, overlap.second.id))
        for overlap in timetable.overlaps(phases)
        if overlap.stretch.opens_at <= moment < overlap.stretch.closes_at
    }
    assert shown == both


@given(some_phases, some_moment)
def test_where_a_process_stands_agrees_with_its_phases(phases, moment):
    standing = timetable.standing(phases, at=moment)
    assert (standing.stage is Stage.OPEN) == any(each.is_open(moment) for each in phases)
    assert (standing.phase is not None) == (standing.stage is Stage.OPEN)
    later = [each.opens_at for each in phases if each.opens_at > moment]
    assert (standing.following.opens_at if standing.following else None) == min(later, default=None)
    if standing.stage is Stage.CLOSED:
        assert all(each.closes_at <= moment for each in phases)


@given(some_phases)
def test_every_bar_stays_within_the_drawing(phases):
    whole = timetable.span(phases)
    for each in [*phases, *timetable.gaps(phases)]:
        bar = timetable.bar(each, whole)
        assert 0 <= bar.start <= bar.start + bar.width <= 100.01
        assert bar.width > 0


@given(
    st.integers(0, 900).map(at),
    st.timedeltas(timedelta(hours=1), timedelta(days=1500)),
)
def test_ticks_are_few_and_in_order(opens, length):
    ticks = timetable.ticks(timetable.Stretch(opens, opens + length))
    assert len(ticks) <= 4
    assert all(one.start < other.start for one, other in pairwise(ticks))
    assert all(0 <= tick.start <= 100 for tick in ticks)
