"""The public register of moderators' rulings as JSON and as a table."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.params import QueryParameter
from pydantic import BaseModel, ConfigDict, Field

from service.core.clock import HELSINKI
from service.moderation import register
from service.moderation.models import Ground, Kind
from service.moderation.register import Registered
from service.opendata import tables
from service.web.visit import ThisVisit

CSV = "text/csv"
COLUMNS = ("day", "about", "ruling", "ground", "process", "second_review")
PER_PAGE = 100


class RegisteredOut(BaseModel):
    """A line of the public register: no name, nobody's words."""

    model_config = ConfigDict(from_attributes=True)

    ruled_at: datetime
    kind: Kind
    ground: Ground | None
    of_comment: bool
    of_edit: bool
    process_slug: str | None
    is_second: bool = Field(description="Itself the outcome of a second review.")
    appealed: bool
    second_kind: Kind | None = Field(description="What the second review came to; null while it waits.")


class RegisterOut(BaseModel):
    total: int
    page: int
    rulings: list[RegisteredOut]


class RegisterApi(Controller):
    path = "/moderation"
    tags = ["Moderation"]

    @get("/rulings", operation_id="listRulings")
    async def register(
        self,
        visit: ThisVisit,
        kind: Annotated[list[Kind] | None, QueryParameter(description="None: all.")] = None,
        page: Annotated[int, QueryParameter(ge=1, le=1_000_000)] = 1,
    ) -> RegisterOut:
        """The public register of moderators' rulings, newest first, a hundred a page."""
        counts = await register.counts(visit.session)
        lines = await register.registered(
            visit.session, kinds=frozenset(kind or ()), limit=PER_PAGE, offset=(page - 1) * PER_PAGE
        )
        return RegisterOut(
            total=sum(counts.get(each, 0) for each in kind or Kind),
            page=page,
            rulings=[RegisteredOut.model_validate(line) for line in lines],
        )

    @get(
        "/rulings.csv",
        operation_id="downloadRulingsCsv",
        media_type=CSV,
        cache_control=CacheControlHeader(no_cache=True),
    )
    async def csv(self, visit: ThisVisit) -> Response[bytes]:
        """The whole register as a table."""
        lines = await register.registered(visit.session)
        content = "".join(tables.csv_lines(COLUMNS, map(_record, lines)))
        headers = {"Content-Disposition": 'attachment; filename="rulings.csv"'}
        return Response(content.encode(), media_type=CSV, headers=headers)


def _record(line: Registered) -> tables.Record:
    about = "comment" if line.of_comment else "change" if line.of_edit else "proposal"
    review = "itself" if line.is_second else "" if not line.appealed else line.second_kind or "waiting"
    values = (
        line.ruled_at.astimezone(HELSINKI).date().isoformat(),
        about,
        line.kind,
        line.ground or "",
        line.process_slug or "",
        review,
    )
    return dict(zip(COLUMNS, map(str, values), strict=True))
