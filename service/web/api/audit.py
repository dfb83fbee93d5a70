"""The audit trail as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.params import FromQuery, QueryParameter
from pydantic import BaseModel, Field

from service.web import trail
from service.web.visit import ThisVisit


class EntryOut(BaseModel):
    """Nobody's name: the role, the act, and codes and numbers of what it was done to."""

    at: datetime
    role: str
    action: str
    process_slug: str | None
    subject_id: UUID | None
    details: dict[str, Any]


class TrailOut(BaseModel):
    entries: list[EntryOut]
    older: int | None = Field(description="Send it as `before` for the next page; null: there is none.")


@get("/audit", tags=["Staff"], operation_id="listAuditTrail", cache_control=CacheControlHeader(no_store=True))
async def entries(
    visit: ThisVisit,
    process_id: FromQuery[UUID | None] = None,
    before: Annotated[int | None, QueryParameter(ge=1, le=2_147_483_647)] = None,
) -> TrailOut:
    """What staff did in the processes you look after (administrators, editors), newest first."""
    read = await trail.read(visit, process_id, before)
    return TrailOut(
        entries=[
            EntryOut(
                at=line.entry.at,
                role=line.entry.actor_role,
                action=line.entry.action,
                process_slug=line.process.slug if line.process else None,
                subject_id=line.entry.subject_id,
                details=line.entry.details,
            )
            for line in read.lines
        ],
        older=read.older,
    )
