"""Public texts, the edit that waits, and what changed between two."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.diff import Piece, compare
from service.proposals.models import (
    Content,
    Proposal,
    Version,
)


@dataclass(frozen=True, slots=True)
class Changes:
    title: Sequence[Piece]
    text: Sequence[Piece]
    facts: Sequence[str]  # names of the other fields that differ: area_id, cost_wish_cents …


async def versions(session: AsyncSession, proposal: Proposal) -> Sequence[Version]:
    """Public texts, newest first."""
    statement = (
        select(Version)
        .where(Version.proposal_id == proposal.id, col(Version.published_at).is_not(None))
        .order_by(col(Version.number).desc())
    )
    return (await session.exec(statement)).all()


async def waiting_edit(session: AsyncSession, proposal: Proposal) -> Version | None:
    """An edit of a published proposal that waits for moderation, or was returned (`returned_at`). There is one at most."""
    statement = select(Version).where(Version.proposal_id == proposal.id, col(Version.published_at).is_(None))
    return (await session.exec(statement)).one_or_none()


def changes(older: Content | None, newer: Content) -> Changes:
    """What the newer text changed; without an older one everything is added."""
    before = (older or Content()).content()
    after = newer.content()
    return Changes(
        title=compare(before["title"], after["title"]),
        text=compare(before["text"], after["text"]),
        facts=[name for name in after if name not in {"title", "text"} and before[name] != after[name]],
    )
