"""A vote over HTTP with real commits, for what only committed transactions show."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
from litestar import Litestar
from sqlalchemy import text

from service.accounts import queries as accounts
from service.app import create_app
from service.core.database import Database
from service.core.instance import Instance
from service.core.instance import make as make_instance
from service.core.settings import Settings
from service.processes.models import Process
from tests import make
from tests.database import TestServer


@dataclass
class Voter:
    """A browser of somebody signed in."""

    client: httpx.AsyncClient
    address: str
    proof: str
    account_id: UUID
    email: str
    sign_in_digest: bytes

    async def post(self, path: str, body: dict[str, object], *, method: str = "POST") -> httpx.Response:
        headers = {"X-CSRF-Token": self.proof}
        return await self.client.request(method, f"{self.address}{path}", json=body, headers=headers)

    async def open(self) -> None:
        (await self.post("", {"birth_year": 1980})).raise_for_status()

    async def choose(self, *numbers: int) -> None:
        (await self.post("/draft", {"selection": list(numbers)}, method="PUT")).raise_for_status()

    async def cast(self, *numbers: int) -> str:
        answer = await self.post("/cast", {"selection": list(numbers)})
        answer.raise_for_status()
        return str(answer.json()["receipt"])


@dataclass
class Booth:
    instance: Instance
    app: Litestar
    process: Process
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def pass_time(self, by: timedelta) -> None:
        """For transactions that begin from now on. Those under way live on in their own time."""
        async with self.instance.database.transaction() as session:
            name = (await session.exec(text("select current_database()"))).scalar_one()
            await session.exec(
                text(f"alter database \"{name}\" set puntari.shift = '{by.total_seconds()} seconds'")
            )
        await self.instance.database.engine.dispose()

    async def voter(self, email: str = "") -> Voter:
        transport = httpx.ASGITransport(self.app)  # type: ignore[arg-type]
        client = httpx.AsyncClient(transport=transport, base_url="http://puntari.test")
        self.clients.append(client)
        async with self.instance.database.transaction() as session:
            account = await make.account(session, email=email, keys=self.instance.keys)
        address = f"/api/v1/processes/{self.process.slug}/ballot"
        voter = Voter(client, address, "", account.id, account.email, account.sign_in_digest)
        await self.sign_in(voter)
        return voter

    async def sign_in(self, voter: Voter) -> None:
        async with self.instance.database.transaction() as session:
            account = await accounts.get(session, voter.account_id)
            voter.proof = await make.signed_in(voter.client, session, account)

    async def voters(self, count: int) -> list[Voter]:
        return [await self.voter() for _ in range(count)]


@asynccontextmanager
async def booth(server: TestServer, keys: Path, **vote: object) -> AsyncIterator[Booth]:
    """A database of its own with a vote that is open, behind the real application."""
    clients: list[httpx.AsyncClient] = []
    async with server.copy() as url:
        database = Database(url)
        instance = make_instance(Settings(_env_file=None, database_url=url, key_folder=keys), database)
        async with database.transaction() as session:
            process = await make.vote(session, **vote)
        try:
            yield Booth(instance, create_app(instance), process, clients)
        finally:
            for client in clients:
                await client.aclose()
            await database.close()
