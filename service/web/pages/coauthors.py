"""Proposing together: asking others, and answering when one is asked."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel

from service.accounts.rules import AddressUnreadable
from service.core.errors import Conflict, Invalid, NotFound, msgid
from service.proposals import actions, queries
from service.proposals.models import Proposal, State
from service.proposals.rules import MOST_COAUTHORS, UNSENT
from service.web import forms, signature, writing_frame
from service.web.drafting import Step
from service.web.page import page
from service.web.process_frame import Frame
from service.web.proposal_frame import written
from service.web.visit import ThisVisit, Visit

ADDRESS_NEEDED = msgid("Write the e-mail address of the person you ask, for example name@example.com.")


class AskForm(BaseModel):
    email: str


class CoauthorPages(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}/coauthors"

    @get()
    async def show(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        if proposal.state not in UNSENT | {State.SUBMITTED, State.PUBLISHED}:
            return writing_frame.elsewhere(frame, proposal)
        return await _page(visit, frame, proposal, forms.Form())

    @post(status_code=200)
    async def ask(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        frame, proposal = await written(visit, slug, number)
        filled = await forms.read(visit, AskForm, sentences={"email": ADDRESS_NEEDED})
        if filled.value is None:
            return await _page(visit, frame, proposal, filled.form, status=422)
        try:
            await actions.ask_coauthor(
                visit.session, visit.instance.keys, proposal, filled.value.email, by=visit.resident
            )
        except AddressUnreadable:
            filled.form.mistakes["email"] = visit.gettext(ADDRESS_NEEDED)
            return await _page(visit, frame, proposal, filled.form, status=422)
        except Invalid as mistake:
            return await _page(visit, frame, proposal, filled.form.refuse(visit, mistake), status=422)
        except Conflict as conflict:
            filled.form.mistakes[forms.TOP] = visit.gettext(conflict.message, **conflict.parameters)
            return await _page(visit, frame, proposal, filled.form, status=409)
        return _again(visit, frame, proposal, "asked")

    @post("/{coauthor_id:uuid}/remove")
    async def remove(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], coauthor_id: FromPath[UUID]
    ) -> Redirect:
        frame, proposal = await written(visit, slug, number)
        await actions.remove_coauthor(visit.session, proposal, coauthor_id, by=visit.resident)
        return _again(visit, frame, proposal, "removed")


class InvitationPages(Controller):
    """The other side: a person who is asked answers on their own pages."""

    path = "/me/invitations/{coauthor_id:uuid}"

    @get()
    async def show(self, visit: ThisVisit, coauthor_id: FromPath[UUID]) -> Response[str]:
        return await _invitation_page(visit, coauthor_id, forms.Form())

    @post(status_code=200)
    async def answer(self, visit: ThisVisit, coauthor_id: FromPath[UUID]) -> Response[str] | Redirect:
        resident = visit.resident
        if "decline" in await visit.form():
            await actions.decline(visit.session, coauthor_id, by=resident)
            return Redirect(f"/{visit.language}/me?done=declined", status_code=303)
        filled = await forms.read(visit, signature.Signed)
        if filled.value is None:
            return await _invitation_page(visit, coauthor_id, filled.form, status=422)
        try:
            by = await signature.sign(visit, filled.value.name)
        except Invalid as mistake:
            return await _invitation_page(visit, coauthor_id, filled.form.refuse(visit, mistake), status=422)
        await actions.accept(visit.session, coauthor_id, by=by)
        return Redirect(f"/{visit.language}/me?done=joined", status_code=303)


def _again(visit: Visit, frame: Frame, proposal: Proposal, done: str) -> Redirect:
    here = writing_frame.page_address(frame, proposal, Step.COAUTHORS)
    then = f"&then={writing_frame.TO_CHECK}" if writing_frame.goes_to_check(visit) else ""
    return Redirect(f"{here}?done={done}{then}", status_code=303)


async def _page(
    visit: Visit, frame: Frame, proposal: Proposal, form: forms.Form, *, status: int = 200
) -> Response[str]:
    resident = visit.resident
    coauthors = await queries.coauthors(visit.session, proposal)
    return await writing_frame.step_page(
        visit,
        frame,
        proposal,
        Step.COAUTHORS,
        form=form,
        status=status,
        coauthors=coauthors,
        is_author=proposal.author_id == resident.id,
        own=next((each for each in coauthors if each.account_id == resident.id), None),
        is_draft=proposal.state in UNSENT,
        is_full=len(coauthors) >= MOST_COAUTHORS,
    )


async def _invitation_page(
    visit: Visit, coauthor_id: UUID, form: forms.Form, *, status: int = 200
) -> Response[str]:
    open_ones = await queries.invitations(visit.session, visit.resident.id)
    invitation = next((each for each in open_ones if each.coauthor_id == coauthor_id), None)
    if invitation is None:
        raise NotFound
    return page(
        visit,
        "proposals/invitation.html",
        status=status,
        invitation=invitation,
        form=form,
        asks_name=not visit.resident.name,
    )
