"""The public revision, asked as often as there are visitors and sent to the database as seldom as that allows."""

import asyncio
import logging
from datetime import datetime

import asyncpg

from service.core.database import DatabaseAway, connect

log = logging.getLogger("puntari")

ASK = "select number, puntari_now() from public_revision"


class Revisions:
    """Whoever asks gets an answer to a question put after they asked; those who wait at the same time share one.

    So a change is seen by the next visitor, while sixteen visitors at once cost about two statements.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._failed = False
        self._asking: asyncio.Task[tuple[int, datetime]] | None = None
        self._waiting: asyncio.Task[tuple[int, datetime]] | None = None

    async def current(self) -> tuple[int, datetime]:
        """The number that grows with every public change, and the moment. Raises DatabaseAway, OSError or asyncpg's errors."""
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._ask_after(self._asking))
        return await asyncio.shield(self._waiting)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _ask_after(self, previous: asyncio.Task[tuple[int, datetime]] | None) -> tuple[int, datetime]:
        if previous is not None:
            await asyncio.wait([previous])
        self._asking, self._waiting = self._waiting, None  # whoever comes from here on needs a new question
        try:
            number, now = await self._ask()
        except (DatabaseAway, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if not self._failed:  # once, not for each visitor
                cause = error.__cause__ or error
                log.warning("no page is kept, the public revision is not known: %s", type(cause).__name__)
            self._failed = True
            raise
        self._failed = False
        return number, now

    async def _ask(self) -> tuple[int, datetime]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._url)
        row = await self._connection.fetchrow(ASK, timeout=5)
        return row[0], row[1]
