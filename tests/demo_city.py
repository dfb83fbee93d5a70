"""The demo city for tests: played once, by the command an operator runs, then copied."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from service.core.clock import HELSINKI
from service.core.settings import CHECKOUT
from tests.database import TestServer

PUNTARI = Path(sys.executable).with_name("puntari")
TURN = 7_214_003  # advisory lock of whoever plays or copies
FOLDER = CHECKOUT / "var" / "test"
MADE_OF = ("service", "migrations", "frontend/locales")
NOT_MADE_OF = CHECKOUT / "service" / "web"


@asynccontextmanager
async def demo_copy(server: TestServer) -> AsyncIterator[tuple[str, Path]]:
    """The address of a fresh database with the demo city as it is today, and the folder of its keys."""
    original = f"puntari_city_{_fingerprint()}"
    async with AsyncExitStack() as stack:
        admin = await asyncpg.connect(server.url("postgres"))
        try:
            await admin.execute(f"select pg_advisory_lock({TURN})")
            known = await admin.fetchval("select 1 from pg_database where datname = $1", original)
            if not known or not (FOLDER / original).exists():
                await _drop_others(admin)
                await _play(server, admin, original)
            url = await stack.enter_async_context(server.copy(original))
            keys = stack.enter_context(TemporaryDirectory())
            shutil.copytree(FOLDER / original, keys, dirs_exist_ok=True)
        finally:
            await admin.close()
        yield url, Path(keys)


async def _play(server: TestServer, admin: asyncpg.Connection, original: str) -> None:
    made, keys = f"{original}_new", FOLDER / original
    shutil.rmtree(keys, ignore_errors=True)
    await admin.execute(f'drop database if exists "{made}" with (force)')
    await admin.execute(f'create database "{made}"')
    environment = {**os.environ, "DATABASE_URL": server.url(made), "KEY_FOLDER": str(keys)}
    command = await asyncio.create_subprocess_exec(
        PUNTARI, "demo", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await command.communicate()
    assert command.returncode == 0, said.decode()
    await admin.execute(f'alter database "{made}" rename to "{original}"')


async def _drop_others(admin: asyncpg.Connection) -> None:
    """Cities of other days and other versions."""
    for row in await admin.fetch("select datname from pg_database where datname like 'puntari_city_%'"):
        await admin.execute(f'drop database if exists "{row["datname"]}" with (force)')
        shutil.rmtree(FOLDER / row["datname"], ignore_errors=True)


def _fingerprint() -> str:
    """Of the day too, for the story is told from the day on which it is played."""
    content = sha256(datetime.now(HELSINKI).date().isoformat().encode())
    for folder in MADE_OF:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in {".py", ".toml", ".po", ".json", ".csv"} and NOT_MADE_OF not in path.parents:
                content.update(path.read_bytes())
    return content.hexdigest()[:12]
