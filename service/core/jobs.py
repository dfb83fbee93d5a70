"""Work for later, enqueued in the transaction that wants it: a job of a transaction that rolls back never existed."""

import json
from datetime import timedelta

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession


async def enqueue(
    session: AsyncSession, name: str, /, *, after: timedelta | None = None, **payload: object
) -> None:
    """Enqueue job `name`; `payload` is JSON and holds ids, never anything personal.

    SQLAlchemy begins its transaction with its first statement. A job enqueued before that would be committed at once
    and survive a rollback, so a statement is sent first.
    """
    await session.flush()
    await session.exec(text("select 1"))  # type: ignore[call-overload]
    connection = await (await session.connection()).get_raw_connection()
    driver = AsyncpgDriver(connection.driver_connection)
    await Queries(driver).enqueue(name, json.dumps(payload).encode(), execute_after=after)
