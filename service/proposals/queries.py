"""Every SELECT about proposals. Lists and likeness are in `search`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.actor import Resident
from service.core.diff import Piece
from service.processes.models import Process
from service.proposals.models import AuthorKind, Coauthor, Proposal, State, Version
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
    carried_supports: int  # people who supported an original proposal and not (yet) this one
    comments: int
    versions: int
    supported: bool  # by the viewer
    written: bool  # the viewer is author or co-author
    coauthors: Sequence[str]
    sources: Sequence[Link]
    target: Link | None


@dataclass(frozen=True, slots=True)
class Own:
    """A line of a person's own list."""

    process_slug: str
    number: int
    title: str
    state: State
    written_at: datetime
    edit_waits: bool
    edit_returned: bool
    is_author: bool  # else co-author


@dataclass(frozen=True, slots=True)
class Invitation:
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


async def get(session: AsyncSession, proposal_id: UUID) -> Proposal:
    """For other slices; raises NotFound. Shows nothing to a person by itself."""
    raise NotImplementedError


async def seen_by(session: AsyncSession, process: Process, number: int, viewer: Viewer) -> Proposal:
    """Raises NotFound where it is not for this viewer."""
    raise NotImplementedError


async def written_by(session: AsyncSession, process: Process, number: int, author: Resident) -> Proposal:
    """For its author and accepted co-authors; raises NotFound for everybody else."""
    raise NotImplementedError


async def detail(session: AsyncSession, proposal: Proposal, viewer: Viewer) -> Detail:
    raise NotImplementedError


async def waiting_edit(session: AsyncSession, proposal: Proposal) -> Version | None:
    raise NotImplementedError


async def versions(session: AsyncSession, proposal: Proposal) -> Sequence[Version]:
    """Public texts, newest first."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Changes:
    title: Sequence[Piece]
    text: Sequence[Piece]
    facts: Sequence[str]  # names of the other fields that differ: area_id, cost_wish_cents, picture_id …


def changes(older: Version | None, newer: Version) -> Changes:
    """What the newer text changed; without an older one everything is added."""
    raise NotImplementedError


async def coauthors(session: AsyncSession, proposal: Proposal) -> Sequence[Coauthor]:
    """Asked, accepted and declined ones, for the author; in the order they were asked."""
    raise NotImplementedError


async def of_author(session: AsyncSession, account_id: UUID) -> Sequence[Own]:
    """Own proposals and those one is co-author of, newest first."""
    raise NotImplementedError


async def waiting_for(session: AsyncSession, resident: Resident) -> Waiting:
    raise NotImplementedError


async def waiting_for_moderation(
    session: AsyncSession, processes: frozenset[UUID] | None
) -> Sequence[tuple[Proposal, Version | None]]:
    """Submitted proposals, and published ones with the edit that waits; oldest first. None: of all processes."""
    raise NotImplementedError


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything kept here about a person, as JSON can say it."""
    raise NotImplementedError


async def shows_picture(session: AsyncSession, picture_id: UUID, viewer: Viewer) -> bool | None:
    """True: to everybody; False: to this viewer only; None: not at all, or not one of ours."""
    raise NotImplementedError
