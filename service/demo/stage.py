"""Where the story is played: its clock, its people, and what they have made so far."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import event as events
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core.actor import Administrator, CouncilMember, Editor, Evaluator, Moderator, Resident
from service.core.instance import Instance
from service.core.text import Language
from service.demo.calendar import Calendar
from service.demo.pictures import Pictures
from service.demo.story import Story
from service.processes.models import Process
from service.proposals import queries as proposals
from service.proposals.models import Proposal

NAMES = uuid5(NAMESPACE_URL, "https://www.lehtosalmi.example/")


@dataclass
class Stage:
    """`session` is that of the act being played. Things are found by the story's keys."""

    instance: Instance
    story: Story
    calendar: Calendar
    pictures: Pictures
    session: AsyncSession = field(init=False)
    accounts: dict[str, Account] = field(default_factory=dict)
    moderators: dict[str, Moderator] = field(default_factory=dict)
    evaluators: dict[str, Evaluator] = field(default_factory=dict)
    editor: Editor = field(init=False)
    administrator: Administrator = field(init=False)
    councillors: dict[str, CouncilMember] = field(default_factory=dict)
    areas: dict[str, UUID] = field(default_factory=dict)
    categories: dict[str, UUID] = field(default_factory=dict)
    processes: dict[str, UUID] = field(default_factory=dict)
    proposals: dict[str, UUID] = field(default_factory=dict)
    comments: dict[str, UUID] = field(default_factory=dict)
    milestones: dict[str, UUID] = field(default_factory=dict)

    @asynccontextmanager
    async def transaction(self, moment: datetime) -> AsyncIterator[AsyncSession]:
        """A session forgets what nobody holds, and the next act would ask for it again: here it is held to the end."""
        async with self.instance.database.transaction(shift=moment - self.calendar.now) as session:
            held: list[object] = []
            for event in ("pending_to_persistent", "loaded_as_persistent"):
                events.listen(session.sync_session, event, lambda _session, thing: held.append(thing))
            yield session

    def resident(self, key: str, language: Language | None = None) -> Resident:
        """A resident, or whoever writes in the name of an association or a company, in the language they write now."""
        organisation = self.story.organisations.get(key)
        account = self.accounts[organisation.representative if organisation else key]
        return Resident(account.id, account.name, language or account.language)

    async def process(self, key: str) -> Process:
        return await self.session.get_one(Process, self.processes[key])

    async def proposal(self, key: str) -> Proposal:
        return await proposals.get(self.session, self.proposals[key])


def nonce(*names: str) -> UUID:
    return uuid5(NAMES, " ".join(names))


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens at a moment. One played `apart` opens its own transactions; `length` is for the progress bar."""

    moment: datetime
    play: Callable[[Stage], Awaitable[None]]
    apart: bool = False
    length: int = 1
