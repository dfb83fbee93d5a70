"""Signing in, sessions and one's own account as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service import person
from service.accounts import actions, queries
from service.accounts.models import OneLine, OwnSettings
from service.core.errors import DomainError
from service.core.text import Language
from service.processes import actions as processes_actions
from service.processes import queries as processes
from service.web.errors import problem
from service.web.visit import ThisVisit, Visit

PRIVATE = CacheControlHeader(no_store=True)


class AddressIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "aino.k@posti.example", "language": "fi"}]}
    )

    email: str = Field(max_length=320, json_schema_extra={"format": "email"})
    language: Language = Field(default="fi", description="Of the mail.")


class CodeRequestOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="To be sent with the code.")
    expires_at: datetime


class CodeIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"request": "7d5e0c0a-4b8e-4b53-9f0e-3f1d2f4f9a11", "code": "123 456"}]
        }
    )

    request: UUID
    code: str = Field(max_length=40)


class TokenOut(BaseModel):
    token: str = Field(description="For `Authorization: Bearer`. Shown this once.")
    expires_at: datetime


class SessionOut(BaseModel):
    id: UUID
    created_at: datetime
    expires_at: datetime
    current: bool = Field(description="The one this request came with.")


class MeOut(BaseModel):
    id: UUID
    email: str
    name: str
    language: Language
    birth_year: int | None
    area_id: UUID | None
    roles: dict[str, list[UUID] | None] = Field(
        description="Role and the processes it is for; null: all of them."
    )


class MeIn(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Aino K.", "birth_year": 1956}]}
    )

    name: OneLine = Field(default="", max_length=80)
    language: Language = "fi"
    birth_year: Annotated[int, Field(ge=1890, le=9999)] | None = None
    area_id: UUID | None = None


class LeavingIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"confirm": True}]})

    confirm: Literal[True] = Field(description="Deleting cannot be undone.")


class SignInApi(Controller):
    path = "/sign-in"
    tags = ["Accounts"]
    cache_control = PRIVATE

    @post(operation_id="requestSignInCode", status_code=202)
    async def request_code(self, visit: ThisVisit, data: JSONBody[AddressIn]) -> CodeRequestOut:
        """Have a one-time code mailed. The answer is the same whether the address has an account or not."""
        request = await actions.request_code(
            visit.session, visit.instance.keys, data.email, language=data.language
        )
        return CodeRequestOut.model_validate(request)

    @post("/code", operation_id="signIn", status_code=201)
    async def sign_in(self, visit: ThisVisit, data: JSONBody[CodeIn]) -> TokenOut | Response[dict[str, Any]]:
        """Open a session with the code from the mail. A wrong code is refused with 422 and counts: five end the request."""
        outcome = await actions.sign_in(visit.session, visit.instance.keys, data.request, data.code)
        if isinstance(outcome, DomainError):
            return problem(visit.request, outcome)
        return TokenOut(token=outcome.token, expires_at=outcome.expires_at)


class SessionsApi(Controller):
    tags = ["Accounts"]
    cache_control = PRIVATE

    @get("/sessions", operation_id="listSessions")
    async def list(self, visit: ThisVisit) -> list[SessionOut]:
        """Where you are signed in, newest first."""
        own = queries.token_digest(visit.token or "")
        return [
            SessionOut(
                id=row.id,
                created_at=row.created_at,
                expires_at=row.expires_at,
                current=row.token_digest == own,
            )
            for row in await queries.sessions(visit.session, visit.resident.id)
        ]

    @delete("/session", operation_id="signOut")
    async def sign_out(self, visit: ThisVisit) -> None:
        """End the session this request came with."""
        resident = visit.resident
        current = await queries.session_of(visit.session, visit.token or "")
        await actions.end_session(visit.session, current.id, by=resident)

    @delete("/sessions", operation_id="signOutEverywhere")
    async def sign_out_everywhere(self, visit: ThisVisit) -> None:
        """End all your sessions, this one too."""
        await actions.end_all_sessions(visit.session, by=visit.resident)

    @delete("/sessions/{session_id:uuid}", operation_id="endSession")
    async def end(self, visit: ThisVisit, session_id: FromPath[UUID]) -> None:
        """End one of your sessions."""
        await actions.end_session(visit.session, session_id, by=visit.resident)


class MeApi(Controller):
    path = "/me"
    tags = ["Accounts"]
    cache_control = PRIVATE

    @get(operation_id="getMe")
    async def show(self, visit: ThisVisit) -> MeOut:
        """Your account."""
        return await _me(visit)

    @patch(operation_id="changeMe")
    async def change(self, visit: ThisVisit, data: JSONBody[MeIn]) -> MeOut:
        """Change your settings; what is left out stays as it is."""
        resident = visit.resident
        account = await queries.get(visit.session, resident.id)
        given = data.model_dump(exclude_unset=True)
        settings = OwnSettings.model_validate(
            {"name": account.name, "language": account.language, "birth_year": account.birth_year} | given
        )
        await actions.change_settings(visit.session, settings, by=resident)
        if "area_id" in given:
            await processes_actions.set_residence(visit.session, data.area_id, by=resident)
        return await _me(visit)

    @get("/data", operation_id="downloadMyData")
    async def data(self, visit: ThisVisit) -> dict[str, Any]:
        """Everything the service holds of you, by part of the service."""
        return await person.data(visit.session, visit.resident.id)

    @delete(operation_id="deleteMe")
    async def leave(self, visit: ThisVisit, data: JSONBody[LeavingIn]) -> None:  # noqa: ARG002 - it says yes or is refused
        """Delete your account. Published proposals and comments stay, by a former resident; a vote you gave stays in the count."""
        await person.delete(visit.session, by=visit.resident)


async def _me(visit: Visit) -> MeOut:
    account = await queries.get(visit.session, visit.resident.id)
    residence = await processes.residence(visit.session, account.id)
    return MeOut(
        id=account.id,
        email=account.email,
        name=account.name,
        language=account.language,
        birth_year=account.birth_year,
        area_id=residence.area_id if residence else None,
        roles={role.value: sorted(held) if held is not None else None for role, held in visit.roles.items()},
    )
