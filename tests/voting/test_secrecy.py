"""Nobody can tell from the whole database whose ballot is whose: docs/decisions/0002-secrecy.md.

Forty residents vote over HTTP with real commits. A reader then joins every row of every table with every other by
transaction, by value and by order. That the reader can find something is shown by planting it.
"""

import random
import secrets
from datetime import timedelta
from functools import partial

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from sqlalchemy import text

from service.audit import actions as audit
from service.core.actor import Resident, System
from service.core.keys import digest
from service.voting import actions, box, jobs, seal
from tests import linkage
from tests.voting.booth import booth

N = 40
CHANCE = 8  # a random order puts one in its place on average; eight or more in one of 100,000


@pytest.fixture(scope="module")
async def made(server, tmp_path_factory):
    projects = [(None, 100_00)] * 12
    async with booth(server, tmp_path_factory.mktemp("keys"), projects=projects) as made:
        made.voters = await made.voters(N)
        made.chosen = unlike_selections()
        for voter, numbers in zip(made.voters, made.chosen, strict=True):
            await voter.open()
            await voter.choose(*numbers)
            await voter.cast(*numbers)
        yield made


def unlike_selections():
    """Each voter chooses what nobody else does, so that a choice names its voter to the test."""
    chance, found = random.Random(2), set()
    while len(found) < N:
        found.add(tuple(sorted(chance.sample(range(1, 13), chance.randint(1, 5)))))
    return chance.sample(sorted(found), N)


@pytest.fixture(scope="module")
async def dump(made):
    return await read(made)


async def read(made):
    async with made.instance.database.transaction(read_only=True) as session:
        return await linkage.Dump.of(session)


def people(made):
    """Of each voter: account, address, digest of the address and of the session's token."""
    return {
        voter.email: {str(voter.account_id), voter.email, voter.sign_in_digest.hex()} for voter in made.voters
    }


def known_to_the_box(made, voter):
    return seal.Voter.of(
        Resident(voter.account_id, "", "fi"), voter.sign_in_digest, made.instance.keys, made.process.id
    )


def owners_in_the_box(made):
    """The truth, from the keys: whose row of the box is whose."""
    return {voter.email: known_to_the_box(made, voter).pseudonym for voter in made.voters}


def right(guesses, owners, column="pseudonym"):
    """How many of the guesses are right."""
    return sum(
        any(row.values[column] == owners[person] for row in guesses.get(person, [])) for person in owners
    )


def most_by_order(dump, table, made, owners, column="pseudonym"):
    found = linkage.by_order(dump, table, people(made))
    return max((right(guesses, owners, column), how) for how, guesses in found.items())


async def test_the_reader_sees_every_table_and_every_voter(made, dump):
    tables = {
        "account",
        "session",
        "audit_entry",
        "pgqueuer",
        "electoral_roll",
        "ballot_draft",
        "ballot_box",
        "vote",
    }

    assert tables <= dump.tables
    assert {row.values["pseudonym"] for row in dump.of_table("ballot_box")} == set(
        owners_in_the_box(made).values()
    )
    for table in ("account", "session", "electoral_roll"):
        found = [linkage.named(row, people(made)) for row in dump.of_table(table)]
        assert sum(map(len, found)) >= N


async def test_no_transaction_joins_a_ballot_to_anything(made, dump):
    assert right(linkage.by_transaction(dump, "ballot_box", people(made)), owners_in_the_box(made)) == 0
    of_box = {transaction for row in dump.of_table("ballot_box") for transaction in row.transactions}
    of_the_rest = {transaction for row in dump.beside("ballot_box") for transaction in row.transactions}
    assert of_box & of_the_rest == set()
    assert len(of_box) >= N


async def test_no_transaction_joins_a_draft_to_anything(dump):
    of_drafts = {transaction for row in dump.of_table("ballot_draft") for transaction in row.transactions}
    of_the_rest = {transaction for row in dump.beside("ballot_draft") for transaction in row.transactions}

    assert of_drafts & of_the_rest == set()


async def test_no_value_joins_a_ballot_to_a_person(made, dump):
    for table in ("ballot_box", "ballot_draft"):
        assert linkage.by_value(dump, table, people(made)) == {}


async def test_the_order_of_the_rows_tells_nothing_once_the_box_is_mixed(made):
    """People who come one after another leave an order; mixing wipes it out and keeps every ballot."""
    owners, before = owners_in_the_box(made), await read(made)
    places = dict(linkage.orders(before, "ballot_box"))
    assert places["place"] == places["transaction"]  # as they came
    assert most_by_order(before, "ballot_box", made, owners)[0] == N

    async with made.instance.database.transaction() as session:
        await jobs.mix(made.instance, session)

    after = await read(made)
    content = [sorted(str(row.values) for row in each.of_table("ballot_box")) for each in (before, after)]
    assert content[0] == content[1]
    assert len({row.xmin for row in after.of_table("ballot_box")}) == 1
    assert most_by_order(after, "ballot_box", made, owners)[0] < CHANCE


