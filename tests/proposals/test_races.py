"""What two do at the same moment, on connections of their own that really commit."""

import asyncio
from uuid import uuid4

import pytest
from sqlmodel import select

from service.accounts.models import Account
from service.comments.models import Comment, Thread, Words
from service.core.actor import Role
from service.core.errors import DomainError, SentBefore
from service.processes.models import Activity, Process
from service.proposals import actions, permission, queries, rules
from service.proposals.models import Content, Proposal, State, Version
from tests import make
from tests.proposals.ideas import BENCHES, MORE_BENCHES


@pytest.fixture
async def scene(own_database):
    async with own_database.transaction() as session:
        process = await make.process(session, open_to=[Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT])
        aino = await make.resident(session)
        moderator = await make.staff(session, Role.MODERATOR)
        editor = await make.staff(session, Role.EDITOR)
    return process, aino, moderator, editor


async def at_once(*acts):
    """Their results, errors of the domain among them; any other error is a fault."""
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, DomainError):
            raise outcome
    return outcomes


async def on(own_database, proposal, act):
    """One request: the proposal loaded and changed in a transaction of its own."""
    async with own_database.transaction() as session:
        return await act(session, await queries.get(session, proposal.id))


async def test_a_form_sent_twice_at_once_is_one_proposal(own_database, scene):
    process, aino, *_ = scene
    nonce = uuid4()

    async def start():
        async with own_database.transaction() as session:
            return (await actions.start(session, process, BENCHES, nonce=nonce, by=aino)).id

    ids = await at_once(*(start() for _ in range(5)))

    assert len(set(ids)) == 1
    async with own_database.transaction() as session:
        assert len((await session.exec(select(Proposal))).all()) == 1
        assert len((await session.exec(select(Thread))).all()) == 1


async def test_ten_begun_at_once_have_ten_numbers(own_database, scene):
    process, *_ = scene

    async def start():
        async with own_database.transaction() as session:
            by = await make.resident(session)
            return (await actions.start(session, process, BENCHES, nonce=uuid4(), by=by)).number

    assert sorted(await at_once(*(start() for _ in range(10)))) == list(range(1, 11))


async def test_one_nonce_sent_to_two_processes_at_once_is_one_proposal_and_one_refusal(own_database, scene):
    process, aino, *_ = scene
    async with own_database.transaction() as session:
        other = await make.process(session, open_to=[Activity.PROPOSE])
    nonce, together = uuid4(), asyncio.Barrier(2)

    async def start(where):
        async with own_database.transaction() as session:
            await session.exec(select(Process.id))
            await together.wait()
            return (await actions.start(session, where, BENCHES, nonce=nonce, by=aino)).id

    outcomes = await at_once(start(process), start(other))

    assert sum(isinstance(outcome, SentBefore) for outcome in outcomes) == 1
    async with own_database.transaction() as session:
        assert len((await session.exec(select(Proposal))).all()) == 1


async def test_the_same_support_twice_at_once_is_one(own_database, scene):
    process, aino, *_ = scene
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, process)

    await at_once(
        *(
            on(own_database, proposal, lambda session, it: actions.support(session, it, by=aino))
            for _ in range(5)
        )
    )

    async with own_database.transaction() as session:
        assert (await queries.detail(session, proposal, aino)).supports == 1

    await at_once(
        *(
            on(own_database, proposal, lambda session, it: actions.unsupport(session, it, by=aino))
            for _ in range(5)
        )
    )

    async with own_database.transaction() as session:
        assert (await queries.detail(session, proposal, aino)).supports == 0


async def test_a_comment_sent_twice_at_once_is_one(own_database, scene):
    process, aino, *_ = scene
    nonce = uuid4()
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, process)

    async def comment(session, it):
        return (await actions.comment(session, it, Words(text="Hyvä!"), nonce=nonce, by=aino)).id

    ids = await at_once(*(on(own_database, proposal, comment) for _ in range(5)))

    assert len(set(ids)) == 1
    async with own_database.transaction() as session:
        assert len((await session.exec(select(Comment))).all()) == 1


async def test_of_two_editors_who_save_at_once_one_is_shown_the_others_text(own_database, scene):
    process, aino, *_ = scene
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, process, aino, state=State.DRAFT)

    def save(title):
        return on(
            own_database,
            proposal,
            lambda session, it: actions.save(
                session, it, Content(title=title), version=proposal.version, by=aino
            ),
        )

    outcomes = await at_once(save("Ensimmäinen"), save("Toinen"))

    (conflict,) = [outcome for outcome in outcomes if isinstance(outcome, rules.EditedMeanwhile)]
    (saved,) = [outcome for outcome in outcomes if isinstance(outcome, Proposal)]
    assert conflict.current.title == saved.title


