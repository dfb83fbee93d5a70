"""The moderators' desk in a browser: the queue, a decision and the next text, the second look, the public register."""

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.moderation import actions
from service.moderation.models import Complaint, Decision, Ground, Kind, Plea, Ruling
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals import search
from service.proposals.models import Idea, State
from tests import make
from tests.web.visitor import Visitor, hidden, words
from tests.web.visitor import title as title_of

REFUSE = Decision(kind=Kind.REFUSE, ground=Ground.ADVERTISING, reason="Teksti on mainos.")


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE, Activity.COMMENT])


@pytest.fixture
async def moderator(session, process):
    return await make.staff(session, Role.MODERATOR, process)


@pytest.fixture
async def visitor(client, session, moderator):
    visitor = Visitor(client, session, "/fi/desk/moderation")
    await visitor.enter(moderator)
    return visitor


async def submitted(session, process, **values):
    return await make.proposal(session, process, state=State.SUBMITTED, **values)


async def reported(session, thing, ground=Ground.INSULTING):
    """A proposal or comment with one report."""
    by, complaint = await make.resident(session), Complaint(ground=ground, text="Haukkuu ihmistä.")
    if hasattr(thing, "number"):
        await actions.report(session, thing, complaint, nonce=uuid4(), by=by)
    else:
        await actions.report_comment(session, thing.id, complaint, nonce=uuid4(), by=by)


async def decided(session):
    return (await session.exec(select(Ruling))).all()


