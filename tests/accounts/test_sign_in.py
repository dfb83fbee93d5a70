"""Signing in by mail, on the actions and the job."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from service.accounts import actions, jobs, queries, rules
from service.accounts.models import Account, Session, SignInCode
from service.core import clock, deployment
from service.core.mail import DemoMail, MailNotConfigured
from service.processes.queries import signed_in
from tests import make

ADDRESS = "aino.k@posti.example"


async def mailed(session, instance, address=ADDRESS, *, language="fi"):
    """A request whose code has left, with the code."""
    await deployment.mark(session, deployment.Kind.DEMO)
    request = await actions.request_code(session, instance.keys, address, language=language)
    await jobs.send_code(instance, session, request=str(request.id))
    await session.flush()
    mail = (await session.exec(select(DemoMail).order_by(DemoMail.id.desc()))).first()
    return request, re.search(r"\d{3} \d{3}", mail.body)[0]


async def test_the_first_sign_in_makes_the_account_and_the_next_one_finds_it(session, instance):
    request, code = await mailed(session, instance)
    first = await actions.sign_in(session, instance.keys, request.id, code)
    request, code = await mailed(session, instance, "AINO.K@posti.Example ")
    second = await actions.sign_in(session, instance.keys, request.id, code)

    assert first.account.email == ADDRESS
    assert second.account.id == first.account.id
    assert second.token != first.token
    assert (await signed_in(session, first.token))[0] == first.account


async def test_the_account_is_known_by_the_digest_of_its_address_under_the_identity_key(session, instance):
    request, code = await mailed(session, instance)
    done = await actions.sign_in(session, instance.keys, request.id, code)

    expected = rules.sign_in_digest(instance.keys.instance("identity"), ADDRESS)
    assert done.account.sign_in_digest == expected


async def test_the_mail_is_in_the_language_of_the_page_and_says_until_when(session, instance):
    for language, word in (("fi", "kirjautumiskoodisi"), ("sv", "inloggningskod"), ("en", "sign-in code")):
        request, _ = await mailed(session, instance, f"{language}@posti.example", language=language)
        mail = (await session.exec(select(DemoMail).where(DemoMail.to == request.email))).one()

        assert word in mail.subject
        assert not re.search(r"\d", mail.subject)
        assert f"{request.expires_at.astimezone(clock.HELSINKI):%M}" in mail.body
        assert instance.settings.address in mail.body


async def test_the_code_itself_is_nowhere_but_in_the_mail(session, instance, caplog):
    with caplog.at_level("DEBUG"):
        request, code = await mailed(session, instance)
        await actions.sign_in(session, instance.keys, request.id, "000000" if code != "000 000" else "111111")
        done = await actions.sign_in(session, instance.keys, request.id, code)
        await session.flush()

    plain = code.replace(" ", "")
    found = {
        table
        for table in SQLModel.metadata.tables
        for row in (await session.exec(text(f'select t::text from "{table}" t'))).scalars()
        if any(secret in row for secret in (plain, code, done.token))
    }
    assert found == {"demo_mail"}
    assert plain not in caplog.text
    assert code not in caplog.text
    queued = text("select convert_from(payload, 'UTF8') from pgqueuer")
    payloads = (await session.exec(queued)).scalars().all()
    assert json.dumps({"request": str(request.id)}) in payloads
    assert not any("@" in payload or plain in payload for payload in payloads)


async def test_neither_address_nor_code_is_in_the_audit_trail(session, instance):
    request, code = await mailed(session, instance)
    await actions.sign_in(session, instance.keys, request.id, "000000")
    await actions.sign_in(session, instance.keys, request.id, code)

    entries = (await session.exec(text("select t::text from audit_entry t"))).scalars().all()
    kinds = {"account.opened", "session.opened", "sign_in.refused"}
    assert {kind for kind in kinds if any(kind in entry for entry in entries)} == kinds
    assert not any("@" in entry or code.replace(" ", "") in entry for entry in entries)


async def test_a_wrong_code_is_counted_and_the_fifth_ends_the_request(session, instance):
    request, code = await mailed(session, instance)
    wrong = "111111" if code != "111 111" else "222222"

    outcomes = [await actions.sign_in(session, instance.keys, request.id, wrong) for _ in range(5)]
    late = await actions.sign_in(session, instance.keys, request.id, code)

    assert [outcome.parameters.get("n") for outcome in outcomes] == [4, 3, 2, 1, None]
    assert isinstance(outcomes[-1], rules.CodeExpired)
    assert isinstance(late, rules.CodeExpired)
    assert (await session.exec(select(Account).where(Account.email == ADDRESS))).first() is None


async def test_a_code_works_once(session, instance):
    request, code = await mailed(session, instance)
    await actions.sign_in(session, instance.keys, request.id, code)

    assert isinstance(await actions.sign_in(session, instance.keys, request.id, code), rules.CodeExpired)


async def test_a_code_works_for_ten_minutes(session, instance):
    request, code = await mailed(session, instance)
    await clock.shift(session, timedelta(minutes=10))

    assert isinstance(await actions.sign_in(session, instance.keys, request.id, code), rules.CodeExpired)


async def test_an_unknown_request_is_answered_as_an_expired_one(session, instance):
    assert isinstance(await actions.sign_in(session, instance.keys, uuid4(), "123456"), rules.CodeExpired)


async def test_a_code_does_not_open_another_request(session, instance):
    _, code = await mailed(session, instance)
    other, other_code = await mailed(session, instance, "muu@posti.example")
    if code != other_code:
        outcome = await actions.sign_in(session, instance.keys, other.id, code)
        assert isinstance(outcome, rules.CodeWrong)


async def test_the_mail_of_a_request_leaves_once_however_often_the_job_runs(session, instance):
    request, code = await mailed(session, instance)
    await jobs.send_code(instance, session, request=str(request.id))
    await session.flush()

    assert len((await session.exec(select(DemoMail).where(DemoMail.to == ADDRESS))).all()) == 1
    assert isinstance(await actions.sign_in(session, instance.keys, request.id, code), actions.SignedIn)


async def test_a_request_that_expired_before_its_mail_left_is_not_mailed(session, instance):
    request = await actions.request_code(session, instance.keys, ADDRESS, language="fi")
    await clock.shift(session, timedelta(minutes=10))
    await jobs.send_code(instance, session, request=str(request.id))

    assert request.code_digest is None


async def test_a_mail_that_cannot_leave_fails_its_job(session, instance):
    request = await actions.request_code(session, instance.keys, ADDRESS, language="fi")

    with pytest.raises(MailNotConfigured):
        await jobs.send_code(instance, session, request=str(request.id))


async def test_an_address_gets_five_codes_an_hour_and_others_are_not_touched(session, instance):
    for _ in range(rules.CODES_PER_ADDRESS):
        await actions.request_code(session, instance.keys, ADDRESS, language="fi")

    with pytest.raises(rules.CodesAskedTooOften):
        await actions.request_code(session, instance.keys, ADDRESS.upper(), language="fi")

    await actions.request_code(session, instance.keys, "muu@posti.example", language="fi")
    await clock.shift(session, rules.ADDRESS_WINDOW + timedelta(seconds=1))
    await actions.request_code(session, instance.keys, ADDRESS, language="fi")


async def test_the_throttle_is_the_same_for_known_and_unknown_addresses(session, instance):
    await make.account(session, email=ADDRESS, keys=instance.keys)
    refused = []
    for address in (ADDRESS, "uusi@posti.example"):
        for _ in range(rules.CODES_PER_ADDRESS):
            await actions.request_code(session, instance.keys, address, language="fi")
        with pytest.raises(rules.CodesAskedTooOften) as refusal:
            await actions.request_code(session, instance.keys, address, language="fi")
        refused.append(refusal.value.parameters)

    assert refused[0] == refused[1]


async def test_all_addresses_together_are_throttled(session, instance):
    await session.exec(
        text(
            "insert into sign_in_code (id, email, sign_in_digest, language, wrong_attempts, expires_at) "
            "select gen_random_uuid(), n || '@posti.example', n::text::bytea, 'fi', 0, puntari_now() "
            "from generate_series(1, :n) n"
        ).bindparams(n=rules.CODES_IN_ALL)
    )

    with pytest.raises(rules.CodesAskedTooOften):
        await actions.request_code(session, instance.keys, ADDRESS, language="fi")


async def test_signing_in_again_ends_the_session_this_browser_had(session, instance):
    request, code = await mailed(session, instance)
    planted = await actions.sign_in(session, instance.keys, request.id, code)
    request, code = await mailed(session, instance, "uhri@posti.example")
    done = await actions.sign_in(session, instance.keys, request.id, code, instead_of=planted.token)

    assert await signed_in(session, planted.token) is None
    assert (await signed_in(session, done.token))[0].email == "uhri@posti.example"


async def test_a_session_lasts_thirty_days_and_is_never_written_again(session, instance):
    request, code = await mailed(session, instance)
    done = await actions.sign_in(session, instance.keys, request.id, code)
    row = text("select xmin::text, t::text from session t where account_id = :id").bindparams(
        id=done.account.id
    )
    before = (await session.exec(row)).all()
    await signed_in(session, done.token)
    await queries.sessions(session, done.account.id)
    assert (await session.exec(row)).all() == before

    await clock.shift(session, timedelta(days=29, hours=23))
    assert await signed_in(session, done.token) is not None
    await clock.shift(session, timedelta(days=30))
    assert await signed_in(session, done.token) is None


async def test_the_daily_clean_up_removes_what_expired_and_nothing_else(session, instance):
    old, code = await mailed(session, instance)
    done = await actions.sign_in(session, instance.keys, old.id, code)
    await clock.shift(session, timedelta(days=30))
    fresh, code = await mailed(session, instance, "uusi@posti.example")
    still = await actions.sign_in(session, instance.keys, fresh.id, code)
    await jobs.clean_up(instance, session)
    session.expunge_all()

    assert [row.id for row in (await session.exec(select(SignInCode))).all()] == [fresh.id]
    digests = {row.token_digest for row in (await session.exec(select(Session))).all()}
    assert queries.token_digest(still.token) in digests
    assert queries.token_digest(done.token) not in digests


async def test_signing_in_as_anybody_is_for_the_demo_alone(session, instance):
    account = await make.account(session)
    with pytest.raises(rules.NotADemo):
        await actions.sign_in_as(session, account)

    await deployment.mark(session, deployment.Kind.DEMO)
    done = await actions.sign_in_as(session, account)
    assert (await signed_in(session, done.token))[0].id == account.id
