"""Two editors at the same moment, in transactions that really commit."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.core.keys import KeyStore
from service.core.text import Localized
from service.pictures.models import Picture
from service.processes.models import Process
from service.results import actions, queries
from service.results.models import Milestone, Step
from service.results.rules import MilestoneChangedMeanwhile
from tests import make

COUNTED = timedelta(days=11)


def saying(words):
    return Step(title=Localized(fi=words))


@pytest.fixture
async def process(own_database, tmp_path):
    async with own_database.transaction() as session:
        process, _ = await make.counted(session, KeyStore(tmp_path), [1])
        return process


@pytest.fixture
async def editors(own_database, process):
    async with own_database.transaction() as session:
        return [await make.staff(session, Role.EDITOR, process) for _ in range(2)]


@pytest.fixture
async def milestone(own_database, process, editors):
    async with own_database.transaction(shift=COUNTED) as session:
        return await actions.add_milestone(session, process, 1, saying("Alku"), nonce=uuid4(), by=editors[0])


@pytest.fixture
def at_once(own_database, process, editors, milestone):
    """Both editors have read the milestone before either acts. What each got, None where it was refused."""

    async def run(act):
        both_have_read = asyncio.Barrier(2)

        async def one(editor, first):
            async with own_database.transaction(shift=COUNTED) as session:
                read = await session.get_one(Process, process.id)
                await queries.milestone(session, process.id, milestone.id)
                await both_have_read.wait()
                try:
                    return await act(session, read, editor, first=first)
                except MilestoneChangedMeanwhile:
                    return None

        return await asyncio.gather(one(editors[0], first=True), one(editors[1], first=False))

    return run


async def test_of_two_who_change_a_milestone_at_once_one_is_told_of_the_other(
    own_database, milestone, at_once
):
    async def change(session, process, editor, *, first):
        step = saying("Yksi" if first else "Kaksi")
        return await actions.change_milestone(session, process, milestone.id, step, version=1, by=editor)

    [saved] = [one for one in await at_once(change) if one]

    async with own_database.transaction(read_only=True) as session:
        kept = await session.get_one(Milestone, milestone.id)
    assert (kept.version, kept.title) == (2, saved.title)


async def test_of_two_pictures_at_once_one_is_kept_and_none_is_left_over(own_database, milestone, at_once):
    async def illustrate(session, process, editor, *, first):
        photo = make.photo("green" if first else "red")
        return await actions.illustrate(
            session, process, milestone.id, photo, "Teline.", version=1, by=editor
        )

    [shown] = [one for one in await at_once(illustrate) if one]

    async with own_database.transaction(read_only=True) as session:
        assert (await session.exec(select(Picture.id))).all() == [shown.picture_id]


async def test_a_milestone_sent_twice_at_once_is_one(own_database, process, editors):
    nonce = uuid4()

    async def add():
        async with own_database.transaction(shift=COUNTED) as session:
            read = await session.get_one(Process, process.id)
            made = await actions.add_milestone(session, read, 1, saying("Sama"), nonce=nonce, by=editors[0])
            await asyncio.sleep(0.05)  # the other writes before this one commits
            return made.id

    first, second = await asyncio.gather(add(), add())

    assert first == second
