"""People vote: they open their ballots, choose and cast. Each cast is a transaction of its own, as in life."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.demo import electorate, people
from service.demo import story as told
from service.demo.calendar import AFTER_NOON, Calendar, chance
from service.demo.electorate import Choices
from service.demo.stage import Act, Stage
from service.processes.models import Activity, Process
from service.voting import actions, queries
from service.voting.ballot import Ballot
from service.voting.seal import Voter

AT_ONCE = 8  # connections
IN_ONE_TRANSACTION = 100  # openings of ballots, or drafts; of casts it is always one


def acts(story: told.Story, calendar: Calendar) -> Iterator[Act]:
    """Whoever has no account yet makes one to vote."""
    joined = {resident.key for resident in story.residents}
    for script in sorted(story.votes, key=lambda vote: electorate.day(story, vote)):
        dice = chance("election", script.process)
        moment = calendar.moment(electorate.day(story, script), dice, AFTER_NOON)
        opened = calendar.at(story.processes[script.process].phase(Activity.VOTE).opens)
        choices = electorate.choices(story, script, calendar)
        for voter in sorted(choices.keys() - joined):
            joined.add(voter)
            yield Act(calendar.between(opened, moment, dice), partial(people.join_to_vote, key=voter))
        drafts = choices | electorate.unfinished(story, script)
        election = partial(_hold, process=script.process, moment=moment, drafts=drafts, cast=list(choices))
        yield Act(moment, election, apart=True, length=len(choices))


async def _hold(stage: Stage, process: str, moment: datetime, drafts: Choices, cast: list[str]) -> None:
    async with stage.transaction(moment) as session:
        election = Election(stage, moment, await session.get_one(Process, stage.processes[process]), drafts)
    await election.hold(cast)


@dataclass
class Election:
    """All ballots of a vote at one moment, for the service keeps no time of a ballot."""

    stage: Stage
    moment: datetime
    process: Process
    drafts: Choices
    voters: dict[str, Voter] = field(default_factory=dict)
    numbers: dict[UUID | None, int] = field(default_factory=dict)
    ballot: Ballot = field(init=False)

    async def hold(self, cast: Sequence[str]) -> None:
        await self._each(list(self.drafts), self._open, together=IN_ONE_TRANSACTION)
        async with self.stage.transaction(self.moment) as session:
            self.ballot = await queries.ballot(session, self.process)
        self.numbers = {entry.proposal_id: entry.number for entry in self.ballot.entries}
        await self._each(list(self.drafts), self._choose, together=IN_ONE_TRANSACTION)
        await self._each(cast, self._cast, together=1)

    async def _each(
        self, voters: Sequence[str], step: Callable[[AsyncSession, str], Awaitable[None]], *, together: int
    ) -> None:
        free = asyncio.Semaphore(AT_ONCE)

        async def some(voters: Sequence[str]) -> None:
            async with free, self.stage.transaction(self.moment) as session:
                for voter in voters:
                    await step(session, voter)

        await asyncio.gather(
            *(some(voters[start : start + together]) for start in range(0, len(voters), together))
        )

    async def _open(self, session: AsyncSession, voter: str) -> None:
        keys, by = self.stage.instance.keys, self.stage.resident(voter)
        self.voters[voter] = await actions.enrol(session, self.process, keys=keys, by=by)

    async def _choose(self, session: AsyncSession, voter: str) -> None:
        await actions.save_draft(session, self.ballot, self._chosen(voter), by=self.voters[voter])

    async def _cast(self, session: AsyncSession, voter: str) -> None:
        await actions.cast(session, self.ballot, self._chosen(voter), by=self.voters[voter])

    def _chosen(self, voter: str) -> frozenset[int]:
        return frozenset(self.numbers[self.stage.proposals[project]] for project in self.drafts[voter])
