"""One clock, shifted only where nobody real lives."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import clock


async def test_the_clock_shifts_for_one_transaction_in_a_test_database(session: AsyncSession) -> None:
    before = await clock.now(session)

    await clock.shift(session, timedelta(days=30))

    assert await clock.now(session) - before >= timedelta(days=30)


async def test_the_shift_is_ignored_where_real_people_are(session: AsyncSession) -> None:
    await session.exec(text("update deployment set kind = 'production'"))
    before = await clock.now(session)

    await clock.shift(session, timedelta(days=30))

    assert await clock.now(session) - before < timedelta(minutes=1)
