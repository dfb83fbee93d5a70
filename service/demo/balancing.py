"""The city's budget is weighed: an editor publishes the calculator, residents and council groups make their plans."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from random import Random

from service.calculator import actions, budget_file, plans, projection, queries
from service.calculator.engine import Engine
from service.calculator.models import Calculator, CommentState
from service.calculator.plans import Submission
from service.calculator.specification import Draft, Duty, Lever
from service.core.text import Localized
from service.council import queries as council
from service.demo import story as told
from service.demo.calendar import AFTER_NOON, MORNING, OFFICE_HOURS, Calendar, chance
from service.demo.people import OPERATOR
from service.demo.stage import Act, Stage
from service.processes.models import Activity

PREPARED = 3  # days before it opens
PLANS = 240
TOGETHER = 60  # plans in one transaction
CAMPS = {"taxes": 40, "services": 35, "mixed": 25}
LEANINGS = {"taxes": (0.6, 0.35), "services": (0.1, 0.75), "mixed": (0.4, 0.55)}
"""How far a camp goes from today towards what improves the result most: with taxes, and with all else."""
TOUCHED = {Duty.TAX: 0.7, Duty.STATUTORY: 0.4, Duty.DISCRETIONARY: 0.45}
SOURCE = Localized(fi="Talousarvio 2026 (esimerkki)", sv="Budget 2026 (exempel)", en="Budget 2026 (example)")


def acts(story: told.Story, calendar: Calendar) -> Iterator[Act]:
    script = next(process for process in story.processes.values() if process.has(Activity.BALANCE))
    dice, phase = chance("balancing"), script.phase(Activity.BALANCE)
    yield Act(
        calendar.moment(phase.opens.day - PREPARED, dice, OFFICE_HOURS), partial(publish, script=script)
    )
    moment = calendar.moment(-2, dice, AFTER_NOON)
    yield Act(moment, partial(submit_all, moment=moment), apart=True, length=PLANS)
    for plan in story.balancing.group_plans:
        yield Act(calendar.moment(-3, dice, OFFICE_HOURS), partial(write_group_plan, script=plan))
    yield Act(calendar.moment(-1, dice, MORNING), look_after)


async def publish(stage: Stage, script: told.Process) -> None:
    phase, told_of, by = script.phase(Activity.BALANCE), stage.story.balancing, stage.editor
    details = actions.Details(
        slug=told_of.slug,
        title=told_of.title,
        summary=told_of.summary,
        opens_at=stage.calendar.at(phase.opens),
        closes_at=stage.calendar.at(phase.closes),
    )
    made = await actions.found(stage.session, await stage.process(script.key), details, by=by)
    await actions.write(stage.session, made, draft(), "draft", version=made.version, by=by)
    await actions.publish(stage.session, made, version=made.version, by=by)


def draft() -> Draft:
    """What the city counts with."""
    budget = budget_file.read((told.FOLDER / "budget_2026.csv").read_bytes())
    levers = json.loads((told.FOLDER / "calculator.json").read_text(encoding="utf-8"))
    baseline = projection.baseline(budget, source=SOURCE)
    return Draft.model_validate({**levers, "baseline": baseline.model_dump()})


async def submit_all(stage: Stage, moment: datetime) -> None:
    """Residents of three minds, some of whom leave a deficit or write something."""
    dice, comments = chance("plans"), list(stage.story.balancing.comments)
    for start in range(0, PLANS, TOGETHER):
        async with stage.transaction(moment) as session:
            calculator = await queries.get(session, stage.story.balancing.slug)
            engine = await queries.engine(session, calculator)
            for number in range(start, start + TOGETHER):
                plan = likely(engine, dice)
                submission = Submission(
                    specification=engine.specification.digest,
                    plan=plan,
                    code=dice.randbytes(plans.CODE_BYTES),
                    reason=dice.choice(stage.story.balancing.reasons),
                    comment=comments.pop().text if comments and number % 20 == 0 else "",
                )
                await plans.submit(session, calculator, submission)
    async with stage.transaction(moment) as session:
        await plans.mix(session, [(await queries.get(session, stage.story.balancing.slug)).id])


def likely(engine: Engine, dice: Random) -> dict[str, str]:
    """A plan that breaks no rule: each lever set near what its camp would do, or left alone."""
    taxes, others = LEANINGS[dice.choices(list(CAMPS), list(CAMPS.values()))[0]]
    plan = {
        lever.key: _near(engine, lever, dice.gauss(taxes if lever.duty is Duty.TAX else others, 0.3))
        for lever in engine.specification.levers
        if not lever.locked and dice.random() < TOUCHED[lever.duty]
    }
    while engine.violations(plan):
        del plan[dice.choice(sorted(plan))]
    return plan or {engine.specification.levers[0].key: engine.specification.levers[0].today}


def _near(engine: Engine, lever: Lever, far: float) -> str:
    """The option whose effect lies nearest to so much of the lever's best."""
    effects = {
        option.value: engine.effect(lever.key, option.value)[engine.target] for option in lever.options
    }
    return min(effects, key=lambda value: abs(effects[value] - far * max(effects.values())))


async def write_group_plan(stage: Stage, script: told.GroupPlan) -> None:
    session, by = stage.session, stage.councillors[script.group]
    calculator = await _calculator(stage)
    group = await council.get(session, script.group)
    written = await actions.write_group_plan(
        session, calculator, group, script.choices, script.reason, version=0, by=by
    )
    if script.published:
        await actions.publish_group_plan(session, calculator, group, version=written.version, by=by)


async def look_after(stage: Stage) -> None:
    """A moderator reads what was written, and the numbers are released."""
    calculator = await _calculator(stage)
    decided = {comment.text: comment.published for comment in stage.story.balancing.comments}
    for plan in await queries.comments(stage.session, calculator.id, CommentState.WAITING):
        if (publish := decided[plan.comment]) is not None:
            by = stage.moderators["katri"]
            await actions.decide_comment(stage.session, calculator, plan, publish=publish, by=by)
    await actions.release(stage.session, calculator, str(calculator.specification), by=OPERATOR)


async def _calculator(stage: Stage) -> Calculator:
    return await queries.get(stage.session, stage.story.balancing.slug)
