"""The front page: what is open now, until when, and what one can do."""

from litestar import Response, get

from service.processes import queries
from service.web.page import page
from service.web.visit import ThisVisit, Visit


async def front_page(visit: Visit) -> Response[str]:
    open_now = await queries.open_phases(visit.session, visit.now)
    return page(visit, "front.html", open_now=open_now)


@get("/")
async def front(visit: ThisVisit) -> Response[str]:
    return await front_page(visit)


@get("/", include_in_schema=False)
async def entrance(visit: ThisVisit) -> Response[str]:
    """The address without a language: the same page at once in the visitor's, without a redirect."""
    answer = await front_page(visit)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer
