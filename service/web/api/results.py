"""Counts as JSON, and for editors the count itself, its correction and the milestones of the winners."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from service.core.errors import NotFound
from service.core.text import Localized
from service.processes import queries as processes
from service.processes.models import Process
from service.results import actions, queries
from service.results.contests import id_of
from service.results.implementation import Undertaking
from service.results.models import Milestone, Status, Step, Verdict
from service.results.outcome import PotOutcome, Row
from service.tally.ballots import VoteType
from service.voting import actions as voting
from service.web import steward
from service.web.api.pictures import sent
from service.web.visit import ThisVisit, Visit

Number = Annotated[int, Field(ge=1, le=2_147_483_647)]
Version = Annotated[int, QueryParameter(ge=1, le=2_147_483_647, description="As it was read.")]

STEP_EXAMPLE: JsonDict = {
    "title": {"fi": "Hankinta", "sv": "Anskaffning", "en": "Purchase"},
    "text": {"fi": "Telineet on tilattu.", "sv": "Ställen har beställts."},
    "status": "in_progress",
    "planned_start": "2027-05-01",
    "planned_end": "2027-06-15",
    "actual_start": "2027-05-04",
    "spent_cents": 895000,
}


class HeadlineOut(BaseModel):
    """A counted process."""

    slug: str
    title: dict[str, str]
    published_at: datetime
    result: int
    ballots: int
    eligible: int | None
    winners: int
    spent_cents: int
    budget_cents: int
    currency: str


class ProjectResultOut(BaseModel):
    number: int
    id: str = Field(description="What the lot is drawn with and the .pb file calls it.")
    title: str
    language: str
    place: int = Field(description="In which order its turn came.")
    verdict: Verdict
    votes: int
    score: float = Field(description="What it was ordered by: votes, or points where voters gave points.")
    cost_cents: int
    money_left_cents: int | None = Field(description="What was left when its turn came; null: no turn came.")
    short_by: int | None = Field(
        description="Fewest further votes or points with which it would have won; null: none would do."
    )
    fits_at_cents: int | None = Field(description="Highest lower cost at which it would have won.")
    displaced_by: int | None = Field(description="Number of the project that took the money it needed.")


class TieOut(BaseModel):
    projects: list[int] = Field(description="Numbers, in the order they were taken.")
    score: float
    step: str = Field(description="What parted them: cost, votes, lot or id.")
    decisive: bool = Field(description="Another order would have given other winners.")


class PotOut(BaseModel):
    pot: str = Field(description="Key of the area, or city-wide.")
    area_id: UUID | None
    vote_type: VoteType
    voters: int
    budget_cents: int
    spent_cents: int
    winners: list[int] = Field(description="Numbers, in the order of decision.")
    ties: list[TieOut]
    projects: list[ProjectResultOut]


class ResultOut(BaseModel):
    result: int = Field(description="1: the first count; higher: a corrected one.")
    published_at: datetime
    rule: str
    lot_seed: str | None
    ballots: int
    enrolled: int | None
    eligible: int | None
    reason: dict[str, str] = Field(description="Why it was corrected.")
    left_out: list[int] = Field(description="Numbers of projects that the correction left out.")
    currency: str
    earlier: list[int] = Field(description="Numbers of the other results of this process.")
    pots: list[PotOut]


class LotIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"seed": "Lotto 30.3.2027: 4 9 17 21 26 33 38"}]}
    )

    seed: str = Field(min_length=4, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")


class LotOut(BaseModel):
    seed: str | None


class CorrectionIn(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "seen": 1,
                    "without": [14],
                    "reason": {"fi": "Ehdotus 14 peruttiin.", "sv": "Förslag 14 återtogs."},
                }
            ]
        }
    )

    seen: int = Field(ge=1, le=10_000, description="Number of the result you have read.")
    without: list[Number] = Field(
        default_factory=list, max_length=2_000, description="Numbers of projects to leave out."
    )
    reason: Localized


class NewStepIn(Step):
    model_config = ConfigDict(json_schema_extra={"examples": [STEP_EXAMPLE]})  # type: ignore[assignment] # SQLModel narrows it

    nonce: UUID = Field(default_factory=uuid4, description="Sent twice, it makes one milestone.")


class ChangedStepIn(Step):
    model_config = ConfigDict(json_schema_extra={"examples": [STEP_EXAMPLE | {"version": 1}]})  # type: ignore[assignment] # SQLModel narrows it

    version: int = Field(ge=1, le=2_147_483_647, description="As it was read.")


class MilestoneOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    title: dict[str, str]
    text: dict[str, str]
    status: Status
    planned_start: date | None
    planned_end: date | None
    actual_start: date | None
    actual_end: date | None
    spent_cents: int
    delay_reason: dict[str, str]
    decision_body: dict[str, str]
    decided_on: date | None
    decision_section: str
    decision_case: str
    decision_link: str
    picture: str | None = Field(default=None, description="Address of a WebP picture.")
    picture_alt: str
    changed_at: datetime


class UndertakingOut(BaseModel):
    """A winning project and how far it has come."""

    number: int
    title: str
    status: Status
    cost_cents: int
    spent_cents: int
    last_news_at: datetime
    milestones: list[MilestoneOut]


class ResultsApi(Controller):
    path = ""
    tags = ["Results"]

    @get("/results", operation_id="listResults")
    async def list(self, visit: ThisVisit) -> list[HeadlineOut]:
        """Every counted process, the latest count first."""
        return [
            HeadlineOut(
                slug=headline.process.slug,
                title=headline.process.title,
                published_at=headline.result.published_at,
                result=headline.result.number,
                ballots=headline.result.ballots,
                eligible=headline.result.eligible,
                winners=headline.winners,
                spent_cents=headline.spent_cents,
                budget_cents=headline.budget_cents,
                currency=headline.process.currency,
            )
            for headline in await queries.headlines(visit.session)
        ]

    @get("/processes/{slug:str}/results", operation_id="getResults")
    async def show(
        self,
        visit: ThisVisit,
        slug: FromPath[str],
        result: Annotated[
            int | None,
            QueryParameter(ge=1, le=10_000, description="An earlier result; else the one that holds."),
        ] = None,
    ) -> ResultOut:
        """The published result: every pot, every project and why it won or lost. 404 until the votes are counted."""
        process = await processes.get(visit.session, slug)
        return await _out(visit, process, result)

    @put("/processes/{slug:str}/lot", operation_id="publishLot")
    async def publish_lot(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[LotIn]) -> LotOut:
        """Fix the lot for ties, once and before the count (editors)."""
        process, by = await steward.process_of(visit, slug)
        changed = await actions.publish_lot(visit.session, process, data.seed, by=by)
        return LotOut(seed=changed.lot_seed)

    @post("/processes/{slug:str}/results", operation_id="countVotes", status_code=200)
    async def count(self, visit: ThisVisit, slug: FromPath[str]) -> ResultOut:
        """Count the votes of a closed vote and publish the result (editors). Asked again, it tells what was published."""
        process, by = await steward.process_of(visit, slug)
        await actions.count(visit.session, process, keys=visit.instance.keys, by=by)
        return await _out(visit, process)

    @post("/processes/{slug:str}/results/corrections", operation_id="correctResult")
    async def correct(self, visit: ThisVisit, slug: FromPath[str], data: JSONBody[CorrectionIn]) -> ResultOut:
        """Publish a corrected result beside the earlier one, with the reason (editors)."""
        process, by = await steward.process_of(visit, slug)
        await actions.correct(
            visit.session, process, data.reason, without=set(data.without), seen=data.seen, by=by
        )
        return await _out(visit, process)

    @delete("/processes/{slug:str}/keys", operation_id="destroyVoteKeys")
    async def destroy_keys(self, visit: ThisVisit, slug: FromPath[str]) -> None:
        """Destroy the keys of a counted vote with its box, drafts and list of voters (editors). It cannot be undone."""
        process, by = await steward.process_of(visit, slug)
        await voting.destroy_keys(visit.session, process, keys=visit.instance.keys, by=by)


class ImplementationApi(Controller):
    path = "/processes/{slug:str}"
    tags = ["Implementation"]

    @get("/implementation", operation_id="getImplementation")
    async def show(self, visit: ThisVisit, slug: FromPath[str]) -> list[UndertakingOut]:
        """What became of the winning projects, in the order of the result. 404 until the votes are counted."""
        process = await processes.get(visit.session, slug)
        outcome = await queries.outcome(visit.session, await _result(visit, process))
        return [_undertaking(one) for one in await queries.undertakings(visit.session, outcome)]

    @post("/projects/{number:int}/milestones", operation_id="addMilestone")
    async def add(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[NewStepIn]
    ) -> MilestoneOut:
        """Add a milestone to a winning project (editors)."""
        process, by = await steward.process_of(visit, slug)
        made = await actions.add_milestone(visit.session, process, number, data, nonce=data.nonce, by=by)
        return _milestone(made)

    @put("/milestones/{milestone_id:uuid}", operation_id="changeMilestone")
    async def change(
        self,
        visit: ThisVisit,
        slug: FromPath[str],
        milestone_id: FromPath[UUID],
        data: JSONBody[ChangedStepIn],
    ) -> MilestoneOut:
        """Change a milestone (editors). 409 where somebody else has changed it since you read it."""
        process, by = await steward.process_of(visit, slug)
        changed = await actions.change_milestone(
            visit.session, process, milestone_id, data, version=data.version, by=by
        )
        return _milestone(changed)

    @delete("/milestones/{milestone_id:uuid}", operation_id="removeMilestone")
    async def remove(
        self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID], version: Version
    ) -> None:
        """Remove a milestone (editors)."""
        process, by = await steward.process_of(visit, slug)
        await actions.remove_milestone(visit.session, process, milestone_id, version=version, by=by)

    @put("/milestones/{milestone_id:uuid}/picture", operation_id="illustrateMilestone")
    async def illustrate(
        self,
        visit: ThisVisit,
        slug: FromPath[str],
        milestone_id: FromPath[UUID],
        version: Version,
        alt: Annotated[str, QueryParameter(max_length=300, description="What it shows, in words.")] = "",
    ) -> MilestoneOut:
        """Send a JPEG, PNG or WebP file of at most 10 MB as the body, or as `picture` in a multipart form (editors).

        409 where somebody else has changed the milestone since you read it.
        """
        process, by = await steward.process_of(visit, slug)
        shown = await actions.illustrate(
            visit.session, process, milestone_id, await sent(visit), alt, version=version, by=by
        )
        return _milestone(shown)

    @delete("/milestones/{milestone_id:uuid}/picture", operation_id="removeMilestonePicture")
    async def remove_picture(
        self, visit: ThisVisit, slug: FromPath[str], milestone_id: FromPath[UUID], version: Version
    ) -> None:
        """Take a milestone's picture away (editors)."""
        process, by = await steward.process_of(visit, slug)
        await actions.remove_picture(visit.session, process, milestone_id, version=version, by=by)