def reason_in(page):
    return unescape(re.search(r'<textarea[^>]*id="reason"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL)[1])


# --- the queue


async def test_the_queue_says_what_waits_why_and_how_long_and_opens_the_oldest(session, process, visitor):
    first = await submitted(session, process, title="Ensimmäinen ehdotus")
    public = await make.proposal(session, process)
    comment = await make.comment(session, public.thread_id, text="Hölmö ehdotus.")
    await reported(session, comment)

    page = await visitor.get("")

    assert "2 tekstiä odottaa." in words(page)
    assert "Ensimmäinen ehdotus Uusi ehdotus" in words(page)
    assert "Hölmö ehdotus. Kommentista on ilmoittanut 1 ihminen: Loukkaavaa tai uhkaavaa" in words(page)
    assert (
        f'<a class="ds-button" href="/fi/desk/moderation/proposals/{first.id}">Avaa vanhin</a>' in page.text
    )


async def test_the_queue_is_sorted_as_asked_and_nonsense_is_the_usual_order(session, process, visitor):
    await submitted(session, process, title="Vanha ehdotus")
    await reported(session, await make.proposal(session, process, title="Mainos"))

    assert words(await visitor.get("?order=-since")).index("Mainos") < words(
        await visitor.get("?order=-since")
    ).index("Vanha ehdotus")
    for order in ("since", "matter", "process", "-process", "nonsense", "", "1' or"):
        page = await visitor.get(f"?order={order}&page=-3")
        assert page.status_code == 200
    assert 'aria-sort="descending"' in (await visitor.get("?order=-since")).text


async def test_an_empty_queue_says_so(visitor):
    assert "Jono on tyhjä. Kaikki on tarkistettu." in words(await visitor.get(""))


async def test_the_desk_of_today_counts_what_waits(session, process, visitor):
    await submitted(session, process)

    assert "Tarkistusjono 1 odottaa" in words(await visitor.get("/fi/desk"))


# --- a decision


async def test_a_decision_is_saved_and_the_next_oldest_text_opens(session, process, visitor):
    first, second = [await submitted(session, process) for _ in range(2)]
    page = await visitor.get(f"/proposals/{first.id}")

    answer = await visitor.post(f"/proposals/{first.id}", kind="publish", version=hidden(page, "version"))

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/fi/desk/moderation/proposals/{second.id}?done=next"
    assert "Ratkaisu on tallennettu. Tässä on seuraava." in words(
        await visitor.get(answer.headers["location"])
    )
    await session.refresh(first)
    assert first.state is State.PUBLISHED


async def test_after_the_last_decision_the_queue_is_shown(session, process, visitor):
    proposal = await submitted(session, process)

    answer = await visitor.post(f"/proposals/{proposal.id}", kind="publish", version=proposal.version)

    assert answer.headers["location"] == "/fi/desk/moderation?done=last"
    assert "Muuta ei ole jonossa." in words(await visitor.get(answer.headers["location"]))


@pytest.mark.parametrize(
    ("sent", "field", "mistake"),
    [
        ({}, "kind", "Valitse ratkaisu."),
        ({"kind": "return", "reason": "Kerro lisää."}, "ground", "Valitse ratkaisun peruste."),
        ({"kind": "refuse", "ground": "other", "reason": "   "}, "reason", "Kirjoita perustelu."),
        ({"kind": "nonsense", "reason": "Kerro lisää."}, "kind", ""),
        ({"kind": "return", "ground": "unclear", "reason": "x" * 2_001}, "reason", ""),
    ],
)
async def test_a_mistaken_form_is_kept_and_says_how_to_mend_it(
    session, process, visitor, sent, field, mistake
):
    proposal = await submitted(session, process)

    page = await visitor.post(f"/proposals/{proposal.id}", version=proposal.version, **sent)

    assert page.status_code == 422
    assert title_of(page).startswith("Virhe: ")
    assert mistake in words(page)
    assert f'<a class="ds-link" href="#{field}">' in page.text
    assert reason_in(page).strip() == sent.get("reason", "").strip()
    assert await decided(session) == []


async def test_a_template_is_added_in_the_authors_language_after_what_was_typed(session, process, visitor):
    proposal = await submitted(session, process, language="sv")

    page = await visitor.post(
        f"/proposals/{proposal.id}",
        kind="return",
        ground="unclear",
        reason="Hej!",
        step="template",
        version=proposal.version,
    )

    assert page.status_code == 200
    assert reason_in(page).startswith("Hej!\n\nDet framgår inte av texten")
    assert reason_in(page).endswith("Lägg till åtminstone en mening som berättar det.")
    assert 'value="return" checked' in page.text
    assert await decided(session) == []


async def test_a_template_needs_its_ground(session, process, visitor):
    proposal = await submitted(session, process)

    page = await visitor.post(f"/proposals/{proposal.id}", kind="return", step="template")

    assert "Valitse ratkaisun peruste." in words(page)


async def test_the_preview_shows_what_the_author_will_be_told_and_decides_nothing(session, process, visitor):
    proposal = await submitted(session, process, language="sv")

    page = await visitor.post(
        f"/proposals/{proposal.id}",
        kind="refuse",
        ground="advertising",
        reason="Texten är reklam.",
        step="preview",
        version=proposal.version,
    )

    assert page.status_code == 200
    shown = words(page)
    assert "Tämän kirjoittaja saa tietää Sähköpostissa: Ditt förslag publicerades inte" in shown
    assert shown.count("Texten är reklam.") == 2
    assert await decided(session) == []
    assert proposal.state is State.SUBMITTED


async def test_of_two_moderators_the_later_sees_what_happened_and_keeps_the_typed_words(
    session, process, visitor
):
    proposal = await submitted(session, process)
    seen = proposal.version
    other = await make.staff(session, Role.MODERATOR)
    await actions.decide(session, proposal, Decision(kind=Kind.PUBLISH), version=seen, by=other)

    page = await visitor.post(
        f"/proposals/{proposal.id}", kind="refuse", ground="other", reason="Pitkä perustelu.", version=seen
    )

    assert page.status_code == 409
    assert "Julkaistu" in words(page)
    assert len(await decided(session)) == 1
    assert "Ehdotus on jo edennyt" in words(page)


async def test_a_text_that_changed_meanwhile_is_shown_and_the_typed_reason_kept(session, process, visitor):
    author = await make.resident(session)
    proposal = await submitted(session, process, author=author)
    seen = proposal.version
    await proposals.take_back(session, proposal, by=author)
    proposal.text = "Uusi teksti, jota tarkistaja ei ole vielä lukenut."
    await proposals.submit(session, proposal, by=author)

    page = await visitor.post(
        f"/proposals/{proposal.id}", kind="return", ground="unclear", reason="Kerro lisää.", version=seen
    )

    assert page.status_code == 409
    assert "Uusi teksti, jota tarkistaja ei ole vielä lukenut." in words(page)
    assert reason_in(page) == "Kerro lisää."
    assert hidden(page, "version") == str(proposal.version)
    assert await decided(session) == []


async def test_a_change_is_shown_as_what_it_changes_and_decided_apart_from_the_public_text(
    session, process, visitor
):
    author = await make.resident(session)
    proposal = await make.proposal(
        session, process, author, title="Penkkejä", text="Torilta on kilometri matkaa."
    )
    idea = Idea(title="Penkkejä", text="Torilta on kaksi kilometriä matkaa.", address="Satamatie 12")
    await proposals.edit(session, proposal, idea, version=proposal.version, note="Mittasin.", by=author)

    page = await visitor.get(f"/proposals/{proposal.id}")

    assert "<del>" in page.text
    assert "<ins>" in page.text
    assert "Paikka (muutettu) Satamatie 12" in words(page)
    assert "Miksi muutettiin: Mittasin." in words(page)
    public = await visitor.get(f"/proposals/{proposal.id}/public")
    assert "kaksi kilometriä" not in words(public)
    assert 'value="hide"' in public.text
    await visitor.post(f"/proposals/{proposal.id}", kind="publish", version=hidden(page, "version"))
    await session.refresh(proposal)
    assert proposal.address == "Satamatie 12"


async def test_a_change_whose_picture_nobody_described_is_not_published_and_the_moderator_is_told(
    session, process, visitor
):
    aino = await make.resident(session)
    proposal = await make.proposal(session, process, aino)
    await proposals.attach_picture(session, proposal, make.photo(), "", by=aino)

    page = await visitor.post(f"/proposals/{proposal.id}", kind="publish", version=proposal.version)

    assert page.status_code == 409
    assert "Ehdottajalta puuttuu vielä jotain, esimerkiksi kuvan tekstivastine." in words(page)
    assert 'value="publish" checked' in page.text
    assert await decided(session) == []


async def test_similar_proposals_stand_beside_a_new_one(session, process, visitor):
    there = await make.proposal(session, process, title="Penkkejä Puistokadulle")
    await search.index(session, there)
    proposal = await submitted(session, process, title="Lisää penkkejä Puistokadulle")

    assert "Samankaltaisia ehdotuksia Penkkejä Puistokadulle" in words(
        await visitor.get(f"/proposals/{proposal.id}")
    )


async def test_script_in_a_text_is_shown_as_text(session, process, visitor):
    proposal = await submitted(session, process, text="<script>alert(1)</script> ja [x](javascript:alert(1))")

    page = await visitor.get(f"/proposals/{proposal.id}")

    assert "<script>alert" not in page.text
    assert "javascript:" not in re.sub(r"\(javascript:alert\(1\)\)", "", page.text)


# --- reports, hiding, restoring


async def test_a_reported_comment_is_hidden_and_found_again_and_restored(session, process, visitor):
    comment = await make.comment(session, (await make.proposal(session, process)).thread_id, text="Hölmö.")
    await reported(session, comment)
    page = await visitor.get(f"/comments/{comment.id}")
    assert "1 ilmoitus Loukkaavaa tai uhkaavaa" in words(page)
    assert "Haukkuu ihmistä." in words(page)

    await visitor.post(f"/comments/{comment.id}", kind="hide", ground="insulting", reason="Haukkuu ihmistä.")
    await session.refresh(comment)
    assert comment.hidden_at
    assert f'href="/fi/desk/moderation/comments/{comment.id}"' in (await visitor.get("/decided")).text

    assert 'value="restore" checked' in (await visitor.get(f"/comments/{comment.id}")).text
    await visitor.post(f"/comments/{comment.id}", kind="restore")
    await session.refresh(comment)
    assert comment.hidden_at is None


async def test_a_reported_proposal_is_kept_or_hidden_and_restored(session, process, visitor):
    proposal = await make.proposal(session, process)
    await reported(session, proposal)
    here = f"/proposals/{proposal.id}/public"

    answer = await visitor.post(here, kind="keep", version=proposal.version)
    assert answer.headers["location"].endswith("?done=last")
    await visitor.post(
        here, kind="hide", ground="unlawful", reason="Lain vastainen.", version=proposal.version
    )
    await session.refresh(proposal)
    assert proposal.state is State.NOT_PUBLISHED
    await visitor.post(here, kind="restore", version=proposal.version)
    await session.refresh(proposal)
    assert proposal.state is State.PUBLISHED
    assert [ruling.kind for ruling in await decided(session)] == [Kind.KEEP, Kind.HIDE, Kind.RESTORE]


# --- the second look


@pytest.fixture
async def appealed(session, process):
    """A refused proposal of another moderator's ruling, with its request for a second review."""
    author = await make.resident(session)
    proposal = await submitted(session, process, author=author, title="Kesäteatteri rantaan")
    first = await make.staff(session, Role.MODERATOR)
    ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=first)
    return proposal, await actions.appeal(session, ruling, Plea(text="Katsomo on kaikkien."), by=author)


async def test_another_moderator_reads_both_sides_and_puts_the_text_back(session, visitor, appealed):
    proposal, appeal = appealed
    assert "Kesäteatteri rantaan Pyyntö uudesta tarkistuksesta: Mainontaa" in words(await visitor.get(""))
    page = words(await visitor.get(f"/appeals/{appeal.id}"))
    assert "Teksti on mainos." in page
    assert "Katsomo on kaikkien." in page

    answer = await visitor.post(f"/appeals/{appeal.id}", upheld="false", reason="Teksti ei ole mainos.")

    assert answer.headers["location"] == "/fi/desk/moderation?done=last"
    await session.refresh(proposal)
    assert proposal.state is State.PUBLISHED
    assert "Ratkaisu muuttui" in words(await visitor.get(f"/appeals/{appeal.id}"))


async def test_a_second_look_has_template_and_preview_and_keeps_a_mistaken_form(session, visitor, appealed):
    _, appeal = appealed
    here = f"/appeals/{appeal.id}"

    empty = await visitor.post(here)
    assert empty.status_code == 422
    assert "Valitse ratkaisu." in words(empty)
    silent = await visitor.post(here, upheld="true", reason=" ")
    assert "Kirjoita perustelu." in words(silent)
    assert 'value="true" checked' in silent.text
    template = await visitor.post(here, upheld="false", step="template")
    assert reason_in(template).startswith("Teksti noudattaa sääntöjä")
    preview = await visitor.post(here, upheld="true", reason="Mainos se on.", step="preview")
    assert "Uusi tarkistus on valmis" in words(preview)
    assert len(await decided(session)) == 1


async def test_the_first_moderator_reads_and_is_told_that_another_decides(
    session, process, visitor, moderator
):
    author = await make.resident(session)
    proposal = await submitted(session, process, author=author)
    ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=moderator)
    appeal = await actions.appeal(session, ruling, Plea(text="Ei ole."), by=author)

    page = await visitor.get(f"/appeals/{appeal.id}")
    assert "Teit ensimmäisen ratkaisun itse." in words(page)
    assert "<form class" not in page.text.partition("<main")[2]
    answer = await visitor.post(f"/appeals/{appeal.id}", upheld="true", reason="Pysyy.")
    assert answer.status_code == 403


