"""What the votes decided: all counted rounds, one round, one area, one project and why it was chosen or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from service.core.errors import NotFound
from service.opendata import tables
from service.opendata.licence import licence
from service.processes import queries as processes
from service.processes.rounds import Round
from service.processes.rules import voting_phase
from service.processes.timetable import Section
from service.results import queries
from service.results.contests import id_of
from service.results.models import Result
from service.results.outcome import Outcome, PotOutcome
from service.tally.ties import lot
from service.web import process_frame
from service.web.page import page
from service.web.process_frame import Frame
from service.web.visit import ThisVisit

NEIGHBOURS = 5
MOST_MARKS = 30  # a plot with more is read by nobody


class ResultPages(Controller):
    path = ""

    @get("/results")
    async def index(self, visit: ThisVisit) -> Response[str]:
        rounds = [Round(*pair, visit.now) for pair in await processes.rounds(visit.session)]
        counted = await queries.headlines(visit.session)
        known = {headline.process.id for headline in counted}
        counting = [each for each in rounds if each.is_counting and each.process.id not in known]
        return page(visit, "results/index.html", counted=counted, counting=counting)

    @get("/processes/{slug:str}/results")
    async def process(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        frame = await process_frame.read(visit, slug)
        reading = await read(frame, _asked(visit.request.query_params.get("result", "")))
        if reading is None:
            return page(visit, "results/waiting.html", **_waiting(frame))
        return page(visit, "results/process.html", **reading.context(), most_marks=MOST_MARKS)

    @get("/processes/{slug:str}/results/data")
    async def data(self, visit: ThisVisit, slug: FromPath[str]) -> Response[str]:
        """What can be taken away, and how anybody can count again."""
        frame = await process_frame.read(visit, slug)
        reading = await _holding(frame)
        return page(
            visit,
            "results/data.html",
            **reading.context(),
            columns=tables.RESULTS,
            licence=licence(visit.instance.city),
        )

    @get("/processes/{slug:str}/results/{part:str}")
    async def part(self, visit: ThisVisit, slug: FromPath[str], part: FromPath[str]) -> Response[str]:
        """An area by its key, a project by its number."""
        frame = await process_frame.read(visit, slug)
        reading = await _holding(frame)
        if part.isdecimal() and len(part) < 10:
            pot, place = reading.outcome.place_of(int(part))
            return page(
                visit, "results/project.html", **reading.context(), **_project(reading.outcome, pot, place)
            )
        pot = reading.outcome.pot(part)
        return page(visit, "results/pot.html", **reading.context(), pot=pot, most_marks=MOST_MARKS)


@dataclass(frozen=True, slots=True)
class Reading:
    """A published result, those beside it, and the page's frame."""

    frame: Frame
    outcome: Outcome
    history: Sequence[Result]
    is_imported: bool

    def context(self) -> dict[str, Any]:
        return {
            **self.frame.context(Section.RESULTS),
            "outcome": self.outcome,
            "history": self.history,
            "is_imported": self.is_imported,
            "numbers": {row.project.number: row for pot in self.outcome.pots for row in pot.rows},
            "data_address": f"/api/v1/processes/{self.frame.process.slug}",
        }


async def read(frame: Frame, number: int | None = None) -> Reading | None:
    """The result that holds, or an earlier one by its number; None where the votes have not been counted. Raises NotFound."""
    if voting_phase(frame.phases) is None:
        raise NotFound
    session = frame.visit.session
    history = await queries.history(session, frame.process.id)
    if not history:
        return None
    wanted = history[0].number if number is None else number
    result = next((one for one in history if one.number == wanted), None)
    if result is None:
        raise NotFound
    imported = await queries.imported(session, frame.process.id)
    return Reading(frame, await queries.outcome(session, result), history, bool(imported))


async def _holding(frame: Frame) -> Reading:
    reading = await read(frame)
    if reading is None:
        raise NotFound
    return reading


def _asked(number: str) -> int | None:
    """Of the result one wants to see; anything else than a number is none of ours."""
    if not number:
        return None
    if not number.isdecimal() or len(number) > 6:
        raise NotFound
    return int(number)


def _waiting(frame: Frame) -> dict[str, Any]:
    """Nothing is counted yet: the vote is still open, or the count is going on."""
    vote = voting_phase(frame.phases)
    closes_at: datetime | None = vote.closes_at if vote and frame.at < vote.closes_at else None
    return {**frame.context(Section.RESULTS), "round": frame.round, "closes_at": closes_at}


def _project(outcome: Outcome, pot: PotOutcome, place: int) -> dict[str, Any]:
    row = pot.rows[place]
    around = range(max(0, place - NEIGHBOURS), min(len(pot.rows), place + NEIGHBOURS + 1))
    ties = [tie for tie in pot.result.ties if row.project.number in tie["projects"]]
    tied = {number for tie in ties for number in tie["projects"]}
    seed = outcome.result.lot_seed
    return {
        "pot": pot,
        "row": row,
        "place": place + 1,
        "around": [(near + 1, pot.rows[near]) for near in around],
        "ties": ties,
        "ids": {
            other.project.number: id_of(other.project) for other in pot.rows if other.project.number in tied
        },
        "lots": {
            other.project.number: lot(seed, id_of(other.project))
            for other in pot.rows
            if seed is not None and other.project.number in tied
        },
    }
