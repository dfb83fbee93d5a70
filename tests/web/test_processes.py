"""Rounds as JSON: reading them, making and changing them, and who may not."""

from datetime import timedelta
from uuid import uuid4

import pytest

from service.core import clock
from service.core.actor import Role
from service.processes import queries
from service.processes.models import Activity
from tests import make


@pytest.fixture
async def editor(client, session):
    """A process in preparation whose editor is signed in."""
    process = await make.process(session, published_at=None)
    who = await make.staff(session, Role.EDITOR, process)
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, who)
    return process


def plan(now, *activities, opens=1, closes=5, **values):
    return {
        "name": {"fi": "Vaihe"},
        "activities": activities,
        "opens_at": (now + timedelta(days=opens)).isoformat(),
        "closes_at": (now + timedelta(days=closes)).isoformat(),
        **values,
    }


async def test_a_published_process_is_told_with_its_phases_money_topics_and_rules(client, session):
    area, category = await make.area(session, "Harbour"), await make.category(session)
    process = await make.process(
        session, open_to=[Activity.PROPOSE], pots=[(area, 5_000_00), (None, 8_000_00)], categories=[category]
    )

    told = (await client.get(f"/api/v1/processes/{process.slug}")).json()

    assert told["phases"][0]["activities"] == ["propose"]
    assert [(pot["area"] and pot["area"]["key"], pot["cents"]) for pot in told["budgets"]] == [
        (area.key, 5_000_00),
        (None, 8_000_00),
    ]
    assert [topic["key"] for topic in told["categories"]] == [category.key]
    assert (told["ballot_type"], told["max_choices"], told["area_rule"]) == ("approval", 5, "chosen")


async def test_a_process_in_preparation_is_nowhere_but_for_those_who_look_after_it(client, session, editor):
    address = f"/api/v1/processes/{editor.slug}"
    assert (await client.get(address)).json()["published_at"] is None
    assert editor.slug not in [item["slug"] for item in (await client.get("/api/v1/processes")).json()]

    client.cookies.clear()
    assert (await client.get(address)).status_code == 404
    await make.signed_in(client, session, await make.staff(session, Role.EDITOR, await make.process(session)))
    assert (await client.get(address)).status_code == 404


async def test_areas_and_topics_are_listed_with_what_a_program_needs_to_name_them(client, session):
    area, category = await make.area(session), await make.category(session)
    assert str(area.id) in [each["id"] for each in (await client.get("/api/v1/areas")).json()]
    assert str(category.id) in [each["id"] for each in (await client.get("/api/v1/categories")).json()]


async def test_a_round_is_made_set_up_and_published_by_a_program(client, session):
    area, category = await make.area(session), await make.category(session)
    administrator = await make.staff(session, Role.ADMINISTRATOR)
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, administrator)
    at, now = "/api/v1/processes/oma-kaupunki", await clock.now(session)

    made = await client.post(
        "/api/v1/processes", json={"title": {"fi": "Oma kaupunki"}, "slug": "oma-kaupunki"}
    )
    assert made.status_code == 201
    assert made.json()["version"] == 1
    settings = {
        "version": 1,
        "slug": "oma-kaupunki",
        "owner": {"fi": "Yksikkö"},
        "legal_basis": "consent",
        "categories": [str(category.id)],
    }
    assert (await client.put(f"{at}/settings", json=settings)).json()["minimum_age"] == 13
    names = {"fi": "Oma kaupunki", "sv": "Vår stad"}
    texts = {"version": 2, "title": names, "summary": {"fi": "Lyhyesti.", "sv": "Kort."}}
    assert (await client.put(f"{at}/texts", json=texts)).status_code == 200
    rules = {"version": 3, "ballot_type": "knapsack", "area_rule": "home", "minimum_age": 15}
    assert (await client.put(f"{at}/voting-rules", json=rules)).json()["minimum_age"] == 15
    money = {"version": 4, "budgets": [{"area_id": str(area.id), "cents": 5_000_00}]}
    assert (await client.put(f"{at}/budgets", json=money)).json()["budgets"][0]["cents"] == 5_000_00
    phase = (await client.post(f"{at}/phases", json=plan(now, "propose"))).json()
    vote = (await client.post(f"{at}/phases", json=plan(now, "vote", opens=6, closes=9))).json()
    longer = plan(now, "propose", "comment", version=phase["version"], closes=6)
    assert (await client.put(f"{at}/phases/{phase['id']}", json=longer)).json()["version"] == 2
    assert (await client.delete(f"{at}/phases/{vote['id']}")).status_code == 204
    assert (await client.put(f"{at}/publication")).json()["published_at"] is not None

    client.cookies.clear()
    seen = (await client.get(at)).json()
    assert [each["activities"] for each in seen["phases"]] == [["propose", "comment"]]