# --- who


def addresses(proposal, comment, appeal):
    return [
        "",
        "/decided",
        f"/proposals/{proposal.id}",
        f"/proposals/{proposal.id}/public",
        f"/comments/{comment.id}",
        f"/appeals/{appeal.id}",
    ]


async def test_only_moderators_open_the_desk_of_moderation(session, process, visitor, appealed):
    proposal, appeal = appealed
    comment = await make.comment(session, proposal.thread_id)
    every = addresses(proposal, comment, appeal)
    others = [await make.resident(session)]
    others += [await make.staff(session, role) for role in (Role.EVALUATOR, Role.EDITOR, Role.ADMINISTRATOR)]
    for person in others:
        await visitor.enter(person)
        assert {(await visitor.get(path)).status_code for path in every} == {403}
        for path in every[2:]:
            answer = await visitor.post(path, kind="hide", ground="other", reason="x", upheld="true")
            assert answer.status_code == 403

    visitor.leave()
    for path in every:
        answer = await visitor.get(path, follow=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/fi/sign-in?next=")


async def test_a_moderator_of_another_process_finds_nothing(session, process, visitor, appealed):
    proposal, appeal = appealed
    comment = await make.comment(session, proposal.thread_id)
    await visitor.enter(await make.staff(session, Role.MODERATOR, await make.process(session)))

    for path in addresses(proposal, comment, appeal)[2:]:
        assert (await visitor.get(path)).status_code == 404
        answer = await visitor.post(path, kind="hide", ground="other", reason="x", upheld="true")
        assert answer.status_code == 404
    assert proposal.title not in (await visitor.get("/decided")).text


async def test_a_form_without_its_proof_changes_nothing(session, process, visitor, appealed):
    proposal, appeal = appealed
    waiting = await submitted(session, process)
    comment = await make.comment(session, proposal.thread_id)
    visitor.proof = "0" * 128

    for path in addresses(waiting, comment, appeal)[2:]:
        answer = await visitor.post(path, kind="publish", version=waiting.version, upheld="true", reason="x")
        assert answer.status_code == 403
    assert len(await decided(session)) == 1


async def test_a_draft_is_nobodys_but_its_authors(session, process, visitor):
    draft = await make.proposal(session, process, state=State.DRAFT)

    assert (await visitor.get(f"/proposals/{draft.id}")).status_code == 404
    assert (await visitor.get(f"/proposals/{uuid4()}")).status_code == 404


async def test_ones_own_text_is_read_and_left_to_another(session, process, visitor, moderator):
    own = make.Resident(moderator.id, moderator.name, "fi")
    proposal = await submitted(session, process, author=own)

    assert "Tämä on oma tekstisi." in words(await visitor.get(f"/proposals/{proposal.id}"))
    answer = await visitor.post(f"/proposals/{proposal.id}", kind="publish", version=proposal.version)
    assert answer.status_code == 403


# --- the public register


@pytest.mark.parametrize(
    ("language", "heading", "outcome"),
    [
        ("fi", "Ratkaisuluettelo", "Ei julkaistu Mainontaa"),
        ("sv", "Förteckning över avgöranden", "Publiceras inte Reklam"),
        ("en", "Register of rulings", "Not published Advertising"),
    ],
)
async def test_anyone_reads_the_register_in_their_language(
    client, session, process, appealed, language, heading, outcome
):
    page = await client.get(f"/{language}/moderation")

    assert page.status_code == 200
    assert heading in words(page)
    assert outcome in words(page)


async def test_the_register_shows_an_appeal_and_neither_names_nor_words(client, session, process, appealed):
    page = words(await client.get("/fi/moderation"))

    assert "Odottaa" in page
    for secret in ("Kesäteatteri", "Teksti on mainos", "Katsomo", "Aino"):
        assert secret not in page


async def test_the_register_may_be_kept_for_everybody_and_is_read_by_kind_and_page(
    client, session, process, appealed
):
    page = await client.get("/fi/moderation")
    assert page.headers["cache-control"] == "private, no-cache"
    assert "set-cookie" not in page.headers

    assert "Mainontaa" in words(await client.get("/fi/moderation?kind=refuse"))
    for query in ("kind=nonsense", "page=0", "page=99", "page=x", "page=٣"):
        assert (await client.get(f"/fi/moderation?{query}")).status_code == 200


async def test_an_empty_register_says_so(client, session):
    assert "Ratkaisuja ei vielä ole." in words(await client.get("/fi/moderation"))
