"""Every SELECT about evaluations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core.actor import Role
from service.evaluation.models import Assignment, Evaluation, Feasibility, InternalNote
from service.processes.models import Process, TeamMember
from service.proposals.models import Proposal, State


@dataclass(frozen=True, slots=True)
class Dossier:
    """A line of a queue: a proposal, its process, what is decided, and who looks at it."""

    proposal_id: UUID
    number: int
    title: str
    process_slug: str
    process_title: dict[str, str]
    published_at: datetime | None
    feasibility: Feasibility
    cost_high_cents: int | None
    evaluators: list[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many proposals wait for a decision, and since when the oldest does."""

    count: int
    oldest: datetime | None


async def find(session: AsyncSession, proposal_id: UUID) -> Evaluation | None:
    return await session.get(Evaluation, proposal_id)


async def of_process(session: AsyncSession, process_id: UUID) -> dict[UUID, Evaluation]:
    """By proposal."""
    statement = (
        select(Evaluation)
        .join(Proposal, col(Proposal.id) == Evaluation.proposal_id)
        .where(Proposal.process_id == process_id)
    )
    return {row.proposal_id: row for row in (await session.exec(statement)).all()}


async def is_assigned(session: AsyncSession, proposal_id: UUID, evaluator_id: UUID) -> bool:
    return await session.get(Assignment, (proposal_id, evaluator_id)) is not None


async def assignees(session: AsyncSession, proposal_id: UUID) -> Sequence[Account]:
    statement = (
        select(Account)
        .join(Assignment, col(Assignment.evaluator_id) == Account.id)
        .where(Assignment.proposal_id == proposal_id)
        .order_by(col(Account.name), col(Account.id))
    )
    return (await session.exec(statement)).all()


async def evaluators(session: AsyncSession, process_id: UUID) -> Sequence[Account]:
    """Who may be asked: the evaluators of this process and those of all."""
    statement = (
        select(Account)
        .join(TeamMember, col(TeamMember.account_id) == Account.id)
        .where(
            TeamMember.role == Role.EVALUATOR,
            col(TeamMember.process_id).is_(None) | (TeamMember.process_id == process_id),
        )
        .distinct()
        .order_by(col(Account.name), col(Account.id))
    )
    return (await session.exec(statement)).all()


async def notes(session: AsyncSession, proposal_id: UUID) -> Sequence[InternalNote]:
    """Oldest first."""
    statement = (
        select(InternalNote)
        .where(InternalNote.proposal_id == proposal_id)
        .order_by(col(InternalNote.written_at), col(InternalNote.id))
    )
    return (await session.exec(statement)).all()


async def dossiers(
    session: AsyncSession, *, evaluator_id: UUID | None = None, process_id: UUID | None = None
) -> list[Dossier]:
    """Published proposals of an evaluator or of a process: undecided ones first, the oldest in front."""
    names = (
        select(func.array_agg(Account.name))
        .join(Assignment, col(Assignment.evaluator_id) == Account.id)
        .where(Assignment.proposal_id == Proposal.id)
        .scalar_subquery()
    )
    feasibility = func.coalesce(cast(Evaluation.feasibility, Text), Feasibility.UNDECIDED.value)
    statement = (
        select(  # type: ignore[call-overload]
            Proposal, Process.slug, Process.title, feasibility, Evaluation.cost_high_cents, names
        )
        .join(Process, col(Process.id) == Proposal.process_id)
        .outerjoin(Evaluation, col(Evaluation.proposal_id) == Proposal.id)
        .where(Proposal.state == State.PUBLISHED)
        .order_by(
            feasibility != Feasibility.UNDECIDED.value, col(Proposal.published_at), col(Proposal.number)
        )
    )
    if evaluator_id is not None:
        statement = statement.join(Assignment, col(Assignment.proposal_id) == Proposal.id).where(
            Assignment.evaluator_id == evaluator_id
        )
    if process_id is not None:
        statement = statement.where(Proposal.process_id == process_id)
    return [
        Dossier(
            proposal_id=proposal.id,
            number=proposal.number,
            title=proposal.title,
            process_slug=slug,
            process_title=title,
            published_at=proposal.published_at,
            feasibility=Feasibility(state),
            cost_high_cents=cost,
            evaluators=sorted(evaluating or []),
        )
        for proposal, slug, title, state, cost, evaluating in (await session.exec(statement)).all()
    ]


async def waiting_for(session: AsyncSession, evaluator_id: UUID) -> Waiting:
    statement = (
        select(func.count(), func.min(Assignment.assigned_at))
        .select_from(Assignment)
        .join(Proposal, col(Proposal.id) == Assignment.proposal_id)
        .outerjoin(Evaluation, col(Evaluation.proposal_id) == Assignment.proposal_id)
        .where(
            Assignment.evaluator_id == evaluator_id,
            Proposal.state == State.PUBLISHED,
            col(Evaluation.feasibility).is_(None) | (Evaluation.feasibility == Feasibility.UNDECIDED),
        )
    )
    count, oldest = (await session.exec(statement)).one()
    return Waiting(count, oldest)
