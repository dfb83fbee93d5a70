"""Everything that can happen to an evaluation."""

from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core import clock
from service.core.actor import Editor, Evaluator
from service.core.database import violated
from service.core.errors import Forbidden, SentBefore
from service.evaluation import queries, rules
from service.evaluation.models import Assessment, Assignment, Evaluation, Feasibility, InternalNote, Remark
from service.processes import queries as processes
from service.proposals.models import Proposal


async def assign(session: AsyncSession, proposal: Proposal, evaluator_id: UUID, *, by: Editor) -> None:
    """Ask an evaluator of the process. Asking twice changes nothing. Raises NotAnEvaluator, NotPublic."""
    _check_may_act(by, proposal)
    rules.check_public(proposal)
    if evaluator_id not in {account.id for account in await queries.evaluators(session, proposal.process_id)}:
        raise rules.NotAnEvaluator("evaluator_id")
    row = insert(Assignment).values(proposal_id=proposal.id, evaluator_id=evaluator_id)
    asked = await session.exec(row.on_conflict_do_nothing().returning(col(Assignment.evaluator_id)))
    if asked.first():
        await _record(session, "evaluation.assigned", proposal, by)


async def unassign(session: AsyncSession, proposal: Proposal, evaluator_id: UUID, *, by: Editor) -> None:
    """Asked of somebody who was not assigned, it changes nothing."""
    _check_may_act(by, proposal)
    row = delete(Assignment).where(
        col(Assignment.proposal_id) == proposal.id, col(Assignment.evaluator_id) == evaluator_id
    )
    freed = await session.exec(row.returning(col(Assignment.evaluator_id)))
    if freed.first():
        await _record(session, "evaluation.unassigned", proposal, by)


async def assess(
    session: AsyncSession, proposal: Proposal, assessment: Assessment, *, version: int, by: Evaluator
) -> Evaluation:
    """Save what an assigned evaluator says. `version` is the evaluation's as it was read, 0 where there was none.

    Raises NotAssigned, EvaluationIsClosed, EvaluationIsFrozen, NotPublic, ReasonMissing, CostMissing, CostBoundsCrossed, EvaluatedMeanwhile.
    """
    _check_may_act(by, proposal)
    if not await queries.is_assigned(session, proposal.id, by.id):
        raise rules.NotAssigned
    phases = await processes.phases(session, proposal.process_id)
    now = await clock.now(session)
    rules.check_open(phases, at=now)
    evaluation = await queries.find_in_turn(session, proposal.id)
    rules.check_public(proposal)
    rules.check(assessment)
    if evaluation is None:
        evaluation = Evaluation(
            proposal_id=proposal.id, feasibility=Feasibility.UNDECIDED, version=0, reason={}
        )
    elif evaluation.model_dump(include=set(Assessment.model_fields)) == assessment.stored():
        return evaluation  # nothing new, or the same form sent twice
    if evaluation.version != version:
        raise rules.EvaluatedMeanwhile(evaluation)
    step = rules.step(evaluation, assessment)
    evaluation.sqlmodel_update(assessment.stored())
    evaluation.version += 1
    evaluation.evaluated_at = now
    session.add(evaluation)
    await _write_unless_frozen(session)
    figures = assessment.model_dump(exclude={"reason"})
    await _record(session, step, proposal, by, public=step is not rules.Step.SAVED, **figures)
    return evaluation


async def note(
    session: AsyncSession, proposal: Proposal, remark: Remark, *, nonce: UUID, by: Evaluator | Editor
) -> InternalNote:
    """Write for colleagues. A form sent twice makes one note."""
    _check_may_act(by, proposal)
    made = InternalNote(
        proposal_id=proposal.id, author_id=by.id, author_name=by.name, text=remark.text, nonce=nonce
    )
    try:
        async with session.begin_nested():
            session.add(made)
            await session.flush()
    except IntegrityError as error:
        if violated(error) != "uq_internal_note_nonce":
            raise
        there = (await session.exec(select(InternalNote).where(InternalNote.nonce == nonce))).one()
        if (there.author_id, there.proposal_id) != (by.id, proposal.id):
            raise SentBefore from None
        return there
    await _record(session, "evaluation.noted", proposal, by)
    return made


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Before an account is deleted: notes stay for colleagues without the name."""
    own = col(InternalNote.author_id) == account_id
    await session.exec(update(InternalNote).where(own).values(author_id=None, author_name=""))


async def _write_unless_frozen(session: AsyncSession) -> None:
    """Whether it stands on a final ballot only the database knows."""
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        if violated(error) == "evaluation_is_frozen":
            raise rules.EvaluationIsFrozen from None
        raise


async def _record(
    session: AsyncSession,
    action: str,
    proposal: Proposal,
    by: Evaluator | Editor,
    *,
    public: bool = False,
    **details: object,
) -> None:
    await audit.record(
        session,
        action,
        proposal.id,
        by=by,
        process_id=proposal.process_id,
        public=public,
        number=proposal.number,
        **details,
    )


def _check_may_act(by: Evaluator | Editor, proposal: Proposal) -> None:
    if not by.may_act_in(proposal.process_id):
        raise Forbidden
