"""Work for later, enqueued in the transaction that wants it: a job of a transaction that rolls back never existed."""

import json
from dataclasses import dataclass
from datetime import timedelta

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    payload: dict[str, object]
    after: timedelta | None


async def enqueue(
    session: AsyncSession, name: str, /, *, after: timedelta | None = None, **payload: object
) -> None:
    """Enqueue job `name`; `payload` is JSON and holds ids, never anything personal.

    SQLAlchemy begins its transaction with its first statement. A job enqueued before that would be committed at once
    and survive a rollback, so a statement is sent first.
    """
    await session.flush()
    if "held_jobs" in session.info:
        session.info["held_jobs"].append(Job(name, payload, after))
        return
    await session.exec(text("select 1"))  # type: ignore[call-overload]
    connection = await (await session.connection()).get_raw_connection()
    driver = AsyncpgDriver(connection.driver_connection)
    await Queries(driver).enqueue(name, json.dumps(payload).encode(), execute_after=after)


def hold(session: AsyncSession) -> list[Job]:
    """From now on this session's jobs go to the caller, who runs them by a clock of its own: the demo's story."""
    held: list[Job] = []
    session.info["held_jobs"] = held
    return held
