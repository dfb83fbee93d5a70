"""The picture of a proposal: a form of its own, so that a refused file takes nothing with it."""

import struct
import zlib
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.pictures.models import Picture
from service.processes.models import Activity
from service.proposals import actions, queries
from service.proposals.models import Content, Proposal
from tests import make
from tests.web.visitor import Visitor, h1, words

TEXT = "Torilta terveysasemalle on kilometri, eikä matkalla ole yhtään paikkaa istahtaa."


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE])


@pytest.fixture
def visitor(client, session, process):
    return Visitor(client, session, f"/fi/processes/{process.slug}/proposals")


@pytest.fixture
async def aino(session, visitor):
    aino = await make.resident(session, name="Aino K.")
    await visitor.enter(aino)
    return aino


@pytest.fixture
async def draft(session, process, aino):
    content = Content(title="Penkkejä Puistokadulle", text=TEXT)
    return await actions.start(session, process, content, nonce=uuid4(), by=aino)


def file(content, name="kuva.png"):
    return {"picture": (name, content, "image/png")}


def png_of(width, height):
    """A picture that says it is this large and holds nothing."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


async def kept(session):
    return (await session.exec(select(Proposal).execution_options(populate_existing=True))).one()


async def test_a_picture_is_sent_then_described(session, visitor, draft):
    answer = await visitor.post(f"/{draft.number}/picture", files=file(make.photo()))
    assert answer.headers["location"] == f"{visitor.home}/{draft.number}/picture?done=picture"
    page = await visitor.get(answer.headers["location"])
    assert h1(page) == "Mitä kuvassa on?"
    picture_id = (await kept(session)).picture_id
    assert f'src="/pictures/{picture_id}-small.webp"' in page.text

    page = await visitor.post(f"/{draft.number}/picture", picture_alt="  ", version="0")
    assert page.status_code == 422
    assert "Kerro sanoin, mitä kuvassa on" in words(page)
    assert f'src="/pictures/{picture_id}-small.webp"' in page.text

    version = str((await kept(session)).version)
    answer = await visitor.post(
        f"/{draft.number}/picture", picture_alt="Puupenkki lehmusten alla", version=version
    )
    assert answer.headers["location"] == f"{visitor.home}/{draft.number}/write/author"
    assert (await kept(session)).picture_alt == "Puupenkki lehmusten alla"


async def test_a_picture_without_its_description_is_not_sent_to_the_city(session, visitor, draft):
    await visitor.post(f"/{draft.number}/picture", files=file(make.photo()))
    page = await visitor.post(f"/{draft.number}/write/check")
    assert page.status_code == 422
    assert '<a class="ds-link" href="#picture_alt">' in page.text
    assert 'id="picture_alt"' in page.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"this is no picture", "Tiedostoa ei voitu lukea kuvana."),
        (b"%PDF-1.7 text", "Tämän tyyppistä kuvaa ei voi käyttää."),
        (png_of(20_000, 20_000), "Kuvassa on liikaa kuvapisteitä."),
        (b"\0" * (11 * 1024 * 1024), "Kuva on liian suuri. Enimmäiskoko on 10 Mt."),
    ],
)
async def test_a_refused_file_is_told_beside_its_field_and_the_text_is_safe(
    session, visitor, draft, content, sentence
):
    page = await visitor.post(f"/{draft.number}/picture", files=file(content))
    assert page.status_code == 422
    assert sentence in words(page)
    assert '<a class="ds-link" href="#picture">' in page.text
    assert 'id="picture-error"' in page.text
    assert "Tiedosto on valittava uudelleen. Mitään muuta ei kadonnut." in words(page)
    left = await kept(session)
    assert (left.picture_id, left.text) == (None, TEXT)


async def test_a_refused_file_leaves_the_picture_that_is_there(session, visitor, draft):
    await visitor.post(f"/{draft.number}/picture", files=file(make.photo()))
    before = (await kept(session)).picture_id
    page = await visitor.post(f"/{draft.number}/picture", files=file(b"nothing"))
    assert page.status_code == 422
    assert f'src="/pictures/{before}-small.webp"' in page.text
    assert (await kept(session)).picture_id == before


async def test_30_megabytes_are_refused_unread_with_the_way_back_to_the_form(session, visitor, draft):
    page = await visitor.post(f"/{draft.number}/picture", files=file(b"\0" * 30_000_000))
    assert page.status_code == 413
    assert f'href="{visitor.home}/{draft.number}/picture">Takaisin lomakkeeseen</a>' in page.text
    assert (await kept(session)).text == TEXT


async def test_sending_nothing_says_what_to_do(visitor, draft):
    page = await visitor.post(f"/{draft.number}/picture", files=file(b"", name=""))
    assert page.status_code == 422
    assert "Valitse ensin kuva tai jatka ilman kuvaa." in words(page)
    assert "Mitään ei kadonnut." in words(page)
    assert (await visitor.post(f"/{draft.number}/picture")).status_code == 422


async def test_a_picture_is_removed_with_its_file(session, visitor, draft):
    await visitor.post(f"/{draft.number}/picture", files=file(make.photo()))
    answer = await visitor.post(f"/{draft.number}/picture", remove="yes", picture_alt="", version="0")
    assert answer.headers["location"].endswith("done=picture-removed")
    assert (await kept(session)).picture_id is None
    assert (await session.exec(select(Picture))).all() == []


async def test_a_new_picture_of_a_published_proposal_waits_and_the_public_sees_the_old_one(
    session, process, visitor, aino
):
    public = await make.proposal(session, process, aino, title="Penkkejä rantaan", text=TEXT)
    await visitor.post(f"/{public.number}/picture", files=file(make.photo()))
    edit = await queries.waiting_edit(session, public)
    assert (edit.picture_id is not None, (await kept(session)).picture_id) == (True, None)
    version = str((await kept(session)).version)
    answer = await visitor.post(f"/{public.number}/picture", picture_alt="Penkki", version=version)
    assert answer.headers["location"] == f"{visitor.home}/{public.number}/edit"
    await session.refresh(edit)
    assert edit.picture_alt == "Penkki"
    await visitor.enter(await make.resident(session))
    assert "p-picture" not in (await visitor.get(f"/{public.number}")).text
    assert (await visitor.get(f"/pictures/{edit.picture_id}.webp")).status_code == 404


async def test_only_its_writers_and_moderators_see_the_picture_of_a_draft(session, visitor, draft, aino):
    await visitor.post(f"/{draft.number}/picture", files=file(make.photo()))
    picture = f"/pictures/{(await kept(session)).picture_id}-small.webp"
    assert (await visitor.get(picture)).headers["cache-control"] == "private, no-store"
    await visitor.enter(await make.resident(session))
    assert (await visitor.get(picture)).status_code == 404
    await visitor.enter(await make.staff(session, Role.MODERATOR))
    assert (await visitor.get(picture)).status_code == 404
    await actions.submit(session, await _described(session, draft, aino), by=aino)
    assert (await visitor.get(picture)).status_code == 200


async def _described(session, draft, aino):
    content = Content(**{**draft.content(), "picture_alt": "Penkki"})
    await session.refresh(draft)
    return await actions.save(session, draft, content, version=draft.version, by=aino)


async def test_without_the_proof_no_picture_is_kept(session, visitor, draft):
    visitor.proof = ""
    assert (await visitor.post(f"/{draft.number}/picture", files=file(make.photo()))).status_code == 403
    assert (await kept(session)).picture_id is None
