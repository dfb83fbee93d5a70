"""Merging proposals that mean the same, for editors: into one of them or into a new common text, and undoing it."""

import re
from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from service.core.actor import Role
from service.core.errors import Conflict, Forbidden, Invalid, NotFound, msgid
from service.processes.models import Process
from service.proposals import actions, queries
from service.proposals.models import Idea, Proposal
from service.web import forms
from service.web.page import told
from service.web.process_desk import Workspace, open_workspace
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "merged": msgid("The proposals have been merged. The originals stay readable."),
    "separated": msgid("The proposal stands on its own again."),
}


class SourcesUnknown(Invalid):
    message = msgid("Write the numbers of published proposals of this round, for example 14, 31.")


class OriginalUnknown(Invalid):
    message = msgid("Write the number of a merged proposal of this round, for example 14.")


class MergeForm(BaseModel):
    sources: str = Field(max_length=300)
    target: str = Field(default="", max_length=12)
    title: str = Field(default="", max_length=120)
    text: str = Field(default="", max_length=5_000)
    nonce: UUID = Field(default_factory=uuid4)


class Separation(BaseModel):
    number: int = Field(ge=1, le=2_147_483_647)


class DeskMergePages(Controller):
    path = "/desk/processes/{slug:str}/merge"

    @get()
    async def show(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await _workspace(visit, slug)
        return _page(workspace, forms.Form(), notice=told(visit, NOTICES))

    @post(status_code=200)
    async def merge(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await _workspace(visit, slug)
        filled = await forms.read(visit, MergeForm, sentences={"sources": SourcesUnknown.message})
        if filled.value is None:
            return _page(workspace, filled.form, status=422)
        try:
            async with visit.session.begin_nested():
                await _merge(visit, workspace.process, filled.value)
        except (Invalid, Conflict) as error:
            refused = error if isinstance(error, Invalid) else Invalid("sources")
            filled.form.mistakes[refused.field or "sources"] = visit.gettext(
                error.message, **error.parameters
            )
            return _page(workspace, filled.form, status=422)
        return Redirect(f"{workspace.address}/merge?done=merged", status_code=303)

    @get("/separate")
    async def merges(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        """Where the language is switched on a page that answered a form."""
        return Redirect(f"{(await _workspace(visit, slug)).address}/merge", status_code=303)

    @post("/separate", status_code=200)
    async def separate(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await _workspace(visit, slug)
        filled = await forms.read(visit, Separation, sentences={"number": OriginalUnknown.message})
        if filled.value is None:
            return _page(workspace, filled.form, status=422)
        number = filled.value.number
        try:
            source = await queries.seen_by(visit.session, workspace.process, number, visit.viewer)
            await actions.separate(visit.session, source, by=visit.editor)
        except NotFound:
            return _page(workspace, filled.form.refuse(visit, OriginalUnknown("number")), status=422)
        except Conflict as error:
            return _page(workspace, filled.form.refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}/merge?done=separated", status_code=303)


async def _workspace(visit: Visit, slug: str) -> Workspace:
    workspace = await open_workspace(visit, slug)
    if not visit.has_role(Role.EDITOR):
        raise Forbidden
    return workspace


def _page(workspace: Workspace, form: forms.Form, *, status: int = 200, **context: object) -> Response[str]:
    return workspace.page(
        "desk/processes/merge.html",
        None,
        status=status,
        form=form,
        nonce=form.value("nonce") or uuid4(),
        **context,
    )


async def _merge(visit: Visit, process: Process, sent: MergeForm) -> None:
    numbers = [int(number) for number in re.findall(r"\d{1,9}", sent.sources)]
    sources = [await _published(visit, process, number) for number in dict.fromkeys(numbers)]
    if not sources:
        raise SourcesUnknown("sources")
    if sent.target:
        if not sent.target.strip().isdecimal():
            raise SourcesUnknown("target")
        target = await _published(visit, process, int(sent.target), field="target")
        await actions.merge(visit.session, target, sources, by=visit.editor)
        return
    first = sources[0]
    idea = Idea.model_construct(
        **{**first.content(), "title": sent.title, "text": sent.text, "picture_alt": ""}
    )
    await actions.combine(visit.session, sources, idea, nonce=sent.nonce, by=visit.editor)


async def _published(visit: Visit, process: Process, number: int, *, field: str = "sources") -> Proposal:
    try:
        return await queries.seen_by(visit.session, process, number, visit.viewer)
    except NotFound:
        raise SourcesUnknown(field) from None
