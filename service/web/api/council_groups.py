"""Council groups as JSON: who they are, and for administrators who belongs to them."""

from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from service.accounts import actions as accounts
from service.accounts import queries as people
from service.core.text import Localized
from service.council import actions, queries
from service.processes.parts import Slug
from service.web.visit import ThisVisit

EXAMPLE: JsonDict = {
    "slug": "vihrea",
    "name": {"fi": "Vihreä ryhmä", "sv": "Gröna gruppen", "en": "Green group"},
}


class GroupOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    slug: str
    name: dict[str, str]


class NewGroupIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    slug: Slug
    name: Localized


class GroupNameIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": EXAMPLE["name"]}]})

    name: Localized


class MemberIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "leena@kaupunki.example"}]})

    email: str = Field(max_length=320, json_schema_extra={"format": "email"})


class MemberOut(BaseModel):
    id: UUID
    email: str
    name: str


class CouncilGroupsApi(Controller):
    path = "/council-groups"
    tags = ["Council groups"]

    @get(operation_id="listCouncilGroups")
    async def groups(self, visit: ThisVisit) -> list[GroupOut]:
        """As the council sits."""
        return [GroupOut.model_validate(group) for group in await queries.groups(visit.session)]

    @post(operation_id="foundCouncilGroup")
    async def found(self, visit: ThisVisit, data: JSONBody[NewGroupIn]) -> GroupOut:
        """A new group (administrators)."""
        made = await actions.found(visit.session, data.slug, data.name, by=visit.administrator)
        return GroupOut.model_validate(made)

    @put("/{group:str}", operation_id="renameCouncilGroup")
    async def rename(self, visit: ThisVisit, group: FromPath[str], data: JSONBody[GroupNameIn]) -> GroupOut:
        """Another name (administrators)."""
        by = visit.administrator
        found = await queries.get(visit.session, group)
        await actions.rename(visit.session, found, data.name, by=by)
        return GroupOut.model_validate(found)

    @delete("/{group:str}", operation_id="removeCouncilGroup")
    async def remove(self, visit: ThisVisit, group: FromPath[str]) -> None:
        """A group that has no work of its own (administrators)."""
        by = visit.administrator
        await actions.remove(visit.session, await queries.get(visit.session, group), by=by)

    @get(
        "/{group:str}/members",
        operation_id="listGroupMembers",
        cache_control=CacheControlHeader(no_store=True),
    )
    async def members(self, visit: ThisVisit, group: FromPath[str]) -> list[MemberOut]:
        """Who belongs to it (administrators)."""
        _ = visit.administrator
        found = await queries.get(visit.session, group)
        return [
            MemberOut(id=account.id, email=account.email, name=account.name)
            for account in await queries.members(visit.session, found.id)
        ]

    @post("/{group:str}/members", operation_id="addGroupMember", status_code=204)
    async def add(self, visit: ThisVisit, group: FromPath[str], data: JSONBody[MemberIn]) -> None:
        """Whoever signs in with this address sees the group's room (administrators)."""
        by = visit.administrator
        found = await queries.get(visit.session, group)
        account = await accounts.open_account(
            visit.session, visit.instance.keys, data.email, language=visit.language, by=by
        )
        await actions.add_member(visit.session, found, account, by=by)

    @delete("/{group:str}/members/{account_id:uuid}", operation_id="removeGroupMember")
    async def leave(self, visit: ThisVisit, group: FromPath[str], account_id: FromPath[UUID]) -> None:
        """The room is closed to this person from now on (administrators)."""
        by = visit.administrator
        found = await queries.get(visit.session, group)
        account = await people.get(visit.session, account_id)
        await actions.remove_member(visit.session, found, account, by=by)
