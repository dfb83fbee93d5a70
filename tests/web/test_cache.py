"""A kept page is true to the letter: the next visitor sees a change, a phase that closed, a new day."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from service.app import create_app
from service.core import database as core
from service.core.database import Database
from service.core.instance import make as make_instance
from service.core.revision import Revisions
from service.core.settings import Settings
from service.processes.models import Activity
from service.web import csrf, own_plan
from service.web.cache import PageCache, key_of
from tests import make
from tests.calculator import small


class Counting:
    """The service, counting how often it is really asked."""

    def __init__(self, app: object) -> None:
        self.app = app
        self.asked = 0

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        await self.app(scope, receive, send)


@pytest.fixture
async def cached(
    own_url: str, own_database: Database, settings: Settings
) -> AsyncIterator[tuple[httpx.AsyncClient, Database, Counting]]:
    database, revisions = own_database, Revisions(own_url)
    service = Counting(create_app(make_instance(settings, database)))
    transport = httpx.ASGITransport(PageCache(service, database, revisions))
    async with httpx.AsyncClient(transport=transport, base_url="http://puntari.test") as client:
        yield client, database, service
    await revisions.close()


@pytest.mark.parametrize(
    ("one", "other", "same"), [("q=a&q=b", "q=b&q=a", False), ("page=2&q=a", "q=a&page=2", True)]
)
def test_addresses_that_say_the_same_are_one_page(one, other, same) -> None:
    keys = [
        key_of({"method": "GET", "path": "/fi/processes", "query_string": query.encode(), "headers": []})
        for query in (one, other)
    ]
    assert (keys[0] == keys[1]) is same


async def test_a_page_is_made_once_and_a_change_is_there_for_the_next_visitor(cached) -> None:
    client, database, service = cached
    async with database.transaction() as session:
        process = await make.process(session, open_to=[Activity.PROPOSE])
    first = await client.get("/fi/processes")
    assert (await client.get("/fi/processes")).text == first.text
    assert service.asked == 1

    async with database.transaction() as session:
        await session.exec(
            text(
                "update process set title = jsonb_set(title, '{fi}', '\"Uusi nimi\"') where id = :id"
            ).bindparams(id=process.id)
        )
        core.publish(session)

    assert "Uusi nimi" in (await client.get("/fi/processes")).text


async def test_a_page_is_made_anew_when_a_phase_closes_by_the_clock(cached) -> None:
    client, database, service = cached
    async with database.transaction() as session:
        process = await make.process(session, open_to=[Activity.PROPOSE])
    await client.get(f"/fi/processes/{process.slug}")
    async with database.transaction() as session:
        phase = (await session.exec(text("select closes_at - puntari_now() from phase"))).scalar_one()
        assert phase > timedelta(days=1)
        moment = (
            await session.exec(
                text("update phase set closes_at = puntari_now() + interval '1 second' returning closes_at")
            )
        ).scalar_one()
        core.publish(session)
    await client.get(f"/fi/processes/{process.slug}")
    asked = service.asked

    async with database.transaction() as session:
        await session.exec(text("select pg_sleep(1.1)"))
        assert moment
    await client.get(f"/fi/processes/{process.slug}")

    assert service.asked == asked + 1


async def test_a_page_is_made_anew_when_a_calculator_closes_by_the_clock(cached) -> None:
    client, database, _service = cached
    async with database.transaction() as session:
        await small.calculator(session, closes_in=timedelta(seconds=1))
    assert "Try it." in (open_one := await client.get("/en/calculator/balance")).text

    async with database.transaction() as session:
        await session.exec(text("select pg_sleep(1.1)"))

    closed = await client.get("/en/calculator/balance")
    assert "balance/open" in open_one.text
    assert "balance/open" not in closed.text


@pytest.mark.parametrize("name", [own_plan.PLAN_COOKIE, own_plan.CODE_COOKIE, csrf.SESSION_COOKIE])
async def test_whoever_has_a_plan_or_a_session_is_shown_no_kept_page(cached, name) -> None:
    client, database, service = cached
    async with database.transaction() as session:
        await small.calculator(session)
    await client.get("/en/calculator/balance")
    asked = service.asked

    await client.get("/en/calculator/balance", headers={"Cookie": f"{name}=x"})

    assert service.asked == asked + 1


async def test_a_page_for_one_visitor_alone_is_not_kept(cached) -> None:
    client, _database, service = cached
    for _ in range(2):
        client.cookies.clear()
        assert "csrf" in (await client.get("/fi/sign-in")).text
    assert service.asked == 2


async def test_languages_queries_and_codings_do_not_mix(cached) -> None:
    client, _database, _service = cached
    pages = {path: (await client.get(path)).text for path in ("/fi/", "/sv/", "/en/", "/fi/processes?page=1")}

    assert len(set(pages.values())) == 4
    for coding in ("gzip", "br", "identity"):
        answer = await client.get("/fi/", headers={"Accept-Encoding": coding})
        assert answer.headers.get("content-encoding", "identity") == coding
