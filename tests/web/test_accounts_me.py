"""A person's own page and account by both doors: settings, sessions, data, leaving."""

import json
import re
from collections import Counter
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

import service.tables  # noqa: F401 - fills the metadata
from service.accounts.models import Account, Session
from service.accounts.queries import token_digest
from service.audit import actions as audit
from service.comments.models import Comment
from service.core.actor import Resident, Role, System
from service.notifications import actions as notifications
from service.notifications import jobs as notices
from service.notifications.models import Notice
from service.processes.models import Activity, Residence
from service.proposals import actions as proposals
from service.proposals.models import Proposal, State, Support
from service.voting.models import RollEntry
from service.web import waiting
from tests import make
from tests.web.visitor import words

OPEN = [Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT]


def bearer(client):
    return {"Authorization": f"Bearer {client.cookies['session']}"}


async def person(client, session, **values):
    account = await make.account(session, **values)
    return account, await make.signed_in(client, session, account)


# --- the own page


async def test_the_own_page_is_for_who_is_signed_in(client):
    for path in ("/fi/me", "/fi/me/settings", "/fi/me/delete", "/fi/me/data"):
        assert (await client.get(path)).status_code == 303
    for path in ("me", "me/data", "sessions"):
        assert (await client.get(f"/api/v1/{path}")).status_code == 401


async def test_what_waits_is_listed_and_an_empty_list_says_so(client, session):
    _, _ = await person(client, session, name="")
    page = await client.get("/fi/me")
    assert "Valitse nimi, joka näkyy" in page.text

    await person(client, session, name="Aino K.")
    page = await client.get("/sv/me")
    assert "Inget väntar på dig." in page.text


async def test_each_slices_waiting_things_come_in_one_list(client, session, monkeypatch):
    async def from_a_slice(visit):
        return [waiting.Waiting("Täydennä ehdotustasi", "/fi/processes/x", visit.now)]

    monkeypatch.setattr(waiting, "PARTS", [*waiting.PARTS, from_a_slice])
    await person(client, session, name="")
    page = await client.get("/fi/me")
    assert page.text.index("Valitse nimi") < page.text.index("Täydennä ehdotustasi")


async def test_news_of_proposals_are_on_the_own_page_also_without_mails(client, session, instance):
    process = await make.process(session)
    account, _ = await person(client, session)
    own = await make.proposal(session, process, Resident(account.id, "", "fi"), title="Oma ehdotus")
    followed = await make.proposal(session, process, title="Toisen ehdotus", language="sv")
    by = Resident(account.id, "", "fi")
    await notifications.follow(session, followed, by=by)
    await notifications.choose_mail(session, wanted=False, by=by)
    for action, proposal in (("project.lost", own), ("project.won", followed)):
        entry = await audit.record(session, action, proposal.id, by=System("test"), process_id=process.id)
        await notices.announce(instance, session, entry=entry.id)

    page = words(await client.get("/fi/me"))
    sent = (await client.get("/api/v1/me/news", headers=bearer(client))).json()

    assert page.index("Ehdotus valittiin toteutettavaksi. Toisen ehdotus") < page.index(
        "Ehdotusta ei valittu tällä kertaa. Tulossivulla kerrotaan tarkasti, miksi. Oma ehdotus"
    )
    assert [(one["action"], one["title"], one["language"]) for one in sent] == [
        ("project.won", "Toisen ehdotus", "sv"),
        ("project.lost", "Oma ehdotus", "fi"),
    ]
    client.cookies.clear()
    assert (await client.get("/api/v1/me/news")).status_code == 401


async def test_what_was_hidden_is_no_news_but_to_its_author(client, session, instance):
    process = await make.process(session)
    author, follower = await make.resident(session), await make.resident(session)
    proposal = await make.proposal(session, process, author, title="Loukkaava otsikko")
    await notifications.follow(session, proposal, by=follower)
    for state in (State.PUBLISHED, State.NOT_PUBLISHED):
        proposal.state = state
        entry = await audit.record(
            session, "project.lost", proposal.id, by=System("test"), process_id=process.id
        )
        await notices.announce(instance, session, entry=entry.id)

    told = {}
    for who in (author, follower):
        await make.signed_in(client, session, who)
        told[who] = words(await client.get("/sv/me")).count("Loukkaava otsikko")

    assert told == {author: 3, follower: 0}  # two pieces of news and the own proposal
    notices_of = Counter((await session.exec(select(Notice.account_id))).all())
    assert notices_of == {author.id: 2, follower.id: 1}


# --- settings


