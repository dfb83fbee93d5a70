"""An editor puts a proposal on the ballot while others act on it, in transactions that really commit."""

import asyncio

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.core.actor import Role
from service.core.text import Localized
from service.evaluation import actions as evaluations
from service.evaluation.models import Assessment, Assignment, Feasibility
from service.processes.models import Activity
from service.proposals import queries as proposals
from service.voting import actions, candidates
from service.voting.models import Project
from tests import make

CHEAPER, DEARER = 20_000_00, 30_000_00
WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


def costing(cents):
    words = Localized(fi="Voidaan tehdä.", sv="Kan göras.")
    return Assessment(
        feasibility=Feasibility.FEASIBLE, reason=words, cost_low_cents=1_00, cost_high_cents=cents
    )


class Scene:
    def __init__(self, database):
        self.database = database

    async def begin(self):
        async with self.database.transaction() as session:
            self.process = await make.vote(session, projects=[], open_now=False)
            await make.phase(session, self.process, [Activity.EVALUATE])
            self.proposal = await make.proposal(session, self.process)
            self.editor = await make.staff(session, Role.EDITOR)
            self.evaluator = await make.staff(session, Role.EVALUATOR)
            session.add(Assignment(proposal_id=self.proposal.id, evaluator_id=self.evaluator.id))
        async with self.database.transaction() as session:
            await self.assess(session, CHEAPER, version=0)

    async def assess(self, session, cents, *, version):
        read = await proposals.get(session, self.proposal.id)
        await evaluations.assess(session, read, costing(cents), version=version, by=self.evaluator)

    async def select(self):
        async with self.database.transaction() as session:
            read = await proposals.get(session, self.proposal.id)
            await actions.select(session, self.process, read, by=self.editor)

    async def on_ballot(self):
        async with self.database.transaction(read_only=True) as session:
            return (await session.exec(select(Project.cost_cents))).all()

    async def until_it_waits_or_is_done(self, task):
        """Each look is a transaction of its own: one transaction sees one picture of who does what."""
        while not (task.done() or await self.somebody_waits()):
            await asyncio.wait([task], timeout=0.01)

    async def somebody_waits(self):
        async with self.database.transaction(read_only=True) as session:
            return (await session.exec(text(WAITING))).scalar_one()


@pytest.fixture
async def scene(own_database):
    made = Scene(own_database)
    await made.begin()
    return made


async def test_a_cost_that_an_evaluator_is_changing_is_waited_for_and_goes_on_the_ballot(scene):
    async with scene.database.transaction() as evaluating:
        await scene.assess(evaluating, DEARER, version=1)
        selecting = asyncio.create_task(scene.select())
        await scene.until_it_waits_or_is_done(selecting)
    await selecting

    assert await scene.on_ballot() == [DEARER]


async def test_while_a_proposal_is_put_on_the_ballot_its_cost_does_not_change(scene):
    async def assess():
        async with scene.database.transaction() as session:
            await scene.assess(session, DEARER, version=1)

    async with scene.database.transaction() as selecting:
        read = await proposals.get(selecting, scene.proposal.id)
        await actions.select(selecting, scene.process, read, by=scene.editor)
        evaluating = asyncio.create_task(assess())
        await scene.until_it_waits_or_is_done(evaluating)
        assert not evaluating.done()
    await evaluating

    assert await scene.on_ballot() == [CHEAPER]
    async with scene.database.transaction(read_only=True) as session:
        [candidate] = await candidates.of_process(session, scene.process.id)
        assert candidate.has_new_cost  # the editor is told


async def test_two_editors_who_select_at_once_put_it_on_the_ballot_once(scene):
    await asyncio.gather(scene.select(), scene.select())

    assert await scene.on_ballot() == [CHEAPER]
