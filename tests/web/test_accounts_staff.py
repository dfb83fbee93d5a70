"""The desk, its staff page and the demo's pages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from service.accounts.models import Account
from service.core import deployment
from service.core.actor import Role
from service.core.mail import DemoMail
from service.processes.models import Residence, TeamMember
from service.web import desk
from tests import make

STAFF_ROLES = [Role.MODERATOR, Role.EVALUATOR, Role.EDITOR, Role.COUNCIL_MEMBER, Role.ADMINISTRATOR]


def bearer(client):
    return {"Authorization": f"Bearer {client.cookies['session']}"}


async def members_of(session, email):
    account = (await session.exec(select(Account).where(Account.email == email))).one()
    rows = await session.exec(select(TeamMember).where(TeamMember.account_id == account.id))
    return [(Role(row.role), row.process_id) for row in rows.all()]


# --- the desk


async def test_the_desk_is_for_staff(client, session):
    assert (await client.get("/fi/desk")).status_code == 303
    await make.signed_in(client, session, await make.account(session))
    assert (await client.get("/fi/desk")).status_code == 403

    for role in STAFF_ROLES:
        await make.signed_in(client, session, await make.staff(session, role))
        assert (await client.get("/fi/desk")).status_code == 200, role


async def test_each_role_has_its_own_links(client, session):
    for role in STAFF_ROLES:
        await make.signed_in(client, session, await make.staff(session, role))
        page = await client.get("/fi/desk")
        shown = set(re.findall(r'href="/fi/desk/([a-z/]+)"', page.text))
        assert shown == {link.path for link in desk.LINKS if role in link.roles}, role
        assert 'href="/fi/desk" aria-current="true"' in page.text


async def test_todays_page_counts_what_waits_and_says_since_when(client, session, monkeypatch):
    async def waiting(visit):
        return desk.Queue(count=3, oldest=visit.now - timedelta(days=2, hours=1))

    async def new(visit):
        return desk.Queue(count=1, oldest=visit.now)

    async def nothing(visit):
        return desk.Queue(count=0)

    editors = frozenset({Role.EDITOR})
    links = [
        desk.Link(f"queue-{n}", "Staff", editors, queue) for n, queue in enumerate((waiting, new, nothing))
    ]
    others = desk.Link("not-ours", "Staff", frozenset({Role.MODERATOR}), waiting)
    monkeypatch.setattr(desk, "LINKS", [*links, others])
    await make.signed_in(client, session, await make.staff(session, Role.EDITOR))
    page = (await client.get("/fi/desk")).text

    assert "3 odottaa" in page
    assert "Vanhin on odottanut 2 päivää" in page
    assert "1 odottaa" in page
    assert "Vanhin on tullut tänään" in page
    assert "Mikään ei odota" in page
    assert "not-ours" not in page


# --- the staff page


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.EVALUATOR, Role.EDITOR, Role.COUNCIL_MEMBER])
async def test_the_staff_is_for_administrators(client, session, role):
    who = await make.staff(session, role) if role else await make.account(session)
    proof = await make.signed_in(client, session, who)
    member = (await session.exec(select(TeamMember))).first()
    path = f"/desk/staff/{member.id if member else who.id}/dismiss"

    assert (await client.get("/fi/desk/staff")).status_code == 403
    assert (await client.get(f"/fi{path}")).status_code == 403
    for address in ("/fi/desk/staff", f"/fi{path}"):
        answer = await client.post(address, data={"csrf": proof, "email": "a@b.fi", "role": "administrator"})
        assert answer.status_code == 403
    for method, address, body in (
        ("GET", "/api/v1/staff", None),
        ("POST", "/api/v1/staff", {"email": "a@b.fi", "role": "administrator", "process_id": None}),
        ("DELETE", f"/api/v1/staff/{who.id}", None),
    ):
        answer = await client.request(method, address, json=body, headers=bearer(client))
        assert answer.status_code == 403
    assert (await session.exec(select(Account).where(Account.email == "a@b.fi"))).first() is None


async def test_an_administrator_appoints_who_has_never_signed_in(client, session):
    process = await make.process(session)
    proof = await make.signed_in(client, session, await make.staff(session, Role.ADMINISTRATOR))
    form = {"csrf": proof, "email": "Leena@Kaupunki.example", "name": "Leena M.", "role": "moderator"}
    answer = await client.post("/fi/desk/staff", data={**form, "process": str(process.id)})
    assert answer.headers["location"] == "/fi/desk/staff?done=appointed"
    await client.post("/fi/desk/staff", data={**form, "process": str(process.id)})

    assert await members_of(session, "leena@kaupunki.example") == [(Role.MODERATOR, process.id)]
    page = (await client.get(answer.headers["location"])).text
    assert "Rooli on annettu." in page
    assert "Leena M." in page
    assert "Tarkistaja" in page


async def test_an_appointment_is_on_record_without_the_address(client, session):
    administrator = await make.staff(session, Role.ADMINISTRATOR)
    proof = await make.signed_in(client, session, administrator)
    await client.post(
        "/fi/desk/staff", data={"csrf": proof, "email": "leena@kaupunki.example", "role": "editor"}
    )

    entries = (await session.exec(text("select t::text from audit_entry t"))).scalars().all()
    assert any("staff.appointed" in entry and str(administrator.id) in entry for entry in entries)
    assert not any("leena" in entry for entry in entries)


@pytest.mark.parametrize(
    "typed",
    [
        {}, {"email": "x"}, {"email": "leena@kaupunki.example"}, {"role": "editor"},
        {"email": "leena@kaupunki.example", "role": "king"}, {"email": "leena@kaupunki.example", "role": "resident"},
        {"email": "leena@kaupunki.example", "role": "editor", "process": "x"},
        {"email": "leena@kaupunki.example", "role": "editor", "process": "00000000-0000-4000-8000-000000000000"},
        {"email": "leena@kaupunki.example", "role": "editor", "name": "a\x00"},
    ],
)  # fmt: skip
async def test_what_is_no_appointment_is_refused_beside_its_field(client, session, typed):
    proof = await make.signed_in(client, session, await make.staff(session, Role.ADMINISTRATOR))
    answer = await client.post("/fi/desk/staff", data={"csrf": proof, **typed})

    assert answer.status_code == 422
    assert 'class="ds-error-summary"' in answer.text
    assert all(f'value="{value}"' in answer.text for name, value in typed.items() if name == "email")
    program = {"process_id": typed.get("process"), **{k: v for k, v in typed.items() if k != "process"}}
    reply = await client.post("/api/v1/staff", json=program, headers=bearer(client))
    assert 400 <= reply.status_code < 500


async def test_a_role_is_taken_away_in_two_steps(client, session):
    proof = await make.signed_in(client, session, await make.staff(session, Role.ADMINISTRATOR))
    editor = await make.staff(session, Role.EDITOR, name="Leena M.")
    member = (await session.exec(select(TeamMember).where(TeamMember.account_id == editor.id))).one()
    page = await client.get("/sv/desk/staff")
    assert f'href="/sv/desk/staff/{member.id}/dismiss"' in page.text
    before = await client.get(f"/sv/desk/staff/{member.id}/dismiss")
    assert "Leena M." in before.text
    assert "Processansvarig" in before.text
    assert await members_of(session, (await session.get(Account, editor.id)).email)

    answer = await client.post(f"/sv/desk/staff/{member.id}/dismiss", data={"csrf": proof})
    assert answer.headers["location"] == "/sv/desk/staff?done=dismissed"
    await make.signed_in(client, session, editor)
    assert (await client.get("/sv/desk")).status_code == 403


async def test_roles_hold_in_their_own_process(client, session):
    own, other = await make.process(session), await make.process(session)
    administrator = await make.staff(session, Role.ADMINISTRATOR, own)
    foreign = await make.staff(session, Role.EDITOR, other, name="Vieras V.")
    proof = await make.signed_in(client, session, administrator)
    page = await client.get("/fi/desk/staff")
    assert "Vieras V." not in page.text
    assert str(other.id) not in page.text

    for process_id, status in ((own.id, 303), (other.id, 403), ("", 403)):
        answer = await client.post(
            "/fi/desk/staff",
            data={"csrf": proof, "email": "leena@kaupunki.example", "role": "editor", "process": process_id},
        )
        assert answer.status_code == status
    assert await members_of(session, "leena@kaupunki.example") == [(Role.EDITOR, own.id)]
    member = (await session.exec(select(TeamMember).where(TeamMember.account_id == foreign.id))).one()
    assert (await client.get(f"/fi/desk/staff/{member.id}/dismiss")).status_code == 404
    answer = await client.post(f"/fi/desk/staff/{member.id}/dismiss", data={"csrf": proof})
    assert answer.status_code == 403


async def test_a_program_lists_appoints_and_dismisses(client, session):
    process = await make.process(session)
    await make.signed_in(client, session, await make.staff(session, Role.ADMINISTRATOR))
    body = {"email": "leena@kaupunki.example", "role": "evaluator", "process_id": str(process.id)}
    made = await client.post("/api/v1/staff", json=body, headers=bearer(client))
    assert made.status_code == 201

    listed = (await client.get("/api/v1/staff")).json()
    assert made.json() in listed
    gone = await client.delete(f"/api/v1/staff/{made.json()['id']}", headers=bearer(client))
    assert gone.status_code == 204
    assert made.json() not in (await client.get("/api/v1/staff")).json()
    again = await client.delete(f"/api/v1/staff/{made.json()['id']}", headers=bearer(client))
    assert again.status_code == 404


async def test_a_program_must_say_for_which_process(client, session):
    await make.signed_in(client, session, await make.staff(session, Role.ADMINISTRATOR))
    answer = await client.post(
        "/api/v1/staff", json={"email": "a@b.fi", "role": "editor"}, headers=bearer(client)
    )
    assert answer.status_code == 400


async def test_the_staff_page_costs_the_same_however_many_they_are(client, session, connection):
    await make.signed_in(client, session, await make.staff(session, Role.ADMINISTRATOR))
    few = await statements_of(connection, client.get("/fi/desk/staff"))
    for _ in range(10):
        await make.staff(session, Role.EDITOR, await make.process(session))
    many = await statements_of(connection, client.get("/fi/desk/staff"))

    assert len(few) > 3
    assert many == few


async def statements_of(connection, visit):
    sent = []

    def note(_connection, _cursor, statement, *_):
        if "SAVEPOINT" not in statement:
            sent.append(statement)

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    try:
        await visit
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", note)
    return sent


# --- the demo


@pytest.mark.parametrize("path", ["/fi/demo", "/fi/demo/mailbox"])
async def test_outside_a_demo_its_pages_do_not_exist(client, session, path):
    absent = await client.get(path)
    unknown = await client.get("/fi/nothing")
    assert (absent.status_code, unknown.status_code) == (404, 404)
    assert "Sivua ei löytynyt" in absent.text


async def test_outside_a_demo_nobody_signs_in_as_anyone(client, session):
    account = await make.account(session)
    proof = await make.signed_in(client, session, await make.account(session))
    answer = await client.post("/fi/demo/sign-in", data={"csrf": proof, "account": str(account.id)})

    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


async def test_in_the_demo_one_press_signs_in_as_each_role(client, session):
    process = await make.process(session)
    resident = await make.account(session, name="Aino K.")
    staff = [await make.staff(session, role, process, name=f"Henkilö {role}") for role in STAFF_ROLES]
    await deployment.mark(session, deployment.Kind.DEMO)
    places = ("council-room" if person.role is Role.COUNCIL_MEMBER else "desk" for person in staff)
    for who, place in ((resident, "me"), *zip(staff, places, strict=True)):
        client.cookies.clear()
        page = await client.get("/fi/demo")
        form = re.search(rf"<form(?:(?!</form>).)*{who.id}.*?</form>", page.text, re.DOTALL)[0]
        proof = re.search(r'name="csrf" value="([0-9a-f]+)"', form)[1]
        answer = await client.post("/fi/demo/sign-in", data={"csrf": proof, "account": str(who.id)})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/fi/{place}")
        assert (await client.get("/api/v1/me")).json()["id"] == str(who.id)


async def test_the_demos_residents_are_of_each_language_with_what_their_vote_depends_on(client, session):
    area = await make.area(session, "Satama")
    for number in range(7):
        await make.account(session, name=f"Suomi {number}")
    await make.account(session, name="Birgitta N.", language="sv", birth_year=1958)
    linh = await make.account(session, name="Linh T.", language="en")
    session.add(Residence(account_id=linh.id, area_id=area.id))
    await make.staff(session, Role.EDITOR, name="Leena M.")
    await deployment.mark(session, deployment.Kind.DEMO)
    page = (await client.get("/en/demo")).text
    residents = page[page.index('id="residents"') : page.index('id="editor"')]

    places = [residents.index(who) for who in ("Suomi 0", "Suomi 4", "Birgitta N.", "Linh T.")]
    assert places == sorted(places)
    assert "Suomi 5" not in residents
    assert "Leena M." not in residents
    assert "svenska · 1958" in residents
    assert "English · Satama" in residents


@pytest.mark.parametrize("account", ["", "x", "00000000-0000-4000-8000-000000000000", "\x00"])
async def test_in_the_demo_nobody_signs_in_as_no_one(client, session, account):
    proof = await make.signed_in(client, session, await make.account(session))
    await deployment.mark(session, deployment.Kind.DEMO)

    answer = await client.post("/fi/demo/sign-in", data={"csrf": proof, "account": account})
    assert answer.status_code == 404


async def test_the_demos_mailbox_shows_mails_by_address_newest_first(client, session):
    await deployment.mark(session, deployment.Kind.DEMO)
    for to, subject in (("a@x.example", "A1"), ("b@x.example", "B1"), ("a@x.example", "A2 <b>")):
        session.add(DemoMail(to=to, subject=subject, body="Rivi\n\nToinen"))
        await session.flush()
    answer = await client.get("/fi/demo/mailbox")
    page = answer.text

    assert answer.headers["cache-control"] == "no-store"  # a kept page would not show the next mail
    places = [page.index(what) for what in ("a@x.example", "A2 &lt;b&gt;", "A1", "b@x.example", "B1")]
    assert places == sorted(places)
    assert (await client.get("/sv/demo/mailbox")).status_code == 200


async def test_in_the_demo_the_page_for_the_code_leads_to_the_mailbox(client, session):
    page = await client.get("/fi/sign-in")
    assert "/demo" not in page.text
    proof = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)[1]
    await client.post("/fi/sign-in", data={"csrf": proof, "email": "a@x.example"})
    assert "/fi/demo/mailbox" not in (await client.get("/fi/sign-in/code")).text
    await deployment.mark(session, deployment.Kind.DEMO)
    assert "/fi/demo/mailbox" in (await client.get("/fi/sign-in/code")).text
