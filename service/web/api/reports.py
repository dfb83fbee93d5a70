"""What residents ask of moderators, as JSON: reports, the rulings on one's own texts, second reviews."""

from datetime import datetime
from uuid import UUID, uuid4

from litestar import Controller, get, post
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.moderation import actions, queries
from service.moderation.models import Complaint, Ground, Kind, Plea
from service.moderation.queries import Told
from service.web.api.proposals import seen
from service.web.visit import ThisVisit


class ReportIn(Complaint):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ground": "insulting", "text": "Kommentti haukkuu ehdottajaa."}]}
    )

    nonce: UUID = Field(default_factory=uuid4, description="The same again makes no second report.")


class ReportMadeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    reported_at: datetime


class AppealIn(Plea):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Teksti arvostelee päätöstä, ei ihmistä."}]}
    )


class RulingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Kind
    of_edit: bool = Field(description="Of a change to a published proposal.")
    ground: Ground | None
    reason: str
    ruled_at: datetime


class AppealOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    text: str
    made_at: datetime


class OwnRulingOut(RulingOut):
    """As the author of the text reads it."""

    can_be_appealed: bool
    appeal: AppealOut | None = Field(description="The request for a second review.")
    second: RulingOut | None = Field(description="What the second review came to.")


class ReportsApi(Controller):
    tags = ["Moderation"]
    cache_control = CacheControlHeader(no_store=True)

    @post("/processes/{slug:str}/proposals/{number:int}/reports", operation_id="reportProposal")
    async def report(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int], data: JSONBody[ReportIn]
    ) -> ReportMadeOut:
        """Tell the moderators what is wrong with a public proposal."""
        by, proposal = visit.resident, await seen(visit, slug, number)
        most = visit.instance.settings.reports_a_day
        made = await actions.report(visit.session, proposal, data, nonce=data.nonce, by=by, most_a_day=most)
        return ReportMadeOut.model_validate(made)

    @post("/comments/{comment_id:uuid}/reports", operation_id="reportComment")
    async def report_comment(
        self, visit: ThisVisit, comment_id: FromPath[UUID], data: JSONBody[ReportIn]
    ) -> ReportMadeOut:
        """Tell the moderators what is wrong with a comment."""
        by, most = visit.resident, visit.instance.settings.reports_a_day
        made = await actions.report_comment(
            visit.session, comment_id, data, nonce=data.nonce, by=by, most_a_day=most
        )
        return ReportMadeOut.model_validate(made)

    @get("/processes/{slug:str}/proposals/{number:int}/rulings", operation_id="listRulingsOnMyProposal")
    async def of_proposal(
        self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]
    ) -> list[OwnRulingOut]:
        """What moderators ruled of your proposal and why, newest first."""
        by, proposal = visit.resident, await seen(visit, slug, number)
        await queries.own_text(visit.session, by, proposal_id=proposal.id, comment_id=None)
        rulings = await queries.of_proposal(visit.session, proposal.id)
        return [_told(await queries.told(visit.session, ruling.id, by)) for ruling in rulings]

    @get("/comments/{comment_id:uuid}/rulings", operation_id="listRulingsOnMyComment")
    async def of_comment(self, visit: ThisVisit, comment_id: FromPath[UUID]) -> list[OwnRulingOut]:
        """What moderators ruled of your comment and why, newest first."""
        by = visit.resident
        await queries.own_text(visit.session, by, proposal_id=None, comment_id=comment_id)
        rulings = await queries.of_comment(visit.session, comment_id)
        return [_told(await queries.told(visit.session, ruling.id, by)) for ruling in rulings]

    @post("/rulings/{ruling_id:uuid}/appeal", operation_id="askSecondReview")
    async def appeal(
        self, visit: ThisVisit, ruling_id: FromPath[UUID], data: JSONBody[AppealIn]
    ) -> AppealOut:
        """Ask another moderator to review a ruling on your text. Once a ruling; again returns the request that is there."""
        by, ruling = visit.resident, await queries.ruling(visit.session, ruling_id)
        return AppealOut.model_validate(await actions.appeal(visit.session, ruling, data, by=by))


def _told(told: Told) -> OwnRulingOut:
    return OwnRulingOut(
        **RulingOut.model_validate(told.ruling).model_dump(),
        can_be_appealed=told.can_be_appealed,
        appeal=AppealOut.model_validate(told.appeal) if told.appeal else None,
        second=RulingOut.model_validate(told.second) if told.second else None,
    )
