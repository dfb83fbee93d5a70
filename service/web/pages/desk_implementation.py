"""The desk of those who carry out what was selected: each winner's milestones, written and illustrated."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BeforeValidator, ConfigDict, Field

from service.core.errors import Conflict, Invalid, msgid
from service.core.moments import parse_day
from service.core.money import parse_money
from service.core.pictures import MEGAPIXELS, UPLOAD_MEGABYTES
from service.processes.models import Process
from service.results import actions, queries
from service.results.implementation import Undertaking
from service.results.models import MOST_CENTS, Facts, Milestone, Status, Step
from service.results.rules import NotAWinner, NotCountedYet
from service.web import desk, forms, steward
from service.web.forms import Form
from service.web.localized import InLanguages, typed
from service.web.page import told
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "added": msgid("The milestone has been added. Followers of the project are told."),
    "saved": msgid("The milestone has been saved. Followers of the project are told."),
    "removed": msgid("The milestone has been removed."),
    "picture": msgid("The picture has been saved."),
    "picture-removed": msgid("The picture has been removed."),
}
SENTENCES = {"title": msgid("Give the milestone a name in at least one language.")}
NO_FILE = msgid("Choose a picture first.")
WORDS = ("title", "text", "delay_reason", "decision_body")
DAYS = ("planned_start", "planned_end", "actual_start", "actual_end", "decided_on")

Day = BeforeValidator(lambda value: parse_day(value) if isinstance(value, str) else value)
Euros = BeforeValidator(lambda value: parse_money(value) if isinstance(value, str) else value)


class MilestoneForm(InLanguages, Step):
    model_config = ConfigDict(extra="ignore")  # type: ignore[assignment] # SQLModel narrows the type

    planned_start: Annotated[Any, Day] = None
    planned_end: Annotated[Any, Day] = None
    actual_start: Annotated[Any, Day] = None
    actual_end: Annotated[Any, Day] = None
    decided_on: Annotated[Any, Day] = None
    spent_cents: Annotated[int, Euros] = Field(default=0, ge=0, le=MOST_CENTS)
    version: int = 0
    nonce: UUID = Field(default_factory=uuid4)


class DeskImplementationPages(Controller):
    path = "/desk/processes/{slug:str}/implementation"

    @get("/")
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        process, undertakings = await _undertakings(visit, slug)
        return _page(visit, process, "list", undertakings=undertakings, notice=told(visit, NOTICES))

    @get("/{number:int}/new")
    async def new(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Response[str]:
        process, undertakings = await _undertakings(visit, slug)
        form = forms.filled({"nonce": uuid4(), "status": Status.PLANNED})
        return _form_page(visit, process, _of(undertakings, number), None, form)

    @post("/{number:int}/new", status_code=200)
    async def add(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        process, undertakings = await _undertakings(visit, slug)
        one = _of(undertakings, number)
        filled = await forms.read(visit, MilestoneForm, sentences=SENTENCES)
        if filled.value is None:
            return _form_page(visit, process, one, None, filled.form, status=422)
        try:
            await actions.add_milestone(
                visit.session,
                process,
                number,
                filled.value,
                nonce=filled.value.nonce,
                by=steward.of(visit, process),
            )
        except Invalid as error:
            form = filled.form.refuse(visit, error)
            return _form_page(visit, process, one, None, form, status=422)
        return _done(visit, slug, "added")

    @get("/milestones/{milestone_id:uuid}")
    async def edit(
        self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID]
    ) -> Response[str]:
        process, one, milestone = await _milestone(visit, slug, milestone_id)
        return _form_page(visit, process, one, milestone, forms.filled(_values(milestone)))

    @post("/milestones/{milestone_id:uuid}", status_code=200)
    async def change(
        self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        process, one, milestone = await _milestone(visit, slug, milestone_id)
        filled = await forms.read(visit, MilestoneForm, sentences=SENTENCES)
        if filled.value is None:
            return _form_page(visit, process, one, milestone, filled.form, status=422)
        given = filled.value
        try:
            await actions.change_milestone(
                visit.session,
                process,
                milestone_id,
                given,
                version=given.version,
                by=steward.of(visit, process),
            )
        except Invalid as error:
            form = filled.form.refuse(visit, error)
            return _form_page(visit, process, one, milestone, form, status=422)
        except Conflict as error:
            form = filled.form.refuse(visit, error)
            form.typed["version"] = milestone.version
            return _form_page(visit, process, one, milestone, form, status=409)
        return _done(visit, slug, "saved")

    @get("/milestones/{milestone_id:uuid}/picture")
    async def picture(self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID]) -> Redirect:
        """Where the language is switched on a page that answered a form."""
        await _milestone(visit, slug, milestone_id)
        return Redirect(
            desk.address(visit, f"processes/{slug}/implementation/milestones/{milestone_id}"), status_code=303
        )

    @post("/milestones/{milestone_id:uuid}/picture", status_code=200)
    async def illustrate(
        self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        process, one, milestone = await _milestone(visit, slug, milestone_id)
        sent = await visit.form()
        version, alt, file = _version(sent), str(sent.get("picture_alt", "")), sent.get("picture")
        if "remove" in sent:
            await actions.remove_picture(
                visit.session, process, milestone_id, version=version, by=steward.of(visit, process)
            )
            return _done(visit, slug, "picture-removed")
        form = forms.filled(_values(milestone) | {"picture_alt": alt})
        if not isinstance(file, UploadFile) or not file.filename:
            form.mistakes["picture"] = visit.gettext(NO_FILE)
            return _form_page(visit, process, one, milestone, form, status=422)
        form.file_lost = True
        try:
            await actions.illustrate(
                visit.session,
                process,
                milestone_id,
                await file.read(),
                alt[:300],
                version=version,
                by=steward.of(visit, process),
            )
        except Invalid as error:
            return _form_page(visit, process, one, milestone, form.refuse(visit, error), status=422)
        except Conflict as error:
            form.typed = _values(milestone) | {"picture_alt": alt}
            return _form_page(visit, process, one, milestone, form.refuse(visit, error), status=409)
        return _done(visit, slug, "picture")

    @get("/milestones/{milestone_id:uuid}/remove")
    async def ask_removal(
        self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID]
    ) -> Response[str]:
        process, one, milestone = await _milestone(visit, slug, milestone_id)
        return _page(visit, process, "remove", one=one, milestone=milestone)

    @post("/milestones/{milestone_id:uuid}/remove", status_code=200)
    async def remove(self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID]) -> Redirect:
        process, _, milestone = await _milestone(visit, slug, milestone_id)
        version = _version(await visit.form())
        await actions.remove_milestone(
            visit.session, process, milestone.id, version=version, by=steward.of(visit, process)
        )
        return _done(visit, slug, "removed")


async def _undertakings(visit: Visit, slug: str) -> tuple[Process, list[Undertaking]]:
    """Of a counted process the visitor looks after. Raises SignInNeeded, Forbidden, NotFound, NotCountedYet."""
    process, _ = await steward.process_of(visit, slug)
    result = await queries.latest(visit.session, process.id)
    if result is None:
        raise NotCountedYet
    return process, await queries.undertakings(visit.session, await queries.outcome(visit.session, result))


def _of(undertakings: list[Undertaking], number: int) -> Undertaking:
    for one in undertakings:
        if one.project.number == number:
            return one
    raise NotAWinner


async def _milestone(visit: Visit, slug: str, milestone_id: UUID) -> tuple[Process, Undertaking, Milestone]:
    process, undertakings = await _undertakings(visit, slug)
    milestone, project = await queries.milestone(visit.session, process.id, milestone_id)
    return process, _of(undertakings, project.number), milestone


def _version(sent: Mapping[str, Any]) -> int:
    """Which the editor has read; 0 for none."""
    seen = str(sent.get("version", ""))
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0


def _values(milestone: Milestone) -> dict[str, Any]:
    """What the form shows: days as browsers write them, euros with a decimal comma where there are cents."""
    values: dict[str, Any] = {name: getattr(milestone, name) for name in Facts.model_fields}
    for name in WORDS:
        values |= typed(name, getattr(milestone, name))
    euros, cents = divmod(milestone.spent_cents, 100)
    return values | {
        "spent_cents": f"{euros},{cents:02}" if cents else str(euros),
        "version": milestone.version,
        "picture_alt": milestone.picture_alt,
    }


def _form_page(
    visit: Visit,
    process: Process,
    one: Undertaking,
    milestone: Milestone | None,
    form: Form,
    *,
    status: int = 200,
) -> Response[str]:
    return _page(
        visit,
        process,
        "milestone",
        status=status,
        one=one,
        milestone=milestone,
        form=form,
        statuses=list(Status),
        limits={"megabytes": UPLOAD_MEGABYTES, "megapixels": MEGAPIXELS},
    )


def _page(visit: Visit, process: Process, name: str, *, status: int = 200, **context: Any) -> Response[str]:
    return desk.page(
        visit,
        f"desk/implementation/{name}.html",
        current="voting",
        status=status,
        process=process,
        here=desk.address(visit, f"processes/{process.slug}/implementation"),
        **context,
    )


def _done(visit: Visit, slug: str, done: str) -> Redirect:
    return Redirect(desk.address(visit, f"processes/{slug}/implementation?done={done}"), status_code=303)
