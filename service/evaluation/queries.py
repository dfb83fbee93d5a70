"""Every SELECT about evaluations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit.models import Entry
from service.core.actor import Editor, Evaluator, Role
from service.core.errors import NotFound
from service.core.text import sort_key
from service.evaluation.models import Assignment, Evaluation, Feasibility, InternalNote
from service.evaluation.rules import Step
from service.processes.models import Process, TeamMember
from service.proposals.models import Proposal, State
from service.proposals.rules import is_public

HISTORY = [*Step, "evaluation.assigned", "evaluation.unassigned"]

# --- one proposal


async def find(session: AsyncSession, proposal_id: UUID) -> Evaluation | None:
    """As it stands, also undecided: for staff. The public sees `published`."""
    return await session.get(Evaluation, proposal_id)


async def find_in_turn(session: AsyncSession, proposal_id: UUID) -> Evaluation | None:
    """As `find`, for who acts on it: others wait, also the first time, when there is no evaluation to hold but its proposal."""
    statement = select(Proposal).where(Proposal.id == proposal_id).with_for_update(key_share=True)
    await session.exec(statement.execution_options(populate_existing=True))
    return await session.get(Evaluation, proposal_id, populate_existing=True)


async def published(session: AsyncSession, proposal_id: UUID) -> Evaluation | None:
    """Once it is decided."""
    evaluation = await find(session, proposal_id)
    return None if evaluation is None or evaluation.feasibility is Feasibility.UNDECIDED else evaluation


async def of_process(session: AsyncSession, process_id: UUID) -> dict[UUID, Evaluation]:
    """By proposal, also undecided ones."""
    statement = (
        select(Evaluation)
        .join(Proposal, col(Proposal.id) == Evaluation.proposal_id)
        .where(Proposal.process_id == process_id)
    )
    return {row.proposal_id: row for row in (await session.exec(statement)).all()}


async def proposal_for(session: AsyncSession, proposal_id: UUID, by: Evaluator | Editor) -> Proposal:
    """Raises NotFound outside their processes, and for what is not public."""
    proposal = await session.get(Proposal, proposal_id)
    if proposal is None or not by.may_act_in(proposal.process_id) or not is_public(proposal):
        raise NotFound
    return proposal


async def is_assigned(session: AsyncSession, proposal_id: UUID, evaluator_id: UUID) -> bool:
    return await session.get(Assignment, (proposal_id, evaluator_id)) is not None


async def notes(session: AsyncSession, proposal_id: UUID) -> Sequence[InternalNote]:
    """For the process's evaluators and editors alone; oldest first."""
    statement = (
        select(InternalNote)
        .where(InternalNote.proposal_id == proposal_id)
        .order_by(col(InternalNote.written_at), col(InternalNote.id))
    )
    return (await session.exec(statement)).all()


async def history(session: AsyncSession, proposal_id: UUID) -> Sequence[tuple[Entry, str]]:
    """What was done, by whom as colleagues know them (empty: they have left), newest first."""
    statement: Any = (
        select_columns(Entry, func.coalesce(Account.name, ""))
        .outerjoin(Account, col(Account.id) == Entry.actor_id)
        .where(col(Entry.subject_id) == proposal_id, col(Entry.action).in_(HISTORY))
        .order_by(col(Entry.id).desc())
    )
    return [(entry, name) for entry, name in (await session.exec(statement)).all()]


# --- who evaluates what


@dataclass(frozen=True, slots=True)
class Colleague:
    """An evaluator; `name` is the e-mail address where no name was given."""

    id: UUID
    name: str


async def evaluators(session: AsyncSession, process_id: UUID) -> Sequence[Colleague]:
    """Who may be asked: the evaluators of this process and those of all, by name."""
    held = select(TeamMember.account_id).where(
        TeamMember.role == Role.EVALUATOR,
        col(TeamMember.process_id).is_(None) | (TeamMember.process_id == process_id),
    )
    statement: Any = (
        select_columns(col(Account.id), _name()).where(col(Account.id).in_(held)).order_by(col(Account.id))
    )
    return _by_name(Colleague(*row) for row in (await session.exec(statement)).all())


async def assigned(session: AsyncSession, proposal_ids: Sequence[UUID]) -> dict[UUID, Sequence[Colleague]]:
    """By proposal, each proposal's by name."""
    statement: Any = (
        select_columns(col(Assignment.proposal_id), col(Account.id), _name())
        .join(Account, col(Account.id) == Assignment.evaluator_id)
        .where(col(Assignment.proposal_id).in_(proposal_ids))
        .order_by(col(Account.id))
    )
    found: dict[UUID, list[Colleague]] = {proposal_id: [] for proposal_id in proposal_ids}
    for proposal_id, *colleague in (await session.exec(statement)).all():
        found[proposal_id].append(Colleague(*colleague))
    return {proposal_id: _by_name(colleagues) for proposal_id, colleagues in found.items()}


