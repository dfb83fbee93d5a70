"""What the worker does for calculators by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.calculator import actions, jobs, plans, queries
from service.calculator.models import SavedPlan
from service.calculator.plans import Submission
from service.core import clock
from tests.calculator import small


@pytest.fixture
async def calculator(session):
    return await small.calculator(session)


async def submit(session, calculator, how_many):
    codes = [plans.new_code() for _ in range(how_many)]
    for code in codes:
        await plans.submit(session, calculator, Submission(calculator.specification, {"tax": "9.00"}, code))
    return codes


async def released(instance, session, calculator):
    await jobs.release(instance, session)
    release = await queries.release(session, calculator.id, calculator.specification)
    return release.plans if release else None


async def test_plans_are_told_of_in_tens_and_once_a_day(instance, session, calculator):
    for more, day, told in [
        (9, 0, None),
        (1, 0, 10),
        (9, 1, 10),
        (1, 1, 20),
        (10, 1, 20),
        (0, 2.1, 30),
        (3, 11, 30),
    ]:
        await clock.shift(session, timedelta())
        await submit(session, calculator, more)
        await clock.shift(session, timedelta(days=day))
        assert await released(instance, session, calculator) == told


async def test_what_was_withdrawn_is_in_no_later_release(instance, session, calculator):
    codes = await submit(session, calculator, 30)
    assert await released(instance, session, calculator) == 30
    for code in codes[:10]:
        await plans.withdraw(session, calculator, plans.receipt.written(code))
    await clock.shift(session, timedelta(days=2))
    assert await released(instance, session, calculator) == 30  # a fall would tell of those who left
    await submit(session, calculator, 20)
    assert await released(instance, session, calculator) == 40


async def test_plans_on_earlier_figures_keep_their_own_numbers(instance, session, calculator):
    old = calculator.specification
    await submit(session, calculator, 12)
    newer = small.draft(rules=[])
    await actions.write(session, calculator, newer, "rules", version=calculator.version, by=small.SYSTEM)
    await actions.publish(session, calculator, version=calculator.version, by=small.SYSTEM)
    await submit(session, calculator, 11)
    await jobs.release(instance, session)
    counted = [
        (await queries.release(session, calculator.id, digest)).plans
        for digest in (old, calculator.specification)
    ]
    assert counted == [12, 11]


async def test_plans_in_the_making_go_a_month_after_the_close(instance, session, calculator):
    await plans.save(session, calculator, calculator.specification, {"tax": "9.00"}, plans.new_code())
    for days, kept in ((11, 1), (41, 0)):
        await clock.shift(session, timedelta(days=days))
        await jobs.release(instance, session)
        assert len((await session.exec(select(SavedPlan.key))).all()) == kept


async def test_what_is_closed_is_not_mixed_any_more(instance, session, calculator):
    await submit(session, calculator, 5)

    async def places():
        return (await session.exec(text("select ctid::text, key from plan_box"))).all()

    before = await places()
    await jobs.mix(instance, session)
    mixed = await places()
    assert sorted(row.key for row in mixed) == sorted(row.key for row in before)
    assert mixed != before
    await clock.shift(session, timedelta(days=11))
    await jobs.mix(instance, session)
    assert await places() == mixed
