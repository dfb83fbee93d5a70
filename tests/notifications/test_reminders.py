"""Two days before a vote closes everybody who has opened the ballot is reminded, in words that tell nothing of anybody."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from service.core import clock, jobs
from service.core.actor import Resident
from service.core.clock import HELSINKI
from service.core.mail import DemoMail
from service.notifications import actions, reminders
from service.processes.models import Phase
from service.voting import actions as voting
from service.voting import queries
from service.worker import HANDLERS
from tests import make

EMAILS = {
    name: f"{name}@posti.example" for name in ("cast", "chosen", "opened", "silent", "elsewhere", "left")
}


class Vote:
    def __init__(self, instance, session):
        self.instance, self.session = instance, session

    async def begin(self, *, days: int = 11):
        """Open since yesterday, closing at eight in the evening."""
        session, keys = self.session, self.instance.keys
        self.process = await make.vote(session)
        phase = (await session.exec(select(Phase).where(Phase.process_id == self.process.id))).one()
        self.now = await clock.now(session)
        evening = self.now.astimezone(HELSINKI).replace(hour=20, minute=0) + timedelta(days=days - 1)
        phase.closes_at = self.closes_at = evening
        await session.flush()
        people = {name: await make.account(session, keys=keys, email=EMAILS[name]) for name in EMAILS}
        residents = {name: Resident(one.id, one.name, one.language) for name, one in people.items()}
        voters = {
            name: await voting.enrol(session, self.process, keys=keys, by=residents[name])
            for name in EMAILS
            if name != "elsewhere"
        }
        ballot = await queries.ballot(session, self.process)
        for name in ("cast", "chosen"):
            await voting.save_draft(session, ballot, frozenset({1}), by=voters[name])
        await voting.cast(session, ballot, frozenset({1}), by=voters["cast"])
        await actions.choose_mail(session, wanted=False, by=residents["silent"])
        await session.delete(people["left"])
        await session.flush()

    async def at(self, moment: datetime):
        """The morning's run of the worker, with all that comes of it; the mails there are by then."""
        await clock.shift(self.session, moment - self.now)
        held = jobs.hold(self.session)
        await HANDLERS["notifications.remind"](self.instance, self.session)
        while held:
            job = held.pop(0)
            await HANDLERS[job.name](self.instance, self.session, **job.payload)
        return (await self.session.exec(select(DemoMail).order_by(DemoMail.to))).all()


def morning(closes_at: datetime, *, days_before: int) -> datetime:
    return closes_at.replace(hour=10, minute=10) - timedelta(days=days_before)


@pytest.fixture
async def vote(instance, session):
    await session.exec(text("update deployment set kind = 'demo'"))  # its mails are kept in a table
    made = Vote(instance, session)
    await made.begin()
    return made


async def test_who_opened_the_ballot_is_reminded_two_days_before_the_close_and_once(vote):
    assert await vote.at(morning(vote.closes_at, days_before=3)) == []

    mails = await vote.at(morning(vote.closes_at, days_before=2))
    again = await vote.at(morning(vote.closes_at, days_before=1))

    assert [mail.to for mail in mails] == [EMAILS["cast"], EMAILS["chosen"], EMAILS["opened"]]
    assert again == mails


async def test_who_has_cast_and_who_has_not_read_the_same_words(vote):
    mails = await vote.at(morning(vote.closes_at, days_before=2))

    assert len({(mail.subject, mail.body) for mail in mails}) == 1
    assert mails[0].subject.startswith("Äänestys päättyy ")
    assert f"/fi/processes/{vote.process.slug}/ballot\n" in mails[0].body
    assert "Project" not in mails[0].body


async def test_neither_box_nor_drafts_nor_keys_are_touched(vote, connection, monkeypatch):
    said = []

    def listen(_connection, _cursor, statement, *_):
        said.append(statement)

    for name in ("vote", "draft", "box"):
        vote.instance.keys.destroy(vote.process.id, name)
    event.listen(connection.sync_connection, "before_cursor_execute", listen)
    mails = await vote.at(morning(vote.closes_at, days_before=2))
    event.remove(connection.sync_connection, "before_cursor_execute", listen)

    assert len(mails) == 3
    assert any("electoral_roll" in statement for statement in said)
    assert not [statement for statement in said if "ballot_box" in statement or "ballot_draft" in statement]


async def test_a_run_that_was_missed_is_made_up_for_and_none_comes_after_the_close(vote):
    assert await vote.at(vote.closes_at + timedelta(minutes=1)) == []

    assert len(await vote.at(vote.closes_at - timedelta(hours=10))) == 3


async def test_a_mail_that_waited_until_after_the_close_is_not_sent(vote, session):
    await clock.shift(session, morning(vote.closes_at, days_before=2) - vote.now)
    held = jobs.hold(session)
    await reminders.remind(vote.instance, session)
    await clock.shift(session, vote.closes_at - vote.now)
    for job in held:
        await HANDLERS.get(job.name)(vote.instance, session, **job.payload)

    assert (await session.exec(select(DemoMail))).all() == []


async def test_a_short_vote_reminds_nobody(instance, session):
    await session.exec(text("update deployment set kind = 'demo'"))
    short = Vote(instance, session)
    await short.begin(days=2)

    assert await short.at(short.closes_at - timedelta(hours=10)) == []