async def test_settings_are_saved_on_the_page_and_shown_again(client, session):
    area = await make.area(session)
    account, proof = await person(client, session, name="")
    typed = {"name": " Aino K. ", "language": "sv", "birth_year": "1956", "area_id": str(area.id)}
    answer = await client.post("/fi/me/settings", data={"csrf": proof, **typed})
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/me/settings?done=saved")

    page = await client.get("/fi/me/settings?done=saved")
    assert "Asetuksesi on tallennettu." in page.text
    assert 'value="Aino K."' in page.text
    assert 'value="1956"' in page.text
    assert re.search(rf'<option value="{area.id}" selected>', page.text)
    await session.refresh(account)
    assert (account.name, account.language, account.birth_year) == ("Aino K.", "sv", 1956)


async def test_settings_can_be_emptied(client, session):
    area = await make.area(session)
    account, proof = await person(client, session, birth_year=1956)
    session.add(Residence(account_id=account.id, area_id=area.id))
    await session.flush()
    await client.post("/fi/me/settings", data={"csrf": proof, "language": "fi"})

    await session.refresh(account)
    assert (account.name, account.birth_year) == ("", None)
    assert (await session.exec(select(Residence).where(Residence.account_id == account.id))).first() is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"birth_year": "abc"}, ""),
        ({"birth_year": "3000"}, "Syntymävuosi ei voi olla tulevaisuudessa."),
        ({"birth_year": "9" * 500}, ""),
        ({"birth_year": "1000"}, "1890"),
        ({"name": "x" * 81}, "80"),
        ({"name": "a\x00b"}, ""),
        ({"language": "ru"}, ""),
        ({"area_id": "nonsense"}, ""),
        ({"area_id": "00000000-0000-4000-8000-000000000000"}, "Valitse jokin alueista."),
    ],
)
async def test_what_cannot_be_saved_is_told_beside_its_field_and_nothing_is_changed(
    client, session, typed, sentence
):
    await make.area(session)
    account, proof = await person(client, session)
    answer = await client.post(
        "/fi/me/settings", data={"csrf": proof, "name": "Uusi", "language": "fi", **typed}
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<title>Virhe: " in answer.text
    await session.refresh(account)
    assert (account.name, account.birth_year) == ("Aino K.", None)


async def test_a_program_changes_only_what_it_names(client, session):
    area = await make.area(session)
    await person(client, session, birth_year=1956)
    first = await client.patch("/api/v1/me", json={"area_id": str(area.id)}, headers=bearer(client))
    assert first.status_code == 200
    second = await client.patch("/api/v1/me", json={"name": "A."}, headers=bearer(client))

    body = second.json()
    assert (body["name"], body["birth_year"], body["area_id"]) == ("A.", 1956, str(area.id))
    third = await client.patch(
        "/api/v1/me", json={"area_id": None, "birth_year": None}, headers=bearer(client)
    )
    assert (third.json()["birth_year"], third.json()["area_id"]) == (None, None)


@pytest.mark.parametrize(
    "body",
    [
        {"birth_year": 3000}, {"birth_year": 10**30}, {"birth_year": "x"}, {"name": "a\x00"}, {"name": "x" * 81}, {"language": "ru"},
        {"area_id": "00000000-0000-4000-8000-000000000000"}, {"email": "x@y.fi"}, [], "x", None,
    ],
)  # fmt: skip
async def test_nonsense_settings_from_a_program_are_a_problem(client, session, body):
    await person(client, session)
    answer = await client.patch("/api/v1/me", json=body, headers=bearer(client))

    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_the_own_account_says_its_roles(client, session):
    process = await make.process(session)
    editor = await make.staff(session, Role.EDITOR, process)
    await make.signed_in(client, session, editor)

    assert (await client.get("/api/v1/me")).json()["roles"] == {"editor": [str(process.id)]}


# --- sessions


async def test_sessions_are_listed_and_the_own_one_is_marked(client, session):
    account, _ = await person(client, session)
    first = client.cookies["session"]
    await make.signed_in(client, session, account)

    listed = (await client.get("/api/v1/sessions")).json()
    assert sorted(row["current"] for row in listed) == [False, True]
    page = await client.get("/fi/me/settings")
    assert page.text.count("(tämä selain)") == 1
    assert token_digest(first).hex() not in page.text


async def test_one_other_session_can_be_ended(client, session):
    account, _ = await person(client, session)
    other = client.cookies["session"]
    proof = await make.signed_in(client, session, account)
    row = (await session.exec(select(Session).where(Session.token_digest == token_digest(other)))).one()
    answer = await client.post(f"/fi/me/sessions/{row.id}/end", data={"csrf": proof})

    assert answer.status_code == 303
    ended = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {other}"})
    assert ended.status_code == 401
    assert (await client.get("/fi/me")).status_code == 200


async def test_sessions_of_others_cannot_be_ended(client, session):
    await person(client, session)
    victims = client.cookies["session"]
    row = (await session.exec(select(Session).where(Session.token_digest == token_digest(victims)))).one()
    _, proof = await person(client, session)

    assert (await client.post(f"/fi/me/sessions/{row.id}/end", data={"csrf": proof})).status_code == 404
    answer = await client.delete(f"/api/v1/sessions/{row.id}", headers=bearer(client))
    assert answer.status_code == 404
    still = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {victims}"})
    assert still.status_code == 200
    unknown = await client.delete(f"/api/v1/sessions/{uuid4()}", headers=bearer(client))
    assert unknown.json()["type"] == answer.json()["type"]


async def test_signing_out_ends_this_session_and_takes_the_cookie(client, session):
    account, _ = await person(client, session)
    other = client.cookies["session"]
    proof = await make.signed_in(client, session, account)
    own = client.cookies["session"]
    answer = await client.post("/fi/sign-out", data={"csrf": proof})

    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/sign-in?done=signed-out")
    assert re.search(r'session="?"?;.*Max-Age=0', " ".join(answer.headers.get_list("set-cookie")))
    assert "Olet kirjautunut ulos." in (await client.get(answer.headers["location"])).text
    for token, status in ((own, 401), (other, 200)):
        reply = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert reply.status_code == status


async def test_who_is_out_already_can_press_sign_out(client, session):
    account, proof = await person(client, session)
    await session.exec(text("delete from session where account_id = :id").bindparams(id=account.id))

    assert (await client.post("/fi/sign-out", data={"csrf": proof})).status_code == 303


@pytest.mark.parametrize("door", ["page", "api"])
async def test_signing_out_everywhere_ends_every_own_session_and_no_others(client, session, door):
    await person(client, session)
    strangers = client.cookies["session"]
    account, _ = await person(client, session)
    first = client.cookies["session"]
    proof = await make.signed_in(client, session, account)
    second = client.cookies["session"]
    if door == "page":
        answer = await client.post("/fi/me/sign-out-everywhere", data={"csrf": proof})
        assert answer.headers["location"] == "/fi/sign-in?done=signed-out-everywhere"
    else:
        assert (await client.delete("/api/v1/sessions", headers=bearer(client))).status_code == 204

    for token, status in ((first, 401), (second, 401), (strangers, 200)):
        reply = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert reply.status_code == status


async def test_a_browsers_cookie_changes_nothing_through_the_api_without_the_proof(client, session):
    _, proof = await person(client, session)

    assert (await client.delete("/api/v1/sessions")).status_code == 403
    assert (await client.patch("/api/v1/me", json={"name": "x"})).status_code == 403
    answer = await client.patch("/api/v1/me", json={"name": "x"}, headers={"X-CSRF-Token": proof})
    assert answer.status_code == 200


# --- own data


async def full_life(session):
    """Somebody with something in every slice."""
    process = await make.process(session, open_to=OPEN)
    area = await make.area(session)
    account = await make.account(session, name="Aino K.", birth_year=1956)
    session.add(Residence(account_id=account.id, area_id=area.id))
    by = Resident(account.id, account.name, account.language)
    published = await make.proposal(session, process, by)
    draft = await make.proposal(session, process, by, state=State.DRAFT)
    others = await make.proposal(session, process)
    await proposals.support(session, others, by=by)
    await notifications.follow(session, others, by=by)
    session.add(RollEntry(process_id=process.id, sign_in_digest=account.sign_in_digest, area_id=area.id))
    comment = await make.comment(session, others.thread_id, by)
    return account, published, draft, others, comment


async def test_everything_kept_of_a_person_can_be_downloaded_by_both_doors(client, session):
    account, published, draft, others, comment = await full_life(session)
    await make.signed_in(client, session, account)
    page = await client.get("/fi/me/data")
    program = await client.get("/api/v1/me/data")

    assert page.headers["content-disposition"] == 'attachment; filename="puntari-own-data.json"'
    assert page.headers["cache-control"] == "no-store"
    kept = json.loads(page.text)
    assert program.json() == kept
    assert kept["accounts"]["account"]["email"] == account.email
    assert kept["processes"]["home_area"]["en"] == "Harbour"
    assert {row["id"] for row in kept["proposals"]["proposals"]} == {str(published.id), str(draft.id)}
    assert [row["proposal_id"] for row in kept["proposals"]["supports"]] == [str(others.id)]
    assert [row["proposal_id"] for row in kept["notifications"]["follows"]] == [str(others.id)]
    assert [row["text"] for row in kept["comments"]] == [comment.text]
    [entry] = kept["voting"]["electoral_roll"]
    assert entry["process_id"] == str(published.process_id)
    assert "proposal.supported" in [row["action"] for row in kept["audit"]]


async def test_the_own_data_holds_no_secret_and_nobody_elses(client, session):
    account, *_ = await full_life(session)
    stranger, *_ = await full_life(session)
    await make.signed_in(client, session, account)
    body = (await client.get("/api/v1/me/data")).text

    assert stranger.email not in body
    assert client.cookies["session"] not in body
    assert token_digest(client.cookies["session"]).hex() not in body
    assert account.sign_in_digest.hex() not in body


# --- leaving


@pytest.mark.parametrize("door", ["page", "api"])
async def test_published_texts_stay_without_the_name_and_the_rest_goes(client, session, door):
    account, published, draft, others, comment = await full_life(session)
    supports = select(Support).where(Support.proposal_id == others.id)
    assert len((await session.exec(supports)).all()) == 1
    proof = await make.signed_in(client, session, account)
    if door == "page":
        before = await client.get("/fi/me/delete")
        assert "Poistoa ei voi perua" in before.text
        answer = await client.post("/fi/me/delete", data={"csrf": proof, "confirm": "yes"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/fi/sign-in?done=deleted")
    else:
        answer = await client.request("DELETE", "/api/v1/me", json={"confirm": True}, headers=bearer(client))
        assert answer.status_code == 204
    email, account_id, ids = account.email, account.id, (published.id, draft.id, comment.id)
    session.expunge_all()

    kept = await session.get(Proposal, ids[0])
    assert (kept.state, kept.author_id, kept.author_name) == (State.PUBLISHED, None, "")
    assert kept.title
    gone = await session.get(Proposal, ids[1])
    assert gone is None or (gone.title, gone.text, gone.author_id) == ("", "", None)
    said = await session.get(Comment, ids[2])
    assert (said.text, said.author_id, said.author_name) == ("Hyvä ajatus.", None, "")
    assert (await session.exec(supports)).all() == []
    roll = select(RollEntry).where(RollEntry.sign_in_digest == account.sign_in_digest)
    assert len((await session.exec(roll)).all()) == 1  # so that coming back is no second vote
    for table in SQLModel.metadata.tables:
        if table == "audit_entry":
            continue  # the trail keeps a bare id, which now belongs to nobody
        rows = (await session.exec(text(f'select t::text from "{table}" t'))).scalars().all()
        assert not any(email in row or str(account_id) in row for row in rows), table
    entries = (await session.exec(text("select t::text from audit_entry t"))).scalars().all()
    assert not any("@" in entry or "Aino" in entry for entry in entries)


async def test_after_leaving_the_session_is_no_more_and_the_address_can_start_anew(client, session, instance):
    account, proof = await person(client, session, keys=instance.keys)
    token, old_id = client.cookies["session"], account.id
    await client.post("/fi/me/delete", data={"csrf": proof, "confirm": "yes"})

    reply = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 401
    again = await make.account(session, email=account.email, keys=instance.keys)
    assert again.id != old_id
    assert again.sign_in_digest == account.sign_in_digest


async def test_an_account_is_deleted_only_when_that_is_confirmed(client, session):
    account, proof = await person(client, session)
    page = await client.post("/fi/me/delete", data={"csrf": proof})
    assert page.status_code == 409
    assert "Tiliä ei poistettu" in page.text
    for body in ({}, {"confirm": False}, {"confirm": "yes"}, [], None):
        answer = await client.request("DELETE", "/api/v1/me", json=body, headers=bearer(client))
        assert 400 <= answer.status_code < 500, body

    assert await session.get(Account, account.id) is not None


async def test_leaving_takes_the_roles_along(client, session):
    editor = await make.staff(session, Role.EDITOR)
    proof = await make.signed_in(client, session, editor)
    answer = await client.post("/fi/me/delete", data={"csrf": proof, "confirm": "yes"})

    assert answer.status_code == 303
    left = await session.exec(
        text("select count(*) from team_member where account_id = :id").bindparams(id=editor.id)
    )
    assert left.scalar_one() == 0


def test_every_table_that_points_to_an_account_says_what_happens_when_it_goes():
    silent = [
        f"{table.name}.{key.parent.name}"
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "account" and key.ondelete not in {"CASCADE", "SET NULL"}
    ]
    assert silent == []


def test_neither_roll_nor_ballots_point_to_an_account():
    """So that leaving cannot touch them (docs/decisions/0002-secrecy.md)."""
    for name in ("electoral_roll", "ballot_draft", "ballot_box", "counted_ballot"):
        if name in SQLModel.metadata.tables:
            table = SQLModel.metadata.tables[name]
            assert "account" not in {key.column.table.name for key in table.foreign_keys}
            assert not any("account" in column.name for column in table.columns)
