"""Open data: proposals and results as tables, ballots in the format of the field."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from service.core.errors import NotFound
from service.opendata import queries, tables
from service.opendata.files import ElectionFiles
from service.opendata.licence import licence
from service.processes import queries as processes
from service.processes.models import Process
from service.results import queries as results
from service.results.outcome import Outcome
from service.web.visit import ThisVisit, Visit

# Litestar adds the charset to texts.
CSV = "text/csv"
JSON = "application/json"
PABULIB = "text/plain"

ForExcel = Annotated[
    bool,
    QueryParameter(
        description="Semicolons, decimal commas and a byte order mark, as Excel opens it in Finland."
    ),
]


class OpenDataApi(Controller):
    path = "/processes/{slug:str}"
    tags = ["Open data"]
    cache_control = CacheControlHeader(no_cache=True)

    @get("/proposals.csv", operation_id="downloadProposalsCsv", media_type=CSV)
    async def proposals_csv(
        self, visit: ThisVisit, slug: FromPath[str], *, excel: ForExcel = False
    ) -> Stream:
        """Everything that is or was public among the proposals, by number. Persons are not named."""
        process = await processes.get(visit.session, slug)
        return _stream(_csv_proposals(visit, process.slug, excel=excel), CSV, f"{slug}-proposals.csv")

    @get("/proposals.json", operation_id="downloadProposalsJson", media_type=JSON)
    async def proposals_json(self, visit: ThisVisit, slug: FromPath[str]) -> Stream:
        """The same proposals as JSON, with what the file is and on what terms it may be used."""
        process = await processes.get(visit.session, slug)
        lines = _json_proposals(visit, process.slug, _about(visit, process))
        return _stream(lines, JSON, f"{slug}-proposals.json")

    @get("/results.csv", operation_id="downloadResultsCsv", media_type=CSV)
    async def results_csv(
        self, visit: ThisVisit, slug: FromPath[str], *, excel: ForExcel = False
    ) -> Response[bytes]:
        """The result that holds: every project in the order of decision. 404 until the votes are counted."""
        process = await processes.get(visit.session, slug)
        records = tables.result_records(process, await _outcome(visit, process))
        content = "".join(tables.csv_lines(list(tables.RESULTS), records, excel=excel))
        return _file(content.encode(), CSV, f"{slug}-results.csv")

    @get("/results.json", operation_id="downloadResultsJson", media_type=JSON)
    async def results_json(self, visit: ThisVisit, slug: FromPath[str]) -> Response[bytes]:
        """The result that holds as JSON. The address `/results` has the ties and the money of each pot besides."""
        process = await processes.get(visit.session, slug)
        outcome = await _outcome(visit, process)
        body = _about(visit, process) | {"results": tables.result_records(process, outcome)}
        return _file(tables.json_text(body).encode(), JSON, f"{slug}-results.json")

    @get("/elections/{pot:str}", operation_id="downloadElection", media_type=PABULIB)
    async def election(self, visit: ThisVisit, slug: FromPath[str], pot: FromPath[str]) -> Response[bytes]:
        """Rules, projects and ballots of one pot as a Pabulib file: `{area}.pb` by the area's key, or `city-wide.pb`.

        Ballots stand sorted by what was chosen. There is nothing of voters in it.
        """
        if not pot.endswith(".pb"):
            raise NotFound
        process = await processes.get(visit.session, slug)
        files: ElectionFiles = visit.request.app.state.elections
        content = await files.get(visit.session, process, pot.removesuffix(".pb"), visit.instance.city)
        return _file(content, PABULIB, f"{slug}-{pot}")


async def _outcome(visit: Visit, process: Process) -> Outcome:
    result = await results.latest(visit.session, process.id)
    if result is None:
        raise NotFound
    return await results.outcome(visit.session, result)


def _about(visit: Visit, process: Process) -> dict[str, Any]:
    terms = licence(visit.instance.city)
    return {
        "process": process.slug,
        "title": process.title,
        "source": visit.instance.city.facts.get("city_name", {}),
        "licence": {"id": terms.id, "name": terms.name, "url": terms.url},
        "address": f"{visit.instance.settings.address}/api/v1/processes/{process.slug}",
        "made_at": visit.now.isoformat(),
    }


async def _proposals(visit: Visit, slug: str) -> AsyncIterator[tables.Record]:
    """In a transaction of its own: the visit's is over when the answer begins."""
    settings = visit.instance.settings
    address = f"{settings.address}/{settings.default_language}/processes/{slug}/proposals"
    async with visit.instance.database.transaction(read_only=True) as session:
        process = await processes.get(session, slug)
        async for record in queries.proposals(session, process, address):
            yield record


async def _csv_proposals(visit: Visit, slug: str, *, excel: bool) -> AsyncIterator[str]:
    columns = list(tables.PROPOSALS)
    for line in tables.csv_lines(columns, [], excel=excel):
        yield line
    async for record in _proposals(visit, slug):
        yield tables.csv_line(columns, record, excel=excel)


async def _json_proposals(visit: Visit, slug: str, about: dict[str, Any]) -> AsyncIterator[str]:
    yield tables.json_text(about).removesuffix("}") + ', "proposals": ['
    comma = ""
    async for record in _proposals(visit, slug):
        yield comma + tables.json_text({name: record[name] for name in tables.PROPOSALS})
        comma = ",\n"
    yield "]}"


def _stream(lines: AsyncIterator[str], media_type: str, name: str) -> Stream:
    return Stream(lines, media_type=media_type, headers=_headers(name))


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    """The names are slugs, so that no character needs quoting."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
