"""Is the service well? And is this process alive, whatever the database does?"""

from dataclasses import dataclass

from litestar import get

from service.web.visit import ThisVisit


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    database: str


@dataclass(frozen=True, slots=True)
class Liveness:
    status: str


@get("/health", tags=["Service"], operation_id="health")
async def health(visit: ThisVisit) -> Health:
    """Answers `ok` while the service and its database answer. Reads the database's clock, so it cannot be guessed."""
    return Health(status="ok", database=visit.now.isoformat())


@get("/live", tags=["Service"], operation_id="live")
async def live() -> Liveness:
    """Answers `ok` while this web process does.

    Asks no database, so that a proxy sends people to the service's own page while the database is away.
    """
    return Liveness(status="ok")
