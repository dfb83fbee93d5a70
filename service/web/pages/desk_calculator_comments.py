"""A moderator reads what people wrote to the plans they sent, and publishes it or not, one at a time."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.calculator import actions, queries
from service.calculator.models import Calculator, CommentState
from service.calculator.rules import CommentIsDecided
from service.core.errors import NotFound, SignInNeeded, msgid
from service.processes.models import Process
from service.processes.rules import NotYourProcess
from service.web import desk, typed
from service.web.forms import Form
from service.web.page import told
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "published": msgid("The comment is published."),
    "rejected": msgid("The comment is not published."),
}
NO_DECISION = msgid("Choose whether to publish the comment.")
DECISIONS = {"publish": True, "reject": False}


class DeskCalculatorCommentPages(Controller):
    path = "/desk/calculator/{slug:str}/comments"

    @get()
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        calculator = await _moderated(visit, slug)
        return await list_page(visit, calculator, Form())

    @post(status_code=200)
    async def decide(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        calculator = await _moderated(visit, slug)
        given = await typed.sent(visit)
        plan = await queries.commented(visit.session, calculator.id, given.text("plan"))
        publish = DECISIONS.get(given.text("decision"))
        if publish is None:
            given.refuse(f"decision-{given.text('plan')}", NO_DECISION)
            return await list_page(visit, calculator, given.form, status=422)
        try:
            await actions.decide_comment(visit.session, calculator, plan, publish=publish, by=visit.moderator)
        except CommentIsDecided as error:
            return await list_page(visit, calculator, Form().refuse(visit, error), status=409)
        done = "published" if publish else "rejected"
        path = f"calculator/{slug}/comments?done={done}"
        return Redirect(desk.address(visit, path), status_code=303)


async def list_page(visit: Visit, calculator: Calculator, form: Form, *, status: int = 200) -> Response[str]:
    """In an order that tells nothing of who came when."""
    return desk.page(
        visit,
        "desk/calculator/comments.html",
        current="calculator",
        status=status,
        calculator=calculator,
        form=form,
        waiting=await queries.comments(visit.session, calculator.id, CommentState.WAITING),
        published=await queries.comments(visit.session, calculator.id, CommentState.PUBLISHED),
        reasons=await queries.reasons(visit.session, calculator),
        notice=told(visit, NOTICES),
    )


async def _moderated(visit: Visit, slug: str) -> Calculator:
    """Raises SignInNeeded, NotFound; Forbidden and NotYourProcess for who does not moderate it."""
    if visit.account is None:
        raise SignInNeeded
    calculator = await queries.find(visit.session, slug)
    process = await visit.session.get_one(Process, calculator.process_id)
    if not visit.moderator.may_act_in(process.id):
        raise NotYourProcess if process.published_at else NotFound
    return calculator
