"""While people vote, the box is mixed; when voting has closed, drafts go; when the count is committed, keys."""

from datetime import timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import clock, jobs
from service.core.instance import Instance
from service.voting import actions, box, queries, seal

BATCH = 500  # drafts removed in one transaction
LINGER = timedelta(minutes=1)  # what was being written at the close is there by then


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
