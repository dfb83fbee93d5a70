"""The worker's daily round, from the schedule through the queue to the tables."""

import pytest
from sqlalchemy import text

from service import worker
from service.core import instance as instances


@pytest.fixture
async def place(own_url, own_database, settings):
    return instances.make(settings.model_copy(update={"database_url": own_url}), own_database)


async def test_the_worker_removes_what_expired_when_its_hour_comes(place):
    async with place.database.transaction() as session:
        await session.exec(
            text(
                "insert into sign_in_code "
                "(id, email, sign_in_digest, language, wrong_attempts, requested_at, expires_at) "
                "select gen_random_uuid(), 'a@posti.example', 'd', 'fi', 0, at, at + interval '10 minutes' "
                "from unnest(array[puntari_now() - interval '2 hours', puntari_now()]) at"
            )
        )
    await worker._enqueues(place, "accounts.clean_up")(None)
    await worker.run(place, until_empty=True)

    async with place.database.transaction() as session:
        kept = await session.exec(
            text("select requested_at > puntari_now() - interval '1 hour' from sign_in_code")
        )
        assert kept.scalars().all() == [True]


def test_whatever_is_scheduled_is_a_job_of_the_worker():
    assert worker.SCHEDULES.keys() <= worker.HANDLERS.keys()
