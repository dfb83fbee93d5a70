"""Signing in by both doors, as a browser and as a program do it."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from service.accounts import jobs, rules
from service.accounts.models import Account, Session, SignInCode
from service.accounts.queries import token_digest
from service.core import clock, deployment
from service.core.mail import DemoMail
from tests import make

ADDRESS = "aino.k@posti.example"


def proof_in(page):
    return re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)[1]


def hidden_in(page, action):
    """The hidden fields of the form with this action, as a browser would send them."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}[^"]*".*?</form>', page.text, re.DOTALL)[0]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form, re.DOTALL)
    return [(unescape(name), unescape(value)) for name, value in found]


async def code_mailed_to(session, instance, address=ADDRESS):
    """Let the worker's job run for the newest request, and read the mail."""
    await deployment.mark(session, deployment.Kind.DEMO)
    newest = select(SignInCode).where(SignInCode.email == address)
    request = (await session.exec(newest.order_by(SignInCode.requested_at.desc()))).first()
    await jobs.send_code(instance, session, request=str(request.id))
    await session.flush()
    mail = (await session.exec(select(DemoMail).order_by(DemoMail.id.desc()))).first()
    return re.search(r"\d{3} \d{3}", mail.body)[0]


async def ask(client, address=ADDRESS, language="fi", **fields):
    page = await client.get(f"/{language}/sign-in")
    return await client.post(
        f"/{language}/sign-in", data={"csrf": proof_in(page), "email": address, **fields}
    )


async def sign_in(client, session, instance, address=ADDRESS, **fields):
    await ask(client, address, **fields)
    code = await code_mailed_to(session, instance, address)
    page = await client.get("/fi/sign-in/code")
    return await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "code": code, **fields})


# --- pages


async def test_a_resident_signs_in_on_two_pages_and_comes_to_their_own(client, session, instance):
    asked = await ask(client)
    assert (asked.status_code, asked.headers["location"]) == (303, "/fi/sign-in/code")

    page = await client.get("/fi/sign-in/code")
    assert "a…@posti.example" in page.text
    assert ADDRESS not in page.text
    assert 'inputmode="numeric"' in page.text
    assert 'autocomplete="one-time-code"' in page.text

    code = await code_mailed_to(session, instance)
    done = await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "code": f" {code} "})
    assert (done.status_code, done.headers["location"]) == (303, "/fi/me")
    assert (await client.get("/fi/me")).status_code == 200


