"""Every SELECT about comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment
from service.core.errors import NotFound


class Shown(StrEnum):
    """What a reader is shown in a comment's place."""

    TEXT = "text"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as a reader sees it: without its text and its writer's name where it was withdrawn or hidden."""

    id: UUID
    parent_id: UUID | None
    author_id: UUID | None
    author_name: str
    language: str
    written_at: datetime
    shown: Shown
    text: str
    answers: str  # name of the one answered, where the answered comment is itself a reply and can be read


@dataclass(frozen=True, slots=True)
class Conversation:
    """A comment and all that came of it, in reading order."""

    first: Said
    replies: Sequence[Said]


async def is_made(session: AsyncSession, nonce: UUID) -> bool:
    """Whether a form with this nonce has made a comment."""
    return (await session.exec(select(Comment.id).where(Comment.nonce == nonce))).first() is not None


async def conversations(session: AsyncSession, thread_id: UUID) -> Sequence[Conversation]:
    """Oldest first; one statement. However deep people answer each other, a page has two levels."""
    statement = (
        select(Comment)
        .where(Comment.thread_id == thread_id)
        .order_by(col(Comment.written_at), col(Comment.id))
    )
    comments = (await session.exec(statement)).all()
    by_id = {comment.id: comment for comment in comments}
    answering: dict[UUID | None, list[Comment]] = {}
    for comment in comments:
        answering.setdefault(comment.parent_id, []).append(comment)
    return [
        Conversation(
            as_read(first),
            [as_read(reply, _answered(reply, by_id)) for reply in _in_reading_order(first, answering)],
        )
        for first in answering.get(None, [])
    ]


def _in_reading_order(first: Comment, answering: dict[UUID | None, list[Comment]]) -> list[Comment]:
    """Each answer right after what it answers. Without recursion: people can answer each other a thousand deep."""
    ordered: list[Comment] = []
    waiting = list(reversed(answering.get(first.id, [])))
    while waiting:
        comment = waiting.pop()
        ordered.append(comment)
        waiting.extend(reversed(answering.get(comment.id, [])))
    return ordered


def _answered(reply: Comment, by_id: dict[UUID, Comment]) -> str:
    answered = by_id[reply.parent_id] if reply.parent_id else reply
    return answered.author_name if answered.parent_id and _shown(answered) == Shown.TEXT else ""


def as_read(comment: Comment, answers: str = "") -> Said:
    shown = _shown(comment)
    return Said(
        id=comment.id,
        parent_id=comment.parent_id,
        author_id=comment.author_id,
        author_name=comment.author_name if shown == Shown.TEXT else "",
        language=comment.language,
        written_at=comment.written_at,
        shown=shown,
        text=comment.text if shown == Shown.TEXT else "",
        answers=answers,
    )


def _shown(comment: Comment) -> Shown:
    if comment.hidden_at:
        return Shown.HIDDEN
    return Shown.WITHDRAWN if comment.withdrawn_at else Shown.TEXT


def count_in(thread_id: Mapped[UUID]) -> ColumnElement[int]:
    """How many comments of a thread can be read, as a part of another SELECT."""
    return (
        select(func.count())
        .select_from(Comment)
        .where(
            Comment.thread_id == thread_id,
            col(Comment.hidden_at).is_(None),
            col(Comment.withdrawn_at).is_(None),
        )
        .scalar_subquery()
    )


async def get(session: AsyncSession, comment_id: UUID) -> Comment:
    """Raises NotFound. With its text whatever became of it: for its author and for moderators."""
    comment = await session.get(Comment, comment_id)
    if comment is None:
        raise NotFound
    return comment


async def of_person(session: AsyncSession, account_id: UUID) -> list[dict[str, Any]]:
    """Every comment a person has written, as JSON can say it."""
    statement = select(Comment).where(Comment.author_id == account_id).order_by(col(Comment.written_at))
    return [
        comment.model_dump(mode="json", exclude={"nonce", "author_id"})
        for comment in (await session.exec(statement)).all()
    ]
