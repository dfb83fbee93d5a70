"""Co-authors as JSON: asking, answering, leaving."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.proposals import actions, queries
from service.proposals.models import AuthorKind, Coauthor
from service.web.api.proposals import written
from service.web.visit import ThisVisit


class AskIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "irja.k@posti.example"}]})

    email: str = Field(max_length=320)


class CoauthorOut(BaseModel):
    id: UUID
    state: Literal["asked", "accepted", "declined"]
    name: str = Field(description="Known once they have accepted.")
    asked_at: datetime


class InvitationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(validation_alias="coauthor_id")
    title: str
    author_name: str
    author_kind: AuthorKind
    organisation: str
    process_slug: str
    process_title: dict[str, str]
    asked_at: datetime


def out(coauthor: Coauthor) -> CoauthorOut:
    answered: Literal["accepted", "declined"] = "declined" if coauthor.declined_at else "accepted"
    is_open = coauthor.accepted_at is None and coauthor.declined_at is None
    return CoauthorOut(
        id=coauthor.id,
        state="asked" if is_open else answered,
        name=coauthor.name,
        asked_at=coauthor.asked_at,
    )


class CoauthorsApi(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}/coauthors"
    tags = ["Proposals"]

    @get(operation_id="listCoauthors")
    async def find(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> list[CoauthorOut]:
        """Whom the author has asked, for author and co-authors."""
        proposal = await written(visit, slug, number)
        return [out(coauthor) for coauthor in await queries.coauthors(visit.session, proposal)]

    @post(operation_id="askCoauthor", status_code=202)
    async def ask(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[AskIn]
    ) -> CoauthorOut:
        """Ask a person by e-mail address. The answer is the same whether an account has the address or not."""
        proposal = await written(visit, slug, number)
        coauthor = await actions.ask_coauthor(
            visit.session, visit.instance.keys, proposal, data.email, by=visit.resident
        )
        return out(coauthor)

    @delete("/{coauthor_id:uuid}", operation_id="removeCoauthor")
    async def remove(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], coauthor_id: FromPath[UUID]
    ) -> None:
        """Take a question or a co-author away. A refusal stays."""
        proposal = await written(visit, slug, number)
        await actions.remove_coauthor(visit.session, proposal, coauthor_id, by=visit.resident)


class InvitationsApi(Controller):
    path = "/me/invitations"
    tags = ["Proposals"]

    @get(operation_id="listInvitations")
    async def find(self, visit: ThisVisit) -> list[InvitationOut]:
        """Proposals whose author asks you to be co-author."""
        found = await queries.invitations(visit.session, visit.resident.id)
        return [InvitationOut.model_validate(one) for one in found]

    @post("/{coauthor_id:uuid}/accept", operation_id="acceptInvitation", status_code=200)
    async def accept(self, visit: ThisVisit, coauthor_id: FromPath[UUID]) -> CoauthorOut:
        """Become a co-author: your name is shown and you may change the proposal."""
        return out(await actions.accept(visit.session, coauthor_id, by=visit.resident))

    @post("/{coauthor_id:uuid}/decline", operation_id="declineInvitation", status_code=204)
    async def decline(self, visit: ThisVisit, coauthor_id: FromPath[UUID]) -> None:
        """Say no, or stop being a co-author."""
        await actions.decline(visit.session, coauthor_id, by=visit.resident)
