"""The staff as JSON, for administrators."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.accounts import actions as accounts
from service.accounts.models import Account, OneLine
from service.core.actor import Role
from service.processes import actions, queries
from service.processes.models import TeamMember
from service.web.visit import ThisVisit


class AppointmentIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "leena@kaupunki.example", "role": "moderator", "process_id": None}]
        }
    )

    email: str = Field(max_length=320, json_schema_extra={"format": "email"})
    role: Role
    process_id: UUID | None = Field(description="null: in all processes.")
    name: OneLine = Field(default="", max_length=80, description="Used if the account is new.")


class MemberOut(BaseModel):
    id: UUID
    email: str
    name: str
    role: Role
    process_id: UUID | None
    appointed_at: datetime


class StaffApi(Controller):
    path = "/staff"
    tags = ["Staff"]
    cache_control = CacheControlHeader(no_store=True)

    @get(operation_id="listStaff")
    async def list(self, visit: ThisVisit) -> list[MemberOut]:
        """Who has which role in the processes you administer."""
        team = await queries.team(visit.session, visit.administrator.processes)
        return [_out(member, account) for member, account, _ in team]

    @post(operation_id="appointStaff")
    async def appoint(self, visit: ThisVisit, data: JSONBody[AppointmentIn]) -> MemberOut:
        """Give a role to whoever signs in with this address. Whoever has the role keeps it."""
        administrator = visit.administrator
        account = await accounts.open_account(
            visit.session,
            visit.instance.keys,
            data.email,
            language=visit.language,
            name=data.name,
            by=administrator,
        )
        member = await actions.appoint(visit.session, account, data.role, data.process_id, by=administrator)
        return _out(member, account)

    @delete("/{member_id:uuid}", operation_id="dismissStaff")
    async def dismiss(self, visit: ThisVisit, member_id: FromPath[UUID]) -> None:
        """Take a role away, from now on."""
        await actions.dismiss(visit.session, member_id, by=visit.administrator)


def _out(member: TeamMember, account: Account) -> MemberOut:
    return MemberOut(
        id=member.id,
        email=account.email,
        name=account.name,
        role=Role(member.role),
        process_id=member.process_id,
        appointed_at=member.appointed_at,
    )