async def test_the_session_cookie_is_for_this_site_and_not_for_scripts(client, session, instance):
    done = await sign_in(client, session, instance)

    cookie = next(value for value in done.headers.get_list("set-cookie") if value.startswith("session="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Path=/" in cookie
    assert 2_591_000 < int(re.search(r"Max-Age=(\d+)", cookie)[1]) <= 2_592_000
    assert "Secure" not in cookie  # the tests' service has a plain http address


async def test_over_https_every_cookie_is_secure_also_behind_a_proxy(session, instance, monkeypatch):
    from service.app import create_app  # noqa: PLC0415 - an application of its own
    from service.core.instance import Instance  # noqa: PLC0415

    settings = instance.settings.model_copy(update={"public_url": "https://oma.kaupunki.example"})
    app = create_app(
        Instance(settings, instance.database, instance.keys, instance.translations, instance.city)
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inside") as client:
        page = await client.get("/fi/sign-in")

    assert all("Secure" in value for value in page.headers.get_list("set-cookie"))
    assert page.headers.get_list("set-cookie")


async def test_the_same_answer_for_a_known_and_an_unknown_address(client, session, instance):
    await make.account(session, email=ADDRESS, keys=instance.keys)
    shown = []
    for address in (ADDRESS, "aino.x@posti.example"):
        client.cookies.clear()
        answer = await ask(client, address)
        page = await client.get("/fi/sign-in/code")
        wrong = await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "code": "000000"})
        shown.append(
            [
                (
                    reply.status_code,
                    sorted(set(reply.headers) - {"content-length"}),
                    re.sub(r"[0-9a-f]{60,}|klo.\d+\.\d+", "", reply.text),
                )
                for reply in (answer, page, wrong)
            ]
        )
    assert shown[0] == shown[1]

    client.cookies.clear()
    programs = [
        await client.post("/api/v1/sign-in", json={"email": address})
        for address in (ADDRESS, "aino.y@posti.example")
    ]
    assert [(reply.status_code, sorted(reply.json())) for reply in programs] == [
        (202, ["expires_at", "id"])
    ] * 2


async def test_a_wrong_code_is_refused_with_the_tries_that_are_left_and_the_typed_kept(
    client, session, instance
):
    await ask(client)
    code = await code_mailed_to(session, instance)
    wrong = "000000" if code != "000 000" else "111111"
    page = await client.get("/sv/sign-in/code")
    proof = proof_in(page)

    refused = await client.post("/sv/sign-in/code", data={"csrf": proof, "code": wrong})
    assert refused.status_code == 422
    assert "Koden stämmer inte. Kontrollera den eller begär en ny. Försök kvar: 4." in refused.text
    assert f'value="{wrong}"' in refused.text
    assert "session" not in client.cookies

    for _ in range(4):
        refused = await client.post("/fi/sign-in/code", data={"csrf": proof, "code": wrong})
    assert "Koodi ei ole enää voimassa. Pyydä uusi koodi." in refused.text
    late = await client.post("/fi/sign-in/code", data={"csrf": proof, "code": code})
    assert late.status_code == 422


async def test_wrong_tries_are_still_counted_after_the_answer(client, session, instance):
    await ask(client)
    await code_mailed_to(session, instance)
    page = await client.get("/fi/sign-in/code")
    await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "code": "000000"})

    request = (await session.exec(select(SignInCode).where(SignInCode.email == ADDRESS))).one()
    await session.refresh(request)
    assert request.wrong_attempts == 1


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "12\x003456", "1" * 50_000])
async def test_what_is_no_code_is_told_so_and_costs_no_try(client, session, code):
    await ask(client)
    page = await client.get("/fi/sign-in/code")
    answer = await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "code": code})

    assert answer.status_code == 422
    assert "Koodissa on kuusi numeroa." in answer.text
    request = (await session.exec(select(SignInCode).where(SignInCode.email == ADDRESS))).one()
    assert request.wrong_attempts == 0


@pytest.mark.parametrize(
    "address", ["", "aino", "a\x00b@posti.example", "a" * 100_000 + "@posti.example", "a@b@c.fi", "<b>@x.fi"]
)
async def test_what_is_no_address_is_told_so_and_kept(client, session, address):
    answer = await ask(client, address)

    assert answer.status_code == 422
    assert "Kirjoita sähköpostiosoitteesi kokonaan" in answer.text
    assert answer.text.split("<title>")[1].startswith("Virhe: ")
    assert (await session.exec(select(SignInCode))).first() is None


async def test_a_new_code_can_be_asked_from_the_page_and_the_newest_one_counts(client, session, instance):
    await ask(client)
    page = await client.get("/fi/sign-in/code")
    again = await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "again": "yes", "code": ""})
    assert again.status_code == 303

    code = await code_mailed_to(session, instance)
    page = await client.get("/fi/sign-in/code")
    done = await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "code": code})
    assert done.status_code == 303


async def test_asking_too_often_is_refused_by_both_doors_with_the_minutes(client, session):
    for _ in range(rules.CODES_PER_ADDRESS):
        assert (await ask(client)).status_code == 303
    page = await ask(client)
    assert page.status_code == 429
    assert re.search(r"Yrityksiä oli liikaa\. Yritä uudelleen \d+ minuutin kuluttua\.", page.text)
    assert f'value="{ADDRESS}"' in page.text

    program = await client.post("/api/v1/sign-in", json={"email": ADDRESS})
    assert program.status_code == 429
    assert program.json()["type"] == "urn:puntari:problem:CodesAskedTooOften"


