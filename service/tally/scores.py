"""How ballots become scores. The same for every counting rule."""

from collections.abc import Mapping
from typing import NamedTuple

from service.tally.ballots import Election, Points


class Standing(NamedTuple):
    """`votes` is the number of voters who named the project, `score` what their ballots are worth to it."""

    votes: int
    score: Points


def standings(election: Election) -> dict[str, Standing]:
    """Of every project of the election, in its order.

    Raises KeyError for a ballot that names a project the election does not have.
    """
    votes = {project.id: 0 for project in election.projects}
    for ballot, voters in election.ballots.items():
        for project in ballot.projects:
            votes[project] += voters
    scores = votes if election.vote_type.counts_voters else _points(election)
    return {project: Standing(votes[project], scores[project]) for project in votes}


def _points(election: Election) -> Mapping[str, Points]:
    scores: dict[str, Points] = {project.id: 0 for project in election.projects}
    by_rank = range(election.longest, 0, -1)
    for ballot, voters in election.ballots.items():
        worths = ballot.points if election.vote_type.has_points else by_rank
        for project, worth in zip(ballot.projects, worths, strict=False):
            scores[project] += worth * voters
    return scores
