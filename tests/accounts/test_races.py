"""What two do at the same moment, on connections of their own that really commit."""

import asyncio

from sqlalchemy import text
from sqlmodel import select

from service.accounts import actions, rules
from service.accounts.models import Account, SignInCode

ADDRESS = "aino.k@posti.example"
CODE = "123456"


async def requested(own_database, keys):
    async with own_database.transaction() as session:
        request = await actions.request_code(session, keys, ADDRESS, language="fi")
        request.code_digest = rules.code_digest(keys.instance("codes"), request, CODE)
    return request.id


async def test_five_tries_are_five_also_when_they_come_at_once(own_database, instance):
    request_id = await requested(own_database, instance.keys)

    async def guess(code):
        async with own_database.transaction() as session:
            return await actions.sign_in(session, instance.keys, request_id, code)

    guesses = [guess(f"{number:06d}") for number in range(10)]
    outcomes = await asyncio.gather(*guesses)

    assert sum(isinstance(outcome, rules.CodeWrong) for outcome in outcomes) == 4
    assert sum(isinstance(outcome, rules.CodeExpired) for outcome in outcomes) == 6
    async with own_database.transaction() as session:
        assert (await session.get(SignInCode, request_id)).wrong_attempts == rules.WRONG_ATTEMPTS
    assert isinstance(await guess(CODE), rules.CodeExpired)


async def test_one_code_opens_one_session_also_when_it_comes_twice_at_once(own_database, instance):
    request_id = await requested(own_database, instance.keys)

    async def enter():
        async with own_database.transaction() as session:
            return await actions.sign_in(session, instance.keys, request_id, CODE)

    outcomes = await asyncio.gather(*(enter() for _ in range(5)))

    assert sum(isinstance(outcome, actions.SignedIn) for outcome in outcomes) == 1
    async with own_database.transaction() as session:
        assert (await session.exec(text("select count(*) from session"))).scalar_one() == 1


async def test_two_first_sign_ins_of_one_address_at_once_make_one_account(own_database, instance):
    requests = [await requested(own_database, instance.keys) for _ in range(4)]

    async def enter(request_id):
        async with own_database.transaction() as session:
            return await actions.sign_in(session, instance.keys, request_id, CODE)

    outcomes = await asyncio.gather(*map(enter, requests))

    assert all(isinstance(outcome, actions.SignedIn) for outcome in outcomes)
    async with own_database.transaction() as session:
        assert len((await session.exec(select(Account))).all()) == 1


async def test_five_codes_an_hour_are_five_also_when_they_are_asked_at_once(own_database, instance):
    async def ask():
        async with own_database.transaction() as session:
            await actions.request_code(session, instance.keys, ADDRESS, language="fi")

    outcomes = await asyncio.gather(*(ask() for _ in range(10)), return_exceptions=True)

    assert sum(isinstance(outcome, rules.CodesAskedTooOften) for outcome in outcomes) == 5
    async with own_database.transaction() as session:
        assert len((await session.exec(select(SignInCode))).all()) == rules.CODES_PER_ADDRESS
