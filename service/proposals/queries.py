"""Every SELECT about single proposals and people's own. Lists and likeness are in `search`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, tuple_
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit.models import Entry
from service.comments import queries as comments
from service.core import lemmas
from service.core.actor import Resident
from service.core.diff import Piece, compare
from service.core.errors import NotFound
from service.processes.models import Area, Pot, Process, ProcessCategory
from service.proposals.models import (
    AuthorKind,
    Coauthor,
    Content,
    Proposal,
    SearchEntry,
    State,
    Support,
    Version,
)
from service.proposals.rules import UNSENT, Viewer, is_moderated_by, is_public

# --- one proposal


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


# --- what stands around it


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


def public() -> ColumnElement[bool]:
    """`rules.is_public`, as a part of another SELECT of Proposal."""
    return or_(
        col(Proposal.state).in_([State.PUBLISHED, State.MERGED]),
        and_(col(Proposal.state) == State.WITHDRAWN, col(Proposal.published_at).is_not(None)),
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


# --- versions


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


# --- a person's own


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


# --- for moderators, pictures, rules and the index


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


@dataclass(frozen=True, slots=True)
class Places:
    """What a proposal of a process can be about: areas that have money (any, where it is not divided), topics of the process."""

    areas: frozenset[UUID]
    categories: frozenset[UUID]


async def places(session: AsyncSession, process_id: UUID) -> Places:
    with_money = select(Pot.area_id).where(Pot.process_id == process_id, col(Pot.area_id).is_not(None))
    areas = (await session.exec(with_money)).all() or (await session.exec(select(Area.id))).all()
    categories = select(ProcessCategory.category_id).where(ProcessCategory.process_id == process_id)
    return Places(
        frozenset(area for area in areas if area), frozenset((await session.exec(categories)).all())
    )


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
