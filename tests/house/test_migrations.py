"""Migrations have one head, say the same as the tables, and go down and up again."""

import asyncio

from alembic import command
from alembic.script import ScriptDirectory

from service import migrate
from tests.database import TestServer


async def test_migrations_have_one_head_and_no_drift_and_go_down_one_and_down_all_and_up(
    server: TestServer,
) -> None:
    url = await server.copy("puntari_migrations")
    configuration = migrate.configuration(url)
    folder = ScriptDirectory.from_config(configuration)
    assert len(folder.get_heads()) == 1
    await asyncio.to_thread(command.check, configuration)

    head = folder.get_revision("head")
    for target in (str(head.down_revision), "base"):
        await migrate.downgrade(url, target)
        await migrate.upgrade(url)

    await asyncio.to_thread(command.check, configuration)
    await server.drop("puntari_migrations")
