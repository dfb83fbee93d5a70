"""The queue, the reports, the appeals, the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment, Thread
from service.core.actor import Moderator
from service.core.errors import NotFound
from service.moderation.models import Appeal, Ground, Kind, Report, Ruling
from service.processes.models import Process
from service.proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Reported:
    """A public text with its open reports."""

    proposal_id: UUID | None
    comment_id: UUID | None
    process_id: UUID | None
    title: str
    reports: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Appealed:
    """A request for a second review that waits, with the first ruling."""

    appeal: Appeal
    ruling: Ruling
    title: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A line of the public register: no name, no words of anybody."""

    ruled_at: datetime
    kind: Kind
    ground: Ground | None
    of_comment: bool
    of_edit: bool
    process_slug: str | None
    process_title: dict[str, str] | None
    appealed: bool
    second_kind: Kind | None


async def ruling(session: AsyncSession, ruling_id: UUID) -> Ruling:
    found = await session.get(Ruling, ruling_id)
    if found is None:
        raise NotFound
    return found


async def latest_of(session: AsyncSession, proposal_id: UUID) -> Ruling | None:
    """The newest ruling on a proposal, whose reason its author sees."""
    statement = (
        select(Ruling)
        .where(Ruling.proposal_id == proposal_id)
        .order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def of_proposal(session: AsyncSession, proposal_id: UUID) -> Sequence[Ruling]:
    """Newest first."""
    statement = (
        select(Ruling)
        .where(Ruling.proposal_id == proposal_id)
        .order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
    )
    return (await session.exec(statement)).all()


async def of_comment(session: AsyncSession, comment_id: UUID) -> Sequence[Ruling]:
    """Newest first."""
    statement = (
        select(Ruling)
        .where(Ruling.comment_id == comment_id)
        .order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
    )
    return (await session.exec(statement)).all()


async def appeal_of(session: AsyncSession, ruling_id: UUID) -> Appeal | None:
    return (await session.exec(select(Appeal).where(Appeal.ruling_id == ruling_id))).one_or_none()


async def open_reports(session: AsyncSession, moderator: Moderator) -> list[Reported]:
    """By thing, the oldest report first."""
    title = func.coalesce(func.max(Proposal.title), func.left(func.max(Comment.text), 80))
    statement: Any = (
        select_columns(  # type: ignore[call-overload]
            Report.proposal_id,
            Report.comment_id,
            Report.process_id,
            title,
            func.count(),
            func.min(Report.reported_at),
        )
        .outerjoin(Proposal, col(Proposal.id) == Report.proposal_id)
        .outerjoin(Comment, col(Comment.id) == Report.comment_id)
        .where(col(Report.ruling_id).is_(None))
        .group_by(col(Report.proposal_id), col(Report.comment_id), col(Report.process_id))
        .order_by(func.min(Report.reported_at))
    )
    rows = [Reported(*row) for row in (await session.exec(statement)).all()]
    return [row for row in rows if moderator.may_act_in(row.process_id)]


async def reports_on(
    session: AsyncSession, *, proposal_id: UUID | None = None, comment_id: UUID | None = None
) -> Sequence[Report]:
    """Open ones, oldest first."""
    statement = (
        select(Report)
        .where(
            col(Report.ruling_id).is_(None),
            col(Report.proposal_id).is_not_distinct_from(proposal_id),
            col(Report.comment_id).is_not_distinct_from(comment_id),
        )
        .order_by(col(Report.reported_at))
    )
    return (await session.exec(statement)).all()


async def open_appeals(session: AsyncSession, moderator: Moderator) -> list[Appealed]:
    """That this moderator may decide: not those of the own rulings. The oldest first."""
    statement: Any = (
        select_columns(Appeal, Ruling, func.coalesce(Proposal.title, func.left(Comment.text, 80)))
        .join(Ruling, col(Ruling.id) == Appeal.ruling_id)
        .outerjoin(Proposal, col(Proposal.id) == Ruling.proposal_id)
        .outerjoin(Comment, col(Comment.id) == Ruling.comment_id)
        .where(
            col(Appeal.second_ruling_id).is_(None), col(Ruling.moderator_id).is_distinct_from(moderator.id)
        )
        .order_by(col(Appeal.made_at))
    )
    rows = [Appealed(*row) for row in (await session.exec(statement)).all()]
    return [row for row in rows if moderator.may_act_in(row.ruling.process_id)]


async def appeal(session: AsyncSession, appeal_id: UUID) -> Appeal:
    found = await session.get(Appeal, appeal_id)
    if found is None:
        raise NotFound
    return found


async def comment(session: AsyncSession, comment_id: UUID) -> tuple[Comment, Thread]:
    """With the thread that says whose moderators look after it."""
    statement = (
        select(Comment, Thread)
        .join(Thread, col(Thread.id) == Comment.thread_id)
        .where(Comment.id == comment_id)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def register(
    session: AsyncSession, *, page: int = 1, per_page: int = 50
) -> tuple[list[Registered], int]:
    """Newest first, with the number of all. Keeping a reported text as it is is registered too."""
    second = aliased(Ruling)
    statement: Any = (
        select_columns(  # type: ignore[call-overload]
            Ruling.ruled_at,
            Ruling.kind,
            Ruling.ground,
            col(Ruling.comment_id).is_not(None),
            Ruling.of_edit,
            Process.slug,
            Process.title,
            col(Appeal.id).is_not(None),
            second.kind,
        )
        .outerjoin(Process, col(Process.id) == Ruling.process_id)
        .outerjoin(Appeal, col(Appeal.ruling_id) == Ruling.id)
        .outerjoin(second, col(second.id) == Appeal.second_ruling_id)
        .order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    count = (await session.exec(select(func.count()).select_from(Ruling))).one()
    return [Registered(*row) for row in (await session.exec(statement)).all()], count


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything kept here about a person, as JSON can say it."""
    reports = (await session.exec(select(Report).where(Report.reporter_id == account_id))).all()
    appeals = (await session.exec(select(Appeal).where(Appeal.author_id == account_id))).all()
    return {
        "reports": [row.model_dump(mode="json", exclude={"reporter_id", "nonce"}) for row in reports],
        "appeals": [row.model_dump(mode="json", exclude={"author_id"}) for row in appeals],
    }
