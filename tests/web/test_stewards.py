"""Editors and administrators do the same for a round; who looks after all of them makes new ones."""

from datetime import timedelta
from uuid import uuid4

import pytest

from service.core import clock
from service.core.actor import Role
from service.processes import queries
from tests import make

STEWARDS = [Role.EDITOR, Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", STEWARDS)
async def test_who_looks_after_all_rounds_makes_a_new_one(client, session, role):
    proof = await make.signed_in(client, session, await make.staff(session, role))

    assert "/fi/desk/processes/new" in (await client.get("/fi/desk/processes")).text
    assert (await client.get("/fi/desk/processes/new")).status_code == 200
    form = {"csrf": proof, "title_fi": "Lähiraha", "slug": "lahiraha"}
    assert (await client.post("/fi/desk/processes/new", data=form)).status_code == 303
    body = {"title": {"fi": "Toinen"}, "slug": "toinen"}
    made = await client.post("/api/v1/processes", json=body, headers={"X-CSRF-Token": proof})
    assert made.status_code == 201
    assert {process.slug for process in await queries.looked_after(session, None)} == {"lahiraha", "toinen"}


@pytest.mark.parametrize("role", [*STEWARDS, Role.MODERATOR])
async def test_who_looks_after_one_round_makes_none(client, session, role):
    process = await make.process(session)
    proof = await make.signed_in(client, session, await make.staff(session, role, process))

    assert "/fi/desk/processes/new" not in (await client.get("/fi/desk/processes")).text
    assert (await client.get("/fi/desk/processes/new")).status_code == 403
    form = {"csrf": proof, "title_fi": "Lähiraha", "slug": "lahiraha"}
    assert (await client.post("/fi/desk/processes/new", data=form)).status_code == 403
    body = {"title": {"fi": "Toinen"}, "slug": "toinen"}
    made = await client.post("/api/v1/processes", json=body, headers={"X-CSRF-Token": proof})
    assert made.status_code == 403


async def test_an_administrator_brings_a_vote_to_its_end_by_page_and_by_program(client, session, instance):
    process = await make.vote(session, slug="oma")
    await make.cast(session, process, instance.keys, [1])
    administrator = await make.staff(session, Role.ADMINISTRATOR, process)
    proof = await make.signed_in(client, session, administrator)
    at, here = "/api/v1/processes/oma", "/fi/desk/voting"

    assert f"{here}/oma" in (await client.get(here)).text
    lot = await client.post(f"{here}/oma/lot", data={"csrf": proof, "seed": "1 2 3 4"})
    assert lot.status_code == 303
    await clock.shift(session, timedelta(days=11))
    proof = await make.signed_in(client, session, administrator)
    assert f"{here}/oma" in (await client.get(here)).text
    assert "/fi/desk/voting" in (await client.get("/fi/desk")).text
    assert (await client.post(f"{here}/oma/count", data={"csrf": proof})).status_code == 303
    headers = {"X-CSRF-Token": proof}
    body = {"title": {"fi": "Hankinta"}, "nonce": str(uuid4())}
    assert (await client.post(f"{at}/projects/1/milestones", json=body, headers=headers)).status_code == 201
    assert (await client.get("/fi/desk/processes/oma/implementation")).status_code == 200
    correction = {"reason": {"fi": "Laskuvirhe"}, "without": [1], "seen": 1}
    assert (
        await client.post(f"{at}/results/corrections", json=correction, headers=headers)
    ).status_code == 201
    assert (await client.post(f"{here}/oma/keys", data={"csrf": proof})).status_code == 303


async def test_who_is_not_signed_in_is_asked_to_before_anything_is_said_of_a_round(client, session):
    await make.process(session, slug="valmisteilla", published_at=None)

    for slug in ("valmisteilla", "olematon"):
        answer = await client.put(f"/api/v1/processes/{slug}/lot", json={"seed": "1 2 3 4"})
        assert answer.status_code == 401
