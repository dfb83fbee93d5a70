"""A job that fails is tried again for days; what is held after that can be made due again."""

from datetime import timedelta

import asyncpg
from pgqueuer.core.executors import EntrypointExecutorParameters
from pgqueuer.domain.errors import RetryRequested

from service import worker
from service.core import jobs
from service.core.instance import make
from service.core.settings import Settings


async def test_a_weekend_without_a_mail_server_loses_no_mail() -> None:
    waited, attempts = timedelta(), 0

    async def refused(_job: object) -> None:
        raise ConnectionRefusedError

    executor = worker.patient(
        EntrypointExecutorParameters(concurrency_limit=0, on_failure="hold", func=refused)
    )
    while True:
        try:
            await executor.execute(Tried(attempts), None)
        except RetryRequested as again:
            waited, attempts = waited + again.delay, attempts + 1
        except ConnectionRefusedError:
            break
    assert timedelta(days=2.5) < waited < timedelta(days=4)


class Tried:
    def __init__(self, attempts: int) -> None:
        self.attempts = attempts


async def test_what_is_held_waits_until_it_is_made_due_again(own_url, own_database, tmp_path) -> None:
    instance = make(Settings(_env_file=None, database_url=own_url, key_folder=tmp_path), own_database)
    async with own_database.transaction() as session:
        await jobs.enqueue(session, "accounts.clean_up")
    connection = await asyncpg.connect(own_url)
    await connection.execute("update pgqueuer set status = 'failed'")

    await worker.run(instance, until_empty=True)
    assert await connection.fetchval("select count(*) from pgqueuer") == 1
    assert await worker.again(instance) == 1
    await worker.run(instance, until_empty=True)
    assert await connection.fetchval("select count(*) from pgqueuer") == 0
    await connection.close()
