"""What the pages of writing stand in: the step, the way on and back, why a proposal was returned; and where writing ends without sending."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response
from litestar.response import Redirect

from service.core.errors import Conflict, msgid
from service.processes import queries as processes
from service.processes.models import Activity, Process
from service.proposals import search
from service.proposals.models import Content, Proposal
from service.proposals.rules import completes_until
from service.web import drafting
from service.web.drafting import CHAPTERS, Step
from service.web.forms import Form
from service.web.page import page, told
from service.web.process_frame import Frame
from service.web.proposal_frame import address_of, ruling_for_author
from service.web.visit import Visit

NOTICES = {
    "kept": msgid("Your draft has been saved."),
    "taken-back": msgid("The proposal is a draft again. Moderators no longer see it."),
    "picture": msgid("The picture has been saved. Tell next what it shows."),
    "picture-removed": msgid("The picture has been removed."),
    "asked": msgid("The question waits for that person in this service, on their own page."),
    "removed": msgid("The person has been removed from the co-authors."),
}
TO_CHECK = "check"  # of ?then=: back to the last page, for who came from there to change one thing


async def step_page(
    visit: Visit,
    frame: Frame,
    proposal: Proposal | None,
    step: Step,
    *,
    form: Form | None = None,
    template: str = "",
    status: int = 200,
    **context: Any,
) -> Response[str]:
    """A page of writing; `proposal` is None before there is a draft."""
    goes_back = proposal is not None and goes_to_check(visit)
    back = Step.CHECK if goes_back else drafting.before(step)
    return page(
        visit,
        template or f"proposals/write_{step}.html",
        status=status,
        **frame.context("proposals"),
        notice=told(visit, NOTICES),
        proposal=proposal,
        proposals_address=frame.proposals_address,
        chapters=[visit.gettext(name) for name in CHAPTERS],
        chapter=drafting.chapter(step),
        here=page_address(frame, proposal, step) + (f"?then={TO_CHECK}" if goes_back else ""),
        back=page_address(frame, proposal, back) if back and proposal else frame.proposals_address,
        onward=page_address(frame, proposal, _onward(visit, step)),
        form=form or Form(),
        ruling=await ruling_for_author(visit, proposal) if proposal else None,
        until=completes_until(proposal) if proposal else None,
        **context,
    )


def goes_to_check(visit: Visit) -> bool:
    return visit.request.query_params.get("then") == TO_CHECK


def page_address(frame: Frame, proposal: Proposal | None, step: Step) -> str:
    """Picture and co-authors of a published proposal can be changed too, so their pages are not under `write`."""
    if proposal is None:
        return f"{frame.proposals_address}/new"
    here = f"{frame.proposals_address}/{proposal.number}"
    return f"{here}/{step}" if step in {Step.PICTURE, Step.COAUTHORS} else f"{here}/write/{step}"


async def go_on(visit: Visit, frame: Frame, proposal: Proposal, step: Step) -> Redirect:
    """To the next page, back to the last one, or out until another day."""
    if "later" in await visit.form():
        return Redirect(page_address(frame, proposal, Step.CHECK) + "?done=kept", status_code=303)
    if step is Step.IDEA and not goes_to_check(visit) and await similar(visit, proposal):
        return Redirect(f"{frame.proposals_address}/{proposal.number}/write/similar", status_code=303)
    return Redirect(page_address(frame, proposal, _onward(visit, step)), status_code=303)


async def similar(visit: Visit, proposal: Proposal) -> Sequence[search.Similar]:
    return await search.similar(
        visit.session, proposal.process_id, proposal.title, proposal.text, besides=proposal.id
    )


def elsewhere(frame: Frame, proposal: Proposal) -> Redirect:
    """What is no draft any more is changed elsewhere, or not at all."""
    return Redirect(address_of(frame, proposal), status_code=303)


async def closed_page(
    visit: Visit, frame: Frame, content: Content | None, *, status: int = 200
) -> Response[str]:
    """Proposals are not taken; what was written is shown to be copied, and when the next chance is."""
    return page(
        visit,
        "proposals/closed.html",
        status=status,
        **frame.context("proposals"),
        content=content,
        is_kept=isinstance(content, Proposal),
        next_chance=await _next_chance(visit),
    )


def moved_on_page(
    visit: Visit, frame: Frame, proposal: Proposal, content: Content, conflict: Conflict
) -> Response[str]:
    """The proposal has moved on while its author was writing: what was typed is shown to be copied."""
    return page(
        visit,
        "proposals/moved_on.html",
        status=409,
        **frame.context("proposals"),
        message=visit.gettext(conflict.message, **conflict.parameters),
        content=content,
        here=address_of(frame, proposal),
    )


def _onward(visit: Visit, step: Step) -> Step:
    return Step.CHECK if step is Step.CHECK or goes_to_check(visit) else drafting.after(step)


async def _next_chance(visit: Visit) -> tuple[Process, datetime] | None:
    """The process whose proposing opens next or is open, with the moment of its opening."""
    chances = [
        (process, phase.opens_at)
        for process, phases in await processes.rounds(visit.session)
        for phase in phases
        if Activity.PROPOSE in phase.activities and phase.closes_at > visit.now
    ]
    return min(chances, key=lambda chance: chance[1], default=None)
