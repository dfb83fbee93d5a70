"""Proposals as JSON: finding, reading, writing, sending and supporting them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import Annotated, Literal
from uuid import UUID, uuid4

from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.core.actor import Resident
from service.core.diff import Piece
from service.core.errors import NotFound
from service.core.text import Language
from service.processes import queries as processes
from service.proposals import actions, queries, search
from service.proposals.models import AuthorKind, Content, Idea, Proposal, State, Version
from service.results import queries as results
from service.results.models import Verdict
from service.results.queries import Fate
from service.web.visit import ThisVisit, Visit

EXAMPLE: dict[str, JsonValue] = {
    "title": "Selkänojallisia penkkejä Puistokadulle",
    "text": "Torilta terveysasemalle on kilometri, eikä matkalla ole yhtään paikkaa istahtaa.",
    "address": "Puistokatu 3–31",
    "latitude": 60.5531,
    "longitude": 27.0468,
    "cost_wish_cents": 900000,
}
PublicState = Literal["published", "merged", "withdrawn"]


class DraftIn(Content):
    """As much as is written so far."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})  # type: ignore[assignment] # SQLModel's own type knows fewer keys

    nonce: UUID = Field(default_factory=uuid4, description="The same again makes no second draft.")
    language: Language | None = Field(default=None, description="Of the text. null: your own.")


class SaveIn(Content):
    """What is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**EXAMPLE, "version": 1}]})  # type: ignore[assignment]

    version: int = Field(ge=0, le=2_147_483_647, description="The proposal's, as it was read.")


class EditIn(Idea):
    """The whole text as it should be."""

    model_config = ConfigDict(  # type: ignore[assignment]
        json_schema_extra={"examples": [{**EXAMPLE, "version": 4, "note": "Lisäsin paikat kartalta."}]}
    )

    version: int = Field(ge=0, le=2_147_483_647, description="The proposal's, as it was read.")
    note: str = Field(default="", max_length=300, description="Why it was changed.")


class LinkOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    title: str
    state: State
    author_name: str


class RowOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    state: State
    language: str
    title: str
    excerpt: str = Field(description="The first 300 characters of the text.")
    area_id: UUID | None = Field(description="null: the whole city.")
    category_id: UUID | None
    address: str
    latitude: float | None
    longitude: float | None
    cost_wish_cents: int | None
    author_name: str = Field(description="Empty: a former resident.")
    author_kind: AuthorKind
    organisation: str
    picture_id: UUID | None = Field(
        description="Served at /pictures/{id}.webp and /pictures/{id}-small.webp."
    )
    picture_alt: str
    published_at: datetime
    supports: int = Field(description="People; those who supported an original of a merged one included.")
    comments: int


class ListOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    rows: list[RowOut]
    total: int
    page: int
    pages: int
    seed: str = Field(description="Of the random order: send it for the next page.")


class SimilarOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: int
    title: str
    excerpt: str
    supports: int
    likeness: float


class OnBallotOut(BaseModel):
    """Where it stands on the ballot, and how it came out."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    cost_cents: int
    result: int | None = Field(description="Number of the result that holds. null: not counted yet.")
    verdict: Verdict | None = Field(description="Why, the result itself says.")


class ProposalOut(Content):
    """A proposal with what stands around it."""

    number: int
    state: State
    language: str
    author_name: str = Field(description="Empty: a former resident.")
    coauthors: list[str]
    picture_id: UUID | None = Field(
        description="Served at /pictures/{id}.webp and /pictures/{id}-small.webp."
    )
    version: int = Field(description="To be sent with a change.")
    created_at: datetime
    submitted_at: datetime | None
    returned_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    supports: int = Field(description="People who support this one.")
    carried_supports: int = Field(description="People who support an original and not this one.")
    supported: bool = Field(description="By you.")
    comments: int
    versions: int = Field(description="How many public texts it has had.")
    sources: list[LinkOut] = Field(description="Proposals merged into this one.")
    merged_into: LinkOut | None
    on_ballot: OnBallotOut | None = Field(description="null: on none, or on one that may still change.")


class PieceOut(BaseModel):
    kind: Literal["same", "added", "removed"]
    text: str


class VersionOut(Content):
    number: int
    picture_id: UUID | None
    note: str
    written_at: datetime
    published_at: datetime | None = Field(description="null: it waits for moderation.")
    returned_at: datetime | None
    title_changes: list[PieceOut] = Field(description="From the version before.")
    text_changes: list[PieceOut] = Field(description="From the version before.")
    other_changes: list[str] = Field(description="Names of the other fields that differ.")


class OwnOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    process_slug: str
    number: int
    title: str
    state: State
    created_at: datetime
    returned_at: datetime | None
    edit_waits: bool
    edit_returned: bool
    is_author: bool = Field(description="false: co-author.")


async def out(visit: Visit, proposal: Proposal) -> ProposalOut:
    detail = await queries.detail(visit.session, proposal, visit.viewer)
    own = {name: getattr(proposal, name) for name in ProposalOut.model_fields if hasattr(proposal, name)}
    return ProposalOut(
        **own,
        coauthors=list(detail.coauthors),
        supports=detail.supports,
        carried_supports=detail.carried_supports,
        supported=detail.supported,
        comments=detail.comments,
        versions=detail.versions,
        sources=[LinkOut.model_validate(link) for link in detail.sources],
        merged_into=LinkOut.model_validate(detail.target) if detail.target else None,
        on_ballot=_on_ballot(await results.fate(visit.session, proposal.id)),
    )


def _on_ballot(fate: Fate | None) -> OnBallotOut | None:
    if fate is None:
        return None
    return OnBallotOut(
        number=fate.project.number,
        cost_cents=fate.project.cost_cents,
        result=fate.result.number if fate.result else None,
        verdict=fate.row.result.verdict if fate.row else None,
    )


def version_out(version: Version, before: Content | None) -> VersionOut:
    changes = queries.changes(before, version)
    own = {name: getattr(version, name) for name in VersionOut.model_fields if hasattr(version, name)}
    return VersionOut(
        **own,
        title_changes=_pieces(changes.title),
        text_changes=_pieces(changes.text),
        other_changes=list(changes.facts),
    )


def _pieces(pieces: Sequence[Piece]) -> list[PieceOut]:
    return [PieceOut(kind=piece.kind, text=piece.text) for piece in pieces]


async def seen(visit: Visit, slug: str, number: int) -> Proposal:
    process = await processes.get(visit.session, slug)
    return await queries.seen_by(visit.session, process, number, visit.viewer)


async def written(visit: Visit, slug: str, number: int) -> Proposal:
    resident = visit.resident
    process = await processes.get(visit.session, slug)
    return await queries.written_by(visit.session, process, number, resident)


