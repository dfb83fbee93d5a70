"""An editor sets the phases of a process: one table with a drawing, one form for each phase."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BeforeValidator, ConfigDict, Field

from service.core.errors import Conflict, Invalid, msgid
from service.core.moments import parse_moment, typed_moment
from service.processes import actions, queries, timetable
from service.processes.models import Activity, Phase
from service.processes.parts import Moment, PhasePlan
from service.processes.readiness import Part
from service.processes.rules import EditedMeanwhile, check_removal
from service.web import forms, localized
from service.web.forms import Form
from service.web.localized import InLanguages
from service.web.pages.desk_processes import notice
from service.web.process_desk import Workspace, conflict, open_workspace
from service.web.visit import ThisVisit

Typed = Annotated[Moment, BeforeValidator(parse_moment)]

LABELS = {
    "name": msgid("Name of the phase"),
    "activities": msgid("What is permitted in it"),
    "opens_at": msgid("Opens"),
    "closes_at": msgid("Closes"),
}
SENTENCES = {
    "name": msgid("Give the phase a name in at least one language."),
    "activities": msgid("Choose at least one thing that the phase permits."),
    "opens_at": msgid("Write the day and the time when the phase opens."),
    "closes_at": msgid("Write the day and the time when the phase closes."),
}
MANY = frozenset({"activities"})


class PhaseForm(InLanguages, PhasePlan):
    model_config = ConfigDict(extra="ignore")

    opens_at: Typed
    closes_at: Typed
    version: int = 0
    nonce: UUID = Field(default_factory=uuid4)


class DeskPhasePages(Controller):
    path = "/desk/processes/{slug:str}/phases"

    @get("/")
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        whole = timetable.span(workspace.phases)
        gaps = timetable.gaps(workspace.phases)
        return workspace.page(
            "desk/processes/phases.html",
            Part.PHASES,
            phases=workspace.phases,
            bars=[timetable.bar(phase, whole) for phase in workspace.phases] if whole else [],
            gap_bars=[timetable.bar(gap, whole) for gap in gaps] if whole else [],
            ticks=timetable.ticks(whole) if whole else [],
            now_at=timetable.share(visit.now, whole) if whole else None,
            gaps=gaps,
            overlaps=timetable.overlaps(workspace.phases),
            notice=notice(visit),
        )

    @get("/new")
    async def new(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return phase_page(workspace, None, forms.filled({"nonce": uuid4(), "activities": []}))

    @post("/new", status_code=200)
    async def add(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        filled = await forms.read(visit, PhaseForm, sentences=SENTENCES, many=MANY)
        if filled.value is None:
            return phase_page(workspace, None, filled.form, status=422)
        try:
            await actions.add_phase(
                visit.session, workspace.process, filled.value, nonce=filled.value.nonce, by=workspace.by
            )
        except Invalid as error:
            return phase_page(workspace, None, filled.form.refuse(visit, error), status=422)
        return Redirect(f"{workspace.address}/phases?done=added", status_code=303)

    @get("/{phase_id:uuid}")
    async def phase(self, visit: ThisVisit, slug: FromPath[str], phase_id: FromPath[UUID]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        phase = await queries.phase(visit.session, workspace.process.id, phase_id)
        return phase_page(workspace, phase, forms.filled(values(phase)))

    @post("/{phase_id:uuid}", status_code=200)
    async def change(
        self, visit: ThisVisit, slug: FromPath[str], phase_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        phase = await queries.phase(visit.session, workspace.process.id, phase_id)
        filled = await forms.read(visit, PhaseForm, sentences=SENTENCES, many=MANY)
        if filled.value is None:
            return phase_page(workspace, phase, filled.form, status=422)
        given = untouched(filled.value, phase)
        try:
            await actions.change_phase(
                visit.session, workspace.process, phase, given, version=given.version, by=workspace.by
            )
        except EditedMeanwhile as error:
            return choose(workspace, phase, filled.form, error)
        except Invalid as error:
            return phase_page(workspace, phase, filled.form.refuse(visit, error), status=422)
        except Conflict as error:
            return phase_page(workspace, phase, filled.form.refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}/phases?done=saved", status_code=303)

    @get("/{phase_id:uuid}/remove")
    async def ask_removal(
        self, visit: ThisVisit, slug: FromPath[str], phase_id: FromPath[UUID]
    ) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        phase = await queries.phase(visit.session, workspace.process.id, phase_id)
        check_removal(phase, at=visit.now)
        return workspace.page("desk/processes/phase_remove.html", Part.PHASES, phase=phase)

    @post("/{phase_id:uuid}/remove", status_code=200)
    async def remove(
        self, visit: ThisVisit, slug: FromPath[str], phase_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        phase = await queries.phase(visit.session, workspace.process.id, phase_id)
        try:
            await actions.remove_phase(visit.session, workspace.process, phase, by=workspace.by)
        except Conflict as error:
            form = forms.filled(values(phase)).refuse(visit, error)
            return phase_page(workspace, phase, form, status=409)
        return Redirect(f"{workspace.address}/phases?done=removed", status_code=303)


def values(phase: Phase) -> dict[str, Any]:
    return {
        "version": phase.version,
        **localized.typed("name", phase.name),
        "activities": [str(activity) for activity in phase.activities],
        "opens_at": typed_moment(phase.opens_at),
        "closes_at": typed_moment(phase.closes_at),
    }


def untouched(given: PhaseForm, phase: Phase) -> PhaseForm:
    """A form tells minutes, a phase may have seconds: a moment that nobody changed stays what it is."""
    same = {
        name: getattr(phase, name)
        for name in ("opens_at", "closes_at")
        if typed_moment(getattr(given, name)) == typed_moment(getattr(phase, name))
    }
    return given.model_copy(update=same)


def choose(workspace: Workspace, phase: Phase, form: Form, error: EditedMeanwhile) -> Response[str]:
    """Both versions; sending the form again keeps the editor's own."""
    stored = values(phase)
    labels = {name: workspace.visit.gettext(label) for name, label in LABELS.items()}
    differing = conflict(stored, form, labels)
    form.typed["version"] = phase.version
    return phase_page(workspace, phase, form.refuse(workspace.visit, error), status=409, conflict=differing)


def phase_page(
    workspace: Workspace, phase: Phase | None, form: Form, *, status: int = 200, **context: Any
) -> Response[str]:
    """The form of one phase; what is fixed of a vote that has opened is text."""
    visit = workspace.visit
    opened = phase is not None and Activity.VOTE in phase.activities and phase.opens_at <= visit.now
    return workspace.page(
        "desk/processes/phase.html",
        Part.PHASES,
        status=status,
        phase=phase,
        form=form,
        labels={name: visit.gettext(label) for name, label in LABELS.items()},
        voting_opened=opened,
        voting_closed=opened and phase is not None and phase.closes_at <= visit.now,
        **context,
    )
