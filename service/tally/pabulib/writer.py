"""From a document to the bytes of a .pb file that reads back equal.

Voters get new numbers and ballots stand sorted by what they choose, so that nothing of who voted or when is in the file.
"""

import csv
import io
from collections.abc import Iterator

from service.tally.ballots import Ballot, Election, Points
from service.tally.pabulib.document import Document
from service.tally.pabulib.numbers import Amount
from service.tally.scores import Standing, standings

META_ORDER = (
    *(
        "description",
        "country",
        "unit",
        "district",
        "subunit",
        "instance",
        "num_projects",
        "num_votes",
        "budget",
    ),
    *(
        "vote_type",
        "rule",
        "date_begin",
        "date_end",
        "min_length",
        "max_length",
        "min_sum_cost",
        "max_sum_cost",
    ),
)
DETAIL_ORDER = (
    "name",
    "category",
    "beneficiaries",
    "selected",
    "neighborhood",
    "subunit",
    "district",
    "description",
)


def write(document: Document) -> bytes:
    """Raises ValueError for a project id that the format cannot hold."""
    text = io.StringIO(newline="")
    # With line ends of both characters, csv also quotes a value that has only one of them.
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    election = document.election
    _refuse_unwritable(election)
    rows.writerows(
        [["META"], ["key", "value"], *_meta(document), ["PROJECTS"], *_projects(document), ["VOTES"]]
    )
    rows.writerow(["voter_id", "vote", *(["points"] if election.vote_type.has_points else [])])
    rows.writerows(_votes(election))
    return text.getvalue().encode()


def _refuse_unwritable(election: Election) -> None:
    for project in election.projects:
        if not project.id or "," in project.id or project.id != project.id.strip():
            raise ValueError(f"A .pb file cannot hold the project id {project.id!r}.")


def _meta(document: Document) -> Iterator[tuple[str, str]]:
    election = document.election
    values = {
        **document.meta,
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.voters),
        "budget": str(Amount(election.budget, election.decimals)),
        "vote_type": election.vote_type.value,
    }
    if election.max_length is not None:
        values["max_length"] = str(election.max_length)
    for key in sorted(
        values, key=lambda key: META_ORDER.index(key) if key in META_ORDER else len(META_ORDER)
    ):
        yield key, values[key]


def _projects(document: Document) -> Iterator[list[str]]:
    election = document.election
    shows_score = not election.vote_type.counts_voters
    used = {name for project in election.projects for name in document.details.get(project.id, {})}
    details = [name for name in DETAIL_ORDER if name in used] + sorted(used.difference(DETAIL_ORDER))
    yield ["project_id", "cost", "votes", *(["score"] if shows_score else []), *details]
    standing = standings(election)
    for project in election.projects:
        own = document.details.get(project.id, {})
        yield [
            project.id,
            str(Amount(project.cost, election.decimals)),
            *_counted(standing[project.id], shows_score=shows_score),
            *(own.get(name, "") for name in details),
        ]


def _counted(standing: Standing, *, shows_score: bool) -> Iterator[str]:
    yield str(standing.votes)
    if shows_score:
        yield _plain(standing.score)


def _votes(election: Election) -> Iterator[list[str]]:
    cells = _given if election.vote_type.has_points else _named
    voter = 0
    for choice, count in sorted((cells(ballot), count) for ballot, count in election.ballots.items()):
        for _ in range(count):
            voter += 1
            yield [str(voter), *choice]


def _named(ballot: Ballot) -> list[str]:
    return [",".join(ballot.projects)]


def _given(ballot: Ballot) -> list[str]:
    """The format's order for points: most first."""
    given = sorted(zip(ballot.projects, ballot.points, strict=True), key=lambda pair: -pair[1])
    return [",".join(project for project, _ in given), ",".join(_plain(points) for _, points in given)]


def _plain(points: Points) -> str:
    """Points come from decimal numbers, so their denominator divides a power of ten."""
    if isinstance(points, int):
        return str(points)
    decimals = 0
    while (points * 10**decimals).denominator > 1:
        decimals += 1
    return str(Amount(int(points * 10**decimals), decimals))