async def test_a_row_planted_in_the_casting_transaction_names_every_voter(made, monkeypatch):
    """The same reader finds N of N when a cast does what it must not: write an audit entry beside the ballot."""

    async def careless(cast, session, process_id, pseudonym, mark, sealed):
        stored = await cast(session, process_id, pseudonym, mark, sealed)
        who = next(voter for voter in made.voters if known_to_the_box(made, voter).pseudonym == pseudonym)
        await audit.record(session, "ballot.cast", by=Resident(who.account_id, "", "fi"), public=False)
        return stored

    monkeypatch.setattr(box, "cast", partial(careless, box.cast))
    for voter, numbers in zip(made.voters, made.chosen, strict=True):
        await voter.cast(*numbers)

    planted = await read(made)

    assert right(linkage.by_transaction(planted, "ballot_box", people(made)), owners_in_the_box(made)) == N
    monkeypatch.undo()
    for voter, numbers in zip(made.voters, made.chosen, strict=True):
        await voter.cast(*numbers)
    assert (
        right(linkage.by_transaction(await read(made), "ballot_box", people(made)), owners_in_the_box(made))
        == 0
    )


async def test_neither_box_nor_drafts_nor_count_has_a_time_or_a_number_that_grows(made):
    async with made.instance.database.transaction(read_only=True) as session:
        columns = await session.exec(
            text(
                "select table_name, column_name, data_type, column_default from information_schema.columns "
                "where table_name in ('ballot_box', 'ballot_draft', 'counted_ballot', 'electoral_roll')"
            )
        )
        rows = columns.all()
        triggers = await session.exec(
            text(
                "select count(*) from pg_trigger where tgrelid in ('ballot_box'::regclass, 'ballot_draft'::regclass)"
            )
        )

    assert {row.data_type for row in rows} <= {"uuid", "bytea", "ARRAY"}
    assert {row.column_default for row in rows} == {None}
    assert triggers.scalar_one() == 0


async def test_sealed_ballots_and_drafts_are_of_one_length_whatever_was_chosen(dump):
    for table in ("ballot_box", "ballot_draft"):
        assert len({len(row.values["sealed"]) for row in dump.of_table(table)}) == 1


async def test_a_dump_and_the_drafts_key_open_nothing_of_the_box(made, dump):
    """The drafts' key opens the drafts it was made for, and not one ballot, tried in every way it could be a key."""
    draft_key = made.instance.keys.read(made.process.id, "draft")
    voters = [known_to_the_box(made, voter) for voter in made.voters]
    rows = dump.of_table("ballot_box")
    candidates = [draft_key]
    for voter in voters:
        candidates += [voter.draft_pseudonym, digest(draft_key, b"seal", voter.draft_pseudonym)]
        candidates += [digest(draft_key, b"pseudonym", made.process.id.bytes, voter.sign_in_digest)]
    candidates += [digest(draft_key, b"seal", row.values["pseudonym"]) for row in rows]

    assert not {row.values["pseudonym"] for row in rows} & set(candidates)
    for key in candidates:
        for row in rows:
            for opener in (SecretBox(key), SealedBox(PrivateKey(key))):
                with pytest.raises(CryptoError):
                    opener.decrypt(row.values["sealed"])
    drafts = {row.values["draft_pseudonym"]: row.values["sealed"] for row in dump.of_table("ballot_draft")}
    assert all(
        voter.draft_seal.open(voter.draft_pseudonym, drafts[voter.draft_pseudonym]) for voter in voters
    )


async def test_once_counted_nothing_in_the_database_tells_who_chose_what(made):
    """Last of the file: the vote closes, is counted, and its keys go."""
    owners = {voter.email: list(numbers) for voter, numbers in zip(made.voters, made.chosen, strict=True)}
    receipts = [
        (await voter.client.get(f"{voter.address}/receipt")).json()["receipt"] for voter in made.voters
    ]
    await made.pass_time(timedelta(days=11))
    database, keys = made.instance.database, made.instance.keys
    async with database.transaction() as session:
        await actions.open_box(session, made.process, keys=keys, by=System("test"))
    async with database.transaction() as session:
        await actions.destroy_keys(session, made.process, keys=keys, by=System("test"))

    after = await read(made)

    assert sorted(row.values["projects"] for row in after.of_table("counted_ballot")) == sorted(
        owners.values()
    )
    assert {"ballot_box", "ballot_draft", "electoral_roll"} & after.tables == set()
    assert right(linkage.by_transaction(after, "counted_ballot", people(made)), owners, "projects") == 0
    assert linkage.by_value(after, "counted_ballot", people(made)) == {}
    best, how = most_by_order(after, "counted_ballot", made, owners, "projects")
    assert best < CHANCE, how
    kept = " ".join(row.words for row in after.rows)
    assert not [code for code in receipts if code in kept or code.replace("-", "") in kept]


async def test_a_count_in_the_order_of_the_box_would_name_every_voter(server, tmp_path, monkeypatch):
    """What the random order of the receipts' digests is for."""
    monkeypatch.setattr("service.voting.count.sorted", lambda pairs, **_: pairs, raising=False)
    monkeypatch.setattr(seal, "receipt_digest", lambda _: secrets.token_bytes(32))
    async with booth(server, tmp_path / "keys", projects=[(None, 100)] * 12) as made:
        made.voters, made.chosen = await made.voters(N), unlike_selections()
        for voter, numbers in zip(made.voters, made.chosen, strict=True):
            await voter.open()
            await voter.choose(*numbers)
            await voter.cast(*numbers)
        await made.pass_time(timedelta(days=11))
        async with made.instance.database.transaction() as session:
            await actions.open_box(session, made.process, keys=made.instance.keys, by=System("test"))
        owners = {voter.email: list(numbers) for voter, numbers in zip(made.voters, made.chosen, strict=True)}

        assert most_by_order(await read(made), "counted_ballot", made, owners, "projects")[0] == N
