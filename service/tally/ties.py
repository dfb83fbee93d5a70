"""The written order of projects with equal scores: lower cost, then more votes, then the published lot.

The lot is drawn by nobody in secret: with the seed `S`, projects follow each other by SHA-256 of the text `S|project id`,
smallest first, so that anyone can draw it again with `printf '%s' 'S|id' | sha256sum`. Without a seed the project
id decides, compared as text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

from service.tally.ballots import Points, Project
from service.tally.scores import Standing


class Step(StrEnum):
    COST = "cost"
    VOTES = "votes"
    LOT = "lot"
    ID = "id"


class Place(NamedTuple):
    """Sorts projects into the order of decision: smaller comes first."""

    score: Points
    cost: int
    votes: int
    last: str

    @classmethod
    def of(cls, project: Project, standing: Standing, seed: str | None) -> "Place":
        last = project.id if seed is None else lot(seed, project.id)
        return cls(-standing.score, project.cost, -standing.votes, last)


def lot(seed: str, project_id: str) -> str:
    return sha256(f"{seed}|{project_id}".encode()).hexdigest()


class Turn(NamedTuple):
    """A project's turn, with the money that was left when it came."""

    project: str
    place: Place
    money: int

    @property
    def fits(self) -> bool:
        return self.place.cost <= self.money


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects with equal scores, in the order they were taken, and the step that set them in it.

    `decisive` says that another order among them would have given other winners.
    """

    projects: tuple[str, ...]
    score: Points
    step: Step
    decisive: bool


def ties(turns: Sequence[Turn], seed: str | None) -> Iterator[Tie]:
    """Every tie among the turns, which come in the order of decision.

    Where a step leaves some of the tied still equal, they are listed again with the step that parted them.
    """
    steps = (Step.COST, Step.VOTES, Step.ID if seed is None else Step.LOT)
    for _, tied in groupby(turns, key=lambda turn: turn.place.score):
        yield from _parted(list(tied), steps)


def _parted(tied: Sequence[Turn], steps: Sequence[Step]) -> Iterator[Tie]:
    if len(tied) < 2:
        return
    depth = len(Place._fields) - len(steps)
    parts = [list(part) for _, part in groupby(tied, key=lambda turn: turn.place[depth])]
    if len(parts) > 1:
        projects = tuple(turn.project for turn in tied)
        yield Tie(projects, -tied[0].place.score, steps[0], _order_mattered(tied))
    for part in parts:
        yield from _parted(part, steps[1:])


def _order_mattered(tied: Sequence[Turn]) -> bool:
    """Those that fit alone but not together: whichever was left out would have won by being first."""
    money = tied[0].money
    return sum(turn.place.cost for turn in tied if turn.place.cost <= money) > money