async def test_the_page_for_the_code_leads_back_where_no_code_was_asked(client):
    answer = await client.get("/fi/sign-in/code")
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/sign-in")

    client.cookies.set("sign_in", "nonsense")
    assert (await client.get("/fi/sign-in/code")).status_code == 303


async def test_the_address_is_in_no_address(client, session, instance):
    answer = await ask(client, next="/fi/processes")
    assert "@" not in answer.headers["location"]
    assert "%40" not in answer.headers["location"]


async def test_a_browser_that_is_signed_in_already_is_led_on(client, session):
    await make.signed_in(client, session, await make.account(session))
    answer = await client.get("/fi/sign-in?next=/fi/processes/x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/fi/processes/x")


async def test_signing_in_gives_a_new_session_and_ends_the_one_the_browser_had(client, session, instance):
    planted = await make.account(session)
    await make.signed_in(client, session, planted)
    before = client.cookies["session"]
    await session.exec(text("update session set expires_at = puntari_now()"))
    page = await client.get("/fi/sign-in")
    await client.post("/fi/sign-in", data={"csrf": proof_in(page), "email": ADDRESS})
    code = await code_mailed_to(session, instance)
    page = await client.get("/fi/sign-in/code")
    await client.post("/fi/sign-in/code", data={"csrf": proof_in(page), "code": code})

    after = [cookie.value for cookie in client.cookies.jar if cookie.name == "session"]
    assert before not in after
    rows = (await session.exec(select(Session.token_digest))).all()
    assert token_digest(before) not in rows
    assert token_digest(after[0]) in rows


# --- where one goes on


@pytest.mark.parametrize(
    "path", ["/fi/processes", "/sv/processes/x/proposals/new", "/fi/processes?q=puisto&page=2", "/en/"]
)
async def test_one_comes_back_to_where_one_was(client, session, instance, path):
    done = await sign_in(client, session, instance, next=path)
    assert done.headers["location"] == path


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "/fi\\@evil.example",
        "javascript:alert(1)", "/evil", "fi/processes", " /fi/", "/fi/\r\nSet-Cookie: a=b", "/fi/\x00", "/fi.evil.example", "/fi@evil.example",
        "/fi/" + "x" * 2_000, "http:/fi/",
    ],
)  # fmt: skip
async def test_signing_in_leads_nowhere_else(client, session, instance, path):
    page = await client.get("/fi/sign-in", params={"next": path})
    assert 'name="next"' not in page.text

    done = await sign_in(client, session, instance, next=path)
    assert (done.status_code, done.headers["location"]) == (303, "/fi/me")


async def test_a_page_for_those_signed_in_leads_to_the_sign_in_page_and_back(client):
    answer = await client.get("/fi/me/settings?done=saved")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/fi/sign-in?next=%2Ffi%2Fme%2Fsettings%3Fdone%3Dsaved"
    page = await client.get(answer.headers["location"])
    assert '<input type="hidden" name="next" value="/fi/me/settings?done=saved">' in page.text


async def test_the_link_to_sign_in_leads_back_to_its_page(client, session):
    process = await make.process(session)
    page = await client.get(f"/sv/processes/{process.slug}")
    assert f'href="/sv/sign-in?next=%2Fsv%2Fprocesses%2F{process.slug}"' in page.text

    for path in ("/sv/sign-in", "/sv/sign-in?next=/sv/me"):
        assert 'href="/sv/sign-in"' in (await client.get(path)).text


# --- a form sent before signing in


