"""The desk of those who look after rounds: all of theirs, a new one, its state part by part, publishing, its people."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import ConfigDict, model_validator

from service.calculator.queries import of_process
from service.core.errors import Invalid, msgid
from service.core.text import LANGUAGES
from service.core.text import slug as slug_of
from service.processes import actions, queries, readiness
from service.processes.parts import Beginning
from service.processes.readiness import Part
from service.processes.rounds import Round
from service.web import desk, forms, steward
from service.web.localized import InLanguages
from service.web.page import told
from service.web.process_desk import open_workspace
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "created": msgid("The round is there. Nobody but its staff sees it before you publish it."),
    "published": msgid("The round is published. Anyone can see it now."),
    "saved": msgid("Saved."),
    "added": msgid("The phase has been added."),
    "removed": msgid("The phase has been removed."),
}
SENTENCES = {
    "title": msgid("Give the round a name in at least one language."),
    "slug": msgid("No address can be made of this name. Write one."),
}
NAMELESS = "nameless"


class BeginningForm(InLanguages, Beginning):
    """An address that is left empty is made of the name; where that is missing too, the name alone is asked for."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _address_of_name(cls, sent: dict[str, Any]) -> dict[str, Any]:
        names = [sent.get(f"title_{language}", "").strip() for language in LANGUAGES]
        address = slug_of(next(filter(None, names), NAMELESS))
        return {"slug": address, **sent} if address else sent


class DeskProcessPages(Controller):
    path = "/desk/processes"

    @get("/")
    async def list(self, visit: ThisVisit) -> Response[str]:
        mine = await queries.looked_after(visit.session, steward.reach(visit))
        phases = await queries.phases_of(visit.session, [process.id for process in mine])
        return desk.page(
            visit,
            "desk/processes/list.html",
            current="processes",
            rounds=[Round(process, phases[process.id], visit.now) for process in mine],
            may_create=steward.may_make(visit),
        )

    @get("/new")
    async def new(self, visit: ThisVisit) -> Response[str]:
        return new_page(visit, forms.Form())

    @post("/new", status_code=200)
    async def create(self, visit: ThisVisit) -> Response[str] | Redirect:
        by = steward.of_all(visit)
        filled = await forms.read(visit, BeginningForm, sentences=SENTENCES)
        if filled.value is None:
            return new_page(visit, filled.form, status=422)
        try:
            process = await actions.create(visit.session, filled.value, by=by)
        except Invalid as error:
            return new_page(visit, filled.form.refuse(visit, error), status=422)
        return Redirect(desk.address(visit, f"processes/{process.slug}?done=created"), status_code=303)

    @get("/{slug:str}")
    async def overview(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        calculators = await of_process(visit.session, workspace.process.id)
        return workspace.page("desk/processes/overview.html", calculators=calculators, notice=notice(visit))

    @get("/{slug:str}/publish")
    async def ask(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        pots = [pot for pot, _ in workspace.pots]
        hindrances = readiness.hindrances(
            workspace.process, workspace.phases, pots, bilingual=visit.instance.city.bilingual
        )
        return workspace.page(
            "desk/processes/publish.html",
            hindrances=[visit.gettext(text) for text in hindrances],
            round=Round(workspace.process, workspace.phases, visit.now),
        )

    @post("/{slug:str}/publish", status_code=200)
    async def publish(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        workspace = await open_workspace(visit, slug)
        bilingual = visit.instance.city.bilingual
        await actions.publish(visit.session, workspace.process, bilingual=bilingual, by=workspace.by)
        return Redirect(f"{workspace.address}?done=published", status_code=303)

    @get("/{slug:str}/people")
    async def people(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        workspace = await open_workspace(visit, slug)
        everyone = await queries.team(visit.session, None)
        here = [row for row in everyone if row[0].process_id in {None, workspace.process.id}]
        return workspace.page("desk/processes/people.html", Part.PEOPLE, team=here)


def new_page(visit: Visit, form: forms.Form, *, status: int = 200) -> Response[str]:
    assert steward.of_all(visit)  # raises for who may not
    return desk.page(visit, "desk/processes/new.html", current="processes", status=status, form=form)


def notice(visit: Visit) -> dict[str, str] | None:
    return told(visit, NOTICES)
