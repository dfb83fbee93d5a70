"""The demo city, played once and looked at by these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.database import Database
from tests.database import TestServer
from tests.demo_city import demo_copy


@pytest.fixture(scope="session")
async def demo(server: TestServer) -> AsyncIterator[tuple[str, Path]]:
    """The address of its database and the folder of its keys."""
    async with demo_copy(server) as made:
        yield made


@pytest.fixture
async def city(demo: tuple[str, Path]) -> AsyncIterator[AsyncSession]:
    """Read only."""
    database = Database(demo[0])
    async with database.transaction(read_only=True) as session:
        yield session
    await database.close()
