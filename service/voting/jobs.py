"""A ballot that has become final is told of; while people vote, the box is mixed; when voting has closed, drafts go; some weeks after the count, keys."""

from datetime import timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.audit import queries as trail
from service.core import clock, jobs
from service.core.actor import System
from service.core.instance import Instance
from service.processes.models import Process
from service.voting import actions, box, queries, seal

LISTED = "project.listed"
BATCH = 500  # drafts removed in one transaction
LINGER = timedelta(minutes=1)  # what was being written at the close is there by then


async def announce_ballot(instance: Instance, session: AsyncSession, *, process: str) -> None:  # noqa: ARG001 - every job takes the instance
    """Put on record, for each proposal on a ballot that is final now, that people can vote on it. A second run adds nothing.

    Not done by whoever froze the ballot: that may be the first resident who opens it, and they are on no record.
    """
    process_id = UUID(process)
    is_over = (await queries.phase(session, process_id)).closes_at <= await clock.now(session)
    if is_over or await trail.has_happened(session, LISTED, process_id=process_id):
        return
    for project in await queries.projects(session, process_id):
        if project.proposal_id:
            await audit.record(
                session,
                LISTED,
                project.proposal_id,
                by=System("worker"),
                process_id=process_id,
                public=False,
                number=project.number,
            )


async def mix(instance: Instance, session: AsyncSession) -> None:  # noqa: ARG001 - every job takes the instance
    """Wipe out the order in which people came. What was cast since the last run is all that still has one."""
    await box.mix(session, await queries.open_now(session, or_until=timedelta(hours=1)))


async def remove_drafts(instance: Instance, session: AsyncSession, *, process: str) -> None:
    """A batch of drafts; the next run goes on. The run that finds none left destroys their key."""
    process_id = UUID(process)
    closes_at = (await queries.phase(session, process_id)).closes_at
    wait = closes_at + LINGER - await clock.now(session)
    if wait > timedelta():
        await jobs.enqueue(session, "voting.remove_drafts", after=wait, process=process)
    elif await actions.remove_drafts(session, process_id, keys=instance.keys, most=BATCH):
        await jobs.enqueue(session, "voting.remove_drafts", process=process)
    else:
        instance.keys.destroy(process_id, "draft")


async def part_with_keys(instance: Instance, session: AsyncSession, *, process: str) -> None:
    """Enqueued by the count: when the time for questions about it is over, nobody can tell any more who chose what."""
    counted = await queries.vote_in_turn(session, UUID(process))
    assert counted.counted_at is not None
    until = counted.counted_at + timedelta(days=instance.settings.keys_kept_days)
    wait = until - await clock.now(session)
    if wait > timedelta():
        await jobs.enqueue(session, "voting.part_with_keys", after=wait, process=process)
        return
    vote_of = await session.get_one(Process, counted.process_id)
    await actions.destroy_keys(session, vote_of, keys=instance.keys, by=System("worker"))


async def destroy_keys(instance: Instance, session: AsyncSession, *, process: str) -> None:
    """Enqueued by the transaction that no longer needs them, so it runs only once that is committed."""
    vote = await queries.vote_in_turn(session, UUID(process))
    for name in seal.KEYS:
        instance.keys.destroy(vote.process_id, name)
    vote.keys_destroyed_at = await clock.now(session)
