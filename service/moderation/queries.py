"""Single rulings, reports and appeals, and what a person may see of them. Lists are in `queue` and `register`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments.models import Comment, Thread
from service.core import markdown
from service.core.actor import Moderator, Resident
from service.core.errors import NotFound
from service.moderation import rules
from service.moderation.models import Appeal, Kind, Report, Ruling
from service.proposals.models import Proposal
from service.proposals.rules import is_moderated_by, is_public

BEGINNING = 80  # characters of a comment, which has no title

# --- rulings


async def ruling(session: AsyncSession, ruling_id: UUID) -> Ruling:
    found = await session.get(Ruling, ruling_id)
    if found is None:
        raise NotFound
    return found


async def latest_of(session: AsyncSession, proposal_id: UUID) -> Ruling | None:
    """The newest ruling on a proposal, whose reason its author sees."""
    return next(iter(await of_proposal(session, proposal_id)), None)


async def of_proposal(session: AsyncSession, proposal_id: UUID) -> Sequence[Ruling]:
    """Newest first."""
    return await _rulings(session, Ruling.proposal_id == proposal_id)


async def of_comment(session: AsyncSession, comment_id: UUID) -> Sequence[Ruling]:
    """Newest first."""
    return await _rulings(session, Ruling.comment_id == comment_id)


async def _rulings(session: AsyncSession, condition: Any) -> Sequence[Ruling]:
    statement = select(Ruling).where(condition).order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
    return (await session.exec(statement)).all()


async def stands(session: AsyncSession, ruling: Ruling) -> bool:
    """No ruling on the same text followed it, and it is not itself the outcome of a second review."""
    later = select(Ruling.id).where(
        _same(Ruling.proposal_id, ruling.proposal_id),
        _same(Ruling.comment_id, ruling.comment_id),
        Ruling.ruled_at > ruling.ruled_at,
    )
    outcome = select(Appeal.id).where(Appeal.second_ruling_id == ruling.id)
    return not (await session.exec(select(later.exists() | outcome.exists()))).one()


def _same(column: Any, value: UUID | None) -> ColumnElement[bool]:
    return col(column).is_not_distinct_from(value)


# --- what an author sees


@dataclass(frozen=True, slots=True)
class Told:
    """A ruling as its author reads it, with what became of a second review."""

    ruling: Ruling
    title: str  # of the proposal, or the beginning of the comment
    language: str
    appeal: Appeal | None
    second: Ruling | None
    can_be_appealed: bool


async def told(session: AsyncSession, ruling_id: UUID, resident: Resident) -> Told:
    """For the author of the text alone; raises NotFound."""
    found = await ruling(session, ruling_id)
    text = await own_text(session, resident, proposal_id=found.proposal_id, comment_id=found.comment_id)
    appealed = await appeal_of(session, found.id)
    second = appealed.second_ruling_id if appealed else None
    return Told(
        ruling=found,
        title=text.title if isinstance(text, Proposal) else markdown.plain(text.text, BEGINNING),
        language=text.language,
        appeal=appealed,
        second=await ruling(session, second) if second else None,
        can_be_appealed=appealed is None and rules.may_be_appealed(found) and await stands(session, found),
    )


async def own_text(
    session: AsyncSession, resident: Resident, *, proposal_id: UUID | None, comment_id: UUID | None
) -> Proposal | Comment:
    """What a ruling is about, for its author alone; raises NotFound."""
    text: Proposal | Comment | None
    if comment_id is not None:
        text = await session.get(Comment, comment_id)
    else:
        text = await session.get(Proposal, proposal_id)
    if text is None or text.author_id != resident.id:
        raise NotFound
    return text


async def hidden_comments(session: AsyncSession, account_id: UUID, *, since: datetime) -> Sequence[Ruling]:
    """Rulings that took this person's comments out of public view and are not appealed; newest first."""
    statement = (
        select(Ruling)
        .join(Comment, col(Comment.id) == Ruling.comment_id)
        .outerjoin(Appeal, (col(Appeal.ruling_id) == Ruling.id) | (col(Appeal.second_ruling_id) == Ruling.id))
        .where(
            Comment.author_id == account_id,
            col(Comment.hidden_at).is_not(None),
            Ruling.kind == Kind.HIDE,
            Ruling.ruled_at > since,
            col(Appeal.id).is_(None),
        )
        .order_by(col(Ruling.ruled_at).desc(), col(Ruling.id))
    )
    return (await session.exec(statement)).all()