async def test_a_form_sent_without_a_session_is_kept_and_sent_after_signing_in(client, session, instance):
    await make.account(session, email=ADDRESS, keys=instance.keys, name="")
    start = await client.get("/fi/sign-in")
    typed = {"name": 'Aino "K." <b>', "language": "sv", "birth_year": "1956"}
    refused = await client.post("/fi/me/settings", data={"csrf": proof_in(start), **typed})
    assert refused.status_code == 401
    assert "Kirjaudu" in refused.text

    assert 'href="/sv/sign-in"' in refused.text  # the form's own address may have no page

    kept = hidden_in(refused, "/fi/sign-in")
    asked = await client.post("/fi/sign-in", data={**dict(kept), "email": ADDRESS})
    assert asked.status_code == 200
    code = await code_mailed_to(session, instance)
    kept = hidden_in(asked, "/fi/sign-in/code")

    wrong = await client.post("/fi/sign-in/code", data={**dict(kept), "code": "12"})
    assert wrong.status_code == 422
    kept = hidden_in(wrong, "/fi/sign-in/code")
    done = await client.post("/fi/sign-in/code", data={**dict(kept), "code": code})
    assert done.status_code == 200
    assert done.headers["cache-control"] == "no-store"

    continued = dict(hidden_in(done, "/fi/me/settings"))
    assert {name: continued[name] for name in typed} == typed
    saved = await client.post("/fi/me/settings", data=continued)
    assert saved.status_code == 303
    account = (await session.exec(select(Account).where(Account.email == ADDRESS))).one()
    await session.refresh(account)
    assert (account.name, account.birth_year) == (typed["name"], 1956)


async def test_a_choice_made_before_signing_in_is_in_no_table_on_the_way(client, session, instance):
    start = await client.get("/fi/sign-in")
    secret = "valinta-142-salainen"
    refused = await client.post("/fi/me/settings", data={"csrf": proof_in(start), "name": secret})
    kept = dict(hidden_in(refused, "/fi/sign-in"))
    asked = await client.post("/fi/sign-in", data={**kept, "email": ADDRESS})
    assert secret in asked.text

    for (table,) in (
        await session.exec(text("select tablename from pg_tables where schemaname = 'public'"))
    ).all():
        rows = (await session.exec(text(f'select t::text from "{table}" t'))).scalars().all()
        assert not any(secret in row for row in rows)


async def test_a_new_code_keeps_the_form_too(client, session, instance):
    start = await client.get("/fi/sign-in")
    refused = await client.post("/fi/me/settings", data={"csrf": proof_in(start), "name": "Aino"})
    asked = await client.post(
        "/fi/sign-in", data={**dict(hidden_in(refused, "/fi/sign-in")), "email": ADDRESS}
    )
    kept = hidden_in(asked, "/fi/sign-in/code")
    again = await client.post("/fi/sign-in/code", data={**dict(kept), "again": "yes"})

    assert again.status_code == 200
    assert ("act:name", "Aino") in hidden_in(again, "/fi/sign-in/code")


async def test_several_values_of_one_field_are_all_kept(client, session):
    start = await client.get("/fi/sign-in")
    body = f"csrf={proof_in(start)}&topic=1&topic=2&text=a%0D%0Ab"
    refused = await client.post(
        "/fi/me/settings", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )

    kept = hidden_in(refused, "/fi/sign-in")
    assert [value for name, value in kept if name == "act:topic"] == ["1", "2"]
    assert ("act:text", "a\r\nb") in kept


async def test_a_file_is_not_kept_and_that_is_said(client):
    start = await client.get("/fi/sign-in")
    refused = await client.post(
        "/fi/me/settings",
        data={"csrf": proof_in(start), "name": "Aino"},
        files={"picture": ("a.png", b"PNG-BYTES", "image/png")},
    )

    assert refused.status_code == 401
    assert "Tiedostoa ei voi säilyttää" in refused.text
    assert "PNG-BYTES" not in refused.text
    assert ("act:name", "Aino") in hidden_in(refused, "/fi/sign-in")


async def test_a_form_too_large_to_keep_is_told_so(client):
    start = await client.get("/fi/sign-in")
    refused = await client.post("/fi/me/settings", data={"csrf": proof_in(start), "name": "x" * 250_000})

    assert refused.status_code == 401
    assert "liian suuri säilytettäväksi" in refused.text
    assert "x" * 1_000 not in refused.text


