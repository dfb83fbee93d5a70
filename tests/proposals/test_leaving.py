"""What is told to a person about their own, and what stays when they leave."""

import json
from uuid import uuid4

import pytest

from service.accounts.models import Account
from service.core.errors import NotFound
from service.pictures.models import Picture
from service.proposals import actions, queries
from service.proposals.models import Content, State
from tests import make
from tests.proposals.ideas import BENCHES, MORE_BENCHES


async def leave(session, person):
    await actions.forget(session, person.id)
    await session.delete(await session.get_one(Account, person.id))
    await session.flush()


async def test_a_person_is_told_all_that_is_kept(session, instance, process, published, aino, moderator):
    irja = await make.resident(session, email="irja@posti.example", keys=instance.keys)
    asked = await actions.ask_coauthor(session, instance.keys, published, "irja@posti.example", by=aino)
    await actions.accept(session, asked.id, by=irja)
    await actions.support(session, published, by=irja)
    await actions.edit(
        session, published, MORE_BENCHES, version=published.version, note="Lisäsin torin.", by=aino
    )

    of_aino = await queries.of_person(session, aino.id)
    of_irja = await queries.of_person(session, irja.id)

    assert [row["title"] for row in of_aino["proposals"]] == [BENCHES.title]
    assert [row["note"] for row in of_aino["proposal_versions"]] == ["", "Lisäsin torin."]
    assert [len(of_irja[part]) for part in ("proposals", "coauthorships", "supports")] == [0, 1, 1]
    told = json.dumps([of_aino, of_irja])
    assert str(aino.id) not in told
    assert "nonce" not in told


async def test_a_published_proposal_stays_by_a_former_resident(session, process, published, aino):
    await leave(session, aino)

    stayed = await queries.seen_by(session, process, published.number, None)
    assert (stayed.title, stayed.author_id, stayed.author_name) == (BENCHES.title, None, "")


async def test_what_never_was_public_loses_its_words_and_its_picture(session, process, draft, aino):
    await actions.attach_picture(session, draft, make.photo(), "Vihreä", by=aino)
    picture = draft.picture_id
    submitted = await actions.start(session, process, BENCHES, nonce=uuid4(), by=aino)
    await actions.submit(session, submitted, by=aino)

    await leave(session, aino)

    for gone in (draft, submitted):
        await session.refresh(gone)
        assert gone.content() == Content().content()
        assert gone.state is State.WITHDRAWN
        with pytest.raises(NotFound):
            await queries.seen_by(session, process, gone.number, None)
    assert await session.get(Picture, picture) is None
    assert await queries.waiting_for_moderation(session, frozenset({process.id})) == []


async def test_a_change_that_waits_is_dropped_unless_a_coauthor_is_left(
    session, instance, process, published, aino
):
    irja = await make.resident(session, email="irja@posti.example", keys=instance.keys)
    asked = await actions.ask_coauthor(session, instance.keys, published, "irja@posti.example", by=aino)
    await actions.accept(session, asked.id, by=irja)
    await actions.edit(session, published, MORE_BENCHES, version=published.version, note="Oma.", by=aino)

    await leave(session, aino)
    assert (await queries.waiting_edit(session, published)).title == MORE_BENCHES.title

    own = await make.proposal(session, process, irja)
    await actions.edit(session, own, MORE_BENCHES, version=own.version, note="Soittakaa 040 123.", by=irja)
    await leave(session, irja)
    assert await queries.waiting_edit(session, own) is None


async def test_a_draft_passes_to_its_coauthor(session, instance, process, draft, aino):
    irja = await make.resident(session, email="irja@posti.example", keys=instance.keys, name="Irja K.")
    asked = await actions.ask_coauthor(session, instance.keys, draft, "irja@posti.example", by=aino)
    await actions.accept(session, asked.id, by=irja)

    await leave(session, aino)

    await session.refresh(draft)
    assert (draft.title, draft.author_id, draft.author_name) == (BENCHES.title, irja.id, "Irja K.")
    assert await queries.coauthors(session, draft) == []
    await actions.submit(session, draft, by=irja)


async def test_support_and_coauthorship_go_with_the_account_and_unanswered_questions_too(
    session, instance, published, draft, aino
):
    irja = await make.resident(session, email="irja@posti.example", keys=instance.keys)
    await actions.ask_coauthor(session, instance.keys, published, "irja@posti.example", by=aino)
    await actions.support(session, published, by=irja)

    await leave(session, irja)

    assert (await queries.detail(session, published, None)).supports == 0
    assert await queries.coauthors(session, published) == []
