"""Discussion through the API."""

from uuid import uuid4

import pytest

from service.core import clock
from service.processes.models import Activity
from tests import make


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.COMMENT])


@pytest.fixture
async def proposal(session, process):
    return await make.proposal(session, process)


@pytest.fixture
def at(process, proposal):
    return f"/api/v1/processes/{process.slug}/proposals/{proposal.number}/comments"


@pytest.fixture
async def irja(client, session):
    irja = await make.resident(session, name="Irja K.")
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, irja)
    return irja


async def test_people_comment_answer_and_take_back(client, at, irja):
    first = await client.post(at, json={"text": "Hyvä ajatus."})
    assert first.status_code == 201, first.text
    parent = first.json()["id"]
    await client.post(at, json={"text": "Samaa mieltä.", "parent_id": parent})

    gone = await client.post(f"/api/v1/comments/{parent}/withdraw")

    assert (gone.status_code, gone.json()["shown"]) == (200, "withdrawn")
    found = (await client.get(at)).json()
    assert [(one["text"], one["parent_id"], one["own"]) for one in found] == [
        ("", None, True),
        ("Samaa mieltä.", parent, True),
    ]
    assert (await client.post(at, json={"text": "Myöhässä.", "parent_id": parent})).status_code == 409
    client.cookies.clear()
    assert {one["own"] for one in (await client.get(at)).json()} == {False}


async def test_the_same_form_twice_is_one_comment(client, at, irja):
    body = {"text": "Hyvä ajatus.", "nonce": str(uuid4())}

    ids = {(await client.post(at, json=body)).json()["id"] for _ in range(2)}

    assert len(ids) == 1
    assert len((await client.get(at)).json()) == 1


async def test_a_hidden_comments_words_are_in_no_answer(client, session, proposal, at, irja):
    await make.comment(
        session, proposal.thread_id, irja, text="Asiatonta.", hidden_at=await clock.now(session)
    )

    answer = await client.get(at)

    assert "Asiatonta" not in answer.text
    assert answer.json()[0]["shown"] == "hidden"
    assert answer.json()[0]["author_name"] == ""
    page = await client.get(at.replace("/api/v1", "/fi").removesuffix("/comments"), follow_redirects=True)
    assert (page.status_code, irja.name in page.text) == (200, False)


async def test_nobody_takes_back_anothers_or_an_unknown_comment(client, session, proposal, irja):
    comment = await make.comment(session, proposal.thread_id)

    for identity in (comment.id, uuid4()):
        assert (await client.post(f"/api/v1/comments/{identity}/withdraw")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "x"},
        {"text": 5},
        {"text": None},
        {"text": "x" * 3_001},
        {"text": "ab\0c"},
        {"text": "Hyvä.", "parent_id": "x"},
        {"text": "Hyvä.", "nonce": 1},
        [],
    ],
)
async def test_nonsense_is_refused(client, at, irja, body):
    answer = await client.post(at, json=body)

    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (await client.get(at)).json() == []


async def test_an_answer_to_a_comment_elsewhere_is_not_found(client, session, process, at, irja):
    elsewhere = await make.proposal(session, process)
    foreign = await make.comment(session, elsewhere.thread_id)

    for parent in (foreign.id, uuid4()):
        answer = await client.post(at, json={"text": "Hyvä.", "parent_id": str(parent)})
        assert answer.status_code == 404


async def test_a_closed_discussion_is_read_and_not_written(client, session, irja):
    closed = await make.process(session, open_to=[Activity.VOTE])
    proposal = await make.proposal(session, closed)
    await make.comment(session, proposal.thread_id)
    at = f"/api/v1/processes/{closed.slug}/proposals/{proposal.number}/comments"

    assert (await client.post(at, json={"text": "Myöhässä."})).status_code == 409
    assert len((await client.get(at)).json()) == 1
