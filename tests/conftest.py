"""A database a process, a transaction a test that is rolled back, and both doors borrowing that transaction."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from service.app import create_app
from service.core import clock
from service.core.database import Database, count_revision
from service.core.instance import Instance, make
from service.core.settings import Settings
from tests.database import TestServer


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    server = TestServer()
    server.start()
    yield server
    if "PYTEST_XDIST_WORKER" not in os.environ:
        server.stop()


@pytest.fixture(scope="session")
async def database_url(server: TestServer) -> AsyncIterator[str]:
    async with server.copy() as url:
        yield url


@pytest.fixture
async def own_url(server: TestServer) -> AsyncIterator[str]:
    """A database of the test's own, for what has to commit."""
    async with server.copy() as url:
        yield url


@pytest.fixture
async def own_database(own_url: str) -> AsyncIterator[Database]:
    database = Database(own_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def connection(database_url: str) -> AsyncIterator[AsyncConnection]:
    database = Database(database_url)
    async with database.engine.connect() as connection:
        yield connection
    await database.close()


TOGETHER = ("tests/journeys/", "tests/house/test_accessibility.py")


class OneProcessWhereAServiceIsShared(LoadScopeScheduling):
    """Else each process would start it. The marked groups of xdist 3.8 are no groups with pytest 9.2 (its issue 1386)."""

    def _split_scope(self, nodeid: str) -> str:
        return next((start for start in TOGETHER if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return OneProcessWhereAServiceIsShared(config, log)


class BorrowedDatabase(Database):
    """Every transaction is a savepoint in the test's own, which is rolled back at the end."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.shifted = timedelta()

    @asynccontextmanager
    async def transaction(
        self, *, read_only: bool = False, shift: timedelta | None = None
    ) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(
            self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            if read_only:
                savepoint = await self.connection.begin_nested()
                await session.exec(text("set transaction read only"))  # type: ignore[call-overload]
            if shift is not None:
                await clock.shift(session, shift)
            try:
                yield session
            except BaseException:
                await session.rollback()
                raise
            else:
                await (session.rollback() if read_only else self._keep(session))
            finally:
                if read_only:
                    await savepoint.rollback()

    async def _keep(self, session: AsyncSession) -> None:
        await count_revision(session)
        await session.commit()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """The test's own view of the database."""
    outer = await connection.begin()
    async with AsyncSession(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
    await outer.rollback()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        key_folder=Path(tmp_path_factory.mktemp("keys")),
        mail_from="test@x.example",
    )


@pytest.fixture(scope="session")
def instance(settings: Settings, connection: AsyncConnection) -> Instance:
    return make(settings, BorrowedDatabase(connection))


@pytest.fixture(scope="session")
def app(instance: Instance) -> Litestar:
    return create_app(instance)


@pytest.fixture
async def client(app: Litestar, session: AsyncSession) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous visitor: a browser or a program that knows no secret yet."""
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://puntari.test") as client:
        yield client
