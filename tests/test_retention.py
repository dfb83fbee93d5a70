"""What the privacy notice promises about keeping is kept by the worker, promise by promise."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from service import retention
from service.accounts import actions as accounts
from service.accounts.models import Account
from service.audit import actions as audit
from service.audit.models import Entry
from service.core import city, clock, jobs
from service.core.actor import Role, System
from service.core.city import Kept
from service.core.mail import DemoMail
from service.core.settings import CHECKOUT
from service.moderation import actions as moderation
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
from service.notifications import actions as notifications
from service.notifications import jobs as notices
from service.notifications.models import Notice
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals.models import Content, Proposal, State, Version
from service.voting.models import RollEntry, Vote
from service.worker import HANDLERS, SCHEDULES
from tests import make
from tests.proposals.ideas import BENCHES, MORE_BENCHES

OTHERS = Decision(kind=Kind.HIDE, ground=Ground.OTHER, reason="Syy.")


@pytest.fixture
async def pass_time(instance, session):
    """So many months and days go by, and then the worker makes its daily round, with all that comes of it."""
    await session.exec(text("update deployment set kind = 'demo'"))  # its mails are kept in a table
    begun = await clock.now(session)

    async def pass_time(months, *, days=0):
        session.expunge_all()
        await clock.shift(session, timedelta())
        then = await clock.months_ago(session, -months)
        await clock.shift(session, then - begun + timedelta(days=days))
        held = jobs.hold(session)
        await HANDLERS["retention.keep_promises"](instance, session)
        while held:
            job = held.pop(0)
            if job.name != "audit.recorded":
                await HANDLERS[job.name](instance, session, **job.payload)

    return pass_time


async def left(session, kind, *where):
    return (await session.exec(select(kind).where(*where).execution_options(populate_existing=True))).all()


def months(instance, kept):
    return instance.city.months(kept)


# --- accounts


async def warnings(session, account):
    return await left(session, DemoMail, DemoMail.to == account.email)


async def test_an_unused_account_is_warned_a_month_before_and_then_deleted(session, instance, pass_time):
    process = await make.process(session, open_to=[Activity.PROPOSE])
    account = await make.account(session, language="sv")
    other = await make.account(session)
    by = await make.resident(session)
    await make.proposal(session, process, by)
    promised = months(instance, Kept.ACCOUNT)

    await pass_time(promised - 1, days=-1)
    assert await left(session, DemoMail) == []

    await pass_time(promised - 1, days=1)
    [mail] = await warnings(session, account)
    assert mail.subject == "Vårt Lövsund: ditt konto raderas"
    assert "/sv/sign-in\n" in mail.body
    assert len(await warnings(session, other)) == 1

    await pass_time(promised)
    assert len(await left(session, Account)) == 3

    await pass_time(promised, days=3)
    assert await left(session, Account) == []
    [published] = await left(session, Proposal)
    assert (published.author_id, published.author_name, published.title) == (
        None,
        "",
        "Penkkejä Puistokadulle 1",
    )
    assert len(await left(session, DemoMail)) == 3  # one warning each
    about = await left(session, Entry, Entry.subject_id == account.id)
    assert {entry.action for entry in about} == {"account.warned", "account.deleted"}


async def test_who_comes_back_after_the_warning_keeps_the_account_and_is_warned_again_another_time(
    session, instance, pass_time
):
    account = await make.account(session)
    promised = months(instance, Kept.ACCOUNT)
    await pass_time(promised - 1, days=1)

    await accounts.sign_in_as(session, await session.get(Account, account.id))

    await pass_time(promised + 1)
    assert len(await left(session, Account)) == 1
    await pass_time(2 * promised - 2, days=10)
    assert len(await warnings(session, account)) == 2
    await pass_time(2 * promised - 1, days=20)
    assert await left(session, Account) == []


async def test_after_a_pause_of_the_worker_everybody_still_has_their_month(session, instance, pass_time):
    account = await make.account(session)

    await pass_time(months(instance, Kept.ACCOUNT) + 12)
    assert (len(await left(session, Account)), len(await warnings(session, account))) == (1, 1)
    await pass_time(months(instance, Kept.ACCOUNT) + 12, days=30)
    assert len(await left(session, Account)) == 1
    await pass_time(months(instance, Kept.ACCOUNT) + 12, days=32)
    assert await left(session, Account) == []


async def test_a_job_that_comes_late_does_not_delete_who_has_come_back(session, instance, pass_time):
    account = await make.account(session)
    await clock.shift(session, timedelta(days=3_000))
    await accounts.sign_in_as(session, await session.get(Account, account.id))

    await retention.delete_account(instance, session, account=str(account.id))

    assert len(await left(session, Account)) == 1


# --- drafts


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE])


@pytest.fixture
async def aino(session):
    return await make.resident(session, name="Aino K.")


async def test_a_draft_that_is_not_changed_goes_and_one_that_is_stays(
    session, instance, process, aino, pass_time
):
    forgotten = await proposals.start(session, process, BENCHES, nonce=uuid4(), by=aino)
    await proposals.attach_picture(session, forgotten, make.photo(), "Penkki", by=aino)
    going_on = await proposals.start(session, process, BENCHES, nonce=uuid4(), by=aino)
    promised = months(instance, Kept.DRAFT)

    await pass_time(promised - 1)
    read = await session.get(Proposal, going_on.id)
    await proposals.save(session, read, MORE_BENCHES, version=read.version, by=aino)
    assert len(await left(session, Proposal)) == 2

    await pass_time(promised, days=1)

    assert [draft.id for draft in await left(session, Proposal)] == [going_on.id]


async def test_a_returned_proposal_that_nobody_completes_loses_its_words(
    session, instance, process, aino, pass_time
):
    moderator = await make.staff(session, Role.MODERATOR)
    draft = await proposals.start(session, process, BENCHES, nonce=uuid4(), by=aino)
    await proposals.submit(session, draft, by=aino)
    decision = Decision(kind=Kind.RETURN, ground=Ground.UNCLEAR, reason="Kerro lisää.")
    await moderation.decide(session, draft, decision, version=draft.version, by=moderator)

    await pass_time(months(instance, Kept.DRAFT), days=1)

    [empty] = await left(session, Proposal)
    assert (empty.state, empty.content()) == (State.WITHDRAWN, Content().content())


async def test_what_was_sent_or_is_public_stays_and_a_returned_change_goes(
    session, instance, process, aino, pass_time
):
    moderator = await make.staff(session, Role.MODERATOR)
    sent = await proposals.start(session, process, BENCHES, nonce=uuid4(), by=aino)
    await proposals.submit(session, sent, by=aino)
    public = [await make.proposal(session, process, aino) for _ in range(2)]
    for proposal in public:
        await proposals.edit(session, proposal, MORE_BENCHES, version=proposal.version, note="", by=aino)
    returned, waiting = public
    await proposals.return_to_author(session, returned, version=returned.version, by=moderator)

    await pass_time(months(instance, Kept.DRAFT), days=1)

    assert [row.title for row in await left(session, Proposal, Proposal.id == sent.id)] == [BENCHES.title]
    assert len(await left(session, Proposal, Proposal.state == State.PUBLISHED)) == 2
    edits = await left(session, Version, col(Version.published_at).is_(None))
    assert [edit.proposal_id for edit in edits] == [waiting.id]


# --- news, rulings, rolls, the trail


async def test_news_go(session, instance, process, aino, pass_time):
    proposal = await make.proposal(session, process, aino)
    await notifications.follow(session, proposal, by=aino)
    entry = await audit.record(session, "proposal.evaluated", proposal.id, by=System("test"))
    await notices.announce(instance, session, entry=entry.id)

    await pass_time(months(instance, Kept.NEWS), days=-1)
    assert len(await left(session, Notice)) == 1
    await pass_time(months(instance, Kept.NEWS), days=1)
    assert await left(session, Notice) == []


async def test_rulings_go_with_reports_and_appeals_but_not_under_an_appeal_that_goes_on(
    session, instance, process, aino, pass_time
):
    first, second = [await make.staff(session, Role.MODERATOR) for _ in range(2)]
    reporter = await make.resident(session)
    done, going_on, fresh = [await make.proposal(session, process, aino) for _ in range(3)]
    for proposal in (done, going_on):
        await moderation.report(
            session, proposal, Complaint(ground=Ground.ADVERTISING), nonce=uuid4(), by=reporter
        )
        ruling = await moderation.decide(session, proposal, OTHERS, version=proposal.version, by=first)
        appeal = await moderation.appeal(session, ruling, Plea(text="Ei ole mainos."), by=aino)
        if proposal is done:
            await moderation.decide_appeal(session, appeal, SecondLook(upheld=True, reason="On."), by=second)
    await moderation.report(session, fresh, Complaint(ground=Ground.ADVERTISING), nonce=uuid4(), by=reporter)
    promised = months(instance, Kept.MODERATION)

    await pass_time(promised, days=-1)
    assert [len(await left(session, kind)) for kind in (Ruling, Report, Appeal)] == [3, 3, 2]

    await pass_time(promised, days=1)
    assert [row.proposal_id for row in await left(session, Ruling)] == [going_on.id]
    assert {row.proposal_id for row in await left(session, Report)} == {going_on.id, fresh.id}
    assert len(await left(session, Appeal)) == 1


async def test_the_list_of_voters_goes_also_where_its_keys_were_forgotten(session, instance, pass_time):
    process, _ = await make.counted(session, instance.keys, [1], [2], after=timedelta(days=11))
    assert len(await left(session, RollEntry)) == 2

    await pass_time(months(instance, Kept.ELECTORAL_ROLL), days=12)

    assert await left(session, RollEntry) == []
    [vote] = await left(session, Vote, Vote.process_id == process.id)
    assert vote.ballots == 2
    assert not instance.keys.exists(process.id, "vote")


async def test_the_trail_is_kept_as_long_as_promised_and_no_longer(session, instance, aino, pass_time):
    await audit.record(session, "account.changed", aino.id, by=aino, public=False)
    promised = months(instance, Kept.AUDIT)
    await session.exec(text("delete from account"))

    await pass_time(promised, days=-1)
    assert len(await left(session, Entry, Entry.action == "account.changed")) == 1
    await pass_time(promised, days=1)
    assert await left(session, Entry, Entry.action == "account.changed") == []


@pytest.mark.parametrize("table", ["audit_entry", "ruling"])
async def test_nothing_of_the_last_year_can_be_removed(session, process, aino, table):
    moderator = await make.staff(session, Role.MODERATOR)
    proposal = await make.proposal(session, process, aino)
    await moderation.decide(session, proposal, OTHERS, version=proposal.version, by=moderator)

    for statement in (f"delete from {table}", f"update {table} set process_id = null"):
        with pytest.raises(DBAPIError, match="never altered"):
            async with session.begin_nested():
                await session.exec(text(statement))


# --- the round, and the promises themselves


def test_the_worker_makes_its_round_every_day_and_each_promise_has_its_keeper():
    assert SCHEDULES["retention.keep_promises"].split()[2:] == ["*", "*", "*"]
    assert retention.KEEPERS.keys() == set(Kept)


def test_the_operators_guide_names_each_promise():
    guide = (CHECKOUT / "docs" / "operators.md").read_text()
    assert [kept for kept in Kept if f"| `{kept}` |" not in guide] == []


DEMO = CHECKOUT / "service" / "demo" / "story" / "city.toml"


@pytest.mark.parametrize(
    ("said", "instead", "mistake"),
    [
        ('key = "news"', 'key = "moon"', "privacy.retention.2.key"),
        ('key = "news"', 'key = "draft"', "tell once of each"),
        ("months = 60", "months = 11", "audit is kept a year at least"),
        ("months = 60", "months = 20", "as long as account"),
        ('key = "account"\nmonths = 24', 'key = "account"\nmonths = 1', "warned a month before"),
        ('key = "moderation"\nmonths = 24', 'key = "moderation"\nmonths = 11', "moderation is kept a year"),
    ],
)
def test_a_city_promises_what_can_be_kept(tmp_path, said, instead, mistake):
    file = tmp_path / "city.toml"
    file.write_text(DEMO.read_text().replace(said, instead, 1))

    with pytest.raises(city.CityFileIncomplete, match=mistake):
        city.read(file)


async def test_the_page_shows_the_months_that_are_kept(client, instance):
    page = (await client.get("/fi/about/privacy")).text
    for kept in Kept:
        [what] = [
            each["what"]["fi"] for each in instance.city.facts["privacy"]["retention"] if each["key"] == kept
        ]
        assert what in page
