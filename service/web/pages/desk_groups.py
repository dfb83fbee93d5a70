"""The council's groups, for administrators: found, rename and remove them, and say who belongs to them."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.accounts import actions as accounts
from service.accounts.models import Account, OneLine
from service.core.actor import Administrator
from service.core.errors import Invalid, NotFound, msgid
from service.core.text import LANGUAGES
from service.core.text import slug as slug_of
from service.council import actions, queries
from service.council.models import CouncilGroup
from service.council.rules import GroupHasWork
from service.processes.parts import Slug, Title
from service.processes.rules import NotYourProcess
from service.web import desk, forms, localized
from service.web.forms import Form
from service.web.localized import InLanguages
from service.web.page import told
from service.web.visit import ThisVisit, Visit

NOTICES = {
    "founded": msgid("The group is there. Add its members."),
    "saved": msgid("Saved."),
    "removed": msgid("The group has been removed."),
    "joined": msgid("The person belongs to the group now."),
    "left": msgid("The person does not belong to the group any more."),
}
NAMELESS = {"name": msgid("Give the group a name in at least one language.")}
SENTENCES = {**NAMELESS, "slug": msgid("Write an address for the group.")}
MEMBER_IDS = {"name": "member-name"}  # the page has two forms
NO_EMAIL = {"email": msgid("Write the person’s e-mail address.")}


class NameForm(InLanguages):
    model_config = ConfigDict(extra="ignore")

    name: Title


class GroupForm(NameForm):
    """An address that is left empty is made of the name."""

    slug: Slug

    @model_validator(mode="before")
    @classmethod
    def _address_of_name(cls, sent: dict[str, Any]) -> dict[str, Any]:
        names = [str(sent.get(f"name_{language}", "")) for language in LANGUAGES]
        address = slug_of(next(filter(None, names), ""))
        return {"slug": address, **sent} if address else sent


class MemberForm(BaseModel):
    email: str
    name: OneLine = Field(default="", max_length=80)


class DeskGroupPages(Controller):
    path = "/desk/groups"

    @get("/")
    async def list(self, visit: ThisVisit) -> Response[str]:
        return await list_page(visit, Form())

    @post("/", status_code=200)
    async def found(self, visit: ThisVisit) -> Response[str] | Redirect:
        administrator = _administrator(visit)
        filled = await forms.read(visit, GroupForm, sentences=SENTENCES)
        if filled.value is None:
            return await list_page(visit, filled.form, status=422)
        try:
            group = await actions.found(visit.session, filled.value.slug, filled.value.name, by=administrator)
        except Invalid as error:
            return await list_page(visit, filled.form.refuse(visit, error), status=422)
        return Redirect(desk.address(visit, f"groups/{group.slug}?done=founded"), status_code=303)

    @get("/{slug:str}")
    async def group(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await group_page(visit, await _group(visit, slug))

    @post("/{slug:str}", status_code=200)
    async def rename(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        group = await _group(visit, slug)
        filled = await forms.read(visit, NameForm, sentences=NAMELESS)
        if filled.value is None:
            return await group_page(visit, group, naming=filled.form, status=422)
        await actions.rename(visit.session, group, filled.value.name, by=_administrator(visit))
        return Redirect(desk.address(visit, f"groups/{slug}?done=saved"), status_code=303)

    @post("/{slug:str}/members", status_code=200)
    async def add(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        group, administrator = await _group(visit, slug), _administrator(visit)
        filled = await forms.read(visit, MemberForm, sentences=NO_EMAIL)
        if filled.value is None:
            return await group_page(visit, group, adding=filled.form, status=422)
        try:
            account = await accounts.open_account(
                visit.session,
                visit.instance.keys,
                filled.value.email,
                language=visit.language,
                name=filled.value.name,
                by=administrator,
            )
            await actions.add_member(visit.session, group, account, by=administrator)
        except Invalid as error:
            return await group_page(visit, group, adding=filled.form.refuse(visit, error), status=422)
        return Redirect(desk.address(visit, f"groups/{slug}?done=joined"), status_code=303)

    @get("/{slug:str}/members")
    async def back_to_members(self, visit: ThisVisit, slug: FromPath[str]) -> Redirect:
        """For whoever changes the language of the form's answer."""
        await _group(visit, slug)
        return Redirect(desk.address(visit, f"groups/{slug}"), status_code=303)

    @get("/{slug:str}/members/{account_id:uuid}/remove")
    async def ask_to_leave(
        self, visit: ThisVisit, slug: FromPath[str], account_id: FromPath[UUID]
    ) -> Response[str]:
        group = await _group(visit, slug)
        member = await _member(visit, group, account_id)
        return desk.page(
            visit,
            "desk/groups/member_remove.html",
            current="groups",
            group=group,
            group_address=desk.address(visit, f"groups/{slug}"),
            member=member,
        )

    @post("/{slug:str}/members/{account_id:uuid}/remove")
    async def remove_member(
        self, visit: ThisVisit, slug: FromPath[str], account_id: FromPath[UUID]
    ) -> Redirect:
        group = await _group(visit, slug)
        member = await _member(visit, group, account_id)
        await actions.remove_member(visit.session, group, member, by=_administrator(visit))
        return Redirect(desk.address(visit, f"groups/{slug}?done=left"), status_code=303)

    @get("/{slug:str}/remove")
    async def ask_removal(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        return await remove_page(visit, await _group(visit, slug), Form())

    @post("/{slug:str}/remove", status_code=200)
    async def remove(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str] | Redirect:
        group = await _group(visit, slug)
        try:
            await actions.remove(visit.session, group, by=_administrator(visit))
        except GroupHasWork as error:
            return await remove_page(visit, group, Form().refuse(visit, error), status=409)
        return Redirect(desk.address(visit, "groups?done=removed"), status_code=303)


async def list_page(visit: Visit, form: Form, *, status: int = 200) -> Response[str]:
    _administrator(visit)
    groups = await queries.groups(visit.session)
    return desk.page(
        visit,
        "desk/groups/list.html",
        current="groups",
        status=status,
        form=form,
        rows=[(group, len(await queries.members(visit.session, group.id))) for group in groups],
        notice=told(visit, NOTICES),
    )


async def group_page(
    visit: Visit,
    group: CouncilGroup,
    *,
    naming: Form | None = None,
    adding: Form | None = None,
    status: int = 200,
) -> Response[str]:
    """Two forms: its name, and one more member."""
    errors = (naming or Form()).errors + [
        {**error, "field": MEMBER_IDS.get(error["field"], error["field"])}
        for error in (adding or Form()).errors
    ]
    return desk.page(
        visit,
        "desk/groups/group.html",
        current="groups",
        status=status,
        group=group,
        group_address=desk.address(visit, f"groups/{group.slug}"),
        members=await queries.members(visit.session, group.id),
        naming=naming or forms.filled(localized.typed("name", group.name)),
        adding=adding or Form(),
        errors=errors,
        notice=told(visit, NOTICES),
    )


async def remove_page(visit: Visit, group: CouncilGroup, form: Form, *, status: int = 200) -> Response[str]:
    return desk.page(
        visit,
        "desk/groups/remove.html",
        current="groups",
        status=status,
        group=group,
        group_address=desk.address(visit, f"groups/{group.slug}"),
        members=await queries.members(visit.session, group.id),
        form=form,
    )


def _administrator(visit: Visit) -> Administrator:
    """Of all processes: the council is the whole city's. Raises SignInNeeded, Forbidden, NotYourProcess."""
    if not visit.administrator.may_act_in(None):
        raise NotYourProcess
    return visit.administrator


async def _group(visit: Visit, slug: str) -> CouncilGroup:
    _administrator(visit)
    return await queries.get(visit.session, slug)


async def _member(visit: Visit, group: CouncilGroup, account_id: UUID) -> Account:
    """Raises NotFound."""
    for account in await queries.members(visit.session, group.id):
        if account.id == account_id:
            return account
    raise NotFound
