"""The public register says what was decided and on which ground, and nothing by which anyone can be known."""

import dataclasses
from uuid import uuid4

import pytest

from service.core.actor import Role
from service.moderation import actions, register
from service.moderation.models import Complaint, Decision, Ground, Kind, Plea, SecondLook
from service.proposals.models import State
from tests import make

SECRET = "Kirjoittaja Ville Virtanen, puhelin 040 123 4567."
HIDE = Decision(kind=Kind.HIDE, ground=Ground.PERSONAL_DATA, reason=SECRET)


@pytest.fixture
async def process(session):
    return await make.process(session)


@pytest.fixture
async def moderator(session, process):
    return await make.staff(session, Role.MODERATOR, process, name="Maija Moderaattori")


@pytest.fixture
async def author(session):
    return await make.resident(session, name="Ville Virtanen")


@pytest.fixture
async def hidden(session, process, moderator, author):
    """A comment of the author's, hidden; with a report."""
    proposal = await make.proposal(session, process, author, title=SECRET)
    comment = await make.comment(session, proposal.thread_id, author, text=SECRET)
    complaint = Complaint(ground=Ground.PERSONAL_DATA, text=SECRET)
    await actions.report_comment(
        session, comment.id, complaint, nonce=uuid4(), by=await make.resident(session)
    )
    return await actions.decide_on_comment(session, comment.id, HIDE, by=moderator)


async def test_a_line_says_what_when_why_and_where(session, process, hidden):
    [line] = await register.registered(session)

    assert (line.kind, line.ground, line.of_comment, line.of_edit) == (
        Kind.HIDE,
        Ground.PERSONAL_DATA,
        True,
        False,
    )
    assert (line.ruled_at, line.process_slug) == (hidden.ruled_at, process.slug)
    assert (line.appealed, line.second_kind, line.is_second) == (False, None, False)


async def test_no_line_holds_a_name_a_word_or_an_id_of_anybody(session, process, hidden, author, moderator):
    appeal = await actions.appeal(session, hidden, Plea(text=SECRET), by=author)
    second = await make.staff(session, Role.MODERATOR, process)
    await actions.decide_appeal(session, appeal, SecondLook(upheld=False, reason=SECRET), by=second)

    lines = await register.registered(session)

    assert len(lines) == 2
    told = " ".join(str(value) for line in lines for value in dataclasses.asdict(line).values())
    for secret in ("Ville", "Maija", "040", str(author.id), str(moderator.id), str(hidden.comment_id)):
        assert secret not in told


async def test_an_appeal_and_its_outcome_stand_in_the_register(session, process, hidden, author):
    appeal = await actions.appeal(session, hidden, Plea(text="Nimi on julkinen."), by=author)
    [line] = await register.registered(session)
    assert (line.appealed, line.second_kind) == (True, None)

    second = await make.staff(session, Role.MODERATOR, process)
    await actions.decide_appeal(
        session, appeal, SecondLook(upheld=False, reason="Nimi on julkinen."), by=second
    )

    outcome, first = await register.registered(session)
    assert (first.appealed, first.second_kind, first.is_second) == (True, Kind.RESTORE, False)
    assert (outcome.kind, outcome.is_second, outcome.appealed) == (Kind.RESTORE, True, False)


async def test_the_register_is_read_by_pages_and_by_kinds(session, process, moderator, hidden):
    for _ in range(3):
        proposal = await make.proposal(session, process, state=State.SUBMITTED)
        await actions.decide(
            session, proposal, Decision(kind=Kind.PUBLISH), version=proposal.version, by=moderator
        )

    assert await register.counts(session) == {Kind.HIDE: 1, Kind.PUBLISH: 3}
    pages = [await register.registered(session, limit=2, offset=offset) for offset in (0, 2)]
    assert [line.kind for page in pages for line in page] == [Kind.PUBLISH] * 3 + [Kind.HIDE]
    assert [line.kind for line in await register.registered(session, kinds=frozenset({Kind.HIDE}))] == [
        Kind.HIDE
    ]


async def test_moderators_find_back_what_was_decided_in_their_processes(session, process, moderator, hidden):
    [line] = await register.decided(session, moderator, limit=10, offset=0)
    assert (line.ruling.id, line.process) == (hidden.id, process)
    assert await register.count_decided(session, moderator) == 1

    stranger = await make.staff(session, Role.MODERATOR, await make.process(session))
    assert await register.decided(session, stranger, limit=10, offset=0) == []
    assert await register.count_decided(session, stranger) == 0
