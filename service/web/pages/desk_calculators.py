"""The desk of those who look after a calculator: all of theirs, a new one, its state part by part, publishing and closing it."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BeforeValidator, ConfigDict, model_validator

from service.calculator import actions, queries
from service.calculator.models import CommentState
from service.calculator.publication import LEAST
from service.calculator.rules import CalculatorIsClosed, NotReady
from service.core.actor import Role
from service.core.errors import Conflict, Invalid, msgid
from service.core.moments import parse_moment, typed_moment
from service.core.text import LANGUAGES
from service.core.text import slug as slug_of
from service.processes import queries as processes
from service.processes.models import Process
from service.processes.parts import Moment, Sentence, Title
from service.processes.rules import EditedMeanwhile, NotYourProcess
from service.web import desk, forms, localized, steward, typed
from service.web.calculator_desk import Part, Workspace, mark, open_workspace, reads_comments
from service.web.calculator_tasks import tasks
from service.web.forms import Form
from service.web.localized import InLanguages
from service.web.process_desk import conflict
from service.web.visit import ThisVisit, Visit

Typed = Annotated[Moment, BeforeValidator(parse_moment)]

LABELS = {
    "title": msgid("Name of the calculator"),
    "summary": msgid("Summary"),
    "slug": msgid("Address"),
    "opens_at": msgid("Opens"),
    "closes_at": msgid("Closes"),
}
SENTENCES = {
    "title": msgid("Give the calculator a name in at least one language."),
    "summary": msgid("Tell in one or two sentences what residents do here."),
    "slug": msgid("Write an address for the calculator."),
    "opens_at": msgid("Write the day and the time when the calculator opens."),
    "closes_at": msgid("Write the day and the time when the calculator closes."),
    "process": msgid("Choose the round the calculator belongs to."),
}


class DetailsForm(InLanguages, actions.Details):
    """An address that is left empty is made of the name."""

    model_config = ConfigDict(extra="ignore")

    title: Title
    summary: Sentence
    opens_at: Typed
    closes_at: Typed
    seen: str = ""

    @model_validator(mode="before")
    @classmethod
    def _address_of_name(cls, sent: dict[str, Any]) -> dict[str, Any]:
        names = [str(sent.get(f"title_{language}", "")) for language in LANGUAGES]
        address = slug_of(next(filter(None, names), ""))
        return {"slug": address, **sent} if address else sent

    @property
    def details(self) -> actions.Details:
        return actions.Details.model_validate(
            {name: getattr(self, name) for name in actions.Details.model_fields}
        )


class BeginningForm(DetailsForm):
    process: UUID


class DeskCalculatorPages(Controller):
    path = "/desk/calculator"

    @get("/")
    async def list(self, visit: ThisVisit) -> Response[str]:
        """With what waits for a moderator."""
        rows = []
        for calculator in await queries.of_staff(visit.session, _reach(visit)):
            process = await visit.session.get_one(Process, calculator.process_id)
            moderates = reads_comments(visit, process)
            waiting = (
                await queries.comments(visit.session, calculator.id, CommentState.WAITING)
                if moderates
                else []
            )
            rows.append(
                {
                    "calculator": calculator,
                    "process": process,
                    "changes": _changes(visit, process),
                    "moderates": moderates,
                    "waiting": len(waiting),
                }
            )
        return desk.page(
            visit, "desk/calculator/list.html", current="calculator", rows=rows, may_create=_may_create(visit)
        )

    @get("/new")
    async def new(self, visit: ThisVisit) -> Response[str]:
        asked = visit.request.query_params.get("process", "")
        return await new_page(visit, forms.filled({"process": asked}))

    @post("/new", status_code=200)
    async def found(self, visit: ThisVisit) -> Response[str] | Redirect:
        mine = {process.id: process for process in await _processes(visit)}
        filled = await forms.read(visit, BeginningForm, sentences=SENTENCES)
        if filled.value is None:
            return await new_page(visit, filled.form, status=422)
        process = mine.get(filled.value.process)
        if process is None:
            raise NotYourProcess
        try:
            calculator = await actions.found(
                visit.session, process, filled.value.details, by=steward.of(visit, process)
            )
        except Invalid as error:
            return await new_page(visit, filled.form.refuse(visit, error), status=422)
        return Redirect(desk.address(visit, f"calculator/{calculator.slug}?done=created"), status_code=303)

    @get("/{slug:str}")
    async def overview(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        plans = await queries.count(visit.session, workspace.calculator)
        return workspace.page(
            "overview",
            tasks=tasks(workspace),
            published=await queries.specifications(visit.session, workspace.calculator.id),
            plans=plans if plans >= LEAST else None,
            is_open=workspace.is_open,
            is_over=workspace.calculator.closes_at <= visit.now,
            has_news=workspace.has_news,
            moderates=reads_comments(visit, workspace.process),
        )

    @get("/{slug:str}/details")
    async def details(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return details_page(workspace, forms.filled(values(workspace)))

    @post("/{slug:str}/details", status_code=200)
    async def change(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        filled = await forms.read(visit, DetailsForm, sentences=SENTENCES)
        if filled.value is None:
            return details_page(workspace, filled.form, status=422)
        try:
            workspace.check_seen(filled.value.seen, stored(workspace))
            await actions.change(
                visit.session,
                workspace.calculator,
                _untouched(filled.value.details, workspace),
                version=workspace.calculator.version,
                by=workspace.by,
            )
        except EditedMeanwhile as error:
            return choose(await open_workspace(visit, slug), filled.form, error)
        except Invalid as error:
            return details_page(workspace, filled.form.refuse(visit, error), status=422)
        except Conflict as error:
            return details_page(workspace, filled.form.refuse(visit, error), status=409)
        return Redirect(
            desk.address(visit, f"calculator/{workspace.calculator.slug}/details?done=saved"), status_code=303
        )

    @get("/{slug:str}/check")
    async def check(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return workspace.page("check", Part.CHECK, findings=workspace.told_findings)

    @get("/{slug:str}/publish")
    async def ask_publication(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return publish_page(await open_workspace(visit, slug))

    @post("/{slug:str}/publish", status_code=200)
    async def publish(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        """What the page told about is what is published: a draft changed since is shown first."""
        workspace = await open_workspace(visit, slug)
        given = await typed.sent(visit)
        try:
            workspace.check_seen(given.text("seen"), workspace.draft)
            await actions.publish(
                visit.session, workspace.calculator, version=workspace.calculator.version, by=workspace.by
            )
        except (EditedMeanwhile, NotReady) as error:
            again = await open_workspace(visit, slug)
            return publish_page(again, Form().refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}?done=published", status_code=303)

    @get("/{slug:str}/close")
    async def ask_closing(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        return workspace.page("close", is_open=workspace.is_open)

    @post("/{slug:str}/close", status_code=200)
    async def close(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        try:
            await actions.close(
                visit.session, workspace.calculator, version=workspace.calculator.version, by=workspace.by
            )
        except CalculatorIsClosed as error:
            form = Form().refuse(visit, error)
            return workspace.page("close", status=409, is_open=False, form=form)
        return Redirect(f"{workspace.address}?done=closed", status_code=303)


def values(workspace: Workspace) -> dict[str, Any]:
    calculator = workspace.calculator
    return {
        "seen": mark(stored(workspace)),
        "slug": calculator.slug,
        **localized.typed("title", calculator.title),
        **localized.typed("summary", calculator.summary),
        "opens_at": typed_moment(calculator.opens_at),
        "closes_at": typed_moment(calculator.closes_at),
    }


def stored(workspace: Workspace) -> list[Any]:
    """What this form changes."""
    return [getattr(workspace.calculator, name) for name in actions.Details.model_fields]


def choose(workspace: Workspace, form: Form, error: EditedMeanwhile) -> Response[str]:
    """Both versions; sending the form again keeps the editor's own."""
    visit = workspace.visit
    now = values(workspace)
    labels = {name: visit.gettext(label) for name, label in LABELS.items()}
    form.typed["seen"] = now.pop("seen")
    return details_page(
        workspace, form.refuse(visit, error), status=409, conflict=conflict(now, form, labels)
    )


