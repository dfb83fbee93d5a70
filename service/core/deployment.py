"""What this database is for. Only a demo or a test may shift the clock; demo pages exist only in a demo."""

from enum import StrEnum

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


class Kind(StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


async def kind(session: AsyncSession) -> Kind:
    return Kind((await session.exec(text("select kind from deployment"))).scalar_one())  # type: ignore[call-overload]


async def mark(session: AsyncSession, kind: Kind) -> None:
    """A database with people in it can never become a demo or a test: the database itself refuses (migration 0001)."""
    await session.exec(text("update deployment set kind = :kind").bindparams(kind=kind.value))  # type: ignore[call-overload]
