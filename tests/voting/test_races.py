"""Two at once, over HTTP and with real commits."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.core.actor import Resident, Role, System
from service.processes import actions as processes
from service.processes.models import Process
from service.processes.parts import Budget, VotingRules
from service.processes.rules import RulesAreFrozen
from service.voting import actions, box, jobs, queries, rules, seal
from service.voting.ballot import Selection
from service.voting.models import SealedBallot
from tests import make
from tests.voting.booth import booth


@pytest.fixture(scope="module")
async def made(server, tmp_path_factory):
    async with booth(server, tmp_path_factory.mktemp("keys")) as made:
        yield made


@pytest.fixture
async def opening(server, tmp_path):
    """One that opens in two days."""
    async with booth(server, tmp_path / "keys", open_now=False) as made:
        yield made


@pytest.fixture
async def closing(server, tmp_path):
    """One whose time may pass."""
    async with booth(server, tmp_path / "keys") as made:
        yield made


async def in_box(made, *voters):
    """How many ballots these voters have in the box."""
    pseudonyms = {known_to_the_box(made, voter).pseudonym for voter in voters}
    async with made.instance.database.transaction() as session:
        box = (await session.exec(select(SealedBallot.pseudonym))).all()
    return sum(pseudonym in pseudonyms for pseudonym in box)


async def test_the_same_vote_twice_at_the_same_moment_is_one_ballot_with_one_receipt(made):
    voters = await made.voters(5)
    for voter in voters:
        await voter.open()
        await voter.choose(1, 2)

        receipts = await asyncio.gather(*(voter.cast(1, 2) for _ in range(4)))

        assert len(set(receipts)) == 1
        assert (await voter.client.get(f"{voter.address}/receipt")).json()["receipt"] == receipts[0]
    assert await in_box(made, *voters) == 5


async def test_two_windows_with_unlike_choices_leave_one_ballot_and_its_receipt(made):
    voter = await made.voter()
    await voter.open()
    await voter.choose(1)
    await voter.cast(1)

    async def window(*numbers):
        await voter.choose(*numbers)
        return await voter.post("/cast", {"selection": list(numbers)})

    answers = await asyncio.gather(*(window(number) for number in (1, 2, 3, 4, 5)))

    assert {answer.status_code for answer in answers} <= {200, 409}
    assert await in_box(made, voter) == 1
    shown = (await voter.client.get(f"{voter.address}/receipt")).json()["receipt"]
    assert shown in {answer.json()["receipt"] for answer in answers if answer.status_code == 200}


async def test_presses_at_once_are_all_kept(made):
    voter = await made.voter()
    await voter.open()
    async with made.instance.database.transaction() as session:
        ballot = await queries.ballot(session, made.process)

    inside = known_to_the_box(made, voter)

    async def press(number):
        async with made.instance.database.transaction() as session:
            await actions.choose(session, ballot, number, by=inside)

    await asyncio.gather(*(press(number) for number in (1, 2, 3, 4, 5)))

    assert (await voter.client.get(voter.address)).json()["selection"] == [1, 2, 3, 4, 5]


def known_to_the_box(made, voter):
    resident = Resident(voter.account_id, "", "fi")
    return seal.Voter.of(resident, voter.sign_in_digest, made.instance.keys, made.process.id)


async def test_opening_the_ballot_twice_at_once_is_one_line_on_the_roll(made):
    voters = await made.voters(4)

    await asyncio.gather(*(voter.open() for voter in voters for _ in range(2)))

    async with made.instance.database.transaction() as session:
        roll = await queries.roll(session, made.process.id)
        assert {voter.sign_in_digest for voter in voters} <= roll.keys()
        votes = await session.exec(text("select count(*) from vote"))
        assert votes.scalar_one() == 1


async def test_the_count_waits_for_a_cast_that_was_in_time(closing):
    """A cast that has looked at the clock and not yet committed when the vote closes has its receipt, so it is counted."""
    voter = await closing.voter()
    await voter.open()
    await voter.choose(1)
    inside = known_to_the_box(closing, voter)
    database = closing.instance.database
    async with database.transaction() as session:
        ballot = await queries.ballot(session, closing.process)
    marks = ballot.marks(Selection(None, frozenset({1})))

    async def count():
        async with database.transaction() as session:
            return await actions.open_box(
                session, closing.process, keys=closing.instance.keys, by=System("test")
            )

    async with database.transaction() as casting:
        mark = inside.vote_seal.mark(inside.pseudonym, marks)
        sealed = seal.seal(ballot.box_public_key, marks)
        assert await box.cast(casting, closing.process.id, inside.pseudonym, mark, sealed)
        await closing.pass_time(timedelta(days=11))
        counting = asyncio.create_task(count())
        done, _ = await asyncio.wait([counting], timeout=1)
        assert not done

    assert (await asyncio.wait_for(counting, 10)).ballots == 1


async def test_the_count_keeps_no_other_vote_waiting(made):
    """The lock that waits for casts is given back at once."""
    voter = await made.voter()
    await voter.open()
    await voter.choose(1)
    async with made.instance.database.transaction() as session:
        await box.wait_for_casts(session)

        assert await asyncio.wait_for(voter.cast(1), 5)


async def test_a_vote_after_the_closing_moment_is_409_and_nothing_is_stored(closing):
    voter = await closing.voter()
    await voter.open()
    await voter.choose(1)
    await closing.pass_time(timedelta(days=11))
    await closing.sign_in(voter)

    answer = await voter.post("/cast", {"selection": [1]})
    draft = await voter.post("/draft", {"selection": [1, 2]}, method="PUT")

    assert answer.status_code == draft.status_code == 409
    assert answer.json()["type"].endswith("VotingIsClosed")
    assert await in_box(closing, voter) == 0


async def test_mixing_the_box_while_people_vote_loses_no_ballot_and_no_change(made):
    voters = await made.voters(4)
    for voter in voters:
        await voter.open()

    async def vote(voter, first):
        for number in (first, first + 1):
            await voter.choose(number)
            receipt = await voter.cast(number)
        return receipt

    async def mix():
        for _ in range(10):
            async with made.instance.database.transaction() as session:
                await jobs.mix(made.instance, session)

    *receipts, _ = await asyncio.gather(*(vote(voter, n) for n, voter in enumerate(voters, 1)), mix())

    assert await in_box(made, *voters) == 4
    for number, voter, receipt in zip(range(2, 6), voters, receipts, strict=True):
        assert (await voter.client.get(f"{voter.address}/receipt")).json()["receipt"] == receipt
        mine = (await voter.client.get(voter.address)).json()
        assert (mine["state"], mine["selection"]) == ("cast", [number])


async def without_the_first_project(session, process, editor):
    await actions.remove(session, process, await queries.project(session, process.id, 1), by=editor)


async def with_less_money(session, process, editor):
    budgets = [Budget(cents=90_000_00)]
    await processes.set_budgets(session, process, budgets, version=process.version, by=editor)


async def with_one_choice_each(session, process, editor):
    given = VotingRules(ballot_type="approval", max_choices=1, area_rule="none")
    await processes.change_voting_rules(session, process, given, version=process.version, by=editor)


CHANGES = (without_the_first_project, with_less_money, with_one_choice_each)


@pytest.mark.parametrize("change", CHANGES)
async def test_the_first_voter_waits_for_a_change_of_the_ballot_that_began_before_the_opening(
    opening, change
):
    """Else the vote would be on one ballot and the count on another."""
    database = opening.instance.database
    async with database.transaction() as session:
        editor = await make.staff(session, Role.EDITOR, opening.process)

    async def vote():
        voter = await opening.voter()
        await voter.open()
        await voter.choose(2)
        return await voter.cast(2)

    async with database.transaction() as changing:
        process = await changing.get_one(Process, opening.process.id)
        await change(changing, process, editor)
        await changing.flush()
        await opening.pass_time(timedelta(days=3))
        voting = asyncio.create_task(vote())
        done, _ = await asyncio.wait([voting], timeout=1)
        assert not done

    await asyncio.wait_for(voting, 10)
    async with database.transaction() as session:
        stored = await queries.ballot(session, await session.get_one(Process, opening.process.id))
    assert await opening.app.state.ballots.get(None, opening.process.slug) == stored
    await opening.pass_time(timedelta(days=11))
    async with database.transaction() as session:
        process = await session.get_one(Process, opening.process.id)
        counted = await actions.open_box(session, process, keys=opening.instance.keys, by=System("test"))
        assert (counted.ballots, counted.refused) == (1, 0)
        assert [row.projects for row in await queries.counted(session, process.id)] == [[2]]


@pytest.mark.parametrize("change", CHANGES)
async def test_no_change_comes_after_the_freezing_though_it_began_before_that_was_committed(opening, change):
    database, process_id = opening.instance.database, opening.process.id
    async with database.transaction() as session:
        editor = await make.staff(session, Role.EDITOR, opening.process)
        before = await queries.ballot(session, opening.process)

    async def try_to_change():
        async with database.transaction() as session:
            process = await session.get_one(Process, process_id)
            await change(session, process, editor)

    async with database.transaction() as freezing:
        process = await freezing.get_one(Process, process_id)
        await actions.freeze(freezing, process, keys=opening.instance.keys, by=editor)
        changing = asyncio.create_task(try_to_change())
        done, _ = await asyncio.wait([changing], timeout=1)
        assert not done

    with pytest.raises((rules.BallotIsFrozen, RulesAreFrozen)):
        await asyncio.wait_for(changing, 10)
    async with database.transaction() as session:
        after = await queries.ballot(session, await session.get_one(Process, process_id))
    assert (after.entries, after.pots, after.max_choices) == (
        before.entries,
        before.pots,
        before.max_choices,
    )
