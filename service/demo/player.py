"""The story is played: each act at its moment, in their order, and the jobs that come of it when they are due."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.audit import queries as trail
from service.core import clock, deployment, jobs
from service.core.deployment import Kind
from service.core.instance import Instance
from service.core.jobs import Job
from service.demo import balancing, evaluations, milestones, people, proposals, residents, rounds, votes
from service.demo import story as told
from service.demo.calendar import Calendar
from service.demo.lives import lives
from service.demo.people import OPERATOR
from service.demo.pictures import Pictures
from service.demo.stage import Act, Stage

Handlers = Mapping[str, Callable[..., Awaitable[None]]]
"""What does a job, by the job's name: the worker's."""
Watch = Callable[[datetime, int, int], None]
"""Told how far the story is: the moment, the acts played, the acts in all."""
TOLD = "demo.told"


class Ground(StrEnum):
    """What the story would be played on."""

    EMPTY = "empty"
    INTERRUPTED = "interrupted"
    PLAYED = "played"
    TAKEN = "taken"


async def ground(session: AsyncSession) -> Ground:
    """Every change is on record, so a database without a record is empty."""
    if not await trail.has_happened(session):
        return Ground.EMPTY
    if await deployment.kind(session) is not Kind.DEMO:
        return Ground.TAKEN
    return Ground.PLAYED if await trail.has_happened(session, TOLD) else Ground.INTERRUPTED


async def play(instance: Instance, handlers: Handlers, watch: Watch) -> None:
    """Fill an empty database, which becomes a demo and never anything else."""
    async with instance.database.transaction() as session:
        await deployment.mark(session, Kind.DEMO)
        calendar = Calendar(await clock.now(session))
    story = told.read(calendar.today)
    with Pictures(story) as pictures:
        player = Player(Stage(instance, story, calendar, pictures), handlers)
        await player.play(sorted(acts(story, calendar), key=lambda act: act.moment), watch)


def acts(story: told.Story, calendar: Calendar) -> Iterator[Act]:
    """In no order."""
    yield from people.acts(story, calendar)
    yield from rounds.acts(story, calendar)
    found = lives(story, calendar)
    for life in found.values():
        yield from proposals.acts(life)
    yield from residents.supports(story, found, calendar)
    yield from residents.discussion(story, found, calendar)
    yield from evaluations.acts(story, calendar)
    yield from votes.acts(story, calendar)
    yield from milestones.acts(story, calendar)
    yield from balancing.acts(story, calendar)


class Player:
    def __init__(self, stage: Stage, handlers: Handlers) -> None:
        self.stage = stage
        self.handlers = handlers
        self._later: list[tuple[datetime, Job]] = []

    async def play(self, acts: Sequence[Act], watch: Watch) -> None:
        played, length = 0, sum(act.length for act in acts)
        for day, some in groupby(acts, key=lambda act: (self.stage.calendar.day_of(act.moment), act.apart)):
            today = list(some)
            await (self._play_apart(today) if day[1] else self._play_day(today))
            played += sum(act.length for act in today)
            watch(today[-1].moment, played, length)
        await self._end()

    async def _play_apart(self, acts: Sequence[Act]) -> None:
        for act in acts:
            await act.play(self.stage)

    async def _play_day(self, acts: Sequence[Act]) -> None:
        """A day is one transaction, in which each act has its own moment."""
        stage = self.stage
        async with stage.transaction(acts[0].moment) as session:
            stage.session, held = session, jobs.hold(session)
            held += self._due(acts[0].moment)
            for number, act in enumerate(acts):
                if act.moment != acts[number - 1].moment:
                    await clock.shift(session, act.moment - stage.calendar.now)
                await act.play(stage)
                await self._work_off(held, act.moment)

    async def _work_off(self, held: list[Job], moment: datetime) -> None:
        while held:
            job = held.pop(0)
            if job.after:
                self._later.append((moment + job.after, job))
            else:
                await self.handlers[job.name](self.stage.instance, self.stage.session, **job.payload)

    def _due(self, moment: datetime) -> list[Job]:
        due = [replace(job, after=None) for at, job in self._later if at <= moment]
        self._later = [(at, job) for at, job in self._later if at > moment]
        return due

    async def _end(self) -> None:
        """What is still to come is the worker's."""
        async with self.stage.instance.database.transaction() as session:
            for at, job in self._later:
                after = max(timedelta(), at - await clock.now(session))
                await jobs.enqueue(session, job.name, after=after, **job.payload)
            await audit.record(session, TOLD, by=OPERATOR)
