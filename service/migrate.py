"""Bring a database to the newest migration, and tell of one that has not been brought there.

Runs Alembic in a thread of its own, for its entry starts an event loop.
"""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

FOLDER = Path(__file__).resolve().parents[1] / "migrations"


class NotMigrated(Exception):
    """The tables are not there, or not as this version needs them."""


def configuration(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


async def upgrade(url: str, revision: str = "head") -> None:
    await asyncio.to_thread(command.upgrade, configuration(url), revision)


async def downgrade(url: str, revision: str) -> None:
    await asyncio.to_thread(command.downgrade, configuration(url), revision)


async def revision(session: AsyncSession) -> str:
    """The last migration this database has seen; empty where it has seen none."""
    if (await session.exec(text("select to_regclass('alembic_version')"))).scalar_one() is None:  # type: ignore[call-overload]
        return ""
    return (await session.exec(text("select version_num from alembic_version"))).scalar_one_or_none() or ""  # type: ignore[call-overload]


def is_behind(seen: str) -> bool:
    """Are there newer ones here? Of a revision that is not known here the database is ahead: a newer version has migrated it."""
    scripts = ScriptDirectory.from_config(configuration(""))
    known = [script.revision for script in scripts.walk_revisions()]
    return not seen or seen in known[1:]
