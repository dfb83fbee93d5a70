"""Everything that changes a discussion."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.audit import frequency
from service.comments import queries
from service.comments.models import Comment, Thread, Words
from service.comments.rules import CommentIsGone, TooManyComments
from service.core import clock
from service.core.actor import Actor, Moderator, Resident
from service.core.database import violated
from service.core.errors import Forbidden, NotFound, SentBefore
from service.core.settings import COMMENTS_A_DAY


async def open_thread(session: AsyncSession, process_id: UUID | None = None) -> Thread:
    """For a thing that is about to be made; what is recorded is the thing."""
    thread = Thread(process_id=process_id)
    session.add(thread)
    await session.flush()  # the thing that holds its id comes next
    return thread


async def remove_thread(session: AsyncSession, thread_id: UUID) -> None:
    """With all its comments; the thing that held it is gone."""
    await session.exec(delete(Thread).where(col(Thread.id) == thread_id))


async def add(
    session: AsyncSession,
    thread_id: UUID,
    words: Words,
    *,
    nonce: UUID,
    by: Resident,
    parent_id: UUID | None = None,
    most_a_day: int = COMMENTS_A_DAY,
) -> Comment:
    """Whether the thread is open is decided by the thing that holds it: doors call its action (`proposals.actions.comment`).

    Raises CommentIsGone, TooManyComments. The same nonce again returns the comment that is there.
    """
    thread = await session.get_one(Thread, thread_id)
    if parent_id is not None:
        await _check_answerable(session, thread_id, parent_id)
    await frequency.take_turn(session, by)
    if not await queries.is_made(session, nonce):
        await frequency.check(session, "comment.added", by=by, most=most_a_day, refusal=TooManyComments)
    comment = Comment(
        **words.model_dump(),
        thread_id=thread_id,
        parent_id=parent_id,
        author_id=by.id,
        author_name=by.name,
        language=by.language,
        nonce=nonce,
    )
    try:
        async with session.begin_nested():
            session.add(comment)
            await session.flush()
    except IntegrityError as error:
        if violated(error) != "uq_comment_nonce":
            raise
        return await _sent_before(session, thread_id, nonce, by)
    await _record(session, "comment.added", comment, thread, by)
    return comment


async def withdraw(session: AsyncSession, comment: Comment, *, by: Resident) -> Comment:
    """One's own alone (NotFound). Its place in the thread stays; withdrawing again changes nothing."""
    if comment.author_id != by.id:
        raise NotFound
    if comment.withdrawn_at is None:
        comment.withdrawn_at = await clock.now(session)
        await _record(session, "comment.withdrawn", comment, await _thread(session, comment), by)
    return comment


async def hide(session: AsyncSession, comment: Comment, *, by: Moderator) -> Comment:
    """Take a comment's text out of public. Its place in the thread stays."""
    thread = await _moderated(session, comment, by)
    if comment.hidden_at is None:
        comment.hidden_at = await clock.now(session)
        await _record(session, "comment.hidden", comment, thread, by)
    return comment


async def show(session: AsyncSession, comment: Comment, *, by: Moderator) -> Comment:
    """Undo `hide`."""
    thread = await _moderated(session, comment, by)
    if comment.hidden_at is not None:
        comment.hidden_at = None
        await _record(session, "comment.shown", comment, thread, by)
    return comment


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Before an account is deleted: comments stay without the name, withdrawn ones lose their text too."""
    own = col(Comment.author_id) == account_id
    await session.exec(update(Comment).where(own, col(Comment.withdrawn_at).is_not(None)).values(text=""))
    await session.exec(update(Comment).where(own).values(author_id=None, author_name=""))


async def _check_answerable(session: AsyncSession, thread_id: UUID, parent_id: UUID) -> None:
    parent = await session.get(Comment, parent_id)
    if parent is None or parent.thread_id != thread_id:
        raise NotFound
    if parent.hidden_at or parent.withdrawn_at:
        raise CommentIsGone


async def _sent_before(session: AsyncSession, thread_id: UUID, nonce: UUID, by: Resident) -> Comment:
    comment = (await session.exec(select(Comment).where(Comment.nonce == nonce))).one()
    if comment.author_id != by.id or comment.thread_id != thread_id:
        raise SentBefore
    return comment


async def _thread(session: AsyncSession, comment: Comment) -> Thread:
    return await session.get_one(Thread, comment.thread_id)


async def _moderated(session: AsyncSession, comment: Comment, by: Moderator) -> Thread:
    thread = await _thread(session, comment)
    if not by.may_act_in(thread.process_id):
        raise Forbidden
    return thread


async def _record(session: AsyncSession, action: str, comment: Comment, thread: Thread, by: Actor) -> None:
    await audit.record(
        session, action, comment.id, by=by, process_id=thread.process_id, thread=str(thread.id)
    )