def _by_name(colleagues: Iterable[Colleague]) -> list[Colleague]:
    """As Finnish sorts names."""
    return sorted(colleagues, key=lambda colleague: sort_key(colleague.name))


def _name() -> ColumnElement[str]:
    return func.coalesce(func.nullif(Account.name, ""), Account.email)


# --- lists


@dataclass(frozen=True, slots=True)
class Dossier:
    """A line of a queue: a proposal, its process, and what is decided."""

    proposal_id: UUID
    number: int
    title: str
    language: str
    process_slug: str
    process_title: dict[str, str]
    published_at: datetime
    feasibility: Feasibility
    cost_low_cents: int | None
    cost_high_cents: int | None


async def of_evaluator(session: AsyncSession, evaluator: Evaluator) -> Sequence[Dossier]:
    """What is assigned to them: undecided ones first, the oldest in front."""
    statement = (
        _dossiers()
        .join(Assignment, col(Assignment.proposal_id) == Proposal.id)
        .where(col(Assignment.evaluator_id) == evaluator.id)
    )
    if evaluator.processes is not None:
        statement = statement.where(col(Proposal.process_id).in_(evaluator.processes))
    return await _read(session, statement)


async def dossiers(session: AsyncSession, process_id: UUID) -> Sequence[Dossier]:
    """All published proposals of a process: undecided ones first, the oldest in front."""
    return await _read(session, _dossiers().where(col(Proposal.process_id) == process_id))


def _dossiers() -> Any:
    feasibility = func.coalesce(col(Evaluation.feasibility), Feasibility.UNDECIDED)
    return (
        select_columns(
            *map(col, (Proposal.id, Proposal.number, Proposal.title, Proposal.language)),
            *map(col, (Process.slug, Process.title, Proposal.published_at)),
            feasibility,
            *map(col, (Evaluation.cost_low_cents, Evaluation.cost_high_cents)),
        )
        .join(Process, col(Process.id) == Proposal.process_id)
        .outerjoin(Evaluation, col(Evaluation.proposal_id) == Proposal.id)
        .where(col(Proposal.state) == State.PUBLISHED)
        .order_by(feasibility != Feasibility.UNDECIDED, col(Proposal.published_at), col(Proposal.number))
    )


async def _read(session: AsyncSession, statement: Any) -> Sequence[Dossier]:
    return [Dossier(*row) for row in (await session.exec(statement)).all()]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the evaluation of a process is."""

    process: Process
    proposals: int
    undecided: int
    unassigned: int  # undecided ones that nobody looks at


async def progress(session: AsyncSession, processes: frozenset[UUID] | None) -> Sequence[Progress]:
    """Processes with published proposals, the newest first; None: all."""
    is_undecided = func.coalesce(Evaluation.feasibility == Feasibility.UNDECIDED, True)
    is_assigned = select(Assignment.proposal_id).where(Assignment.proposal_id == Proposal.id).exists()
    statement: Any = (
        select_columns(
            Process,
            func.count(),
            func.count().filter(is_undecided),
            func.count().filter(is_undecided, ~is_assigned),
        )
        .join(Proposal, col(Proposal.process_id) == Process.id)
        .outerjoin(Evaluation, col(Evaluation.proposal_id) == Proposal.id)
        .where(col(Proposal.state) == State.PUBLISHED)
        .group_by(col(Process.id))
        .order_by(col(Process.created_at).desc(), col(Process.slug))
    )
    if processes is not None:
        statement = statement.where(col(Process.id).in_(processes))
    return [Progress(*row) for row in (await session.exec(statement)).all()]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many proposals wait for a decision, and since when the oldest does."""

    count: int
    oldest: datetime | None


async def waiting_for(session: AsyncSession, evaluator: Evaluator) -> Waiting:
    statement = (
        select(func.count(), func.min(Assignment.assigned_at))
        .select_from(Assignment)
        .join(Proposal, col(Proposal.id) == Assignment.proposal_id)
        .outerjoin(Evaluation, col(Evaluation.proposal_id) == Assignment.proposal_id)
        .where(
            Assignment.evaluator_id == evaluator.id,
            Proposal.state == State.PUBLISHED,
            func.coalesce(Evaluation.feasibility == Feasibility.UNDECIDED, True),
        )
    )
    if evaluator.processes is not None:
        statement = statement.where(col(Proposal.process_id).in_(evaluator.processes))
    count, oldest = (await session.exec(statement)).one()
    return Waiting(count, oldest)


# --- a person's own


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything kept here about a person, as JSON can say it."""
    written = (await session.exec(select(InternalNote).where(InternalNote.author_id == account_id))).all()
    asked = (await session.exec(select(Assignment).where(Assignment.evaluator_id == account_id))).all()
    return {
        "internal_notes": [row.model_dump(mode="json", exclude={"author_id", "nonce"}) for row in written],
        "assignments": [row.model_dump(mode="json", exclude={"evaluator_id"}) for row in asked],
    }
