"""Discussion on a proposal's page, reports of what is unfit, and asking for a second look."""

from uuid import uuid4

import pytest
from sqlmodel import select

from service.comments.models import Comment
from service.core.actor import Role
from service.moderation import actions as moderation
from service.moderation.models import Appeal, Decision, Ground, Kind, Report
from service.processes.models import Activity, Phase
from service.proposals.models import State
from tests import make
from tests.web.visitor import Visitor, hidden, words


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE, Activity.COMMENT])


@pytest.fixture
def visitor(client, session, process):
    return Visitor(client, session, f"/fi/processes/{process.slug}/proposals")


@pytest.fixture
async def proposal(session, process):
    return await make.proposal(session, process, title="Penkkejä rantaan")


@pytest.fixture
async def irja(session, visitor):
    irja = await make.resident(session, name="Irja L.")
    await visitor.enter(irja)
    return irja


async def comments(session):
    return (await session.exec(select(Comment).execution_options(populate_existing=True))).all()


async def close(session, process):
    phase = (await session.exec(select(Phase).where(Phase.process_id == process.id))).one()
    phase.activities = [Activity.EVALUATE.value]
    await session.flush()


async def test_a_comment_is_written_and_stands_in_the_thread(session, visitor, proposal, irja):
    page = await visitor.get(f"/{proposal.number}")
    answer = await visitor.post(
        f"/{proposal.number}/comments", nonce=hidden(page, "nonce"), text="Hyvä **ajatus**."
    )
    (comment,) = await comments(session)
    assert answer.headers["location"].endswith(f"-penkkeja-rantaan?done=commented#comment-{comment.id}")
    page = await visitor.get(f"/{proposal.number}")
    assert "Keskustelu (1)" in words(page)
    assert "Hyvä <strong>ajatus</strong>." in page.text


async def test_the_same_form_twice_is_one_comment(session, visitor, proposal, irja):
    nonce = hidden(await visitor.get(f"/{proposal.number}"), "nonce")
    for _ in range(2):
        assert (
            await visitor.post(f"/{proposal.number}/comments", nonce=nonce, text="Hyvä ajatus.")
        ).status_code == 303
    assert len(await comments(session)) == 1


async def test_the_reply_form_opens_under_its_comment(session, visitor, proposal, irja):
    first = await make.comment(session, proposal.thread_id, text="Ensimmäinen")
    page = await visitor.get(f"/{proposal.number}")
    assert f'href="{visitor.home}/{proposal.number}-penkkeja-rantaan?reply={first.id}#reply"' in page.text
    page = await visitor.get(f"/{proposal.number}-penkkeja-rantaan?reply={first.id}")
    assert 'id="reply"' in page.text
    assert hidden(page, "parent_id") == str(first.id)
    await visitor.post(
        f"/{proposal.number}/comments", nonce=hidden(page, "nonce"), parent_id=str(first.id), text="Vastaan."
    )
    reply = next(each for each in await comments(session) if each.id != first.id)
    assert reply.parent_id == first.id
    page = await visitor.get(f"/{proposal.number}-penkkeja-rantaan?reply={uuid4()}")
    assert 'id="reply"' not in page.text


async def test_a_stranger_gets_links_to_sign_in_and_no_form(session, visitor, proposal):
    first = await make.comment(session, proposal.thread_id)
    page = await visitor.get(f"/{proposal.number}")
    assert "Kirjaudu ja kommentoi" in words(page)
    assert f"%3Freply%3D{first.id}%23reply" in page.text
    assert "<textarea" not in page.text


async def test_what_was_typed_comes_back_with_what_is_wrong(visitor, proposal, irja):
    page = await visitor.post(f"/{proposal.number}/comments", nonce=str(uuid4()), text=" ")
    assert page.status_code == 422
    assert 'id="text-error"' in page.text
    long = "pitkä " * 600
    page = await visitor.post(f"/{proposal.number}/comments", nonce=str(uuid4()), text=long)
    assert page.status_code == 422
    assert long.strip() in page.text
    page = await visitor.post(
        f"/{proposal.number}/comments", nonce="nonsense", text="Hyvä ajatus.", parent_id="x"
    )
    assert page.status_code == 422
    assert "Hyvä ajatus.</textarea>" in page.text


