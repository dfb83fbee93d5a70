"""Nobody can tell from the whole database whose plan is whose: docs/decisions/0006-calculator.md.

Forty people who are signed in submit over HTTP with real commits; then a reader joins every row of every table with every other.
"""

import random
from functools import partial
from types import SimpleNamespace

import httpx
import pytest

from service.app import create_app
from service.audit import actions as audit
from service.calculator import jobs, plans
from service.core import receipt
from service.core.actor import Resident
from service.core.database import Database
from service.core.instance import make as make_instance
from service.core.settings import Settings
from tests import linkage, make
from tests.calculator import small

N = 40
CHANCE = 8  # a random order puts one in its place on average; eight or more in one of 100,000


@pytest.fixture
async def city(own_url, tmp_path):
    settings = Settings(_env_file=None, database_url=own_url, key_folder=tmp_path / "keys")
    database = Database(own_url)
    instance = make_instance(settings, database)
    async with database.transaction() as session:
        calculator = await small.calculator(session)
    app = create_app(instance)
    people = [await come(instance, app) for _ in range(N)]
    yield SimpleNamespace(instance=instance, calculator=calculator, people=people)
    for person in people:
        await person.client.aclose()
    await database.close()


async def come(instance, app):
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://puntari.test")
    async with instance.database.transaction() as session:
        account = await make.account(session, keys=instance.keys)
        proof = await make.signed_in(client, session, account)
    marks = {str(account.id), account.email, account.sign_in_digest.hex()}
    return SimpleNamespace(client=client, proof=proof, account=account, marks=marks)


async def submit_all(city):
    """Of each person the key of the plan: the truth the reader is after."""
    owners, chance = {}, random.Random(3)
    for person in city.people:
        plan = {lever["key"]: chance.choice(lever["options"])["value"] for lever in small.LEVERS[:3]}
        body = {
            "specification": city.calculator.specification,
            "plan": plan,
            "reason": "Näin.",
            "comment": "Hei.",
        }
        address = f"/api/v1/calculators/{city.calculator.slug}"
        headers = {"X-CSRF-Token": person.proof}
        answer = await person.client.post(f"{address}/plans", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        saved = {"specification": city.calculator.specification, "plan": plan}
        assert (await person.client.post(f"{address}/saved", json=saved, headers=headers)).status_code == 201
        owners[person.account.email] = plans._key(receipt.read(answer.json()["receipt"]))
    return owners


async def read(city):
    async with city.instance.database.transaction(read_only=True) as session:
        return await linkage.Dump.of(session)


def names(city):
    return {person.account.email: person.marks for person in city.people}


def right(guesses, owners):
    return sum(
        any(row.values["key"] == key for row in guesses.get(person, [])) for person, key in owners.items()
    )


async def test_no_transaction_no_value_and_no_order_tells_whose_plan_it_is(city):
    owners = await submit_all(city)
    before = await read(city)

    assert {row.values["key"] for row in before.of_table("plan_box")} == set(owners.values())
    for table in ("plan_box", "saved_plan"):
        own = {transaction for row in before.of_table(table) for transaction in row.transactions}
        others = {transaction for row in before.beside(table) for transaction in row.transactions}
        assert own & others == set()
        assert linkage.by_value(before, table, names(city)) == {}
    assert right(linkage.by_transaction(before, "plan_box", names(city)), owners) == 0

    async with city.instance.database.transaction() as session:
        await jobs.mix(city.instance, session)
    async with city.instance.database.transaction() as session:
        await jobs.release(city.instance, session)

    after = await read(city)
    assert after.of_table("plan_release")
    orders = linkage.by_order(after, "plan_box", names(city))
    best, how = max((right(guesses, owners), how) for how, guesses in orders.items())
    assert best < CHANCE, how
    assert right(linkage.by_transaction(after, "plan_box", names(city)), owners) == 0


async def test_the_reader_would_find_a_careless_trail(city, monkeypatch):
    """The same reader names N of N where submitting writes an entry beside the plan."""
    chance = iter(city.people)

    async def careless(submit, session, *given):
        outcome = await submit(session, *given)
        who = Resident(next(chance).account.id, "", "fi")
        await audit.record(session, "plan.submitted", by=who, public=False)
        return outcome

    monkeypatch.setattr(plans, "submit", partial(careless, plans.submit))
    owners = await submit_all(city)
    assert right(linkage.by_transaction(await read(city), "plan_box", names(city)), owners) == N
