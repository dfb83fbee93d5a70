"""One proposal, for who may see it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.actor import Resident
from service.core.errors import NotFound
from service.processes.models import Process
from service.proposals.models import (
    Coauthor,
    Proposal,
    State,
    Version,
)
from service.proposals.rules import Viewer, is_moderated_by, is_public


async def get(session: AsyncSession, proposal_id: UUID) -> Proposal:
    """For other slices; raises NotFound. Whether a person may see it is asked by `seen_by`."""
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotFound
    return proposal


async def is_made(session: AsyncSession, nonce: UUID) -> bool:
    """Whether a form with this nonce has made a proposal."""
    return (await session.exec(select(Proposal.id).where(Proposal.nonce == nonce))).first() is not None


async def seen_by(session: AsyncSession, process: Process, number: int, viewer: Viewer) -> Proposal:
    """Raises NotFound where it is not for this viewer."""
    proposal = await _numbered(session, process, number)
    if (
        is_public(proposal)
        or is_moderated_by(proposal, viewer)
        or (viewer is not None and await is_writer(session, proposal, viewer.id))
    ):
        return proposal
    raise NotFound


async def written_by(session: AsyncSession, process: Process, number: int, author: Resident) -> Proposal:
    """For its author and accepted co-authors; raises NotFound for everybody else."""
    proposal = await _numbered(session, process, number)
    if not await is_writer(session, proposal, author.id):
        raise NotFound
    return proposal


async def is_writer(session: AsyncSession, proposal: Proposal, account_id: UUID) -> bool:
    """Author or accepted co-author."""
    if proposal.author_id == account_id:
        return True
    return (await session.exec(select(is_coauthor(proposal.id, account_id)))).one()


async def _numbered(session: AsyncSession, process: Process, number: int) -> Proposal:
    statement = select(Proposal).where(Proposal.process_id == process.id, Proposal.number == number)
    proposal = (await session.exec(statement)).one_or_none()
    if proposal is None:
        raise NotFound
    return proposal


def is_coauthor(proposal_id: Any, account_id: UUID) -> ColumnElement[bool]:
    """An accepted one, as a part of another SELECT."""
    return (
        select(Coauthor.id)
        .where(
            Coauthor.proposal_id == proposal_id,
            Coauthor.account_id == account_id,
        )
        .exists()
    )


def public() -> ColumnElement[bool]:
    """`rules.is_public`, as a part of another SELECT of Proposal."""
    return or_(
        col(Proposal.state).in_([State.PUBLISHED, State.MERGED]),
        and_(col(Proposal.state) == State.WITHDRAWN, col(Proposal.published_at).is_not(None)),
    )


async def public_numbers(
    session: AsyncSession, asked: Collection[tuple[UUID | None, int | None]]
) -> set[tuple[UUID, int]]:
    """Of these processes and numbers, those of proposals that anyone may read."""
    statement: Any = select_columns(col(Proposal.process_id), col(Proposal.number)).where(
        tuple_(col(Proposal.process_id), col(Proposal.number)).in_(
            [pair for pair in asked if None not in pair]
        ),
        public(),
    )
    return {(process_id, number) for process_id, number in (await session.exec(statement)).all()}


async def shows_picture(session: AsyncSession, picture_id: UUID, viewer: Viewer) -> bool | None:
    """True: to everybody; False: to this viewer, not to everybody; None: not to this viewer, or it is not a proposal's."""
    of_version = select(Version.proposal_id).where(Version.picture_id == picture_id)
    statement = select(Proposal).where(
        or_(col(Proposal.picture_id) == picture_id, col(Proposal.id).in_(of_version))
    )
    for proposal in (await session.exec(statement)).all():
        if is_public(proposal) and proposal.picture_id == picture_id:
            return True
        if viewer and (is_moderated_by(proposal, viewer) or await is_writer(session, proposal, viewer.id)):
            return False
    return None
