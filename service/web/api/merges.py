"""Merging as JSON, for editors."""

from typing import Annotated
from uuid import UUID, uuid4

from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.proposals import actions
from service.proposals.models import Idea, Proposal
from service.web.api.proposals import EXAMPLE, ProposalOut, out, seen
from service.web.visit import ThisVisit, Visit

Number = Annotated[int, Field(ge=1, le=2_147_483_647)]
Numbers = Annotated[list[Number], Field(min_length=1, max_length=50, description="Of the originals.")]


class MergeIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"sources": [14, 31]}]})

    sources: Numbers


class CombineIn(Idea):
    model_config = ConfigDict(  # type: ignore[assignment] # SQLModel's own type knows fewer keys
        json_schema_extra={"examples": [{**EXAMPLE, "sources": [14, 31]}]}
    )

    sources: Numbers
    nonce: UUID = Field(default_factory=uuid4, description="The same again makes no second proposal.")


async def originals(visit: Visit, slug: str, numbers: list[int]) -> list[Proposal]:
    return [await seen(visit, slug, number) for number in dict.fromkeys(numbers)]


class MergesApi(Controller):
    path = "/processes/{slug:str}/proposals"
    tags = ["Merging"]

    @post("/{number:int}/merge", operation_id="mergeProposals", status_code=200)
    async def merge(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[MergeIn]
    ) -> ProposalOut:
        """Merge published proposals into this one. The originals stay readable and their support stays theirs."""
        by, target = visit.editor, await seen(visit, slug, number)
        sources = await originals(visit, slug, data.sources)
        return await out(visit, await actions.merge(visit.session, target, sources, by=by))

    @post("/combine", operation_id="combineProposals")
    async def combine(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[CombineIn]) -> ProposalOut:
        """Merge published proposals into a new one with a common text. The first original's author is its author."""
        by, sources = visit.editor, await originals(visit, slug, data.sources)
        return await out(visit, await actions.combine(visit.session, sources, data, nonce=data.nonce, by=by))

    @post("/{number:int}/separate", operation_id="separateProposal", status_code=200)
    async def separate(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> ProposalOut:
        """Undo a merge: the original stands on its own again."""
        by, source = visit.editor, await seen(visit, slug, number)
        return await out(visit, await actions.separate(visit.session, source, by=by))
