"""What waits for a moderator: one list of new proposals, changes, reports and appeals, the oldest first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, func, literal
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment
from service.core import markdown
from service.core.actor import Moderator
from service.moderation.models import Appeal, Ground, Report, Ruling
from service.moderation.queries import BEGINNING
from service.processes import queries as processes
from service.processes.models import Process
from service.proposals import queries as proposals
from service.proposals.models import Proposal

EXCERPT = 300

Statement = TypeVar("Statement", bound=Select[Any])


class Matter(StrEnum):
    """Why it waits."""

    PROPOSAL = "proposal"
    EDIT = "edit"
    REPORT = "report"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue. Of a comment, `title` is its beginning."""

    matter: Matter
    since: datetime
    process: Process | None
    title: str
    language: str
    proposal_id: UUID | None = None
    comment_id: UUID | None = None
    appeal_id: UUID | None = None
    reports: int = 0
    ground: Ground | None = None  # of the oldest report, or of the ruling appealed


async def waiting(session: AsyncSession, moderator: Moderator) -> list[Waiting]:
    """All that this moderator may decide: nothing of their own, no appeal of their own ruling. Four statements."""
    looked_after = await processes.looked_after(session, moderator.processes)
    of = {process.id: process for process in looked_after}
    lines = [
        *await _texts(session, moderator, of),
        *await _reported(session, moderator, of),
        *await _appealed(session, moderator, of),
    ]
    return sorted(lines, key=lambda line: line.since)


async def _texts(session: AsyncSession, moderator: Moderator, of: dict[UUID, Process]) -> list[Waiting]:
    return [
        Waiting(
            matter=Matter.EDIT if edit else Matter.PROPOSAL,
            since=edit.written_at if edit else proposal.submitted_at or proposal.created_at,
            process=of.get(proposal.process_id),
            title=edit.title if edit else proposal.title,
            language=proposal.language,
            proposal_id=proposal.id,
        )
        for proposal, edit in await proposals.waiting_for_moderation(
            session, moderator.processes, without=moderator.id
        )
    ]


async def _reported(session: AsyncSession, moderator: Moderator, of: dict[UUID, Process]) -> list[Waiting]:
    grounds = func.array_agg(aggregate_order_by(col(Report.ground), col(Report.reported_at)))
    statement: Any = (
        select_columns(
            *map(col, (Report.proposal_id, Report.comment_id, Report.process_id)),
            func.count(),
            func.min(Report.reported_at),
            grounds,
            *_text(),
        )
        .outerjoin(Proposal, col(Proposal.id) == Report.proposal_id)
        .outerjoin(Comment, col(Comment.id) == Report.comment_id)
        .where(col(Report.ruling_id).is_(None), _not_own(moderator))
        .group_by(
            *map(col, (Report.proposal_id, Report.comment_id, Report.process_id, Proposal.id, Comment.id))
        )
    )
    rows = (await session.exec(_within(statement, Report.process_id, moderator))).all()
    return [
        Waiting(
            matter=Matter.REPORT,
            since=since,
            process=of.get(process_id),
            title=_title(title, text),
            language=language,
            proposal_id=proposal_id,
            comment_id=comment_id,
            reports=count,
            ground=Ground(grounds[0]),
        )
        for proposal_id, comment_id, process_id, count, since, grounds, title, text, language in rows
    ]


async def _appealed(session: AsyncSession, moderator: Moderator, of: dict[UUID, Process]) -> list[Waiting]:
    statement: Any = (
        select_columns(Appeal, Ruling, *_text())
        .join(Ruling, col(Ruling.id) == Appeal.ruling_id)
        .outerjoin(Proposal, col(Proposal.id) == Ruling.proposal_id)
        .outerjoin(Comment, col(Comment.id) == Ruling.comment_id)
        .where(
            col(Appeal.second_ruling_id).is_(None),
            col(Ruling.moderator_id).is_distinct_from(moderator.id),
            _not_own(moderator),
        )
    )
    rows = (await session.exec(_within(statement, Ruling.process_id, moderator))).all()
    return [
        Waiting(
            matter=Matter.APPEAL,
            since=appeal.made_at,
            process=of.get(ruling.process_id),
            title=_title(title, text),
            language=language,
            proposal_id=ruling.proposal_id,
            comment_id=ruling.comment_id,
            appeal_id=appeal.id,
            ground=ruling.ground,
        )
        for appeal, ruling, title, text, language in rows
    ]


def _text() -> list[Any]:
    """Title of a proposal, beginning of a comment, language of either."""
    return [
        col(Proposal.title),
        func.left(Comment.text, EXCERPT),
        func.coalesce(Proposal.language, Comment.language),
    ]


def _title(title: str | None, text: str | None) -> str:
    return title if title is not None else markdown.plain(text or "", BEGINNING)


def _not_own(moderator: Moderator) -> Any:
    author = func.coalesce(Proposal.author_id, Comment.author_id)
    return and_(
        author.is_distinct_from(literal(moderator.id)), ~proposals.is_coauthor(Proposal.id, moderator.id)
    )


def _within(statement: Statement, process_id: Any, moderator: Moderator) -> Statement:
    if moderator.processes is None:
        return statement
    return statement.where(col(process_id).in_(moderator.processes))
