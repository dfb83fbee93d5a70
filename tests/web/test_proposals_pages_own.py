"""What an author does on pages after publication: changing, withdrawing, sharing; and the own page."""

from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.moderation import actions as moderation
from service.moderation.models import Decision, Ground, Kind
from service.notifications import actions as notifications
from service.processes.models import Activity
from service.proposals import actions, queries
from service.proposals.models import Coauthor, Content, Idea, Proposal, State
from tests import make
from tests.web.visitor import Visitor, hidden, words

TEXT = "Torilta terveysasemalle on kilometri, eikä matkalla ole yhtään paikkaa istahtaa."


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE])


@pytest.fixture
def visitor(client, session, process):
    return Visitor(client, session, f"/fi/processes/{process.slug}/proposals")


@pytest.fixture
async def aino(session, visitor, instance):
    aino = await make.resident(session, name="Aino K.", email="aino@posti.example", keys=instance.keys)
    await visitor.enter(aino)
    return aino


@pytest.fixture
async def public(session, process, aino):
    return await make.proposal(session, process, aino, title="Penkkejä rantaan", text=TEXT)


@pytest.fixture
async def draft(session, process, aino):
    return await actions.start(
        session, process, Content(title="Luonnokseni", text=TEXT), nonce=uuid4(), by=aino
    )


def fields(public, **changes):
    return {"version": str(public.version), "title": public.title, "text": public.text, **changes}


# --- changing what is published


async def test_a_change_waits_for_a_moderator_and_everybody_reads_the_old_text(session, visitor, public):
    page = await visitor.get(f"/{public.number}/edit")
    assert 'value="Penkkejä rantaan"' in page.text
    sent = fields(
        public,
        version=hidden(page, "version"),
        text=TEXT + " Ja kaide.",
        note="Lisäsin kaiteen.",
        cost_wish="900",
    )
    answer = await visitor.post(f"/{public.number}/edit", **sent)
    assert answer.headers["location"].endswith("-penkkeja-rantaan?done=edited")
    shown = words(await visitor.get(answer.headers["location"]))
    assert "Muutoksesi odottaa tarkistusta." in shown
    assert "Ja kaide." not in shown
    edit = await queries.waiting_edit(session, public)
    assert (edit.text, edit.note, edit.cost_wish_cents) == (TEXT + " Ja kaide.", "Lisäsin kaiteen.", 90_000)
    assert "Muutoksesi odottaa tarkistusta" in words(await visitor.get("/fi/me"))


async def test_a_mistaken_change_keeps_what_was_typed(visitor, public):
    page = await visitor.post(
        f"/{public.number}/edit", **fields(public, title="", text="Lyhyt", note="Siksi")
    )
    assert page.status_code == 422
    assert "Kirjoita ehdotukselle otsikko." in words(page)
    assert "Lyhyt</textarea>" in page.text
    assert 'value="Siksi"' in page.text


async def test_two_who_change_at_once_see_both(session, visitor, public, aino):
    seen = fields(public)
    theirs = Idea(**{**public.content(), "title": "Toisen muutos"})
    await actions.edit(session, public, theirs, version=public.version, note="", by=aino)
    page = await visitor.post(f"/{public.number}/edit", **{**seen, "title": "Oma muutos"})
    assert page.status_code == 409
    assert "Toisen muutos" in words(page)
    assert 'value="Oma muutos"' in page.text
    answer = await visitor.post(
        f"/{public.number}/edit", **{**seen, "title": "Oma muutos", "version": hidden(page, "version")}
    )
    assert answer.status_code == 303


async def test_a_returned_change_has_its_reason_on_top(session, visitor, public, aino):
    theirs = Idea(**{**public.content(), "title": "Muutettu otsikko"})
    await actions.edit(session, public, theirs, version=public.version, note="", by=aino)
    decision = Decision(kind=Kind.RETURN, ground=Ground.UNCLEAR, reason="Kerro lisää kaiteesta.")
    await moderation.decide(
        session, public, decision, version=public.version, by=await make.staff(session, Role.MODERATOR)
    )
    for page in (f"/{public.number}", f"/{public.number}/edit"):
        assert "Kerro lisää kaiteesta." in words(await visitor.get(page))
    assert "Muutoksesi palautettiin sinulle: Penkkejä rantaan" in words(await visitor.get("/fi/me"))
    await visitor.enter(await make.resident(session))
    assert "Kerro lisää kaiteesta." not in words(await visitor.get(f"/{public.number}"))


async def test_a_change_is_dropped_after_a_question(session, visitor, public, aino):
    theirs = Idea(**{**public.content(), "title": "Muutettu otsikko"})
    await actions.edit(session, public, theirs, version=public.version, note="", by=aino)
    assert "Poista muutos" in words(await visitor.get(f"/{public.number}/edit/discard"))
    assert await queries.waiting_edit(session, public) is not None
    await visitor.post(f"/{public.number}/edit/discard")
    assert await queries.waiting_edit(session, public) is None


# --- withdrawing and deleting


async def test_a_published_proposal_is_withdrawn_after_a_question(session, visitor, public):
    assert "Ehdotus jää luettavaksi" in words(await visitor.get(f"/{public.number}/withdraw"))
    assert public.state is State.PUBLISHED
    answer = await visitor.post(f"/{public.number}/withdraw")
    assert "Ehdotus on peruttu." in words(await visitor.get(answer.headers["location"]))
    await session.refresh(public)
    assert public.state is State.WITHDRAWN


