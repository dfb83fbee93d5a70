"""Migrations have one head, say the same as the tables, and go down and up again."""

import asyncio

from alembic import command
from alembic.script import ScriptDirectory

from service import migrate


async def test_migrations_have_one_head_and_no_drift_and_go_down_one_and_down_all_and_up(
    own_url: str,
) -> None:
    configuration = migrate.configuration(own_url)
    folder = ScriptDirectory.from_config(configuration)
    assert len(folder.get_heads()) == 1
    await asyncio.to_thread(command.check, configuration)

    head = folder.get_revision("head")
    for target in (str(head.down_revision), "base"):
        await migrate.downgrade(own_url, target)
        await migrate.upgrade(own_url)

    await asyncio.to_thread(command.check, configuration)
