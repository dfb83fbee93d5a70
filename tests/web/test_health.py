from dataclasses import replace

import httpx
import pytest
from litestar import Litestar
from sqlmodel.ext.asyncio.session import AsyncSession

from service.app import create_app
from service.core.database import Database
from service.core.instance import Instance
from service.web.head import HeadAsGet
from tests import make


async def test_the_service_says_that_it_is_well(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/health")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


async def test_a_process_is_alive_without_a_database(instance: Instance) -> None:
    away = Database("postgresql://puntari@127.0.0.1:1/puntari")
    transport = httpx.ASGITransport(create_app(replace(instance, database=away)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://puntari.test") as client:
        assert (await client.get("/api/v1/health")).status_code == 503
        assert (await client.get("/api/v1/live")).json() == {"status": "ok"}


async def test_an_unknown_address_of_the_api_is_a_problem(client: httpx.AsyncClient) -> None:
    for path in ("/api/v1/nothing", "/api/v1/processes/nothing"):
        answer = await client.get(path)

        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["status"] == 404


async def test_an_address_asked_by_another_method_says_which_ones_it_knows(client: httpx.AsyncClient) -> None:
    for address in ("/api/v1/health", "/fi/sign-in"):
        answer = await client.patch(address)
        assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)


async def test_what_differs_by_who_asks_is_kept_by_nobody_between(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    process = await make.process(session)
    for address, status, kept in (
        (f"/api/v1/processes/{process.slug}", 200, "private, no-cache"),
        ("/api/v1/processes/none", 404, "no-store"),
        ("/api/v1/me", 401, "no-store"),
        (f"/api/v1/processes/{process.slug}/proposals.csv", 200, "no-cache"),
    ):
        answer = await client.get(address)
        assert answer.status_code == status
        assert sorted(answer.headers.get_list("cache-control", split_commas=True)) == sorted(kept.split(", "))
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_can_be_read_can_be_asked_for_without_its_body(
    app: Litestar, session: AsyncSession
) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(HeadAsGet(app)),  # type: ignore[arg-type]
        base_url="http://puntari.test",
    ) as client:
        for address in ("/", "/fi/", "/sv/processes", "/robots.txt", "/api/v1/health", "/fi/nothing"):
            read, asked = await client.get(address), await client.head(address)
            assert (asked.status_code, asked.headers) == (read.status_code, read.headers), address
            assert (len(read.content) > 0, asked.content) == (True, b""), address
        described = (await client.get("/api/v1/openapi.json")).json()
    assert not any("head" in path for path in described["paths"].values())


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/fi/", "text/html"),
        ("/fi/nothing", "text/html"),
        ("/robots.txt", "text/plain"),
        ("/api/v1/moderation/rulings.csv", "text/csv"),
    ],
)
async def test_a_text_names_its_characters_once(
    client: httpx.AsyncClient, session: AsyncSession, address: str, kind: str
) -> None:
    assert (await client.get(address)).headers["content-type"] == f"{kind}; charset=utf-8"
