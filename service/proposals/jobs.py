"""Work on proposals that nobody waits for."""

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import jobs
from service.core.instance import Instance
from service.proposals import queries, search

BATCH = 100


async def index_again(instance: Instance, session: AsyncSession) -> None:  # noqa: ARG001 - what every job is given
    """Bring the search to the dictionaries' version, a batch at a time, after an upgrade changed it."""
    proposals = await queries.outdated(session, BATCH)
    for proposal in proposals:
        await search.index(session, proposal)
    if len(proposals) == BATCH:
        await jobs.enqueue(session, "proposals.index_again")
