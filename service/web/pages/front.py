"""The front page: in five seconds what is open, until when, and what one can do."""

from litestar import Response, get

from service.processes import queries, rounds
from service.processes.rounds import Round
from service.processes.timetable import Stage
from service.results import queries as results
from service.web import booth
from service.web.page import page
from service.web.visit import ThisVisit, Visit

PICTURES = 4  # one beside what is open, three further down


async def front_page(visit: Visit) -> Response[str]:
    pairs = await queries.rounds(visit.session)
    every = [Round(*pair, visit.now) for pair in pairs]
    lead = rounds.lead(every)
    others = [each for each in every if each is not lead.round and each.standing.stage is not Stage.CLOSED]
    also_open = [each for each in others if each.is_for_residents]
    return page(
        visit,
        "front.html",
        unfinished_ballots=await booth.unfinished_ballots(visit, pairs),
        lead=lead,
        also_open=sorted(also_open, key=rounds.closing),
        under_way=[each for each in others if not each.is_for_residents],
        built=await results.built(visit.session, most=PICTURES),
    )


@get("/")
async def front(visit: ThisVisit) -> Response[str]:
    return await front_page(visit)


@get("/", include_in_schema=False)
async def entrance(visit: ThisVisit) -> Response[str]:
    """The address without a language: the same page at once in the visitor's, without a redirect."""
    answer = await front_page(visit)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer
