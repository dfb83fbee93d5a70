"""A proposal's picture: a step of its own, described in words, seen by those who may see the proposal."""

import pytest
from sqlmodel import select

from service.core.errors import NotFound
from service.core.pictures import NotAPicture, TooLarge, TooManyPixels
from service.pictures import queries as pictures
from service.pictures.models import Picture
from service.proposals import actions, queries, rules
from service.proposals.models import Idea
from tests import make


async def is_kept(session, picture_id):
    found = await session.exec(select(Picture.id).where(Picture.id == picture_id))
    return found.one_or_none() is not None


async def test_a_picture_is_kept_re_encoded_with_its_words(session, draft, aino):
    await actions.attach_picture(session, draft, make.photo(), "Puistokatu lehmusten alla", by=aino)

    assert draft.picture_alt == "Puistokatu lehmusten alla"
    for size in ("full", "small"):
        content = await pictures.content(session, draft.picture_id, size)
        assert content[:4] + content[8:12] == b"RIFFWEBP"


async def test_a_replaced_picture_is_removed(session, draft, aino):
    await actions.attach_picture(session, draft, make.photo("green"), "Vihreä", by=aino)
    first = draft.picture_id
    await actions.attach_picture(session, draft, make.photo("red"), "Punainen", by=aino)
    second = draft.picture_id

    assert not await is_kept(session, first)
    assert await is_kept(session, second)


async def test_a_picture_is_taken_away(session, draft, aino):
    await actions.attach_picture(session, draft, make.photo(), "Vihreä", by=aino)
    picture = draft.picture_id

    await actions.remove_picture(session, draft, by=aino)
    await actions.remove_picture(session, draft, by=aino)

    assert (draft.picture_id, draft.picture_alt) == (None, "")
    assert not await is_kept(session, picture)


async def test_a_picture_without_words_is_not_sent(session, draft, aino):
    await actions.attach_picture(session, draft, make.photo(), "", by=aino)

    with pytest.raises(rules.PictureNotDescribed):
        await actions.submit(session, draft, by=aino)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotAPicture),
        (b"hello", NotAPicture),
        (bytes(10 * 1024 * 1024 + 1), TooLarge),
    ],
)
async def test_what_is_no_picture_is_refused_and_the_one_before_stays(session, draft, aino, data, error):
    await actions.attach_picture(session, draft, make.photo(), "Vihreä", by=aino)
    before = draft.picture_id

    with pytest.raises(error):
        await actions.attach_picture(session, draft, data, "Toinen", by=aino)

    assert (draft.picture_id, draft.picture_alt) == (before, "Vihreä")


