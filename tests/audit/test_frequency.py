"""How often one person may do the same in a day: by the actions themselves, on connections that really commit."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from service.audit import frequency
from service.comments.models import Comment, Words
from service.comments.rules import TooManyComments
from service.core import clock
from service.moderation import actions as moderation
from service.moderation.models import Complaint, Ground, Report
from service.moderation.rules import TooManyReports
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals import queries
from service.proposals.models import Proposal
from service.proposals.rules import TooManyProposals
from tests import make
from tests.proposals.ideas import BENCHES

MOST = 3


class Scene:
    """Somebody, and plenty to write about."""

    def __init__(self, database):
        self.database = database

    async def begin(self):
        async with self.database.transaction() as session:
            open_to = [Activity.PROPOSE, Activity.COMMENT]
            self.process = await make.process(session, open_to=open_to)
            self.by, other = await make.resident(session), await make.resident(session)
            made = [await make.proposal(session, self.process, other) for _ in range(MOST + 3)]
            self.proposals = [proposal.id for proposal in made]

    async def propose(self, number, by=None, nonce=None):
        idea = BENCHES.model_copy(update={"title": f"Penkkejä kadulle {number}"})
        async with self.database.transaction() as session:
            made = await proposals.start(
                session, self.process, idea, nonce=nonce or uuid4(), by=by or self.by, most_a_day=MOST
            )
            return made.id

    async def comment(self, number, by=None, nonce=None):
        async with self.database.transaction() as session:
            about = await queries.get(session, self.proposals[number])
            words = Words(text="Hyvä ajatus.")
            made = await proposals.comment(
                session, about, words, nonce=nonce or uuid4(), by=by or self.by, most_a_day=MOST
            )
            return made.id

    async def report(self, number, by=None, nonce=None):
        async with self.database.transaction() as session:
            about = await queries.get(session, self.proposals[number])
            complaint = Complaint(ground=Ground.ADVERTISING)
            made = await moderation.report(
                session, about, complaint, nonce=nonce or uuid4(), by=by or self.by, most_a_day=MOST
            )
            return made.id

    async def report_a_comment(self, number, by=None, nonce=None):
        async with self.database.transaction() as session:
            about = await queries.get(session, self.proposals[number])
            comment = await make.comment(session, about.thread_id)
            complaint = Complaint(ground=Ground.ADVERTISING)
            made = await moderation.report_comment(
                session, comment.id, complaint, nonce=nonce or uuid4(), by=by or self.by, most_a_day=MOST
            )
            return made.id


ACTS = {
    "propose": (Scene.propose, TooManyProposals),
    "comment": (Scene.comment, TooManyComments),
    "report": (Scene.report, TooManyReports),
    "report_a_comment": (Scene.report_a_comment, TooManyReports),
}
OWN = {
    TooManyProposals: select(Proposal.author_id),
    TooManyComments: select(Comment.author_id),
    TooManyReports: select(Report.reporter_id),
}
every_act = pytest.mark.parametrize(("act", "refusal"), ACTS.values(), ids=ACTS)


@pytest.fixture
async def scene(own_database):
    made = Scene(own_database)
    await made.begin()
    return made


async def done(scene, refusal):
    async with scene.database.transaction(read_only=True) as session:
        return list((await session.exec(OWN[refusal])).all()).count(scene.by.id)


@every_act
async def test_of_many_at_once_no_more_than_the_measure_get_through(scene, act, refusal):
    outcomes = await asyncio.gather(
        *(act(scene, number) for number in range(MOST + 3)), return_exceptions=True
    )

    assert sum(isinstance(outcome, refusal) for outcome in outcomes) == 3
    assert await done(scene, refusal) == MOST


@every_act
async def test_who_has_reached_the_measure_is_told_when_to_go_on_and_others_are_not_kept(scene, act, refusal):
    for number in range(MOST):
        await act(scene, number)

    with pytest.raises(refusal) as refused:
        await act(scene, MOST)

    async with scene.database.transaction() as session:
        wait = refused.value.parameters["when"] - await clock.now(session)
        other = await make.resident(session)
    assert refused.value.parameters["most"] == MOST
    assert timedelta(hours=23) < wait <= timedelta(hours=24)
    await act(scene, MOST, by=other)


@pytest.mark.parametrize(("act", "refusal"), list(ACTS.values())[:3], ids=list(ACTS)[:3])
async def test_the_same_form_sent_again_is_no_further_act(scene, act, refusal):
    nonce = uuid4()
    first = await act(scene, 0, nonce=nonce)
    for number in range(1, MOST):
        await act(scene, number)

    assert await act(scene, 0, nonce=nonce) == first
    assert await done(scene, refusal) == MOST


async def test_after_a_day_one_may_go_on(session):
    process = await make.process(session, open_to=[Activity.PROPOSE])
    by = await make.resident(session)
    for _ in range(2):
        await proposals.start(session, process, BENCHES, nonce=uuid4(), by=by, most_a_day=2)
    with pytest.raises(TooManyProposals):
        await proposals.start(session, process, BENCHES, nonce=uuid4(), by=by, most_a_day=2)

    await clock.shift(session, frequency.DAY)

    await proposals.start(session, process, BENCHES, nonce=uuid4(), by=by, most_a_day=2)
