"""The city's rounds: an editor prepares each, puts its ballot together, has it counted and publishes the result."""

from collections.abc import Iterator
from functools import partial

from service.demo import story as told
from service.demo.calendar import MORNING, OFFICE_HOURS, Calendar, chance
from service.demo.stage import Act, Stage, nonce
from service.evaluation.models import Feasibility
from service.processes import actions
from service.processes.models import Activity, Process
from service.processes.parts import Beginning, Budget, PhasePlan, Settings, Texts, VotingRules
from service.results import actions as results
from service.voting import actions as voting

PREPARED = 21  # days before its first phase
LATEST_PREPARATION = -10  # of a round still to come
IN_PREPARATION = 7
FROZEN = 3  # days before voting


def acts(story: told.Story, calendar: Calendar) -> Iterator[Act]:
    for script in story.processes.values():
        dice = chance("round", script.key)
        day = min(script.phases[0].opens.day - PREPARED, LATEST_PREPARATION)
        created = calendar.moment(day, dice, OFFICE_HOURS)
        yield Act(created, partial(prepare, script=script))
        published = calendar.moment(day + IN_PREPARATION, dice, OFFICE_HOURS)
        yield Act(published, partial(publish, script=script))
        if script.has(Activity.VOTE):
            yield from _vote(script, calendar)


def _vote(script: told.Process, calendar: Calendar) -> Iterator[Act]:
    """What is done before and after people vote, as far as it is past."""
    dice = chance("vote", script.key)
    voting_phase, counting = script.phase(Activity.VOTE), script.phase(Activity.COUNT)
    steps = (
        (voting_phase.opens.day - FROZEN, OFFICE_HOURS, put_ballot_together),
        (voting_phase.closes.day + 1, MORNING, draw_lot),
        (counting.closes.day, MORNING, count),
    )
    for day, hours, step in steps:
        if day < 0:
            yield Act(calendar.moment(day, dice, hours), partial(step, script=script))


async def prepare(stage: Stage, script: told.Process) -> None:
    beginning = Beginning(title=script.title, slug=script.slug)
    process = await actions.create(stage.session, beginning, by=stage.administrator)
    stage.processes[script.key] = process.id
    session, by = stage.session, stage.editor
    settings = Settings(
        slug=script.slug,
        owner=script.owner,
        legal_basis=script.legal_basis,
        categories=list(stage.categories.values()),
    )
    await actions.change_settings(session, process, settings, version=process.version, by=by)
    texts = Texts(
        title=script.title,
        summary=script.summary,
        description=script.description,
        plain_summary=script.plain_summary,
        rules=script.rules,
        voters=script.voters,
    )
    await actions.change_texts(session, process, texts, version=process.version, by=by)
    rules = VotingRules(
        ballot_type=script.ballot_type,
        max_choices=script.max_choices,
        area_rule=script.area_rule,
        minimum_age=script.minimum_age,
        maximum_age=script.maximum_age,
        eligible_count=sum(script.eligible.values()),
    )
    await actions.change_voting_rules(session, process, rules, version=process.version, by=by)
    await actions.set_budgets(
        session, process, _budgets(stage, script.budget), version=process.version, by=by
    )
    await _plan(stage, process, script)


async def _plan(stage: Stage, process: Process, script: told.Process) -> None:
    for number, phase in enumerate(script.phases):
        plan = PhasePlan(
            name=phase.name,
            activities=phase.activities,
            opens_at=stage.calendar.at(phase.opens),
            closes_at=stage.calendar.at(phase.closes),
        )
        await actions.add_phase(
            stage.session, process, plan, nonce=nonce("phase", script.key, str(number)), by=stage.editor
        )


def _budgets(stage: Stage, script: told.Budget) -> list[Budget]:
    budgets = [Budget(area_id=stage.areas[key], cents=euros * 100) for key, euros in script.areas.items()]
    whole_city = [Budget(cents=script.whole_city * 100)] if script.whole_city else []
    return budgets + whole_city


async def publish(stage: Stage, script: told.Process) -> None:
    process = await stage.process(script.key)
    await actions.publish(stage.session, process, bilingual=stage.instance.city.bilingual, by=stage.editor)


async def put_ballot_together(stage: Stage, script: told.Process) -> None:
    """Everything that can be built; the price is the upper end of the estimate."""
    process = await stage.process(script.key)
    for idea in stage.story.proposals.values():
        found = idea.evaluation
        if idea.process == script.key and found and found.feasibility is Feasibility.FEASIBLE:
            await voting.select(stage.session, process, await stage.proposal(idea.key), by=stage.editor)
    await voting.freeze(stage.session, process, keys=stage.instance.keys, by=stage.editor)


async def draw_lot(stage: Stage, script: told.Process) -> None:
    """Seven numbers drawn in public after the vote, in case votes and costs are equal."""
    numbers = chance("lot", script.key).sample(range(1, 41), 7)
    lot = " ".join(map(str, sorted(numbers)))
    await results.publish_lot(stage.session, await stage.process(script.key), lot, by=stage.editor)


async def count(stage: Stage, script: told.Process) -> None:
    await results.count(
        stage.session, await stage.process(script.key), keys=stage.instance.keys, by=stage.editor
    )