async def test_a_picture_of_400_million_pixels_is_refused_by_its_header(session, draft, aino):
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (20_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    with pytest.raises((TooManyPixels, NotAPicture)):
        await actions.attach_picture(session, draft, header, "Suuri", by=aino)


async def test_a_discarded_draft_takes_its_picture_along(session, draft, aino):
    await actions.attach_picture(session, draft, make.photo(), "Vihreä", by=aino)
    picture = draft.picture_id

    await actions.discard(session, draft, by=aino)

    assert not await is_kept(session, picture)


async def test_a_drafts_picture_is_seen_by_its_author_alone(session, draft, aino, moderator):
    await actions.attach_picture(session, draft, make.photo(), "Vihreä", by=aino)
    stranger = await make.resident(session)

    assert await queries.shows_picture(session, draft.picture_id, aino) is False
    for viewer in (None, stranger, moderator):
        assert await queries.shows_picture(session, draft.picture_id, viewer) is None


async def test_a_submitted_picture_is_seen_by_moderators_too_and_a_published_one_by_all(
    session, draft, aino, moderator
):
    await actions.attach_picture(session, draft, make.photo(), "Vihreä", by=aino)
    await actions.submit(session, draft, by=aino)
    assert await queries.shows_picture(session, draft.picture_id, moderator) is False
    assert await queries.shows_picture(session, draft.picture_id, None) is None

    await actions.publish(session, draft, version=draft.version, by=moderator)
    assert await queries.shows_picture(session, draft.picture_id, None) is True

    await actions.hide(session, draft, by=moderator)
    assert await queries.shows_picture(session, draft.picture_id, None) is None


@pytest.fixture
async def pictured(session, draft, aino, moderator):
    await actions.attach_picture(session, draft, make.photo("green"), "Vihreä", by=aino)
    await actions.submit(session, draft, by=aino)
    return await actions.publish(session, draft, version=draft.version, by=moderator)


async def test_a_new_picture_of_a_published_proposal_waits_and_the_public_sees_the_one_before(
    session, pictured, aino, moderator
):
    before = pictured.picture_id
    await actions.attach_picture(session, pictured, make.photo("red"), "Punainen", by=aino)
    waiting = await queries.waiting_edit(session, pictured)

    assert (pictured.picture_id, pictured.picture_alt) == (before, "Vihreä")
    assert waiting.picture_id != before
    assert await queries.shows_picture(session, before, None) is True
    assert await queries.shows_picture(session, waiting.picture_id, None) is None
    assert await queries.shows_picture(session, waiting.picture_id, aino) is False
    assert await queries.shows_picture(session, waiting.picture_id, moderator) is False


async def test_a_new_picture_without_words_is_not_published_and_waits_for_them(
    session, pictured, aino, moderator
):
    before = pictured.picture_id
    await actions.attach_picture(session, pictured, make.photo("red"), "", by=aino)

    with pytest.raises(rules.StillIncomplete):
        await actions.publish(session, pictured, version=pictured.version, by=moderator)
    assert (pictured.picture_id, pictured.picture_alt) == (before, "Vihreä")
    await actions.return_to_author(session, pictured, version=pictured.version, by=moderator)

    described = Idea.model_validate(pictured.content() | {"picture_alt": "Punainen"})
    await actions.edit(session, pictured, described, version=pictured.version, note="", by=aino)
    await actions.publish(session, pictured, version=pictured.version, by=moderator)

    assert pictured.picture_alt == "Punainen"


async def test_a_published_new_picture_takes_the_place_of_the_one_before(session, pictured, aino, moderator):
    before = pictured.picture_id
    await actions.attach_picture(session, pictured, make.photo("red"), "Punainen", by=aino)
    await actions.publish(session, pictured, version=pictured.version, by=moderator)

    assert pictured.picture_alt == "Punainen"
    assert await queries.shows_picture(session, pictured.picture_id, None) is True
    assert not await is_kept(session, before)
    assert [version.picture_alt for version in await queries.versions(session, pictured)] == [
        "Punainen",
        "Vihreä",
    ]


async def test_a_dropped_edit_takes_its_picture_along_and_leaves_the_public_one(
    session, pictured, aino, moderator
):
    public = pictured.picture_id
    await actions.attach_picture(session, pictured, make.photo("red"), "Punainen", by=aino)
    dropped = (await queries.waiting_edit(session, pictured)).picture_id

    await actions.refuse(session, pictured, version=pictured.version, by=moderator)

    assert not await is_kept(session, dropped)
    assert await is_kept(session, public)


async def test_a_picture_replaced_twice_before_it_is_seen_is_kept_once(session, pictured, aino):
    kept = []
    for colour in ("red", "blue"):
        await actions.attach_picture(session, pictured, make.photo(colour), colour, by=aino)
        kept.append((await queries.waiting_edit(session, pictured)).picture_id)

    assert not await is_kept(session, kept[0])
    assert await is_kept(session, kept[1])


async def test_removing_a_published_picture_waits_too(session, pictured, aino, moderator):
    public = pictured.picture_id
    await actions.remove_picture(session, pictured, by=aino)
    assert pictured.picture_id == public

    await actions.publish(session, pictured, version=pictured.version, by=moderator)

    assert pictured.picture_id is None
    assert not await is_kept(session, public)


async def test_an_edit_of_the_text_leaves_the_picture(session, pictured, aino, moderator):
    picture = pictured.picture_id
    idea = pictured.content() | {"title": "Penkkejä joka kadulle"}
    await actions.edit(
        session, pictured, Idea.model_validate(idea), version=pictured.version, note="", by=aino
    )
    await actions.publish(session, pictured, version=pictured.version, by=moderator)

    assert (pictured.title, pictured.picture_id) == ("Penkkejä joka kadulle", picture)
    assert await is_kept(session, picture)


async def test_a_picture_that_is_nowhere_is_not_found(session, draft):
    with pytest.raises(NotFound):
        await pictures.content(session, draft.id, "full")
    assert await queries.shows_picture(session, draft.id, None) is None