async def _result(visit: Visit, process: Process, number: int | None = None) -> Any:
    if number is not None:
        return await queries.numbered(visit.session, process.id, number)
    result = await queries.latest(visit.session, process.id)
    if result is None:
        raise NotFound
    return result


async def _out(visit: Visit, process: Process, number: int | None = None) -> ResultOut:
    outcome = await queries.outcome(visit.session, await _result(visit, process, number))
    result = outcome.result
    history = await queries.history(visit.session, process.id)
    return ResultOut(
        result=result.number,
        published_at=result.published_at,
        rule=result.rule,
        lot_seed=result.lot_seed,
        ballots=result.ballots,
        enrolled=result.enrolled,
        eligible=result.eligible,
        reason=result.reason,
        left_out=outcome.left_out,
        currency=process.currency,
        earlier=[other.number for other in history if other.number != result.number],
        pots=[_pot(pot) for pot in outcome.pots],
    )


def _pot(pot: PotOutcome) -> PotOut:
    return PotOut(
        pot=pot.key,
        area_id=pot.pot.area_id,
        vote_type=pot.result.vote_type,
        voters=pot.result.voters,
        budget_cents=pot.result.budget_cents,
        spent_cents=pot.result.spent_cents,
        winners=[row.project.number for row in pot.winners],
        ties=[TieOut.model_validate(tie) for tie in pot.result.ties],
        projects=[_project(row) for row in pot.rows],
    )


def _project(row: Row) -> ProjectResultOut:
    counted = row.result.model_dump(exclude={"result_id", "project_id", "pot_id", "score"})
    return ProjectResultOut(
        number=row.project.number,
        id=id_of(row.project),
        title=row.project.title,
        language=row.project.language,
        score=float(row.result.score),
        **counted,
    )


def _undertaking(one: Undertaking) -> UndertakingOut:
    return UndertakingOut(
        number=one.project.number,
        title=one.project.title,
        status=one.status,
        cost_cents=one.project.cost_cents,
        spent_cents=one.spent_cents,
        last_news_at=one.last_news_at,
        milestones=[_milestone(milestone) for milestone in one.milestones],
    )


def _milestone(milestone: Milestone) -> MilestoneOut:
    told = MilestoneOut.model_validate(milestone)
    if milestone.picture_id:
        told.picture = f"/pictures/{milestone.picture_id}.webp"
    return told
