"""The only place that opens, commits and rolls back a transaction, and the public revision that caches hang on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import DateTime, Dialect, MetaData, Text, TypeDecorator, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import clock

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def moment_column(*, default_now: bool = False, nullable: bool = False, index: bool = False) -> Any:
    """A column of an aware moment; `default_now` lets the database's clock fill it."""
    options: dict[str, Any] = {"nullable": nullable}
    if default_now:
        options["server_default"] = text("puntari_now()")
    return Field(default=None, sa_type=DateTime(timezone=True), sa_column_kwargs=options, index=index)


def json_column(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_type=JSONB, sa_column_kwargs={"nullable": nullable})


class Choice(TypeDecorator[StrEnum]):
    """One of an enum's values, as text; read back as the enum's member, so that `is` and `match` may be used."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        return None if value is None else self.kind(value)


class DatabaseAway(Exception):
    """There is no connection to be had. Says what kind of error it was: an error's own text may hold the address."""


async def connect(url: str) -> asyncpg.Connection:
    """The only way to the database, within 5 s. Raises DatabaseAway."""
    try:
        return await asyncpg.connect(
            url, timeout=5, server_settings={"application_name": "puntari", "jit": "off"}
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseAway(type(error).__name__) from error


def violated(error: IntegrityError) -> str:
    """The name of the constraint that refused, for telling a lost race from a mistake of ours."""
    cause = error.orig.__cause__ if error.orig else None
    return str(getattr(cause, "constraint_name", None) or "")


def publish(session: AsyncSession) -> None:
    """Say that this transaction changes something anyone may see, so that every cached page is made anew."""
    session.info["publishes"] = True


class Database:
    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(connect, url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            hide_parameters=True,  # whoever turns on the log of statements sees no values: a pseudonym beside a session is a name
        )

    @asynccontextmanager
    async def transaction(
        self, *, read_only: bool = False, shift: timedelta | None = None
    ) -> AsyncIterator[AsyncSession]:
        """One request, command or job. What raises inside rolls everything back."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            if read_only:
                await session.connection(execution_options={"postgresql_readonly": True})
            if shift is not None:
                await clock.shift(session, shift)
            yield session
            await count_revision(session)

    async def revision(self) -> tuple[int, datetime]:
        """The number that grows with every public change, and the moment."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(text("select number, puntari_now() from public_revision"))).one()
            return row[0], row[1]

    async def close(self) -> None:
        await self.engine.dispose()


async def count_revision(session: AsyncSession) -> None:
    """Last statement before the commit, so that its row lock is held for the commit alone and can close no circle."""
    if session.info.pop("publishes", False):
        await session.flush()
        await session.exec(text("update public_revision set number = number + 1"))  # type: ignore[call-overload]
