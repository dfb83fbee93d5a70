"""What may be told of a milestone, what milestones add up to, and who is told."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core import clock
from service.core.actor import Role
from service.core.clock import HELSINKI
from service.core.text import Localized
from service.pictures.models import Picture
from service.processes.rules import NotYourProcess
from service.results import actions, queries, rules
from service.results.implementation import Undertaking, days_late, in_order, summary
from service.results.models import Milestone, Status, Step
from service.voting.models import Project
from tests import make

TODAY = date(2027, 6, 15)
TITLE = Localized(fi="Hankinta", sv="Anskaffning")
BODY = Localized(fi="tekninen lautakunta", sv="tekniska nämnden")
STOPPED = {"decision_body": BODY, "decided_on": date(2027, 6, 1), "decision_section": "64"}


def step(**values):
    return Step(**{"title": TITLE, **values})


@pytest.mark.parametrize(
    ("values", "mistake", "field"),
    [
        ({"planned_start": TODAY, "planned_end": TODAY - timedelta(days=1)}, rules.DatesCrossed, "planned_end"),
        ({"actual_start": date(2027, 6, 2), "actual_end": date(2027, 6, 1)}, rules.DatesCrossed, "actual_end"),
        ({"actual_start": TODAY + timedelta(days=1)}, rules.DayToCome, "actual_start"),
        ({"status": Status.COMPLETED}, rules.EndMissing, "actual_end"),
        ({"status": Status.STOPPED}, rules.DecisionMissing, "decision_body"),
        ({"status": Status.STOPPED, **STOPPED, "decided_on": None}, rules.DecisionMissing, "decided_on"),
        ({"status": Status.STOPPED, **STOPPED, "decision_section": " "}, rules.DecisionMissing, "decision_section"),
        ({"decision_link": "javascript:alert(1)"}, rules.LinkNotUsable, "decision_link"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused_beside_its_field(values, mistake, field):
    with pytest.raises(mistake) as refused:
        rules.check_step(step(**values), today=TODAY)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"planned_start": TODAY, "planned_end": TODAY},
        {"status": Status.COMPLETED, "actual_end": TODAY},
        {"status": Status.STOPPED, **STOPPED, "decision_link": "https://kaupunki.example/64"},
    ],
)
def test_what_adds_up_is_taken(values):
    rules.check_step(step(**values), today=TODAY)


P, G, C, S = Status.PLANNED, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED


def undertaking(*statuses, changed_at=None, now=None):
    project = Project(number=1, cost_cents=100_00, title="x", language="fi")
    told = [
        Milestone(title={"fi": "x"}, status=status, spent_cents=10_00, changed_at=changed_at, nonce=uuid4())
        for status in statuses
    ]
    return Undertaking(project, told, now)


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        ([], P),
        ([P, P], P),
        ([C, P], G),
        ([G, P], G),
        ([C, C], C),
        ([C, S], S),
        ([S, C], C),
        ([G, S], S),
        ([S, P], G),
    ],
)
def test_milestones_add_up_to_where_the_project_stands(statuses, whole):
    assert undertaking(*statuses).status is whole


@given(st.lists(st.sampled_from(list(Status)), max_size=6))
def test_a_project_is_over_only_when_nothing_is_planned_or_going_on_unless_it_was_stopped(statuses):
    one = undertaking(*statuses)
    if one.is_over and one.status is Status.COMPLETED:
        assert not {P, G} & set(statuses)
    assert summary([one]).spent_cents == 10_00 * len(statuses)


async def test_silence_is_told_after_ninety_days_until_the_project_is_over(session):
    now = await clock.now(session)
    old, recent = now - timedelta(days=91), now - timedelta(days=89)
    assert undertaking(G, changed_at=old, now=old).silent_days(now) == 91
    assert undertaking(now=old).silent_days(now) == 91
    assert undertaking(G, changed_at=recent, now=old).silent_days(now) is None
    assert undertaking(C, changed_at=old, now=old).silent_days(now) is None
    assert undertaking(S, changed_at=old, now=old).silent_days(now) is None


async def test_lateness_is_counted_from_the_planned_end(session):
    now = await clock.now(session)
    today = now.astimezone(HELSINKI).date()

    def late(**values):
        return days_late(Milestone(title={}, nonce=uuid4(), **values), now)

    week_ago = today - timedelta(days=7)
    assert late(status=P, planned_end=week_ago) == 7
    assert late(status=C, planned_end=week_ago, actual_end=today - timedelta(days=2)) == 5
    assert late(status=C, planned_end=week_ago, actual_end=week_ago) == 0
    assert late(status=S, planned_end=week_ago) == 0
    assert late(status=G) == 0


def test_milestones_stand_in_the_order_of_their_days():
    days = [date(2027, 3, 1), date(2027, 1, 1), None, date(2027, 2, 1)]
    found = in_order([Milestone(title={}, nonce=uuid4(), planned_start=day) for day in days])
    assert [one.planned_start for one in found] == [days[1], days[3], days[0], None]


# --- with the database

BALLOTS = ([5, 4], [5, 4], [5, 3, 2], [5, 2], [1])


@pytest.fixture
async def counted(session, instance):
    process, _ = await make.counted(session, instance.keys, *BALLOTS)
    return process


@pytest.fixture
async def editor(session, counted):
    return await make.staff(session, Role.EDITOR, counted)


async def test_a_milestone_of_a_winner_is_kept_and_on_record_and_made_once(session, counted, editor):
    nonce = uuid4()
    made = await actions.add_milestone(
        session, counted, 5, step(spent_cents=8_950_00), nonce=nonce, by=editor
    )
    again = await actions.add_milestone(session, counted, 5, step(), nonce=nonce, by=editor)

    assert again is made
    assert (made.title, made.text, made.spent_cents, made.version) == (TITLE.stored(), {}, 8_950_00, 1)
    assert [entry.action for entry in await make.recorded(session, made.project_id)] == ["milestone.changed"]


async def test_only_winners_have_milestones(session, counted, editor):
    with pytest.raises(rules.NotAWinner):
        await actions.add_milestone(session, counted, 4, step(), nonce=uuid4(), by=editor)
    uncounted = await make.vote(session)
    with pytest.raises(rules.NotCountedYet):
        await actions.add_milestone(
            session, uncounted, 5, step(), nonce=uuid4(), by=await make.staff(session, Role.EDITOR)
        )
    stranger = await make.staff(session, Role.EDITOR, uncounted)
    with pytest.raises(NotYourProcess):
        await actions.add_milestone(session, counted, 5, step(), nonce=uuid4(), by=stranger)


async def test_two_editors_do_not_overwrite_each_other(session, counted, editor):
    made = await actions.add_milestone(session, counted, 5, step(), nonce=uuid4(), by=editor)
    text = Localized(fi="Tilattu.")

    await actions.change_milestone(session, counted, made.id, step(text=text), version=1, by=editor)
    with pytest.raises(rules.MilestoneChangedMeanwhile):
        await actions.change_milestone(session, counted, made.id, step(), version=1, by=editor)
    with pytest.raises(rules.MilestoneChangedMeanwhile):
        await actions.remove_milestone(session, counted, made.id, version=1, by=editor)

    assert (made.text, made.version) == ({"fi": "Tilattu."}, 2)
    await actions.remove_milestone(session, counted, made.id, version=2, by=editor)
    outcome = await queries.outcome(session, await queries.latest(session, counted.id))
    assert [one.milestones for one in await queries.undertakings(session, outcome)] == [[], [], []]


async def test_a_picture_is_described_and_goes_with_its_milestone(session, counted, editor):
    made = await actions.add_milestone(session, counted, 5, step(), nonce=uuid4(), by=editor)
    with pytest.raises(rules.PictureNotDescribed):
        await actions.illustrate(session, counted, made.id, make.photo(), " ", version=1, by=editor)

    await actions.illustrate(session, counted, made.id, make.photo(), "Pyöräteline.", version=1, by=editor)
    first = made.picture_id
    assert first
    assert await queries.shows_picture(session, first)
    await actions.illustrate(session, counted, made.id, make.photo("red"), "Toinen.", version=2, by=editor)
    session.expunge_all()
    assert await session.get(Picture, first) is None
    made, _ = await queries.milestone(session, counted.id, made.id)
    second = made.picture_id
    await actions.remove_milestone(session, counted, made.id, version=3, by=editor)
    session.expunge_all()
    assert await session.get(Picture, second) is None
    assert not await queries.shows_picture(session, second)


async def test_what_was_built_is_shown_by_its_last_picture_the_newest_first(session, counted, editor):
    async def told(number, picture=True, **values):
        done = step(**{"status": Status.COMPLETED, "actual_end": date(2026, 9, 25), **values})
        made = await actions.add_milestone(session, counted, number, done, nonce=uuid4(), by=editor)
        if picture:
            await actions.illustrate(
                session, counted, made.id, make.photo(), "Piirros.", version=1, by=editor
            )
        return made

    await told(1, actual_end=date(2026, 5, 1))
    last = await told(1, actual_end=date(2026, 5, 18))
    await told(1, picture=False)
    newer = await told(2)
    await told(5)
    await told(5, picture=False, status=Status.IN_PROGRESS, actual_end=None)

    assert [one.milestone.id for one in await queries.built(session, most=3)] == [newer.id, last.id]
    assert len(await queries.built(session, most=1)) == 1
