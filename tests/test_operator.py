"""The operator's commands say in a sentence what is missing, and the exit code says whose turn it is."""

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from service import migrate
from tests.database import TestServer
from tests.live import PUNTARI, free_port

APPOINT = ["staff", "add", "a@posti.example", "--role", "editor"]


def puntari(place: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """In a folder without a .env."""
    known = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "KEY_FOLDER"}}
    return subprocess.run(
        [PUNTARI, *arguments],
        cwd=place,
        env={**known, "VAR_FOLDER": str(place), "KEY_FOLDER": str(place / "keys"), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("part", ["serve", "work"])
def test_a_part_alone_needs_a_database_and_says_so(tmp_path: Path, part: str) -> None:
    done = puntari(tmp_path, part)
    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL is empty.")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, command: str) -> None:
    done = puntari(tmp_path, command, DATABASE_URL="mysql://a:geheim@b/c", PORT="many")
    assert done.returncode == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["DATABASE_URL", "PORT"]
    assert "geheim" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [["run"], ["work", "--again"], ["migrate"], APPOINT, ["tally", "a-process"]],
    ids=" ".join,
)
def test_a_database_that_does_not_answer_is_told_of(tmp_path: Path, command: list[str]) -> None:
    away = f"postgresql://puntari:geheim@127.0.0.1:{free_port()}/puntari"
    done = puntari(tmp_path, *command, DATABASE_URL=away, PORT=str(free_port()))
    assert done.returncode == 2
    assert done.stderr == "The database does not answer: ConnectionRefusedError.\n"


@pytest.mark.parametrize("command", [["serve"], ["work"], APPOINT], ids=" ".join)
async def test_a_database_without_tables_is_to_be_migrated_first(
    server: TestServer, tmp_path: Path, command: list[str]
) -> None:
    async with server.copy("template1") as empty:
        done = puntari(tmp_path, *command, DATABASE_URL=empty, PORT=str(free_port()))
    assert done.returncode == 2
    assert "run `puntari migrate`" in done.stderr
    assert len(done.stderr.splitlines()) == 1


async def test_a_web_server_does_not_start_before_the_newest_migration(own_url: str, tmp_path: Path) -> None:
    await migrate.downgrade(own_url, "-1")
    done = puntari(tmp_path, "serve", DATABASE_URL=own_url, PORT=str(free_port()))
    assert done.returncode == 2
    assert "run `puntari migrate`" in done.stderr


async def test_a_database_that_a_newer_version_migrated_is_not_behind(session: AsyncSession) -> None:
    assert not migrate.is_behind(await migrate.revision(session))
    await session.exec(text("update alembic_version set version_num = '9999_of_tomorrow'"))  # type: ignore[call-overload]
    assert not migrate.is_behind(await migrate.revision(session))


def test_a_migration_that_is_not_there_is_named(tmp_path: Path, own_url: str) -> None:
    done = puntari(tmp_path, "migrate", "0999_nothing", DATABASE_URL=own_url)
    assert done.returncode == 2
    assert "0999_nothing" in done.stderr
    assert "Traceback" not in done.stderr
