"""The phases in time: what is going on, what comes next, where nothing is open and where two things are. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import combinations

from service.core.clock import HELSINKI
from service.processes.models import Activity, Phase
from service.processes.rules import voting_phase

# What a phase is about, where it permits several things; in this order it also says what matters most to a resident.
WEIGHT = (
    Activity.VOTE,
    Activity.BALANCE,
    Activity.PROPOSE,
    Activity.SUPPORT,
    Activity.EVALUATE,
    Activity.COUNT,
    Activity.IMPLEMENT,
    Activity.COMMENT,
)
FOR_RESIDENTS = frozenset(
    {Activity.VOTE, Activity.BALANCE, Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT}
)


class Section(StrEnum):
    """A part of a process that has pages of its own; the value is its place in the address."""

    PROPOSALS = "proposals"
    BALLOT = "ballot"
    CALCULATOR = "calculator"
    RESULTS = "results"
    IMPLEMENTATION = "implementation"


class Stage(StrEnum):
    """Where a process stands as a whole."""

    UPCOMING = "upcoming"
    OPEN = "open"
    BETWEEN = "between"
    CLOSED = "closed"


# Where in the process one acts or looks while a phase about this is open; elsewhere it is among the proposals.
WHERE: dict[Activity | None, Section] = {
    Activity.VOTE: Section.BALLOT,
    Activity.BALANCE: Section.CALCULATOR,
    Activity.COUNT: Section.RESULTS,
    Activity.IMPLEMENT: Section.IMPLEMENTATION,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`phase` is the open one that matters most, else None; `following` the next one to open."""

    stage: Stage
    phase: Phase | None
    following: Phase | None


@dataclass(frozen=True, slots=True)
class Stretch:
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Overlap:
    first: Phase
    second: Phase
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch on a drawing: its start and width in per cent of the whole."""

    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    start: float
    day: date


def headline(phase: Phase) -> Activity | None:
    """What the phase is about; None for one that permits nothing."""
    return next((activity for activity in WEIGHT if activity in phase.activities), None)


def weight(phase: Phase) -> int:
    subject = headline(phase)
    return WEIGHT.index(subject) if subject else len(WEIGHT)


def standing(phases: Iterable[Phase], *, at: datetime) -> Standing:
    phases = sorted(phases, key=lambda phase: phase.opens_at)
    now_open = [phase for phase in phases if phase.is_open(at)]
    following = next((phase for phase in phases if phase.opens_at > at), None)
    if now_open:
        return Standing(
            Stage.OPEN, min(now_open, key=lambda phase: (weight(phase), phase.closes_at)), following
        )
    begun = any(phase.opens_at <= at for phase in phases)
    if following:
        return Standing(Stage.BETWEEN if begun else Stage.UPCOMING, None, following)
    return Standing(Stage.CLOSED if begun else Stage.UPCOMING, None, None)


def sections(phases: Iterable[Phase], *, at: datetime) -> list[Section]:
    """The sections that exist now, the one where something can be done in front."""
    phases = list(phases)
    begun = {activity for phase in phases if phase.opens_at <= at for activity in phase.activities}
    vote = voting_phase(phases)
    there = {
        Section.PROPOSALS: bool(begun - {Activity.COUNT, Activity.BALANCE}),
        Section.BALLOT: vote is not None and vote.is_open(at),
        Section.CALCULATOR: Activity.BALANCE in begun,
        Section.RESULTS: vote is not None and vote.closes_at <= at,
        Section.IMPLEMENTATION: Activity.IMPLEMENT in begun,
    }
    existing = [section for section, exists in there.items() if exists]
    current = standing(phases, at=at).phase
    first = WHERE.get(headline(current) if current else None, Section.PROPOSALS)
    return sorted(existing, key=lambda section: section != first)


def gaps(phases: Iterable[Phase]) -> list[Stretch]:
    """Where nothing is open between the first opening and the last closing."""
    found: list[Stretch] = []
    covered: datetime | None = None
    for phase in sorted(phases, key=lambda phase: phase.opens_at):
        if covered and phase.opens_at > covered:
            found.append(Stretch(covered, phase.opens_at))
        covered = max(covered or phase.closes_at, phase.closes_at)
    return found


def overlaps(phases: Iterable[Phase]) -> list[Overlap]:
    """Every two phases that are open at the same time, and when."""
    in_order = sorted(phases, key=lambda phase: (phase.opens_at, phase.closes_at))
    return [
        Overlap(first, second, Stretch(second.opens_at, min(first.closes_at, second.closes_at)))
        for first, second in combinations(in_order, 2)
        if second.opens_at < first.closes_at
    ]


def span(phases: Iterable[Phase]) -> Stretch | None:
    """From the first opening to the last closing."""
    phases = list(phases)
    if not phases:
        return None
    return Stretch(min(phase.opens_at for phase in phases), max(phase.closes_at for phase in phases))


def bar(stretch: Phase | Stretch, whole: Stretch) -> Bar:
    return Bar(
        round(_share(stretch.opens_at, whole), 2),
        round(100 * (stretch.closes_at - stretch.opens_at) / (whole.closes_at - whole.opens_at), 2),
    )


def ticks(whole: Stretch, *, at_most: int = 4) -> list[Tick]:
    """First days of months in Helsinki, evenly thinned."""
    months: list[datetime] = []
    day = whole.opens_at.astimezone(HELSINKI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while day < whole.closes_at:
        if day >= whole.opens_at:
            months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = -(-len(months) // at_most) or 1
    return [Tick(round(_share(month, whole), 2), month.date()) for month in months[::step]]


def days_left(closes_at: datetime, *, at: datetime) -> int:
    """Helsinki's days until the one on which it closes: 0 today. A closing at midnight belongs to the day that ends."""
    last = (closes_at - timedelta(microseconds=1)).astimezone(HELSINKI).date()
    return (last - at.astimezone(HELSINKI).date()).days


def share(moment: datetime, whole: Stretch) -> float | None:
    """Where a moment stands on a drawing, in per cent; None outside it."""
    return round(_share(moment, whole), 2) if whole.opens_at <= moment < whole.closes_at else None


def _share(moment: datetime, whole: Stretch) -> float:
    return 100 * (moment - whole.opens_at) / (whole.closes_at - whole.opens_at)