async def test_when_the_discussion_closes_the_text_is_shown_to_be_copied(
    session, process, visitor, proposal, irja
):
    await close(session, process)
    page = await visitor.post(f"/{proposal.number}/comments", nonce=str(uuid4()), text="Myöhässä kirjoitettu")
    assert page.status_code == 409
    assert "Keskustelu on päättynyt." in words(page)
    assert "Myöhässä kirjoitettu</textarea>" in page.text
    assert await comments(session) == []


async def test_an_answer_to_what_was_taken_away_is_kept_for_its_writer(session, visitor, proposal, irja):
    gone = await make.comment(session, proposal.thread_id, withdrawn_at=proposal.published_at)
    page = await visitor.post(
        f"/{proposal.number}/comments", nonce=str(uuid4()), parent_id=str(gone.id), text="Vastaus poistettuun"
    )
    assert page.status_code == 409
    assert "Vastaus poistettuun</textarea>" in page.text


async def test_who_has_no_name_gives_it_with_the_first_comment(session, visitor, proposal):
    await visitor.enter(await make.resident(session, name=""))
    page = await visitor.post(f"/{proposal.number}/comments", nonce=str(uuid4()), text="Hyvä ajatus.")
    assert page.status_code == 422
    assert "Kirjoita nimi, joka näkyy tekstisi yhteydessä." in words(page)
    assert "Hyvä ajatus.</textarea>" in page.text
    await visitor.post(f"/{proposal.number}/comments", nonce=str(uuid4()), text="Hyvä ajatus.", name="Irja")
    assert [comment.author_name for comment in await comments(session)] == ["Irja"]


async def test_a_script_in_a_comment_is_shown_as_text(session, visitor, proposal):
    await make.comment(
        session, proposal.thread_id, text="<script>alert(1)</script><img src=x onerror=alert(2)>"
    )
    page = await visitor.get(f"/{proposal.number}")
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


async def test_an_own_comment_is_taken_back_and_its_place_stays(session, visitor, proposal, irja):
    own = await make.comment(session, proposal.thread_id, irja, "Kirjoitin väärin.")
    page = await visitor.get(f"/{proposal.number}/comments/{own.id}/withdraw")
    assert "Kirjoitin väärin." in words(page)
    await visitor.post(f"/{proposal.number}/comments/{own.id}/withdraw")
    page = await visitor.get(f"/{proposal.number}")
    assert "Kirjoittaja on poistanut kommenttinsa." in words(page)
    assert "Kirjoitin väärin." not in page.text


async def test_anothers_comment_cannot_be_taken_back(session, visitor, proposal, irja):
    theirs = await make.comment(session, proposal.thread_id)
    assert (await visitor.get(f"/{proposal.number}/comments/{theirs.id}/withdraw")).status_code == 404
    assert (await visitor.post(f"/{proposal.number}/comments/{theirs.id}/withdraw")).status_code == 404
    assert (await comments(session))[0].withdrawn_at is None


async def test_comments_of_another_thread_are_not_found_here(session, process, visitor, proposal, irja):
    other = await make.proposal(session, process)
    elsewhere = await make.comment(session, other.thread_id, irja)
    for act in ("withdraw", "report"):
        assert (await visitor.get(f"/{proposal.number}/comments/{elsewhere.id}/{act}")).status_code == 404


async def test_without_the_proof_nothing_is_said(session, visitor, proposal, irja):
    visitor.proof = ""
    assert (await visitor.post(f"/{proposal.number}/comments", text="Hyvä ajatus.")).status_code == 403
    assert await comments(session) == []


# --- reports


async def reports(session):
    return (await session.exec(select(Report))).all()


async def test_a_proposal_is_reported_once_with_its_ground(session, visitor, proposal, irja):
    page = await visitor.get(f"/{proposal.number}/report")
    assert "Penkkejä rantaan" in words(page)
    fields = {"nonce": hidden(page, "nonce"), "ground": "advertising", "text": "Tämä on mainos."}
    for _ in range(2):
        answer = await visitor.post(f"/{proposal.number}/report", **fields)
        assert answer.headers["location"].endswith("?done=reported")
    (report,) = await reports(session)
    assert (report.proposal_id, report.ground, report.text) == (
        proposal.id,
        Ground.ADVERTISING,
        "Tämä on mainos.",
    )


