"""Pictures as they are kept. What belongs to whom is tested with proposals."""

import json

import pytest

from service.core.errors import NotFound
from service.pictures import actions, queries
from tests import make


async def test_a_picture_is_kept_in_two_sizes_and_told_to_whom_sent_it(session):
    aino = await make.resident(session)

    picture = await actions.store(session, make.photo(size=(2_000, 1_000)), by=aino)

    assert (picture.width, picture.height) == (1_600, 800)
    full = await queries.content(session, picture.id, "full")
    small = await queries.content(session, picture.id, "small")
    assert len(small) < len(full)
    (told,) = await queries.of_person(session, aino.id)
    assert told["address"] == f"/pictures/{picture.id}.webp"
    assert json.dumps(told)


async def test_a_removed_picture_is_gone(session):
    picture = await actions.store(session, make.photo(), by=await make.resident(session))

    await actions.remove(session, picture.id)

    with pytest.raises(NotFound):
        await queries.content(session, picture.id, "full")
