"""A vote is counted once it has closed, kept as published, and corrected beside what was published."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.core import clock
from service.core.actor import Role, System
from service.core.text import Localized
from service.processes.rules import NotYourProcess
from service.results import actions, queries, rules
from service.results.models import Verdict
from service.voting.rules import NoVote, VoteIsOpen
from tests import make

OPERATOR = System("test")
REASON = Localized(fi="Hanke 3 peruttiin.", sv="Projekt 3 återtogs.", en="Project 3 was withdrawn.")

# Costs 10, 20, 30, 40 and 50 thousand, and 100 thousand to spend.
BALLOTS = ([5, 4], [5, 4], [5, 3, 2], [5, 2], [1])


async def told(session, process):
    return await queries.outcome(session, await queries.latest(session, process.id))


def verdicts(outcome):
    return {row.project.number: row.result.verdict for pot in outcome.pots for row in pot.rows}


async def test_an_open_vote_is_not_counted(session, instance):
    process = await make.vote(session)
    await make.cast(session, process, instance.keys, [1, 2])

    with pytest.raises(VoteIsOpen):
        await actions.count(session, process, keys=instance.keys, by=OPERATOR)

    assert await queries.latest(session, process.id) is None


async def test_a_process_without_a_vote_has_no_count(session, instance):
    process = await make.process(session)
    with pytest.raises(NoVote):
        await actions.count(session, process, keys=instance.keys, by=OPERATOR)


async def test_winners_stand_in_the_order_of_decision_with_a_reason_for_every_project(session, instance):
    process, result = await make.counted(session, instance.keys, *BALLOTS, eligible_count=50)

    outcome = await told(session, process)

    [pot] = outcome.pots
    # Votes: 5 → 4, 4 → 2, 2 → 2, 3 → 1, 1 → 1. Of equal votes the cheaper first: 2 before 4, 1 before 3.
    assert [row.project.number for row in pot.rows] == [5, 2, 4, 1, 3]
    assert [row.project.number for row in pot.winners] == [5, 2, 1]
    assert verdicts(outcome) == {
        1: Verdict.WON, 2: Verdict.WON, 3: Verdict.DID_NOT_FIT, 4: Verdict.DID_NOT_FIT, 5: Verdict.WON,
    }  # fmt: skip
    fourth = pot.rows[2].result
    assert (fourth.votes, fourth.money_left_cents, fourth.short_by) == (2, 30_000_00, 1)
    assert (fourth.fits_at_cents, fourth.displaced_by) == (30_000_00, 2)
    assert [tie["projects"] for tie in pot.result.ties] == [[2, 4], [1, 3]]
    assert (pot.result.spent_cents, pot.left_cents, pot.cut) == (80_000_00, 20_000_00, 4)
    assert (result.number, result.ballots, result.enrolled, result.eligible) == (1, 5, 5, 50)


async def test_counting_again_tells_what_was_published(session, instance):
    process, first = await make.counted(session, instance.keys, *BALLOTS)

    again = await actions.count(session, process, keys=instance.keys, by=OPERATOR)

    assert again.id == first.id
    assert len(await queries.history(session, process.id)) == 1


async def test_every_pot_is_a_count_of_its_own_and_a_ballot_counts_in_those_it_names(session, instance):
    harbour, centre = await make.area(session, "Harbour"), await make.area(session, "Centre")
    process = await make.vote(
        session,
        pots=[(harbour, 10_000_00), (centre, 10_000_00), (None, 5_000_00)],
        projects=[(harbour, 8_000_00), (harbour, 2_000_00), (centre, 9_000_00), (None, 5_000_00), (None, 4_000_00)],
        area_rule="chosen",
    )  # fmt: skip
    await make.cast(session, process, instance.keys, [1, 5], harbour)
    await make.cast(session, process, instance.keys, [1, 2], harbour)
    await make.cast(session, process, instance.keys, [4], centre)
    await make.cast(session, process, instance.keys, [3, 4], centre)
    await clock.shift(session, timedelta(days=11))

    await actions.count(session, process, keys=instance.keys, by=OPERATOR)

    outcome = await told(session, process)
    found = {pot.area.id if pot.area else None: pot for pot in outcome.pots}
    assert {key: [row.project.number for row in pot.winners] for key, pot in found.items()} == {
        harbour.id: [1, 2], centre.id: [3], None: [4],
    }  # fmt: skip
    assert [found[place].result.voters for place in (harbour.id, centre.id, None)] == [2, 1, 3]
    assert outcome.pots[-1].area is None
    assert (outcome.spent_cents, outcome.budget_cents) == (24_000_00, 25_000_00)


async def test_a_vote_in_which_nobody_voted_has_a_result_without_winners(session, instance):
    process, result = await make.counted(session, instance.keys)

    outcome = await told(session, process)

    assert set(verdicts(outcome).values()) == {Verdict.NO_VOTES}
    assert (result.ballots, outcome.winners, outcome.pots[0].cut) == (0, [], 0)


async def test_the_lot_is_published_once_and_before_the_count_and_decides(session, instance):
    process = await make.vote(
        session, pots=[(None, 10_000_00)], projects=[(None, 10_000_00), (None, 10_000_00)]
    )
    editor = await make.staff(session, Role.EDITOR, process)
    for number in (1, 2):
        await make.cast(session, process, instance.keys, [number])

    # SHA-256 of "hauki|2" is before that of "hauki|1".
    await actions.publish_lot(session, process, "hauki", by=editor)
    await actions.publish_lot(session, process, "hauki", by=editor)
    with pytest.raises(rules.LotIsPublished):
        await actions.publish_lot(session, process, "tulppaani", by=editor)
    await clock.shift(session, timedelta(days=11))
    await actions.count(session, process, keys=instance.keys, by=editor)
    with pytest.raises(rules.LotComesTooLate):
        await actions.publish_lot(session, process, "hauki", by=editor)

    outcome = await told(session, process)
    assert [row.project.number for row in outcome.winners] == [2]
    assert outcome.pots[0].result.ties == [
        {"projects": [2, 1], "score": "1", "step": "lot", "decisive": True}
    ]
    assert outcome.result.lot_seed == "hauki"


async def test_a_correction_stands_beside_the_earlier_result_with_its_reason(session, instance):
    process, first = await make.counted(session, instance.keys, *BALLOTS)
    editor = await make.staff(session, Role.EDITOR, process)

    second = await actions.correct(session, process, REASON, without={2}, seen=1, by=editor)

    assert (second.number, second.reason, second.ballots) == (2, REASON.stored(), 5)
    corrected = await told(session, process)
    assert corrected.result.id == second.id
    assert corrected.left_out == [2]
    assert [row.project.number for row in corrected.winners] == [5, 4, 1]
    assert [row.project.number for row in corrected.pots[0].rows] == [5, 4, 1, 3, 2]
    earlier = await queries.outcome(session, first)
    assert [row.project.number for row in earlier.winners] == [5, 2, 1]
    # The same form sent twice is one correction; one who has read the first only is told.
    assert await actions.correct(session, process, REASON, without={2}, seen=1, by=editor) is second
    other = Localized(en="Another reason.")
    with pytest.raises(rules.CorrectedMeanwhile):
        await actions.correct(session, process, other, without={3}, seen=1, by=editor)


async def test_a_correction_that_changes_nothing_or_names_nothing_is_refused(session, instance):
    process = await make.vote(session)
    editor = await make.staff(session, Role.EDITOR, process)
    with pytest.raises((rules.NotCountedYet, NoVote)):
        await actions.correct(session, process, REASON, without={2}, seen=1, by=editor)
    process, _ = await make.counted(session, instance.keys, *BALLOTS)
    editor = await make.staff(session, Role.EDITOR, process)
    with pytest.raises(rules.NothingCorrected):
        await actions.correct(session, process, REASON, without=set(), seen=1, by=editor)
    with pytest.raises(rules.NotOnTheBallot):
        await actions.correct(session, process, REASON, without={77}, seen=1, by=editor)
    assert len(await queries.history(session, process.id)) == 1


async def test_a_correction_may_tell_the_turnout_anew(session, instance):
    process, _ = await make.counted(session, instance.keys, *BALLOTS, eligible_count=50)
    editor = await make.staff(session, Role.EDITOR, process)
    process.eligible_count = 55
    session.add(process)

    second = await actions.correct(session, process, REASON, without=set(), seen=1, by=editor)

    assert second.eligible == 55
    assert [row.project.number for row in (await told(session, process)).winners] == [5, 2, 1]


@pytest.mark.parametrize("table", ["result", "pot_result", "project_result"])
@pytest.mark.parametrize(
    "change", ["delete from {}", "update {} set result_id = result_id", "update result set ballots = 7"]
)
async def test_what_was_published_is_altered_by_nobody(session, instance, table, change):
    await make.counted(session, instance.keys, *BALLOTS)
    if table == "result":
        change = change.replace("result_id", "number")
    with pytest.raises(DBAPIError, match="never altered"):
        async with session.begin_nested():
            await session.exec(text(change.format(table)))


async def test_an_editor_of_another_process_neither_counts_nor_corrects(session, instance):
    process, _ = await make.counted(session, instance.keys, *BALLOTS)
    stranger = await make.staff(session, Role.EDITOR, await make.process(session))

    with pytest.raises(NotYourProcess):
        await actions.count(session, process, keys=instance.keys, by=stranger)
    with pytest.raises(NotYourProcess):
        await actions.correct(session, process, REASON, without={2}, seen=1, by=stranger)
    with pytest.raises(NotYourProcess):
        await actions.publish_lot(session, process, "hauki", by=stranger)


async def test_the_fate_of_every_proposal_is_on_record_and_a_new_one_once_more(session, instance):
    process = await make.vote(session, open_now=False)
    for project in await queries.voting.projects(session, process.id):
        proposal = await make.proposal(session, process)
        project.proposal_id = proposal.id
        session.add(project)
    await session.flush()
    projects = {project.number: project for project in await queries.voting.projects(session, process.id)}
    await clock.shift(session, timedelta(days=3))
    for numbers in BALLOTS:
        await make.cast(session, process, instance.keys, numbers)
    await clock.shift(session, timedelta(days=11))

    await actions.count(session, process, keys=instance.keys, by=OPERATOR)

    async def fates(number):
        entries = await make.recorded(session, projects[number].proposal_id)
        return [entry.action for entry in entries if entry.action.startswith("project.")]

    assert [await fates(number) for number in (5, 2, 3)] == [
        ["project.won"],
        ["project.won"],
        ["project.lost"],
    ]
    editor = await make.staff(session, Role.EDITOR, process)
    await actions.correct(session, process, REASON, without={2}, seen=1, by=editor)
    assert await fates(5) == ["project.won"]
    assert await fates(2) == ["project.won", "project.lost"]
    assert await fates(4) == ["project.lost", "project.won"]
