"""What the rules of the vote are is fixed when voting opens: the actions say so, and the database refuses by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from service.core import clock
from service.core.database import violated
from service.processes import actions, rules
from service.processes.models import Activity, Phase, Process
from service.processes.parts import Budget
from tests import make
from tests.processes.test_actions import DAY, OPERATOR, plan, settings, voting_rules

NEW_PHASE = "insert into phase (id, process_id, version, name, activities, opens_at, closes_at)"
UNDER_WAY = {
    "ballot type": "update process set ballot_type = 'knapsack'",
    "number of choices": "update process set max_choices = 4",
    "area rule": "update process set area_rule = 'none'",
    "minimum age": "update process set minimum_age = 15",
    "no minimum age": "update process set minimum_age = null",
    "maximum age": "update process set maximum_age = 20",
    "legal basis": "update process set legal_basis = 'consent'",
    "budget": "update budget_pot set cents = cents + 1",
    "less money": "delete from budget_pot",
    "more money": "insert into budget_pot (id, process_id, area_id, cents) select gen_random_uuid(), id, (select id from area where id not in (select area_id from budget_pot where area_id is not null) limit 1), 5 from process",
    "opening": "update phase set opens_at = opens_at - interval '1 hour' where 'vote' = any (activities)",
    "opening put off": "update phase set opens_at = puntari_now() + interval '1 day' where 'vote' = any (activities)",
    "no vote": "update phase set activities = '{comment}' where 'vote' = any (activities)",
    "vote removed": "delete from phase where 'vote' = any (activities)",
    "closed backwards": "update phase set closes_at = puntari_now() - interval '1 second' where 'vote' = any (activities)",
    "process removed": "delete from process",
}


async def round_with_vote(session, *, opens_in: timedelta, closes_in: timedelta = 10 * DAY) -> Process:
    area = await make.area(session)
    await make.area(session)
    process = await make.process(session, pots=[(None, 100_00), (area, 50_00)], minimum_age=13)
    await make.phase(session, process, [Activity.VOTE], opens_in=opens_in, closes_in=closes_in)
    return process


async def refused(session, statement: str) -> str:
    """The constraint that refuses; empty where the change goes through. Either way nothing is kept."""
    savepoint = await session.begin_nested()
    try:
        await session.exec(text(statement))
    except IntegrityError as error:
        return violated(error)
    else:
        return ""
    finally:
        await savepoint.rollback()


@pytest.mark.parametrize("what", UNDER_WAY)
async def test_the_database_itself_refuses_new_rules_for_a_vote_that_has_opened(session, what) -> None:
    await round_with_vote(session, opens_in=timedelta(seconds=-1))
    assert await refused(session, UNDER_WAY[what]) == "voting_rules_are_fixed"


@pytest.mark.parametrize("what", sorted(set(UNDER_WAY) - {"legal basis", "closed backwards"}))
async def test_the_same_changes_go_through_before_the_vote_opens(session, what) -> None:
    await round_with_vote(session, opens_in=timedelta(hours=3))
    assert await refused(session, UNDER_WAY[what]) == ""


async def test_a_vote_that_has_closed_is_not_opened_again_by_the_database_either(session) -> None:
    await round_with_vote(session, opens_in=-5 * DAY, closes_in=-DAY)
    longer = "update phase set closes_at = puntari_now() + interval '1 day'"
    assert await refused(session, longer) == "voting_rules_are_fixed"


@pytest.mark.parametrize(
    "statement",
    [
        "update phase set closes_at = closes_at + interval '1 day'",
        "update phase set closes_at = puntari_now() + interval '1 minute'",
        "update process set title = '{}', eligible_count = 100, lot_seed = '7'",
        f"{NEW_PHASE} select gen_random_uuid(), id, 1, '{{}}', '{{implement}}', puntari_now(), 'infinity' from process",
    ],
)
async def test_what_does_not_decide_the_vote_may_change_while_it_is_open(session, statement) -> None:
    await round_with_vote(session, opens_in=-DAY)
    assert await refused(session, statement) == ""


async def test_the_clock_alone_fixes_the_rules(session) -> None:
    await round_with_vote(session, opens_in=DAY)
    assert await refused(session, UNDER_WAY["budget"]) == ""
    await clock.shift(session, 2 * DAY)
    assert await refused(session, UNDER_WAY["budget"]) == "voting_rules_are_fixed"


@pytest.mark.parametrize("what", ["ballot type", "minimum age", "budget", "less money", "more money"])
async def test_a_ballot_frozen_by_its_editor_keeps_its_rules_and_money_before_the_vote_opens(
    session, what
) -> None:
    await round_with_vote(session, opens_in=DAY)
    await session.exec(text("insert into vote (process_id, box_public_key) select id, '' from process"))
    assert await refused(session, UNDER_WAY[what]) == "voting_rules_are_fixed"
    assert await refused(session, UNDER_WAY["opening"]) == ""


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("update phase set closes_at = opens_at", "ck_phase_opens_before_it_closes"),
        ("update phase set closes_at = opens_at - interval '1 day'", "ck_phase_opens_before_it_closes"),
        ("update phase set activities = '{vote,dance}'", "ck_phase_activities"),
        ("update budget_pot set cents = -1", "ck_budget_pot_cents"),
        ("update process set legal_basis = 'consent', minimum_age = 12", "ck_process_consent_age"),
        ("update process set legal_basis = 'consent', minimum_age = null", "ck_process_consent_age"),
        ("update process set max_choices = null", "ck_process_max_choices"),
        ("update process set max_choices = 0", "ck_process_max_choices"),
        ("update process set minimum_age = 20, maximum_age = 19", "ck_process_ages"),
        ("update process set eligible_count = -1", "ck_process_eligible_count"),
        ("update process set ballot_type = 'ranking'", "ck_process_ballot_type"),
        (f"{NEW_PHASE} select gen_random_uuid(), process_id, 1, '{{}}', '{{vote}}', opens_at, closes_at from phase", "uq_phase_vote"),
        ("insert into budget_pot (id, process_id, cents) select gen_random_uuid(), id, 1 from process",
         "uq_budget_pot_process_id_area_id"),
    ],
)  # fmt: skip
async def test_the_database_keeps_what_cannot_be_true(session, statement, constraint) -> None:
    await round_with_vote(session, opens_in=DAY)
    assert await refused(session, statement) == constraint


async def the_vote(session, process: Process) -> Phase:
    return await session.get_one(Phase, (await session.exec(text("select id from phase"))).scalar_one())


async def test_the_actions_say_since_when_the_rules_are_fixed_and_change_nothing(session) -> None:
    process = await round_with_vote(session, opens_in=-DAY)
    vote = await the_vote(session, process)
    for attempt in (
        actions.change_voting_rules(
            session, process, voting_rules(max_choices=4, minimum_age=13), version=1, by=OPERATOR
        ),
        actions.change_voting_rules(session, process, voting_rules(minimum_age=15), version=1, by=OPERATOR),
        actions.change_settings(
            session, process, settings(process, legal_basis="consent"), version=1, by=OPERATOR
        ),
        actions.set_budgets(session, process, [Budget(cents=1)], version=1, by=OPERATOR),
        actions.remove_phase(session, process, vote, by=OPERATOR),
        actions.change_phase(
            session, process, vote, await plan(session, Activity.VOTE), version=1, by=OPERATOR
        ),
    ):
        with pytest.raises(rules.VotingRulesAreFixed) as refusal:
            await attempt
        assert refusal.value.parameters == {"when": vote.opens_at}
    assert process.version == 1


async def test_the_number_of_people_who_may_vote_is_told_at_any_time(session) -> None:
    process = await round_with_vote(session, opens_in=-DAY)
    same = voting_rules(minimum_age=13, eligible_count=18_620)
    await actions.change_voting_rules(session, process, same, version=1, by=OPERATOR)
    assert process.eligible_count == 18_620


async def test_an_open_vote_is_kept_open_longer_by_its_editor(session) -> None:
    process = await round_with_vote(session, opens_in=-DAY)
    vote = await the_vote(session, process)
    longer = (await plan(session, Activity.VOTE, closes=20)).model_copy(update={"opens_at": vote.opens_at})
    await actions.change_phase(session, process, vote, longer, version=1, by=OPERATOR)
    assert vote.closes_at == longer.closes_at
