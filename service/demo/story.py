"""What the story's files say: who lives in the city, what they write, and what becomes of it.

Days are counted from the one on which the demo is made, ages from its year; money is in euros.
"""

import tomllib
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.core.actor import Role
from service.core.text import Language, Localized
from service.evaluation.models import Feasibility
from service.moderation.models import Ground
from service.processes.models import Activity, AreaRule, BallotType, LegalBasis
from service.processes.parts import Named
from service.proposals.models import AuthorKind

FOLDER = Path(__file__).parent / "story"
WHOLE_CITY = "whole_city"

# The city's templates of moderators' reasons and the grounds of the public register they belong to.
GROUNDS = {
    "personal-data": Ground.PERSONAL_DATA,
    "advertising": Ground.ADVERTISING,
    "disrespect": Ground.INSULTING,
}


class Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Area(Named):
    model_config = ConfigDict(frozen=True, extra="ignore")  # the map's coordinates are not the database's


class Person(Told):
    key: str
    name: str
    email: str
    language: Language


class Resident(Person):
    age: int = Field(description="Turned during the year the demo is made.")
    area: str


class Organisation(Told):
    """An association or a company: a resident writes in its name."""

    key: str
    name: str
    representative: str
    kind: AuthorKind


class Employee(Person):
    role: Role


class Point(Told):
    day: int
    time: time


class Phase(Told):
    name: Localized
    activities: frozenset[Activity]
    opens: Point
    closes: Point


class Budget(Told):
    whole_city: int | None = None
    areas: dict[str, int] = {}


class Process(Told):
    key: str
    slug: str
    legal_basis: LegalBasis
    ballot_type: BallotType
    max_choices: int | None = None
    area_rule: AreaRule
    minimum_age: int | None = None
    maximum_age: int | None = None
    eligible: dict[str, int]
    title: Localized
    summary: Localized
    description: Localized
    plain_summary: Localized
    rules: Localized
    voters: Localized
    owner: Localized
    budget: Budget
    phases: tuple[Phase, ...] = Field(alias="phase")

    def has(self, activity: Activity) -> bool:
        return any(activity in phase.activities for phase in self.phases)

    def phase(self, activity: Activity) -> Phase:
        return next(phase for phase in self.phases if activity in phase.activities)


class Picture(Told):
    alt: str
    scene: tuple[str, ...]


class Event(Told):
    """A step in a proposal's life; which of the other fields it has depends on what it is."""

    event: Literal[
        "published", "returned", "resubmitted", "not_published", "appealed", "overturned", "edited", "merged",
        "withdrawn",
    ]  # fmt: skip
    day: int
    by: str = ""
    into: str = ""
    ruling: str = ""
    reason: str = ""
    removed: str = ""
    why: str = ""
    title: str = ""
    text: str = ""


class Evaluation(Told):
    evaluator: str
    day: int
    feasibility: Feasibility
    cost_low: int | None = None
    cost_high: int | None = None
    maintenance: int | None = None
    reason: Localized | None = None
    internal_note: str = ""


class Proposal(Told):
    key: str
    process: str
    author: str
    coauthors: tuple[str, ...] = ()
    language: Language
    day: int
    title: str
    text: str
    category: str
    area: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    cost_wish: int | None = None
    supports: int
    stays: Literal["draft", "submitted", ""] = ""
    merged_from: tuple[str, ...] = ()
    picture: Picture | None = None
    events: tuple[Event, ...] = Field(default=(), alias="event")
    evaluation: Evaluation | None = None


class Outcome(Told):
    by: str
    day: int
    event: Literal["hidden", "kept"]
    ruling: str
    reason: str


class Report(Told):
    by: str
    day: int
    ground: Ground = Ground.INSULTING
    reason: str
    outcome: Outcome | None = Field(default=None, description="None: it waits for a moderator.")


class Comment(Told):
    key: str
    proposal: str
    author: str
    language: Language
    day: int
    text: str
    reply_to: str | None = None
    report: Report | None = None


class Cancellation(Told):
    body: str
    day: int
    section: int
    case_number: str
    reason: Localized


