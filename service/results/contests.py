"""From counted ballots to elections: each pot of a process is a contest of its own. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from service.processes.models import Area, BallotType, Pot, Process
from service.results.models import ImportedPot
from service.tally import ballots as tally
from service.tally.ballots import Ballot, Election, Points, VoteType
from service.voting.models import Project

CITY_WIDE = "city-wide"


class Choice(NamedTuple):
    """What some voters chose alike: projects by number, points where the election has them."""

    area_id: UUID | None
    numbers: Sequence[int]
    points: Sequence[Decimal] | None
    voters: int


@dataclass(frozen=True)
class Contest:
    """One pot, and the election about it. `projects` are by their ids in the election."""

    pot: Pot
    area: Area | None
    projects: Mapping[str, Project]
    election: Election

    @property
    def key(self) -> str:
        return key_of(self.area)

    def without_words(self, numbers: Collection[int]) -> "Contest":
        """The same to show where the proposals of these numbers are hidden."""
        shown = {
            name: project.without_words() if project.number in numbers else project
            for name, project in self.projects.items()
        }
        return replace(self, projects=shown)


def key_of(area: Area | None) -> str:
    """What a pot is called in addresses and files."""
    return area.key if area else CITY_WIDE


def id_of(project: Project) -> str:
    """The id a project is counted, drawn and published by: its number, or what its file called it."""
    return project.code or str(project.number)


def contests(
    process: Process,
    pots: Sequence[tuple[Pot, Area | None]],
    projects: Iterable[Project],
    choices: Iterable[Choice],
    imported: Mapping[UUID, ImportedPot],
    *,
    without: Collection[int] = (),
) -> list[Contest]:
    """One for each pot that has projects; the numbers in `without` are left out of the count.

    A ballot counts in every pot of which it names a project; one that names none, in the pot of its own area.
    """
    in_pot: dict[UUID, dict[str, Project]] = {pot.id: {} for pot, _ in pots}
    for project in projects:
        in_pot[project.pot_id][id_of(project)] = project
    types = {pot_id: vote_type(imported.get(pot_id)) for pot_id in in_pot}
    ballots = _by_pot(pots, in_pot, types, choices, without)
    return [
        Contest(
            pot=pot,
            area=area,
            projects=in_pot[pot.id],
            election=Election(
                projects=tuple(
                    tally.Project(name, project.cost_cents)
                    for name, project in in_pot[pot.id].items()
                    if project.number not in without
                ),
                budget=pot.cents,
                vote_type=types[pot.id],
                ballots=ballots[pot.id],
                max_length=_max_length(process, imported.get(pot.id)),
            ),
        )
        for pot, area in pots
        if in_pot[pot.id]
    ]


def vote_type(imported: ImportedPot | None) -> VoteType:
    return imported.vote_type if imported else VoteType.APPROVAL


def _max_length(process: Process, imported: ImportedPot | None) -> int | None:
    if imported:
        return imported.max_length
    return process.max_choices if process.ballot_type is BallotType.APPROVAL else None


def _by_pot(
    pots: Iterable[tuple[Pot, Area | None]],
    in_pot: Mapping[UUID, Mapping[str, Project]],
    types: Mapping[UUID, VoteType],
    choices: Iterable[Choice],
    without: Collection[int],
) -> Mapping[UUID, Counter[Ballot]]:
    places = {
        project.number: (pot_id, name) for pot_id, found in in_pot.items() for name, project in found.items()
    }
    of_area = {pot.area_id: pot.id for pot, _ in pots}
    ballots: dict[UUID, Counter[Ballot]] = defaultdict(Counter)
    for choice in choices:
        points = choice.points or [Decimal()] * len(choice.numbers)
        parts: dict[UUID, list[tuple[str, Decimal]]] = defaultdict(list)
        if not choice.numbers:
            parts[of_area[choice.area_id]] = []
        for number, given in zip(choice.numbers, points, strict=True):
            pot_id, name = places[number]
            parts[pot_id] += [] if number in without else [(name, given)]
        for pot_id, named in parts.items():
            ballots[pot_id][_ballot(types[pot_id], named)] += choice.voters
    return ballots


def _ballot(kind: VoteType, named: Sequence[tuple[str, Decimal]]) -> Ballot:
    if kind.has_points:
        return tally.giving((name, _points(given)) for name, given in named)
    names = [name for name, _ in named]
    return tally.ranking(names) if kind is VoteType.ORDINAL else tally.approving(names)


def _points(given: Decimal) -> Points:
    exact = Fraction(given)
    return exact.numerator if exact.denominator == 1 else exact
