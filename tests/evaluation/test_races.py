"""Two at the same moment, in transactions that really commit."""

import asyncio
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.core.text import Localized
from service.evaluation import actions, queries
from service.evaluation.models import Assessment, Assignment, Evaluation, Feasibility, InternalNote, Remark
from service.evaluation.rules import EvaluatedMeanwhile
from service.processes.models import Activity
from service.proposals import queries as proposals
from tests import make


@pytest.fixture
async def proposal(own_database):
    async with own_database.transaction() as session:
        process = await make.process(session, open_to=[Activity.EVALUATE])
        return await make.proposal(session, process)


@pytest.fixture
async def evaluators(own_database, proposal):
    async with own_database.transaction() as session:
        both = [await make.staff(session, Role.EVALUATOR) for _ in range(2)]
        session.add_all(Assignment(proposal_id=proposal.id, evaluator_id=one.id) for one in both)
        return both


@pytest.mark.parametrize("stored", [0, 1])
async def test_of_two_evaluators_at_once_one_saves_and_the_other_sees_what_was_saved(
    own_database, proposal, evaluators, stored
):
    def saying(words):
        return Assessment(feasibility=Feasibility.NOT_FEASIBLE, reason=Localized(fi=words))

    async def assess(evaluator, words):
        async with own_database.transaction() as session:
            read = await proposals.get(session, proposal.id)
            _read = await queries.find(session, proposal.id)
            await asyncio.sleep(0.05)  # both have read before either saves
            try:
                await actions.assess(session, read, saying(words), version=stored, by=evaluator)
            except EvaluatedMeanwhile as refused:
                return refused.current.reason

    if stored:
        async with own_database.transaction() as session:
            read = await proposals.get(session, proposal.id)
            await actions.assess(session, read, saying("Alku."), version=0, by=evaluators[0])
    shown = await asyncio.gather(*map(assess, evaluators, ("Ensimmäinen.", "Toinen.")))

    async with own_database.transaction(read_only=True) as session:
        kept = (await session.exec(select(Evaluation))).one()
    assert kept.version == stored + 1
    assert sorted(shown, key=bool) == [None, kept.reason]


async def test_two_editors_who_ask_the_same_evaluator_at_once_ask_once(own_database, proposal):
    async with own_database.transaction() as session:
        evaluator = await make.staff(session, Role.EVALUATOR)
        editors = [await make.staff(session, Role.EDITOR) for _ in range(2)]

    async def assign(editor):
        async with own_database.transaction() as session:
            read = await proposals.get(session, proposal.id)
            await actions.assign(session, read, evaluator.id, by=editor)

    await asyncio.gather(*map(assign, editors))

    async with own_database.transaction(read_only=True) as session:
        assert len((await session.exec(select(Assignment))).all()) == 1


async def test_a_note_sent_twice_at_once_is_one_note(own_database, proposal, evaluators):
    nonce = uuid4()

    async def note():
        async with own_database.transaction() as session:
            read = await proposals.get(session, proposal.id)
            await actions.note(session, read, Remark(text="Kysytty."), nonce=nonce, by=evaluators[0])

    await asyncio.gather(note(), note())

    async with own_database.transaction(read_only=True) as session:
        assert len((await session.exec(select(InternalNote))).all()) == 1
