"""The greedy rule, its tie chain and its reasons, one sentence at a time."""

from collections import Counter
from hashlib import sha256

from service.tally.ballots import Election, Project, VoteType, approving, giving
from service.tally.greedy import count
from service.tally.outcome import Verdict
from service.tally.ties import Step, Tie


def approval(budget, costs, votes):
    """Each project gets its votes from voters who approve of nothing else."""
    ballots = {approving([project]): number for project, number in votes.items()}
    return Election(tuple(Project(*pair) for pair in costs.items()), budget, VoteType.APPROVAL, ballots)


def points(budget, costs, ballots):
    projects = tuple(Project(*pair) for pair in costs.items())
    return Election(projects, budget, VoteType.CUMULATIVE, Counter(map(giving, ballots)))


def test_the_most_voted_comes_first_and_what_does_not_fit_is_skipped():
    outcome = count(approval(100, {"a": 60, "b": 50, "c": 40}, {"a": 3, "b": 2, "c": 1}))
    assert outcome.winners == ("a", "c")
    assert outcome.spent == 100
    assert outcome.reasons["b"].verdict is Verdict.DID_NOT_FIT


def test_a_project_without_a_vote_never_wins_however_much_money_is_left():
    outcome = count(approval(100, {"a": 1, "b": 1}, {"a": 1}))
    assert outcome.winners == ("a",)
    assert outcome.reasons["b"].verdict is Verdict.NO_VOTES
    assert outcome.reasons["b"].short_by == 1
    assert outcome.reasons["b"].money_left is None


def test_zero_points_are_no_vote():
    outcome = count(points(100, {"a": 1, "b": 1}, [[("a", 3), ("b", 0)]]))
    assert outcome.winners == ("a",)
    assert outcome.reasons["b"].verdict is Verdict.NO_VOTES
    assert outcome.reasons["b"].votes == 1


def test_nobody_voting_elects_nobody():
    outcome = count(approval(100, {"a": 1}, {}))
    assert outcome.winners == ()
    assert outcome.spent == 0
    assert outcome.ties == ()


def test_equal_scores_are_parted_first_by_lower_cost():
    outcome = count(approval(60, {"a": 60, "b": 50}, {"a": 2, "b": 2}), seed="s")
    assert outcome.winners == ("b",)
    assert outcome.ties == (Tie(("b", "a"), 2, Step.COST, decisive=True),)


def test_equal_costs_are_parted_by_more_voters_where_score_is_not_their_number():
    ballots = [[("a", 4)], [("b", 2)], [("b", 2)]]
    outcome = count(points(50, {"a": 50, "b": 50}, ballots), seed="s")
    assert outcome.winners == ("b",)
    assert outcome.ties == (Tie(("b", "a"), 4, Step.VOTES, decisive=True),)


def test_what_is_equal_in_all_is_parted_by_the_published_lot():
    costs, votes = {"a": 50, "b": 50, "c": 50}, {"a": 2, "b": 2, "c": 2}
    drawn = sorted(costs, key=lambda project: sha256(f"Koivuranta 2027|{project}".encode()).hexdigest())
    assert drawn != sorted(costs)
    outcome = count(approval(100, costs, votes), seed="Koivuranta 2027")
    assert outcome.winners == tuple(drawn[:2])
    assert outcome.ties == (Tie(tuple(drawn), 2, Step.LOT, decisive=True),)


def test_without_a_seed_the_project_id_parts_them_and_the_tie_is_listed():
    outcome = count(approval(50, {"10": 50, "9": 50}, {"10": 2, "9": 2}))
    assert outcome.winners == ("10",)
    assert outcome.ties == (Tie(("10", "9"), 2, Step.ID, decisive=True),)


def test_a_tie_that_one_step_parts_only_in_part_is_listed_again_with_the_next():
    outcome = count(approval(30, {"a": 20, "b": 20, "c": 10}, {"a": 1, "b": 1, "c": 1}))
    assert outcome.winners == ("c", "a")
    assert outcome.ties == (
        Tie(("c", "a", "b"), 1, Step.COST, decisive=True),
        Tie(("a", "b"), 1, Step.ID, decisive=True),
    )


def test_a_tie_where_all_fit_or_none_does_is_listed_but_decided_nothing():
    outcome = count(approval(30, {"a": 10, "b": 10, "c": 40, "d": 40}, {"a": 2, "b": 2, "c": 1, "d": 1}))
    assert outcome.winners == ("a", "b")
    assert [(tie.projects, tie.decisive) for tie in outcome.ties] == [
        (("a", "b"), False),
        (("c", "d"), False),
    ]


def test_projects_without_votes_are_in_no_tie():
    assert count(approval(10, {"a": 10, "b": 10}, {})).ties == ()


def test_a_loser_is_told_votes_cost_money_left_and_what_would_have_been_enough():
    outcome = count(approval(100, {"a": 60, "b": 50, "c": 30}, {"a": 5, "b": 3, "c": 1}))
    reason = outcome.reasons["b"]
    assert (reason.votes, reason.cost, reason.money_left) == (3, 50, 40)
    assert reason.short_by == 2  # with 5 votes it comes before the dearer a
    assert reason.fits_at == 40
    assert reason.displaced_by == "a"


def test_an_equal_number_of_votes_is_not_enough_where_the_tie_would_be_lost():
    outcome = count(approval(60, {"a": 50, "b": 55}, {"a": 5, "b": 3}))
    assert outcome.reasons["b"].short_by == 3


def test_a_lower_cost_that_also_wins_the_tie_counts_as_fitting():
    outcome = count(approval(60, {"a": 50, "b": 55}, {"a": 5, "b": 5}))
    assert outcome.winners == ("a",)
    assert outcome.reasons["b"].fits_at == 49
    assert count(approval(60, {"b": 50, "c": 55}, {"b": 5, "c": 5})).reasons["c"].fits_at == 49
    assert count(approval(60, {"b": 50, "a": 55}, {"b": 5, "a": 5})).reasons["a"].fits_at == 50  # by its id


def test_no_number_of_votes_helps_a_project_dearer_than_the_whole_budget():
    reason = count(approval(100, {"a": 101}, {"a": 9})).reasons["a"]
    assert reason.verdict is Verdict.DID_NOT_FIT
    assert reason.short_by is None
    assert reason.displaced_by is None
    assert reason.fits_at == 100


def test_no_cost_helps_where_the_money_is_gone():
    assert count(approval(100, {"a": 100, "b": 5}, {"a": 2, "b": 1})).reasons["b"].fits_at is None


def test_a_winner_is_told_the_money_that_was_there_when_its_turn_came():
    reasons = count(approval(100, {"a": 60, "b": 40}, {"a": 2, "b": 1})).reasons
    assert (reasons["a"].verdict, reasons["a"].money_left) == (Verdict.WON, 100)
    assert (reasons["b"].verdict, reasons["b"].money_left) == (Verdict.WON, 40)
    assert reasons["a"].short_by is reasons["a"].fits_at is reasons["a"].displaced_by is None


def test_what_is_enough_is_told_in_whole_points_where_points_are_the_score():
    outcome = count(points(50, {"a": 50, "b": 50}, [[("a", 4)], [("b", 1)], [("b", 1)]]))
    assert outcome.reasons["b"].short_by == 2  # 4 points from more voters win the tie
    assert count(points(50, {"a": 50, "b": 50}, [[("a", 4)], [("b", 1)]])).reasons["b"].short_by == 4
