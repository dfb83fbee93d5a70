"""An election as a counting rule sees it: projects with exact costs, one pot of money, ballots without voters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

Points = int | Fraction


class VoteType(StrEnum):
    """The ballot types of the Pabulib format, by its names."""

    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"

    @property
    def has_points(self) -> bool:
        return self is VoteType.CUMULATIVE or self is VoteType.SCORING

    @property
    def counts_voters(self) -> bool:
        """Whether a project's score is simply the number of its voters."""
        return self is VoteType.APPROVAL or self is VoteType.CHOOSE_ONE


@dataclass(frozen=True, slots=True)
class Project:
    """`cost` is in the smallest unit of the election: an integer, so that no comparison is ever rounded."""

    id: str
    cost: int


class Ballot(NamedTuple):
    """What one voter chose, with each project once. Equal choices are equal ballots."""

    projects: tuple[str, ...]
    points: tuple[Points, ...] = ()


def approving(projects: Iterable[str]) -> Ballot:
    return Ballot(tuple(sorted(set(projects))))


def ranking(projects: Iterable[str]) -> Ballot:
    """Best first. A project named twice keeps its first, better place."""
    return Ballot(tuple(dict.fromkeys(projects)))


def giving(points: Iterable[tuple[str, Points]]) -> Ballot:
    """A project named twice keeps the points of its first mention."""
    given: dict[str, Points] = {}
    for project, amount in points:
        given.setdefault(project, amount)
    projects = tuple(sorted(given))
    return Ballot(projects, tuple(given[project] for project in projects))


@dataclass(frozen=True)
class Election:
    """One pot of money. A process with areas is one election for each area and one for the city-wide pot.

    `ballots` says how many voters cast each ballot. Costs and the budget count units of 10 ** -decimals of the
    currency. `max_length` is the most projects a ballot may name, None for no limit.
    """

    projects: tuple[Project, ...]
    budget: int
    vote_type: VoteType
    ballots: Mapping[Ballot, int]
    max_length: int | None = None
    decimals: int = 2

    def __post_init__(self) -> None:
        if len({project.id for project in self.projects}) < len(self.projects):
            raise ValueError("Two projects share an id.")
        if self.budget < 0 or any(project.cost < 0 for project in self.projects):
            raise ValueError("Money cannot be negative.")
        if any(len(ballot.projects) > self.longest for ballot in self.ballots):
            raise ValueError("A ballot names more projects than it may.")

    @property
    def longest(self) -> int:
        """The most projects a ballot can name."""
        if self.vote_type is VoteType.CHOOSE_ONE:
            return 1
        return len(self.projects) if self.max_length is None else self.max_length

    @property
    def voters(self) -> int:
        return sum(self.ballots.values())
