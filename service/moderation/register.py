"""What was decided: the public register, which names nobody and quotes nobody, and the moderators' own list of the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment
from service.core import markdown
from service.core.actor import Moderator
from service.moderation.models import Appeal, Ground, Kind, Ruling
from service.moderation.queries import BEGINNING
from service.processes.models import Process
from service.proposals.models import Proposal

EXCERPT = 300


@dataclass(frozen=True, slots=True)
class Registered:
    """A line of the public register."""

    ruled_at: datetime
    kind: Kind
    ground: Ground | None
    of_comment: bool
    of_edit: bool
    process_slug: str | None
    process_title: dict[str, str] | None
    is_second: bool  # itself the outcome of a second review
    appealed: bool
    second_kind: Kind | None  # what the second review came to; None while it waits


async def registered(
    session: AsyncSession, *, kinds: frozenset[Kind] = frozenset(), limit: int | None = None, offset: int = 0
) -> list[Registered]:
    """Newest first; only these kinds where some are named. Keeping a reported text as it is stands here too."""
    appealed, outcome, second = aliased(Appeal), aliased(Appeal), aliased(Ruling)
    statement: Any = (
        select_columns(
            col(Ruling.ruled_at),
            col(Ruling.kind),
            col(Ruling.ground),
            col(Ruling.comment_id).is_not(None),
            col(Ruling.of_edit),
            col(Process.slug),
            col(Process.title),
            col(outcome.id).is_not(None),
            col(appealed.id).is_not(None),
            col(second.kind),
        )
        .outerjoin(Process, col(Process.id) == Ruling.process_id)
        .outerjoin(outcome, col(outcome.second_ruling_id) == Ruling.id)
        .outerjoin(appealed, col(appealed.ruling_id) == Ruling.id)
        .outerjoin(second, col(second.id) == appealed.second_ruling_id)
        .order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
        .limit(limit)
        .offset(offset)
    )
    if kinds:
        statement = statement.where(col(Ruling.kind).in_(kinds))
    return [Registered(*row) for row in (await session.exec(statement)).all()]


async def counts(session: AsyncSession) -> dict[Kind, int]:
    """How many rulings of each kind there are."""
    statement: Any = select_columns(col(Ruling.kind), func.count()).group_by(col(Ruling.kind))
    return dict((await session.exec(statement)).all())


@dataclass(frozen=True, slots=True)
class Decided:
    """A ruling as moderators see it, with the way to what it was about."""

    ruling: Ruling
    title: str
    language: str
    process: Process | None


async def decided(session: AsyncSession, moderator: Moderator, *, limit: int, offset: int) -> list[Decided]:
    """Of the moderator's processes, by all moderators; newest first."""
    statement: Any = (
        select_columns(
            Ruling,
            col(Proposal.title),
            func.left(Comment.text, EXCERPT),
            func.coalesce(Proposal.language, Comment.language),
            Process,
        )
        .outerjoin(Proposal, col(Proposal.id) == Ruling.proposal_id)
        .outerjoin(Comment, col(Comment.id) == Ruling.comment_id)
        .outerjoin(Process, col(Process.id) == Ruling.process_id)
        .order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
        .limit(limit)
        .offset(offset)
    )
    if moderator.processes is not None:
        statement = statement.where(col(Ruling.process_id).in_(moderator.processes))
    return [
        Decided(
            ruling=ruling,
            title=title if title is not None else markdown.plain(text or "", BEGINNING),
            language=language,
            process=process,
        )
        for ruling, title, text, language, process in (await session.exec(statement)).all()
    ]


async def count_decided(session: AsyncSession, moderator: Moderator) -> int:
    statement: Any = select_columns(func.count()).select_from(Ruling)
    if moderator.processes is not None:
        statement = statement.where(col(Ruling.process_id).in_(moderator.processes))
    number: int = (await session.exec(statement)).scalar_one()
    return number