def search_of(
    q: Annotated[str, QueryParameter(max_length=200, description="Words, in any inflection.")] = "",
    area: Annotated[
        list[str] | None, QueryParameter(max_items=100, description="Keys; `whole_city` too.")
    ] = None,
    category: Annotated[list[str] | None, QueryParameter(max_items=100, description="Keys.")] = None,
    states: Annotated[
        list[PublicState] | None, QueryParameter(name="state", max_items=100, description="None: published.")
    ] = None,
    order: FromQuery[search.Order] = search.Order.RANDOM,
    seed: Annotated[str, QueryParameter(max_length=40, description="Of the random order.")] = "",
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> search.Search:
    return search.Search(
        q=q, area=area or [], category=category or [], state=states or [], order=order, seed=seed, page=page
    )


def writer(visit: Visit, language: Language | None) -> Resident:
    """The person signed in, writing in this language."""
    return replace(visit.resident, language=language or visit.resident.language)


class ProposalsApi(Controller):
    path = "/processes/{slug:str}/proposals"
    tags = ["Proposals"]
    dependencies = {"wanted": Provide(search_of, sync_to_thread=False)}

    @get(operation_id="listProposals")
    async def find(
        self, visit: ThisVisit, slug: FromPath[str], wanted: NamedDependency[search.Search]
    ) -> ListOut:
        """Published proposals: up to 200 on one page, more on pages of 60."""
        process = await processes.get(visit.session, slug)
        return ListOut.model_validate(await search.listed(visit.session, process.id, wanted))

    @get("/similar", operation_id="listSimilarProposals")
    async def similar(
        self,
        visit: ThisVisit,
        slug: FromPath[str],
        title: Annotated[str, QueryParameter(max_length=120)],
        text: Annotated[str, QueryParameter(max_length=5_000)] = "",
    ) -> list[SimilarOut]:
        """At most five published proposals that may say the same."""
        process = await processes.get(visit.session, slug)
        found = await search.similar(visit.session, process.id, title, text)
        return [SimilarOut.model_validate(one) for one in found]

    @post(operation_id="startProposal")
    async def start(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[DraftIn]) -> ProposalOut:
        """Begin a draft. You and your co-authors alone see it until it is submitted."""
        by, process = writer(visit, data.language), await processes.get(visit.session, slug)
        proposal = await actions.start(
            visit.session,
            process,
            data,
            nonce=data.nonce,
            by=by,
            most_a_day=visit.instance.settings.proposals_a_day,
        )
        return await out(visit, proposal)

    @get("/{number:int}", operation_id="getProposal")
    async def read(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> ProposalOut:
        """One proposal: a public one, your own, or for moderators one that was submitted."""
        return await out(visit, await seen(visit, slug, number))

    @patch("/{number:int}", operation_id="saveProposal")
    async def save(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[SaveIn]
    ) -> ProposalOut:
        """Keep a draft or a returned proposal as far as it is written."""
        proposal = await written(visit, slug, number)
        given = data.model_dump(exclude_unset=True, exclude={"version"})
        content = Content.model_validate({**proposal.content(), **given})
        await actions.save(visit.session, proposal, content, version=data.version, by=visit.resident)
        return await out(visit, proposal)

    @delete("/{number:int}", operation_id="discardProposal")
    async def discard(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> None:
        """Delete a draft that was never submitted."""
        await actions.discard(visit.session, await written(visit, slug, number), by=visit.resident)

    @post("/{number:int}/submit", operation_id="submitProposal", status_code=200)
    async def submit(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> ProposalOut:
        """Send it to the city. Moderators read it before it is published."""
        proposal = await written(visit, slug, number)
        return await out(visit, await actions.submit(visit.session, proposal, by=visit.resident))

    @post("/{number:int}/take-back", operation_id="takeBackProposal", status_code=200)
    async def take_back(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> ProposalOut:
        """Make a submitted proposal a draft again."""
        proposal = await written(visit, slug, number)
        return await out(visit, await actions.take_back(visit.session, proposal, by=visit.resident))

    @post("/{number:int}/withdraw", operation_id="withdrawProposal", status_code=200)
    async def withdraw(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> ProposalOut:
        """Step back from your proposal. What was published stays readable, marked as withdrawn."""
        proposal = await written(visit, slug, number)
        return await out(visit, await actions.withdraw(visit.session, proposal, by=visit.resident))

    @get("/{number:int}/versions", operation_id="listProposalVersions")
    async def versions(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> list[VersionOut]:
        """Every text that was public, newest first, each with what it changed."""
        found = await queries.versions(visit.session, await seen(visit, slug, number))
        return [version_out(new, old) for new, old in zip_longest(found, found[1:])]

    @get("/{number:int}/edit", operation_id="getProposalEdit")
    async def get_edit(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> VersionOut:
        """Your change of a published proposal that waits for moderation or was returned."""
        proposal = await written(visit, slug, number)
        waiting = await queries.waiting_edit(visit.session, proposal)
        if waiting is None:
            raise NotFound
        return version_out(waiting, proposal)

    @put("/{number:int}/edit", operation_id="editProposal")
    async def edit(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[EditIn]
    ) -> VersionOut:
        """Change a published proposal. The change waits for moderation; until then the public reads the earlier text."""
        proposal = await written(visit, slug, number)
        version = await actions.edit(
            visit.session, proposal, data, version=data.version, note=data.note, by=visit.resident
        )
        return version_out(version, proposal)

    @delete("/{number:int}/edit", operation_id="discardProposalEdit")
    async def discard_edit(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> None:
        """Drop a change that waits or was returned. The published text stays."""
        await actions.discard_edit(visit.session, await written(visit, slug, number), by=visit.resident)

    @put("/{number:int}/support", operation_id="supportProposal")
    async def support(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> ProposalOut:
        """Support a published proposal. Once is enough: again changes nothing."""
        by, proposal = visit.resident, await seen(visit, slug, number)
        await actions.support(visit.session, proposal, by=by)
        return await out(visit, proposal)

    @delete("/{number:int}/support", operation_id="unsupportProposal")
    async def unsupport(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> None:
        """Take your support back."""
        by = visit.resident
        await actions.unsupport(visit.session, await seen(visit, slug, number), by=by)


@get("/me/proposals", tags=["Proposals"], operation_id="listOwnProposals")
async def own_proposals(visit: ThisVisit) -> list[OwnOut]:
    """Your proposals and those you are co-author of, newest first."""
    found = await queries.of_author(visit.session, visit.resident.id)
    return [OwnOut.model_validate(one) for one in found]
