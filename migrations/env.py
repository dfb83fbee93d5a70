"""Alembic's entry. Each migration is one transaction; nobody waits long for a lock; two migrators take turns."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from service.core.database import Database
from service.tables import metadata

TURN = 7_214_001  # advisory lock of whoever migrates


def is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """PgQueuer keeps its own tables; the two one-row tables of the ground belong to migration 0001 alone."""
    return not (
        kind == "table" and (str(name).startswith("pgqueuer") or name in {"deployment", "public_revision"})
    )


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        include_object=is_ours,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run() -> None:
    database = Database(context.config.get_main_option("sqlalchemy.url") or "")
    async with database.engine.connect() as connection:
        await connection.execute(text(f"select pg_advisory_lock({TURN})"))
        await connection.execute(text("set lock_timeout = '5s'"))
        await connection.execute(text("set statement_timeout = '10min'"))
        await connection.commit()
        await connection.run_sync(migrate)
        await connection.execute(text(f"select pg_advisory_unlock({TURN})"))
        await connection.commit()
    await database.close()


asyncio.run(run())
