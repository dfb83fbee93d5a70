"""An editor asks, an evaluator says whether and what it costs; each sentence of the rules."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service.audit.models import Entry
from service.core.actor import Role
from service.core.errors import Forbidden, NotFound, SentBefore
from service.core.text import Localized
from service.evaluation import actions, queries, rules
from service.evaluation.models import Assessment, Assignment, Evaluation, Feasibility, InternalNote, Remark
from service.processes.models import Activity
from service.proposals.models import State
from tests import make

REASON = Localized(fi="Alue on kaupungin.", sv="Området är stadens.", en="The city owns the area.")
FEASIBLE = Assessment(
    feasibility=Feasibility.FEASIBLE,
    reason=REASON,
    cost_low_cents=20_000_00,
    cost_high_cents=35_000_00,
    maintenance_cents=1_200_00,
)
NOT_FEASIBLE = Assessment(feasibility=Feasibility.NOT_FEASIBLE, reason=REASON)
UNDECIDED = Assessment(cost_low_cents=10_000_00)


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.EVALUATE])


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process)


@pytest.fixture
async def evaluator(session, process):
    return await make.staff(session, Role.EVALUATOR, process, name="Eeva Arvioija")


@pytest.fixture
async def proposal(session, process, evaluator):
    """Assigned to the evaluator."""
    made = await make.proposal(session, process)
    session.add(Assignment(proposal_id=made.id, evaluator_id=evaluator.id))
    await session.flush()
    return made


async def recorded(session):
    return [entry.action for entry in (await session.exec(select(Entry).order_by(Entry.id))).all()]


# --- who evaluates


async def test_an_editor_asks_an_evaluator_once_and_takes_the_question_back(
    session, process, editor, evaluator
):
    proposal = await make.proposal(session, process)

    for _ in range(2):
        await actions.assign(session, proposal, evaluator.id, by=editor)
    assert [person.name for person in (await queries.assigned(session, [proposal.id]))[proposal.id]] == [
        "Eeva Arvioija"
    ]
    for _ in range(2):
        await actions.unassign(session, proposal, evaluator.id, by=editor)
    assert await queries.assigned(session, [proposal.id]) == {proposal.id: []}

    assert await recorded(session) == ["evaluation.assigned", "evaluation.unassigned"]


async def test_only_evaluators_of_the_process_or_of_all_can_be_asked(session, process, editor, evaluator):
    proposal = await make.proposal(session, process)
    everywhere = await make.staff(session, Role.EVALUATOR)
    others = [
        await make.staff(session, Role.EVALUATOR, await make.process(session)),
        await make.staff(session, Role.MODERATOR, process),
        await make.resident(session),
    ]

    await actions.assign(session, proposal, everywhere.id, by=editor)
    for other in others:
        with pytest.raises(rules.NotAnEvaluator):
            await actions.assign(session, proposal, other.id, by=editor)

    asked = {person.id for person in await queries.evaluators(session, process.id)}
    assert asked == {evaluator.id, everywhere.id}


async def test_an_editor_of_another_process_asks_nobody(session, process, evaluator, proposal):
    stranger = await make.staff(session, Role.EDITOR, await make.process(session))

    with pytest.raises(Forbidden):
        await actions.assign(session, proposal, evaluator.id, by=stranger)
    with pytest.raises(Forbidden):
        await actions.unassign(session, proposal, evaluator.id, by=stranger)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.NOT_PUBLISHED, State.MERGED, State.WITHDRAWN])
async def test_only_a_published_proposal_is_evaluated(session, process, editor, evaluator, state):
    target = await make.proposal(session, process)
    proposal = await make.proposal(
        session, process, state=state, merged_into_id=target.id if state is State.MERGED else None
    )
    with pytest.raises(rules.NotPublic):
        await actions.assign(session, proposal, evaluator.id, by=editor)

    session.add(Assignment(proposal_id=proposal.id, evaluator_id=evaluator.id))
    await session.flush()
    with pytest.raises(rules.NotPublic):
        await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)


# --- what is said


async def test_what_the_evaluator_says_stands_and_is_on_record_without_words(session, evaluator, proposal):
    evaluation = await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)

    assert (evaluation.feasibility, evaluation.version) == (Feasibility.FEASIBLE, 1)
    assert (evaluation.cost_low_cents, evaluation.cost_high_cents) == (20_000_00, 35_000_00)
    assert evaluation.reason == REASON.stored()
    entry = (await session.exec(select(Entry).where(Entry.action == "proposal.evaluated"))).one()
    assert entry.details == {
        "number": proposal.number,
        "feasibility": "feasible",
        "cost_low_cents": 20_000_00,
        "cost_high_cents": 35_000_00,
        "maintenance_cents": 1_200_00,
    }


@pytest.mark.parametrize("decided", [FEASIBLE, NOT_FEASIBLE])
async def test_a_decision_needs_its_public_reason(session, evaluator, proposal, decided):
    silent = decided.model_copy(update={"reason": None})

    with pytest.raises(rules.ReasonMissing) as refused:
        await actions.assess(session, proposal, silent, version=0, by=evaluator)

    assert refused.value.field == "reason"


@pytest.mark.parametrize("bound", ["cost_low_cents", "cost_high_cents"])
async def test_a_feasible_project_needs_both_bounds_of_its_cost(session, evaluator, proposal, bound):
    half = FEASIBLE.model_copy(update={bound: None})
    with pytest.raises(rules.CostMissing) as refused:
        await actions.assess(session, proposal, half, version=0, by=evaluator)

    assert refused.value.field == bound


async def test_the_upper_bound_is_not_below_the_lower_one(session, evaluator, proposal):
    for assessment in (FEASIBLE, UNDECIDED):
        crossed = assessment.model_copy(update={"cost_low_cents": 2, "cost_high_cents": 1})
        with pytest.raises(rules.CostBoundsCrossed):
            await actions.assess(session, proposal, crossed, version=0, by=evaluator)
    equal = FEASIBLE.model_copy(update={"cost_low_cents": 1, "cost_high_cents": 1})
    assert await actions.assess(session, proposal, equal, version=0, by=evaluator)


async def test_the_database_too_holds_what_a_decision_needs(session, proposal):
    for values in (
        {"feasibility": "feasible", "reason": {"fi": "x"}},
        {"feasibility": "not_feasible", "reason": {}},
        {"feasibility": "undecided", "reason": {}, "cost_low_cents": 2, "cost_high_cents": 1},
        {"feasibility": "undecided", "reason": {}, "cost_low_cents": -1, "cost_high_cents": 1},
        {"feasibility": "undecided", "reason": {}, "maintenance_cents": -1},
    ):
        with pytest.raises(DBAPIError, match="ck_evaluation"):
            async with session.begin_nested():
                session.add(Evaluation(proposal_id=proposal.id, **values))


async def test_not_feasible_needs_no_cost_and_undecided_needs_nothing(session, process, evaluator):
    for assessment in (NOT_FEASIBLE, UNDECIDED):
        proposal = await make.proposal(session, process)
        session.add(Assignment(proposal_id=proposal.id, evaluator_id=evaluator.id))
        await session.flush()
        evaluation = await actions.assess(session, proposal, assessment, version=0, by=evaluator)
        assert evaluation.feasibility is assessment.feasibility


# --- who and when


async def test_an_evaluator_who_was_not_asked_only_reads(session, process, proposal):
    colleague = await make.staff(session, Role.EVALUATOR, process)

    with pytest.raises(rules.NotAssigned):
        await actions.assess(session, proposal, FEASIBLE, version=0, by=colleague)
    assert await queries.proposal_for(session, proposal.id, colleague)


async def test_an_evaluator_of_another_process_does_nothing_and_reads_nothing(session, proposal):
    stranger = await make.staff(session, Role.EVALUATOR, await make.process(session))

    with pytest.raises(Forbidden):
        await actions.assess(session, proposal, FEASIBLE, version=0, by=stranger)
    with pytest.raises(Forbidden):
        await actions.note(session, proposal, Remark(text="x"), nonce=uuid4(), by=stranger)
    with pytest.raises(NotFound):
        await queries.proposal_for(session, proposal.id, stranger)


@pytest.mark.parametrize("days", [(-10, 0), (0.001, 10)])
async def test_outside_its_phase_nothing_is_evaluated(session, days):
    process = await make.process(session)
    opens_in, closes_in = (timedelta(days=count) for count in days)
    await make.phase(session, process, [Activity.EVALUATE], opens_in=opens_in, closes_in=closes_in)
    evaluator = await make.staff(session, Role.EVALUATOR, process)
    proposal = await make.proposal(session, process)
    session.add(Assignment(proposal_id=proposal.id, evaluator_id=evaluator.id))
    await session.flush()

    with pytest.raises(rules.EvaluationIsClosed):
        await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)


# --- versions


async def test_nobody_overwrites_what_they_have_not_read(session, evaluator, proposal):
    await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)

    with pytest.raises(rules.EvaluatedMeanwhile) as refused:
        await actions.assess(session, proposal, NOT_FEASIBLE, version=0, by=evaluator)

    assert refused.value.current.feasibility is Feasibility.FEASIBLE
    assert refused.value.parameters == {"version": 1}
    assert (await queries.find(session, proposal.id)).feasibility is Feasibility.FEASIBLE
    await actions.assess(session, proposal, NOT_FEASIBLE, version=1, by=evaluator)
    assert (await queries.find(session, proposal.id)).version == 2


async def test_the_same_form_sent_twice_changes_nothing(session, evaluator, proposal):
    for _ in range(2):
        evaluation = await actions.assess(session, proposal, FEASIBLE, version=0, by=evaluator)

    assert evaluation.version == 1
    assert await recorded(session) == ["proposal.evaluated"]


async def test_news_is_sent_of_decisions_and_not_of_drafts_and_slips_of_the_pen(session, evaluator, proposal):
    reworded = FEASIBLE.model_copy(update={"reason": Localized(fi="Alue kuuluu kaupungille.")})
    dearer = reworded.model_copy(update={"cost_high_cents": 40_000_00})
    for version, assessment in enumerate([UNDECIDED, FEASIBLE, reworded, dearer, UNDECIDED, NOT_FEASIBLE]):
        await actions.assess(session, proposal, assessment, version=version, by=evaluator)

    assert await recorded(session) == [
        "evaluation.saved",
        "proposal.evaluated",
        "evaluation.corrected",
        "proposal.evaluated",
        "evaluation.reopened",
        "proposal.evaluated",
    ]


async def test_the_public_sees_an_evaluation_once_it_is_decided(session, evaluator, proposal):
    assert await queries.published(session, proposal.id) is None
    await actions.assess(session, proposal, UNDECIDED, version=0, by=evaluator)
    assert await queries.published(session, proposal.id) is None
    assert "publishes" not in session.info

    evaluation = await actions.assess(session, proposal, NOT_FEASIBLE, version=1, by=evaluator)
    assert await queries.published(session, proposal.id) == evaluation
    assert session.info["publishes"]


# --- notes


async def test_evaluators_and_editors_write_notes_for_each_other(
    session, process, editor, evaluator, proposal
):
    await actions.note(session, proposal, Remark(text=" Kysy kiinteistöiltä. "), nonce=uuid4(), by=evaluator)
    await actions.note(session, proposal, Remark(text="Kysytty."), nonce=uuid4(), by=editor)

    notes = await queries.notes(session, proposal.id)
    assert [(note.text, note.author_name) for note in notes] == [
        ("Kysy kiinteistöiltä.", "Eeva Arvioija"),
        ("Kysytty.", editor.name),
    ]
    entry = (await session.exec(select(Entry).where(Entry.actor_id == evaluator.id))).one()
    assert entry.details == {"number": proposal.number}


async def test_a_note_sent_twice_is_one_and_anothers_nonce_shows_nothing(
    session, evaluator, editor, proposal
):
    nonce = uuid4()
    one, again = [
        await actions.note(session, proposal, Remark(text="Kysytty."), nonce=nonce, by=evaluator)
        for _ in range(2)
    ]
    assert one.id == again.id

    with pytest.raises(SentBefore):
        await actions.note(session, proposal, Remark(text="Muu."), nonce=nonce, by=editor)


async def test_a_note_outlives_its_writers_account_without_the_name(session, evaluator, proposal):
    await actions.note(session, proposal, Remark(text="Kysytty."), nonce=uuid4(), by=evaluator)
    kept = await queries.of_person(session, evaluator.id)
    assert [note["text"] for note in kept["internal_notes"]] == ["Kysytty."]
    assert [row["proposal_id"] for row in kept["assignments"]] == [str(proposal.id)]

    await actions.forget(session, evaluator.id)
    await session.exec(text("delete from account where id = :id").bindparams(id=evaluator.id))

    session.expire_all()
    note = (await session.exec(select(InternalNote))).one()
    assert (note.author_id, note.author_name, note.text) == (None, "", "Kysytty.")
