"""Whoever deletes the account while a vote is open and comes back with the same address has the same ballot, and one vote."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.accounts import jobs
from service.accounts.models import Account
from service.core import clock
from service.core.actor import System
from service.core.mail import DemoMail
from service.results import actions as results
from service.voting.models import CountedBallot, RollEntry
from tests import make

ADDRESS = "aino.k@posti.example"


@pytest.fixture
async def process(session):
    await session.exec(text("update deployment set kind = 'demo'"))  # its mails are kept in a table
    return await make.vote(session, minimum_age=13)


@pytest.fixture
def program(client, session, instance, process):
    """A resident at the API, by nothing but what anybody has: an address and the mails that come to it."""

    class Program:
        headers: dict[str, str]

        async def sign_in(self, address):
            asked = (await client.post("/api/v1/sign-in", json={"email": address})).json()
            await jobs.send_code(instance, session, request=asked["id"])
            await session.flush()
            mail = (await session.exec(select(DemoMail).order_by(DemoMail.id.desc()))).first()
            code = re.search(r"\d{3} \d{3}", mail.body)[0]
            signed = await client.post("/api/v1/sign-in/code", json={"request": asked["id"], "code": code})
            self.headers = {"Authorization": f"Bearer {signed.json()['token']}"}

        async def ballot(self, path="", method="POST", **body):
            here = f"/api/v1/processes/{process.slug}/ballot{path}"
            answer = await client.request(method, here, json=body, headers=self.headers)
            assert answer.status_code == 200, answer.text
            return answer.json()

        async def vote(self, *numbers):
            await self.ballot("/draft", method="PUT", selection=list(numbers))
            return (await self.ballot("/cast", selection=list(numbers)))["receipt"]

        async def leave(self):
            answer = await client.request(
                "DELETE", "/api/v1/me", json={"confirm": True}, headers=self.headers
            )
            assert answer.status_code == 204

    return Program()


async def test_who_leaves_and_comes_back_has_the_same_ballot_and_one_vote(
    session, instance, process, program
):
    await program.sign_in(ADDRESS)
    await program.ballot(birth_year=1956)
    receipt = await program.vote(3)
    first = (await session.exec(select(Account.id))).one()
    await program.leave()
    assert (await session.exec(select(Account.id))).all() == []
    assert len((await session.exec(select(RollEntry))).all()) == 1

    await program.sign_in("Aino.K@POSTI.example")
    assert (await session.exec(select(Account.id))).one() != first
    shown = await program.ballot()  # asks no age again: the roll knows

    assert (shown["state"], shown["selection"]) == ("cast", [3])
    assert (await program.ballot("/receipt", method="GET"))["receipt"] == receipt
    assert await program.vote(4, 5) != receipt
    assert len((await session.exec(select(RollEntry))).all()) == 1
    await clock.shift(session, timedelta(days=11))
    counted = await results.count(session, process, keys=instance.keys, by=System("test"))
    assert (counted.ballots, counted.enrolled) == (1, 1)
    assert (await session.exec(select(CountedBallot.projects))).all() == [[4, 5]]


async def test_who_leaves_and_does_not_come_back_is_counted(session, instance, process, program):
    await program.sign_in(ADDRESS)
    await program.ballot(birth_year=1956)
    await program.vote(3)
    await program.leave()

    await clock.shift(session, timedelta(days=11))
    counted = await results.count(session, process, keys=instance.keys, by=System("test"))

    assert (counted.ballots, counted.enrolled) == (1, 1)
