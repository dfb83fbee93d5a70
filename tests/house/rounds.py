"""Rounds that stand where no round of the demo city stands on the day it is made."""

from datetime import timedelta

from service.core.database import Database
from service.processes.models import Activity, AreaRule
from tests import make

PROPOSING = "tapahtumat"
CHOOSING = "rannat"


async def found(url: str) -> None:
    """One to propose in, one to be published; a vote in which one chooses the area, one to be counted."""
    database = Database(url)
    async with database.transaction() as session:
        shore, forest = await make.area(session, "Shore"), await make.area(session, "Forest")
        pots = [(shore, 5_000_000), (forest, 3_000_000), (None, 10_000_000)]
        projects = [(shore, 1_000_000), (shore, 2_000_000), (forest, 1_000_000), (None, 4_000_000)]
        open_to = [Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT]
        await make.process(session, slug=PROPOSING, open_to=open_to, pots=pots)
        await make.process(session, slug="liikuntapaikat", open_to=open_to, pots=pots, published_at=None)
        await make.vote(
            session, slug=CHOOSING, area_rule=AreaRule.CHOSEN, max_choices=2, pots=pots, projects=projects
        )
        closed = await make.process(session, slug="puistot", pots=pots)
        days = {"opens_in": timedelta(days=-9), "closes_in": timedelta(days=-1)}
        await make.phase(session, closed, [Activity.VOTE], **days)
    await database.close()
