"""Proposals that somebody or something has to look at: a moderator, the index, the worker who clears what is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit.models import Entry
from service.core import lemmas
from service.proposals.models import (
    Proposal,
    SearchEntry,
    State,
    Version,
)
from service.proposals.queries.access import is_coauthor
from service.proposals.rules import UNSENT


async def waiting_for_moderation(
    session: AsyncSession, processes: frozenset[UUID] | None, *, without: UUID | None = None
) -> Sequence[tuple[Proposal, Version | None]]:
    """Submitted proposals, and published ones with the edit that waits; oldest first. None: of all processes.

    `without` those that this account has written.
    """
    edit_waits = and_(
        col(Version.proposal_id) == Proposal.id,
        col(Version.published_at).is_(None),
        col(Version.returned_at).is_(None),
    )
    statement = (
        select(Proposal, Version)
        .outerjoin(Version, edit_waits)
        .where(
            or_(
                col(Proposal.state) == State.SUBMITTED,
                and_(col(Proposal.state) == State.PUBLISHED, col(Version.number).is_not(None)),
            )
        )
        .order_by(func.coalesce(Version.written_at, Proposal.submitted_at), col(Proposal.id))
    )
    if processes is not None:
        statement = statement.where(col(Proposal.process_id).in_(processes))
    if without is not None:
        is_author = col(Proposal.author_id).is_not_distinct_from(without)
        statement = statement.where(~is_author, ~is_coauthor(Proposal.id, without))
    return [(proposal, version) for proposal, version in (await session.exec(statement)).all()]


async def untouched(session: AsyncSession, since: datetime) -> Sequence[Proposal]:
    """Unsent proposals, and published ones with a returned edit, to which nothing was done after `since`: the trail tells. Held."""
    touched = exists().where(col(Entry.subject_id) == Proposal.id, col(Entry.at) > since)
    returned_edit = exists().where(
        col(Version.proposal_id) == Proposal.id,
        col(Version.published_at).is_(None),
        col(Version.returned_at).is_not(None),
    )
    waits_for_author = or_(
        col(Proposal.state).in_(UNSENT), and_(col(Proposal.state) == State.PUBLISHED, returned_edit)
    )
    statement = (
        select(Proposal)
        .where(waits_for_author, col(Proposal.created_at) <= since, ~touched)
        .order_by(col(Proposal.id))
        .with_for_update(key_share=True)
    )
    return (await session.exec(statement)).all()


async def outdated(session: AsyncSession, limit: int) -> Sequence[Proposal]:
    """Proposals whose search entry another version of the dictionaries made."""
    statement = (
        select(Proposal)
        .join(SearchEntry, col(SearchEntry.proposal_id) == Proposal.id)
        .where(SearchEntry.lemma_version != lemmas.VERSION)
        .order_by(col(Proposal.id))
        .limit(limit)
    )
    return (await session.exec(statement)).all()
