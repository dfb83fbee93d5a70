import httpx


async def test_the_service_says_that_it_is_well(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/health")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


async def test_an_unknown_address_of_the_api_is_a_problem(client: httpx.AsyncClient) -> None:
    for path in ("/api/v1/nothing", "/api/v1/processes/nothing"):
        answer = await client.get(path)

        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["status"] == 404
