"""Putting evaluated proposals on the ballot: the door brings the cost from the evaluation to the vote, which do not know each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.errors import Conflict, msgid
from service.evaluation import queries as evaluations
from service.evaluation.models import Evaluation, Feasibility
from service.processes.models import Area, Pot, Process
from service.proposals.models import Proposal
from service.voting import actions, queries
from service.voting.actions import Steward
from service.voting.models import Project


class NotEvaluated(Conflict):
    message = msgid("Only a proposal that has been found feasible and given a cost can be put on the ballot.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """`cost_cents` is what the evaluation says now, None where there is nothing to put on a ballot."""

    proposal: Proposal
    feasibility: Feasibility
    cost_cents: int | None
    project: Project | None

    @property
    def has_new_cost(self) -> bool:
        return self.project is not None and self.project.cost_cents != self.cost_cents


@dataclass(frozen=True, slots=True)
class Section:
    """The candidates for one pot of money."""

    pot: Pot
    area: Area | None
    candidates: Sequence[Candidate]

    @property
    def selected(self) -> int:
        return sum(each.project is not None for each in self.candidates)

    @property
    def cost_cents(self) -> int:
        return sum(each.project.cost_cents for each in self.candidates if each.project)


def cost_of(evaluation: Evaluation | None) -> int | None:
    """The upper bound, in cents; None for what may not stand on a ballot."""
    if evaluation is None or evaluation.feasibility != Feasibility.FEASIBLE:
        return None
    return evaluation.cost_high_cents


async def select(session: AsyncSession, process: Process, proposal: Proposal, *, by: Steward) -> Project:
    """At the cost that stands when this is committed: an evaluator who changes it meanwhile comes before or after, never between.

    Raises NotEvaluated, and what voting's `select` raises.
    """
    cost = cost_of(await evaluations.find_in_turn(session, proposal.id))
    if cost is None:
        raise NotEvaluated
    return await actions.select(session, process, proposal, cost_cents=cost, by=by)


async def candidates(session: AsyncSession, process: Process) -> list[Candidate]:
    """Published proposals with what was evaluated and what was selected, by number."""
    evaluated = await evaluations.of_process(session, process.id)
    selected = {project.proposal_id: project for project in await queries.projects(session, process.id)}
    return [
        Candidate(
            proposal,
            Feasibility(evaluated[proposal.id].feasibility)
            if proposal.id in evaluated
            else Feasibility.UNDECIDED,
            cost_of(evaluated.get(proposal.id)),
            selected.get(proposal.id),
        )
        for proposal in await queries.candidates(session, process.id)
    ]


def sections(found: Sequence[Candidate], pots: Sequence[tuple[Pot, Area | None]]) -> list[Section]:
    """What can be selected, or has been, by the money that would pay for it."""
    possible = [each for each in found if each.cost_cents is not None or each.project]
    return [
        Section(pot, area, [each for each in possible if each.proposal.area_id == pot.area_id])
        for pot, area in pots
    ]
