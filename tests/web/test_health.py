from dataclasses import replace

import httpx

from service.app import create_app
from service.core.database import Database
from service.core.instance import Instance


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
