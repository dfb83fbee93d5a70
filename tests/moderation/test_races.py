"""Two at the same moment, in transactions that really commit."""

import asyncio
from uuid import uuid4

import pytest
from sqlmodel import select

from service.comments.models import Comment
from service.core.actor import Role
from service.core.errors import Conflict
from service.moderation import actions, queries
from service.moderation.models import (
    Appeal,
    Complaint,
    Decision,
    Ground,
    Kind,
    Plea,
    Report,
    Ruling,
    SecondLook,
)
from service.proposals import queries as proposals
from service.proposals.models import State
from tests import make

HIDE = Decision(kind=Kind.HIDE, ground=Ground.INSULTING, reason="Teksti haukkuu ihmistä.")
KEEP = Decision(kind=Kind.KEEP)
PUBLISH = Decision(kind=Kind.PUBLISH)
REFUSE = Decision(kind=Kind.REFUSE, ground=Ground.ADVERTISING, reason="Teksti on mainos.")
COMPLAINT = Complaint(ground=Ground.INSULTING)


@pytest.fixture
async def moderators(own_database):
    async with own_database.transaction() as session:
        return [await make.staff(session, Role.MODERATOR) for _ in range(2)]


async def at_once(*tries):
    """Outcomes of tries that run side by side; what a loser was refused with is an outcome."""
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Conflict):
            raise outcome
    return [isinstance(outcome, Conflict) for outcome in outcomes]


async def everything(own_database, kind):
    async with own_database.transaction(read_only=True) as session:
        return (await session.exec(select(kind))).all()


@pytest.mark.parametrize("decisions", [(PUBLISH, REFUSE), (PUBLISH, PUBLISH), (REFUSE, REFUSE)])
async def test_two_moderators_on_one_proposal_make_one_ruling(own_database, moderators, decisions):
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, await make.process(session), state=State.SUBMITTED)

    async def decide(moderator, decision):
        async with own_database.transaction() as session:
            read = await proposals.get(session, proposal.id)
            await asyncio.sleep(0.05)  # both have read before either decides
            await actions.decide(session, read, decision, version=read.version, by=moderator)

    refused = await at_once(*map(decide, moderators, decisions))

    assert sorted(refused) == [False, True]
    [ruling] = await everything(own_database, Ruling)
    assert ruling.kind is decisions[refused.index(False)].kind


@pytest.mark.parametrize("decisions", [(HIDE, KEEP), (HIDE, HIDE), (KEEP, KEEP)])
async def test_two_moderators_on_one_reported_comment_make_one_ruling(own_database, moderators, decisions):
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, await make.process(session))
        comment = await make.comment(session, proposal.thread_id)
        by = await make.resident(session)
        await actions.report_comment(session, comment.id, COMPLAINT, nonce=uuid4(), by=by)

    async def decide(moderator, decision):
        async with own_database.transaction() as session:
            _read = await session.get(Comment, comment.id)
            await asyncio.sleep(0.05)
            await actions.decide_on_comment(session, comment.id, decision, by=moderator)

    refused = await at_once(*map(decide, moderators, decisions))

    kept_first = refused == [False, False] and decisions == (HIDE, KEEP)
    assert kept_first or sorted(refused) == [False, True]
    assert len(await everything(own_database, Ruling)) == (2 if kept_first else 1)


async def test_two_second_looks_at_once_are_one(own_database, moderators):
    async with own_database.transaction() as session:
        author = await make.resident(session)
        proposal = await make.proposal(session, await make.process(session), author, state=State.SUBMITTED)
        first = await make.staff(session, Role.MODERATOR)
        ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=first)
        appeal = await actions.appeal(session, ruling, Plea(text="Ei ole mainos."), by=author)

    async def look(moderator, upheld):
        async with own_database.transaction() as session:
            read = await queries.appeal(session, appeal.id)
            await asyncio.sleep(0.05)
            second = SecondLook(upheld=upheld, reason="Luin tekstin uudelleen.")
            await actions.decide_appeal(session, read, second, by=moderator)

    assert sorted(await at_once(*map(look, moderators, (True, False)))) == [False, True]
    assert len(await everything(own_database, Ruling)) == 2


async def test_an_appeal_and_a_restoring_at_once_leave_nothing_half_done(own_database, moderators):
    async with own_database.transaction() as session:
        author = await make.resident(session)
        proposal = await make.proposal(session, await make.process(session), author, state=State.SUBMITTED)
        ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=moderators[0])

    async def appeal():
        async with own_database.transaction() as session:
            await actions.appeal(
                session, await queries.ruling(session, ruling.id), Plea(text="Ei ole."), by=author
            )

    async def restore():
        async with own_database.transaction() as session:
            read = await proposals.get(session, proposal.id)
            decision = Decision(kind=Kind.RESTORE)
            await actions.decide(session, read, decision, version=read.version, by=moderators[1])

    assert sorted(await at_once(appeal(), restore())) == [False, True]
    appeals, rulings = await everything(own_database, Appeal), await everything(own_database, Ruling)
    assert len(appeals) + len(rulings) == 2


async def test_one_report_form_sent_twice_at_once_is_one_report(own_database):
    async with own_database.transaction() as session:
        by = await make.resident(session)
        proposal = await make.proposal(session, await make.process(session))
    nonce = uuid4()

    async def report():
        async with own_database.transaction() as session:
            read = await proposals.get(session, proposal.id)
            await actions.report(session, read, COMPLAINT, nonce=nonce, by=by)

    assert await at_once(report(), report()) == [False, False]
    assert len(await everything(own_database, Report)) == 1
