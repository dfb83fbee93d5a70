"""`puntari run`: nobody shares its port, and what it started does not outlive it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys

import asyncpg
import pytest

from tests.live import PUNTARI, LiveService

PATIENCE = 15  # seconds: a web server lets its visitors go first


@pytest.mark.parametrize("command", ["serve", "run"])
def test_a_port_where_somebody_listens_is_refused(own_url, tmp_path, command):
    place = LiveService(own_url, tmp_path / "keys")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as another Puntari would
        taken.bind(("127.0.0.1", place.port))
        taken.listen()
        done = subprocess.run(
            [PUNTARI, command],
            env=place.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert done.returncode == 2
    assert done.stderr.startswith(f"Puntari cannot listen on 127.0.0.1:{place.port}: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells a child of its parent's end")
@pytest.mark.parametrize("killed", ["run", "serve"])
async def test_what_was_started_ends_with_who_started_it(own_url, tmp_path, killed):
    place = LiveService(own_url, tmp_path / "keys")
    someone = ["staff", "add", "a@posti.example", "--role", "editor"]  # else the demo would be played
    subprocess.run([PUNTARI, *someone], env=place.environment, check=True, stdout=subprocess.DEVNULL)
    place.commands = [killed]
    place.start()
    [started] = place.processes

    os.kill(started.pid, signal.SIGKILL)
    started.wait()

    watch = await asyncpg.connect(own_url)
    others = (
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    for _ in range(PATIENCE * 10):
        if await watch.fetchval(others) == 0:
            break
        await asyncio.sleep(0.1)
    assert await watch.fetchval(others) == 0, "web process and worker are still there"
    await watch.close()
    with socket.create_server(("127.0.0.1", place.port)):
        pass
