"""Everything that changes a discussion."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment, Thread, Words
from service.core.actor import Moderator, Resident


async def open_thread(session: AsyncSession, process_id: UUID | None) -> Thread:
    raise NotImplementedError


async def add(
    session: AsyncSession,
    thread_id: UUID,
    words: Words,
    *,
    nonce: UUID,
    by: Resident,
    parent_id: UUID | None = None,
) -> Comment:
    """The owner of the thread decides whether it is open: call its action (`proposals.actions.comment`), not this one, from a door."""
    raise NotImplementedError


async def withdraw(session: AsyncSession, comment: Comment, *, by: Resident) -> Comment:
    """Own comments only (NotFound). Its place in the thread stays."""
    raise NotImplementedError


async def hide(session: AsyncSession, comment: Comment, *, by: Moderator) -> Comment:
    raise NotImplementedError


async def show(session: AsyncSession, comment: Comment, *, by: Moderator) -> Comment:
    """Undo `hide`."""
    raise NotImplementedError


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Before an account is deleted: comments stay without the name, withdrawn ones lose their text too."""
    raise NotImplementedError
