"""Evaluation as JSON: what the city says of a proposal, who says it, and what colleagues tell each other."""

from datetime import datetime
from uuid import UUID, uuid4

from litestar import Controller, delete, get, post, put
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.core.actor import Editor
from service.core.errors import NotFound
from service.evaluation import actions, queries
from service.evaluation.models import Assessment, Evaluation, Feasibility, Remark
from service.processes import queries as processes
from service.processes.models import Process
from service.processes.rules import NotYourProcess
from service.proposals import queries as proposals
from service.proposals.models import Proposal
from service.web import dossier
from service.web.dossier import Reader
from service.web.visit import ThisVisit, Visit

PRIVATE = CacheControlHeader(no_store=True)


class EvaluationIn(Assessment):
    """The whole evaluation. Sums in cents."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "feasibility": "feasible",
                    "reason": {"fi": "Alue on kaupungin.", "sv": "Området är stadens."},
                    "cost_low_cents": 1_800_000,
                    "cost_high_cents": 2_400_000,
                    "maintenance_cents": 60_000,
                    "version": 0,
                }
            ]
        }
    )

    version: int = Field(
        ge=0, le=2_147_483_647, description="The evaluation's, as it was read; 0 where there is none."
    )

    @property
    def assessment(self) -> Assessment:
        return Assessment.model_validate(self.model_dump(exclude={"version"}))


class EvaluationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    feasibility: Feasibility
    reason: dict[str, str] = Field(description="By language.")
    cost_low_cents: int | None
    cost_high_cents: int | None = Field(description="The ballot uses this one.")
    maintenance_cents: int | None = Field(description="Upkeep per year.")
    version: int
    evaluated_at: datetime


class NoteIn(Remark):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Kysytty katuyksiköstä 14.3."}]})

    nonce: UUID = Field(default_factory=uuid4, description="The same again makes no second note.")


class NoteOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    author_name: str = Field(description="Empty: somebody who has left.")
    text: str
    written_at: datetime


class ColleagueOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class DossierOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    proposal_id: UUID
    number: int
    title: str
    language: str
    process_slug: str
    published_at: datetime
    feasibility: Feasibility
    cost_low_cents: int | None
    cost_high_cents: int | None


class AssignedDossierOut(DossierOut):
    evaluators: list[ColleagueOut]


class StepOut(BaseModel):
    """What was done to an evaluation."""

    at: datetime
    action: str
    actor_name: str = Field(description="Empty: somebody who has left.")
    details: dict[str, object]


class EvaluationApi(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}"
    tags = ["Evaluation"]

    @get("/evaluation", operation_id="getEvaluation")
    async def show(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> EvaluationOut:
        """What the city says of a proposal: to everybody once it is decided, to its process's evaluators and editors before."""
        process = await processes.get(visit.session, slug)
        proposal = await proposals.seen_by(visit.session, process, number, None)
        is_staff = any(reader.may_act_in(process.id) for reader in _readers(visit))
        found = await (queries.find if is_staff else queries.published)(visit.session, proposal.id)
        if found is None:
            raise NotFound
        return _out(found)

    @put("/evaluation", operation_id="saveEvaluation")
    async def save(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[EvaluationIn]
    ) -> EvaluationOut:
        """Say whether a proposal assigned to you can be carried out and what it costs (evaluators)."""
        proposal, _ = await _proposal(visit, slug, number)
        return _out(
            await actions.assess(
                visit.session, proposal, data.assessment, version=data.version, by=visit.evaluator
            )
        )

    @get("/evaluation/history", operation_id="listEvaluationSteps", cache_control=PRIVATE)
    async def history(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> list[StepOut]:
        """Who did what to the evaluation, newest first (evaluators, editors)."""
        proposal, _ = await _proposal(visit, slug, number)
        return [
            StepOut(at=entry.at, action=entry.action, actor_name=name, details=entry.details)
            for entry, name in await queries.history(visit.session, proposal.id)
        ]

    @get("/notes", operation_id="listInternalNotes", cache_control=PRIVATE)
    async def notes(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> list[NoteOut]:
        """What colleagues tell each other, oldest first (evaluators, editors)."""
        proposal, _ = await _proposal(visit, slug, number)
        return [NoteOut.model_validate(note) for note in await queries.notes(visit.session, proposal.id)]

    @post("/notes", operation_id="addInternalNote", cache_control=PRIVATE)
    async def note(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[NoteIn]
    ) -> NoteOut:
        """Write for colleagues (evaluators, editors)."""
        proposal, by = await _proposal(visit, slug, number)
        return NoteOut.model_validate(
            await actions.note(visit.session, proposal, data, nonce=data.nonce, by=by)
        )

    @put("/evaluators/{account_id:uuid}", operation_id="assignEvaluator", status_code=204)
    async def assign(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], account_id: FromPath[UUID]
    ) -> None:
        """Ask an evaluator of the process to look at a proposal (editors)."""
        process, editor = await _of_editor(visit, slug)
        proposal = await proposals.seen_by(visit.session, process, number, None)
        await actions.assign(visit.session, proposal, account_id, by=editor)

    @delete("/evaluators/{account_id:uuid}", operation_id="unassignEvaluator")
    async def unassign(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], account_id: FromPath[UUID]
    ) -> None:
        """Take the question back (editors)."""
        process, editor = await _of_editor(visit, slug)
        proposal = await proposals.seen_by(visit.session, process, number, None)
        await actions.unassign(visit.session, proposal, account_id, by=editor)