async def test_a_phase_sent_twice_is_one(client, session, editor):
    body = plan(await clock.now(session), "vote", nonce=str(uuid4()))
    answers = [await client.post(f"/api/v1/processes/{editor.slug}/phases", json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(await queries.phases(session, editor.id)) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("settings", {"version": 0, "slug": "x", "owner": {"fi": "y"}, "legal_basis": "public_task"}),
        ("texts", {"version": 0, "title": {"fi": "Toinen nimi"}}),
        ("voting-rules", {"version": 0, "ballot_type": "approval", "max_choices": 3, "area_rule": "home"}),
        ("budgets", {"version": 0, "budgets": []}),
    ],
)
async def test_a_stale_version_is_a_conflict(client, editor, path, body):
    answer = await client.put(f"/api/v1/processes/{editor.slug}/{path}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert answer.json()["type"].endswith("EditedMeanwhile")


async def test_the_rules_of_an_open_vote_are_a_conflict_that_says_since_when(client, session):
    process = await make.process(session, open_to=[Activity.VOTE], pots=[(None, 100)])
    editor = await make.staff(session, Role.EDITOR, process)
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, editor)
    body = {"version": 1, "ballot_type": "knapsack", "area_rule": "chosen"}

    answer = await client.put(f"/api/v1/processes/{process.slug}/voting-rules", json=body)

    assert answer.status_code == 409
    assert answer.json()["type"].endswith("RulesAreFrozen")
    assert "when" in answer.json()["parameters"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"opens_at": "2027-03-01T09:00:00"}, 400),
        ({"opens_at": "yesterday"}, 400),
        ({"opens_at": "0001-01-01T00:00:00Z"}, 400),
        ({"closes_at": "9999-12-31T23:59:59Z"}, 400),
        ({"activities": []}, 400),
        ({"activities": ["dance"]}, 400),
        ({"name": {}}, 400),
        ({"name": {"fi": "x" * 121}}, 400),
        ({"name": {"fi": "a\0b"}}, 400),
        ({"colour": "red"}, 400),
    ],
)
async def test_a_phase_that_cannot_be_is_refused_and_nothing_is_kept(client, session, editor, change, status):
    body = plan(await clock.now(session), "propose") | change
    answer = await client.post(f"/api/v1/processes/{editor.slug}/phases", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert await queries.phases(session, editor.id) == []


@pytest.mark.parametrize("cents", [-1, 10**16, 10**400, 1.5, "x", None])
async def test_money_that_is_no_sum_is_refused(client, editor, cents):
    body = {"version": 1, "budgets": [{"area_id": None, "cents": cents}]}
    answer = await client.put(f"/api/v1/processes/{editor.slug}/budgets", json=body)
    assert answer.status_code == 400


WRITES = [
    ("PUT", "/settings"),
    ("PUT", "/texts"),
    ("PUT", "/voting-rules"),
    ("PUT", "/budgets"),
    ("PUT", "/publication"),
    ("POST", "/phases"),
    ("PUT", "/phases/{phase}"),
    ("DELETE", "/phases/{phase}"),
]
BODIES = {
    "/settings": {"version": 1, "slug": "oma", "owner": {"fi": "y"}, "legal_basis": "public_task"},
    "/texts": {"version": 1, "title": {"fi": "Kaapattu"}},
    "/voting-rules": {"version": 1, "ballot_type": "approval", "max_choices": 1, "area_rule": "none"},
    "/budgets": {"version": 1, "budgets": []},
}


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    ("who", "published", "status"),
    [
        (None, True, 401),
        (None, False, 401),
        ("resident", True, 403),
        ("resident", False, 404),
        (Role.EDITOR, True, 403),
        (Role.EDITOR, False, 404),
        (Role.MODERATOR, True, 403),
    ],
)
async def test_nobody_else_changes_a_round(client, session, method, path, who, published, status):
    now = await clock.now(session)
    process = await make.process(session, published_at=now if published else None)
    phase = await make.phase(session, process, [Activity.COMMENT])
    if who is not None:
        other = await make.process(session)
        person = await make.resident(session) if who == "resident" else await make.staff(session, who, other)
        client.headers["X-CSRF-Token"] = await make.signed_in(client, session, person)
    body = BODIES.get(path) or (
        plan(now, "propose", **({"version": 1} if "{" in path else {})) if method != "DELETE" else None
    )

    answer = await client.request(
        method, f"/api/v1/processes/{process.slug}{path.format(phase=phase.id)}", json=body
    )

    assert answer.status_code == status
    await session.refresh(process)
    assert (process.version, [each.version for each in await queries.phases(session, process.id)]) == (1, [1])


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.MODERATOR, None])
async def test_who_looks_after_no_rounds_makes_none(client, session, role):
    person = await (make.staff(session, role) if role else make.resident(session))
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, person)
    body = {"title": {"fi": "Oma"}, "slug": "oma-oma"}
    assert (await client.post("/api/v1/processes", json=body)).status_code == 403


async def test_an_administrator_of_one_round_makes_no_other(client, session):
    person = await make.staff(session, Role.ADMINISTRATOR, await make.process(session))
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, person)
    body = {"title": {"fi": "Oma"}, "slug": "oma-oma"}
    assert (await client.post("/api/v1/processes", json=body)).status_code == 403


async def test_a_phase_of_another_round_is_not_found_under_this_one(client, session, editor):
    other = await make.phase(session, await make.process(session), [Activity.COMMENT])
    address = f"/api/v1/processes/{editor.slug}/phases/{other.id}"
    assert (await client.delete(address)).status_code == 404


@pytest.mark.parametrize("slug", ["Oma", "oma kaupunki", "-oma", "oma--kaupunki", "new", "x" * 61, "åbo", ""])
async def test_an_address_that_cannot_be_is_refused(client, session, slug):
    administrator = await make.staff(session, Role.ADMINISTRATOR)
    client.headers["X-CSRF-Token"] = await make.signed_in(client, session, administrator)
    answer = await client.post("/api/v1/processes", json={"title": {"fi": "Oma"}, "slug": slug})
    assert answer.status_code == 400
