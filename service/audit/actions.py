"""Record what happened, and let go of what is old."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit.models import Entry
from service.core import database, jobs
from service.core.actor import Actor, System


async def expire(session: AsyncSession, until: datetime, *, by: System) -> None:
    """What was recorded before `until` goes, with the news of it; the database keeps the last year in any case."""
    gone = await session.exec(delete(Entry).where(col(Entry.at) < until))
    if gone.rowcount:
        await record(session, "audit.expired", by=by, public=False, entries=gone.rowcount)


async def record(
    session: AsyncSession,
    action: str,
    subject_id: UUID | None = None,
    *,
    by: Actor,
    process_id: UUID | None = None,
    public: bool = True,
    **details: object,
) -> Entry:
    """Write the entry and let the worker tell those it concerns.

    `public` says that something anyone may see has changed. `details` are numbers, codes and ids of things, never words a
    person wrote, names or addresses. Casting a ballot and submitting an anonymous answer are never recorded: see
    docs/decisions/0002-secrecy.md.
    """
    entry = Entry(
        action=action,
        actor_role=by.role.value,
        actor_id=by.id,
        process_id=process_id,
        subject_id=subject_id,
        details=details,
    )
    session.add(entry)
    await session.flush()  # the job needs the entry's number
    await jobs.enqueue(session, "audit.recorded", entry=entry.id)
    if public:
        database.publish(session)
    return entry
