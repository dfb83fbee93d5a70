"""Behind the Caddyfile of deploy/: what people read while the database, a process or all of the service is away."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service import migrate
from service.core.settings import CHECKOUT
from service.embedded import EmbeddedServer
from tests.live import LiveService, free_port
from tests.proof.test_outage import own_server  # noqa: F401 - a fixture

DEPLOY = CHECKOUT / "deploy"
LOOKS_SECONDS = 12  # two looks of Caddy's at each process

pytestmark = pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")


@pytest.fixture
async def processes(own_server: EmbeddedServer, tmp_path: Path):  # noqa: F811
    """Two web processes on one database."""
    await migrate.upgrade(own_server.url())
    both = [LiveService(own_server.url(), tmp_path / "keys", worker=False) for _ in range(2)]
    for one in both:
        one.start()
    yield both
    for one in both:
        one.stop()


@pytest.fixture
def front(processes: list[LiveService], tmp_path: Path) -> Iterator[str]:
    """Caddy as it is deployed, but for the addresses."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    upstreams = " ".join(f"127.0.0.1:{one.port}" for one in processes)
    text = (DEPLOY / "Caddyfile").read_text()
    for deployed, here in (
        ("web-1:8000 web-2:8000", upstreams),
        ("{$SITE_ADDRESS:localhost}", address),
        ("/etc/caddy", str(DEPLOY)),
    ):
        assert deployed in text
        text = text.replace(deployed, here)
    (tmp_path / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")]
    caddy = subprocess.Popen(command, env={**os.environ, "HOME": str(tmp_path)}, stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            httpx.get(f"{address}/api/v1/live")
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield address
    caddy.terminate()
    caddy.wait()


async def test_while_the_database_is_away_the_service_itself_says_so(
    own_server: EmbeddedServer,  # noqa: F811
    front: str,
) -> None:
    own_server.stop()
    time.sleep(LOOKS_SECONDS)
    away = httpx.get(f"{front}/sv/", timeout=30)
    problem = httpx.get(f"{front}/api/v1/processes", timeout=30)

    assert away.status_code == 503
    assert "Tjänsten är inte tillgänglig just nu" in away.text
    assert "Palvelu" not in away.text
    assert problem.status_code == 503
    assert problem.headers["content-type"].startswith("application/problem+json")


async def test_an_upload_that_is_too_large_is_answered_by_the_service(front: str) -> None:
    picture = {"picture": ("large.jpg", b"\0" * 30_000_000, "image/jpeg")}
    answer = httpx.post(f"{front}/fi/sign-in", files=picture, timeout=30)

    assert answer.status_code == 413
    assert 'href="/fi/sign-in"' in answer.text


async def test_one_process_is_enough_and_without_any_a_plain_page_is_shown(
    front: str, processes: list[LiveService]
) -> None:
    processes[0].kill()
    assert [httpx.get(f"{front}/fi/", timeout=30).status_code for _ in range(20)] == [200] * 20

    processes[1].kill()
    nobody = httpx.get(f"{front}/fi/", timeout=30)
    assert nobody.status_code in {502, 503}
    assert "Palvelu ei ole juuri nyt käytettävissä" in nobody.text
    assert int(nobody.headers["retry-after"]) > 0

    processes[1].start()
    time.sleep(LOOKS_SECONDS)
    assert httpx.get(f"{front}/fi/", timeout=30).status_code == 200
