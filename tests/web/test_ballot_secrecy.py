"""What a vote leaves behind outside the box: nothing in logs, audit, mails or jobs, and no count before the close."""

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from service.core import clock
from service.core.actor import Role
from service.processes.models import BallotType
from service.voting import box
from tests import make
from tests.voting.booth import booth

FIRST = 918_273  # a number that stands nowhere by chance


@pytest.fixture
async def made(server, tmp_path, caplog):
    """Everything is logged from the first connection on, and every statement (whole rows would take its debug level)."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="sqlalchemy.engine")
    vote = {"first_number": FIRST, "ballot_type": BallotType.KNAPSACK, "max_choices": None}
    async with booth(server, tmp_path / "keys", **vote) as made:
        yield made


async def form_of(voter, path):
    """The proof for a form and the page's address, as a browser has them."""
    here = voter.address.replace("/api/v1", "/fi")
    page = await voter.client.get(f"{here}{path}")
    return here, re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)[1]


async def test_no_log_tells_what_was_chosen_or_joins_a_session_to_a_pseudonym(made, caplog, monkeypatch):
    voter = await made.voter()
    await voter.open()
    here, proof = await form_of(voter, "/projects")
    numbers = [FIRST + 1, FIRST + 3]
    for number in numbers:
        await voter.client.post(f"{here}/projects", data={"csrf": proof, "add": str(number)})
    code = await voter.cast(*numbers)
    page = await voter.client.get(f"{here}/receipt")
    too_dear = [FIRST + 2, FIRST + 3, FIRST + 4]
    await voter.choose(*too_dear)
    refused = await voter.post("/cast", {"selection": too_dear})
    unknown = await voter.post("/cast", {"selection": [FIRST + 99]})

    async def away(_session, process_id, pseudonym, mark, sealed):
        values = {"selection": numbers, "pseudonym": pseudonym, "mark": mark, "sealed": sealed}
        raise OperationalError("insert into ballot_box", values, ConnectionResetError("reset"))

    monkeypatch.setattr(box, "cast", away)
    await voter.choose(*numbers)
    failed = await voter.post("/cast", {"selection": numbers})
    lost = await voter.client.post(f"{here}/cast", data={"csrf": proof, "number": [str(n) for n in numbers]})

    assert code in page.text
    assert (refused.status_code, unknown.status_code) == (422, 422)
    assert failed.status_code >= 500
    assert lost.status_code == 303
    told = "\n".join(caplog.messages) + caplog.text
    assert "insert into ballot_box" in told  # statements are logged here, their values are not
    secret = [str(FIRST + n) for n in (1, 2, 3, 4, 99)] + [code, code.replace("-", "")]
    async with made.instance.database.transaction() as session:
        row = (await session.exec(text("select pseudonym, nonce, commitment from ballot_box"))).one()
    secret += [form for value in row for form in (value.hex(), repr(value)[2:20])]
    secret += [voter.email, voter.sign_in_digest.hex(), repr(voter.sign_in_digest)[2:20]]
    assert [each for each in secret if each in told] == []


async def test_choosing_and_casting_leave_no_audit_entry_no_mail_and_no_job(client, session):
    process = await make.vote(session)
    account = await make.account(session)
    headers = {"X-CSRF-Token": await make.signed_in(client, session, account)}
    address = f"/api/v1/processes/{process.slug}/ballot"
    await client.post(address, json={}, headers=headers)

    async def left():
        counts = "select (select count(*) from audit_entry), (select count(*) from demo_mail), (select count(*) from pgqueuer), (select number from public_revision)"
        return tuple((await session.exec(text(counts))).one())

    before = await left()
    for selection in ([1], [1, 2], [3]):
        await client.put(f"{address}/draft", json={"selection": selection}, headers=headers)
        cast = await client.post(f"{address}/cast", json={"selection": selection}, headers=headers)
        assert cast.status_code == 200
    await client.put(f"{address}/draft", json={"selection": [4]}, headers=headers)
    await client.post(f"{address}/discard", headers=headers)

    assert await left() == before


def readable(app, slug):
    """Every address of the service that can be read knowing a process's address alone."""
    for route in app.routes:
        if "GET" in getattr(route, "methods", ()) and "health" not in route.path:
            address = route.path_format.replace("{slug}", slug)
            if "{" not in address:
                yield address


async def seen(client, app, slug):
    """All of them as this visitor sees them, without what is new each time: proofs, and when a file was made."""
    pages = {}
    for address in sorted(set(readable(app, slug))):
        answer = await client.get(address)
        body = re.sub(r'name="(csrf|nonce)" value="[^"]+"|"[a-z_]*made_at": ?"[^"]+"', "", answer.text)
        pages[address] = (answer.status_code, body)
    return pages


@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.ADMINISTRATOR, Role.MODERATOR])
async def test_no_count_leaves_the_service_before_the_close(client, session, app, role):
    """What anyone else can read, whatever their role, is to the letter the same before and after ten more votes."""
    process = await make.vote(session)
    address = f"/api/v1/processes/{process.slug}/ballot"
    voters = [await make.account(session) for _ in range(10)]
    reader = await make.staff(session, role, process) if role else None

    async def sit_down(who):
        client.cookies.clear()
        return {"X-CSRF-Token": await make.signed_in(client, session, who)} if who else {}

    for voter in voters:
        await client.post(address, json={}, headers=await sit_down(voter))
    await sit_down(reader)
    own_cookies = dict(client.cookies)
    before = await seen(client, app, process.slug)
    for number, voter in enumerate(voters):
        headers = await sit_down(voter)
        selection = [1, 2 + number % 4]
        await client.put(f"{address}/draft", json={"selection": selection}, headers=headers)
        assert (
            await client.post(f"{address}/cast", json={"selection": selection}, headers=headers)
        ).is_success
    client.cookies.clear()
    client.cookies.update(own_cookies)
    after = await seen(client, app, process.slug)

    assert len([status for status, _ in before.values() if status == 200]) > 20
    assert [each for each in before if before[each] != after[each]] == []


async def test_a_draft_is_not_shown_after_the_close(client, session):
    process = await make.vote(session)
    account = await make.account(session)
    headers = {"X-CSRF-Token": await make.signed_in(client, session, account)}
    address = f"/api/v1/processes/{process.slug}/ballot"
    await client.post(address, json={}, headers=headers)
    await client.put(f"{address}/draft", json={"selection": [2]}, headers=headers)
    await session.exec(text("update session set expires_at = expires_at + interval '1 year'"))
    await clock.shift(session, timedelta(days=11))

    for path in ("/projects", "/review", ""):
        page = await client.get(f"/en/processes/{process.slug}/ballot{path}")
        assert "Project 2" not in page.text
    assert (await client.get(address)).json()["selection"] == []
