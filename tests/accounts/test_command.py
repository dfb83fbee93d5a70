"""`puntari staff add`: how the first administrator comes to be."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from service.accounts.rules import sign_in_digest
from service.core.actor import Role
from service.core.database import Database
from service.core.keys import KeyStore
from service.processes import queries
from tests import make
from tests.live import PUNTARI


@pytest.fixture
async def place(own_url: str, tmp_path: Path):
    """A database and a key folder of one's own, as an operator has them."""
    return {**os.environ, "DATABASE_URL": own_url, "KEY_FOLDER": str(tmp_path / "keys")}


def puntari(place, *arguments):
    return subprocess.run(
        [PUNTARI, *arguments], env=place, capture_output=True, text=True, check=False, timeout=60
    )


async def test_the_first_administrator_is_made_before_anybody_signs_in(place):
    done = puntari(
        place, "staff", "add", "Leena@Kaupunki.example", "--role", "administrator", "--name", "Leena M.", "--json"
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "email": "leena@kaupunki.example",
        "role": "administrator",
        "process": None,
    }
    again = puntari(place, "staff", "add", "leena@kaupunki.example", "--role", "administrator")
    assert again.stdout == "leena@kaupunki.example is now administrator.\n"

    database = Database(place["DATABASE_URL"])
    async with database.transaction() as session:
        [(member, account, process)] = await queries.team(session, None)
    await database.close()
    assert (account.name, Role(member.role), process) == ("Leena M.", Role.ADMINISTRATOR, None)
    key = KeyStore(Path(place["KEY_FOLDER"])).instance("identity")
    assert account.sign_in_digest == sign_in_digest(key, "leena@kaupunki.example")


async def test_a_role_can_be_given_in_one_process(place):
    database = Database(place["DATABASE_URL"])
    async with database.transaction() as session:
        process = await make.process(session, slug="oma-2027")
    done = puntari(
        place, "staff", "add", "leena@kaupunki.example", "--role", "editor", "--process", "oma-2027"
    )
    assert done.returncode == 0, done.stderr

    async with database.transaction() as session:
        [(_, account, _)] = await queries.team(session, None)
        assert await queries.roles_of(session, account.id) == {Role.EDITOR: frozenset({process.id})}
    await database.close()


async def test_what_cannot_be_done_is_bad_input_and_changes_nothing(place):
    for arguments in (
        ("no-address", "--role", "editor"),
        ("leena@kaupunki.example", "--role", "resident"),
        ("leena@kaupunki.example", "--role", "editor", "--process", "unknown"),
    ):
        done = puntari(place, "staff", "add", *arguments)
        assert done.returncode == 2
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr
        assert done.stdout == ""

    database = Database(place["DATABASE_URL"])
    async with database.transaction() as session:
        assert await queries.team(session, None) == []
    await database.close()
