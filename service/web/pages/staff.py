"""The staff, for administrators: who has which role where; appoint, dismiss."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, Field

from service.accounts import actions as accounts
from service.accounts.models import OneLine
from service.core.actor import Role
from service.core.errors import Invalid, msgid
from service.processes import actions, queries
from service.web import desk, forms
from service.web.page import told
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "appointed": msgid("The role has been given."),
    "dismissed": msgid("The role has been taken away."),
}


class Appointment(BaseModel):
    email: str
    role: Role
    process: UUID | None = None
    name: OneLine = Field(default="", max_length=80)


SENTENCES = {
    "email": msgid("Write the person’s e-mail address."),
    "role": msgid("Choose a role."),
}


class StaffPages(Controller):
    path = "/desk/staff"

    @get()
    async def list(self, visit: ThisVisit) -> Response[str]:
        return await _page(visit, forms.Form(), notice=told(visit, NOTICES))

    @post(status_code=200)
    async def appoint(self, visit: ThisVisit) -> Response[str] | Redirect:
        administrator = visit.administrator
        filled = await forms.read(visit, Appointment, sentences=SENTENCES)
        if filled.value is None:
            return await _page(visit, filled.form, status=422)
        given = filled.value
        try:
            account = await accounts.open_account(
                visit.session,
                visit.instance.keys,
                given.email,
                language=visit.language,
                name=given.name,
                by=administrator,
            )
            await actions.appoint(visit.session, account, given.role, given.process, by=administrator)
        except Invalid as error:
            return await _page(visit, filled.form.refuse(visit, error), status=422)
        return Redirect(f"{desk.address(visit, 'staff')}?done=appointed", status_code=303)

    @get("/{member_id:uuid}/dismiss")
    async def ask(self, visit: ThisVisit, member_id: FromPath[UUID]) -> Response[str]:
        member, account, process = await queries.team_member(
            visit.session, member_id, visit.administrator.processes
        )
        return desk.page(
            visit, "desk/dismiss.html", current="staff", member=member, account=account, process=process
        )

    @post("/{member_id:uuid}/dismiss")
    async def dismiss(self, visit: ThisVisit, member_id: FromPath[UUID]) -> Redirect:
        await actions.dismiss(visit.session, member_id, by=visit.administrator)
        return Redirect(f"{desk.address(visit, 'staff')}?done=dismissed", status_code=303)


async def _page(
    visit: Visit, form: forms.Form, *, status: int = 200, notice: dict[str, str] | None = None
) -> Response[str]:
    administrator = visit.administrator
    return desk.page(
        visit,
        "desk/staff.html",
        current="staff",
        status=status,
        form=form,
        notice=notice,
        team=await queries.team(visit.session, administrator.processes),
        processes=await queries.looked_after(visit.session, administrator.processes),
        everywhere=administrator.processes is None,
    )
