"""Asking by e-mail address tells nobody who has an account; accepting gives a name and a say."""

import pytest

from service.accounts.rules import AddressUnreadable
from service.core.errors import NotFound
from service.proposals import actions, queries, rules
from service.proposals.models import Coauthor
from tests import make
from tests.proposals.ideas import MORE_BENCHES

ADDRESS = "irja.k@posti.example"


@pytest.fixture
def keys(instance):
    return instance.keys


@pytest.fixture
async def irja(session, keys):
    return await make.resident(session, email=ADDRESS, keys=keys, name="Irja K.")


@pytest.fixture
async def asked(session, keys, draft, aino, irja):
    return await actions.ask_coauthor(session, keys, draft, f" {ADDRESS.upper()} ", by=aino)


@pytest.fixture
async def accepted(session, asked, irja):
    return await actions.accept(session, asked.id, by=irja)


async def test_the_one_asked_finds_the_question_on_the_own_page(session, draft, asked, irja, aino):
    (invitation,) = (await queries.waiting_for(session, irja)).invitations

    assert (invitation.coauthor_id, invitation.title, invitation.author_name) == (
        asked.id,
        draft.title,
        "Aino K.",
    )
    assert (await queries.waiting_for(session, aino)).invitations == []


async def test_asking_is_the_same_whether_an_account_has_the_address_or_not(session, keys, draft, aino, irja):
    known = await actions.ask_coauthor(session, keys, draft, ADDRESS, by=aino)
    unknown = await actions.ask_coauthor(session, keys, draft, "ei.ketaan@posti.example", by=aino)

    def told(coauthor):
        return {
            name: value
            for name, value in coauthor.model_dump().items()
            if name not in {"id", "sign_in_digest", "asked_at"}
        }

    assert told(known) == told(unknown)
    assert b"irja" not in known.sign_in_digest


async def test_whoever_comes_with_the_address_later_finds_the_question(session, keys, draft, aino):
    await actions.ask_coauthor(session, keys, draft, "uusi@posti.example", by=aino)

    new = await make.resident(session, email="uusi@posti.example", keys=keys)

    assert len(await queries.invitations(session, new.id)) == 1


async def test_a_question_gives_no_sight_of_the_draft(session, process, draft, asked, irja):
    with pytest.raises(NotFound):
        await queries.seen_by(session, process, draft.number, irja)
    with pytest.raises(NotFound):
        await actions.save(session, draft, MORE_BENCHES, version=draft.version, by=irja)


async def test_a_coauthor_is_named_sees_the_draft_and_writes(session, process, draft, accepted, irja):
    assert (await queries.detail(session, draft, irja)).coauthors == ["Irja K."]
    assert (await queries.detail(session, draft, irja)).written
    assert (await queries.written_by(session, process, draft.number, irja)).id == draft.id

    await actions.save(session, draft, MORE_BENCHES, version=draft.version, by=irja)
    await actions.submit(session, draft, by=irja)

    assert (draft.title, draft.author_name) == (MORE_BENCHES.title, "Aino K.")
    assert [(own.number, own.is_author) for own in await queries.of_author(session, irja.id)] == [
        (draft.number, False)
    ]
    assert await queries.invitations(session, irja.id) == []


async def test_a_coauthor_neither_withdraws_nor_asks_others(session, keys, draft, accepted, irja):
    for act in (
        actions.withdraw(session, draft, by=irja),
        actions.discard(session, draft, by=irja),
        actions.ask_coauthor(session, keys, draft, "joku@posti.example", by=irja),
        actions.remove_coauthor(session, draft, accepted.id, by=irja),
    ):
        with pytest.raises(NotFound):
            await act


async def test_nobody_answers_for_another(session, asked, aino):
    stranger = await make.resident(session)

    for person in (stranger, aino):
        with pytest.raises(NotFound):
            await actions.accept(session, asked.id, by=person)
        with pytest.raises(NotFound):
            await actions.decline(session, asked.id, by=person)


async def test_nobody_who_said_no_is_asked_again(session, keys, draft, asked, aino, irja):
    await actions.decline(session, asked.id, by=irja)

    again = await actions.ask_coauthor(session, keys, draft, ADDRESS, by=aino)
    await actions.remove_coauthor(session, draft, asked.id, by=aino)
    await actions.ask_coauthor(session, keys, draft, ADDRESS, by=aino)

    assert again.declined_at
    assert await queries.invitations(session, irja.id) == []


async def test_a_coauthor_may_leave_and_loses_the_draft_and_the_name(session, process, draft, accepted, irja):
    await actions.decline(session, accepted.id, by=irja)

    assert (await queries.detail(session, draft, irja)).coauthors == []
    assert accepted.name == ""
    with pytest.raises(NotFound):
        await queries.seen_by(session, process, draft.number, irja)


async def test_an_author_takes_a_question_away(session, draft, asked, aino, irja):
    await actions.remove_coauthor(session, draft, asked.id, by=aino)

    assert await queries.invitations(session, irja.id) == []
    with pytest.raises(NotFound):
        await actions.accept(session, asked.id, by=irja)
    with pytest.raises(NotFound):
        await actions.remove_coauthor(session, draft, asked.id, by=aino)


async def test_an_author_does_not_ask_oneself(session, keys, process, aino, draft):
    own = await make.resident(session, email="oma@posti.example", keys=keys)
    draft.author_id = own.id

    with pytest.raises(rules.AskedOneself):
        await actions.ask_coauthor(session, keys, draft, "oma@posti.example", by=own)


async def test_an_address_must_be_one(session, keys, draft, aino):
    for address in ("", "irja", "irja@", "a b@posti.example", "irja\0@posti.example"):
        with pytest.raises(AddressUnreadable):
            await actions.ask_coauthor(session, keys, draft, address, by=aino)


async def test_a_proposal_has_ten_coauthors_at_most_and_those_who_said_no_count(
    session, keys, draft, aino, asked, irja
):
    await actions.decline(session, asked.id, by=irja)
    for number in range(9):
        await actions.ask_coauthor(session, keys, draft, f"a{number}@posti.example", by=aino)

    with pytest.raises(rules.TooManyCoauthors):
        await actions.ask_coauthor(session, keys, draft, "yksi.liikaa@posti.example", by=aino)
    assert len(await queries.coauthors(session, draft)) == 10


async def test_asking_twice_is_one_question(session, keys, draft, asked, aino):
    again = await actions.ask_coauthor(session, keys, draft, ADDRESS, by=aino)

    assert again.id == asked.id


async def test_no_address_is_kept_anywhere(session, draft, asked):
    row = await session.get(Coauthor, asked.id)

    assert "posti.example" not in repr(row)
