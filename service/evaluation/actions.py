"""Everything that can happen to an evaluation."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core import clock
from service.core.actor import Editor, Evaluator
from service.core.errors import Forbidden
from service.evaluation import queries, rules
from service.evaluation.models import Assessment, Assignment, Evaluation, InternalNote
from service.processes import queries as processes
from service.proposals.models import Proposal


async def assign(session: AsyncSession, proposal: Proposal, evaluator_id: UUID, *, by: Editor) -> None:
    """Ask an evaluator of the process. Asking twice changes nothing. Raises NotAnEvaluator, NotPublic."""
    _check_may_act(by, proposal)
    rules.check_public(proposal)
    if evaluator_id not in {account.id for account in await queries.evaluators(session, proposal.process_id)}:
        raise rules.NotAnEvaluator("evaluator_id")
    if await queries.is_assigned(session, proposal.id, evaluator_id):
        return
    session.add(Assignment(proposal_id=proposal.id, evaluator_id=evaluator_id))
    await audit.record(
        session, "evaluation.assigned", proposal.id, by=by, process_id=proposal.process_id, public=False
    )


async def unassign(session: AsyncSession, proposal: Proposal, evaluator_id: UUID, *, by: Editor) -> None:
    _check_may_act(by, proposal)
    assignment = await session.get(Assignment, (proposal.id, evaluator_id))
    if assignment is None:
        return
    await session.delete(assignment)
    await audit.record(
        session, "evaluation.unassigned", proposal.id, by=by, process_id=proposal.process_id, public=False
    )


async def assess(
    session: AsyncSession, proposal: Proposal, assessment: Assessment, *, version: int, by: Evaluator
) -> Evaluation:
    """Save what an assigned evaluator says. `version` is the evaluation's as it was read, 0 where there was none.

    Raises NotAssigned, EvaluationIsClosed, NotPublic, ReasonMissing, CostMissing, CostBoundsCrossed, EvaluatedMeanwhile.
    """
    _check_may_act(by, proposal)
    if not await queries.is_assigned(session, proposal.id, by.id):
        raise rules.NotAssigned
    phases = await processes.phases(session, proposal.process_id)
    now = await clock.now(session)
    rules.check_open(phases, at=now)
    rules.check_public(proposal)
    rules.check(assessment)
    statement = select(Evaluation).where(Evaluation.proposal_id == proposal.id).with_for_update()
    evaluation = (await session.exec(statement)).one_or_none()
    if evaluation is None:
        evaluation = Evaluation(proposal_id=proposal.id, version=0, reason={})
    if evaluation.version != version:
        raise rules.EvaluatedMeanwhile(evaluation)
    evaluation.feasibility = assessment.feasibility
    evaluation.reason = assessment.reason.stored() if assessment.reason else {}
    evaluation.cost_low_cents = assessment.cost_low_cents
    evaluation.cost_high_cents = assessment.cost_high_cents
    evaluation.maintenance_cents = assessment.maintenance_cents
    evaluation.version += 1
    evaluation.evaluated_at = now
    session.add(evaluation)
    await audit.record(
        session,
        "proposal.evaluated",
        proposal.id,
        by=by,
        process_id=proposal.process_id,
        feasibility=assessment.feasibility,
        cost_low_cents=assessment.cost_low_cents,
        cost_high_cents=assessment.cost_high_cents,
        maintenance_cents=assessment.maintenance_cents,
    )
    return evaluation


async def note(
    session: AsyncSession, proposal: Proposal, text: str, *, nonce: UUID, by: Evaluator | Editor
) -> InternalNote:
    """Write for colleagues. A form sent twice makes one note."""
    _check_may_act(by, proposal)
    there = (await session.exec(select(InternalNote).where(InternalNote.nonce == nonce))).one_or_none()
    if there is not None:
        return there
    made = InternalNote(proposal_id=proposal.id, author_id=by.id, author_name=by.name, text=text, nonce=nonce)
    session.add(made)
    await audit.record(
        session, "evaluation.noted", proposal.id, by=by, process_id=proposal.process_id, public=False
    )
    return made


def _check_may_act(by: Evaluator | Editor, proposal: Proposal) -> None:
    if not by.may_act_in(proposal.process_id):
        raise Forbidden