class EvaluationListsApi(Controller):
    tags = ["Evaluation"]
    cache_control = PRIVATE

    @get("/me/evaluations", operation_id="listMyEvaluations")
    async def mine(self, visit: ThisVisit) -> list[DossierOut]:
        """What is assigned to you (evaluators), undecided ones first."""
        found = await queries.of_evaluator(visit.session, visit.evaluator)
        return [DossierOut.model_validate(line) for line in found]

    @get("/processes/{slug:str}/evaluations", operation_id="listEvaluations")
    async def of_process(self, visit: ThisVisit, slug: FromPath[str]) -> list[AssignedDossierOut]:
        """The published proposals of a process with who evaluates them (editors), undecided ones first."""
        process, _ = await _of_editor(visit, slug)
        lines = await queries.dossiers(visit.session, process.id)
        assigned = await queries.assigned(visit.session, [line.proposal_id for line in lines])
        return [
            AssignedDossierOut(
                **DossierOut.model_validate(line).model_dump(),
                evaluators=[ColleagueOut.model_validate(one) for one in assigned[line.proposal_id]],
            )
            for line in lines
        ]

    @get("/processes/{slug:str}/evaluators", operation_id="listEvaluators")
    async def evaluators(self, visit: ThisVisit, slug: FromPath[str]) -> list[ColleagueOut]:
        """Who can be asked to evaluate (editors)."""
        process, _ = await _of_editor(visit, slug)
        found = await queries.evaluators(visit.session, process.id)
        return [ColleagueOut.model_validate(one) for one in found]


def _out(evaluation: Evaluation) -> EvaluationOut:
    return EvaluationOut.model_validate(evaluation)


def _readers(visit: Visit) -> list[Reader]:
    return dossier.readers(visit) if visit.is_staff and visit.roles.keys() & dossier.ROLES else []


async def _proposal(visit: Visit, slug: str, number: int) -> tuple[Proposal, Reader]:
    """Raises SignInNeeded, Forbidden, NotFound."""
    assert dossier.readers(visit)  # who may not is told so before anything is looked up
    process = await processes.get(visit.session, slug)
    proposal = await proposals.seen_by(visit.session, process, number, None)
    return proposal, dossier.reader_in(visit, process.id)


async def _of_editor(visit: Visit, slug: str) -> tuple[Process, Editor]:
    """Raises SignInNeeded, Forbidden, NotYourProcess, NotFound."""
    editor, process = visit.editor, await processes.get(visit.session, slug)
    if not editor.may_act_in(process.id):
        raise NotYourProcess
    return process, editor
