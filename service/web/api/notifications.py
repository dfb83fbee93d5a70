"""Following proposals, and mails about them, as JSON."""

from datetime import datetime

from litestar import Controller, delete, get, put
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, JSONBody
from pydantic import BaseModel, ConfigDict, Field

from service.notifications import actions, queries
from service.web.api.proposals import seen
from service.web.visit import ThisVisit


class MailIn(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"wanted": False}]})

    wanted: bool


class NewsOut(BaseModel):
    """A step of a proposal that you made or follow."""

    model_config = ConfigDict(from_attributes=True)

    action: str = Field(examples=["project.won"])
    at: datetime
    title: str
    language: str = Field(description="Of the title.")
    number: int
    process_slug: str


class FollowsApi(Controller):
    path = "/processes/{slug:str}/proposals/{number:int}/follow"
    tags = ["Following"]

    @put(operation_id="followProposal", status_code=204)
    async def follow(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> None:
        """Be told of each step of this proposal. Following again changes nothing."""
        by = visit.resident
        await actions.follow(visit.session, await seen(visit, slug, number), by=by)

    @delete(operation_id="unfollowProposal")
    async def unfollow(self, visit: ThisVisit, slug: FromPath[str], number: FromPath[int]) -> None:
        """Be told no more."""
        by = visit.resident
        await actions.unfollow(visit.session, await seen(visit, slug, number), by=by)


@get("/me/news", tags=["Following"], operation_id="listNews", cache_control=CacheControlHeader(no_store=True))
async def news(visit: ThisVisit) -> list[NewsOut]:
    """The latest steps of the proposals you made or follow, at most 20, newest first."""
    found = await queries.news_for(visit.session, visit.resident.id)
    return [NewsOut.model_validate(one) for one in found]


class MailApi(Controller):
    path = "/me/mail"
    tags = ["Following"]

    @put(operation_id="chooseMail", status_code=204)
    async def choose(self, visit: ThisVisit, data: JSONBody[MailIn]) -> None:
        """Mails about proposals, or news on the own page only. Sign-in codes always come."""
        await actions.choose_mail(visit.session, wanted=data.wanted, by=visit.resident)
