"""A lot and a count at the same moment, in transactions that really commit."""

import asyncio
from datetime import timedelta

import pytest

from service.core.actor import Role, System
from service.core.keys import KeyStore
from service.processes.models import Process
from service.results import actions, rules
from service.voting import queries as votes
from tests import make

CLOSED = timedelta(days=11)


@pytest.fixture
async def process(own_database):
    async with own_database.transaction() as session:
        return await make.vote(session)


@pytest.fixture
async def editor(own_database, process):
    async with own_database.transaction() as session:
        return await make.staff(session, Role.EDITOR, process)


@pytest.fixture
def publish(own_database, process, editor):
    async def publish(seed, both_have_read=None):
        async with own_database.transaction(shift=CLOSED) as session:
            read = await session.get_one(Process, process.id)
            if both_have_read:
                await both_have_read.wait()
            try:
                await actions.publish_lot(session, read, seed, by=editor)
            except (rules.LotIsPublished, rules.LotComesTooLate) as refusal:
                return type(refusal)

    return publish


async def lot(database, process):
    async with database.transaction(read_only=True) as session:
        return (await session.get_one(Process, process.id)).lot_seed


async def test_of_two_lots_at_once_one_is_published_and_stays(own_database, process, publish):
    both_have_read = asyncio.Event()
    first, second = (asyncio.create_task(publish(seed, both_have_read)) for seed in ("hauki 1", "ahven 2"))
    await asyncio.sleep(0.2)
    both_have_read.set()
    answers = [await first, await second]

    assert sorted(answers, key=bool) == [None, rules.LotIsPublished]
    assert await lot(own_database, process) == ("hauki 1", "ahven 2")[answers.index(None)]


async def test_no_lot_is_published_while_the_votes_are_counted(own_database, process, publish, tmp_path):
    async with own_database.transaction(shift=CLOSED) as session:
        read = await session.get_one(Process, process.id)
        result = await actions.count(session, read, keys=KeyStore(tmp_path), by=System("test"))
        publishing = asyncio.create_task(publish("hauki 1"))
        done, _ = await asyncio.wait([publishing], timeout=1)
        assert not done

    assert await asyncio.wait_for(publishing, 10) is rules.LotComesTooLate
    assert (result.lot_seed, await lot(own_database, process)) == (None, None)


async def test_the_count_knows_a_lot_that_was_published_after_its_page_was_opened(
    own_database, process, publish, tmp_path
):
    async with own_database.transaction(shift=CLOSED) as session:
        read = await session.get_one(Process, process.id)
        await publish("hauki 1")
        result = await actions.count(session, read, keys=KeyStore(tmp_path), by=System("test"))
        assert (await votes.vote(session, process.id)).counted_at

    assert result.lot_seed == "hauki 1"
