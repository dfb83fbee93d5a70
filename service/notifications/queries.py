"""Who follows, who cares, who was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.notifications.models import Follow, NoMail, Notice
from service.processes.models import Process
from service.proposals.models import Coauthor, Proposal, State


@dataclass(frozen=True, slots=True)
class News:
    """A line on the own page."""

    action: str
    at: datetime
    title: str
    language: str
    number: int
    process_slug: str


async def is_following(session: AsyncSession, proposal_id: UUID, account_id: UUID) -> bool:
    return await session.get(Follow, (account_id, proposal_id)) is not None


async def followed_by(session: AsyncSession, account_id: UUID) -> Sequence[tuple[Proposal, Process]]:
    """Newest follow first."""
    statement = (
        select(Proposal, Process)
        .join(Follow, col(Follow.proposal_id) == Proposal.id)
        .join(Process, col(Process.id) == Proposal.process_id)
        .where(Follow.account_id == account_id, Proposal.state != State.NOT_PUBLISHED)
        .order_by(col(Follow.since).desc(), col(Proposal.id))
    )
    return (await session.exec(statement)).all()


async def authors(session: AsyncSession, proposal: Proposal) -> set[UUID]:
    """The author and the co-authors who have accepted, as far as they still have an account."""
    statement = select(Coauthor.account_id).where(
        Coauthor.proposal_id == proposal.id, col(Coauthor.accepted_at).is_not(None)
    )
    found = {account_id for account_id in (await session.exec(statement)).all() if account_id}
    return found | ({proposal.author_id} if proposal.author_id else set())


async def followers(session: AsyncSession, proposal_id: UUID) -> set[UUID]:
    return set((await session.exec(select(Follow.account_id).where(Follow.proposal_id == proposal_id))).all())


async def wants_mail(session: AsyncSession, account_id: UUID) -> bool:
    return await session.get(NoMail, account_id) is None


async def news_for(session: AsyncSession, account_id: UUID, *, limit: int = 20) -> list[News]:
    """Newest first. What was taken out of public view is its author's alone."""
    statement: Any = (
        select_columns(
            *map(col, (Notice.action, Notice.made_at)),
            *map(col, (Proposal.title, Proposal.language, Proposal.number, Process.slug)),
        )
        .join(Proposal, col(Proposal.id) == Notice.proposal_id)
        .join(Process, col(Process.id) == Proposal.process_id)
        .where(
            col(Notice.account_id) == account_id,
            or_(col(Notice.is_author), col(Proposal.state) != State.NOT_PUBLISHED),
        )
        .order_by(col(Notice.made_at).desc(), col(Notice.id))
        .limit(limit)
    )
    return [News(*row) for row in (await session.exec(statement)).all()]


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything kept here about a person, as JSON can say it."""
    follows = (await session.exec(select(Follow).where(Follow.account_id == account_id))).all()
    notices = (await session.exec(select(Notice).where(Notice.account_id == account_id))).all()
    return {
        "follows": [row.model_dump(mode="json", exclude={"account_id"}) for row in follows],
        "notices": [row.model_dump(mode="json", exclude={"account_id"}) for row in notices],
    }
