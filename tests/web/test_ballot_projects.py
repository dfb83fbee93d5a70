"""An editor puts evaluated proposals on the ballot and freezes it, by both doors."""

import re
from html import unescape

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from service.core.actor import Role
from service.core.database import violated
from service.evaluation.models import Evaluation, Feasibility
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals.models import State
from service.proposals.rules import TextsAreFixed
from service.voting import actions, candidates, rules
from service.voting.models import Project, Vote
from tests import make


async def proposal(session, process, number, *, cost_cents=20_000_00, area=None, **values):
    """A published proposal found feasible at this cost; with `cost_cents` None not evaluated."""
    made = await make.proposal(
        session,
        process,
        number=number,
        title=f"Penkkejä puistoon {number}",
        text="Puisto on **kaunis** mutta penkkejä on vähän.",
        area_id=area.id if area else None,
        **values,
    )
    if cost_cents is not None:
        await make.evaluation(session, made, cost_cents)
    return made


async def prepared(session, **values):
    """A round whose vote opens in two days."""
    return await make.vote(session, projects=[], open_now=False, **values)


class Desk:
    def __init__(self, client, process, proof):
        self.client, self.proof = client, proof
        self.here = f"/en/desk/processes/{process.slug}/ballot-projects"
        self.api = f"/api/v1/processes/{process.slug}/projects"
        self.headers = {"X-CSRF-Token": proof}

    async def page(self):
        return unescape((await self.client.get(self.here)).text)

    async def send(self, path="", **fields):
        return await self.client.post(f"{self.here}{path}", data={"csrf": self.proof, **fields})


@pytest.fixture
async def desk(client, session):
    async def open_desk(process, role=Role.EDITOR):
        return Desk(
            client, process, await make.signed_in(client, session, await make.staff(session, role, process))
        )

    return open_desk


async def on_ballot(session):
    return [
        (row.number, row.cost_cents)
        for row in (await session.exec(select(Project).order_by(Project.number))).all()
    ]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
async def test_an_editor_selects_removes_and_freezes_by_pages(session, desk, role):
    process = await prepared(session)
    for number in (3, 7):
        await proposal(session, process, number)
    it = await desk(process, role)
    assert "Put on the ballot: Penkkejä puistoon 3" in re.sub(r"<[^>]+>", "", await it.page())

    for number in ("3", "7"):
        answer = await it.send(select=number)
        assert answer.status_code == 303
        assert answer.headers["location"].endswith(f"?done=selected#p{number}")
    await it.send(remove="3")
    assert await on_ballot(session) == [(7, 20_000_00)]

    asked = await it.client.get(f"{it.here}/freeze")
    assert "This cannot be undone." in asked.text
    assert (await session.exec(select(Vote))).all() == []
    assert (await it.send("/freeze")).status_code == 303

    assert (await session.exec(select(Vote))).one().process_id == process.id
    assert "The ballot was frozen on" in await it.page()
    for fields in ({"select": "3"}, {"remove": "7"}):
        answer = await it.send(**fields)
        assert answer.status_code == 409
        assert "The ballot is frozen" in answer.text
    assert await on_ballot(session) == [(7, 20_000_00)]


async def test_the_same_by_the_api(client, session, desk):
    process = await prepared(session)
    await proposal(session, process, 3)
    it = await desk(process)

    chosen = await client.put(f"{it.api}/3", headers=it.headers)
    assert chosen.status_code == 200, chosen.text
    assert chosen.json()["cost_cents"] == 20_000_00
    assert chosen.json()["text"] == "Puisto on kaunis mutta penkkejä on vähän."
    assert (await client.get(it.api)).json() == []
    assert (await client.post(f"{it.api}/freeze", headers=it.headers)).status_code == 200
    assert [row["number"] for row in (await client.get(it.api)).json()] == [3]
    refused = await client.delete(f"{it.api}/3", headers=it.headers)
    assert refused.status_code == 409


