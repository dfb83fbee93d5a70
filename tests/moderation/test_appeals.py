"""An author asks for a second review; another moderator decides it."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service.audit.models import Entry
from service.core.actor import Role
from service.core.errors import Forbidden, NotFound
from service.moderation import actions, queries, rules
from service.moderation.models import Appeal, Decision, Ground, Kind, Plea, Ruling, SecondLook
from service.notifications import jobs
from service.notifications.models import Notice
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals.models import Idea, Proposal, State
from tests import make

HIDE = Decision(kind=Kind.HIDE, ground=Ground.INSULTING, reason="Teksti haukkuu ihmistä.")
REFUSE = Decision(kind=Kind.REFUSE, ground=Ground.ADVERTISING, reason="Teksti on mainos.")
RESTORE = Decision(kind=Kind.RESTORE)
PLEA = Plea(text="Teksti ei ole mainos.")
UPHELD = SecondLook(upheld=True, reason="Ratkaisu pysyy.")
OVERTURNED = SecondLook(upheld=False, reason="Teksti noudattaa sääntöjä.")


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE, Activity.COMMENT])


@pytest.fixture
async def author(session):
    return await make.resident(session)


@pytest.fixture
async def first(session, process):
    return await make.staff(session, Role.MODERATOR, process)


@pytest.fixture
async def second(session, process):
    return await make.staff(session, Role.MODERATOR, process)


@pytest.fixture
async def proposal(session, process, author):
    return await make.proposal(session, process, author, state=State.SUBMITTED)


@pytest.fixture
async def refusal(session, proposal, first):
    return await actions.decide(session, proposal, REFUSE, version=proposal.version, by=first)


async def test_a_refused_proposal_is_published_when_another_moderator_finds_so(
    session, proposal, refusal, author, second
):
    appeal = await actions.appeal(session, refusal, PLEA, by=author)

    ruling = await actions.decide_appeal(session, appeal, OVERTURNED, by=second)

    assert (ruling.kind, ruling.reason, ruling.ground) == (Kind.RESTORE, OVERTURNED.reason, None)
    assert proposal.state is State.PUBLISHED
    told = await queries.told(session, refusal.id, author)
    assert told.second.id == ruling.id


async def test_a_ruling_that_stands_changes_nothing_and_ends_the_matter(
    session, proposal, refusal, author, second
):
    appeal = await actions.appeal(session, refusal, PLEA, by=author)

    ruling = await actions.decide_appeal(session, appeal, UPHELD, by=second)

    assert (ruling.kind, ruling.ground) == (Kind.REFUSE, Ground.ADVERTISING)
    assert proposal.state is State.NOT_PUBLISHED
    with pytest.raises(rules.CannotBeAppealed):
        await actions.appeal(session, ruling, PLEA, by=author)
    assert not (await queries.told(session, ruling.id, author)).can_be_appealed


async def test_a_hidden_proposal_and_a_hidden_comment_come_back(session, process, author, first, second):
    proposal = await make.proposal(session, process, author)
    comment = await make.comment(session, proposal.thread_id, author)
    of_proposal = await actions.decide(session, proposal, HIDE, version=proposal.version, by=first)
    of_comment = await actions.decide_on_comment(session, comment.id, HIDE, by=first)

    for ruling in (of_proposal, of_comment):
        appeal = await actions.appeal(session, ruling, PLEA, by=author)
        await actions.decide_appeal(session, appeal, OVERTURNED, by=second)

    assert proposal.state is State.PUBLISHED
    assert comment.hidden_at is None


async def test_the_first_moderator_does_not_take_the_second_look(session, refusal, author, first):
    appeal = await actions.appeal(session, refusal, PLEA, by=author)

    with pytest.raises(rules.NeedsAnother):
        await actions.decide_appeal(session, appeal, UPHELD, by=first)


async def test_the_database_too_wants_another_moderator(session, proposal, refusal, author, first):
    appeal = await actions.appeal(session, refusal, PLEA, by=author)
    own = Ruling(proposal_id=proposal.id, kind=Kind.RESTORE, moderator_id=first.id)
    session.add(own)
    await session.flush()
    appeal.second_ruling_id = own.id

    with pytest.raises(DBAPIError, match="another moderator"):
        await session.flush()


async def test_a_second_look_is_taken_once_and_says_why(session, refusal, author, second):
    appeal = await actions.appeal(session, refusal, PLEA, by=author)
    with pytest.raises(rules.ReasonMissing):
        await actions.decide_appeal(session, appeal, SecondLook(upheld=True), by=second)
    await actions.decide_appeal(session, appeal, UPHELD, by=second)

    with pytest.raises(rules.DecidedAlready):
        await actions.decide_appeal(session, appeal, OVERTURNED, by=second)


async def test_a_moderator_of_another_process_and_the_author_take_no_second_look(session, refusal, author):
    appeal = await actions.appeal(session, refusal, PLEA, by=author)
    stranger = await make.staff(session, Role.MODERATOR, await make.process(session))
    oneself = make.STAFF[Role.MODERATOR](author.id, author.name, None)

    with pytest.raises(Forbidden):
        await actions.decide_appeal(session, appeal, UPHELD, by=stranger)
    with pytest.raises(rules.OwnText):
        await actions.decide_appeal(session, appeal, UPHELD, by=oneself)
    coauthor = await make.staff(session, Role.MODERATOR)
    await make.coauthor(session, await session.get_one(Proposal, refusal.proposal_id), coauthor)
    with pytest.raises(rules.OwnText):
        await actions.decide_appeal(session, appeal, UPHELD, by=coauthor)


async def test_only_the_author_sees_a_ruling_and_asks_for_a_second_review(session, refusal):
    other = await make.resident(session)

    with pytest.raises(NotFound):
        await actions.appeal(session, refusal, PLEA, by=other)
    with pytest.raises(NotFound):
        await queries.told(session, refusal.id, other)


async def test_asking_again_returns_the_request_that_is_there(session, refusal, author):
    one = await actions.appeal(session, refusal, PLEA, by=author)
    again = await actions.appeal(session, refusal, Plea(text="Vielä kerran."), by=author)

    assert (again.id, again.text) == (one.id, PLEA.text)
    assert len((await session.exec(select(Appeal))).all()) == 1


async def test_what_was_published_returned_or_kept_cannot_be_appealed(session, process, author, first):
    for kind in (Kind.PUBLISH, Kind.RETURN):
        proposal = await make.proposal(session, process, author, state=State.SUBMITTED)
        decision = Decision(kind=kind, ground=Ground.UNCLEAR, reason="Kerro lisää.")
        ruling = await actions.decide(session, proposal, decision, version=proposal.version, by=first)
        with pytest.raises(rules.CannotBeAppealed):
            await actions.appeal(session, ruling, PLEA, by=author)


async def test_a_refused_change_is_written_again_and_not_appealed(session, process, author, first):
    proposal = await make.proposal(session, process, author)
    idea = Idea(title="Osta minun penkkejäni", text="Myyn penkkejä halvalla, soita heti huomenna.")
    await proposals.edit(session, proposal, idea, version=proposal.version, note="", by=author)
    ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=first)

    with pytest.raises(rules.CannotBeAppealed):
        await actions.appeal(session, ruling, PLEA, by=author)


async def test_a_ruling_that_has_been_undone_cannot_be_appealed(session, process, author, first):
    proposal = await make.proposal(session, process, author)
    hidden = await actions.decide(session, proposal, HIDE, version=proposal.version, by=first)
    await actions.decide(session, proposal, RESTORE, version=proposal.version, by=first)

    with pytest.raises(rules.CannotBeAppealed):
        await actions.appeal(session, hidden, PLEA, by=author)

    hidden_again = await actions.decide(session, proposal, HIDE, version=proposal.version, by=first)
    assert (await actions.appeal(session, hidden_again, PLEA, by=author)).ruling_id == hidden_again.id


async def test_while_an_appeal_waits_nobody_goes_around_it(session, proposal, refusal, author, first, second):
    comment = await make.comment(session, proposal.thread_id, author)
    hidden = await actions.decide_on_comment(session, comment.id, HIDE, by=first)
    for ruling in (refusal, hidden):
        await actions.appeal(session, ruling, PLEA, by=author)

    for moderator in (first, second):
        with pytest.raises(rules.AppealWaits):
            await actions.decide(session, proposal, RESTORE, version=proposal.version, by=moderator)
        with pytest.raises(rules.AppealWaits):
            await actions.decide_on_comment(session, comment.id, RESTORE, by=moderator)


async def test_one_who_leaves_takes_an_open_request_along_and_a_decided_one_stays_without_words(
    session, process, author, first, second
):
    appeals = []
    for _ in range(2):
        comment = await make.comment(session, (await make.proposal(session, process)).thread_id, author)
        ruling = await actions.decide_on_comment(session, comment.id, HIDE, by=first)
        appeals.append(await actions.appeal(session, ruling, PLEA, by=author))
    await actions.decide_appeal(session, appeals[0], UPHELD, by=second)
    assert len((await queries.of_person(session, author.id))["appeals"]) == 2

    await actions.forget(session, author.id)

    session.expire_all()
    [left] = (await session.exec(select(Appeal))).all()
    assert (left.id, left.text, left.author_id) == (appeals[0].id, "", None)


async def test_a_hidden_comment_is_told_to_its_author_until_they_have_answered(
    session, process, author, first, second
):
    comment = await make.comment(session, (await make.proposal(session, process)).thread_id, author)
    since = comment.written_at
    ruling = await actions.decide_on_comment(session, comment.id, HIDE, by=first)
    assert [row.id for row in await queries.hidden_comments(session, author.id, since=since)] == [ruling.id]
    assert await queries.hidden_comments(session, (await make.resident(session)).id, since=since) == []

    appeal = await actions.appeal(session, ruling, PLEA, by=author)
    assert await queries.hidden_comments(session, author.id, since=since) == []
    await actions.decide_appeal(session, appeal, UPHELD, by=second)
    assert await queries.hidden_comments(session, author.id, since=since) == []


async def test_the_author_is_told_that_the_ruling_stands_and_nobody_else_is(
    session, instance, proposal, refusal, author, second
):
    appeal = await actions.appeal(session, refusal, PLEA, by=author)
    await actions.decide_appeal(session, appeal, UPHELD, by=second)
    entry = (await session.exec(select(Entry).where(Entry.action == "ruling.upheld"))).one()

    await jobs.announce(instance, session, entry=entry.id)

    [notice] = (await session.exec(select(Notice))).all()
    assert (notice.account_id, notice.proposal_id, notice.action) == (author.id, proposal.id, "ruling.upheld")