class Milestone(Told):
    key: str
    project: str
    status: Literal["planned", "in_progress", "completed", "cancelled"]
    planned_start: int
    planned_end: int
    actual_start: int | None = None
    actual_end: int | None = None
    spent: int
    title: Localized
    text: Localized
    delay_reason: Localized | None = None
    cancellation: Cancellation | None = None
    picture: Picture | None = None


class Vote(Told):
    """How a vote goes: `projects` are exact numbers of votes (approval), `weight` how liked each is (knapsack)."""

    process: str
    seed: int
    voters: dict[str, int]
    projects: dict[str, int] = {}
    weight: dict[str, float] = {}


class CouncilGroup(Told):
    key: str
    name: Localized


class Councillor(Employee):
    group: str


class PlanComment(Told):
    """What is written with a plan; `published` None: it waits for a moderator."""

    text: str
    published: bool | None = None


class GroupPlan(Told):
    group: str
    published: bool
    choices: dict[str, str]
    reason: Localized


class Balancing(Told):
    """The balancing calculator: what it is called, what is written with the plans, and what the council's groups would do."""

    slug: str
    title: Localized
    summary: Localized
    comments: tuple[PlanComment, ...]
    reasons: tuple[str, ...]
    group_plans: tuple[GroupPlan, ...]


class Story(Told):
    areas: tuple[Area, ...]
    categories: tuple[Named, ...]
    bodies: dict[str, Localized]
    residents: tuple[Resident, ...]
    organisations: dict[str, Organisation]
    staff: tuple[Employee | Councillor, ...]
    processes: dict[str, Process]
    proposals: dict[str, Proposal]
    comments: tuple[Comment, ...]
    milestones: tuple[Milestone, ...]
    votes: tuple[Vote, ...]
    council_groups: tuple[CouncilGroup, ...]
    balancing: Balancing


def read(today: date) -> Story:
    """The story as it is told on this day."""
    city, people = _load("city"), _load("people")
    processes = [Process.model_validate(_dated(told, today)) for told in _load_all("processes")]
    return Story(
        areas=city["area"],
        categories=city["category"],
        bodies=city["bodies"],
        residents=people["resident"],
        organisations={one.key: one for one in _organisations(people)},
        staff=[
            *map(Employee.model_validate, people["staff"]),
            *(
                Councillor.model_validate(one | {"role": Role.COUNCIL_MEMBER})
                for one in people["council_member"]
            ),
        ],
        processes={process.key: process for process in processes},
        proposals={proposal.key: proposal for proposal in _proposals()},
        comments=_numbered(_load("comments")["comment"], "comment"),
        milestones=_numbered(_load("milestones")["milestone"], "milestone"),
        votes=_load("votes")["vote"],
        council_groups=people["council_group"],
        balancing=_balancing(_load("plans")),
    )


def _balancing(told: dict[str, Any]) -> Balancing:
    return Balancing(
        **told["calculator"],
        comments=told["comment"],
        reasons=[one["text"] for one in told["reason"]],
        group_plans=told["group_plan"],
    )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _load_all(folder: str) -> list[dict[str, Any]]:
    return [_load(f"{folder}/{path.stem}") for path in sorted((FOLDER / folder).glob("*.toml"))]


def _organisations(people: dict[str, Any]) -> list[Organisation]:
    return [
        Organisation.model_validate(one | {"kind": kind})
        for kind in (AuthorKind.ASSOCIATION, AuthorKind.COMPANY)
        for one in people[kind.value]
    ]


def _proposals() -> list[Proposal]:
    return [
        Proposal.model_validate(proposal | {"process": told["process"]})
        for told in _load_all("proposals")
        for proposal in told["proposal"]
    ]


def _numbered(told: Sequence[dict[str, Any]], name: str) -> Any:
    """Each with a key of its own, for chance and nonces hang on it."""
    return [{"key": f"{name}-{number}"} | one for number, one in enumerate(told, 1)]


def _dated(told: Any, today: date) -> Any:
    """With the years that titles and addresses speak of."""
    match told:
        case str():
            for name, year in (("last_year", -1), ("year", 0), ("next_year", 1)):
                told = told.replace(f"{{{name}}}", str(today.year + year))
            return told
        case dict():
            return {key: _dated(value, today) for key, value in told.items()}
        case list():
            return [_dated(value, today) for value in told]
    return told
