"""The city's experts are asked, write to each other, and say what can be built and for how much."""

from collections.abc import Iterator
from functools import partial

from service.demo import story as told
from service.demo.calendar import OFFICE_HOURS, Calendar, chance
from service.demo.stage import Act, Stage, nonce
from service.evaluation import actions
from service.evaluation.models import Assessment, Feasibility, Remark
from service.processes.models import Activity

ASKED = 3  # days before, at the earliest when evaluation opens


def acts(story: told.Story, calendar: Calendar) -> Iterator[Act]:
    for script in story.proposals.values():
        if script.evaluation is None:
            continue
        opened = story.processes[script.process].phase(Activity.EVALUATE).opens.day
        dice, day = chance("evaluates", script.key), script.evaluation.day
        asked = calendar.moment(max(opened + 1, day - ASKED), dice, OFFICE_HOURS)
        yield Act(asked, partial(assign, script=script))
        assessed = calendar.moment(day, dice, OFFICE_HOURS, after=asked)
        yield Act(assessed, partial(assess, script=script))


async def assign(stage: Stage, script: told.Proposal) -> None:
    assert script.evaluation is not None
    evaluator = stage.evaluators[script.evaluation.evaluator]
    await actions.assign(stage.session, await stage.proposal(script.key), evaluator.id, by=stage.editor)


async def assess(stage: Stage, script: told.Proposal) -> None:
    """What is undecided has at most a note for colleagues."""
    found = script.evaluation
    assert found is not None
    proposal, by = await stage.proposal(script.key), stage.evaluators[found.evaluator]
    if found.internal_note:
        made = nonce("note", script.key)
        await actions.note(stage.session, proposal, Remark(text=found.internal_note), nonce=made, by=by)
    if found.feasibility is not Feasibility.UNDECIDED:
        await actions.assess(stage.session, proposal, _assessment(found), version=0, by=by)


def _assessment(found: told.Evaluation) -> Assessment:
    return Assessment(
        feasibility=found.feasibility,
        reason=found.reason,
        cost_low_cents=_cents(found.cost_low),
        cost_high_cents=_cents(found.cost_high),
        maintenance_cents=_cents(found.maintenance),
    )


def _cents(euros: int | None) -> int | None:
    return None if euros is None else euros * 100
