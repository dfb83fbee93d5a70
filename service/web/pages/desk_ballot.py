"""An editor puts evaluated proposals on the ballot and freezes it."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from service.core.errors import Conflict, NotFound, msgid
from service.processes.rules import voting_phase
from service.voting import actions, candidates, queries
from service.voting.rules import NoMoneyThere
from service.web import forms
from service.web.page import told
from service.web.process_desk import Workspace, open_workspace
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "selected": msgid("The proposal is on the ballot."),
    "removed": msgid("The proposal is no longer on the ballot."),
    "frozen": msgid("The ballot is frozen. Everyone can see now what will be voted on."),
}


class DeskBallotPages(Controller):
    path = "/desk/processes/{slug:str}/ballot-projects"

    @get()
    async def projects(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await _page(await open_workspace(visit, slug))

    @post(status_code=200)
    async def change(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        """`select` or `remove` with a proposal's number."""
        workspace = await open_workspace(visit, slug)
        try:
            done, number = await _changed(workspace)
        except (Conflict, NoMoneyThere) as error:
            return await _page(workspace, forms.Form().refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}/ballot-projects?done={done}#p{number}", status_code=303)

    @get("/freeze")
    async def ask(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await _page(await open_workspace(visit, slug), template="freeze")

    @post("/freeze", status_code=200)
    async def freeze(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        workspace = await open_workspace(visit, slug)
        try:
            await actions.freeze(visit.session, workspace.process, keys=visit.instance.keys, by=workspace.by)
        except Conflict as error:
            return await _page(workspace, forms.Form().refuse(visit, error), status=409)
        return Redirect(f"{workspace.address}/ballot-projects?done=frozen", status_code=303)


async def _changed(workspace: Workspace) -> tuple[str, int]:
    visit, process, by = workspace.visit, workspace.process, workspace.by
    sent = await visit.form()
    name = "select" if "select" in sent else "remove"
    typed = str(sent.get(name, ""))
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    if name == "remove":
        project = await queries.project(visit.session, process.id, number)
        await actions.remove(visit.session, process, project, by=by)
        return "removed", number
    wanted = [each for each in await queries.candidates(visit.session, process.id) if each.number == number]
    if not wanted:
        raise NotFound
    await actions.select(visit.session, process, wanted[0], by=by)
    return "selected", number


async def _page(
    workspace: Workspace,
    form: forms.Form | None = None,
    *,
    template: str = "ballot_projects",
    status: int = 200,
) -> Response[str]:
    visit, process = workspace.visit, workspace.process
    phase = voting_phase(workspace.phases)
    found = await candidates.of_process(visit.session, process.id)
    return workspace.page(
        f"desk/processes/{template}.html",
        status=status,
        form=form or forms.Form(),
        notice=_notice(visit),
        sections=candidates.sections(found, workspace.pots),
        others=[each for each in found if each.cost_cents is None and each.project is None],
        frozen_at=workspace.fixed_since,
        opens_at=phase.opens_at if phase else None,
    )


def _notice(visit: Visit) -> dict[str, str] | None:
    return told(visit, NOTICES)
