"""The vote as JSON: the projects, one's own ballot, the receipt; and for editors, what stands on the ballot."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.core import receipt
from service.core.errors import NotFound
from service.processes import queries as processes
from service.proposals import queries as proposals
from service.voting import actions, queries
from service.voting.ballot import Ballot, Entry
from service.voting.standing import Standing, State
from service.web import booth, steward
from service.web.visit import ThisVisit

Number = Annotated[int, Field(ge=1, le=2_147_483_647)]
Numbers = Annotated[list[Number], Field(max_length=2_000, description="Numbers of projects.")]
PRIVATE = CacheControlHeader(no_store=True)


class ProjectOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    proposal_id: UUID | None
    area_id: UUID | None = Field(description="null: city-wide.")
    title: str = Field(
        description="Empty where the proposal is out of public view, as text and language are."
    )
    text: str
    language: str
    cost_cents: int


class PartOut(BaseModel):
    """One of at most two parts of a ballot, each with its own limit."""

    area_id: UUID | None = Field(description="null: city-wide.")
    selected: int
    most: int | None = Field(description="How many may be selected; null: as many as the budget allows.")
    spent_cents: int
    budget_cents: int | None = Field(description="How much may be used; null: the number is what limits.")
    projects: list[int] = Field(description="Numbers of what stands on it.")


class BallotOut(BaseModel):
    state: State = Field(
        description="`not_cast`: chosen and not cast; `changed`: cast, then changed: the cast one counts."
    )
    area_id: UUID | None
    selection: list[int]
    parts: list[PartOut]
    closes_at: datetime | None = Field(description="null: voting is not open.")


class ReceiptOut(BaseModel):
    receipt: str = Field(examples=["7K2M-9QXD-4TBA-1FHE"])


class DraftIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"selection": [2, 14]}]})

    selection: Numbers
    area_id: UUID | None = Field(
        default=None, description="Where voters choose an area; null leaves it as it was."
    )


class CastIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"selection": [2, 14]}]})

    selection: Numbers


class ReceiptIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"receipt": "7K2M-9QXD-4TBA-1FHE"}]})

    receipt: str = Field(max_length=100)


class CheckOut(BaseModel):
    counted: bool


class FrozenOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    frozen_at: datetime


class ProjectsApi(Controller):
    path = "/processes/{slug:str}/projects"
    tags = ["Voting"]

    @get(operation_id="listProjects")
    async def list(self, visit: ThisVisit, slug: FromPath[str]) -> list[ProjectOut]:
        """What stands on the ballot. Empty until it is frozen."""
        ballot = await booth.shown_ballot(visit, slug)
        frozen = ballot.box_public_key is not None
        return [ProjectOut.model_validate(entry) for entry in ballot.entries if frozen]

    @put("/{number:int}", operation_id="selectProject")
    async def select(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> ProjectOut:
        """Put an evaluated proposal on the ballot (editors). Its cost is the upper bound of its evaluation."""
        process, editor = await steward.process_of(visit, slug)
        proposal = await proposals.seen_by(visit.session, process, number, None)
        await actions.select(visit.session, process, proposal, by=editor)
        return ProjectOut.model_validate((await queries.ballot(visit.session, process)).by_number[number])

    @delete("/{number:int}", operation_id="removeProject")
    async def remove(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> None:
        """Take a project off the ballot (editors), until it is frozen."""
        process, editor = await steward.process_of(visit, slug)
        project = await queries.project(visit.session, process.id, number)
        await actions.remove(visit.session, process, project, by=editor)

    @post("/freeze", operation_id="freezeBallot", status_code=200)
    async def freeze(self, visit: ThisVisit, slug: FromPath[str]) -> FrozenOut:
        """Make the ballot final and public (editors). Voting freezes it anyway when it opens."""
        process, editor = await steward.process_of(visit, slug)
        vote = await actions.freeze(visit.session, process, keys=visit.instance.keys, by=editor)
        return FrozenOut.model_validate(vote)


class BallotApi(Controller):
    path = "/processes/{slug:str}/ballot"
    tags = ["Voting"]
    cache_control = PRIVATE

    @get(operation_id="getBallot")
    async def show(self, visit: ThisVisit, slug: FromPath[str]) -> BallotOut:
        """Your ballot: what you have chosen, and whether that is what you have cast."""
        ballot = await booth.ballot(visit, slug)
        return _ballot(ballot, await booth.standing(visit, ballot))

    @post(operation_id="openBallot", status_code=200)
    async def open(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[booth.Facts]) -> BallotOut:
        """Open your ballot. You are then on the list of eligible voters, which does not tell who has voted."""
        voter = await booth.enrol(visit, slug, data)
        ballot = await booth.ballot(visit, slug)
        return _ballot(ballot, await queries.standing(visit.session, ballot, voter))

    @put("/draft", operation_id="saveDraftBallot")
    async def save_draft(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[DraftIn]) -> BallotOut:
        """Keep what you choose. It counts only once it is cast."""
        ballot = await booth.shown_ballot(visit, slug)
        voter = await booth.voter(visit, ballot)
        standing = await actions.save_draft(
            visit.session, ballot, frozenset(data.selection), by=voter, area_id=data.area_id
        )
        return _ballot(ballot, standing)

    @post("/discard", operation_id="discardBallotChanges", status_code=200)
    async def discard(self, visit: ThisVisit, slug: FromPath[str]) -> BallotOut:
        """Go back to what you have cast."""
        ballot = await booth.ballot(visit, slug)
        standing = await actions.discard_changes(visit.session, ballot, by=await booth.voter(visit, ballot))
        return _ballot(ballot, standing)

    @post("/cast", operation_id="castBallot", status_code=200)
    async def cast(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[CastIn]) -> ReceiptOut:
        """Vote with the saved draft. `selection` is what was reviewed; if the draft differs from it, nothing is cast.

        Cast again, the new ballot takes the place of the old one. The same ballot has the same receipt.
        """
        ballot = await booth.ballot(visit, slug)
        voter = await booth.voter(visit, ballot)
        return ReceiptOut(
            receipt=await actions.cast(visit.session, ballot, frozenset(data.selection), by=voter)
        )

    @get("/receipt", operation_id="getReceipt")
    async def receipt(self, visit: ThisVisit, slug: FromPath[str]) -> ReceiptOut:
        """The receipt of your ballot in the box; 404 tells for certain that there is none."""
        standing = await booth.standing(visit, await booth.ballot(visit, slug))
        if standing.receipt is None:
            raise NotFound
        return ReceiptOut(receipt=receipt.written(standing.receipt))

    @post("/check", operation_id="checkReceipt", status_code=200)
    async def check(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[ReceiptIn]) -> CheckOut:
        """Whether the ballot with this receipt is in the count. What it says is shown to nobody."""
        process = await processes.get(visit.session, slug)
        return CheckOut(counted=await queries.is_counted(visit.session, process.id, data.receipt))


def _ballot(ballot: Ballot, standing: Standing) -> BallotOut:
    selection = standing.selection
    parts = [(part, ballot.use(part, selection)) for part in ballot.parts(selection.area_id)]
    return BallotOut(
        state=standing.state,
        area_id=selection.area_id,
        selection=sorted(selection.numbers),
        parts=[
            PartOut(
                area_id=part.area_id,
                selected=use.selected,
                most=use.most,
                spent_cents=use.spent,
                budget_cents=use.budget,
                projects=_numbers(part.entries),
            )
            for part, use in parts
        ],
        closes_at=standing.closes_at,
    )


def _numbers(entries: tuple[Entry, ...]) -> list[int]:
    return [entry.number for entry in entries]
