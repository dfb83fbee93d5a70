"""The council's rooms: a member's groups, what a group has to do, and its own plan for the budget."""

import re
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect

from service.calculator import actions
from service.calculator import queries as calculators
from service.calculator.engine import Plan
from service.calculator.rules import LONGEST_REASON, PlanIsPublished, RulesBroken
from service.calculator.specification import Specification
from service.core.errors import NotFound
from service.council import queries
from service.processes.rules import EditedMeanwhile
from service.web import own_plan, plan_form, typed
from service.web.council_room import (
    NOTICES,
    Desk,
    differences,
    open_plan,
    open_room,
    plan_page,
)
from service.web.forms import Form
from service.web.page import page, told
from service.web.typed import Typed
from service.web.visit import ThisVisit


class CouncilRoomPages(Controller):
    path = "/council-room"

    @get("/")
    async def list(self, visit: ThisVisit) -> Response[str]:
        """Raises SignInNeeded, Forbidden."""
        groups = await queries.groups_of(visit.session, visit.council_member.id)
        return page(visit, "council/list.html", groups=groups, notice=told(visit, NOTICES))

    @get("/{group:str}")
    async def room(self, visit: ThisVisit, group: FromPath[str]) -> Response[str]:
        room = await open_room(visit, group)
        rows = [
            (calculator, await calculators.group_plan(visit.session, calculator.id, room.group.id))
            for calculator in await calculators.published(visit.session)
        ]
        members = await queries.members(visit.session, room.group.id)
        return room.page("room", rows=rows, members=members)

    @get("/{group:str}/plan/{slug:str}")
    async def plan(self, visit: ThisVisit, group: FromPath[str], slug: FromPath[str]) -> Response[str]:
        return plan_page(await open_plan(visit, group, slug))

    @post("/{group:str}/plan/{slug:str}", status_code=200)
    async def write(
        self, visit: ThisVisit, group: FromPath[str], slug: FromPath[str]
    ) -> Response[str] | Redirect:
        """One press of whichever button: what is chosen is kept for the group and counted on the next page."""
        at = await open_plan(visit, group, slug)
        sent, given = await visit.form(), await typed.sent(visit)
        shown = await _shown_on(at, given.text("specification"))
        read = plan_form.read(visit, shown, sent, at.own.choices)
        own = own_plan.carried(read.plan, shown, at.engine.specification)
        reason = given.words("reason", limit=LONGEST_REASON)
        given.form.typed = _texts(given) | read.form.typed
        given.form.mistakes |= read.form.mistakes
        if given.form.mistakes or own.is_stale:
            return plan_page(at, own, given.form, status=422 if given.form.mistakes else 409)
        try:
            await actions.write_group_plan(
                visit.session,
                at.calculator,
                at.room.group,
                own.choices,
                reason,
                version=_version(given),
                by=at.room.by,
            )
        except EditedMeanwhile as error:
            now = await open_plan(visit, group, slug)
            differing = differences(now, own.choices, given.form)
            given.form.typed["version"] = now.version
            return plan_page(now, own, given.form.refuse(visit, error), status=409, conflict=differing)
        except PlanIsPublished as error:
            return at.page("published", form=Form().refuse(visit, error), status=409)
        return Redirect(at.address + _onward(sent, at.own.choices, own.choices), status_code=303)

    @get("/{group:str}/plan/{slug:str}/publish")
    async def ask(self, visit: ThisVisit, group: FromPath[str], slug: FromPath[str]) -> Response[str]:
        return publish_page(await open_plan(visit, group, slug), Form())

    @post("/{group:str}/plan/{slug:str}/publish", status_code=200)
    async def publish(
        self, visit: ThisVisit, group: FromPath[str], slug: FromPath[str]
    ) -> Response[str] | Redirect:
        """What the page showed is what is published: a plan that another member changed since is shown first."""
        at = await open_plan(visit, group, slug)
        given = await typed.sent(visit)
        try:
            await actions.publish_group_plan(
                visit.session,
                at.calculator,
                at.room.group,
                version=_version(given),
                by=at.room.by,
            )
        except (EditedMeanwhile, PlanIsPublished, RulesBroken) as error:
            return publish_page(await open_plan(visit, group, slug), Form().refuse(visit, error), status=409)
        return Redirect(f"{at.address}?done=published", status_code=303)


def publish_page(at: Desk, form: Form, *, status: int = 200) -> Response[str]:
    """What is published, and what hinders it: nothing chosen, choices that exclude each other, figures that are new."""
    if at.is_published:
        return at.page("published", form=form, status=status)
    return at.page("publish", form=form, status=status, version=at.version)


async def _shown_on(at: Desk, digest: str) -> Specification:
    """What a sent form was made with; today's where there is none of that digest."""
    try:
        engine = await calculators.engine(at.room.visit.session, at.calculator, digest)
    except NotFound:
        engine = at.engine
    return engine.specification


def _texts(given: Typed) -> dict[str, Any]:
    """All but the choices, which are read by themselves and shown as they were read."""
    return {name: value for name, value in given.form.typed.items() if "." not in name}


def _version(given: Typed) -> int:
    """What the form was shown with; one that nobody has where it is no number."""
    text = given.text("version")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else -1


def _onward(sent: FormMultiDict, before: Plan, after: Plan) -> str:
    """Where the button leads, after the plan's own address."""
    match sent.get("go"):
        case "review":
            return "/publish"
        case "save":
            return "?done=saved"
        case _:
            return plan_form.fragment(sent, before, after)
