"""How often one person may do the same: the trail is what is counted, so whatever is recorded can have a measure."""

from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit.models import Entry
from service.core import clock
from service.core.actor import Resident
from service.core.errors import TooManyAttempts

DAY = timedelta(days=1)


async def take_turn(session: AsyncSession, by: Resident) -> None:
    """One person's acts come one after another from here on, so that none slips past the count."""
    turn = int.from_bytes(by.id.bytes[:8], "big", signed=True)
    await session.exec(select(func.pg_advisory_xact_lock(turn)))


async def check(
    session: AsyncSession, action: str, *, by: Resident, most: int, refusal: type[TooManyAttempts]
) -> None:
    """Raise `refusal(most=…, when=…)` where `by` has done this `most` times within a day; `when` is when they may again."""
    since = await clock.now(session) - DAY
    latest = (
        select(Entry.at)
        .where(Entry.actor_id == by.id, Entry.action == action, col(Entry.at) > since)
        .order_by(col(Entry.at).desc())
        .limit(most)
    )
    done = (await session.exec(latest)).all()
    if len(done) >= most:
        raise refusal(most=most, when=done[-1] + DAY)
