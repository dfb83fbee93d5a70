"""A calculator's draft beside its forms: seen as residents would, taken away as a file, and brought in from one."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import ValidationError

from service.calculator.engine import Engine
from service.calculator.specification import Draft
from service.core.errors import msgid
from service.processes.rules import EditedMeanwhile
from service.web import calculator_pages, plan_form, typed
from service.web.calculator_desk import Part, Workspace, mark, open_workspace
from service.web.forms import Form
from service.web.page import SAFETY
from service.web.plan_sheet import Sheet
from service.web.typed import Typed
from service.web.visit import ThisVisit

NO_FILE = msgid("Choose the file of the figures.")
NOT_JSON = msgid("This is not a file of figures: it is no JSON.")
MISPLACED = msgid("This is not a file of figures: %(where)s cannot be read.")
LOST = msgid("The figures could not be read any more. Upload the file once more.")


class DeskCalculatorFilePages(Controller):
    path = "/desk/calculator/{slug:str}"

    @get("/preview")
    async def preview(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        """What is chosen stands in the address, for nothing is kept of it."""
        workspace = await open_workspace(visit, slug)
        if workspace.specification is None:
            return workspace.page("no_preview")
        sent: Any = visit.request.query_params
        read = plan_form.read(visit, workspace.specification, sent, {})
        return workspace.page(
            "preview",
            sheet=Sheet(visit, Engine(workspace.specification), read.plan),
            form=read.form,
            **calculator_pages.controls(visit),
        )

    @get("/figures.json")
    async def download(self, visit: ThisVisit, slug: FromPath[str]) -> Response[bytes]:
        workspace = await open_workspace(visit, slug)
        name = f"{workspace.calculator.slug}.json"
        return Response(
            workspace.draft.model_dump_json(indent=1).encode(),
            media_type="application/json",
            headers={
                **SAFETY,
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
            },
        )

    @get("/file")
    async def file(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return file_page(await open_workspace(visit, slug), Form())

    @post("/file", status_code=200)
    async def press(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        """A file is read and shown; what was shown takes the place of all figures at the desk."""
        workspace = await open_workspace(visit, slug)
        given = await typed.sent(visit)
        if given.text("act") == "keep":
            return await _keep(workspace, given)
        file = (await visit.form()).get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        found = _draft(given, content)
        if found is None:
            return file_page(workspace, given.form, status=422)
        return shown_page(workspace, found, Form())


async def _keep(workspace: Workspace, given: Typed) -> Response[str] | Redirect:
    try:
        found = Draft.model_validate_json(given.text("figures"))
    except ValidationError:
        given.refuse("file", LOST)
        return file_page(workspace, given.form, status=422)
    try:
        workspace.check_seen(given.text("seen"), workspace.draft)
        await workspace.write(Part.LEVERS, **{name: getattr(found, name) for name in Draft.model_fields})
    except EditedMeanwhile as error:
        again = await open_workspace(workspace.visit, workspace.calculator.slug)
        return shown_page(again, found, Form().refuse(workspace.visit, error), status=409)
    return Redirect(f"{workspace.address}?done=saved", status_code=303)


def file_page(workspace: Workspace, form: Form, *, status: int = 200) -> Response[str]:
    return workspace.page("file", form=form, status=status)


def shown_page(workspace: Workspace, found: Draft, form: Form, *, status: int = 200) -> Response[str]:
    """What is there now beside what the file has."""
    return workspace.page(
        "file_preview",
        status=status,
        form=form,
        found=found,
        figures=found.model_dump_json(),
        seen=mark(workspace.draft),
    )


def _draft(given: Typed, content: bytes) -> Draft | None:
    """The first place that cannot be read is told, not what a program says of it."""
    if not content:
        given.refuse("file", NO_FILE)
        return None
    try:
        return Draft.model_validate_json(content)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        if where:
            given.refuse("file", MISPLACED, where=where[:120])
        else:
            given.refuse("file", NOT_JSON)
        return None
