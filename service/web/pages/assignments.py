"""The editor's page of a process: who evaluates which proposal, and how far it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, ConfigDict, Field

from service.core.actor import Editor
from service.core.errors import Conflict, Invalid, msgid
from service.evaluation import actions, queries
from service.evaluation.models import Feasibility
from service.evaluation.queries import Colleague, Dossier
from service.processes import queries as processes
from service.processes.models import Process
from service.processes.rules import NotYourProcess
from service.proposals import queries as proposals
from service.web import desk, forms, paging
from service.web.forms import Form
from service.web.page import told
from service.web.visit import ThisVisit, Visit

PER_PAGE = 50
NOTICES = {
    "assign": msgid("The chosen proposals have been assigned."),
    "unassign": msgid("The evaluator no longer has the chosen proposals."),
}
SENTENCES = {
    "proposal": msgid("Choose at least one proposal."),
    "evaluator": msgid("Choose an evaluator."),
}
Assigned = Mapping[UUID, Sequence[Colleague]]
SHOWN: dict[str, Callable[[Dossier, Assigned], bool]] = {
    "unassigned": lambda line, assigned: not assigned[line.proposal_id] and not is_decided(line),
    "undecided": lambda line, _: not is_decided(line),
    "decided": lambda line, _: is_decided(line),
}


class AssignmentForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    proposal: Annotated[list[UUID], Field(min_length=1, max_length=PER_PAGE)]
    evaluator: UUID
    act: Literal["assign", "unassign"] = "assign"


class AssignmentPages(Controller):
    path = "/desk/processes/{slug:str}/evaluation"

    @get()
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        process, _ = await _of_editor(visit, slug)
        return await _page(visit, process, Form())

    @post(status_code=200)
    async def assign(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        process, editor = await _of_editor(visit, slug)
        filled = await forms.read(visit, AssignmentForm, sentences=SENTENCES, many=frozenset({"proposal"}))
        given = filled.value
        if given is None:
            return await _page(visit, process, filled.form, status=422)
        act = actions.assign if given.act == "assign" else actions.unassign
        try:
            async with visit.session.begin_nested():
                for proposal_id in given.proposal:
                    proposal = await proposals.get(visit.session, proposal_id)
                    await act(visit.session, proposal, given.evaluator, by=editor)
        except Invalid as error:
            error.field = error.field.removesuffix("_id")
            return await _page(visit, process, filled.form.refuse(visit, error), status=422)
        except Conflict as error:
            filled.form.mistakes[forms.TOP] = visit.gettext(error.message, **error.parameters)
            return await _page(visit, process, filled.form, status=409)
        show = visit.request.query_params.get("show", "")
        back = desk.address(visit, f"processes/{slug}/evaluation")
        return Redirect(
            f"{back}?done={given.act}" + (f"&show={show}" if show in SHOWN else ""), status_code=303
        )


def is_decided(line: Dossier) -> bool:
    return line.feasibility is not Feasibility.UNDECIDED


async def _of_editor(visit: Visit, slug: str) -> tuple[Process, Editor]:
    """Raises SignInNeeded, Forbidden, NotYourProcess, NotFound."""
    editor, process = visit.editor, await processes.get(visit.session, slug)
    if not editor.may_act_in(process.id):
        raise NotYourProcess
    return process, editor


async def _page(visit: Visit, process: Process, form: Form, *, status: int = 200) -> Response[str]:
    lines = await queries.dossiers(visit.session, process.id)
    assigned = await queries.assigned(visit.session, [line.proposal_id for line in lines])
    groups = {name: [line for line in lines if fits(line, assigned)] for name, fits in SHOWN.items()}
    show = visit.request.query_params.get("show", "")
    listed = groups.get(show, lines)
    current, pages = paging.of(visit, len(listed), PER_PAGE)
    return desk.page(
        visit,
        "desk/evaluation/assignments.html",
        current="evaluation",
        status=status,
        notice=told(visit, NOTICES),
        process=process,
        lines=[
            (line, assigned[line.proposal_id])
            for line in listed[(current - 1) * PER_PAGE : current * PER_PAGE]
        ],
        counts={"": len(lines), **{name: len(group) for name, group in groups.items()}},
        show=show if show in SHOWN else "",
        evaluators=await queries.evaluators(visit.session, process.id),
        form=form,
        page=current,
        pages=pages,
    )
