"""What must hold in every election, against a slow reference that shares nothing with the rule but its wording."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from itertools import combinations, permutations
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from service.tally.ballots import Election, Project, VoteType, approving, giving, ranking
from service.tally.greedy import count
from service.tally.outcome import Verdict
from service.tally.pabulib import Document, read, write

IDS = ["10", "9", "a", "b", "c", "d", "Ä;1"]
HALVES = [Fraction(number, 2) for number in range(9)]


class Raw(NamedTuple):
    """An election as people see it: money in euros, one list of (project, points) for each voter."""

    vote_type: VoteType
    costs: dict[str, Fraction]
    budget: Fraction
    voters: list[list[tuple[str, Fraction]]]

    def election(self):
        projects = tuple(Project(project, int(cost * 100)) for project, cost in self.costs.items())
        if self.vote_type.has_points:
            ballots = Counter(giving(voter) for voter in self.voters)
        else:
            ballot = ranking if self.vote_type is VoteType.ORDINAL else approving
            ballots = Counter(ballot(project for project, _ in voter) for voter in self.voters)
        return Election(projects, int(self.budget * 100), self.vote_type, ballots)


any_type = st.sampled_from(VoteType)
voter_counted = st.sampled_from([VoteType.APPROVAL, VoteType.CHOOSE_ONE])
points_counted = st.sampled_from([VoteType.CUMULATIVE, VoteType.SCORING, VoteType.ORDINAL])
seeds = st.one_of(st.none(), st.text(max_size=5))


@st.composite
def raw_elections(draw, vote_types=any_type):
    vote_type = draw(vote_types)
    ids = draw(st.permutations(IDS).flatmap(lambda ids: st.integers(1, len(ids)).map(lambda n: ids[:n])))
    # Few different costs, so that ties are common.
    cost = st.one_of(st.integers(1, 4), st.integers(1, 300).map(lambda cents: Fraction(cents, 100)))
    costs = {project: Fraction(draw(cost)) for project in ids}
    budget = Fraction(draw(st.integers(0, 1000)), 100)
    most = 1 if vote_type is VoteType.CHOOSE_ONE else len(ids) + 1
    voter = st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(HALVES)), max_size=most)
    return Raw(vote_type, costs, budget, draw(st.lists(voter, max_size=8)))


def slow_standings(raw):
    """(voters, score) of each project, ballot by ballot."""
    standing = {project: (0, Fraction(0)) for project in raw.costs}
    for voter in raw.voters:
        seen = []
        for project, points in voter:
            if project in seen:
                continue
            if raw.vote_type == "ordinal":
                points = Fraction(len(raw.costs) - len(seen))  # noqa: PLW2901 - the place says what it is worth
            elif raw.vote_type in {"approval", "choose-1"}:
                points = Fraction(1)  # noqa: PLW2901 - as above
            seen.append(project)
            votes, score = standing[project]
            standing[project] = (votes + 1, score + points)
    return standing


def comes_before(one, other, costs, standing, seed):
    (votes, score), (other_votes, other_score) = standing[one], standing[other]
    if score != other_score:
        return score > other_score
    if costs[one] != costs[other]:
        return costs[one] < costs[other]
    if votes != other_votes:
        return votes > other_votes
    if seed is None:
        return one < other
    return sha256(f"{seed}|{one}".encode()).digest() < sha256(f"{seed}|{other}".encode()).digest()


def slow_order(costs, standing, seed):
    order = []
    for project in costs:
        behind = [other for other in order if not comes_before(project, other, costs, standing, seed)]
        order.insert(len(behind), project)
    return order


def slow_winners(order, costs, budget, standing):
    winners = []
    for project in order:
        fits = sum(costs[winner] for winner in winners) + costs[project] <= budget
        if fits and standing[project][1] > 0:
            winners.append(project)
    return winners


def slow_greedy(costs, budget, standing, seed):
    return slow_winners(slow_order(costs, standing, seed), costs, budget, standing)


@given(raw_elections(), seeds)
def test_the_count_agrees_with_the_slow_reference(raw, seed):
    outcome = count(raw.election(), seed)
    assert list(outcome.winners) == slow_greedy(raw.costs, raw.budget, slow_standings(raw), seed)


@given(raw_elections(), seeds)
def test_no_more_is_spent_than_there_is_and_nobody_wins_without_votes(raw, seed):
    outcome = count(raw.election(), seed)
    assert outcome.spent == sum(raw.costs[winner] * 100 for winner in outcome.winners) <= raw.budget * 100
    assert all(outcome.reasons[winner].score > 0 for winner in outcome.winners)
    assert list(outcome.reasons) == list(raw.costs)


@given(raw_elections(), seeds, st.randoms(use_true_random=False))
def test_neither_the_order_of_voters_nor_of_projects_changes_the_outcome(raw, seed, random):
    before = count(raw.election(), seed)
    costs, voters = list(raw.costs.items()), list(raw.voters)
    random.shuffle(costs)
    random.shuffle(voters)
    after = count(raw._replace(costs=dict(costs), voters=voters).election(), seed)
    assert after.winners == before.winners
    assert after.ties == before.ties
    assert after.reasons == before.reasons


@given(raw_elections(), seeds, st.integers(2, 5))
def test_every_voter_voting_several_times_over_changes_no_winner(raw, seed, times):
    once = count(raw.election(), seed)
    again = count(raw._replace(voters=raw.voters * times).election(), seed)
    assert again.winners == once.winners
    assert [tie.projects for tie in again.ties] == [tie.projects for tie in once.ties]


@given(raw_elections(), seeds, st.integers(2, 10**12))
def test_money_in_another_currency_changes_no_winner(raw, seed, rate):
    costs = {project: cost * rate for project, cost in raw.costs.items()}
    dearer = count(raw._replace(costs=costs, budget=raw.budget * rate).election(), seed)
    assert dearer.winners == count(raw.election(), seed).winners


@given(raw_elections(), seeds)
def test_what_was_skipped_did_not_fit_when_its_turn_came(raw, seed):
    outcome = count(raw.election(), seed)
    standing, money = slow_standings(raw), raw.budget * 100
    for project in slow_order(raw.costs, standing, seed):
        reason = outcome.reasons[project]
        if standing[project][1] == 0:
            assert (reason.verdict, reason.money_left) == (Verdict.NO_VOTES, None)
            continue
        assert reason.money_left == money
        assert reason.verdict is (Verdict.WON if reason.cost <= money else Verdict.DID_NOT_FIT)
        money -= reason.cost if reason.verdict is Verdict.WON else 0


@given(raw_elections(voter_counted), seeds)
def test_the_further_votes_named_make_a_loser_win_and_one_fewer_does_not(raw, seed):
    for project, reason in count(raw.election(), seed).reasons.items():
        if reason.verdict is Verdict.WON:
            continue
        if reason.short_by is None:
            assert raw.costs[project] > raw.budget
            continue
        for more, enough in ((reason.short_by, True), (reason.short_by - 1, False)):
            voters = raw.voters + [[(project, Fraction(1))]] * more
            assert (project in count(raw._replace(voters=voters).election(), seed).winners) is enough


@given(raw_elections(points_counted), seeds)
def test_the_further_points_named_make_a_loser_win_and_one_fewer_does_not(raw, seed):
    standing = slow_standings(raw)
    for project, reason in count(raw.election(), seed).reasons.items():
        if reason.short_by is None:
            assert reason.verdict is Verdict.WON or raw.costs[project] > raw.budget
            continue
        votes, score = standing[project]
        for more, enough in ((reason.short_by, True), (reason.short_by - 1, False)):
            raised = {**standing, project: (max(votes, 1), score + more)}
            assert (project in slow_greedy(raw.costs, raw.budget, raised, seed)) is enough


@given(raw_elections(), seeds)
def test_the_cost_named_makes_a_loser_win_and_a_cent_more_does_not(raw, seed):
    for project, reason in count(raw.election(), seed).reasons.items():
        if reason.verdict is Verdict.WON:
            continue
        fits_at = reason.fits_at or 0
        for cents, enough in ((fits_at, True), (fits_at + 1, False)):
            costs = {**raw.costs, project: Fraction(cents, 100)}
            if cents:
                assert (project in count(raw._replace(costs=costs).election(), seed).winners) is enough


@given(raw_elections(), seeds)
def test_the_displacing_winner_is_the_first_without_which_money_would_have_been_left(raw, seed):
    outcome = count(raw.election(), seed)
    for reason in outcome.reasons.values():
        money, displacing = raw.budget * 100, None
        for winner in outcome.winners:
            after = money - raw.costs[winner] * 100
            if displacing is None and after < reason.cost <= money:
                displacing = winner
            money = after
        assert reason.displaced_by == (None if reason.verdict is Verdict.WON else displacing)


@given(raw_elections(), seeds)
@settings(max_examples=60)
def test_a_tie_is_decisive_exactly_where_another_order_gives_other_winners(raw, seed):
    standing = slow_standings(raw)
    order = slow_order(raw.costs, standing, seed)
    for tie in count(raw.election(), seed).ties:
        start, end = order.index(tie.projects[0]), order.index(tie.projects[-1]) + 1
        assert tuple(order[start:end]) == tie.projects
        winners = set()
        for other in permutations(tie.projects):
            forced = [*order[:start], *other, *order[end:]]
            winners.add(frozenset(slow_winners(forced, raw.costs, raw.budget, standing)))
        assert tie.decisive is (len(winners) > 1)


@given(raw_elections(), seeds)
def test_every_pair_with_equal_scores_above_zero_is_in_a_listed_tie(raw, seed):
    outcome = count(raw.election(), seed)
    listed = [set(tie.projects) for tie in outcome.ties]
    scores = {project: score for project, (_, score) in slow_standings(raw).items() if score > 0}
    for one, other in combinations(scores, 2):
        assert (scores[one] == scores[other]) is any({one, other} <= tied for tied in listed)


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(str.strip)


@given(raw_elections(), st.dictionaries(text, text), st.lists(text, min_size=7, max_size=7))
def test_what_is_written_reads_back_equal(raw, meta, names):
    held = {"num_projects", "num_votes", "budget", "vote_type", "max_length", "key", "default_score"}
    held |= {"min_length", "max_sum_cost", "max_points", "max_sum_points"}
    meta = {key: value for key, value in meta.items() if key not in held and value not in {"", "None"}}
    details = {
        project: {"name": name}
        for project, name in zip(raw.costs, names, strict=False)
        if name and name != "None"
    }
    document = Document(raw.election(), meta, details)
    again = read(write(document))
    assert again == document
    assert list(again.election.projects) == list(document.election.projects)
    assert write(again) == write(document)


@given(raw_elections(), st.integers(0, 6))
def test_finer_money_than_cents_is_written_and_read_exactly(raw, finer):
    election = raw.election()
    projects = tuple(Project(project.id, project.cost * 10**finer + 1) for project in election.projects)
    fine = replace(election, projects=projects, budget=election.budget * 10**finer, decimals=2 + finer)
    assert read(write(Document(fine))).election == fine
