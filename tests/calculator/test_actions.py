"""From a calculator in preparation to its published numbers, against the database."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.calculator import actions, plans, queries, results, rules
from service.calculator.models import CommentState, PublishedSpecification, SubmittedPlan
from service.calculator.plans import Submission
from service.calculator.specification import Draft
from service.core import receipt
from service.core.actor import Role
from service.core.errors import NotFound, SentBefore
from service.core.text import Localized
from service.council import actions as council
from service.processes.rules import EditedMeanwhile, NotYourProcess
from tests import make
from tests.calculator import small

BALANCED = {"tax": "9.00"}
SYSTEM = small.SYSTEM


@pytest.fixture
async def calculator(session):
    return await small.calculator(session)


async def submit(session, calculator, plan=BALANCED, **more):
    code = plans.new_code()
    submission = Submission(str(calculator.specification), plan, code, **more)
    return code, await plans.submit(session, calculator, submission)


class TestPreparing:
    async def test_nobody_sees_it_before_it_is_published(self, session):
        made = await small.calculator(session, published=False)
        assert await queries.published(session) == []
        with pytest.raises(NotFound):
            await queries.get(session, made.slug)

    async def test_a_draft_that_is_no_whole_is_not_published(self, session):
        made = await small.calculator(session, published=False)
        await actions.write(session, made, Draft(), "levers", version=made.version, by=SYSTEM)
        with pytest.raises(rules.NotReady) as refused:
            await actions.publish(session, made, version=made.version, by=SYSTEM)
        assert refused.value.faults

    async def test_what_could_never_balance_is_not_published(self, session):
        made = await small.calculator(session, published=False)
        weak = small.draft(levers=small.LEVERS[4:], rules=[], interactions=[])
        await actions.write(session, made, weak, "levers", version=made.version, by=SYSTEM)
        with pytest.raises(rules.NotReady):
            await actions.publish(session, made, version=made.version, by=SYSTEM)

    async def test_two_editors_of_one_draft(self, session, calculator):
        seen = calculator.version
        await actions.write(session, calculator, small.draft(), "levers", version=seen, by=SYSTEM)
        with pytest.raises(EditedMeanwhile):
            await actions.write(session, calculator, Draft(), "levers", version=seen, by=SYSTEM)
        assert queries.draft(calculator) == small.draft()

    async def test_an_editor_of_another_process_is_refused(self, session, calculator):
        other = await make.staff(session, Role.EDITOR, await make.process(session, slug="other"))
        with pytest.raises(NotYourProcess):
            await actions.write(session, calculator, Draft(), "x", version=calculator.version, by=other)

    async def test_a_published_specification_cannot_be_altered_even_by_sql(self, session, calculator):
        for statement in (
            "update calculator_specification set body = '{}'",
            "delete from calculator_specification",
        ):
            with pytest.raises(DBAPIError, match="never altered"):
                async with session.begin_nested():
                    await session.exec(text(statement))
        row = await session.get(PublishedSpecification, (calculator.id, calculator.specification))
        assert row.body == small.specification().model_dump(mode="json")

    async def test_publishing_the_same_again_is_the_same(self, session, calculator):
        before = calculator.specification
        assert await actions.publish(session, calculator, version=calculator.version, by=SYSTEM) == before


class TestSubmitting:
    async def test_the_server_counts_and_keeps_the_plan(self, session, calculator):
        code, outcome = await submit(session, calculator, comment="  Kiitos!  ")
        kept = await plans.of_receipt(session, calculator, receipt.written(code))
        assert outcome.is_balanced
        assert (kept.choices, kept.missing, kept.result) == (BALANCED, 0, outcome.years[1].structural_result)
        assert (kept.comment, kept.comment_state, kept.reason) == ("Kiitos!", CommentState.WAITING, "")

    async def test_sent_twice_it_is_one(self, session, calculator):
        code, _ = await submit(session, calculator)
        await plans.submit(session, calculator, Submission(calculator.specification, BALANCED, code))
        assert await queries.count(session, calculator) == 1

    async def test_a_deficit_needs_a_reason(self, session, calculator):
        with pytest.raises(rules.ReasonNeeded):
            await submit(session, calculator, {"tax": "8.70"}, reason=" ")
        code, _ = await submit(session, calculator, {"tax": "8.70"}, reason="Velkaa voi ottaa.")
        assert (await plans.of_receipt(session, calculator, receipt.written(code))).missing > 0

    @pytest.mark.parametrize(
        ("plan", "refusal"),
        [
            ({}, rules.NothingChosen),
            ({"tax": "99.00"}, rules.OptionUnknown),
            ({"water": "now"}, rules.OptionUnknown),
            ({"moon": "1"}, rules.OptionUnknown),
            ({"school": "merge", "library": "1", "tax": "9.00"}, rules.RulesBroken),
        ],
    )
    async def test_what_cannot_be_is_refused(self, session, calculator, plan, refusal):
        with pytest.raises(refusal):
            await submit(session, calculator, plan, reason="x")
        assert await queries.count(session, calculator) == 0

    @pytest.mark.parametrize("moments", [{"opens_in": timedelta(days=1)}, {"closes_in": timedelta(hours=-1)}])
    async def test_it_is_refused_before_and_after(self, session, moments):
        calculator = await small.calculator(session, **moments)
        with pytest.raises(rules.CalculatorIsClosed):
            await submit(session, calculator)

    async def test_figures_that_changed_meanwhile_are_told(self, session, calculator):
        old = str(calculator.specification)
        levers = [
            small.lever("tax", "rate", "8.80", *({"8.80": small.option("8.80")}.values()),
                        small.option("9.00", 300_00, 330_00, line="tax_revenue"), group="taxes"),
            *small.LEVERS[2:],
        ]  # fmt: skip
        newer = small.draft(levers=levers, rules=[], interactions=[])
        await actions.write(session, calculator, newer, "levers", version=calculator.version, by=SYSTEM)
        await actions.publish(session, calculator, version=calculator.version, by=SYSTEM)
        submission = Submission(old, {"tax": "9.00", "school": "close", "library": "1"}, plans.new_code())
        with pytest.raises(rules.SpecificationChanged) as refused:
            await plans.submit(session, calculator, submission)
        assert (refused.value.changed, refused.value.gone) == (("tax",), ("school",))

    async def test_it_is_withdrawn_with_its_code_alone(self, session, calculator):
        code, _ = await submit(session, calculator)
        for wrong in ("", "0000-0000-0000-0000", "x" * 500):
            with pytest.raises(rules.NoSuchPlan):
                await plans.withdraw(session, calculator, wrong)
        other = await small.calculator(session, await make.process(session, slug="o"), slug="other")
        with pytest.raises(rules.NoSuchPlan):
            await plans.withdraw(session, other, receipt.written(code))
        await plans.withdraw(session, calculator, receipt.written(code).lower())
        assert await queries.count(session, calculator) == 0


class TestSaving:
    async def test_a_plan_in_the_making_opens_with_its_code_alone(self, session, calculator):
        code = plans.new_code()
        await plans.save(session, calculator, calculator.specification, {"tax": "8.90"}, code)
        await plans.save(session, calculator, calculator.specification, {"tax": "9.00"}, code)
        assert await plans.restore(session, calculator, receipt.written(code)) == {"tax": "9.00"}
        with pytest.raises(rules.NoSuchPlan):
            await plans.restore(session, calculator, receipt.written(plans.new_code()))
        rows = (await session.exec(text("select count(*), max(length(sealed)) from saved_plan"))).one()
        assert rows == (1, 4096 + 40)

    async def test_another_calculators_code_opens_nothing(self, session, calculator):
        other = await small.calculator(session, await make.process(session, slug="o"), slug="other")
        code = plans.new_code()
        await plans.save(session, other, other.specification, BALANCED, code)
        with pytest.raises(rules.NoSuchPlan):
            await plans.restore(session, calculator, receipt.written(code))


class TestPublishing:
    async def test_nothing_is_told_of_nine(self, session, calculator):
        for _ in range(9):
            await submit(session, calculator)
        assert await actions.release(session, calculator, calculator.specification, by=SYSTEM) is None
        assert await results.read(session, calculator) is None

    async def test_of_thirty_each_number_stands_for_ten(self, session, calculator):
        for place in range(30):
            school = {"school": "close"} if place < 12 else {"school": "keep"} if place < 14 else {}
            await submit(session, calculator, BALANCED | school)
        await actions.release(session, calculator, calculator.specification, by=SYSTEM)
        told = await results.read(session, calculator)
        lever = {each.lever.key: each for each in told.levers}
        assert told.plans == 30
        assert told.balanced is None  # that nobody left a deficit would be told else
        assert [(each.start, each.end, each.plans) for each in told.stretches] == [(None, None, 30)]
        school = {each.option.value: each.plans for each in lever["school"].options}
        assert school == {"keep": None, "close": None, "merge": None}
        assert lever["school"].untouched == 16
        assert lever["hours"].untouched is None

    async def test_the_groups_stand_beside(self, session, calculator):
        group = await council.found(session, "greens", Localized(fi="Vihreät"), by=SYSTEM)
        member = await make.staff(session, Role.COUNCIL_MEMBER)
        stranger = await make.staff(session, Role.COUNCIL_MEMBER)
        account = await session.get_one(make.Account, member.id)
        await council.add_member(session, group, account, by=SYSTEM)
        with pytest.raises(rules.NotMember):
            await actions.write_group_plan(session, calculator, group, BALANCED, None, version=0, by=stranger)
        written = await actions.write_group_plan(
            session, calculator, group, BALANCED, None, version=0, by=member
        )
        with pytest.raises(EditedMeanwhile):
            await actions.write_group_plan(session, calculator, group, {}, None, version=0, by=member)
        assert await queries.published_group_plans(session, calculator) == []
        await actions.publish_group_plan(session, calculator, group, version=written.version, by=member)
        with pytest.raises(rules.PlanIsPublished):
            await actions.write_group_plan(session, calculator, group, {}, None, version=1, by=member)
        assert [group for group, _ in await queries.published_group_plans(session, calculator)] == [group]

    async def test_a_comment_is_decided_once_by_a_moderator_of_the_process(self, session, calculator):
        await submit(session, calculator, comment="Hyvä laskuri.")
        plan = (await queries.comments(session, calculator.id, CommentState.WAITING))[0]
        process = await session.get_one(make.Process, calculator.process_id)
        moderator = await make.staff(session, Role.MODERATOR, process)
        await actions.decide_comment(session, calculator, plan, publish=True, by=moderator)
        with pytest.raises(rules.CommentIsDecided):
            await actions.decide_comment(session, calculator, plan, publish=False, by=moderator)
        other = await make.staff(session, Role.MODERATOR, await make.process(session, slug="other"))
        with pytest.raises(NotYourProcess):
            await actions.decide_comment(session, calculator, plan, publish=True, by=other)


async def test_a_plan_has_no_key_to_a_person_and_no_time():
    columns = {column.name: str(column.type) for column in SubmittedPlan.__table__.columns}
    assert not [name for name in columns if name.endswith(("_at", "_on", "account_id"))]
    assert not SubmittedPlan.__table__.foreign_keys


async def test_closing_ends_it_now(session, calculator):
    await actions.close(session, calculator, version=calculator.version, by=SYSTEM)
    with pytest.raises(rules.CalculatorIsClosed):
        await submit(session, calculator)
    with pytest.raises(rules.CalculatorIsClosed):
        await actions.close(session, calculator, version=calculator.version, by=SYSTEM)


async def test_the_same_code_with_another_plan_is_no_second_plan_and_is_said(session, calculator):
    code, _ = await submit(session, calculator)
    for changed in ({"tax": "9.00", "school": "close"}, BALANCED):
        submission = Submission(calculator.specification, changed, code, comment="Lisään vielä tämän.")
        with pytest.raises(SentBefore):
            await plans.submit(session, calculator, submission)


async def test_small_numbers_of_both_sides_cannot_be_worked_out_from_how_many_balance(session, calculator):
    for _ in range(14):
        await submit(session, calculator, {"tax": "8.70"}, reason="Näin.")
    for _ in range(20):
        await submit(session, calculator)
    await actions.release(session, calculator, calculator.specification, by=SYSTEM)
    told = await results.read(session, calculator)
    assert told.balanced == 20
    assert [(each.end if each.start is None else each.start, each.plans) for each in told.stretches] == [
        (0, 14),
        (0, 20),
    ]


async def test_a_group_publishes_no_plan_on_figures_that_have_changed(session, calculator):
    group = await council.found(session, "greens", Localized(fi="Vihreät"), by=SYSTEM)
    member = await make.staff(session, Role.COUNCIL_MEMBER)
    await council.add_member(session, group, await session.get_one(make.Account, member.id), by=SYSTEM)
    await actions.write_group_plan(session, calculator, group, BALANCED, None, version=0, by=member)
    newer = small.draft(rules=[])
    await actions.write(session, calculator, newer, "rules", version=calculator.version, by=SYSTEM)
    await actions.publish(session, calculator, version=calculator.version, by=SYSTEM)
    with pytest.raises(rules.FiguresAreOld):
        await actions.publish_group_plan(session, calculator, group, version=1, by=member)
    await actions.write_group_plan(session, calculator, group, {}, None, version=1, by=member)
    with pytest.raises(rules.NothingChosen):
        await actions.publish_group_plan(session, calculator, group, version=2, by=member)
