"""May this person change this proposal now? Each check sees what stands at this moment and holds it until the transaction ends."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import clock
from service.core.actor import Editor, Resident, Staff
from service.core.errors import Forbidden, NotFound
from service.processes import queries as processes
from service.processes.models import Activity
from service.processes.rules import allows
from service.proposals import queries, rules
from service.proposals.models import Content, Proposal, State


async def _lock(session: AsyncSession, proposal: Proposal) -> None:
    """See what stands now and let nobody else change it before this transaction ends."""
    statement = select(Proposal).where(Proposal.id == proposal.id).with_for_update(key_share=True)
    found = await session.exec(statement.execution_options(populate_existing=True))
    if found.one_or_none() is None:
        raise NotFound


async def lock_as_writer(session: AsyncSession, proposal: Proposal, by: Resident) -> None:
    await _lock(session, proposal)
    if not await queries.is_writer(session, proposal, by.id):
        raise NotFound


async def lock_as_author(session: AsyncSession, proposal: Proposal, by: Resident) -> None:
    await _lock(session, proposal)
    if proposal.author_id != by.id:
        raise NotFound


async def lock_as_staff(session: AsyncSession, proposal: Proposal, by: Staff) -> None:
    check_permitted(proposal, by)
    await _lock(session, proposal)


async def lock_all(session: AsyncSession, proposals: Sequence[Proposal], by: Editor) -> None:
    """In one order, and before the process: no two wait for each other."""
    for proposal in sorted(proposals, key=lambda proposal: proposal.id):
        await lock_as_staff(session, proposal, by)


async def lock_for_merge(session: AsyncSession, proposals: Sequence[Proposal], by: Editor) -> None:
    await lock_all(session, proposals, by)
    for proposal in proposals:
        if proposal.state != State.PUBLISHED or proposal.process_id != proposals[0].process_id:
            raise rules.CannotBeMerged
    await check_not_fixed(session, proposals[0])


def check_permitted(proposal: Proposal, by: Staff) -> None:
    if not by.may_act_in(proposal.process_id):
        raise Forbidden


async def check_not_fixed(session: AsyncSession, proposal: Proposal) -> None:
    """Raises TextsAreFixed."""
    if not await processes.may_change_ballot(session, proposal.process_id):
        raise rules.TextsAreFixed


async def check_supporting(session: AsyncSession, proposal: Proposal) -> None:
    phases = await processes.phases(session, proposal.process_id)
    if not allows(phases, Activity.SUPPORT, at=await clock.now(session)):
        raise rules.SupportIsClosed


async def check_places(session: AsyncSession, process_id: UUID, content: Content) -> None:
    if content.area_id is None and content.category_id is None:
        return
    places = await queries.places(session, process_id)
    if content.area_id is not None and content.area_id not in places.areas:
        raise rules.AreaUnknown("area_id")
    if content.category_id is not None and content.category_id not in places.categories:
        raise rules.CategoryUnknown("category_id")
