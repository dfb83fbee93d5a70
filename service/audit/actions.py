"""Record what happened."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit.models import Entry
from service.core import database, jobs
from service.core.actor import Actor


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
