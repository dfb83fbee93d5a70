"""A proposal's way over the ballot to its milestones, by the real actions and every job that comes of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.accounts import queries as accounts
from service.core import clock, jobs
from service.core.actor import Role
from service.core.mail import DemoMail
from service.core.text import Localized
from service.notifications import actions as notifications
from service.notifications import queries
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.results import actions as results
from service.results.models import Step
from service.voting import actions as voting
from service.voting.models import RollEntry
from service.worker import HANDLERS
from tests import make

WINS, LOSES = 100_000_00, 90_000_00  # of a pot that pays for one of them


async def address(session, person):
    return (await accounts.get(session, person.id)).email


class Vote:
    """A ballot with one proposal that will win and one that will lose, each with its three people."""

    def __init__(self, instance, session):
        self.instance, self.session = instance, session
        self.held = jobs.hold(session)

    async def begin(self):
        session = self.session
        self.process = await make.process(session, pots=[(None, WINS)], area_rule="none")
        await make.phase(session, self.process, [Activity.VOTE], opens_in=timedelta(days=1))
        self.editor = await make.staff(session, Role.EDITOR, self.process)
        self.winner, self.winners = await self.proposal()
        self.loser, self.losers = await self.proposal()
        for proposal, cost_cents in ((self.winner, WINS), (self.loser, LOSES)):
            await make.evaluation(self.session, proposal, cost_cents)
        await self.work()

    async def proposal(self):
        session, instance = self.session, self.instance
        names = ("author", "coauthor", "follower")
        people = {name: await make.resident(session, keys=instance.keys, name=name) for name in names}
        made = await make.proposal(session, self.process, people["author"])
        coauthors = await address(session, people["coauthor"])
        asked = await proposals.ask_coauthor(session, instance.keys, made, coauthors, by=people["author"])
        await proposals.accept(session, asked.id, by=people["coauthor"])
        await notifications.follow(session, made, by=people["follower"])
        return made, people

    async def put_on_ballot(self):
        for proposal in (self.winner, self.loser):
            await voting.select(self.session, self.process, proposal, by=self.editor)

    async def freeze(self):
        await self.put_on_ballot()
        await voting.freeze(self.session, self.process, keys=self.instance.keys, by=self.editor)

    async def count(self):
        await self.freeze()
        await self.work()
        await clock.shift(self.session, timedelta(days=2))
        for numbers in ([self.winner.number], [self.winner.number], [self.loser.number]):
            await make.cast(self.session, self.process, self.instance.keys, numbers)
        await clock.shift(self.session, timedelta(days=20))
        await results.count(self.session, self.process, keys=self.instance.keys, by=self.editor)

    async def work(self):
        """What the worker does, until nothing is due."""
        while self.held:
            job = self.held.pop(0)
            if job.after is None:
                await HANDLERS[job.name](self.instance, self.session, **job.payload)

    async def told(self, people):
        """Of each person, what they were told about, the newest first."""
        return {
            name: [news.action for news in await queries.news_for(self.session, person.id)]
            for name, person in people.items()
        }


@pytest.fixture
async def vote(instance, session):
    await session.exec(text("update deployment set kind = 'demo'"))  # its mails are kept in a table
    made = Vote(instance, session)
    await made.begin()
    return made


def everybody(*actions):
    return {name: list(actions) for name in ("author", "coauthor", "follower")}


async def test_that_a_proposal_is_on_the_ballot_is_told_once_it_is_final(session, vote):
    await vote.put_on_ballot()
    await vote.work()
    assert await vote.told(vote.winners) == everybody()

    await vote.freeze()
    await vote.work()

    assert await vote.told(vote.winners) == everybody("project.listed")
    assert await vote.told(vote.losers) == everybody("project.listed")


async def test_a_ballot_that_voting_froze_is_told_of_too_and_by_no_transaction_of_the_voter(session, vote):
    await vote.put_on_ballot()
    await vote.work()
    await clock.shift(session, timedelta(days=2))

    await make.voter(session, vote.process, vote.instance.keys)

    assert (await session.exec(select(RollEntry))).one()
    assert [job.name for job in vote.held] == ["voting.remove_drafts", "voting.announce_ballot"]
    await vote.work()
    assert await vote.told(vote.winners) == everybody("project.listed")


async def test_that_people_can_vote_is_not_told_when_they_no_longer_can(session, vote):
    await vote.freeze()
    await clock.shift(session, timedelta(days=20))
    await vote.work()

    assert await vote.told(vote.winners) == everybody()


async def test_a_second_run_of_the_job_tells_nothing_again(session, vote):
    await vote.freeze()
    await vote.work()

    await HANDLERS["voting.announce_ballot"](vote.instance, session, process=str(vote.process.id))
    await vote.work()

    assert await vote.told(vote.winners) == everybody("project.listed")


async def test_who_won_and_who_lost_are_told_each_their_own(session, vote):
    await vote.count()
    await vote.work()

    assert await vote.told(vote.winners) == everybody("project.won", "project.listed")
    assert await vote.told(vote.losers) == everybody("project.lost", "project.listed")


async def test_each_change_of_a_milestone_is_told(session, vote):
    await vote.count()
    step = Step(title=Localized(fi="Hankinta", sv="Anskaffning"))
    made = await results.add_milestone(
        session, vote.process, vote.winner.number, step, nonce=uuid4(), by=vote.editor
    )
    later = step.model_copy(update={"spent_cents": 100_00})
    await results.change_milestone(
        session, vote.process, made.id, later, version=made.version, by=vote.editor
    )
    await vote.work()

    milestones = ["milestone.changed", "milestone.changed"]
    assert await vote.told(vote.winners) == everybody(*milestones, "project.won", "project.listed")
    assert await vote.told(vote.losers) == everybody("project.lost", "project.listed")


async def test_each_of_them_gets_one_mail_a_step_and_nobody_elses(session, vote):
    await vote.count()
    await vote.work()

    sent = (await session.exec(select(DemoMail))).all()
    for people, sentence in ((vote.winners, "valittiin toteutettavaksi"), (vote.losers, "ei valittu")):
        for person in people.values():
            own = await address(session, person)
            mails = [mail.body for mail in sent if mail.to == own]
            assert len(mails) == 2
            assert sum(sentence in body for body in mails) == 1
