"""What stands around one proposal: who signs and supports it, what it was merged with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments import queries as comments
from service.proposals.models import (
    Coauthor,
    Proposal,
    State,
    Support,
    Version,
)
from service.proposals.queries.access import public
from service.proposals.rules import Viewer


@dataclass(frozen=True, slots=True)
class Link:
    """A proposal as others point to it."""

    id: UUID
    number: int
    title: str
    state: State
    author_name: str


@dataclass(frozen=True, slots=True)
class Detail:
    """What one proposal's page shows beside its own columns."""

    supports: int
    carried_supports: int  # people who supported an original proposal and not this one itself
    comments: int
    versions: int
    supported: bool  # by the viewer
    written: bool  # the viewer is author or co-author
    coauthors: Sequence[str]
    sources: Sequence[Link]
    target: Link | None


async def detail(session: AsyncSession, proposal: Proposal, viewer: Viewer) -> Detail:
    """Three statements."""
    counts: Any = select_columns(
        own_supports(),
        carried_supports(),
        comments.count_in(col(Proposal.thread_id)),
        _public_versions(),
        _supported_by(viewer.id if viewer else None),
    ).where(col(Proposal.id) == proposal.id)
    own, carried, said, versions, supported = (await session.exec(counts)).one()
    accepted = [row for row in await coauthors(session, proposal) if row.accepted_at]
    links = await _links(session, proposal)
    return Detail(
        supports=own,
        carried_supports=carried,
        comments=said,
        versions=versions,
        supported=supported,
        written=viewer is not None
        and viewer.id in {proposal.author_id, *(row.account_id for row in accepted)},
        coauthors=[row.name for row in accepted],
        sources=[link for link in links if link.id != proposal.merged_into_id],
        target=next((link for link in links if link.id == proposal.merged_into_id), None),
    )


@cache
def own_supports() -> ColumnElement[int]:
    """People who support a proposal, as a part of another SELECT of Proposal."""
    return (
        select(func.count())
        .select_from(Support)
        .where(Support.proposal_id == Proposal.id)
        .correlate(Proposal)
        .scalar_subquery()
    )


@cache
def carried_supports() -> ColumnElement[int]:
    """People who support an original of a merged proposal and not yet the merged one: nobody is counted twice.

    Support is never moved: a person supported one text, and the merged one may say something else.
    """
    source, given, own = aliased(Proposal), aliased(Support), aliased(Support)
    supports_itself = (
        select(own.account_id)
        .where(own.proposal_id == Proposal.id, own.account_id == given.account_id)
        .correlate(Proposal, given)
        .exists()
    )
    return (
        select(func.count(func.distinct(given.account_id)))
        .select_from(source)
        .join(given, col(given.proposal_id) == source.id)
        .where(source.merged_into_id == Proposal.id, ~supports_itself)
        .correlate(Proposal)
        .scalar_subquery()
    )


def _public_versions() -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Version)
        .where(Version.proposal_id == Proposal.id, col(Version.published_at).is_not(None))
        .correlate(Proposal)
        .scalar_subquery()
    )


def _supported_by(account_id: UUID | None) -> ColumnElement[bool]:
    return (
        select(Support.account_id)
        .where(Support.proposal_id == Proposal.id, Support.account_id == account_id)
        .correlate(Proposal)
        .exists()
    )


async def _links(session: AsyncSession, proposal: Proposal) -> Sequence[Link]:
    """The proposals merged into it, and the one it was merged into, as far as anyone may read them."""
    statement: Any = (
        select_columns(
            *map(col, (Proposal.id, Proposal.number, Proposal.title, Proposal.state, Proposal.author_name))
        )
        .where(
            or_(col(Proposal.merged_into_id) == proposal.id, col(Proposal.id) == proposal.merged_into_id),
            public(),
        )
        .order_by(col(Proposal.number))
    )
    return [Link(*row) for row in (await session.exec(statement)).all()]


async def coauthors(session: AsyncSession, proposal: Proposal) -> Sequence[Coauthor]:
    """Asked, accepted and declined ones, in the order they were asked. The author sees all, others those who accepted."""
    statement = (
        select(Coauthor)
        .where(Coauthor.proposal_id == proposal.id)
        .order_by(col(Coauthor.asked_at), col(Coauthor.id))
    )
    return (await session.exec(statement)).all()
