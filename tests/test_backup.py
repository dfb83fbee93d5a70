"""A backup is restored into another database, as docs/operators.md says, and everybody finds their account."""

import json
import stat
import subprocess
import tarfile

import asyncpg
import pytest
from sqlmodel import select

from service.accounts import actions
from service.accounts.models import Account
from service.audit.models import Entry
from service.core.actor import System
from service.core.database import Database
from service.core.keys import KeyStore
from service.core.settings import CHECKOUT
from service.embedded import program
from tests.test_operator import puntari

ADDRESS = "aino@posti.example"


async def sign_up(database: Database, keys: KeyStore) -> Account:
    async with database.transaction() as session:
        return await actions.open_account(session, keys, ADDRESS, language="fi", by=System("test"))


@pytest.fixture
async def place(own_url, own_database, tmp_path):
    account = await sign_up(own_database, KeyStore(tmp_path / "keys"))
    return account, {"DATABASE_URL": own_url, "KEY_FOLDER": str(tmp_path / "keys")}


async def test_a_backup_is_restored_elsewhere(server, place, tmp_path):
    account, settings = place
    done = puntari(tmp_path, "backup", "kept", "--json", **settings)
    assert done.returncode == 0, done.stderr
    files = {name: tmp_path / path for name, path in json.loads(done.stdout).items()}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}

    async with server.copy("template0") as elsewhere:
        command = [
            program("pg_restore"),
            "--no-owner",
            "--exit-on-error",
            "--dbname",
            elsewhere,
            files["database"],
        ]
        subprocess.run(command, check=True, capture_output=True)
        with tarfile.open(files["keys"]) as archive:
            archive.extractall(tmp_path / "restored", filter="data")
        database, keys = Database(elsewhere), KeyStore(tmp_path / "restored" / "keys")
        assert (await sign_up(database, keys)).id == account.id
        async with database.transaction() as session:
            [entry] = (await session.exec(select(Entry))).all()
            assert entry.action == "account.opened"
        connection = await asyncpg.connect(elsewhere)
        with pytest.raises(asyncpg.PostgresError):  # the rules of the database came along
            await connection.execute("delete from audit_entry")
        await connection.close()
        await database.close()


async def test_neither_file_holds_what_is_in_the_other(place, tmp_path):
    _, settings = place
    done = puntari(tmp_path, "backup", "kept", "--json", **settings)
    files = {name: tmp_path / path for name, path in json.loads(done.stdout).items()}
    key = (tmp_path / "keys" / "identity.key").read_bytes()
    sql = subprocess.run(
        [program("pg_restore"), "--file=-", files["database"]], check=True, capture_output=True
    )

    assert key.hex().encode() not in sql.stdout
    assert key in files["keys"].read_bytes()
    assert ADDRESS.encode() in sql.stdout
    assert ADDRESS.encode() not in files["keys"].read_bytes()


async def test_a_database_that_does_not_answer_is_told(tmp_path):
    url = "postgresql://puntari:geheim@127.0.0.1:1/puntari"
    done = puntari(tmp_path, "backup", "kept", DATABASE_URL=url)
    assert done.returncode == 2
    assert "geheim" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_operators_guide_says_how() -> None:
    guide = (CHECKOUT / "docs" / "operators.md").read_text()
    assert "puntari backup" in guide
    assert "pg_restore --no-owner --exit-on-error" in guide
