"""Is the service well?"""

from dataclasses import dataclass

from litestar import get

from service.web.visit import ThisVisit


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    database: str


@get("/health", tags=["Service"], operation_id="health")
async def health(visit: ThisVisit) -> Health:
    """Answers `ok` while the service and its database answer. Reads the database's clock, so it cannot be guessed."""
    return Health(status="ok", database=visit.now.isoformat())
