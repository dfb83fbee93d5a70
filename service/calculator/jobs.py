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
        for digest, _ in await queries.specifications(session, calculator.id):
            last = await queries.release(session, calculator.id, digest)
            total = await queries.count(session, calculator, digest)
            is_over = calculator.closes_at <= now or digest != calculator.specification
            since = now - last.released_at if last else timedelta()
            if publication.is_due(total, last.plans if last else None, since=since, closed=is_over):
                await actions.release(session, calculator, digest, by=System("worker"))
        if calculator.closes_at + SAVED_KEPT <= now:
            await plans.remove_saved(session, calculator)
