"""An editor changes a process part by part: basics, texts, voting rules, areas and money. One part, one form, one Save."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.core.errors import Conflict, Invalid
from service.processes import queries, readiness
from service.processes.rules import EditedMeanwhile
from service.web import forms, trial
from service.web.forms import Form
from service.web.pages.desk_processes import notice
from service.web.process_desk import Workspace, conflict, open_workspace
from service.web.process_forms import AREAS, BALLOT, SETTINGS, TEXTS, Editing
from service.web.visit import ThisVisit, Visit


class DeskProcessPartPages(Controller):
    path = "/desk/processes/{slug:str}"

    @get("/settings")
    async def settings(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await show(visit, slug, SETTINGS)

    @post("/settings", status_code=200)
    async def save_settings(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        return await save(visit, slug, SETTINGS)

    @get("/texts")
    async def texts(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await show(visit, slug, TEXTS)

    @post("/texts", status_code=200)
    async def save_texts(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        return await save(visit, slug, TEXTS)

    @get("/ballot")
    async def ballot(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await show(visit, slug, BALLOT)

    @post("/ballot", status_code=200)
    async def save_ballot(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        return await save(visit, slug, BALLOT)

    @get("/areas")
    async def areas(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await show(visit, slug, AREAS)

    @post("/areas", status_code=200)
    async def save_areas(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        return await save(visit, slug, AREAS)


async def show(visit: Visit, slug: str, editing: Editing) -> Response[str]:
    workspace = await open_workspace(visit, slug)
    return await part_page(workspace, editing, forms.filled(editing.values(workspace)), notice=notice(visit))


async def save(visit: Visit, slug: str, editing: Editing) -> Response[str] | Redirect:
    workspace = await open_workspace(visit, slug)
    filled = await editing.read(workspace)
    if filled.value is None:
        return await part_page(workspace, editing, filled.form, status=422)
    try:
        await editing.save(workspace, filled.value)
    except EditedMeanwhile as error:
        return await choose(await open_workspace(visit, workspace.process.slug), editing, filled.form, error)
    except Invalid as error:
        return await part_page(workspace, editing, filled.form.refuse(visit, error), status=422)
    except Conflict as error:
        return await part_page(workspace, editing, filled.form.refuse(visit, error), status=409)
    return Redirect(f"{workspace.address}/{editing.part}?done=saved", status_code=303)


async def choose(workspace: Workspace, editing: Editing, form: Form, error: Conflict) -> Response[str]:
    """Both versions; sending the form again keeps the editor's own."""
    stored = editing.values(workspace)
    differing = conflict(stored, form, editing.names(workspace))
    form.typed["version"] = stored["version"]
    form = form.refuse(workspace.visit, error)
    return await part_page(workspace, editing, form, status=409, conflict=differing)


async def part_page(
    workspace: Workspace, editing: Editing, form: Form, *, status: int = 200, **context: Any
) -> Response[str]:
    return workspace.page(
        f"desk/processes/{editing.part}.html",
        editing.part,
        status=status,
        form=form,
        labels=editing.names(workspace),
        areas=workspace.areas,
        pots=workspace.pots,
        all_categories=await queries.all_categories(workspace.visit.session),
        missing_texts=readiness.missing_texts(workspace.process),
        trial=trial.of(workspace),
        **context,
    )
