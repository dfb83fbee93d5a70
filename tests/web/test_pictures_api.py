"""Pictures through the API and at their addresses."""

import struct
import zlib

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.pictures.models import Picture
from service.processes.models import Activity
from service.proposals import actions, queries
from service.proposals.models import State
from tests import make

DAY = "public, max-age=86400, immutable"


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE])


@pytest.fixture
async def aino(session):
    return await make.resident(session)


@pytest.fixture
async def draft(session, process, aino):
    return await make.proposal(session, process, aino, state=State.DRAFT)


@pytest.fixture
def at(process, draft):
    return f"/api/v1/processes/{process.slug}/proposals/{draft.number}/picture"


@pytest.fixture
async def enter(client, session):
    async def enter(person):
        client.headers["X-CSRF-Token"] = await make.signed_in(client, session, person)

    return enter


@pytest.fixture
async def as_aino(client, enter, aino):
    await enter(aino)
    return client


def empty_png(side):
    """A PNG of this many pixels a side, small as a file."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes((side + 7) // 8 + 1) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


async def kept(session):
    return (await session.exec(select(Picture.id))).all()


async def test_a_picture_is_sent_as_the_body_or_in_a_form(client, session, at, enter, aino):
    await enter(aino)
    raw = await client.put(at, content=make.photo(), params={"alt": "Vihreä"})
    form = await client.put(
        at, files={"picture": ("kuva.png", make.photo("red"), "image/png")}, params={"alt": "Punainen"}
    )

    assert (raw.status_code, form.status_code) == (200, 200)
    assert (raw.json()["picture_alt"], form.json()["picture_alt"]) == ("Vihreä", "Punainen")
    assert [str(one) for one in await kept(session)] == [form.json()["picture_id"]]

    assert (await client.delete(at)).status_code == 204
    assert await kept(session) == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"hello", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
        (empty_png(20_000), 422),
        (bytes(10 * 1024 * 1024 + 1), 422),
        (bytes(30 * 1024 * 1024), 413),
    ],
    ids=["nothing", "words", "svg", "400 million pixels", "just over 10 MB", "30 MB"],
)
async def test_what_is_no_picture_of_ours_is_refused_and_the_draft_kept(
    as_aino, session, at, draft, content, status
):
    answer = await as_aino.put(at, content=content)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert await kept(session) == []
    await session.refresh(draft)
    assert (draft.picture_id, draft.state) == (None, State.DRAFT)


async def test_a_form_without_the_file_is_refused(client, at, enter, aino):
    await enter(aino)

    answer = await client.put(at, files={"other": ("kuva.png", make.photo(), "image/png")})

    assert (answer.status_code, answer.json()["field"]) == (422, "picture")


async def test_a_published_picture_is_everybodys_for_a_year_and_one_that_waits_is_its_authors_alone(
    client, session, process, draft, aino, enter
):
    await actions.attach_picture(session, draft, make.photo(), "Vihreä", by=aino)
    await session.commit()
    full, small = f"/pictures/{draft.picture_id}.webp", f"/pictures/{draft.picture_id}-small.webp"
    assert (await client.get(full)).status_code == 404
    await enter(aino)
    for address in (full, small):
        own = await client.get(address)
        assert (own.status_code, own.headers["cache-control"]) == (200, "private, no-store")

    moderator = await make.staff(session, Role.MODERATOR, process)
    await actions.submit(session, draft, by=aino)
    await actions.publish(session, draft, version=draft.version, by=moderator)
    await session.commit()
    client.cookies.clear()

    for address in (full, small):
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == DAY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.content[:4] + answer.content[8:12] == b"RIFFWEBP"


async def test_a_picture_waiting_for_a_moderator_is_at_its_address_for_them(
    client, session, process, aino, enter
):
    proposal = await make.proposal(session, process, aino)
    await actions.attach_picture(session, proposal, make.photo(), "Vihreä", by=aino)
    waiting = await queries.waiting_edit(session, proposal)
    await session.commit()

    assert (await client.get(f"/pictures/{waiting.picture_id}.webp")).status_code == 404
    await enter(await make.staff(session, Role.MODERATOR, process))
    assert (await client.get(f"/pictures/{waiting.picture_id}.webp")).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "x.webp",
        "00000000-0000-0000-0000-000000000000.webp",
        "00000000-0000-0000-0000-000000000000.jpg",
        "00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000000-large.webp",
        "%00.webp",
        "..%2f..%2fetc%2fpasswd",
    ],
)
async def test_other_addresses_of_pictures_are_not_found(client, name):
    assert (await client.get(f"/pictures/{name}")).status_code == 404