async def test_a_comment_is_reported(session, visitor, proposal, irja):
    comment = await make.comment(session, proposal.thread_id, text="Törkeyksiä")
    page = await visitor.get(f"/{proposal.number}/comments/{comment.id}/report")
    assert "Törkeyksiä" in words(page)
    await visitor.post(
        f"/{proposal.number}/comments/{comment.id}/report", nonce=hidden(page, "nonce"), ground="insulting"
    )
    assert [report.comment_id for report in await reports(session)] == [comment.id]


async def test_a_report_without_a_ground_keeps_its_words(session, visitor, proposal, irja):
    for ground in ("", "nonsense"):
        page = await visitor.post(
            f"/{proposal.number}/report", nonce=str(uuid4()), ground=ground, text="Koska näin."
        )
        assert page.status_code == 422
        assert 'id="ground-error"' in page.text
        assert "Koska näin.</textarea>" in page.text
    page = await visitor.post(f"/{proposal.number}/report", nonce=str(uuid4()), ground="other")
    assert page.status_code == 422
    assert 'id="text-error"' in page.text
    assert await reports(session) == []


async def test_only_what_is_public_can_be_reported_and_by_who_is_signed_in(
    session, process, visitor, proposal, irja
):
    hidden_one = await make.proposal(session, process, irja, state=State.SUBMITTED)
    assert (await visitor.get(f"/{hidden_one.number}/report")).status_code == 404
    gone = await make.comment(session, proposal.thread_id, withdrawn_at=proposal.published_at)
    assert (await visitor.get(f"/{proposal.number}/comments/{gone.id}/report")).status_code == 404
    visitor.leave()
    answer = await visitor.get(f"/{proposal.number}/report", follow=False)
    assert answer.headers["location"].startswith("/fi/sign-in?next=")


# --- the second look


async def test_the_author_of_a_hidden_proposal_reads_why_and_asks_for_a_second_look(
    session, process, visitor, irja
):
    own = await make.proposal(session, process, irja, title="Oma ehdotus")
    decision = Decision(kind=Kind.HIDE, ground=Ground.ADVERTISING, reason="Teksti on mainos.")
    await moderation.decide(
        session, own, decision, version=own.version, by=await make.staff(session, Role.MODERATOR)
    )
    page = await visitor.get(f"/{own.number}")
    assert "Mainontaa Teksti on mainos." in words(page)
    assert f'href="{visitor.home}/{own.number}/appeal"' in page.text

    page = await visitor.post(f"/{own.number}/appeal", text=" ")
    assert page.status_code == 422
    for _ in range(2):
        answer = await visitor.post(f"/{own.number}/appeal", text="En mainosta mitään.")
        assert answer.headers["location"].endswith("?done=appealed")
    (appeal,) = (await session.exec(select(Appeal))).all()
    assert appeal.text == "En mainosta mitään."
    assert "Olet pyytänyt uuden tarkistuksen." in words(await visitor.get(f"/{own.number}"))

    await visitor.enter(await make.resident(session))
    assert (await visitor.get(f"/{own.number}/appeal")).status_code == 404


async def test_the_writer_of_a_hidden_comment_does_too(session, visitor, proposal, irja):
    own = await make.comment(session, proposal.thread_id, irja, "Kiukkuinen kommentti")
    decision = Decision(kind=Kind.HIDE, ground=Ground.INSULTING, reason="Kommentti oli loukkaava.")
    await moderation.decide_on_comment(
        session, own.id, decision, by=await make.staff(session, Role.MODERATOR)
    )
    here = f"/{proposal.number}/comments/{own.id}/appeal"
    page = await visitor.get(f"/{proposal.number}")
    assert f'href="{visitor.home}{here}"' in page.text
    assert "Kiukkuinen kommentti" not in page.text
    assert f"{visitor.home}{here}" in (await visitor.get("/fi/me")).text
    assert "Kommentti oli loukkaava." in words(await visitor.get(here))
    await visitor.post(here, text="Se oli leikkiä.")
    assert len((await session.exec(select(Appeal))).all()) == 1
    await visitor.enter(await make.resident(session))
    assert (await visitor.get(here)).status_code == 404


async def test_there_is_no_second_look_at_what_was_not_taken_away(session, process, visitor, irja):
    own = await make.proposal(session, process, irja)
    comment = await make.comment(session, own.thread_id, irja)
    for path in (f"/{own.number}/appeal", f"/{own.number}/comments/{comment.id}/appeal"):
        assert (await visitor.get(path)).status_code == 404
