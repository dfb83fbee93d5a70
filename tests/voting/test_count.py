"""The box is opened after the close, every ballot is held against its voter's mark, and then the keys go."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.core import clock
from service.core.actor import Resident, Role, System
from service.processes import actions as processes
from service.processes.models import AreaRule, BallotType
from service.processes.rules import NotYourProcess
from service.voting import actions, jobs, queries, rules, seal
from service.voting.ballot import Selection
from service.voting.models import BallotDraft, CountedBallot, RollEntry, SealedBallot, Vote
from tests import make

BY = System("test")


async def cast(session, process, keys, *numbers, voter=None):
    voter = voter or await make.voter(session, process, keys)
    ballot = await queries.ballot(session, process)
    await actions.save_draft(session, ballot, frozenset(numbers), by=voter)
    return voter, await actions.cast(session, ballot, frozenset(numbers), by=voter)


async def close(session):
    await clock.shift(session, timedelta(days=11))


async def rows(session, table):
    return (await session.exec(select(table))).all()


async def queued(session, name):
    statement = text("select count(*) from pgqueuer where entrypoint = :name").bindparams(name=name)
    return (await session.exec(statement)).scalar_one()


async def test_an_open_vote_is_not_counted(session, instance):
    process = await make.vote(session)
    await cast(session, process, instance.keys, 1)

    with pytest.raises(rules.VoteIsOpen):
        await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert await rows(session, CountedBallot) == []


async def test_what_was_cast_is_counted_in_an_order_nobody_chose(session, instance):
    process = await make.vote(session)
    cast_in_order = [await cast(session, process, instance.keys, 1 + n % 5) for n in range(12)]
    await make.voter(session, process, instance.keys)  # opened the ballot and never cast
    await close(session)

    vote = await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert (vote.enrolled, vote.ballots, vote.refused) == (13, 12, 0)
    counted = await queries.counted(session, process.id)
    assert sorted(row.projects for row in counted) == sorted([1 + n % 5] for n in range(12))
    stored = (
        (await session.exec(text("select receipt_digest from counted_ballot order by ctid"))).scalars().all()
    )
    assert stored == sorted(stored)
    for _, receipt in cast_in_order:
        assert await queries.is_counted(session, process.id, receipt.lower())
    assert not await queries.is_counted(session, process.id, "0000-0000-0000-0000")
    assert not await queries.is_counted(session, process.id, "nonsense")


async def test_counting_again_tells_the_same(session, instance):
    process = await make.vote(session)
    await cast(session, process, instance.keys, 1, 2)
    await close(session)
    first = (await actions.open_box(session, process, keys=instance.keys, by=BY)).model_dump()

    again = await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert again.model_dump() == first
    assert len(await rows(session, CountedBallot)) == 1


async def test_only_the_last_ballot_of_each_is_counted(session, instance):
    process = await make.vote(session)
    voter, old = await cast(session, process, instance.keys, 1)
    _, new = await cast(session, process, instance.keys, 2, 3, voter=voter)
    await close(session)

    vote = await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert vote.ballots == 1
    assert [row.projects for row in await queries.counted(session, process.id)] == [[2, 3]]
    assert await queries.is_counted(session, process.id, new)
    assert not await queries.is_counted(session, process.id, old)


async def test_a_ballot_says_which_area_it_was_for(session, instance):
    harbour, forest = await make.area(session), await make.area(session, "Forest")
    process = await make.vote(
        session,
        area_rule=AreaRule.CHOSEN,
        pots=[(harbour, 1_000), (forest, 1_000), (None, 1_000)],
        projects=[(harbour, 100), (forest, 100), (None, 100)],
    )
    ballot_areas = {}
    for area, number in ((harbour, 1), (forest, 2)):
        voter = await make.voter(session, process, instance.keys)
        ballot = await queries.ballot(session, process)
        await actions.choose_area(session, ballot, area.id, by=voter)
        await cast(session, process, instance.keys, number, 3, voter=voter)
        ballot_areas[number] = area.id
    await close(session)

    await actions.open_box(session, process, keys=instance.keys, by=BY)

    counted = {row.projects[0]: row.area_id for row in await queries.counted(session, process.id)}
    assert counted == ballot_areas


async def forge(session, process, pseudonym, mark, sealed):
    session.add(SealedBallot(process_id=process.id, pseudonym=pseudonym, nonce=mark.nonce, commitment=mark.commitment, sealed=sealed))  # fmt: skip
    await session.flush()


async def test_what_was_forged_copied_or_altered_is_refused_and_said(session, instance):
    process = await make.vote(session, ballot_type=BallotType.KNAPSACK, max_choices=None)
    honest, _ = await cast(session, process, instance.keys, 1)
    ballot = await queries.ballot(session, process)
    original = (await rows(session, SealedBallot))[0]
    marks = ballot.marks(Selection(None, frozenset({1})))
    strangers = [await make.voter(session, process, instance.keys) for _ in range(4)]
    copied, unreadable, dear, altered = strangers

    # A whole row copied to another voter on the roll.
    await forge(session, process, copied.pseudonym, original, original.sealed)
    # Noise instead of a ballot.
    mark = unreadable.vote_seal.mark(unreadable.pseudonym, marks)
    await forge(session, process, unreadable.pseudonym, mark, b"noise")
    # Against the rules, though made with all the keys.
    too_dear = ballot.marks(Selection(None, frozenset({3, 4, 5})))
    mark = dear.vote_seal.mark(dear.pseudonym, too_dear)
    await forge(session, process, dear.pseudonym, mark, seal.seal(ballot.box_public_key, too_dear))
    # Other choices sealed under a voter's own mark: the public key is no secret.
    mark = altered.vote_seal.mark(altered.pseudonym, marks)
    swapped = seal.seal(ballot.box_public_key, ballot.marks(Selection(None, frozenset({2}))))
    await forge(session, process, altered.pseudonym, mark, swapped)
    # Somebody who is not on the roll.
    mark = honest.vote_seal.mark(b"stuffed", marks)
    await forge(session, process, b"stuffed", mark, seal.seal(ballot.box_public_key, marks))
    await close(session)

    vote = await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert (vote.ballots, vote.refused) == (1, 5)
    assert [row.projects for row in await queries.counted(session, process.id)] == [[1]]


async def test_a_home_areas_ballot_is_counted_only_where_the_roll_says(session, instance):
    harbour, forest = await make.area(session), await make.area(session, "Forest")
    process = await make.vote(
        session,
        area_rule=AreaRule.HOME,
        pots=[(harbour, 1_000), (forest, 1_000)],
        projects=[(harbour, 100), (forest, 100)],
    )
    resident = await make.resident(session)
    await processes.set_residence(session, harbour.id, by=resident)
    voter = await actions.enrol(session, process, keys=instance.keys, by=resident)
    ballot = await queries.ballot(session, process)
    elsewhere = ballot.marks(Selection(forest.id, frozenset({2})))
    mark = voter.vote_seal.mark(voter.pseudonym, elsewhere)
    await forge(session, process, voter.pseudonym, mark, seal.seal(ballot.box_public_key, elsewhere))
    await close(session)

    vote = await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert (vote.ballots, vote.refused) == (0, 1)


async def test_without_its_key_the_box_stays_closed_and_nothing_is_written(session, instance):
    process = await make.vote(session)
    await cast(session, process, instance.keys, 1)
    await close(session)
    instance.keys.destroy(process.id, "box")

    with pytest.raises(rules.KeysAreMissing):
        await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert await rows(session, CountedBallot) == []
    assert not instance.keys.exists(process.id, "box")


async def test_a_counted_ballot_is_never_altered(session, instance):
    process = await make.vote(session)
    await cast(session, process, instance.keys, 1)
    await close(session)
    await actions.open_box(session, process, keys=instance.keys, by=BY)

    for attempt in ("update counted_ballot set projects = '{2}'", "delete from counted_ballot"):
        with pytest.raises(Exception, match="never altered"):
            async with session.begin_nested():
                await session.exec(text(attempt))


async def test_a_vote_without_a_voter_can_be_counted(session, instance):
    process = await make.vote(session)
    await close(session)

    vote = await actions.open_box(session, process, keys=instance.keys, by=BY)

    assert (vote.enrolled, vote.ballots, vote.refused) == (0, 0, 0)


async def test_an_editor_counts_only_the_own_process(session, instance):
    process, other = await make.vote(session), await make.process(session)
    editor = await make.staff(session, Role.EDITOR, other)
    await close(session)

    with pytest.raises(NotYourProcess):
        await actions.open_box(session, process, keys=instance.keys, by=editor)


async def test_after_the_count_the_roll_is_a_number_and_box_drafts_and_keys_are_gone(session, instance):
    process = await make.vote(session)
    other = await make.vote(session)
    voter, receipt = await cast(session, process, instance.keys, 1)
    await make.voter(session, process, instance.keys)
    await cast(session, other, instance.keys, 2)
    await close(session)
    with pytest.raises(rules.NotCounted):
        await actions.destroy_keys(session, process, keys=instance.keys, by=BY)
    await actions.open_box(session, process, keys=instance.keys, by=BY)

    vote = await actions.destroy_keys(session, process, keys=instance.keys, by=BY)

    assert vote.emptied_at
    assert vote.keys_destroyed_at is None
    assert (vote.enrolled, vote.ballots) == (2, 1)
    assert {row.process_id for row in await rows(session, RollEntry)} == {other.id}
    assert {row.process_id for row in await rows(session, SealedBallot)} == {other.id}
    assert len(await rows(session, BallotDraft)) == 1
    assert await queued(session, "voting.destroy_keys") == 1
    assert instance.keys.exists(process.id, "vote")  # until the job runs, which a rollback would forget

    await jobs.destroy_keys(instance, session, process=str(process.id))

    assert vote.keys_destroyed_at
    assert not [name for name in seal.KEYS if instance.keys.exists(process.id, name)]
    assert instance.keys.exists(other.id, "vote")
    assert await queries.is_counted(session, process.id, receipt)
    with pytest.raises(rules.KeysAreMissing):
        seal.Voter.of(voter.resident, voter.sign_in_digest, instance.keys, process.id)


async def test_destroyed_keys_are_not_made_again(session, instance):
    process = await make.vote(session)
    account = await make.account(session)
    resident = Resident(account.id, account.name, account.language)
    await actions.enrol(session, process, keys=instance.keys, by=resident)
    for name in seal.KEYS:
        instance.keys.destroy(process.id, name)

    with pytest.raises(rules.KeysAreMissing):
        await actions.enrol(session, process, keys=instance.keys, by=resident)

    assert not [name for name in seal.KEYS if instance.keys.exists(process.id, name)]


async def test_drafts_go_in_batches_after_the_close_and_their_key_last(session, instance, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    process, other = await make.vote(session), await make.vote(session)
    for number in (1, 2, 3):
        await cast(session, process, instance.keys, number)
    await cast(session, other, instance.keys, 1)
    waiting = await queued(session, "voting.remove_drafts")

    await jobs.remove_drafts(instance, session, process=str(process.id))
    assert len(await rows(session, BallotDraft)) == 4
    await close(session)

    left = []
    for _ in range(3):
        await jobs.remove_drafts(instance, session, process=str(process.id))
        left.append((len(await rows(session, BallotDraft)), instance.keys.exists(process.id, "draft")))

    assert left == [(2, True), (1, True), (1, False)]
    assert await queued(session, "voting.remove_drafts") == waiting + 3
    assert instance.keys.exists(other.id, "draft")
    assert (await session.get(Vote, process.id)).counted_at is None
    await actions.open_box(session, process, keys=instance.keys, by=BY)
    assert len(await queries.counted(session, process.id)) == 3


async def test_the_count_itself_sees_to_it_that_nobody_can_join_voters_and_votes_thirty_days_later(
    session, instance
):
    process = await make.vote(session)
    await cast(session, process, instance.keys, 1)
    await close(session)
    await actions.open_box(session, process, keys=instance.keys, by=BY)
    assert await queued(session, "voting.part_with_keys") == 1

    left = []
    for days in (0, 11 + 29, 11 + 31):
        await clock.shift(session, timedelta(days=days or 11))
        await jobs.part_with_keys(instance, session, process=str(process.id))
        left.append(len(await rows(session, RollEntry)) + len(await rows(session, SealedBallot)))

    assert left == [2, 2, 0]
    assert await queued(session, "voting.part_with_keys") == 3
    assert await queued(session, "voting.destroy_keys") == 1
