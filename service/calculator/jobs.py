"""While people make plans their order is wiped out, and what may be published of them is counted anew."""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from service.calculator import actions, plans, publication, queries
from service.core import clock
from service.core.actor import System
from service.core.instance import Instance

SAVED_KEPT = timedelta(days=30)
LINGER = timedelta(hours=1)  # what was submitted at the close is mixed once more


async def mix(instance: Instance, session: AsyncSession) -> None:  # noqa: ARG001 - every job takes the instance
    """What was submitted since the last run is all that still has an order."""
    now = await clock.now(session)
    recent = [
        each.id for each in await queries.published(session) if each.opens_at <= now < each.closes_at + LINGER
    ]
    await plans.mix(session, recent)


async def release(instance: Instance, session: AsyncSession) -> None:  # noqa: ARG001 - every job takes the instance
    """Count anew where enough plans have come or gone; let go of plans in the making some weeks after the close."""
    now = await clock.now(session)
    for calculator in await queries.published(session):
        last = await queries.release(session, calculator)
        total = await queries.count(session, calculator)
        if publication.is_due(total, last.plans if last else None, closed=calculator.closes_at <= now):
            await actions.release(session, calculator, by=System("worker"))
        if calculator.closes_at + SAVED_KEPT <= now:
            await plans.remove_saved(session, calculator)
