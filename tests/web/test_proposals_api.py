"""Proposals through the API: the whole way, and what it answers to those who may not, and to nonsense."""

from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import select

from service.core.actor import Role
from service.processes.models import Activity
from service.proposals import actions, queries, search
from service.proposals.models import Proposal, State
from tests import make

IDEA = {
    "title": "Penkkejä Puistokadulle",
    "text": "Torilta terveysasemalle on kilometri, eikä matkalla ole yhtään paikkaa istahtaa.",
}


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT])


@pytest.fixture
async def aino(session):
    return await make.resident(session, name="Aino K.")


@pytest.fixture
def at(process):
    return f"/api/v1/processes/{process.slug}/proposals"


@pytest.fixture
async def enter(client, session):
    """Sign in as somebody."""

    async def enter(person):
        client.headers["X-CSRF-Token"] = await make.signed_in(client, session, person)

    return enter


@pytest.fixture
async def draft(client, enter, aino, at):
    await enter(aino)
    answer = await client.post(at, json=IDEA)
    assert answer.status_code == 201, answer.text
    return answer.json()


def is_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.json()


async def test_a_proposal_goes_its_way(client, session, process, at, enter, aino):
    await enter(aino)
    one = (await client.post(at, json={"title": "Pe"})).json()
    assert (one["number"], one["state"], one["author_name"]) == (1, "draft", "Aino K.")
    short = is_problem(await client.post(f"{at}/1/submit"), 422)
    assert (short["field"], short["type"]) == ("title", "urn:puntari:problem:TitleIsShort")

    saved = await client.patch(f"{at}/1", json={**IDEA, "version": one["version"]})
    assert saved.json()["title"] == IDEA["title"]
    assert (await client.post(f"{at}/1/submit")).json()["state"] == "submitted"
    assert (await client.post(f"{at}/1/take-back")).json()["state"] == "draft"
    assert (await client.post(f"{at}/1/submit")).json()["state"] == "submitted"

    moderator = await make.staff(session, Role.MODERATOR, process)
    proposal = await queries.seen_by(session, process, 1, moderator)
    await session.refresh(proposal)
    await actions.publish(session, proposal, version=proposal.version, by=moderator)
    await session.commit()

    client.cookies.clear()
    seen = (await client.get(f"{at}/1")).json()
    assert (seen["state"], seen["text"], seen["supported"], seen["versions"]) == (
        "published",
        IDEA["text"],
        False,
        1,
    )
    listed = (await client.get(at, params={"q": "penkki puistokadut"})).json()
    assert [(row["number"], row["title"]) for row in listed["rows"]] == [(1, IDEA["title"])]
    likest = (await client.get(f"{at}/similar", params={"title": "Penkki Puistokadun varteen"})).json()
    assert [one["number"] for one in likest] == [1]


async def test_each_step_saves_what_is_given_and_leaves_the_rest(client, at, draft):
    answer = await client.patch(
        f"{at}/1", json={"address": "Puistokatu 3", "latitude": 60.5, "version": draft["version"]}
    )

    saved = answer.json()
    assert (saved["title"], saved["address"], saved["latitude"]) == (IDEA["title"], "Puistokatu 3", 60.5)
    emptied = await client.patch(f"{at}/1", json={"latitude": None, "version": saved["version"]})
    assert emptied.json()["latitude"] is None


async def test_a_second_editor_is_told_the_version_that_stands(client, at, draft):
    await client.patch(f"{at}/1", json={"title": "Ensimmäinen muutos", "version": draft["version"]})

    conflict = is_problem(
        await client.patch(f"{at}/1", json={"title": "Toinen", "version": draft["version"]}), 409
    )

    assert conflict["type"] == "urn:puntari:problem:EditedMeanwhile"
    assert conflict["parameters"] == {"version": str(draft["version"] + 1)}


async def test_the_same_nonce_is_the_same_draft(client, session, at, enter, aino):
    await enter(aino)
    body = {**IDEA, "nonce": str(uuid4())}

    numbers = [(await client.post(at, json=body)).json()["number"] for _ in range(2)]

    assert numbers == [1, 1]
    assert len((await session.exec(select(Proposal.id))).all()) == 1
    await enter(await make.resident(session))
    is_problem(await client.post(at, json=body), 409)


