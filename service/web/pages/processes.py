"""All rounds of the city, and the story of one."""

from itertools import groupby

from litestar import Controller, Response, get
from litestar.params import FromPath

from service.core.clock import HELSINKI
from service.processes import queries, rounds
from service.processes.rounds import Round
from service.processes.timetable import Section, Stage
from service.web import process_frame
from service.web.page import page
from service.web.visit import ThisVisit


class ProcessPages(Controller):
    path = "/processes"

    @get("/")
    async def list(self, visit: ThisVisit) -> Response[str]:
        every = [Round(*pair, visit.now) for pair in await queries.rounds(visit.session)]
        current = [each for each in every if each.standing.stage is not Stage.CLOSED]
        return page(
            visit,
            "processes/list.html",
            now_open=sorted((each for each in current if each.is_for_residents), key=rounds.closing),
            under_way=[each for each in current if not each.is_for_residents],
            closed=by_year([each for each in every if each.standing.stage is Stage.CLOSED]),
        )

    @get("/{slug:str}")
    async def process(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        frame = await (process_frame.preview if visit.is_staff else process_frame.read)(visit, slug)
        pots = await queries.pots(visit.session, frame.process.id)
        return page(
            visit,
            "processes/process.html",
            **frame.context(),
            round=frame.round,
            pots=pots,
            total=sum(pot.cents for pot, _ in pots),
            categories=await queries.categories(visit.session, frame.process.id),
            has_results=Section.RESULTS in frame.sections,
        )


def by_year(closed: list[Round]) -> list[tuple[int, list[Round]]]:
    """Rounds by the Helsinki year in which they ended, the latest first."""
    ended = sorted(
        ((each.ended_at.astimezone(HELSINKI), each) for each in closed if each.ended_at),
        key=lambda pair: pair[0],
        reverse=True,
    )
    return [
        (year, [each for _, each in pairs]) for year, pairs in groupby(ended, key=lambda pair: pair[0].year)
    ]
