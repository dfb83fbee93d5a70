"""The last page of writing: everything to be checked, sending it, and what happens next."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.core.errors import Invalid
from service.processes.models import Activity
from service.processes.rules import BirthYearNeeded, TooYoungToConsent
from service.proposals import actions, queries
from service.proposals.models import Proposal, State
from service.proposals.rules import UNSENT, ProposingIsClosed, completes_until
from service.proposals.rules import mistakes as mistakes_of
from service.web import forms, signature, writing_frame
from service.web.drafting import Step
from service.web.page import page
from service.web.process_frame import Frame
from service.web.proposal_frame import address_of, places, written
from service.web.visit import ThisVisit, Visit


class SendingPages(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}"

    @get("/write/check")
    async def check(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.state not in UNSENT:
            return writing_frame.elsewhere(frame, proposal)
        return await _check_page(visit, frame, proposal, forms.Form())

    @post("/write/check", status_code=200)
    async def submit(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        form = forms.Form()
        for mistake in _mistakes(visit, proposal):
            form.refuse(visit, mistake)
        if form.mistakes and proposal.state in UNSENT:
            return await _check_page(visit, frame, proposal, form, status=422)
        try:
            await actions.submit(visit.session, proposal, by=visit.resident)
        except ProposingIsClosed:
            return await writing_frame.closed_page(visit, frame, proposal, status=409)
        except (BirthYearNeeded, TooYoungToConsent) as error:
            return await _check_page(visit, frame, proposal, form.refuse(visit, error), status=409)
        return Redirect(f"{frame.proposals_address}/{proposal.number}/write/sent", status_code=303)

    @get("/write/sent")
    async def sent(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.state is not State.SUBMITTED:
            return writing_frame.elsewhere(frame, proposal)
        return page(
            visit,
            "proposals/sent.html",
            **frame.context("proposals"),
            proposal=proposal,
            here=address_of(frame, proposal),
        )

    @post("/take-back")
    async def take_back(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        frame, proposal = await written(visit, slug, number)
        await actions.take_back(visit.session, proposal, by=visit.resident)
        check = writing_frame.page_address(frame, proposal, Step.CHECK)
        return Redirect(f"{check}?done=taken-back", status_code=303)


def _mistakes(visit: Visit, proposal: Proposal) -> list[Invalid]:
    found = mistakes_of(proposal, has_picture=proposal.picture_id is not None)
    unnamed = signature.is_missing(visit, proposal.author_id)
    return [*found, signature.NameMissing("name")] if unnamed else found


async def _check_page(
    visit: Visit, frame: Frame, proposal: Proposal, form: forms.Form, *, status: int = 200
) -> Response[str]:
    until = completes_until(proposal)
    return await writing_frame.step_page(
        visit,
        frame,
        proposal,
        Step.CHECK,
        form=form,
        status=status,
        change={step: f"{writing_frame.page_address(frame, proposal, step)}?then=check" for step in Step},
        place=await places(visit, frame),
        coauthors=await queries.coauthors(visit.session, proposal),
        is_author=proposal.author_id == visit.resident.id,
        resident=visit.resident,
        may_submit=frame.allows(Activity.PROPOSE) or (until is not None and visit.now < until),
    )
