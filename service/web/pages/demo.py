"""The demo's own pages: sign in as anyone with one press, and read the mails. Only in a database marked as demo."""

from itertools import groupby
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.response import Redirect
from pydantic import BaseModel

from service.accounts import actions, queries
from service.accounts.rules import NotADemo
from service.core import deployment, mail
from service.core.actor import Role
from service.core.errors import NotFound
from service.core.text import LANGUAGES
from service.processes import queries as processes
from service.processes.rounds import Round
from service.web import forms
from service.web.page import page
from service.web.pages.sign_in import session_cookie
from service.web.visit import ThisVisit, Visit

RESIDENTS = 5  # of each language


class Person(BaseModel):
    account: UUID


class DemoPages(Controller):
    path = "/demo"

    @get()
    async def start(self, visit: ThisVisit) -> Response[str]:
        await _only_in_a_demo(visit)
        residents = await processes.people_without_role(visit.session, of_each_language=RESIDENTS)
        staff = groupby(await processes.team(visit.session, None), key=lambda row: row[0].role)
        return page(
            visit,
            "demo/start.html",
            residents=sorted(residents, key=lambda row: LANGUAGES.index(row[0].language)),
            staff=[
                (role, [(account, process) for _, account, process in members]) for role, members in staff
            ],
            rounds=[Round(*pair, visit.now) for pair in await processes.rounds(visit.session)],
        )

    @post("/sign-in")
    async def sign_in(self, visit: ThisVisit) -> Redirect:
        await _only_in_a_demo(visit)
        filled = await forms.read(visit, Person)
        if filled.value is None:
            raise NotFound
        account = await queries.get(visit.session, filled.value.account)
        done = await actions.sign_in_as(visit.session, account, instead_of=visit.token)
        roles = await processes.roles_of(visit.session, account.id)
        home = "me" if not roles else "council-room" if set(roles) == {Role.COUNCIL_MEMBER} else "desk"
        return Redirect(
            f"/{visit.language}/{home}",
            status_code=303,
            cookies=[session_cookie(visit, done)],
        )

    @get("/mailbox")
    async def mailbox(self, visit: ThisVisit) -> Response[str]:
        """Addresses in the order of their newest mail; of each, the newest first."""
        await _only_in_a_demo(visit)
        boxes: dict[str, list[mail.DemoMail]] = {}
        for received in await mail.demo_mails(visit.session):
            boxes.setdefault(received.to, []).append(received)
        answer = page(visit, "demo/mailbox.html", boxes=boxes)
        answer.headers["Cache-Control"] = (
            "no-store"  # a mail is no public change, so no kept page would show it
        )
        return answer


async def _only_in_a_demo(visit: Visit) -> None:
    is_demo = await deployment.kind(visit.session) is deployment.Kind.DEMO
    if not is_demo or not visit.instance.settings.may_show_a_demo:
        raise NotADemo
