"""Writing a proposal on pages without script: from the idea to sent, and what happens to what was typed when it cannot be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.moderation import actions as moderation
from service.moderation.models import Decision, Ground, Kind
from service.processes.models import Activity, Phase
from service.proposals import actions, search
from service.proposals.models import AuthorKind, Content, Proposal, State
from tests import make
from tests.web.visitor import Visitor, h1, hidden, title, words

TITLE = "Penkkejä Puistokadulle"
TEXT = "Torilta terveysasemalle on kilometri, eikä matkalla ole yhtään paikkaa istahtaa."


@pytest.fixture
async def places(session):
    return await make.area(session, "Harbour"), await make.category(session, "Parks")


@pytest.fixture
async def process(session, places):
    area, category = places
    open_to = [Activity.PROPOSE, Activity.SUPPORT]
    return await make.process(
        session, open_to=open_to, pots=[(area, 100), (None, 100)], categories=[category]
    )


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
    return await actions.start(session, process, Content(title=TITLE, text=TEXT), nonce=uuid4(), by=aino)


async def proposals(session):
    return (await session.exec(select(Proposal).execution_options(populate_existing=True))).all()


async def close(session, process):
    phase = (await session.exec(select(Phase).where(Phase.process_id == process.id))).one()
    phase.closes_at -= timedelta(days=20)
    phase.opens_at -= timedelta(days=20)
    await session.flush()


async def test_from_the_idea_to_sent(session, visitor, aino, places):
    area, category = places
    page = await visitor.get("/new")
    assert "Vaihe 1/5" in words(page)
    answer = await visitor.post("/new", nonce=hidden(page, "nonce"), title=TITLE, text=TEXT)
    assert answer.status_code == 303
    here = answer.headers["location"].removesuffix("/write/place")

    page = await visitor.get(f"{here}/write/place")
    place = {"version": hidden(page, "version"), "address": "Puistokatu 3", "area_id": str(area.id)}
    answer = await visitor.post(f"{here}/write/place", **place)
    assert answer.headers["location"] == f"{here}/write/details"

    page = await visitor.get(f"{here}/write/details")
    details = {"version": hidden(page, "version"), "category_id": str(category.id), "cost_wish": "2 500,50 €"}
    answer = await visitor.post(f"{here}/write/details", **details)
    assert answer.headers["location"] == f"{here}/picture"
    assert f'href="{here}/write/author"' in (await visitor.get(f"{here}/picture")).text

    page = await visitor.get(f"{here}/write/author")
    author = {
        "version": hidden(page, "version"),
        "author_kind": "association",
        "organisation": "Pyöräilijät ry",
    }
    answer = await visitor.post(f"{here}/write/author", **author)
    assert answer.headers["location"] == f"{here}/coauthors"
    assert f'href="{here}/write/check"' in (await visitor.get(f"{here}/coauthors")).text

    shown = words(await visitor.get(f"{here}/write/check"))
    for value in (
        TITLE,
        "Puistokatu 3",
        "Harbour (fi)",
        "Parks (fi)",
        "2 501 €",
        "Pyöräilijät ry (yhdistys)",
    ):
        assert value in shown
    answer = await visitor.post(f"{here}/write/check")
    assert answer.headers["location"] == f"{here}/write/sent"
    assert h1(await visitor.get(f"{here}/write/sent")) == "Ehdotus on lähetetty"

    (sent,) = await proposals(session)
    assert (sent.state, sent.cost_wish_cents, sent.author_kind) == (
        State.SUBMITTED,
        250_050,
        AuthorKind.ASSOCIATION,
    )
    assert (sent.area_id, sent.category_id, sent.address) == (area.id, category.id, "Puistokatu 3")


async def test_a_form_sent_twice_makes_one_proposal(session, visitor, aino):
    nonce = hidden(await visitor.get("/new"), "nonce")
    first = await visitor.post("/new", nonce=nonce, title=TITLE, text=TEXT)
    second = await visitor.post("/new", nonce=nonce, title=TITLE, text=TEXT)
    assert first.headers["location"] == second.headers["location"]
    assert len(await proposals(session)) == 1


async def test_sent_twice_is_sent_once(session, visitor, draft):
    for _ in range(2):
        answer = await visitor.post(f"/{draft.number}/write/check")
        assert answer.headers["location"].endswith(f"/{draft.number}/write/sent")
    (sent,) = await proposals(session)
    assert sent.state is State.SUBMITTED


async def test_a_stranger_signs_in_first_and_comes_back(visitor, process):
    answer = await visitor.get("/new", follow=False)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"next=%2Ffi%2Fprocesses%2F{process.slug}%2Fproposals%2Fnew")


async def test_without_the_proof_no_draft_is_made(session, visitor, aino):
    visitor.proof = "wrong"
    assert (await visitor.post("/new", nonce=str(uuid4()), title=TITLE, text=TEXT)).status_code == 403
    assert await proposals(session) == []


async def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(session, visitor, aino):
    nonce = hidden(await visitor.get("/new"), "nonce")
    page = await visitor.post("/new", nonce=nonce, title="", text="Lyhyt & <b>")
    assert page.status_code == 422
    assert title(page).startswith("Virhe: Mitä ehdotat ja miksi? – Tee ehdotus – ")
    assert '<a class="ds-link" href="#title">Kirjoita ehdotukselle otsikko.</a>' in page.text
    assert 'id="title-error">Kirjoita ehdotukselle otsikko.' in page.text
    assert 'id="text-error">Kerro ehdotuksestasi vähän enemmän' in page.text
    assert "Lyhyt &amp; &lt;b&gt;</textarea>" in page.text
    assert hidden(page, "nonce") == nonce
    assert await proposals(session) == []

    long = "x" * 121
    page = await visitor.post("/new", nonce=nonce, title=long, text=TEXT)
    assert page.status_code == 422
    assert 'id="title-error"' in page.text
    assert f'value="{long}"' in page.text
    assert TEXT in page.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("paljon", "Kirjoita summa numeroina"),
        ("1.234", "Ei ole selvää"),
        ("-5", "Summa ei voi olla alle nollan."),
        ("9" * 30, "Summa on liian suuri."),
    ],
)
async def test_a_sum_that_cannot_be_read_stays_in_its_field(visitor, draft, typed, sentence):
    page = await visitor.post(f"/{draft.number}/write/details", version=str(draft.version), cost_wish=typed)
    assert page.status_code == 422
    assert sentence in words(page)
    assert f'value="{typed}"' in page.text


async def test_an_area_of_another_process_is_refused_beside_its_field(session, visitor, draft):
    foreign = await make.area(session, "Elsewhere")
    for value in (str(foreign.id), "nonsense"):
        page = await visitor.post(
            f"/{draft.number}/write/place", version=str(draft.version), address="Puistokatu", area_id=value
        )
        assert page.status_code == 422
        assert 'id="area_id-error"' in page.text
        assert 'value="Puistokatu"' in page.text


async def test_an_association_needs_its_name(visitor, draft):
    fields = {"version": str(draft.version), "author_kind": "association"}
    page = await visitor.post(f"/{draft.number}/write/author", **fields)
    assert page.status_code == 422
    assert "Kirjoita yhdistyksen tai yrityksen nimi." in words(page)
    assert 'value="association" checked' in page.text


async def test_an_unfinished_draft_can_be_left_and_is_on_the_own_page(session, visitor, aino):
    answer = await visitor.post("/new", nonce=str(uuid4()), title="Penkit", text="", later="yes")
    assert answer.headers["location"].endswith("/write/check?done=kept")
    page = await visitor.get(answer.headers["location"])
    assert "Luonnoksesi on tallennettu." in words(page)
    assert "Luonnos odottaa lähettämistä: Penkit" in words(await visitor.get("/fi/me"))

    page = await visitor.post(answer.headers["location"].removesuffix("?done=kept"))
    assert page.status_code == 422
    assert "Kerro, mitä ehdotat ja miksi." in words(page)
    (draft,) = await proposals(session)
    assert draft.state is State.DRAFT


async def test_a_change_from_the_last_page_leads_back_to_it(visitor, draft):
    page = await visitor.get(f"/{draft.number}/write/check")
    assert f'href="{visitor.home}/{draft.number}/write/place?then=check"' in page.text
    place = {"version": str(draft.version), "address": "Puistokatu 5"}
    answer = await visitor.post(f"/{draft.number}/write/place?then=check", **place)
    assert answer.headers["location"] == f"{visitor.home}/{draft.number}/write/check"


async def test_similar_proposals_come_after_the_idea(session, process, visitor, aino):
    other = await make.proposal(session, process, title="Penkkejä Puistokadun varrelle", text=TEXT)
    await search.index(session, other)
    answer = await visitor.post("/new", nonce=str(uuid4()), title=TITLE, text=TEXT)
    assert answer.headers["location"].endswith("/write/similar")
    page = await visitor.get(answer.headers["location"])
    assert f'href="{visitor.home}/{other.number}-penkkeja-puistokadun-varrelle"' in page.text
    assert "Omani on erilainen, jatka" in words(page)


async def test_two_who_write_at_once_see_both_texts(session, visitor, draft, aino):
    seen = draft.version
    theirs = Content(**{**draft.content(), "title": "Toisen kirjoittajan otsikko"})
    await actions.save(session, draft, theirs, version=seen, by=aino)
    page = await visitor.post(
        f"/{draft.number}/write/idea", version=str(seen), title="Oma otsikkoni", text=TEXT
    )
    assert page.status_code == 409
    assert "Joku toinen muutti tekstiä samaan aikaan." in words(page)
    assert "Toisen kirjoittajan otsikko" in words(page)
    assert 'value="Oma otsikkoni"' in page.text
    answer = await visitor.post(
        f"/{draft.number}/write/idea", version=hidden(page, "version"), title="Oma otsikkoni", text=TEXT
    )
    assert answer.status_code == 303
    assert (await proposals(session))[0].title == "Oma otsikkoni"


async def test_when_proposing_closes_while_one_writes_the_text_is_shown_to_be_copied(
    session, process, visitor, aino
):
    nonce = hidden(await visitor.get("/new"), "nonce")
    await close(session, process)
    page = await visitor.post("/new", nonce=nonce, title=TITLE, text=TEXT)
    assert page.status_code == 409
    assert h1(page) == "Ehdotuksia ei oteta nyt vastaan"
    assert f'value="{TITLE}" readonly' in page.text
    assert f"{TEXT}</textarea>" in page.text
    assert await proposals(session) == []


async def test_a_draft_is_kept_and_can_be_written_on_when_proposing_has_closed(
    session, process, visitor, draft
):
    await close(session, process)
    later = await make.process(session)
    await make.phase(session, later, [Activity.PROPOSE], opens_in=timedelta(days=3))
    page = await visitor.post(f"/{draft.number}/write/check")
    assert page.status_code == 409
    assert TEXT in page.text
    assert "Voit ehdottaa taas" in words(page)
    idea = {"version": str(draft.version), "title": TITLE + " nyt", "text": TEXT}
    assert (await visitor.post(f"/{draft.number}/write/idea", **idea)).status_code == 303
    page = await visitor.get(f"/{draft.number}/write/check")
    assert "Lähetä ehdotus" not in words(page)


async def test_what_moved_on_while_one_wrote_shows_the_text_too(session, visitor, draft, aino):
    seen = draft.version
    await actions.submit(session, draft, by=aino)
    page = await visitor.post(
        f"/{draft.number}/write/idea", version=str(seen), title="Myöhässä kirjoitettu", text=TEXT
    )
    assert page.status_code == 409
    assert 'value="Myöhässä kirjoitettu" readonly' in page.text


async def test_a_returned_proposal_has_the_reason_on_top_of_each_page(session, visitor, draft, aino):
    await actions.submit(session, draft, by=aino)
    decision = Decision(kind=Kind.RETURN, ground=Ground.UNCLEAR, reason="Kerro, mihin penkit tulisivat.")
    await moderation.decide(
        session, draft, decision, version=draft.version, by=await make.staff(session, Role.MODERATOR)
    )
    for page in ("write/idea", "write/place", "write/check", "picture"):
        assert "Kerro, mihin penkit tulisivat." in words(await visitor.get(f"/{draft.number}/{page}"))
    assert "Perustelu koskee tätä" in words(await visitor.get(f"/{draft.number}/write/check"))
    assert (await visitor.post(f"/{draft.number}/write/check")).status_code == 303


async def test_who_has_no_name_yet_gives_it_before_sending(session, process, visitor):
    nobody = await make.resident(session, name="")
    await visitor.enter(nobody)
    draft = await actions.start(session, process, Content(title=TITLE, text=TEXT), nonce=uuid4(), by=nobody)
    page = await visitor.post(f"/{draft.number}/write/check")
    assert page.status_code == 422
    assert "Kirjoita nimi, joka näkyy tekstisi yhteydessä." in words(page)
    step = f"/{draft.number}/write/author"
    author = {"version": str(draft.version), "author_kind": "person", "name": " "}
    page = await visitor.post(step, **author)
    assert (page.status_code, '<a class="ds-link" href="#name">' in page.text) == (422, True)
    assert "Ohita tämä" not in words(page)
    assert (await visitor.post(step, **author, later="yes")).status_code == 303
    await session.refresh(draft)
    author |= {"version": str(draft.version), "name": " Aino K. "}
    assert (await visitor.post(f"/{draft.number}/write/author", **author)).status_code == 303
    assert (await visitor.post(f"/{draft.number}/write/check")).status_code == 303
    (sent,) = await proposals(session)
    assert sent.author_name == "Aino K."


STEPS = [
    "write/idea",
    "write/place",
    "write/details",
    "write/author",
    "write/check",
    "picture",
    "coauthors",
    "discard",
]


@pytest.mark.parametrize("step", STEPS)
async def test_anothers_draft_is_not_found_by_its_address(session, visitor, draft, step):
    await visitor.enter(await make.resident(session))
    assert (await visitor.get(f"/{draft.number}/{step}")).status_code == 404
    assert (
        await visitor.post(f"/{draft.number}/{step}", title="Kaapattu ehdotus", text=TEXT)
    ).status_code == 404
    await visitor.enter(await make.staff(session, Role.MODERATOR))
    assert (await visitor.get(f"/{draft.number}/{step}")).status_code == 404
    assert (await proposals(session))[0].title == TITLE


async def test_no_other_page_of_writing_is_there(visitor, draft):
    for step in ("write/nothing", "write/picture", "write/coauthors", "write/IDEA"):
        assert (await visitor.get(f"/{draft.number}/{step}")).status_code == 404


async def test_a_proposal_in_review_is_taken_back_to_be_changed(session, visitor, draft, aino):
    await actions.submit(session, draft, by=aino)
    answer = await visitor.post(f"/{draft.number}/take-back")
    assert answer.headers["location"].endswith("/write/check?done=taken-back")
    assert (await proposals(session))[0].state is State.DRAFT


async def test_the_text_is_in_the_language_of_the_page_it_was_written_on(session, process, visitor, aino):
    visitor.home = visitor.home.replace("/fi/", "/sv/")
    page = await visitor.get("/new")
    assert h1(page) == "Vad föreslår du och varför?"
    await visitor.post(
        "/new",
        nonce=hidden(page, "nonce"),
        title="Bänkar till Parkgatan",
        text="Det finns ingen bänk på vägen.",
    )
    (draft,) = await proposals(session)
    assert draft.language == "sv"
