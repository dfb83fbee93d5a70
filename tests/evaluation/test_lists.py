"""What waits for an evaluator, and how far an editor's process is."""

import pytest

from service.core.actor import Role
from service.core.text import Localized
from service.evaluation import actions, queries
from service.evaluation.models import Assessment, Feasibility
from service.processes.models import Activity
from service.proposals.models import State
from tests import make

NOT_FEASIBLE = Assessment(
    feasibility=Feasibility.NOT_FEASIBLE, reason=Localized(fi="Ei ole kaupungin aluetta.")
)


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.EVALUATE])


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process)


@pytest.fixture
async def evaluator(session, process):
    return await make.staff(session, Role.EVALUATOR, process)


@pytest.fixture
async def proposals(session, process, editor, evaluator):
    """Four published ones; the first three assigned, the second decided."""
    made = [await make.proposal(session, process) for _ in range(4)]
    for proposal in made[:3]:
        await actions.assign(session, proposal, evaluator.id, by=editor)
    await actions.assess(session, made[1], NOT_FEASIBLE, version=0, by=evaluator)
    return made


async def test_an_evaluators_list_has_what_was_assigned_the_undecided_first(session, evaluator, proposals):
    listed = await queries.of_evaluator(session, evaluator)

    assert [line.number for line in listed] == [1, 3, 2]
    assert [line.feasibility for line in listed] == [
        Feasibility.UNDECIDED,
        Feasibility.UNDECIDED,
        Feasibility.NOT_FEASIBLE,
    ]


async def test_two_undecided_ones_wait_since_the_first_was_assigned(session, evaluator, proposals):
    waiting = await queries.waiting_for(session, evaluator)

    assert waiting.count == 2
    assert waiting.oldest


async def test_what_is_no_longer_public_waits_for_nobody(session, evaluator, proposals):
    proposals[0].state = State.WITHDRAWN
    await session.flush()

    assert (await queries.waiting_for(session, evaluator)).count == 1
    assert [line.number for line in await queries.of_evaluator(session, evaluator)] == [3, 2]


async def test_one_who_no_longer_evaluates_the_process_has_an_empty_list(session, evaluator, proposals):
    moved = make.STAFF[Role.EVALUATOR](evaluator.id, evaluator.name, frozenset())

    assert await queries.of_evaluator(session, moved) == []
    assert (await queries.waiting_for(session, moved)).count == 0


async def test_a_process_lists_all_its_published_proposals(session, process, proposals):
    await make.proposal(session, process, state=State.SUBMITTED)
    await make.proposal(session, await make.process(session))

    assert [line.number for line in await queries.dossiers(session, process.id)] == [1, 3, 4, 2]


async def test_progress_counts_what_is_undecided_and_what_nobody_looks_at(session, process, proposals):
    [progress] = await queries.progress(session, frozenset({process.id}))

    assert (progress.process.id, progress.proposals, progress.undecided, progress.unassigned) == (
        process.id,
        4,
        3,
        1,
    )
    assert await queries.progress(session, frozenset()) == []


async def test_the_history_of_a_proposal_says_who_did_what_the_newest_first(
    session, evaluator, editor, proposals
):
    history = await queries.history(session, proposals[1].id)

    assert [(entry.action, name) for entry, name in history] == [
        ("proposal.evaluated", evaluator.name),
        ("evaluation.assigned", editor.name),
    ]


async def test_evaluators_stand_as_finnish_sorts_their_names(session, process, editor):
    proposal = await make.proposal(session, process)
    for name in ("Åke Å.", "bo b.", "Zaida Z."):
        asked = await make.staff(session, Role.EVALUATOR, process, name=name)
        await actions.assign(session, proposal, asked.id, by=editor)

    wanted = ["bo b.", "Zaida Z.", "Åke Å."]
    assert [one.name for one in await queries.evaluators(session, process.id)] == wanted
    found = await queries.assigned(session, [proposal.id])
    assert [one.name for one in found[proposal.id]] == wanted
