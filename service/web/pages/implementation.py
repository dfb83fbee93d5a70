"""What became of the winners: each one's milestones, money and last news."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from service.processes.timetable import Section
from service.results import implementation, queries
from service.web import process_frame
from service.web.page import page
from service.web.pages.results import read
from service.web.visit import ThisVisit


class ImplementationPages(Controller):
    path = "/processes/{slug:str}/implementation"

    @get("/")
    async def process(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        frame = await process_frame.read(visit, slug)
        reading = await read(frame)
        undertakings = await queries.undertakings(visit.session, reading.outcome) if reading else []
        return page(
            visit,
            "implementation/process.html",
            **frame.context(Section.IMPLEMENTATION),
            undertakings=undertakings,
            is_counted=reading is not None,
            summary=implementation.summary(undertakings),
            days_late=implementation.days_late,
            sizes=await queries.picture_sizes(visit.session, undertakings),
        )