async def test_a_draft_is_deleted_after_a_question(session, visitor, draft):
    assert "poistetaan lopullisesti" in words(await visitor.get(f"/{draft.number}/discard"))
    answer = await visitor.post(f"/{draft.number}/discard")
    assert answer.headers["location"] == "/fi/me?done=draft-deleted"
    assert "Luonnos on poistettu." in words(await visitor.get("/fi/me?done=draft-deleted"))
    assert (await session.exec(select(Proposal))).all() == []


@pytest.mark.parametrize("act", ["edit", "edit/discard", "withdraw", "picture", "coauthors", "take-back"])
async def test_nobody_else_acts_on_it(session, visitor, public, act):
    for person in (await make.resident(session), await make.staff(session, Role.MODERATOR)):
        await visitor.enter(person)
        assert (
            await visitor.post(f"/{public.number}/{act}", **fields(public, title="Kaapattu"))
        ).status_code == 404
    visitor.leave()
    assert (await visitor.post(f"/{public.number}/{act}")).status_code == 403
    await session.refresh(public)
    assert (public.title, public.state) == ("Penkkejä rantaan", State.PUBLISHED)


# --- together with others


async def test_a_person_is_asked_and_becomes_co_author(session, visitor, draft, instance):
    answer = await visitor.post(f"/{draft.number}/coauthors", email="Irja@Posti.example")
    assert answer.headers["location"] == f"{visitor.home}/{draft.number}/coauthors?done=asked"
    assert "Ei ole vielä vastannut" in words(await visitor.get(answer.headers["location"]))

    irja = await make.resident(session, name="", email="irja@posti.example", keys=instance.keys)
    await visitor.enter(irja)
    assert (await visitor.get(f"/{draft.number}")).status_code == 404
    own = await visitor.get("/fi/me")
    assert "Sinua pyydetään yhteisehdottajaksi: Luonnokseni" in words(own)
    (asked,) = (await session.exec(select(Coauthor))).all()
    here = f"/fi/me/invitations/{asked.id}"
    assert here in own.text

    page = await visitor.post(here, accept="yes")
    assert page.status_code == 422
    assert (await visitor.post(here, accept="yes", name="Irja")).headers["location"] == "/fi/me?done=joined"
    assert (await visitor.get(f"/{draft.number}/write/idea")).status_code == 200
    assert "Luonnokseni" in words(await visitor.get("/fi/me"))

    page = await visitor.get(f"/{draft.number}/coauthors")
    assert "Lopeta yhteisehdottajana" in words(page)
    assert (await visitor.post(here, decline="yes")).status_code == 303
    assert (await visitor.get(f"/{draft.number}/write/idea")).status_code == 404


async def test_who_declines_is_shown_as_such_to_the_author_alone(session, visitor, draft, instance, aino):
    await visitor.post(f"/{draft.number}/coauthors", email="irja@posti.example")
    (asked,) = (await session.exec(select(Coauthor))).all()
    await visitor.enter(await make.resident(session, email="irja@posti.example", keys=instance.keys))
    assert (await visitor.post(f"/fi/me/invitations/{asked.id}", decline="yes")).headers[
        "location"
    ] == "/fi/me?done=declined"
    await visitor.enter(aino)
    assert "On kieltäytynyt" in words(await visitor.get(f"/{draft.number}/coauthors"))


async def test_a_question_can_be_taken_away(session, visitor, draft):
    await visitor.post(f"/{draft.number}/coauthors", email="irja@posti.example")
    (asked,) = (await session.exec(select(Coauthor))).all()
    await visitor.post(f"/{draft.number}/coauthors/{asked.id}/remove")
    assert (await session.exec(select(Coauthor))).all() == []


@pytest.mark.parametrize("email", ["", "no address", "aino@posti.example"])
async def test_an_address_that_cannot_be_asked_stays_in_its_field(visitor, draft, email):
    page = await visitor.post(f"/{draft.number}/coauthors", email=email)
    assert page.status_code == 422
    assert 'id="email-error"' in page.text
    assert f'value="{email}"' in page.text


async def test_an_invitation_is_for_the_one_who_is_asked(session, visitor, draft):
    await visitor.post(f"/{draft.number}/coauthors", email="irja@posti.example")
    (asked,) = (await session.exec(select(Coauthor))).all()
    await visitor.enter(await make.resident(session))
    assert (await visitor.get(f"/fi/me/invitations/{asked.id}")).status_code == 404
    assert (await visitor.post(f"/fi/me/invitations/{asked.id}", accept="yes")).status_code == 404
    assert (await visitor.get(f"/fi/me/invitations/{uuid4()}")).status_code == 404


# --- the own page


async def test_the_own_page_lists_own_and_followed_proposals(session, process, visitor, public, draft, aino):
    other = await make.proposal(session, process, title="Toisen ehdotus")
    await notifications.follow(session, other, by=aino)
    shown = words(await visitor.get("/fi/me"))
    assert shown.index("Ehdotuksesi") < shown.index("Penkkejä rantaan")
    assert "Ehdotukset, joita seuraat Toisen ehdotus" in shown
    assert "Dina förslag" in words(await visitor.get("/sv/me"))
