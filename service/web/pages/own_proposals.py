"""What an author does with a proposal after it was sent: changing what is published, dropping a change or a draft, withdrawing."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import Field

from service.core.errors import Conflict, Invalid
from service.processes import queries as processes
from service.proposals import actions, queries
from service.proposals.models import Content, Idea, Proposal, State, Version
from service.proposals.rules import EditedMeanwhile
from service.web import drafting, forms, writing_frame
from service.web.drafting import Sheet
from service.web.page import page
from service.web.process_frame import Frame
from service.web.proposal_frame import address_of, back, places, ruling_for_author, written
from service.web.visit import ThisVisit, Visit

FIELDS = ("title", "text", "address", "area_id", "category_id", "cost_wish")


class EditSheet(Sheet):
    note: str = Field(default="", max_length=300)


class OwnProposalPages(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}"

    @get("/edit")
    async def show_edit(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.state is not State.PUBLISHED:
            return writing_frame.elsewhere(frame, proposal)
        edit = await queries.waiting_edit(visit.session, proposal)
        form = forms.filled({**drafting.typed(edit or proposal), "note": edit.note if edit else ""})
        return await _edit_page(visit, frame, proposal, edit, form)

    @post("/edit", status_code=200)
    async def edit(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        edit = await queries.waiting_edit(visit.session, proposal)
        filled = await forms.read(visit, EditSheet)
        if filled.value is None:
            return await _edit_page(visit, frame, proposal, edit, filled.form, status=422)
        content = drafting.merged(edit or proposal, filled.value, FIELDS)
        for mistake in drafting.mistakes(content, FIELDS):
            filled.form.refuse(visit, mistake)
        if filled.form.mistakes:
            return await _edit_page(visit, frame, proposal, edit, filled.form, status=422)
        return await _edit(visit, frame, proposal, edit, content, filled.form, filled.value)

    @get("/edit/discard")
    async def ask_discard_edit(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if await queries.waiting_edit(visit.session, proposal) is None:
            return writing_frame.elsewhere(frame, proposal)
        return _question(visit, frame, proposal, "discard_edit")

    @post("/edit/discard")
    async def discard_edit(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        frame, proposal = await written(visit, slug, number)
        await actions.discard_edit(visit.session, proposal, by=visit.resident)
        return back(frame, proposal, "edit-discarded")

    @get("/withdraw")
    async def ask_withdraw(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.author_id != visit.resident.id or proposal.state is State.WITHDRAWN:
            return writing_frame.elsewhere(frame, proposal)
        return _question(visit, frame, proposal, "withdraw")

    @post("/withdraw")
    async def withdraw(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        frame, proposal = await written(visit, slug, number)
        await actions.withdraw(visit.session, proposal, by=visit.resident)
        return back(frame, proposal, "withdrawn")

    @get("/discard")
    async def ask_discard(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.author_id != visit.resident.id or proposal.state is not State.DRAFT:
            return writing_frame.elsewhere(frame, proposal)
        return _question(visit, frame, proposal, "discard")

    @post("/discard")
    async def discard(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        _, proposal = await written(visit, slug, number)
        await actions.discard(visit.session, proposal, by=visit.resident)
        return Redirect(f"/{visit.language}/me?done=draft-deleted", status_code=303)


def _question(visit: Visit, frame: Frame, proposal: Proposal, act: str) -> Response[str]:
    """The page before an act that cannot be undone."""
    return page(
        visit,
        "proposals/question.html",
        **frame.context("proposals"),
        act=act,
        proposal=proposal,
        here=address_of(frame, proposal),
    )


async def _edit(
    visit: Visit,
    frame: Frame,
    proposal: Proposal,
    edit: Version | None,
    content: Content,
    form: forms.Form,
    sheet: EditSheet,
) -> Response[str] | Redirect:
    try:
        idea = Idea.model_validate(content.content())
        await actions.edit(
            visit.session, proposal, idea, version=sheet.version, note=sheet.note, by=visit.resident
        )
    except Invalid as mistake:
        form = form.refuse(visit, mistake)
        return await _edit_page(visit, frame, proposal, edit, form, status=422)
    except EditedMeanwhile as conflict:
        form.mistakes[forms.TOP] = visit.gettext(conflict.message)
        form.typed["version"] = conflict.version
        return await _edit_page(visit, frame, proposal, edit, form, status=409, theirs=conflict.current)
    except Conflict as conflict:
        return writing_frame.moved_on_page(visit, frame, proposal, content, conflict)
    return back(frame, proposal, "edited")


async def _edit_page(
    visit: Visit,
    frame: Frame,
    proposal: Proposal,
    edit: Version | None,
    form: forms.Form,
    *,
    status: int = 200,
    theirs: Content | None = None,
) -> Response[str]:
    """`theirs` is what a co-author has sent meanwhile."""
    form.typed.setdefault("version", proposal.version)
    return page(
        visit,
        "proposals/edit.html",
        status=status,
        **frame.context("proposals"),
        proposal=proposal,
        edit=edit,
        here=address_of(frame, proposal),
        acts=f"{frame.proposals_address}/{proposal.number}",
        form=form,
        theirs=theirs,
        ruling=await ruling_for_author(visit, proposal),
        areas=await processes.areas_of(visit.session, frame.process.id),
        categories=await processes.categories(visit.session, frame.process.id),
        place=await places(visit, frame),
    )