async def test_anothers_draft_is_not_there(client, session, at, draft, enter):
    client.cookies.clear()
    is_problem(await client.get(f"{at}/1"), 404)
    await enter(await make.resident(session))
    for method, path in (
        ("GET", "1"),
        ("DELETE", "1"),
        ("POST", "1/submit"),
        ("POST", "1/withdraw"),
        ("POST", "1/take-back"),
        ("GET", "1/versions"),
        ("GET", "1/edit"),
        ("DELETE", "1/edit"),
        ("GET", "1/coauthors"),
        ("GET", "1/comments"),
        ("DELETE", "1/picture"),
        ("PUT", "1/picture"),
        ("PUT", "1/support"),
        ("DELETE", "1/support"),
    ):
        is_problem(await client.request(method, f"{at}/{path}"), 404)
    is_problem(await client.patch(f"{at}/1", json={"version": 1}), 404)


async def test_a_stranger_is_asked_to_sign_in_before_anything_is_done(client, session, process, at):
    await make.proposal(session, process)
    for method, path, body in (
        ("POST", "", IDEA),
        ("PATCH", "/1", {"version": 1}),
        ("DELETE", "/1", None),
        ("POST", "/1/submit", None),
        ("POST", "/1/withdraw", None),
        ("PUT", "/1/edit", {**IDEA, "version": 1}),
        ("PUT", "/1/support", None),
        ("POST", "/1/comments", {"text": "Hyvä!"}),
        ("POST", "/1/coauthors", {"email": "a@posti.example"}),
        ("PUT", "/1/picture", None),
        ("POST", "/1/merge", {"sources": [2]}),
        ("POST", "/1/separate", None),
        ("POST", "/combine", {**IDEA, "sources": [1]}),
    ):
        is_problem(await client.request(method, f"{at}{path}", json=body), 401)
    for path in ("/api/v1/me/proposals", "/api/v1/me/invitations"):
        is_problem(await client.get(path), 401)


async def test_a_cookie_alone_changes_nothing(client, session, at, enter, aino):
    await enter(aino)
    del client.headers["X-CSRF-Token"]

    is_problem(await client.post(at, json=IDEA), 403)

    assert (await session.exec(select(Proposal.id))).all() == []


