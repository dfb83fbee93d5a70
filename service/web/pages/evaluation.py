"""The evaluators' desk: what is theirs to evaluate, and a proposal's dossier."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BeforeValidator, ConfigDict, Field

from service.core.actor import Editor, Evaluator
from service.core.errors import Conflict, Invalid, msgid
from service.core.text import Localized, Words, number
from service.evaluation import actions, queries, rules
from service.evaluation.models import Assessment, Evaluation, Feasibility, Remark
from service.web import desk, dossier, forms, localized, trail
from service.web.drafting import cents
from service.web.forms import Form
from service.web.localized import InLanguages
from service.web.page import told
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "saved": msgid("The evaluation is saved."),
    "noted": msgid("The note is saved."),
}
SENTENCES = {"text": msgid("Write the note first.")}

Sum = Annotated[int | None, BeforeValidator(cents)]
SUMS = ("cost_low", "cost_high", "maintenance")


class EvaluationForm(InLanguages):
    """The evaluation with sums as people type them, and a note for colleagues."""

    model_config = ConfigDict(extra="ignore")

    feasibility: Feasibility = Feasibility.UNDECIDED
    reason: Localized | None = None
    cost_low: Sum = None
    cost_high: Sum = None
    maintenance: Sum = None
    version: int = Field(default=0, ge=0, le=2_147_483_647)
    note: Annotated[Words, Field(max_length=3_000)] = ""
    nonce: UUID = Field(default_factory=uuid4)

    @property
    def assessment(self) -> Assessment:
        sums = {f"{name}_cents": getattr(self, name) for name in SUMS}
        return Assessment(feasibility=self.feasibility, reason=self.reason, **sums)


class NoteForm(Remark):
    nonce: UUID = Field(default_factory=uuid4)


class EvaluationPages(Controller):
    path = "/desk/evaluation"

    @get()
    async def list(self, visit: ThisVisit) -> Response[str]:
        assert dossier.readers(visit)  # raises for who is neither
        is_evaluator, is_editor = visit.has_role(Evaluator.role), visit.has_role(Editor.role)
        return desk.page(
            visit,
            "desk/evaluation/list.html",
            current="evaluation",
            dossiers=await queries.of_evaluator(visit.session, visit.evaluator) if is_evaluator else None,
            progress=await queries.progress(visit.session, visit.editor.processes) if is_editor else None,
        )

    @get("/{proposal_id:uuid}")
    async def show(self, visit: ThisVisit, proposal_id: FromPath[UUID]) -> Response[str]:
        return await _page(visit, proposal_id)

    @post("/{proposal_id:uuid}", status_code=200)
    async def save(self, visit: ThisVisit, proposal_id: FromPath[UUID]) -> Response[str] | Redirect:
        proposal, _ = await dossier.proposal_of(visit, proposal_id)
        evaluator = visit.evaluator
        filled = await forms.read(visit, EvaluationForm)
        form, given = filled.form, filled.value
        if given is None:
            return await _page(visit, proposal_id, form, status=422)
        try:
            async with visit.session.begin_nested():
                await actions.assess(
                    visit.session, proposal, given.assessment, version=given.version, by=visit.evaluator
                )
                if given.note:
                    remark = Remark(text=given.note)
                    await actions.note(visit.session, proposal, remark, nonce=given.nonce, by=evaluator)
        except Invalid as error:
            for mistake in (*rules.mistakes(given.assessment), error):
                mistake.field = mistake.field.removesuffix("_cents")
                form.refuse(visit, mistake)
            return await _page(visit, proposal_id, form, status=422)
        except Conflict as error:
            form.mistakes[forms.TOP] = visit.gettext(error.message, **error.parameters)
            return await _page(
                visit, proposal_id, form, status=409, differs=isinstance(error, rules.EvaluatedMeanwhile)
            )
        return _back(visit, proposal_id, "saved")

    @get("/{proposal_id:uuid}/notes")
    async def notes(self, visit: ThisVisit, proposal_id: FromPath[UUID]) -> Redirect:
        """Where the language is switched on a page that answered a form."""
        await dossier.proposal_of(visit, proposal_id)
        return Redirect(desk.address(visit, f"evaluation/{proposal_id}"), status_code=303)

    @post("/{proposal_id:uuid}/notes", status_code=200)
    async def note(self, visit: ThisVisit, proposal_id: FromPath[UUID]) -> Response[str] | Redirect:
        proposal, by = await dossier.proposal_of(visit, proposal_id)
        filled = await forms.read(visit, NoteForm, sentences=SENTENCES)
        if filled.value is None:
            return await _page(visit, proposal_id, filled.form, status=422)
        remark = Remark(text=filled.value.text)
        await actions.note(visit.session, proposal, remark, nonce=filled.value.nonce, by=by)
        return _back(visit, proposal_id, "noted")


def _back(visit: Visit, proposal_id: UUID, done: str) -> Redirect:
    return Redirect(desk.address(visit, f"evaluation/{proposal_id}?done={done}"), status_code=303)


async def _page(
    visit: Visit,
    proposal_id: UUID,
    form: Form | None = None,
    *,
    status: int = 200,
    differs: bool = False,
) -> Response[str]:
    """`differs`: show what was saved meanwhile beside what was typed; saving again takes the place of what is shown."""
    read = await dossier.read(visit, proposal_id)
    stored = _typed(visit, read.evaluation)
    form = form or forms.filled(stored)
    if differs:
        form.typed["version"] = stored["version"]
    return desk.page(
        visit,
        "desk/evaluation/dossier.html",
        current="evaluation",
        status=status,
        notice=told(visit, NOTICES),
        dossier=read,
        form=form,
        stored=stored,
        differs=differs,
        hindrance=visit.gettext(read.hindrance.message) if read.hindrance else "",
        words={action: visit.gettext(text) for action, text in trail.WORDS.items()},
        nonce=form.value("nonce") or uuid4(),
    )


def _typed(visit: Visit, evaluation: Evaluation | None) -> dict[str, Any]:
    """An evaluation as its form shows it."""
    sums = {name: getattr(evaluation, f"{name}_cents", None) for name in SUMS}
    return {
        "feasibility": (evaluation.feasibility if evaluation else Feasibility.UNDECIDED).value,
        **localized.typed("reason", evaluation.reason if evaluation else {}),
        **{name: _sum(visit, value) for name, value in sums.items()},
        "version": evaluation.version if evaluation else 0,
    }


def _sum(visit: Visit, value: int | None) -> str:
    if value is None:
        return ""
    return number(Decimal(value) / 100, visit.language, decimals=2 if value % 100 else 0)
