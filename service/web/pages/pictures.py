"""The picture of a proposal. Sending the file is a form of its own, so that a refused one takes nothing else with it."""

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from service.core.errors import Conflict, msgid
from service.core.pictures import MEGAPIXELS, UPLOAD_MEGABYTES, PictureRefused
from service.proposals import actions, queries
from service.proposals.models import Content, Idea, Proposal, State, Version
from service.proposals.rules import UNSENT, EditedMeanwhile, PictureNotDescribed
from service.web import drafting, forms, writing_frame
from service.web.drafting import Sheet, Step
from service.web.process_frame import Frame
from service.web.proposal_frame import written
from service.web.visit import ThisVisit, Visit

NO_FILE = msgid("Choose a picture first, or go on without one.")
EDITABLE = UNSENT | {State.PUBLISHED}

Written = Proposal | Version


class PicturePages(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}/picture"

    @get()
    async def show(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.state not in EDITABLE:
            return writing_frame.elsewhere(frame, proposal)
        return await _page(visit, frame, proposal)

    @post(status_code=200)
    async def change(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        sent = await visit.form()
        if "remove" in sent:
            await actions.remove_picture(visit.session, proposal, by=visit.resident)
            return _again(visit, frame, proposal, "picture-removed")
        if "picture_alt" in sent:
            return await _describe(visit, frame, proposal)
        return await _send(visit, frame, proposal)


async def _send(visit: Visit, frame: Frame, proposal: Proposal) -> Response[str] | Redirect:
    file = (await visit.form()).get("picture")
    form = forms.Form()
    if not isinstance(file, UploadFile) or not file.filename:
        form.mistakes["picture"] = visit.gettext(NO_FILE)
        return await _page(visit, frame, proposal, form, status=422)
    form.file_lost = True
    try:
        await actions.attach_picture(visit.session, proposal, await file.read(), "", by=visit.resident)
    except PictureRefused as refusal:
        return await _page(visit, frame, proposal, form.refuse(visit, refusal), status=422)
    return _again(visit, frame, proposal, "picture")


async def _describe(visit: Visit, frame: Frame, proposal: Proposal) -> Response[str] | Redirect:
    filled = await forms.read(visit, Sheet)
    if filled.value is not None and not filled.value.picture_alt:
        filled.form.refuse(visit, PictureNotDescribed("picture_alt"))
    if filled.value is None or filled.form.mistakes:
        return await _page(visit, frame, proposal, filled.form, status=422)
    now = await _now(visit, proposal)
    content = drafting.merged(now, filled.value, drafting.FIELDS[Step.PICTURE])
    try:
        await _save(visit, proposal, now, content, filled.value.version)
    except EditedMeanwhile as conflict:
        filled.form.mistakes[forms.TOP] = visit.gettext(conflict.message)
        filled.form.typed["version"] = conflict.version
        return await _page(visit, frame, proposal, filled.form, status=409)
    except Conflict as conflict:
        return writing_frame.moved_on_page(visit, frame, proposal, content, conflict)
    if proposal.state is State.PUBLISHED:
        return Redirect(f"{frame.proposals_address}/{proposal.number}/edit", status_code=303)
    return await writing_frame.go_on(visit, frame, proposal, Step.PICTURE)


async def _now(visit: Visit, proposal: Proposal) -> Written:
    """What the author is changing: of a published proposal, the edit that waits."""
    if proposal.state is not State.PUBLISHED:
        return proposal
    return await queries.waiting_edit(visit.session, proposal) or proposal


async def _save(visit: Visit, proposal: Proposal, now: Written, content: Content, version: int) -> None:
    if proposal.state is State.PUBLISHED:
        idea = Idea.model_validate(content.content())
        note = now.note if isinstance(now, Version) else ""
        await actions.edit(visit.session, proposal, idea, version=version, note=note, by=visit.resident)
    else:
        await actions.save(visit.session, proposal, content, version=version, by=visit.resident)


def _again(visit: Visit, frame: Frame, proposal: Proposal, done: str) -> Redirect:
    here = writing_frame.page_address(frame, proposal, Step.PICTURE)
    then = f"&then={writing_frame.TO_CHECK}" if writing_frame.goes_to_check(visit) else ""
    return Redirect(f"{here}?done={done}{then}", status_code=303)


async def _page(
    visit: Visit, frame: Frame, proposal: Proposal, form: forms.Form | None = None, *, status: int = 200
) -> Response[str]:
    now = await _now(visit, proposal)
    shown = form or forms.Form()
    shown.typed.setdefault("picture_alt", now.picture_alt)
    shown.typed.setdefault("version", proposal.version)
    return await writing_frame.step_page(
        visit,
        frame,
        proposal,
        Step.PICTURE,
        form=shown,
        status=status,
        picture_id=now.picture_id,
        is_public=proposal.state is State.PUBLISHED,
        megabytes=UPLOAD_MEGABYTES,
        megapixels=MEGAPIXELS,
    )
