"""The clockwork: runs due jobs with PgQueuer, each in a transaction of its own, again later where one fails."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.db import AsyncpgDriver
from pgqueuer.domain.types import QueueExecutionMode
from pgqueuer.models import Job, Schedule
from pgqueuer.queries import Queries

from service import retention
from service.accounts import jobs as accounts
from service.calculator import jobs as calculator
from service.core import jobs
from service.core.database import DatabaseAway, connect
from service.core.instance import Instance
from service.notifications import jobs as notifications
from service.notifications import reminders
from service.proposals import jobs as proposals
from service.voting import jobs as voting

Handler = Callable[..., Awaitable[None]]

log = logging.getLogger("puntari")

HANDLERS: dict[str, Handler] = {
    "accounts.send_code": accounts.send_code,
    "accounts.clean_up": accounts.clean_up,
    "accounts.warn": accounts.warn,
    "audit.recorded": notifications.announce,
    "calculator.mix": calculator.mix,
    "calculator.release": calculator.release,
    "notifications.mail": notifications.send_mail,
    "notifications.remind": reminders.remind,
    "notifications.send_reminder": reminders.send_reminder,
    "proposals.index_again": proposals.index_again,
    "retention.keep_promises": retention.keep_promises,
    "retention.keep_promise": retention.keep_promise,
    "retention.delete_account": retention.delete_account,
    "voting.announce_ballot": voting.announce_ballot,
    "voting.mix": voting.mix,
    "voting.remove_drafts": voting.remove_drafts,
    "voting.part_with_keys": voting.part_with_keys,
    "voting.destroy_keys": voting.destroy_keys,
}
# Cron expressions of jobs that nobody else enqueues.
SCHEDULES: dict[str, str] = {
    "accounts.clean_up": "17 3 * * *",
    "calculator.mix": "1-51/10 * * * *",
    "calculator.release": "3-53/10 * * * *",
    "notifications.remind": "10 7 * * *",  # in the morning: the clock here is UTC
    "proposals.index_again": "*/10 * * * *",
    "retention.keep_promises": "27 3 * * *",
    "voting.mix": "5-55/10 * * * *",
}

# A mail server may be away over a weekend: again after 2 s, then ever later, then every hour, for about three days. The factor is
# small because the delay is computed before it is capped, and a timedelta ends at 10^14 s.
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(hours=1)
FACTOR = 1.2
ATTEMPTS = 110
MOST_HELD = 1_000_000
RECONNECT_SECONDS = 2
LOOK_AGAIN = timedelta(
    seconds=5
)  # a new job announces itself; one that is tried again or waits for its moment does not


class JobFailed(Exception):
    """Says only what kind of error it was: the queue keeps the text, and a text may carry an address."""


patient = partial(
    DatabaseRetryEntrypointExecutor,
    max_attempts=ATTEMPTS,
    initial_delay=FIRST_DELAY,
    max_delay=LONGEST_DELAY,
    backoff_multiplier=FACTOR,
)


async def keep_working(instance: Instance, stop: asyncio.Event) -> None:
    """Work until told to stop. When the database goes away, wait and go on when it is back."""
    while not stop.is_set():
        try:
            await run(instance, stop=stop)
        except (DatabaseAway, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("the worker lost the database: %s", type(error.__cause__ or error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RECONNECT_SECONDS)


async def again(instance: Instance) -> int:
    """Make the jobs due that were tried for days and are held since; how many."""
    connection = await connect(instance.settings.database_url)
    try:
        queries = Queries(AsyncpgDriver(connection))
        held = await queries.list_failed_jobs(limit=MOST_HELD)
        await queries.requeue_jobs([job.id for job in held])
    finally:
        await connection.close(timeout=5)
    return len(held)


async def run(instance: Instance, *, until_empty: bool = False, stop: asyncio.Event | None = None) -> None:
    """Work until told to stop; with `until_empty` until no job is due."""
    connection = await connect(instance.settings.database_url)
    try:
        queue = PgQueuer(AsyncpgDriver(connection))
        for name, handler in HANDLERS.items():
            queue.entrypoint(
                name,
                on_failure="hold",
                executor_factory=patient,
            )(_in_transaction(instance, handler))
        for name, expression in SCHEDULES.items():
            queue.schedule(name, expression)(_enqueues(instance, name))
        if stop is not None:
            asyncio.get_running_loop().create_task(_stop_when(stop, queue))
        mode = QueueExecutionMode.drain if until_empty else QueueExecutionMode.continuous
        await queue.run(mode=mode, dequeue_timeout=LOOK_AGAIN)
    finally:
        await connection.close(timeout=5)


def _in_transaction(instance: Instance, handler: Handler) -> Callable[[Job], Awaitable[None]]:
    async def work(job: Job) -> None:
        payload: dict[str, Any] = json.loads(job.payload or b"{}")
        try:
            async with instance.database.transaction() as session:
                await handler(instance, session, **payload)
        except Exception as error:  # noqa: BLE001 - whatever it was, the job is tried again
            raise JobFailed(type(error).__name__) from None

    return work


def _enqueues(instance: Instance, name: str) -> Callable[[Schedule], Awaitable[None]]:
    async def enqueue(_schedule: Schedule) -> None:
        async with instance.database.transaction() as session:
            await jobs.enqueue(session, name)

    return enqueue


async def _stop_when(stop: asyncio.Event, queue: PgQueuer) -> None:
    await stop.wait()
    queue.shutdown.set()
