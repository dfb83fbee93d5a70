"""In a demo anyone can act as anyone, so it answers on loopback only, unless the operator says that it may."""

import os
import subprocess
from dataclasses import replace

import asyncpg
import httpx
import pytest

from service.app import create_app
from service.core import deployment
from tests import make
from tests.live import PUNTARI, LiveService


async def mark_as_demo(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("update deployment set kind = 'demo'")
    await connection.close()


def puntari(place: LiveService, command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PUNTARI, command],
        env={**os.environ, **place.environment, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["serve", "run"])
async def test_a_demo_is_not_served_to_others_unless_the_operator_says_so(own_url, tmp_path, command):
    await mark_as_demo(own_url)
    done = puntari(LiveService(own_url, tmp_path / "keys"), command, HOST="0.0.0.0")

    assert done.returncode == 3
    assert "DEMO_PUBLIC=1" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_public_demo_is_served_where_the_operator_says_so(own_url, tmp_path):
    await mark_as_demo(own_url)
    live = LiveService(own_url, tmp_path / "keys", worker=False)
    live.environment |= {"HOST": "0.0.0.0", "DEMO_PUBLIC": "1"}
    live.start()
    try:
        assert httpx.get(f"{live.url}/fi/demo").status_code == 200
    finally:
        live.stop()


async def test_a_citys_service_answers_on_any_address(own_url, tmp_path):
    live = LiveService(own_url, tmp_path / "keys", worker=False)
    live.environment |= {"HOST": "0.0.0.0"}
    live.start()
    try:
        assert httpx.get(f"{live.url}/fi/").status_code == 200
        assert httpx.get(f"{live.url}/fi/demo").status_code == 404
    finally:
        live.stop()


async def test_where_a_demo_may_not_answer_its_pages_do_not_exist(instance, session):
    """A database may become a demo while the web server runs."""
    await deployment.mark(session, deployment.Kind.DEMO)
    account = await make.account(session)
    elsewhere = replace(instance, settings=instance.settings.model_copy(update={"host": "0.0.0.0"}))
    transport = httpx.ASGITransport(create_app(elsewhere))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://puntari.test") as client:
        assert (await client.get("/fi/demo")).status_code == 404
        assert (await client.get("/fi/demo/mailbox")).status_code == 404
        proof = await make.signed_in(client, session, account)
        answer = await client.post("/fi/demo/sign-in", data={"csrf": proof, "account": str(account.id)})
        assert answer.status_code == 404
