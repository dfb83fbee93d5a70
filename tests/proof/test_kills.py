"""kill -9 of the real web server in the middle of casts: a receipt and its ballot, or neither."""

import asyncio
import random
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from service.accounts.models import Session
from service.accounts.queries import token_digest
from service.core import clock, receipt
from service.core.actor import Resident
from service.core.instance import make as make_instance
from service.core.settings import Settings
from service.voting import actions, queries
from service.voting.models import SealedBallot
from service.voting.seal import BoxKey, Mark, Voter
from tests import FULL, make
from tests.live import LiveService

KILLS = 20 if FULL else 6
VOTERS = 8


@dataclass
class Client:
    """Casts one ballot after the other, and remembers what it was told."""

    inside: Voter
    token: str
    chance: random.Random
    sent: list[frozenset[int]] = field(default_factory=list)  # since the last receipt, without an answer
    told: tuple[frozenset[int], str] | None = None  # the last ballot with its receipt

    async def vote_until_the_end(self, url, started):
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as client:
            while True:
                numbers = frozenset(self.chance.sample(range(1, 6), self.chance.randint(1, 5)))
                body = {"selection": sorted(numbers)}
                try:
                    (await client.put("/draft", json=body)).raise_for_status()
                    self.sent.append(numbers)
                    answer = await client.post("/cast", json=body)
                except httpx.TransportError:
                    return
                answer.raise_for_status()
                self.told, self.sent = (numbers, answer.json()["receipt"]), []
                started.set()


@pytest.fixture
async def booth(own_url, own_database, tmp_path):
    keys = tmp_path / "keys"
    instance = make_instance(Settings(_env_file=None, database_url=own_url, key_folder=keys), own_database)
    async with own_database.transaction() as session:
        process = await make.vote(session)
    clients = [await client(instance, process, seed) for seed in range(VOTERS)]
    return instance, process, clients, LiveService(own_url, keys, worker=False)


async def client(instance, process, seed):
    async with instance.database.transaction() as session:
        account = await make.account(session)
        token = secrets.token_urlsafe(32)
        expires_at = await clock.now(session) + timedelta(days=1)
        session.add(Session(token_digest=token_digest(token), account_id=account.id, expires_at=expires_at))
    async with instance.database.transaction() as session:
        resident = Resident(account.id, account.name, account.language)
        inside = await actions.enrol(session, process, keys=instance.keys, by=resident)
    return Client(inside, token, random.Random(seed))


async def opened_box(instance, process):
    """Selection and receipt under each pseudonym; every row must verify."""
    key = BoxKey(instance.keys, process.id)
    async with instance.database.transaction(read_only=True) as session:
        ballot = await queries.ballot(session, process)
        rows = (await session.exec(select(SealedBallot))).all()
    return {
        row.pseudonym: (
            ballot.read(key.open(row.sealed)).numbers,
            Mark(row.nonce, row.commitment),
            key.open(row.sealed),
        )
        for row in rows
    }


async def check(instance, process, clients):
    """How many casts were under way and had reached the box, and how many had not."""
    box = await opened_box(instance, process)
    arrived = vanished = 0
    for voter in clients:
        held = box.get(voter.inside.pseudonym)
        if held is None:
            assert voter.told is None, "a receipt without its ballot"
            vanished += len(voter.sent)
            voter.sent = []
            continue
        numbers, mark, marks = held
        assert voter.inside.vote_seal.fits(mark, voter.inside.pseudonym, marks), "half a ballot"
        code = receipt.written(voter.inside.vote_seal.receipt(mark.nonce))
        under_way = voter.sent[-1:]  # one at a time
        assert (numbers, code) == voter.told or numbers in under_way, "a receipt of another ballot"
        if under_way and numbers == under_way[0]:
            arrived += 1
        else:
            vanished += len(under_way)
        voter.told, voter.sent = (numbers, code), []  # as the receipt's page shows it from now on
    return arrived, vanished


async def test_after_a_kill_there_is_a_receipt_with_its_ballot_or_neither(booth):
    instance, process, clients, live = booth
    chance = random.Random(7)
    address = f"/api/v1/processes/{process.slug}/ballot"
    arrived = vanished = 0
    for _ in range(KILLS):
        live.start()
        started = asyncio.Event()
        voting = [
            asyncio.create_task(voter.vote_until_the_end(f"{live.url}{address}", started))
            for voter in clients
        ]
        await asyncio.wait_for(started.wait(), 30)
        await asyncio.sleep(chance.uniform(0, 0.4))

        live.kill()

        await asyncio.gather(*voting)
        found = await check(instance, process, clients)
        arrived, vanished = arrived + found[0], vanished + found[1]

    assert arrived + vanished > 0, "no cast was under way at any kill"
    print(f"{KILLS} kills; casts under way: {arrived} reached the box, {vanished} did not")  # noqa: T201
    live.start()
    try:
        await retry_all(f"{live.url}{address}", clients)
    finally:
        live.stop()


async def retry_all(url, clients):
    """Pressing again is always safe: the same ballot, the same receipt, and the page shows it."""
    for voter in clients:
        headers = {"Authorization": f"Bearer {voter.token}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as client:
            draft = (await client.get("")).json()["selection"]
            first, again = [(await client.post("/cast", json={"selection": draft})).json() for _ in range(2)]
            assert first == again == (await client.get("/receipt")).json()
