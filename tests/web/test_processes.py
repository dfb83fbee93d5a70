import httpx
from sqlmodel.ext.asyncio.session import AsyncSession

from service.processes.models import Activity
from tests import make


async def test_a_published_process_is_told_with_its_phases(
    client: httpx.AsyncClient, session: AsyncSession
) -> None:
    process = await make.process(session, open_to=[Activity.PROPOSE])

    answer = await client.get(f"/api/v1/processes/{process.slug}")

    assert answer.status_code == 200
    assert answer.json()["phases"][0]["activities"] == ["propose"]


async def test_a_process_in_preparation_is_nowhere(client: httpx.AsyncClient, session: AsyncSession) -> None:
    process = await make.process(session, published_at=None)

    assert (await client.get(f"/api/v1/processes/{process.slug}")).status_code == 404
    assert process.slug not in [item["slug"] for item in (await client.get("/api/v1/processes")).json()]
