"""A proposal as its evaluators and editors see it: what is said so far, by whom, and whether this person may change it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.audit.models import Entry
from service.core.actor import Editor, Evaluator
from service.core.errors import Conflict, DomainError, Forbidden, NotFound, msgid
from service.evaluation import queries, rules
from service.evaluation.models import Evaluation, InternalNote
from service.evaluation.queries import Colleague
from service.processes import queries as processes
from service.processes.models import Process
from service.proposals.models import Proposal
from service.voting import queries as voting
from service.web.visit import Visit

Reader = Evaluator | Editor
ROLES = frozenset({Evaluator.role, Editor.role})


class EditorsRead(Forbidden):
    message = msgid(
        "Evaluators change the evaluation. As an editor you can read it and write internal notes."
    )


@dataclass(frozen=True, slots=True)
class Dossier:
    by: Reader
    proposal: Proposal
    process: Process
    evaluation: Evaluation | None
    assigned: Sequence[Colleague]
    notes: Sequence[InternalNote]
    history: Sequence[tuple[Entry, str]]
    hindrance: DomainError | None  # why the evaluation cannot be changed by this person now


def reader_in(visit: Visit, process_id: UUID) -> Reader:
    """As an evaluator where the visitor is one. Raises SignInNeeded, Forbidden, and NotFound in others' processes."""
    held = [reader for reader in readers(visit) if reader.may_act_in(process_id)]
    if not held:
        raise NotFound
    return held[0]


def readers(visit: Visit) -> list[Reader]:
    """The visitor in each role that reads evaluations. Raises SignInNeeded, Forbidden."""
    held: list[Reader] = []
    if visit.resident and visit.has_role(Evaluator.role):
        held.append(visit.evaluator)
    if visit.has_role(Editor.role):
        held.append(visit.editor)
    if not held:
        raise Forbidden
    return held


async def proposal_of(visit: Visit, proposal_id: UUID) -> tuple[Proposal, Reader]:
    """Raises as `reader_in`."""
    for reader in readers(visit):
        try:
            return await queries.proposal_for(visit.session, proposal_id, reader), reader
        except NotFound:
            continue
    raise NotFound


async def read(visit: Visit, proposal_id: UUID) -> Dossier:
    """Raises as `proposal_of`."""
    proposal, by = await proposal_of(visit, proposal_id)
    process = await visit.session.get_one(Process, proposal.process_id)
    return Dossier(
        by=by,
        proposal=proposal,
        process=process,
        evaluation=await queries.find(visit.session, proposal.id),
        assigned=(await queries.assigned(visit.session, [proposal.id]))[proposal.id],
        notes=await queries.notes(visit.session, proposal.id),
        history=await queries.history(visit.session, proposal.id),
        hindrance=await _hindrance(visit, proposal, by),
    )


async def _hindrance(visit: Visit, proposal: Proposal, by: Reader) -> DomainError | None:
    """What `assess` would be refused with, whatever was written."""
    if isinstance(by, Editor):
        return EditorsRead()
    if not await queries.is_assigned(visit.session, proposal.id, by.id):
        return rules.NotAssigned()
    if await _is_frozen(visit, proposal):
        return rules.EvaluationIsFrozen()
    try:
        rules.check_open(await processes.phases(visit.session, proposal.process_id), at=visit.now)
        rules.check_public(proposal)
    except Conflict as error:
        return error
    return None


async def _is_frozen(visit: Visit, proposal: Proposal) -> bool:
    if await voting.project_of(visit.session, proposal.id) is None:
        return False
    return await processes.ballot_final_since(visit.session, proposal.process_id) is not None
