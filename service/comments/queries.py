"""Every SELECT about comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as a reader sees it: without its text where it was withdrawn or hidden."""

    id: UUID
    parent_id: UUID | None
    author_id: UUID | None
    author_name: str
    language: str
    written_at: datetime
    state: Literal["shown", "withdrawn", "hidden"]
    text: str
    answers: str  # name of the one answered, where the answered comment is itself a reply


@dataclass(frozen=True, slots=True)
class Conversation:
    """A comment and all that came of it, in reading order."""

    first: Said
    replies: Sequence[Said]


async def conversations(session: AsyncSession, thread_id: UUID) -> Sequence[Conversation]:
    """Oldest first; one statement."""
    raise NotImplementedError


async def get(session: AsyncSession, comment_id: UUID) -> Comment:
    """Raises NotFound."""
    raise NotImplementedError


async def of_person(session: AsyncSession, account_id: UUID) -> list[dict[str, Any]]:
    """Everything kept here about a person, as JSON can say it."""
    raise NotImplementedError
