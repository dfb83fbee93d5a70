"""A ballot that has become final is told of; while people vote, the box is mixed; when voting has closed, drafts go; when the count is committed, keys."""

from datetime import timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.audit import queries as trail
from service.core import clock, jobs
from service.core.actor import System
from service.core.instance import Instance
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


async def destroy_keys(instance: Instance, session: AsyncSession, *, process: str) -> None:  # noqa: ARG001 - every job takes the session
    """Enqueued by the transaction that no longer needs them, so it runs only once that is committed."""
    for name in seal.KEYS:
        instance.keys.destroy(UUID(process), name)
