"""What the load is put on: a durable embedded server, 200 published proposals, an open vote with 2,000 people in it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil
from sqlalchemy import text

from service import migrate
from service.accounts.models import Session
from service.accounts.queries import token_digest
from service.core import clock
from service.core.database import Database
from service.core.keys import KeyStore
from service.embedded import EmbeddedServer
from service.processes.models import Activity, Process
from service.voting import actions as voting
from service.voting import queries as ballots
from tests import make
from tests.live import LiveService

WEB_PROCESSES = 2  # as compose.yaml has them
VOTERS = 2_000
PROPOSALS = 200
SELECTION = frozenset({1, 2})


@dataclass
class Bench:
    server: EmbeddedServer
    database: Database
    live: LiveService
    folder: Path
    proposing: Process
    voting: Process
    tokens: list[str] = field(default_factory=list)

    @property
    def processes(self) -> list[psutil.Process]:
        """The web server and PostgreSQL with all their children."""
        postmaster = int((self.server.data / "postmaster.pid").read_text().split()[0])
        return [*(psutil.Process(part.pid) for part in self.live.processes), psutil.Process(postmaster)]


@asynccontextmanager
async def made(folder: Path) -> AsyncIterator[Bench]:
    server = EmbeddedServer(folder / "server")
    server.start()
    server.create_database("bench")
    url = server.url("bench")
    await migrate.upgrade(url)
    database = Database(url)
    keys = KeyStore(folder / "keys")
    async with database.transaction() as session:
        await session.exec(text("update deployment set kind = 'test'"))  # type: ignore[call-overload]
        proposing = await make.process(
            session, slug="ehdotukset", open_to=[Activity.PROPOSE, Activity.SUPPORT]
        )
        author = await make.resident(session)
        for _ in range(PROPOSALS):
            await make.proposal(session, proposing, author)
        voting_process = await make.vote(session, slug="aanestys")
    tokens = await _voters(database, voting_process, keys)
    server.run("vacuumdb", "--analyze", "--quiet", "bench")
    live = LiveService(url, folder / "keys", worker=False)
    live.environment["WEB_PROCESSES"] = str(WEB_PROCESSES)
    live.start()
    try:
        yield Bench(server, database, live, folder, proposing, voting_process, tokens)
    finally:
        live.stop()
        await database.close()
        server.stop()


async def _voters(database: Database, process: Process, keys: KeyStore) -> list[str]:
    """Signed in, on the roll, with a draft, and cast once: casts are then as on the second day."""
    tokens = []
    for _ in range(VOTERS):
        token = secrets.token_urlsafe(32)
        async with database.transaction() as session:
            voter = await make.voter(session, process, keys)
        async with database.transaction() as session:
            ballot = await ballots.ballot(session, process)
            await voting.save_draft(session, ballot, SELECTION, by=voter)
        async with database.transaction() as session:
            await voting.cast(session, ballot, SELECTION, by=voter)
        async with database.transaction() as session:
            found = await session.exec(  # type: ignore[call-overload]
                text("select id from account where sign_in_digest = :digest").bindparams(
                    digest=voter.sign_in_digest
                )
            )
            expires_at = await clock.now(session) + timedelta(days=1)
            session.add(
                Session(
                    token_digest=token_digest(token), account_id=found.scalar_one(), expires_at=expires_at
                )
            )
        tokens.append(token)
    return tokens
