"""Files of counted elections, made once: neither ballots nor a published result ever change.

Making one reads every ballot of the process, so one is made at a time and in a thread.
"""

import asyncio
from collections import OrderedDict
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.city import City
from service.core.errors import NotFound
from service.opendata import queries
from service.processes.models import Process
from service.results import queries as results
from service.tally.pabulib import write

ROOM = 64_000_000  # bytes


class ElectionFiles:
    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, dict[str, bytes]] = OrderedDict()
        self._turn = asyncio.Lock()

    async def get(self, session: AsyncSession, process: Process, pot: str, city: City) -> bytes:
        """The .pb file of one pot, as the result that holds has it. Raises NotFound, also before the count."""
        result = await results.latest(session, process.id)
        if result is None:
            raise NotFound
        async with self._turn:
            if result.id not in self._kept:
                documents = await queries.documents(session, process, city)
                self._kept[result.id] = {
                    key: await asyncio.to_thread(write, document) for key, document in documents.items()
                }
                self._forget_oldest()
        files = self._kept.get(result.id, {})
        if pot not in files:
            raise NotFound
        return files[pot]

    def _forget_oldest(self) -> None:
        while (
            len(self._kept) > 1
            and sum(len(file) for files in self._kept.values() for file in files.values()) > ROOM
        ):
            self._kept.popitem(last=False)
