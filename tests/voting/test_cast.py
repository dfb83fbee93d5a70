"""A resident opens the ballot, chooses, casts, changes, and gets the same receipt for the same ballot."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts import actions as accounts
from service.accounts.models import Account
from service.core import clock, receipt
from service.core.actor import Resident
from service.core.instance import Instance
from service.processes import actions as processes
from service.processes.models import AreaRule, BallotType
from service.voting import actions, box, queries, rules
from service.voting.ballot import (
    AreaUnknown,
    ForeignProject,
    NothingChosen,
    OverBudget,
    TooManyChoices,
    UnknownProject,
)
from service.voting.models import BallotDraft, SealedBallot
from service.voting.standing import State
from tests import make


async def of(session, process, voter):
    return await queries.standing(session, await queries.ballot(session, process), voter)


async def in_box(session: AsyncSession) -> list[SealedBallot]:
    return list((await session.exec(select(SealedBallot))).all())


async def test_a_vote_goes_from_opening_to_receipt(session: AsyncSession, instance: Instance) -> None:
    process = await make.vote(session)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    assert (await of(session, process, voter)).state is State.EMPTY

    await actions.choose(session, ballot, 2, by=voter)
    standing = await actions.choose(session, ballot, 4, by=voter)
    assert standing.selection.numbers == {2, 4}
    assert (await of(session, process, voter)).state is State.NOT_CAST
    assert await in_box(session) == []

    code = await actions.cast(session, ballot, frozenset({2, 4}), by=voter)

    standing = await of(session, process, voter)
    assert standing.state is State.CAST
    assert receipt.written(standing.receipt) == code
    assert len(await in_box(session)) == 1


async def test_the_same_choices_cast_again_have_the_same_receipt_and_other_choices_another(
    session: AsyncSession, instance: Instance
) -> None:
    process = await make.vote(session)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)

    async def cast(*numbers: int) -> str:
        await actions.save_draft(session, ballot, frozenset(numbers), by=voter)
        return await actions.cast(session, ballot, frozenset(numbers), by=voter)

    first, again, other = await cast(1, 2), await cast(1, 2), await cast(3)

    assert first == again != other
    assert len(await in_box(session)) == 1
    standing = await of(session, process, voter)
    assert receipt.written(standing.receipt) == other
    assert standing.is_cast(standing.selection)


async def test_a_change_after_casting_does_not_count_until_cast_and_can_be_discarded(
    session: AsyncSession, instance: Instance
) -> None:
    process = await make.vote(session)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    await actions.save_draft(session, ballot, frozenset({1, 2}), by=voter)
    code = await actions.cast(session, ballot, frozenset({1, 2}), by=voter)

    await actions.unchoose(session, ballot, 1, by=voter)
    await actions.choose(session, ballot, 5, by=voter)
    changed = await of(session, process, voter)
    assert changed.state is State.CHANGED
    assert receipt.written(changed.receipt) == code

    await actions.discard_changes(session, ballot, by=voter)
    restored = await of(session, process, voter)
    assert restored.state is State.CAST
    assert restored.selection.numbers == {1, 2}


async def test_changing_back_by_hand_is_the_cast_ballot_again(
    session: AsyncSession, instance: Instance
) -> None:
    process = await make.vote(session)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    await actions.choose(session, ballot, 1, by=voter)
    await actions.cast(session, ballot, frozenset({1}), by=voter)

    await actions.choose(session, ballot, 2, by=voter)
    await actions.unchoose(session, ballot, 2, by=voter)

    assert (await of(session, process, voter)).state is State.CAST


async def test_a_choice_in_another_window_must_be_reviewed_before_it_is_cast(
    session: AsyncSession, instance: Instance
) -> None:
    process = await make.vote(session)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    await actions.save_draft(session, ballot, frozenset({1, 2}), by=voter)

    with pytest.raises(rules.ChoicesChanged):
        await actions.cast(session, ballot, frozenset({1}), by=voter)

    assert await in_box(session) == []


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ({1, 99}, UnknownProject),
        ({1, 2, 3, 4}, TooManyChoices),
        (set(), NothingChosen),
    ],
)
async def test_an_impossible_ballot_is_refused_and_the_draft_kept(
    session: AsyncSession, instance: Instance, numbers: set[int], error: type[Exception]
) -> None:
    process = await make.vote(session, max_choices=3)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    await actions.save_draft(session, ballot, frozenset({1, 2}), by=voter)

    with pytest.raises(error):
        await actions.cast(session, ballot, frozenset(numbers), by=voter)

    assert await in_box(session) == []
    assert (await of(session, process, voter)).selection.numbers == {1, 2}


async def test_a_knapsack_draft_may_be_over_the_budget_but_is_not_cast(
    session: AsyncSession, instance: Instance
) -> None:
    process = await make.vote(session, ballot_type=BallotType.KNAPSACK, max_choices=None)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    over = await actions.save_draft(session, ballot, frozenset({3, 4, 5}), by=voter)

    with pytest.raises(OverBudget) as refusal:
        await actions.cast(session, ballot, frozenset({3, 4, 5}), by=voter)

    assert refusal.value.parameters["amount"] == 20_000_00
    assert await in_box(session) == []
    assert (await of(session, process, voter)).selection == over.selection
    await actions.unchoose(session, ballot, 3, by=voter)
    assert await actions.cast(session, ballot, frozenset({4, 5}), by=voter)


async def test_home_and_city_wide_projects_are_two_parts_of_one_ballot(
    session: AsyncSession, instance: Instance
) -> None:
    harbour, forest = await make.area(session), await make.area(session, "Forest")
    process = await make.vote(
        session,
        area_rule=AreaRule.HOME,
        max_choices=1,
        pots=[(harbour, 50_000_00), (forest, 50_000_00), (None, 50_000_00)],
        projects=[(harbour, 100), (forest, 100), (None, 100), (harbour, 200)],
    )
    voter = await at_home(session, process, instance, harbour)
    ballot = await queries.ballot(session, process)

    await actions.choose(session, ballot, 1, by=voter)
    await actions.choose(session, ballot, 3, by=voter)
    with pytest.raises(ForeignProject) as foreign:
        await actions.choose(session, ballot, 2, by=voter)
    with pytest.raises(TooManyChoices):
        await actions.choose(session, ballot, 4, by=voter)

    assert foreign.value.parameters == {"number": 2, "title": "Project 2"}
    await actions.cast(session, ballot, frozenset({1, 3}), by=voter)
    assert len(await in_box(session)) == 1


async def at_home(session: AsyncSession, process, instance: Instance, area, **values):
    resident = await make.resident(session, **values)
    await processes.set_residence(session, area.id, by=resident)
    return await actions.enrol(session, process, keys=instance.keys, by=resident)


async def test_a_chosen_area_can_be_changed_and_its_choices_go_with_it(
    session: AsyncSession, instance: Instance
) -> None:
    harbour, forest = await make.area(session), await make.area(session, "Forest")
    process = await make.vote(
        session,
        area_rule=AreaRule.CHOSEN,
        pots=[(harbour, 50_000_00), (forest, 50_000_00), (None, 50_000_00)],
        projects=[(harbour, 100), (forest, 100), (None, 100)],
    )
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    with pytest.raises(ForeignProject):
        await actions.choose(session, ballot, 1, by=voter)

    await actions.choose_area(session, ballot, harbour.id, by=voter)
    await actions.choose(session, ballot, 1, by=voter)
    await actions.choose(session, ballot, 3, by=voter)
    await actions.cast(session, ballot, frozenset({1, 3}), by=voter)
    standing = await actions.choose_area(session, ballot, forest.id, by=voter)

    assert standing.selection.numbers == {3}
    assert standing.state is State.CHANGED
    assert (await actions.discard_changes(session, ballot, by=voter)).selection.area_id == harbour.id
    with pytest.raises(AreaUnknown):
        await actions.choose_area(session, ballot, voter.resident.id, by=voter)


async def test_after_the_closing_moment_nothing_is_stored(session: AsyncSession, instance: Instance) -> None:
    process = await make.vote(session)
    voter = await make.voter(session, process, instance.keys)
    ballot = await queries.ballot(session, process)
    await actions.choose(session, ballot, 1, by=voter)
    drafts = (await session.exec(select(BallotDraft.sealed))).all()

    await clock.shift(session, timedelta(days=11))

    with pytest.raises(rules.VotingIsClosed):
        await actions.cast(session, ballot, frozenset({1}), by=voter)
    with pytest.raises(rules.VotingIsClosed):
        await actions.choose(session, ballot, 2, by=voter)
    with pytest.raises(rules.VotingIsClosed):
        await make.voter(session, process, instance.keys)
    assert await in_box(session) == []
    assert (await session.exec(select(BallotDraft.sealed))).all() == drafts


async def test_the_statement_itself_looks_at_the_clock(session: AsyncSession, instance: Instance) -> None:
    """The moment may pass between our question and the write: then the write finds it out."""
    process = await make.vote(session)
    voter = await make.voter(session, process, instance.keys)
    mark = voter.vote_seal.mark(voter.pseudonym, b"marks")

    assert await box.cast(session, process.id, voter.pseudonym, mark, b"sealed")
    await clock.shift(session, timedelta(days=11))

    assert not await box.cast(session, process.id, voter.pseudonym, mark, b"later")
    assert [row.sealed for row in await in_box(session)] == [b"sealed"]


async def test_before_it_opens_nobody_opens_a_ballot(session: AsyncSession, instance: Instance) -> None:
    process = await make.vote(session, open_now=False)

    with pytest.raises(rules.VotingHasNotOpened):
        await make.voter(session, process, instance.keys)


async def test_whoever_deletes_the_account_and_comes_back_has_the_same_ballot(
    session: AsyncSession, instance: Instance
) -> None:
    process = await make.vote(session, minimum_age=13)
    account = await make.account(session, email="aino@posti.example", keys=instance.keys, birth_year=1980)
    resident = Resident(account.id, account.name, account.language)
    voter = await actions.enrol(session, process, keys=instance.keys, by=resident)
    ballot = await queries.ballot(session, process)
    await actions.choose(session, ballot, 3, by=voter)
    code = await actions.cast(session, ballot, frozenset({3}), by=voter)

    await accounts.delete(session, by=resident)
    assert await session.get(Account, account.id) is None
    back = await make.account(session, email="aino@posti.example", keys=instance.keys)
    returned = await actions.enrol(
        session, process, keys=instance.keys, by=Resident(back.id, back.name, back.language)
    )

    standing = await of(session, process, returned)
    assert standing.state is State.CAST
    assert receipt.written(standing.receipt) == code
    await actions.choose(session, ballot, 4, by=returned)
    await actions.cast(session, ballot, frozenset({3, 4}), by=returned)
    assert len(await in_box(session)) == 1


async def test_one_ballot_per_resident_is_the_databases_own_rule(
    session: AsyncSession, instance: Instance
) -> None:
    key = text(
        "select string_agg(attname, ',' order by attnum) from pg_index join pg_attribute on attrelid = indrelid "
        "and attnum = any (indkey) where indrelid = 'ballot_box'::regclass and indisprimary"
    )

    assert (await session.exec(key)).scalar_one() == "process_id,pseudonym"