def details_page(workspace: Workspace, form: Form, *, status: int = 200, **context: Any) -> Response[str]:
    labels = {name: workspace.visit.gettext(label) for name, label in LABELS.items()}
    return workspace.page("details", Part.DETAILS, status=status, form=form, labels=labels, **context)


async def new_page(visit: Visit, form: Form, *, status: int = 200) -> Response[str]:
    return desk.page(
        visit,
        "desk/calculator/new.html",
        current="calculator",
        status=status,
        form=form,
        labels={name: visit.gettext(label) for name, label in LABELS.items()},
        processes=await _processes(visit),
    )


def publish_page(workspace: Workspace, form: Form | None = None, *, status: int = 200) -> Response[str]:
    return workspace.page(
        "publish",
        status=status,
        findings=workspace.told_findings,
        is_ready=workspace.is_ready,
        has_news=workspace.has_news,
        specification=workspace.specification,
        seen=mark(workspace.draft),
        form=form or Form(),
    )


async def _processes(visit: Visit) -> list[Process]:
    """For which the visitor may make a calculator. Raises SignInNeeded, Forbidden."""
    return list(await processes.looked_after(visit.session, steward.reach(visit)))


def _reach(visit: Visit) -> frozenset[UUID] | None:
    """The processes whose calculators the visitor has to do with. Raises SignInNeeded, Forbidden."""
    held = []
    if _may_create(visit) or not visit.has_role(Role.MODERATOR):
        held.append(steward.reach(visit))
    if visit.has_role(Role.MODERATOR):
        held.append(visit.moderator.processes)
    return None if None in held else frozenset().union(*(each or () for each in held))


def _may_create(visit: Visit) -> bool:
    return visit.has_role(Role.EDITOR) or visit.has_role(Role.ADMINISTRATOR)


def _changes(visit: Visit, process: Process) -> bool:
    """May the visitor change this one's calculators?"""
    if not _may_create(visit):
        return False
    mine = steward.reach(visit)
    return mine is None or process.id in mine


def _untouched(given: actions.Details, workspace: Workspace) -> actions.Details:
    """A form tells minutes, a calculator may have seconds: a moment that nobody changed stays what it is."""
    same = {
        name: getattr(workspace.calculator, name)
        for name in ("opens_at", "closes_at")
        if typed_moment(getattr(given, name)) == typed_moment(getattr(workspace.calculator, name))
    }
    return given.model_copy(update=same)
