"""Telling the moderators of something unfit, and asking for a second look at what they ruled of one's own text."""

from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import Field

from service.comments.models import Comment
from service.comments.queries import Shown, as_read
from service.core.errors import Conflict, Invalid, NotFound, msgid
from service.moderation import actions, queries
from service.moderation.models import Complaint, Ground, Plea
from service.moderation.queries import Told
from service.moderation.rules import TooManyReports, may_be_appealed
from service.proposals.models import Proposal
from service.proposals.rules import is_public
from service.web import forms
from service.web.page import page
from service.web.pages.comments import comment_on, own_comment
from service.web.process_frame import Frame
from service.web.proposal_frame import address_of, back, ruling_for_author, seen, written
from service.web.visit import ThisVisit, Visit

# What can be wrong with something that is public; whether a text is clear or a matter of the city's is asked before.
GROUNDS = tuple(ground for ground in Ground if ground not in {Ground.UNCLEAR, Ground.NOT_THE_CITYS})
SENTENCES = {
    "ground": msgid("Choose what is wrong."),
    "text": msgid("Write why you think the ruling should be changed."),
}


class ReportForm(Complaint):
    nonce: UUID = Field(default_factory=uuid4)

    @property
    def complaint(self) -> Complaint:
        return Complaint(ground=self.ground, text=self.text)


class ReportPages(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}"

    @get("/report")
    async def ask(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Response[str]:
        frame, proposal = await _reportable(visit, slug, number)
        return _report_page(visit, frame, proposal, None, forms.Form())

    @post("/report", status_code=200)
    async def report(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        return await _report(visit, *await _reportable(visit, slug, number), None)

    @get("/comments/{comment_id:uuid}/report")
    async def ask_of_comment(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], comment_id: FromPath[UUID]
    ) -> Response[str]:
        found = await _reportable_comment(visit, slug, number, comment_id)
        return _report_page(visit, *found, forms.Form())

    @post("/comments/{comment_id:uuid}/report", status_code=200)
    async def report_comment(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], comment_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        return await _report(visit, *await _reportable_comment(visit, slug, number, comment_id))

    @get("/appeal")
    async def ask_appeal(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Response[str]:
        frame, proposal, told = await _ruled(visit, slug, number)
        return _appeal_page(visit, frame, proposal, told, forms.Form())

    @post("/appeal", status_code=200)
    async def appeal(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        return await _appeal(visit, *await _ruled(visit, slug, number))

    @get("/comments/{comment_id:uuid}/appeal")
    async def ask_appeal_of_comment(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], comment_id: FromPath[UUID]
    ) -> Response[str]:
        frame, proposal, told = await _ruled_comment(visit, slug, number, comment_id)
        return _appeal_page(visit, frame, proposal, told, forms.Form())

    @post("/comments/{comment_id:uuid}/appeal", status_code=200)
    async def appeal_of_comment(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], comment_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        return await _appeal(visit, *await _ruled_comment(visit, slug, number, comment_id))


async def _reportable(visit: Visit, slug: str, number: int) -> tuple[Frame, Proposal]:
    _ = visit.resident
    frame, proposal = await seen(visit, slug, number)
    if not is_public(proposal):
        raise NotFound
    return frame, proposal


async def _reportable_comment(
    visit: Visit, slug: str, number: int, comment_id: UUID
) -> tuple[Frame, Proposal, Comment]:
    _ = visit.resident
    frame, proposal, comment = await comment_on(visit, slug, number, comment_id)
    if as_read(comment).shown is not Shown.TEXT:
        raise NotFound
    return frame, proposal, comment


async def _ruled(visit: Visit, slug: str, number: int) -> tuple[Frame, Proposal, Told]:
    """One's own proposal with the ruling that took it out of public; raises NotFound."""
    frame, proposal = await written(visit, slug, number)
    ruling = await ruling_for_author(visit, proposal)
    if ruling is None or not may_be_appealed(ruling):
        raise NotFound
    return frame, proposal, await queries.told(visit.session, ruling.id, visit.resident)


async def _ruled_comment(
    visit: Visit, slug: str, number: int, comment_id: UUID
) -> tuple[Frame, Proposal, Told]:
    frame, proposal, comment = await own_comment(visit, slug, number, comment_id)
    rulings = await queries.of_comment(visit.session, comment.id)
    if comment.hidden_at is None or not rulings or not may_be_appealed(rulings[0]):
        raise NotFound
    return frame, proposal, await queries.told(visit.session, rulings[0].id, visit.resident)


async def _report(
    visit: Visit, frame: Frame, proposal: Proposal, comment: Comment | None
) -> Response[str] | Redirect:
    filled = await forms.read(visit, ReportForm, sentences=SENTENCES)
    form, sent = filled.form, filled.value
    if sent is None:
        return _report_page(visit, frame, proposal, comment, form, status=422)
    session, by, most = visit.session, visit.resident, visit.instance.settings.reports_a_day
    try:
        if comment is None:
            await actions.report(session, proposal, sent.complaint, nonce=sent.nonce, by=by, most_a_day=most)
        else:
            await actions.report_comment(
                session, comment.id, sent.complaint, nonce=sent.nonce, by=by, most_a_day=most
            )
    except Invalid as mistake:
        return _report_page(visit, frame, proposal, comment, form.refuse(visit, mistake), status=422)
    except TooManyReports as refusal:
        form.mistakes[forms.TOP] = visit.gettext(refusal.message, **refusal.parameters)
        return _report_page(visit, frame, proposal, comment, form, status=429)
    return back(frame, proposal, "reported", f"#comment-{comment.id}" if comment else "")


async def _appeal(visit: Visit, frame: Frame, proposal: Proposal, told: Told) -> Response[str] | Redirect:
    filled = await forms.read(visit, Plea, sentences=SENTENCES)
    if filled.value is None:
        return _appeal_page(visit, frame, proposal, told, filled.form, status=422)
    try:
        await actions.appeal(visit.session, told.ruling, filled.value, by=visit.resident)
    except Conflict as conflict:
        filled.form.mistakes[forms.TOP] = visit.gettext(conflict.message)
        return _appeal_page(visit, frame, proposal, told, filled.form, status=409)
    comment_id = told.ruling.comment_id
    return back(frame, proposal, "appealed", f"#comment-{comment_id}" if comment_id else "")


def _report_page(
    visit: Visit,
    frame: Frame,
    proposal: Proposal,
    comment: Comment | None,
    form: forms.Form,
    *,
    status: int = 200,
) -> Response[str]:
    return page(
        visit,
        "proposals/report.html",
        status=status,
        **frame.context("proposals"),
        here=address_of(frame, proposal),
        proposal=proposal,
        comment=comment,
        form=form,
        grounds=GROUNDS,
        nonce=form.value("nonce") or uuid4(),
    )


def _appeal_page(
    visit: Visit, frame: Frame, proposal: Proposal, told: Told, form: forms.Form, *, status: int = 200
) -> Response[str]:
    return page(
        visit,
        "proposals/appeal.html",
        status=status,
        **frame.context("proposals"),
        here=address_of(frame, proposal),
        proposal=proposal,
        told=told,
        form=form,
    )
