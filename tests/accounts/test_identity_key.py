"""One person has one account: the key that addresses are known by may be lost, but is never made anew."""

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select, text

from service.accounts import actions
from service.accounts.models import Account
from service.core.actor import System
from service.core.deployment import IdentityKeyIsAnother
from service.core.keys import KeyStore
from tests import make
from tests.test_operator import puntari

ADDRESS = "aino@posti.example"


async def open_account(session, keys):
    return await actions.open_account(session, keys, ADDRESS, language="fi", by=System("test"))


@pytest.fixture
async def known(own_database, tmp_path):
    """A database with one person in it, and her key."""
    keys = KeyStore(tmp_path / "keys")
    async with own_database.transaction() as session:
        await open_account(session, keys)
    return keys


async def test_under_the_same_key_the_account_is_found_again(own_database, known):
    async with own_database.transaction() as session:
        await open_account(session, known)
        assert len((await session.exec(select(Account))).all()) == 1


@pytest.mark.parametrize("has_another", [True, False])
async def test_under_another_key_or_none_nobody_gets_a_second_account(
    own_database, known, tmp_path, has_another
):
    other = KeyStore(tmp_path / "other")
    if has_another:
        other.instance("identity")
    for act in (
        lambda session: open_account(session, other),
        lambda session: actions.request_code(session, other, ADDRESS, language="fi"),
    ):
        with pytest.raises(IdentityKeyIsAnother):
            async with own_database.transaction() as session:
                await act(session)
    async with own_database.transaction() as session:
        assert len((await session.exec(select(Account))).all()) == 1
    assert other.has_instance("identity") is has_another, "no key is made where one was lost"


async def test_the_database_itself_holds_to_one_address_and_one_key(own_database, known):
    with pytest.raises(IntegrityError):
        async with own_database.transaction() as session:
            await make.account(session, email=ADDRESS)
    for value in ("'\\x00'", "null"):
        with pytest.raises(DBAPIError, match="known by another key"):
            async with own_database.transaction() as session:
                await session.exec(text(f"update deployment set identity_fingerprint = {value}"))


@pytest.mark.parametrize("part", ["serve", "work"])
async def test_no_part_starts_with_another_key(own_url, known, tmp_path, part):
    done = puntari(tmp_path, part, DATABASE_URL=own_url, KEY_FOLDER=str(tmp_path / "other"))
    assert done.returncode == 2
    assert "identity.key" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "other" / "identity.key").exists()
