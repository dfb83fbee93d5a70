"""How ballots become scores, one sentence of the rule at a time."""

from fractions import Fraction

import pytest

from service.tally.ballots import Ballot, Election, Project, VoteType, approving, giving, ranking
from service.tally.scores import Standing, standings

PROJECTS = (Project("a", 1), Project("b", 1), Project("c", 1))


def election(vote_type, ballots, max_length=None):
    return Election(PROJECTS, 10, vote_type, ballots, max_length)


@pytest.mark.parametrize("vote_type", [VoteType.APPROVAL, VoteType.CHOOSE_ONE])
def test_the_score_is_the_number_of_voters(vote_type):
    counted = standings(election(vote_type, {approving("a"): 3, approving("b"): 2}))
    assert counted == {"a": Standing(3, 3), "b": Standing(2, 2), "c": Standing(0, 0)}


@pytest.mark.parametrize("vote_type", [VoteType.CUMULATIVE, VoteType.SCORING])
def test_the_score_is_the_sum_of_points_exactly(vote_type):
    ballots = {giving([("a", Fraction(1, 10)), ("b", 2)]): 3}
    assert standings(election(vote_type, ballots))["a"] == Standing(3, Fraction(3, 10))
    assert standings(election(vote_type, ballots))["b"] == Standing(3, 6)


def test_the_first_place_is_worth_max_length_and_each_next_one_less():
    counted = standings(election(VoteType.ORDINAL, {ranking("ba"): 2}, max_length=3))
    assert counted == {"a": Standing(2, 4), "b": Standing(2, 6), "c": Standing(0, 0)}


def test_without_max_length_the_first_place_is_worth_the_number_of_projects():
    assert standings(election(VoteType.ORDINAL, {ranking("c"): 1}))["c"] == Standing(1, 3)


def test_a_project_named_twice_in_a_ballot_counts_once():
    assert approving("aba") == approving("ab") == approving("ba")
    assert ranking("aba") == Ballot(("a", "b"))
    assert giving([("a", 5), ("b", 1), ("a", 3)]) == Ballot(("a", "b"), (5, 1))


def test_a_ballot_for_a_project_of_another_election_is_an_error():
    with pytest.raises(KeyError):
        standings(election(VoteType.APPROVAL, {approving("ax"): 1}))


@pytest.mark.parametrize(
    ("projects", "budget", "ballots", "vote_type"),
    [
        ((Project("a", 1), Project("a", 2)), 10, {}, VoteType.APPROVAL),
        ((Project("a", -1),), 10, {}, VoteType.APPROVAL),
        ((Project("a", 1),), -1, {}, VoteType.APPROVAL),
        (PROJECTS, 10, {approving("ab"): 1}, VoteType.CHOOSE_ONE),
    ],
)
def test_an_election_that_cannot_be_is_refused(projects, budget, ballots, vote_type):
    with pytest.raises(ValueError, match=r"share|negative|names more"):
        Election(projects, budget, vote_type, ballots)