async def test_a_form_carried_to_a_foreign_address_is_dropped(client, session, instance):
    page = await client.get("/fi/sign-in")
    asked = await client.post(
        "/fi/sign-in",
        data={"csrf": proof_in(page), "email": ADDRESS, "act_path": "//evil.example/", "act:a": "1"},
    )
    assert asked.status_code == 303


# --- proof that a form is ours


POSTS = [
    "/fi/sign-in", "/fi/sign-in/code", "/fi/sign-out", "/fi/me/settings", "/fi/me/sign-out-everywhere", "/fi/me/delete",
    "/fi/me/sessions/00000000-0000-4000-8000-000000000000/end", "/fi/desk/staff",
    "/fi/desk/staff/00000000-0000-4000-8000-000000000000/dismiss", "/fi/demo/sign-in",
]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
async def test_a_form_without_its_proof_is_refused_signed_in_or_not(client, session, path):
    assert (await client.post(path, data={"email": ADDRESS})).status_code == 403

    await make.signed_in(client, session, await make.account(session))
    other = await client.get("/fi/me")
    for wrong in (None, "", "00", "zz", "0" * 128, "é"):
        data = {} if wrong is None else {"csrf": wrong}
        assert (await client.post(path, data=data)).status_code == 403, wrong
    assert other.status_code == 200


async def test_anothers_proof_is_refused(client, session):
    proof = await make.signed_in(client, session, await make.account(session))
    await make.signed_in(client, session, await make.account(session))

    assert (await client.post("/fi/sign-out", data={"csrf": proof})).status_code == 403


# --- the API


async def test_a_program_signs_in_and_out(client, session, instance):
    asked = await client.post("/api/v1/sign-in", json={"email": ADDRESS, "language": "sv"})
    assert asked.status_code == 202
    code = await code_mailed_to(session, instance)
    signed = await client.post("/api/v1/sign-in/code", json={"request": asked.json()["id"], "code": code})
    assert signed.status_code == 201
    assert signed.headers["cache-control"] == "no-store"

    bearer = {"Authorization": f"Bearer {signed.json()['token']}"}
    me = await client.get("/api/v1/me", headers=bearer)
    assert me.json()["email"] == ADDRESS
    assert me.json()["language"] == "sv"

    out = await client.delete("/api/v1/session", headers=bearer)
    assert out.status_code == 204
    assert (await client.get("/api/v1/me", headers=bearer)).status_code == 401


async def test_a_programs_wrong_code_is_a_problem_and_counts(client, session, instance):
    asked = await client.post("/api/v1/sign-in", json={"email": ADDRESS})
    code = await code_mailed_to(session, instance)
    wrong = {"request": asked.json()["id"], "code": "000000" if code != "000 000" else "111111"}
    answers = [await client.post("/api/v1/sign-in/code", json=wrong) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 6
    assert [answer.json()["type"].rpartition(":")[2] for answer in answers] == [
        *["CodeWrong"] * 4,
        *["CodeExpired"] * 2,
    ]
    assert answers[0].json()["parameters"] == {"n": "4"}
    assert answers[0].headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"email": 1}, {"email": None}, {"email": "a\x00@b.fi"}, {"email": "x" * 100_000}, {"email": ADDRESS, "language": "ru"}, [], "x",
    ],
)  # fmt: skip
async def test_nonsense_from_a_program_is_a_problem(client, body):
    answer = await client.post("/api/v1/sign-in", json=body)

    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_codes_expire_over_the_api_too(client, session, instance):
    asked = await client.post("/api/v1/sign-in", json={"email": ADDRESS})
    code = await code_mailed_to(session, instance)
    await clock.shift(session, timedelta(minutes=10))

    answer = await client.post("/api/v1/sign-in/code", json={"request": asked.json()["id"], "code": code})
    assert answer.json()["type"].endswith("CodeExpired")
