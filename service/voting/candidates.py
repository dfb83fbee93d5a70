"""What may be put on the ballot, what stands on it, and whether that is still what was evaluated and published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import markdown
from service.evaluation import queries as evaluations
from service.evaluation.models import Evaluation, Feasibility
from service.processes import queries as processes
from service.processes.models import Area, Pot, Process
from service.proposals.models import Proposal, State
from service.voting import queries
from service.voting.models import Project

LONGEST_TEXT = 300


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

    @property
    def has_new_text(self) -> bool:
        """Or topic."""
        now = as_listed(self.proposal)
        return self.project is not None and now != self.project.model_dump(include=set(now))

    @property
    def has_changed(self) -> bool:
        """Since it was put on the ballot."""
        return self.has_new_cost or self.has_new_text


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
    if evaluation is None or evaluation.feasibility is not Feasibility.FEASIBLE:
        return None
    return evaluation.cost_high_cents


def as_listed(proposal: Proposal) -> dict[str, Any]:
    """What of a proposal stands on the ballot, as a project has it."""
    return {
        "title": proposal.title,
        "text": markdown.plain(proposal.text, LONGEST_TEXT),
        "language": proposal.language,
        "category_id": proposal.category_id,
    }


async def of_process(session: AsyncSession, process_id: UUID) -> list[Candidate]:
    """Published proposals and what stands on the ballot besides, with what was evaluated, by number."""
    evaluated = await evaluations.of_process(session, process_id)
    selected = {project.proposal_id: project for project in await queries.projects(session, process_id)}
    return [
        Candidate(
            proposal,
            evaluated[proposal.id].feasibility if proposal.id in evaluated else Feasibility.UNDECIDED,
            cost_of(evaluated.get(proposal.id)) if proposal.state is State.PUBLISHED else None,
            selected.get(proposal.id),
        )
        for proposal in await queries.candidates(session, process_id)
    ]


def sections(found: Sequence[Candidate], pots: Sequence[tuple[Pot, Area | None]]) -> list[Section]:
    """What can be selected, or has been, by the money that would pay for it."""
    possible = [each for each in found if each.cost_cents is not None or each.project]
    return [
        Section(pot, area, [each for each in possible if each.proposal.area_id == pot.area_id])
        for pot, area in pots
    ]


async def changed(session: AsyncSession, among: Sequence[Process]) -> list[Candidate]:
    """What an editor has to look at before these ballots become final: it changed after it was selected."""
    return [
        each
        for process in among
        if await processes.ballot_final_since(session, process.id) is None
        for each in await of_process(session, process.id)
        if each.has_changed
    ]
