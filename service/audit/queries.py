"""Read the trail."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit.models import Entry
from service.core.actor import Role


async def get(session: AsyncSession, entry_id: int) -> Entry | None:
    return await session.get(Entry, entry_id)


async def has_happened(
    session: AsyncSession, action: str | None = None, *, process_id: UUID | None = None
) -> bool:
    """Whether this was ever recorded, in this process or in any; without an action: whether anything was."""
    statement = select(Entry.id).limit(1)
    if action is not None:
        statement = statement.where(Entry.action == action)
    if process_id is not None:
        statement = statement.where(Entry.process_id == process_id)
    return (await session.exec(statement)).first() is not None


async def of_staff(
    session: AsyncSession,
    *,
    within: frozenset[UUID] | None,
    process_id: UUID | None = None,
    before: int | None = None,
    limit: int,
) -> list[Entry]:
    """What staff, the operator and the worker did in these processes (None: anywhere), newest first.

    `before` is an entry's number for the next page.
    """
    statement = (
        select(Entry)
        .where(Entry.actor_role != Role.RESIDENT.value)
        .order_by(col(Entry.id).desc())
        .limit(limit)
    )
    if within is not None:
        statement = statement.where(col(Entry.process_id).in_(within))
    if process_id is not None:
        statement = statement.where(Entry.process_id == process_id)
    if before is not None:
        statement = statement.where(col(Entry.id) < before)
    return list((await session.exec(statement)).all())


async def of_person(session: AsyncSession, account_id: UUID) -> list[dict[str, Any]]:
    """What the trail says a person did, oldest first, as JSON can say it."""
    statement = select(Entry).where(Entry.actor_id == account_id).order_by(col(Entry.id))
    return [
        entry.model_dump(mode="json", exclude={"id", "actor_id"})
        for entry in (await session.exec(statement)).all()
    ]
