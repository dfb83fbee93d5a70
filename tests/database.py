"""Databases for tests: one server, a migrated template made once, a copy of it for each test process."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path

import asyncpg

from service import migrate
from service.core.settings import CHECKOUT
from service.embedded import EmbeddedServer

TURN = 7_214_002  # advisory lock of whoever makes the template


class TestServer:
    """TEST_DATABASE_URL names a server where databases may be made; without it an embedded one in var/test."""

    __test__ = False

    def __init__(self) -> None:
        self.numbers = count()
        self.given = os.environ.get("TEST_DATABASE_URL", "")
        self.embedded = None if self.given else EmbeddedServer(CHECKOUT / "var" / "test", durable=False)

    def start(self) -> None:
        if self.embedded:
            self.embedded.start()

    def stop(self) -> None:
        if self.embedded and self.embedded.started:
            self.embedded.stop()

    def url(self, database: str) -> str:
        if self.embedded:
            return self.embedded.url(database)
        head, _, tail = self.given.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{database}" + (f"?{tail}" if tail else "")

    async def template(self) -> str:
        """The name of a database at the newest migration, marked as a test."""
        name = f"puntari_template_{_fingerprint()}"
        admin = await asyncpg.connect(self.url("postgres"))
        try:
            await admin.execute(f"select pg_advisory_lock({TURN})")
            if not await admin.fetchval("select 1 from pg_database where datname = $1", name):
                await admin.execute(f'drop database if exists "{name}_new" with (force)')  # of a broken run
                await admin.execute(f'create database "{name}_new"')
                await migrate.upgrade(self.url(f"{name}_new"))
                made = await asyncpg.connect(self.url(f"{name}_new"))
                await made.execute("update deployment set kind = 'test'")
                await made.close()
                await admin.execute(f'alter database "{name}_new" rename to "{name}"')
            await admin.execute(f"select pg_advisory_unlock({TURN})")
        finally:
            await admin.close()
        return name

    @asynccontextmanager
    async def copy(self, template: str = "") -> AsyncIterator[str]:
        """The address of a fresh database, migrated and empty unless it is made of another template; dropped afterwards."""
        name = f"puntari_test_{os.getpid()}_{next(self.numbers)}"
        await self._create(name, template or await self.template())
        try:
            yield self.url(name)
        finally:
            await self._drop(name)

    async def _create(self, name: str, template: str) -> None:
        admin = await asyncpg.connect(self.url("postgres"))
        try:
            await admin.execute(
                f"select pg_advisory_lock({TURN})"
            )  # a template can be copied by one at a time
            await admin.execute(f'drop database if exists "{name}" with (force)')
            await admin.execute(f'create database "{name}" template "{template}"')
        finally:
            await admin.close()
        return self.url(name)

    async def _drop(self, name: str) -> None:
        admin = await asyncpg.connect(self.url("postgres"))
        await admin.execute(f'drop database if exists "{name}" with (force)')
        await admin.close()


def _fingerprint() -> str:
    content = sha256()
    for path in sorted(Path(migrate.FOLDER).rglob("*.py")):
        content.update(path.read_bytes())
    return content.hexdigest()[:12]
