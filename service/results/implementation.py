"""How far the winners have come: what milestones add up to, what is late, and where nothing has been heard for long. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.core.clock import HELSINKI
from service.results.models import Milestone, Status
from service.voting.models import Project

NEWS_IS_OLD = timedelta(days=90)


@dataclass(frozen=True)
class Undertaking:
    """A winning project with its milestones in the order they are planned. `known_at` is when it was selected."""

    project: Project
    milestones: Sequence[Milestone]
    known_at: datetime

    @property
    def status(self) -> Status:
        """Stopped where its last milestone is; completed when all are; else under way once one of them is."""
        found = [milestone.status for milestone in self.milestones]
        if Status.STOPPED in found[-1:]:
            return Status.STOPPED
        if found and all(status in {Status.COMPLETED, Status.STOPPED} for status in found):
            return Status.COMPLETED
        return Status.IN_PROGRESS if set(found) - {Status.PLANNED} else Status.PLANNED

    @property
    def is_over(self) -> bool:
        return self.status in {Status.COMPLETED, Status.STOPPED}

    @property
    def spent_cents(self) -> int:
        return sum(milestone.spent_cents for milestone in self.milestones)

    @property
    def last_news_at(self) -> datetime:
        return max((milestone.changed_at for milestone in self.milestones), default=self.known_at)

    def silent_days(self, at: datetime) -> int | None:
        """For how many days nothing has been told, where that is too long; None for what is over."""
        since = at - self.last_news_at
        return since.days if since > NEWS_IS_OLD and not self.is_over else None


def in_order(milestones: Sequence[Milestone]) -> list[Milestone]:
    """By the day they begin or are to begin; without a day, last."""
    never = date.max
    return sorted(
        milestones,
        key=lambda one: (
            one.actual_start or one.planned_start or one.planned_end or never,
            one.planned_end or never,
        ),
    )


def days_late(milestone: Milestone, at: datetime) -> int:
    """How long after its planned end it was completed, or is still not; 0 where it is in time."""
    if milestone.planned_end is None or milestone.status is Status.STOPPED:
        return 0
    ended = milestone.actual_end if milestone.status is Status.COMPLETED else None
    return max(0, ((ended or at.astimezone(HELSINKI).date()) - milestone.planned_end).days)


@dataclass(frozen=True, slots=True)
class Summary:
    """Of a whole process, in one sentence."""

    projects: int
    completed: int
    stopped: int
    spent_cents: int
    budget_cents: int


def summary(undertakings: Sequence[Undertaking]) -> Summary:
    found = [undertaking.status for undertaking in undertakings]
    return Summary(
        projects=len(found),
        completed=found.count(Status.COMPLETED),
        stopped=found.count(Status.STOPPED),
        spent_cents=sum(undertaking.spent_cents for undertaking in undertakings),
        budget_cents=sum(undertaking.project.cost_cents for undertaking in undertakings),
    )
