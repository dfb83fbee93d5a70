"""What became of the winners: each milestone is planned, and told of again when it is reached, late or stopped."""

from collections.abc import Iterator
from functools import partial

from service.core.text import LANGUAGES, Localized
from service.demo import story as told
from service.demo.calendar import OFFICE_HOURS, Calendar, chance
from service.demo.stage import Act, Stage, nonce
from service.processes.models import Activity, Process
from service.results import actions, queries
from service.results.models import Status, Step

PLANNED = 45  # days before it begins, at the earliest when implementation has opened
LAST_NEWS = 20  # days ago at most, of what is under way
STATUS = {
    "planned": Status.PLANNED,
    "in_progress": Status.IN_PROGRESS,
    "completed": Status.COMPLETED,
    "cancelled": Status.STOPPED,
}


def acts(story: told.Story, calendar: Calendar) -> Iterator[Act]:
    for script in story.milestones:
        dice = chance("builds", script.key)
        process = story.processes[story.proposals[script.project].process]
        begun = process.phase(Activity.IMPLEMENT).opens.day + dice.randrange(2, 9)
        first = min(max(begun, script.planned_start - PLANNED), -1)
        planned = calendar.moment(first, dice, OFFICE_HOURS)
        yield Act(planned, partial(plan, script=script))
        news = _news(script, dice.randrange(1, LAST_NEWS))
        if news is not None:
            yield Act(calendar.moment(news, dice, OFFICE_HOURS, after=planned), partial(tell, script=script))


def _news(script: told.Milestone, days_ago: int) -> int | None:
    """The day on which there was more to tell than the plan."""
    if script.cancellation:
        return script.cancellation.day + 1
    if script.actual_end is not None:
        return script.actual_end
    return None if script.actual_start is None else max(script.actual_start, -days_ago)


async def plan(stage: Stage, script: told.Milestone) -> None:
    process, project = await _process(stage, script), await stage.proposal(script.project)
    step = Step(
        planned_start=stage.calendar.day(script.planned_start),
        planned_end=stage.calendar.day(script.planned_end),
        title=script.title,
        text=script.text if script.status == "planned" else None,
        delay_reason=script.delay_reason if script.status == "planned" else None,
    )
    made = await actions.add_milestone(
        stage.session, process, project.number, step, nonce=nonce("milestone", script.key), by=stage.editor
    )
    stage.milestones[script.key] = made.id


async def tell(stage: Stage, script: told.Milestone) -> None:
    process, id_ = await _process(stage, script), stage.milestones[script.key]
    milestone, _ = await queries.milestone(stage.session, process.id, id_)
    changed = await actions.change_milestone(
        stage.session, process, id_, _step(stage, script), version=milestone.version, by=stage.editor
    )
    if script.picture:
        data = await stage.pictures.take(script.key)
        await actions.illustrate(
            stage.session,
            process,
            changed.id,
            data,
            script.picture.alt,
            version=changed.version,
            by=stage.editor,
        )


def _step(stage: Stage, script: told.Milestone) -> Step:
    day, stopped = stage.calendar.day, script.cancellation
    step = Step(
        status=STATUS[script.status],
        planned_start=day(script.planned_start),
        planned_end=day(script.planned_end),
        actual_start=None if script.actual_start is None else day(script.actual_start),
        actual_end=None if script.actual_end is None else day(script.actual_end),
        spent_cents=script.spent * 100,
        title=script.title,
        text=script.text,
        delay_reason=script.delay_reason,
    )
    if stopped is None:
        return step
    decided_on = day(stopped.day)
    return step.model_copy(
        update={
            "text": _joined(script.text, stopped.reason),
            "decided_on": decided_on,
            "decision_body": stage.story.bodies[stopped.body],
            "decision_section": str(stopped.section),
            "decision_case": stopped.case_number.format(year=decided_on.year),
        }
    )


def _joined(*texts: Localized) -> Localized:
    return Localized(**{lang: "\n\n".join(text.text(lang).text for text in texts) for lang in LANGUAGES})


async def _process(stage: Stage, script: told.Milestone) -> Process:
    return await stage.process(stage.story.proposals[script.project].process)
