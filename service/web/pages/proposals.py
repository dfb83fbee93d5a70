"""One proposal: its page, its versions, support and following."""

from typing import Any
from uuid import uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.comments import queries as comments
from service.core.actor import Moderator
from service.core.errors import NotFound, msgid
from service.evaluation import queries as evaluations
from service.moderation import queries as moderation
from service.notifications import actions as notifications
from service.notifications import queries as following
from service.processes import queries as processes
from service.processes.models import Activity
from service.processes.rules import voting_phase
from service.proposals import actions, queries
from service.proposals.models import Proposal, State
from service.proposals.rules import UNSENT, completes_until
from service.results import queries as results
from service.web import addresses, forms
from service.web.page import page, told
from service.web.process_frame import Frame
from service.web.proposal_frame import address_of, back, places, ruling_for_author, seen
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "supported": msgid("You support this proposal."),
    "unsupported": msgid("You no longer support this proposal."),
    "followed": msgid("You follow this proposal. We tell you of each step by mail and on your own page."),
    "unfollowed": msgid("You no longer follow this proposal."),
    "commented": msgid("Your comment has been published."),
    "comment-withdrawn": msgid("Your comment has been taken back."),
    "reported": msgid("Thank you. A moderator reads your report."),
    "withdrawn": msgid("The proposal has been withdrawn."),
    "edited": msgid("Your change has been sent. It is published when a moderator has read it."),
    "edit-discarded": msgid("Your change has been dropped. The published text stays."),
    "appealed": msgid("Your request has been sent. Another moderator looks at the matter."),
    "joined": msgid("You are now a co-author of this proposal."),
    "left": msgid("You are no longer a co-author of this proposal."),
}


class ProposalPages(Controller):
    path = "/processes/{slug:str}/proposals"

    @get("/{address:str}")
    async def proposal(
        self, visit: ThisVisit, slug: FromPath[str], address: FromPath[str]
    ) -> Response[str] | Redirect:
        frame, proposal = await seen(visit, slug, _number(address))
        right = addresses.proposal(proposal.number, proposal.title)
        if address != right:
            query = visit.request.url.query
            moved = f"{frame.proposals_address}/{right}" + (f"?{query}" if query else "")
            # Not kept by browsers: a title that changes back must not lead in a circle.
            return Redirect(moved, status_code=301, headers={"Cache-Control": "no-cache"})
        return await proposal_page(visit, frame, proposal)

    @get("/{number:int}/versions")
    async def versions(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Response[str]:
        frame, proposal = await seen(visit, slug, number)
        found = await queries.versions(visit.session, proposal)
        if not found:
            raise NotFound
        changed = [
            (newer, queries.changes(older, newer))
            for newer, older in zip(found, [*found[1:], None], strict=True)
        ]
        return page(
            visit,
            "proposals/versions.html",
            **frame.context("proposals"),
            proposal=proposal,
            here=address_of(frame, proposal),
            versions=changed,
            place=await places(visit, frame),
        )

    @post("/{number:int}/support")
    async def support(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        resident = visit.resident
        frame, proposal = await seen(visit, slug, number)
        await actions.support(visit.session, proposal, by=resident)
        return back(frame, proposal, "supported")

    @post("/{number:int}/unsupport")
    async def unsupport(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        resident = visit.resident
        frame, proposal = await seen(visit, slug, number)
        await actions.unsupport(visit.session, proposal, by=resident)
        return back(frame, proposal, "unsupported")

    @post("/{number:int}/follow")
    async def follow(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        resident = visit.resident
        frame, proposal = await seen(visit, slug, number)
        await notifications.follow(visit.session, proposal, by=resident)
        return back(frame, proposal, "followed")

    @post("/{number:int}/unfollow")
    async def unfollow(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        resident = visit.resident
        frame, proposal = await seen(visit, slug, number)
        await notifications.unfollow(visit.session, proposal, by=resident)
        return back(frame, proposal, "unfollowed")


async def proposal_page(
    visit: Visit,
    frame: Frame,
    proposal: Proposal,
    *,
    status: int = 200,
    form: forms.Form | None = None,
    replying: str | None = None,
) -> Response[str]:
    """`form` is the comment being written, `replying` the id of the comment it answers."""
    detail = await queries.detail(visit.session, proposal, visit.viewer)
    conversations = await comments.conversations(visit.session, proposal.thread_id)
    said = {str(one.id) for each in conversations for one in (each.first, *each.replies)}
    wanted = visit.request.query_params.get("reply") if replying is None else replying
    vote = voting_phase(frame.phases)
    return page(
        visit,
        "proposals/proposal.html",
        status=status,
        **frame.context("proposals"),
        notice=notice(visit),
        here=address_of(frame, proposal),
        acts=f"{frame.proposals_address}/{proposal.number}",
        proposal=proposal,
        detail=detail,
        place=await places(visit, frame),
        evaluation=await evaluations.published(visit.session, proposal.id),
        fate=await results.fate(visit.session, proposal.id) if vote else None,
        voting_opens_at=vote.opens_at if vote and vote.opens_at > visit.now else None,
        following=visit.account is not None
        and await following.is_following(visit.session, proposal.id, visit.account.id),
        may_support=proposal.state is State.PUBLISHED and frame.allows(Activity.SUPPORT),
        may_comment=proposal.state is State.PUBLISHED and frame.allows(Activity.COMMENT),
        may_vote=frame.allows(Activity.VOTE),
        desk=_desk(visit, proposal),
        conversations=conversations,
        replying=wanted if wanted in said else None,
        form=form or forms.Form(),
        nonce=(form.value("nonce") if form else None) or uuid4(),
        own=await _own(visit, frame, proposal) if detail.written else None,
    )


def notice(visit: Visit) -> dict[str, str] | None:
    return told(visit, NOTICES)


async def _own(visit: Visit, frame: Frame, proposal: Proposal) -> dict[str, Any]:
    """What its author and co-authors see beside what everybody sees."""
    is_author = proposal.author_id == visit.resident.id
    final_since = await processes.ballot_final_since(visit.session, proposal.process_id)
    is_open = proposal.state is State.PUBLISHED and final_since is None
    ruling = await ruling_for_author(visit, proposal)
    return {
        "is_author": is_author,
        "edit": await queries.waiting_edit(visit.session, proposal),
        "ruling": ruling,
        "told": await moderation.told(visit.session, ruling.id, visit.resident)
        if ruling and is_author
        else None,
        "until": completes_until(proposal),
        "may_edit": is_open and frame.allows(Activity.PROPOSE),
        "may_share": is_open or proposal.state in UNSENT | {State.SUBMITTED},
        "may_withdraw": is_author and (is_open or proposal.state in UNSENT | {State.SUBMITTED}),
        "may_discard": is_author and proposal.state is State.DRAFT and proposal.submitted_at is None,
    }


def _desk(visit: Visit, proposal: Proposal) -> str:
    """Where its moderators decide on it; empty for everybody else."""
    viewer = visit.viewer
    if not isinstance(viewer, Moderator) or not viewer.may_act_in(proposal.process_id):
        return ""
    return f"/{visit.language}/desk/moderation"


def _number(address: str) -> int:
    """Of an address's last part; raises NotFound."""
    number = address.partition("-")[0]
    if not (number.isascii() and number.isdigit()):
        raise NotFound
    return int(number[:12])
