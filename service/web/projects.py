"""Putting evaluated proposals on the ballot: the door brings the cost from the evaluation to the vote, which do not know each other."""

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.actor import Editor
from service.core.errors import Conflict, msgid
from service.evaluation import queries as evaluations
from service.evaluation.models import Evaluation, Feasibility
from service.processes.models import Process
from service.proposals.models import Proposal
from service.voting import actions
from service.voting.models import Project


class NotEvaluated(Conflict):
    message = msgid("Only a proposal that has been found feasible and given a cost can be put on the ballot.")


def cost_of(evaluation: Evaluation | None) -> int | None:
    """The upper bound, in cents; None for what may not stand on a ballot."""
    if evaluation is None or evaluation.feasibility is not Feasibility.FEASIBLE:
        return None
    return evaluation.cost_high_cents


async def select(session: AsyncSession, process: Process, proposal: Proposal, *, by: Editor) -> Project:
    """Raises NotEvaluated, and what voting's `select` raises."""
    cost = cost_of(await evaluations.find(session, proposal.id))
    if cost is None:
        raise NotEvaluated
    return await actions.select(session, process, proposal, cost_cents=cost, by=by)
