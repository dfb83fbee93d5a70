"""The one clock: PostgreSQL's `puntari_now()`. No other code asks for the time.

In a database marked as demo or test it can be shifted for one transaction; anywhere else the shift is ignored.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, literal, text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

NOW = select(func.puntari_now())

HELSINKI = ZoneInfo("Europe/Helsinki")


async def now(session: AsyncSession) -> datetime:
    """The moment of this transaction: asked once, the same for all that happens in it."""
    if "now" not in session.info:
        with session.no_autoflush:  # whoever asks may be half through changing a thing
            session.info["now"] = (await session.exec(NOW)).one()
    moment: datetime = session.info["now"]
    return moment


async def months_ago(session: AsyncSession, months: int) -> datetime:
    """The same day so many calendar months earlier, or the last one of that month."""
    before = await now(session)
    return (await session.exec(select(literal(before) - func.make_interval(0, months)))).one()


def know(session: AsyncSession, moment: datetime) -> None:
    """Another statement of this transaction has told the moment already."""
    session.info["now"] = moment


async def shift(session: AsyncSession, by: timedelta) -> None:
    """Move the clock for the rest of this transaction (demo and test databases only)."""
    session.info.pop("now", None)
    await session.exec(
        text("select set_config('puntari.shift', :by, true)").bindparams(  # type: ignore[call-overload]
            by=f"{by.total_seconds()} seconds"
        )
    )
