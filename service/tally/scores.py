"""How ballots become scores. The same for every counting rule."""

from collections.abc import Iterable
from itertools import repeat
from typing import NamedTuple

from service.tally.ballots import Ballot, Election, Points


class Standing(NamedTuple):
    """`votes` is the number of voters who named the project, `score` what their ballots are worth to it."""

    votes: int
    score: Points


def standings(election: Election) -> dict[str, Standing]:
    """Of every project of the election, in its order.

    Raises KeyError for a ballot that names a project the election does not have.
    """
    votes = {project.id: 0 for project in election.projects}
    scores: dict[str, Points] = {project.id: 0 for project in election.projects}
    for ballot, voters in election.ballots.items():
        for project, worth in zip(ballot.projects, _worths(election, ballot), strict=False):
            votes[project] += voters
            scores[project] += worth * voters
    return {project: Standing(votes[project], scores[project]) for project in votes}


def _worths(election: Election, ballot: Ballot) -> Iterable[Points]:
    if election.vote_type.counts_voters:
        return repeat(1)
    if election.vote_type.has_points:
        return ballot.points
    return range(election.longest, 0, -1)
