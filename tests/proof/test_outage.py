"""The database goes away for ten seconds: a plain page, and then everything goes on by itself."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service import migrate
from service.embedded import EmbeddedServer
from tests.live import LiveService

OUTAGE_SECONDS = 10


@pytest.fixture
def own_server() -> Iterator[EmbeddedServer]:
    """A server that may be stopped, in a folder that its user can enter."""
    with tempfile.TemporaryDirectory(prefix="puntari-outage-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedServer(Path(folder) / "server", durable=False)
        server.start()
        server.create_database("puntari")
        yield server
        server.stop()


async def test_while_the_database_is_away_pages_say_so_and_then_go_on(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    await migrate.upgrade(own_server.url())
    live = LiveService(own_server.url(), tmp_path / "keys")
    live.start()
    try:
        own_server.stop()
        away = httpx.get(f"{live.url}/sv/", timeout=30)
        assert away.status_code == 503
        assert "stylesheet" not in away.text
        assert "Tjänsten är inte tillgänglig just nu" in away.text
        assert int(away.headers["retry-after"]) > 0
        problem = httpx.get(f"{live.url}/api/v1/health", timeout=30)
        assert problem.status_code == 503
        assert problem.headers["content-type"].startswith("application/problem+json")
        await asyncio.sleep(OUTAGE_SECONDS)
        own_server.start()

        for _ in range(60):
            if httpx.get(f"{live.url}/sv/", timeout=30).status_code == 200:
                break
            await asyncio.sleep(0.5)

        assert httpx.get(f"{live.url}/api/v1/health", timeout=30).status_code == 200
        assert all(process.poll() is None for process in live.processes), (
            "web server and worker are still there"
        )
    finally:
        live.stop()