# --- reports


def open_on(*, proposal_id: UUID | None, comment_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Report.ruling_id).is_(None),
        _same(Report.proposal_id, proposal_id),
        _same(Report.comment_id, comment_id),
    )


async def reports_on(
    session: AsyncSession, *, proposal_id: UUID | None = None, comment_id: UUID | None = None
) -> Sequence[Report]:
    """Open ones, oldest first."""
    statement = (
        select(Report)
        .where(*open_on(proposal_id=proposal_id, comment_id=comment_id))
        .order_by(col(Report.reported_at), col(Report.id))
    )
    return (await session.exec(statement)).all()


# --- appeals


async def appeal(session: AsyncSession, appeal_id: UUID, *, lock: bool = False) -> Appeal:
    """Raises NotFound. `lock` sees what stands now and lets nobody else change it."""
    found = await session.get(Appeal, appeal_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound
    return found


async def appeal_of(session: AsyncSession, ruling_id: UUID) -> Appeal | None:
    return (await session.exec(select(Appeal).where(Appeal.ruling_id == ruling_id))).one_or_none()


async def appeal_for(session: AsyncSession, appeal_id: UUID, moderator: Moderator) -> tuple[Appeal, Ruling]:
    """With the ruling it is about; raises NotFound outside the moderator's processes."""
    found = await appeal(session, appeal_id)
    first = await ruling(session, found.ruling_id)
    if not moderator.may_act_in(first.process_id):
        raise NotFound
    return found, first


# --- texts


async def proposal_for(session: AsyncSession, proposal_id: UUID, moderator: Moderator) -> Proposal:
    """What this moderator may read; raises NotFound. One withdrawn after publication can still be reported."""
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None or not moderator.may_act_in(proposal.process_id):
        raise NotFound
    if not (is_public(proposal) or is_moderated_by(proposal, moderator)):
        raise NotFound
    return proposal


async def comment(session: AsyncSession, comment_id: UUID, *, lock: bool = False) -> tuple[Comment, Thread]:
    """With the thread that says whose moderators look after it. `lock` sees what stands now and holds it."""
    statement = (
        select(Comment, Thread)
        .join(Thread, col(Thread.id) == Comment.thread_id)
        .where(Comment.id == comment_id)
    )
    if lock:
        statement = statement.with_for_update(of=Comment, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def comment_for(session: AsyncSession, comment_id: UUID, moderator: Moderator) -> Comment:
    """Raises NotFound outside the moderator's processes."""
    found, thread = await comment(session, comment_id)
    if not moderator.may_act_in(thread.process_id):
        raise NotFound
    return found


async def readable_comment(session: AsyncSession, comment_id: UUID) -> tuple[Comment, Thread]:
    """One that anyone can read now; raises NotFound."""
    found, thread = await comment(session, comment_id)
    about = await commented(session, found)
    if found.hidden_at or found.withdrawn_at or not (about is None or is_public(about)):
        raise NotFound
    return found, thread


async def about(session: AsyncSession, ruling: Ruling) -> Proposal | None:
    """The proposal, or the one that the comment is about."""
    if ruling.proposal_id is not None:
        return await session.get(Proposal, ruling.proposal_id)
    return await commented(session, await session.get_one(Comment, ruling.comment_id))


async def commented(session: AsyncSession, comment: Comment) -> Proposal | None:
    """The proposal that is being discussed."""
    statement = select(Proposal).where(Proposal.thread_id == comment.thread_id)
    return (await session.exec(statement)).one_or_none()


# --- a person's own


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything kept here about a person, as JSON can say it."""
    reports = (await session.exec(select(Report).where(Report.reporter_id == account_id))).all()
    appeals = (await session.exec(select(Appeal).where(Appeal.author_id == account_id))).all()
    return {
        "reports": [row.model_dump(mode="json", exclude={"reporter_id", "nonce"}) for row in reports],
        "appeals": [row.model_dump(mode="json", exclude={"author_id"}) for row in appeals],
    }
