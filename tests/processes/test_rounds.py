"""What the front page begins with: where one can act and which closes first, else a count, else what comes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.processes import rounds
from service.processes.models import Activity, Process
from service.processes.rounds import News, Round
from tests.processes.test_timetable import INSTANT, at, phase, some_moment, some_phases


def round_of(moment, *phases) -> Round:
    return Round(Process(slug="x"), phases, moment)


VOTE = phase(0, 10, Activity.VOTE)


def test_the_one_that_closes_first_leads():
    sooner, later = round_of(at(1), VOTE), round_of(at(1), phase(0, 20, Activity.PROPOSE))
    assert rounds.lead([later, sooner]) == rounds.Lead(News.OPEN, sooner)


def test_commenting_leads_only_alone():
    comment = round_of(at(1), phase(0, 3, Activity.COMMENT))
    propose = round_of(at(1), phase(0, 20, Activity.PROPOSE))
    assert rounds.lead([comment, propose]).round is propose
    assert rounds.lead([comment]).round is comment


@pytest.mark.parametrize(
    ("moment", "counting"),
    [
        (at(10) - INSTANT, False),
        (at(10), True),
        (at(40) - INSTANT, True),
        (at(40), False),
    ],
)
def test_a_vote_without_a_planned_count_is_counted_for_a_month(moment, counting):
    assert round_of(moment, VOTE).is_counting is counting
    assert round_of(moment, VOTE).results_by is None


def test_a_planned_count_says_when_the_results_come_and_ends_then():
    count = phase(11, 15, Activity.COUNT)
    assert round_of(at(10.5), VOTE, count).is_counting
    assert round_of(at(14), VOTE, count).results_by == at(15)
    assert not round_of(at(15), VOTE, count).is_counting


def test_votes_are_no_longer_counted_when_the_work_has_begun():
    assert not round_of(at(20), VOTE, phase(18, 90, Activity.IMPLEMENT)).is_counting
    assert round_of(at(17), VOTE, phase(18, 90, Activity.IMPLEMENT)).is_counting


def test_after_a_count_what_opens_next_leads_and_then_nothing():
    coming, later = (
        round_of(at(0), phase(5, 6, Activity.VOTE)),
        round_of(at(0), phase(3, 9, Activity.EVALUATE)),
    )
    assert rounds.lead([coming, later]) == rounds.Lead(News.NEXT, later)
    assert rounds.lead([round_of(at(99), phase(0, 5, Activity.PROPOSE))]) == rounds.Lead(News.NOTHING, None)
    assert rounds.lead([]) == rounds.Lead(News.NOTHING, None)


@given(st.lists(some_phases, max_size=4), some_moment)
def test_the_lead_never_hides_something_open_to_residents(every, moment):
    known = [round_of(moment, *phases) for phases in every]
    lead = rounds.lead(known)
    acting = [each for each in known if each.is_for_residents]
    assert (lead.news is News.OPEN) == bool(acting)
    if acting and lead.round.subject is not Activity.COMMENT:
        main = [each for each in acting if each.subject is not Activity.COMMENT]
        assert rounds.closing(lead.round) == min(map(rounds.closing, main))


@given(some_phases, some_moment, st.integers(1, 60))
def test_days_left_shrink_by_one_each_helsinki_day(phases, moment, days):
    now = round_of(moment, *phases)
    if now.standing.phase and now.standing.phase.is_open(moment + timedelta(days=days)):
        later = Round(now.process, [now.standing.phase], moment + timedelta(days=days))
        assert abs(now.days_left - later.days_left - days) <= 1  # a day of 23 or 25 hours may lie between
