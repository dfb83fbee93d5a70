"""Evaluation and the audit trail by programs: the same rules as on the pages."""

from uuid import uuid4

import httpx
import pytest
from sqlmodel import select

from service.core.actor import Role
from service.core.text import Localized
from service.evaluation import actions, queries
from service.evaluation.models import Assessment, Assignment, Feasibility, InternalNote
from service.processes.models import Activity
from tests import make

SENT = {
    "feasibility": "feasible",
    "reason": {"fi": "Alue on kaupungin."},
    "cost_low_cents": 18_000_00,
    "cost_high_cents": 24_000_00,
    "version": 0,
}
NOT_FEASIBLE = Assessment(feasibility=Feasibility.NOT_FEASIBLE, reason=Localized(fi="Ei ole kaupungin."))


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.EVALUATE])


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process, name="Eeva Editori")


@pytest.fixture
async def evaluator(session, process):
    return await make.staff(session, Role.EVALUATOR, process, name="Antti Arvioija")


@pytest.fixture
async def proposal(session, process, evaluator):
    made = await make.proposal(session, process)
    session.add(Assignment(proposal_id=made.id, evaluator_id=evaluator.id))
    await session.flush()
    return made


@pytest.fixture
def here(process, proposal):
    return f"/processes/{process.slug}/proposals/{proposal.number}"


@pytest.fixture
def caller(client, session):
    """A program that acts as whoever is given; None: nobody."""

    async def call(person, method, path, **body) -> httpx.Response:
        client.cookies.clear()
        headers = {}
        if person is not None:
            await make.signed_in(client, session, person)
            headers["Authorization"] = f"Bearer {client.cookies['session']}"
            client.cookies.clear()
        return await client.request(method, f"/api/v1{path}", json=body or None, headers=headers)

    return call


async def test_an_evaluator_finds_their_work_and_saves_it(process, evaluator, proposal, here, caller):
    [line] = (await caller(evaluator, "GET", "/me/evaluations")).json()
    assert (line["number"], line["feasibility"]) == (proposal.number, "undecided")
    assert (await caller(evaluator, "GET", f"{here}/evaluation")).status_code == 404

    saved = await caller(evaluator, "PUT", f"{here}/evaluation", **SENT)

    assert saved.status_code == 200
    assert (saved.json()["version"], saved.json()["cost_high_cents"]) == (1, 24_000_00)
    assert (await caller(None, "GET", f"{here}/evaluation")).json() == saved.json()


async def test_before_the_decision_the_public_gets_nothing(evaluator, editor, here, caller):
    await caller(
        evaluator, "PUT", f"{here}/evaluation", feasibility="undecided", cost_high_cents=1, version=0
    )

    for person, status in ((None, 404), (evaluator, 200), (editor, 200)):
        assert (await caller(person, "GET", f"{here}/evaluation")).status_code == status


async def test_an_evaluation_is_refused_as_on_the_page(session, process, evaluator, proposal, here, caller):
    path = f"{here}/evaluation"
    no_reason = await caller(evaluator, "PUT", path, **{**SENT, "reason": None})
    assert (no_reason.status_code, no_reason.json()["field"]) == (422, "reason")
    crossed = await caller(evaluator, "PUT", path, **{**SENT, "cost_high_cents": 1})
    assert (crossed.status_code, crossed.json()["field"]) == (422, "cost_high_cents")
    for nonsense in (
        {"cost_low_cents": -1},
        {"cost_low_cents": 10**30},
        {"reason": {"de": "Nein."}},
        {"version": "x"},
    ):
        assert (await caller(evaluator, "PUT", path, **{**SENT, **nonsense})).status_code == 400
    assert await queries.find(session, proposal.id) is None

    await caller(evaluator, "PUT", path, **SENT)
    stale = await caller(evaluator, "PUT", path, **{**SENT, "cost_high_cents": 25_000_00})
    assert (stale.status_code, stale.json()["parameters"]) == (409, {"version": "1"})


async def test_notes_are_written_once_and_read_by_colleagues(session, evaluator, editor, here, caller):
    nonce = str(uuid4())
    for _ in range(2):
        answer = await caller(evaluator, "POST", f"{here}/notes", text="Kysytty katuyksiköstä.", nonce=nonce)
        assert answer.status_code == 201

    [note] = (await caller(editor, "GET", f"{here}/notes")).json()
    assert (note["text"], note["author_name"]) == ("Kysytty katuyksiköstä.", "Antti Arvioija")
    assert (await caller(editor, "POST", f"{here}/notes", text="  ")).status_code == 400


async def test_the_history_says_who_did_what(evaluator, editor, here, caller):
    await caller(evaluator, "PUT", f"{here}/evaluation", **SENT)

    [step] = (await caller(editor, "GET", f"{here}/evaluation/history")).json()

    assert (step["action"], step["actor_name"]) == ("proposal.evaluated", "Antti Arvioija")
    assert step["details"]["cost_high_cents"] == 24_000_00