async def test_where_proposals_are_not_taken_the_answer_is_conflict(client, session, enter, aino):
    closed = await make.process(session, open_to=[Activity.COMMENT])
    await enter(aino)

    problem = is_problem(await client.post(f"/api/v1/processes/{closed.slug}/proposals", json=IDEA), 409)

    assert problem["type"] == "urn:puntari:problem:ProposingIsClosed"


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "null",
        '"x"',
        "{",
        '{"title": 5}',
        '{"title": null}',
        '{"title": {"fi": "Penkki"}}',
        '{"latitude": "north"}',
        '{"latitude": 1e400}',
        '{"latitude": 91}',
        '{"cost_wish_cents": 99999999999999999999999999}',
        '{"cost_wish_cents": -1}',
        '{"cost_wish_cents": 0.5}',
        '{"area_id": "x"}',
        '{"area_id": "00000000-0000-0000-0000-000000000000"}',
        '{"author_kind": "party"}',
        '{"nonce": "x"}',
        '{"title": "\\u0000\\u0000\\u0000\\u0000\\u0000"}',
        '{"text": "ab\\u0000cd"}',
        '{"title": "\\ud800abcd"}',
        '{"title": "%s"}' % ("x" * 121),
        '{"text": "%s"}' % ("x" * 5_001),
    ],
)
async def test_nonsense_is_refused_and_keeps_nothing(client, session, at, enter, aino, body):
    await enter(aino)

    answer = await client.post(at, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {400, 422}, answer.text
    is_problem(answer, answer.status_code)
    assert (await session.exec(select(Proposal.id))).all() == []


@pytest.mark.parametrize(
    "path",
    [
        "/0",
        "/-1",
        "/999999999999999999999999",
        "/1.5",
        "/x",
        "/1/versions/x",
        "?page=0",
        "?page=99999999999999999999",
        "?page=x",
        "?order=best",
        "?state=draft",
        "?q=" + "x" * 201,
        "?q=%00",
        "?area=%00",
        "?seed=%00&order=random",
        "?seed=" + "x" * 41,
        "?" + "state=published&" * 101,
        "?" + "area=x&" * 101,
        "?" + "category=x&" * 101,
        "/similar",
        "/similar?title=" + "x" * 121,
        "/similar?title=%00",
    ],
)
async def test_a_nonsensical_address_is_refused(client, session, process, at, path):
    await make.proposal(session, process)

    answer = await client.get(f"{at}{path}")

    assert answer.status_code in {200, 400, 404, 422}, answer.text
    if answer.status_code != 200:
        is_problem(answer, answer.status_code)
    else:
        assert "%00" in path


async def test_an_unknown_process_has_no_proposals(client):
    is_problem(await client.get("/api/v1/processes/nothing/proposals"), 404)


async def test_a_list_is_filtered_ordered_and_paged(client, session, process, at):
    area = await make.area(session)
    for number in range(3):
        await make.proposal(session, process, title=f"Ehdotus {number}", area_id=area.id if number else None)

    async def numbers(**params):
        answer = await client.get(at, params=params)
        assert answer.status_code == 200, answer.text
        return sorted(row["number"] for row in answer.json()["rows"])

    assert await numbers() == [1, 2, 3]
    assert await numbers(area=[area.key]) == [2, 3]
    assert await numbers(area=[area.key, "whole_city"]) == [1, 2, 3]
    assert await numbers(area="whole_city") == [1]
    assert await numbers(state="merged") == []
    assert await numbers(state=["published"] * 9) == [1, 2, 3]
    assert await numbers(order="supports", page=7) == [1, 2, 3]
    first = (await client.get(at)).json()
    again = (await client.get(at, params={"seed": first["seed"]})).json()
    assert first == again
    assert "author_id" not in first["rows"][0]


async def test_support_is_given_once_and_taken_back(client, session, process, at, enter, aino):
    await make.proposal(session, process)
    await enter(aino)

    for _ in range(2):
        answer = (await client.put(f"{at}/1/support")).json()
        assert (answer["supports"], answer["supported"]) == (1, True)
    for _ in range(2):
        assert (await client.delete(f"{at}/1/support")).status_code == 204
    assert (await client.get(f"{at}/1")).json()["supports"] == 0


async def test_an_edit_waits_and_the_history_shows_what_changed(client, session, process, at, enter, aino):
    proposal = await make.proposal(session, process, aino, **IDEA)
    moderator = await make.staff(session, Role.MODERATOR, process)
    await enter(aino)
    edit = {**IDEA, "title": "Penkkejä ja pöytiä Puistokadulle", "version": 1, "note": "Pöydätkin."}

    waiting = (await client.put(f"{at}/1/edit", json=edit)).json()

    assert (waiting["number"], waiting["note"], waiting["published_at"]) == (2, "Pöydätkin.", None)
    assert {"kind": "added", "text": "ja pöytiä "} in waiting["title_changes"]
    assert (await client.get(f"{at}/1/edit")).json() == waiting
    assert (await client.get(f"{at}/1")).json()["title"] == IDEA["title"]

    await session.refresh(proposal)
    await actions.publish(session, proposal, version=proposal.version, by=moderator)
    await session.commit()
    newer, older = (await client.get(f"{at}/1/versions")).json()
    assert newer["text_changes"] == [{"kind": "same", "text": IDEA["text"]}]
    assert older["title_changes"] == [{"kind": "added", "text": IDEA["title"]}]
    is_problem(await client.get(f"{at}/1/edit"), 404)
    assert (await client.delete(f"{at}/1/edit")).status_code == 204


async def test_an_edit_that_says_too_little_is_refused(client, session, process, at, enter, aino):
    await make.proposal(session, process, aino)
    await enter(aino)

    is_problem(await client.put(f"{at}/1/edit", json={"title": "Abc", "text": "x", "version": 1}), 400)


async def test_a_draft_is_discarded_and_a_published_proposal_withdrawn(
    client, session, process, at, draft, aino
):
    assert (await client.delete(f"{at}/1")).status_code == 204
    is_problem(await client.get(f"{at}/1"), 404)

    await make.proposal(session, process, aino, number=2)
    assert (await client.post(f"{at}/2/withdraw")).json()["state"] == "withdrawn"
    is_problem(await client.delete(f"{at}/2"), 409)


async def test_a_text_is_in_the_language_it_is_said_to_be_in(client, at, enter, aino):
    await enter(aino)

    languages = [
        (await client.post(at, json={**IDEA, **language})).json()["language"]
        for language in ({}, {"language": "sv"}, {"language": None})
    ]

    assert languages == ["fi", "sv", "fi"]
    is_problem(await client.post(at, json={**IDEA, "language": "de"}), 400)


async def test_a_draft_has_no_history_yet(client, at, draft):
    assert (await client.get(f"{at}/1/versions")).json() == []


async def test_own_proposals_are_listed_with_their_process(client, process, at, draft):
    (own,) = (await client.get("/api/v1/me/proposals")).json()

    assert (own["process_slug"], own["number"], own["state"], own["is_author"]) == (
        process.slug,
        1,
        "draft",
        True,
    )


async def test_a_coauthor_is_asked_accepts_writes_and_leaves(
    client, session, instance, at, draft, enter, aino
):
    irja = await make.resident(session, email="irja@posti.example", keys=instance.keys, name="Irja K.")
    asked = await client.post(f"{at}/1/coauthors", json={"email": "Irja@Posti.example"})
    unknown = await client.post(f"{at}/1/coauthors", json={"email": "ei.ketaan@posti.example"})
    assert (asked.status_code, unknown.status_code) == (202, 202)
    assert {**asked.json(), "id": 0, "asked_at": 0} == {**unknown.json(), "id": 0, "asked_at": 0}
    is_problem(await client.post(f"{at}/1/coauthors", json={"email": "irja"}), 422)

    await enter(irja)
    (invitation,) = (await client.get("/api/v1/me/invitations")).json()
    assert (invitation["title"], invitation["author_name"]) == (IDEA["title"], "Aino K.")
    accepted = await client.post(f"/api/v1/me/invitations/{invitation['id']}/accept")
    assert accepted.json()["state"] == "accepted"
    seen = (await client.get(f"{at}/1")).json()
    assert seen["coauthors"] == ["Irja K."]
    saved = await client.patch(f"{at}/1", json={"address": "Puistokatu", "version": seen["version"]})
    assert saved.status_code == 200

    assert (await client.post(f"/api/v1/me/invitations/{invitation['id']}/decline")).status_code == 204
    is_problem(await client.get(f"{at}/1"), 404)
    is_problem(await client.post(f"/api/v1/me/invitations/{uuid4()}/accept"), 404)

    await enter(aino)
    states = [one["state"] for one in (await client.get(f"{at}/1/coauthors")).json()]
    assert states == ["declined", "asked"]
    gone = unknown.json()["id"]
    assert (await client.delete(f"{at}/1/coauthors/{gone}")).status_code == 204
    is_problem(await client.delete(f"{at}/1/coauthors/{gone}"), 404)


async def test_editors_merge_combine_and_separate_and_others_do_not(
    client, session, process, at, enter, aino
):
    for _ in range(4):
        await make.proposal(session, process)
    await enter(aino)
    is_problem(await client.post(f"{at}/1/merge", json={"sources": [2]}), 403)
    is_problem(await client.post(f"{at}/2/separate"), 403)
    is_problem(await client.post(f"{at}/combine", json={**IDEA, "sources": [1]}), 403)

    await enter(await make.staff(session, Role.EDITOR, process))
    merged = (await client.post(f"{at}/1/merge", json={"sources": [2, 2]})).json()
    assert [link["number"] for link in merged["sources"]] == [2]
    assert (await client.get(f"{at}/2")).json()["merged_into"]["number"] == 1
    assert (await client.post(f"{at}/2/separate")).json()["state"] == "published"
    combined = await client.post(f"{at}/combine", json={**IDEA, "sources": [3, 4]})
    assert (combined.status_code, combined.json()["number"]) == (201, 5)

    for sources, status in (([1], 409), ([999], 404), ([], 400), (["x"], 400), ([10**30], 400)):
        is_problem(await client.post(f"{at}/1/merge", json={"sources": sources}), status)


async def test_a_moderator_sees_what_was_submitted(client, session, process, at, enter):
    await make.proposal(session, process, state=State.SUBMITTED)
    is_problem(await client.get(f"{at}/1"), 404)

    await enter(await make.staff(session, Role.MODERATOR, process))

    assert (await client.get(f"{at}/1")).json()["state"] == "submitted"


async def test_the_list_costs_at_most_six_statements_as_served(client, session, connection, process, at):

    for _ in range(5):
        await search.index(session, await make.proposal(session, process))
    await session.commit()
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "set transaction")):
            sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    answer = await client.get(at, params={"q": "penkki"})
    event.remove(connection.sync_connection, "before_cursor_execute", note)

    assert answer.json()["total"] == 5
    assert len(sent) <= 6, sent
