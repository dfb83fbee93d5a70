"""The rounds a city has had, has and will have, and the one its front page begins with. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from service.processes import timetable
from service.processes.models import Activity, Phase, Process
from service.processes.rules import voting_phase
from service.processes.timetable import Standing

COUNT_IS_NEWS = timedelta(days=30)


@dataclass(frozen=True)
class Round:
    """A process, its phases, and where it stands at a moment."""

    process: Process
    phases: Sequence[Phase]
    at: datetime

    @cached_property
    def standing(self) -> Standing:
        return timetable.standing(self.phases, at=self.at)

    @property
    def subject(self) -> Activity | None:
        """What is going on now."""
        return timetable.headline(self.standing.phase) if self.standing.phase else None

    @property
    def is_for_residents(self) -> bool:
        """Whether what is going on now is something residents do."""
        return self.subject in timetable.FOR_RESIDENTS

    @property
    def days_left(self) -> int:
        """Until the phase that is open closes; 0 on its last day."""
        phase = self.standing.phase
        return timetable.days_left(phase.closes_at, at=self.at) if phase else 0

    @property
    def ahead(self) -> list[Phase]:
        """What is open and what is still to come."""
        return [phase for phase in self.phases if phase.closes_at > self.at]

    @property
    def has_vote(self) -> bool:
        return voting_phase(self.phases) is not None

    @property
    def is_counting(self) -> bool:
        """The vote has closed, and nothing but the count has begun since."""
        vote = voting_phase(self.phases)
        if vote is None or self.at < vote.closes_at or self.at >= vote.closes_at + COUNT_IS_NEWS:
            return False
        since = [phase for phase in self.phases if vote.closes_at <= phase.opens_at <= self.at]
        return all(Activity.COUNT in phase.activities and phase.is_open(self.at) for phase in since)

    @property
    def results_by(self) -> datetime | None:
        """When the count that is planned or going on ends."""
        return max(
            (
                phase.closes_at
                for phase in self.phases
                if Activity.COUNT in phase.activities and phase.closes_at > self.at
            ),
            default=None,
        )

    @property
    def ended_at(self) -> datetime | None:
        """The last closing."""
        return max((phase.closes_at for phase in self.phases), default=None)


class News(StrEnum):
    """What the front page begins with."""

    OPEN = "open"
    COUNTING = "counting"
    NEXT = "next"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Lead:
    news: News
    round: Round | None


def lead(rounds: Sequence[Round]) -> Lead:
    """Where residents can act and which closes first, commenting last of all; else a count; else what opens next."""
    acting = [each for each in rounds if each.is_for_residents]
    if acting:
        return Lead(
            News.OPEN, min(acting, key=lambda each: (each.subject is Activity.COMMENT, closing(each)))
        )
    counting = [each for each in rounds if each.is_counting]
    if counting:
        return Lead(News.COUNTING, min(counting, key=lambda each: each.results_by or each.at))
    coming = [each for each in rounds if each.standing.following]
    if coming:
        return Lead(News.NEXT, min(coming, key=_opening))
    return Lead(News.NOTHING, None)


def closing(this: Round) -> datetime:
    """When the open phase that matters most closes, to put what ends soon in front."""
    return this.standing.phase.closes_at if this.standing.phase else this.at


def _opening(this: Round) -> datetime:
    return this.standing.following.opens_at if this.standing.following else this.at
