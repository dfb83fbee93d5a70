"""A browser, a city of its own for each journey or the demo city for all, and people who sign in with one press."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import text

from service.core.database import Database
from tests import browser as chromium
from tests.database import TestServer
from tests.demo_city import demo_copy
from tests.journeys.city import City, found
from tests.live import LiveService


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        yield browser
        await browser.close()


@pytest.fixture
async def city(own_url: str, own_database: Database, tmp_path: Path) -> AsyncIterator[City]:
    """A demo-marked database with one process in preparation for a journey, and the real service on it."""
    async with own_database.transaction() as session:
        await session.exec(text("update deployment set kind = 'demo'"))
    process = await found(own_database)
    live = LiveService(own_url, tmp_path / "keys")
    live.start()
    yield City(live, own_url, own_database, process)
    live.stop()


@pytest.fixture(scope="session")
async def demo(server: TestServer) -> AsyncIterator[LiveService]:
    """The played demo city. Journeys through it share it, so each has people of its own."""
    async with demo_copy(server) as (url, keys):
        live = LiveService(url, keys)
        live.start()
        yield live
        live.stop()


NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def new_page(browser: Browser, city: City) -> AsyncIterator[NewPage]:
    """A person's own browser window: `await new_page(width=320, script=False)`."""
    async with windows(browser, city.live.url) as make:
        yield make


@pytest.fixture
async def demo_page(browser: Browser, demo: LiveService) -> AsyncIterator[NewPage]:
    """The same in the demo city."""
    async with windows(browser, demo.url) as make:
        yield make


@asynccontextmanager
async def windows(browser: Browser, url: str) -> AsyncIterator[NewPage]:
    contexts = []

    async def make(*, width: int = 1280, height: int = 800, script: bool = True) -> Page:
        context = await browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, java_script_enabled=script
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return await context.new_page()

    yield make
    for context in contexts:
        await context.close()
