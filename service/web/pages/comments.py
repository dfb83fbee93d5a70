"""Taking part in the discussion of a proposal."""

from uuid import UUID, uuid4

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import Field

from service.comments import actions, queries
from service.comments.models import Comment, Words
from service.comments.queries import Shown
from service.comments.rules import TooManyComments
from service.core.errors import Conflict, Invalid, NotFound, msgid
from service.proposals import actions as proposals
from service.proposals.models import Proposal
from service.web import forms, signature
from service.web.page import page
from service.web.pages.proposals import proposal_page
from service.web.process_frame import Frame
from service.web.proposal_frame import address_of, back, seen
from service.web.visit import ThisVisit, Visit

SENTENCES = {"text": msgid("Write your comment first.")}


class CommentForm(Words, signature.Signed):
    parent_id: UUID | None = None
    nonce: UUID = Field(default_factory=uuid4)


class CommentPages(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}/comments"

    @get()
    async def discussion(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> Redirect:
        """Where the language is switched on a page that answered a form."""
        return Redirect(f"{address_of(*await seen(visit, slug, number))}#discussion", status_code=303)

    @post(status_code=200)
    async def add(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> Response[str] | Redirect:
        _ = visit.resident
        frame, proposal = await seen(visit, slug, number)
        filled = await forms.read(visit, CommentForm, sentences=SENTENCES)
        replying = str(filled.form.value("parent_id"))
        if filled.value is None:
            return await proposal_page(
                visit, frame, proposal, status=422, form=filled.form, replying=replying
            )
        try:
            comment = await _add(visit, proposal, filled.value)
        except Invalid as mistake:
            form = filled.form.refuse(visit, mistake)
            return await proposal_page(visit, frame, proposal, status=422, form=form, replying=replying)
        except Conflict as conflict:
            filled.form.mistakes[forms.TOP] = visit.gettext(conflict.message)
            return await proposal_page(visit, frame, proposal, status=409, form=filled.form, replying="")
        except TooManyComments as refusal:
            filled.form.mistakes[forms.TOP] = visit.gettext(refusal.message, **refusal.parameters)
            return await proposal_page(
                visit, frame, proposal, status=429, form=filled.form, replying=replying
            )
        return back(frame, proposal, "commented", f"#comment-{comment.id}")

    @get("/{comment_id:uuid}/withdraw")
    async def ask_withdraw(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], comment_id: FromPath[UUID]
    ) -> Response[str] | Redirect:
        frame, proposal, comment = await own_comment(visit, slug, number, comment_id)
        if queries.as_read(comment).shown is not Shown.TEXT:
            return Redirect(f"{address_of(frame, proposal)}#comment-{comment.id}", status_code=303)
        return page(
            visit,
            "proposals/withdraw_comment.html",
            **frame.context("proposals"),
            here=address_of(frame, proposal),
            proposal=proposal,
            comment=comment,
        )

    @post("/{comment_id:uuid}/withdraw")
    async def withdraw(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], comment_id: FromPath[UUID]
    ) -> Redirect:
        frame, proposal, comment = await own_comment(visit, slug, number, comment_id)
        await actions.withdraw(visit.session, comment, by=visit.resident)
        return back(frame, proposal, "comment-withdrawn", f"#comment-{comment.id}")


async def comment_on(
    visit: Visit, slug: str, number: int, comment_id: UUID
) -> tuple[Frame, Proposal, Comment]:
    """A comment of this proposal's discussion; raises NotFound."""
    frame, proposal = await seen(visit, slug, number)
    comment = await queries.get(visit.session, comment_id)
    if comment.thread_id != proposal.thread_id:
        raise NotFound
    return frame, proposal, comment


async def own_comment(
    visit: Visit, slug: str, number: int, comment_id: UUID
) -> tuple[Frame, Proposal, Comment]:
    resident = visit.resident
    found = await comment_on(visit, slug, number, comment_id)
    if found[2].author_id != resident.id:
        raise NotFound
    return found


async def _add(visit: Visit, proposal: Proposal, written: CommentForm) -> Comment:
    return await proposals.comment(
        visit.session,
        proposal,
        Words(text=written.text),
        nonce=written.nonce,
        by=await signature.sign(visit, written.name),
        parent_id=written.parent_id,
        most_a_day=visit.instance.settings.comments_a_day,
    )