async def test_only_what_is_feasible_and_has_a_cost_is_selected(session, desk, client):
    process = await prepared(session)
    await proposal(session, process, 1, cost_cents=None)
    unsound = await proposal(session, process, 2, cost_cents=None)
    await make.evaluation(session, unsound, 5_000_00, Feasibility.NOT_FEASIBLE)
    it = await desk(process)

    for number in ("1", "2"):
        answer = await it.send(select=number)
        assert answer.status_code == 409
        assert "found feasible and given a cost" in answer.text
    assert (await it.send(select="99")).status_code == 404
    assert (await it.send(select="nonsense")).status_code == 404
    assert (await client.put(f"{it.api}/1", headers=it.headers)).status_code == 409
    assert await on_ballot(session) == []


async def test_a_new_cost_is_told_and_taken_by_selecting_again(session, desk):
    process = await prepared(session)
    made = await proposal(session, process, 1)
    it = await desk(process)
    await it.send(select="1")
    (await session.get(Evaluation, made.id)).cost_high_cents = 30_000_00
    await session.flush()
    assert "The evaluation now says €30,000." in await it.page()

    await it.send(select="1")

    assert await on_ballot(session) == [(1, 30_000_00)]


async def test_what_costs_more_than_its_pot_or_has_none_is_refused(session, desk):
    harbour = await make.area(session)
    process = await prepared(session)
    await proposal(session, process, 1, cost_cents=100_000_01)
    await proposal(session, process, 2, area=harbour)
    it = await desk(process)

    assert "costs more than the whole budget" in (await it.send(select="1")).text
    assert "has no budget" in (await it.send(select="2")).text
    assert await on_ballot(session) == []


async def test_an_empty_ballot_is_not_frozen(session, desk):
    process = await prepared(session)
    it = await desk(process)

    answer = await it.send("/freeze")

    assert answer.status_code == 409
    assert "There is nothing on the ballot yet." in answer.text


async def test_editors_of_other_rounds_and_residents_stay_out(client, session):
    process, other = await prepared(session), await prepared(session)
    await proposal(session, process, 1)
    for who in (
        await make.staff(session, Role.EDITOR, other),
        await make.staff(session, Role.EVALUATOR, process),
        await make.resident(session),
    ):
        it = Desk(client, process, await make.signed_in(client, session, who))
        assert (await client.get(it.here)).status_code == 403
        assert (await it.send(select="1")).status_code == 403
        assert (await client.put(f"{it.api}/1", headers=it.headers)).status_code == 403
    assert await on_ballot(session) == []


async def test_when_voting_opens_the_ballot_is_frozen_by_the_clock_and_by_the_database(session, instance):
    process = await make.vote(session)
    editor = await make.staff(session, Role.EDITOR, process)
    late = await proposal(session, process, 77)

    with pytest.raises(rules.BallotIsFrozen):
        await actions.select(session, process, late, by=editor)
    for attempt in (
        "update project set cost_cents = 1",
        "delete from project",
        "insert into project select gen_random_uuid(), process_id, 99, null, pot_id, null, 'x', '', 'fi', 1 from project limit 1",
    ):
        with pytest.raises(IntegrityError) as refusal:
            async with session.begin_nested():
                await session.exec(text(attempt))
        assert violated(refusal.value) == "ballot_is_frozen"


async def test_the_moment_of_opening_may_fall_between_the_question_and_the_write(session, monkeypatch):
    process = await make.vote(session)
    editor = await make.staff(session, Role.EDITOR, process)
    late = await proposal(session, process, 77)

    async def as_if_before(*_args):
        return None

    monkeypatch.setattr(actions, "_check_may_change", as_if_before)

    with pytest.raises(rules.BallotIsFrozen):
        await actions.select(session, process, late, by=editor)


async def test_a_proposal_that_is_not_public_is_not_for_the_ballot(session):
    process = await prepared(session)
    editor = await make.staff(session, Role.EDITOR, process)
    draft = await proposal(session, process, 1, state=State.DRAFT)
    other = await proposal(session, await make.process(session, open_to=[Activity.PROPOSE]), 1)

    for unfit in (draft, other):
        with pytest.raises(rules.NotForTheBallot):
            await actions.select(session, process, unfit, by=editor)


