"""Greedy: the project with the highest score first, skipping what does not fit into the money that is left.

A project without a vote never wins. What a loser would have needed is found by asking where a changed project would
have come in the same count: a project that loses leaves the money of all others as it is, so the count without it
stands, and asking again is exact.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from math import floor

from service.tally.ballots import Election, Project
from service.tally.outcome import Outcome, Reason, Verdict
from service.tally.scores import Standing, standings
from service.tally.ties import Place, Turn, ties

RULE = "greedy"


def count(election: Election, seed: str | None = None) -> Outcome:
    """Pure: the same election and seed always give the same outcome."""
    standing = standings(election)
    turns = _turns(election, standing, seed)
    winners = [turn for turn in turns if turn.fits]
    return Outcome(
        rule=RULE,
        election=election,
        seed=seed,
        spent=sum(turn.place.cost for turn in winners),
        winners=tuple(turn.project for turn in winners),
        ties=tuple(ties(turns, seed)),
        reasons=_reasons(election, standing, turns, seed),
    )


def _turns(election: Election, standing: Mapping[str, Standing], seed: str | None) -> list[Turn]:
    placed = sorted(
        (Place.of(project, standing[project.id], seed), project.id)
        for project in election.projects
        if standing[project.id].score > 0
    )
    turns, money = [], election.budget
    for place, project in placed:
        turns.append(Turn(project, place, money))
        if turns[-1].fits:
            money -= place.cost
    return turns


def _reasons(
    election: Election, standing: Mapping[str, Standing], turns: Sequence[Turn], seed: str | None
) -> dict[str, Reason]:
    came = {turn.project: turn for turn in turns}
    explain = Explanation(election, [turn for turn in turns if turn.fits], seed)
    reasons = {}
    for project in election.projects:
        votes, score = standing[project.id]
        turn = came.get(project.id)
        if turn and turn.fits:
            reasons[project.id] = Reason(Verdict.WON, votes, score, project.cost, turn.money)
            continue
        reasons[project.id] = Reason(
            verdict=Verdict.DID_NOT_FIT if turn else Verdict.NO_VOTES,
            votes=votes,
            score=score,
            cost=project.cost,
            money_left=turn.money if turn else None,
            short_by=explain.short_by(project, standing[project.id]),
            fits_at=explain.fits_at(project, standing[project.id]),
            displaced_by=explain.displaced_by(project),
        )
    return reasons


class Explanation:
    """Answers what would have been enough for a project that lost. `winners` are in the order of decision."""

    def __init__(self, election: Election, winners: Sequence[Turn], seed: str | None) -> None:
        self.election = election
        self.winners = winners
        self.seed = seed
        self.money = [turn.money for turn in winners]
        self.money.append(election.budget - sum(turn.place.cost for turn in winners))

    def wins(self, project: Project, standing: Standing) -> bool:
        """Whether a losing project would have won with this cost and this standing."""
        place = Place.of(project, standing, self.seed)
        before = bisect_left(self.winners, place, key=lambda turn: turn.place)
        return standing.score > 0 and project.cost <= self.money[before]

    def short_by(self, project: Project, standing: Standing) -> int | None:
        """More votes never hurt, and with more than the first winner the whole budget is there."""
        if project.cost > self.election.budget:
            return None
        highest = max((-turn.place.score for turn in self.winners), default=0)
        ahead_of_all = floor(max(highest - standing.score, 0)) + 1
        return _first(1, ahead_of_all, lambda more: self.wins(project, self._raised(standing, more)))

    def _raised(self, standing: Standing, more: int) -> Standing:
        if self.election.vote_type.counts_voters:
            return Standing(standing.votes + more, standing.score + more)
        return Standing(max(standing.votes, 1), standing.score + more)

    def fits_at(self, project: Project, standing: Standing) -> int | None:
        """A lower cost never hurts, and at its own cost the project lost."""
        too_dear = _first(1, project.cost, lambda cost: not self.wins(Project(project.id, cost), standing))
        return too_dear - 1 or None

    def displaced_by(self, project: Project) -> str | None:
        for turn in self.winners:
            if turn.money >= project.cost > turn.money - turn.place.cost:
                return turn.project
        return None


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number from which on `holds` is true, known to be at most `high`."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
