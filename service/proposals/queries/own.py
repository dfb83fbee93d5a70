"""A person's own: what they have written, what waits for them, what is kept of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core.actor import Resident
from service.processes.models import Process
from service.proposals.models import (
    AuthorKind,
    Coauthor,
    Proposal,
    State,
    Support,
    Version,
)
from service.proposals.queries.access import is_coauthor
from service.proposals.rules import UNSENT


@dataclass(frozen=True, slots=True)
class Own:
    """A line of a person's own list."""

    process_slug: str
    process_title: dict[str, str]
    number: int
    title: str
    state: State
    created_at: datetime
    returned_at: datetime | None
    edit_waits: bool
    edit_returned: bool
    is_author: bool  # else co-author


@dataclass(frozen=True, slots=True)
class Invitation:
    """A question to become co-author."""

    coauthor_id: UUID
    title: str
    author_name: str
    author_kind: AuthorKind
    organisation: str
    process_slug: str
    process_title: dict[str, str]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person: their own to finish, and others' questions to answer."""

    drafts: Sequence[Own]
    returned: Sequence[Own]  # proposals, and edits of published ones
    invitations: Sequence[Invitation]


async def of_author(session: AsyncSession, account_id: UUID) -> Sequence[Own]:
    """Own proposals and those one is co-author of, newest first."""
    statement: Any = (
        select_columns(
            Proposal, *map(col, (Version.returned_at, Version.written_at, Process.slug, Process.title))
        )
        .join(Process, col(Process.id) == Proposal.process_id)
        .outerjoin(
            Version, and_(col(Version.proposal_id) == Proposal.id, col(Version.published_at).is_(None))
        )
        .where(or_(col(Proposal.author_id) == account_id, is_coauthor(Proposal.id, account_id)))
        .order_by(col(Proposal.created_at).desc(), col(Proposal.number).desc())
    )
    return [
        Own(
            process_slug=slug,
            process_title=title,
            number=proposal.number,
            title=proposal.title,
            state=proposal.state,
            created_at=proposal.created_at,
            returned_at=returned_at or proposal.returned_at,
            edit_waits=written_at is not None and returned_at is None,
            edit_returned=returned_at is not None,
            is_author=proposal.author_id == account_id,
        )
        for proposal, returned_at, written_at, slug, title in (await session.exec(statement)).all()
    ]


async def waiting_for(session: AsyncSession, resident: Resident) -> Waiting:
    """Two statements."""
    own = await of_author(session, resident.id)
    return Waiting(
        drafts=[row for row in own if row.state == State.DRAFT],
        returned=[row for row in own if row.state == State.RETURNED or row.edit_returned],
        invitations=await invitations(session, resident.id),
    )


async def invitations(session: AsyncSession, account_id: UUID) -> Sequence[Invitation]:
    """Unanswered questions to this account's address, oldest first."""
    statement: Any = (
        select_columns(
            col(Coauthor.id),
            col(Proposal.title),
            col(Proposal.author_name),
            col(Proposal.author_kind),
            col(Proposal.organisation),
            col(Process.slug),
            col(Process.title),
            col(Coauthor.asked_at),
        )
        .join(Account, col(Account.sign_in_digest) == Coauthor.sign_in_digest)
        .join(Proposal, col(Proposal.id) == Coauthor.proposal_id)
        .join(Process, col(Process.id) == Proposal.process_id)
        .where(
            col(Account.id) == account_id,
            col(Coauthor.accepted_at).is_(None),
            col(Coauthor.declined_at).is_(None),
            col(Proposal.state).in_([*UNSENT, State.SUBMITTED, State.PUBLISHED]),
        )
        .order_by(col(Coauthor.asked_at), col(Coauthor.id))
    )
    return [Invitation(*row) for row in (await session.exec(statement)).all()]


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, Any]:
    """Everything kept here about a person, as JSON can say it."""
    written = select(Proposal).where(Proposal.author_id == account_id).order_by(col(Proposal.created_at))
    edits = (
        select(Version)
        .join(Proposal, col(Proposal.id) == Version.proposal_id)
        .where(Proposal.author_id == account_id)
        .order_by(col(Version.proposal_id), col(Version.number))
    )
    asked = (
        select(Coauthor)
        .join(Account, col(Account.sign_in_digest) == Coauthor.sign_in_digest)
        .where(Account.id == account_id)
        .order_by(col(Coauthor.asked_at))
    )
    given = select(Support).where(Support.account_id == account_id).order_by(col(Support.given_at))
    return {
        "proposals": [
            row.model_dump(mode="json", exclude={"nonce", "author_id", "thread_id"})
            for row in (await session.exec(written)).all()
        ],
        "proposal_versions": [row.model_dump(mode="json") for row in (await session.exec(edits)).all()],
        "coauthorships": [
            row.model_dump(mode="json", exclude={"sign_in_digest", "account_id"})
            for row in (await session.exec(asked)).all()
        ],
        "supports": [
            row.model_dump(mode="json", exclude={"account_id"}) for row in (await session.exec(given)).all()
        ],
    }