async def test_what_is_withdrawn_merged_or_hidden_is_off_a_ballot_that_may_still_change(session):
    process = await prepared(session)
    editor = await make.staff(session, Role.EDITOR, process)
    moderator = await make.staff(session, Role.MODERATOR, process)
    author = await make.resident(session)
    withdrawn, merged, hidden, kept = [
        await make_proposal(session, process, number, author) for number in (1, 2, 3, 4)
    ]
    for each in (withdrawn, merged, hidden, kept):
        await actions.select(session, process, each, by=editor)

    await proposals.withdraw(session, withdrawn, by=author)
    await proposals.merge(session, kept, [merged], by=editor)
    await proposals.hide(session, hidden, by=moderator)

    assert await on_ballot(session) == [(4, 20_000_00)]


async def test_once_the_ballot_is_frozen_nothing_on_it_is_withdrawn_or_merged_and_hiding_leaves_it_to_the_count(
    session, desk, instance
):
    process = await prepared(session)
    editor = await make.staff(session, Role.EDITOR, process)
    author = await make.resident(session)
    first, second = [await make_proposal(session, process, number, author) for number in (1, 2)]
    for each in (first, second):
        await actions.select(session, process, each, by=editor)
    await actions.freeze(session, process, keys=instance.keys, by=editor)

    with pytest.raises(TextsAreFixed):
        await proposals.withdraw(session, first, by=author)
    with pytest.raises(TextsAreFixed):
        await proposals.merge(session, first, [second], by=editor)
    await proposals.hide(session, first, by=await make.staff(session, Role.MODERATOR, process))

    assert await on_ballot(session) == [(1, 20_000_00), (2, 20_000_00)]
    assert first.title in await (await desk(process)).page()


async def make_proposal(session, process, number, author):
    made = await make.proposal(session, process, author, number=number)
    await make.evaluation(session, made)
    return made


async def changes(session, made):
    evaluation = await session.get(Evaluation, made.id)
    yield evaluation, "feasibility", Feasibility.NOT_FEASIBLE
    yield evaluation, "cost_high_cents", 30_000_00
    yield made, "title", "Pöytiä puistoon"


async def test_what_has_changed_since_it_was_selected_waits_for_the_editor_and_keeps_the_ballot_open(
    session, desk, instance
):
    process = await prepared(session)
    made = await proposal(session, process, 7)
    it = await desk(process)
    await it.send(select="7")
    assert await candidates.changed(session, [process]) == []

    async for thing, name, value in changes(session, made):
        before = getattr(thing, name)
        setattr(thing, name, value)
        await session.flush()

        assert [each.proposal.number for each in await candidates.changed(session, [process])] == [7]
        today = re.sub(r"<[^>]+>|\s+", " ", (await it.client.get("/en/desk")).text)
        assert re.search(r"Rounds\s+1 waiting", today)
        refused = await it.send("/freeze")
        assert refused.status_code == 409
        assert "have changed since they were put on the ballot: 7." in unescape(refused.text)

        setattr(thing, name, before)
        await session.flush()

    assert (await it.send("/freeze")).status_code == 303
    assert await candidates.changed(session, [process]) == []


async def test_the_new_text_is_taken_by_selecting_again(session, desk):
    process = await prepared(session)
    made = await proposal(session, process, 1)
    it = await desk(process)
    await it.send(select="1")
    made.title = "Pöytiä puistoon"
    await session.flush()
    assert "Take the new text" in await it.page()

    await it.send(select="1")

    assert "Take the new text" not in await it.page()
    assert [row.title for row in (await session.exec(select(Project))).all()] == ["Pöytiä puistoon"]


async def test_the_database_keeps_the_evaluation_of_what_stands_on_a_final_ballot(session, instance):
    process = await prepared(session)
    editor = await make.staff(session, Role.EDITOR, process)
    listed = await proposal(session, process, 1)
    await proposal(session, process, 2)
    await actions.select(session, process, listed, by=editor)
    await actions.freeze(session, process, keys=instance.keys, by=editor)

    with pytest.raises(IntegrityError) as refusal:
        async with session.begin_nested():
            await session.exec(text("update evaluation set cost_high_cents = 1"))
    assert violated(refusal.value) == "evaluation_is_frozen"
    others = text("update evaluation set cost_high_cents = 1 where proposal_id <> :listed")
    await session.exec(others.bindparams(listed=listed.id))