async def test_an_editor_assigns_and_unassigns(session, process, editor, evaluator, proposal, caller, here):
    assert (await caller(editor, "DELETE", f"{here}/evaluators/{evaluator.id}")).status_code == 204
    [line] = (await caller(editor, "GET", f"/processes/{process.slug}/evaluations")).json()
    assert line["evaluators"] == []
    [asked] = (await caller(editor, "GET", f"/processes/{process.slug}/evaluators")).json()
    assert (asked["id"], asked["name"]) == (str(evaluator.id), "Antti Arvioija")

    assert (await caller(editor, "PUT", f"{here}/evaluators/{asked['id']}")).status_code == 204
    [line] = (await caller(editor, "GET", f"/processes/{process.slug}/evaluations")).json()
    assert [person["id"] for person in line["evaluators"]] == [asked["id"]]
    stranger = await make.resident(session)
    wrong = await caller(editor, "PUT", f"{here}/evaluators/{stranger.id}")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:puntari:problem:NotAnEvaluator")


async def test_nobody_else_gets_in(session, process, evaluator, editor, proposal, here, caller):
    staff = [
        ("PUT", f"{here}/evaluation", SENT),
        ("GET", f"{here}/evaluation/history", {}),
        ("GET", f"{here}/notes", {}),
        ("POST", f"{here}/notes", {"text": "Salainen."}),
    ]
    editors = [
        ("PUT", f"{here}/evaluators/{evaluator.id}", {}),
        ("DELETE", f"{here}/evaluators/{evaluator.id}", {}),
        ("GET", f"/processes/{process.slug}/evaluations", {}),
        ("GET", f"/processes/{process.slug}/evaluators", {}),
    ]
    outsiders = [await make.resident(session)]
    outsiders += [await make.staff(session, role) for role in (Role.MODERATOR, Role.ADMINISTRATOR)]
    elsewhere = await make.process(session)
    for method, path, body in [*staff, *editors, ("GET", "/me/evaluations", {})]:
        assert (await caller(None, method, path, **body)).status_code == 401
        assert {(await caller(person, method, path, **body)).status_code for person in outsiders} == {403}
    for method, path, body in staff:
        stranger = await make.staff(session, Role.EVALUATOR, elsewhere)
        assert (await caller(stranger, method, path, **body)).status_code == 404
    for method, path, body in editors:
        assert (await caller(evaluator, method, path, **body)).status_code == 403
        stranger = await make.staff(session, Role.EDITOR, elsewhere)
        assert (await caller(stranger, method, path, **body)).status_code == 403
    assert (await caller(editor, "PUT", f"{here}/evaluation", **SENT)).status_code == 403
    assert await queries.find(session, proposal.id) is None
    assert (await session.exec(select(InternalNote))).all() == []


async def test_a_cookie_alone_saves_nothing(client, session, evaluator, here, proposal):
    await make.signed_in(client, session, evaluator)

    assert (await client.put(f"/api/v1{here}/evaluation", json=SENT)).status_code == 403
    assert await queries.find(session, proposal.id) is None


# --- the audit trail


async def test_the_trail_has_every_staff_write_and_nobodys_name(
    session, process, evaluator, editor, proposal, caller
):
    await actions.assess(session, proposal, NOT_FEASIBLE, version=0, by=evaluator)

    trail = (await caller(editor, "GET", "/audit")).json()

    assert [(entry["role"], entry["action"]) for entry in trail["entries"]] == [
        ("evaluator", "proposal.evaluated")
    ]
    assert trail["entries"][0]["process_slug"] == process.slug
    assert trail["older"] is None
    for secret in ("Antti", str(evaluator.id), "Ei ole kaupungin"):
        assert secret not in str(trail)


async def test_the_trail_is_for_those_who_look_after_the_process(
    session, process, evaluator, editor, proposal, caller
):
    await actions.assess(session, proposal, NOT_FEASIBLE, version=0, by=evaluator)
    elsewhere = await make.process(session)

    assert (await caller(None, "GET", "/audit")).status_code == 401
    for person in (await make.resident(session), evaluator, await make.staff(session, Role.MODERATOR)):
        assert (await caller(person, "GET", "/audit")).status_code == 403
    stranger = await make.staff(session, Role.EDITOR, elsewhere)
    assert (await caller(stranger, "GET", "/audit")).json()["entries"] == []
    assert (await caller(stranger, "GET", f"/audit?process_id={process.id}")).json()["entries"] == []
    administrator = await make.staff(session, Role.ADMINISTRATOR)
    assert len((await caller(administrator, "GET", "/audit")).json()["entries"]) == 1
    filtered = await caller(administrator, "GET", f"/audit?process_id={elsewhere.id}")
    assert filtered.json()["entries"] == []