async def test_a_text_edited_while_it_is_being_published_is_not_published_unread(own_database, scene):
    process, aino, moderator, _ = scene
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, process, aino)
    await on(
        own_database,
        proposal,
        lambda session, it: actions.edit(session, it, BENCHES, version=it.version, note="", by=aino),
    )
    async with own_database.transaction() as session:
        read = (await queries.get(session, proposal.id)).version

    outcomes = await at_once(
        on(
            own_database,
            proposal,
            lambda session, it: actions.edit(session, it, MORE_BENCHES, version=read, note="", by=aino),
        ),
        on(
            own_database,
            proposal,
            lambda session, it: actions.publish(session, it, version=read, by=moderator),
        ),
    )

    async with own_database.transaction() as session:
        now = await queries.get(session, proposal.id)
        assert now.title != MORE_BENCHES.title
    assert sum(isinstance(outcome, rules.EditedMeanwhile) for outcome in outcomes) == 1


async def test_two_edits_of_a_published_proposal_at_once_are_one_waiting_version(own_database, scene):
    process, aino, *_ = scene
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, process, aino)

    def edit(idea):
        return on(
            own_database,
            proposal,
            lambda session, it: actions.edit(session, it, idea, version=proposal.version, note="", by=aino),
        )

    outcomes = await at_once(edit(BENCHES), edit(MORE_BENCHES))

    assert sum(isinstance(outcome, rules.EditedMeanwhile) for outcome in outcomes) == 1
    async with own_database.transaction() as session:
        assert len((await session.exec(select(Version))).all()) == 2


async def test_merges_that_cross_end_as_one_and_do_not_wait_for_each_other(own_database, scene):
    process, _, _, editor = scene
    async with own_database.transaction() as session:
        one, other = await make.proposal(session, process), await make.proposal(session, process)
    together = asyncio.Barrier(4)

    async def merge(target, source):
        async with own_database.transaction() as session:
            pair = [await queries.get(session, target.id), await queries.get(session, source.id)]
            await together.wait()
            return await actions.merge(session, pair[0], pair[1:], by=editor)

    outcomes = await at_once(merge(one, other), merge(other, one), merge(one, other), merge(other, one))

    assert sum(isinstance(outcome, rules.CannotBeMerged) for outcome in outcomes) == 3
    async with own_database.transaction() as session:
        states = sorted((await session.exec(select(Proposal.state))).all())
        assert states == [State.MERGED, State.PUBLISHED]


async def test_an_author_withdraws_what_an_editor_combines_and_neither_waits_for_ever(own_database, scene):
    """Both hold the proposal and the process, and have to ask for them in one order."""
    process, aino, _, editor = scene
    async with own_database.transaction() as session:
        own = await make.proposal(session, process, aino)

    async def combine():
        async with own_database.transaction() as session:
            source = await queries.get(session, own.id)
            await actions.combine(session, [source], MORE_BENCHES, nonce=uuid4(), by=editor)

    async with own_database.transaction() as session:
        read = await queries.get(session, own.id)
        await permission.lock_as_author(session, read, aino)
        combining = asyncio.create_task(combine())
        await asyncio.wait([combining], timeout=0.5)
        await actions.withdraw(session, read, by=aino)

    with pytest.raises(rules.CannotBeMerged):
        await asyncio.wait_for(combining, 10)


async def test_an_account_leaves_while_its_draft_is_saved_and_nothing_is_left_in_between(own_database, scene):
    process, aino, *_ = scene
    async with own_database.transaction() as session:
        proposal = await make.proposal(session, process, aino, state=State.DRAFT)

    async def leave():
        async with own_database.transaction() as session:
            await actions.forget(session, aino.id)
            await session.delete(await session.get_one(Account, aino.id))

    await at_once(
        leave(),
        on(
            own_database,
            proposal,
            lambda session, it: actions.save(session, it, BENCHES, version=it.version, by=aino),
        ),
    )

    async with own_database.transaction() as session:
        left = await queries.get(session, proposal.id)
        assert (left.author_id, left.author_name, left.title) == (None, "", "")
        assert await session.get(Process, process.id)
