"""What the privacy notice promises about keeping, and the worker's daily round that holds each promise.

The months are the city's own (`privacy.retention` of its file), so what a resident reads is what is done. docs/operators.md lists
promise and job side by side.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service import person
from service.accounts import actions as accounts
from service.accounts import queries as accounts_queries
from service.audit import actions as audit
from service.core import clock, jobs
from service.core.actor import System
from service.core.city import WARNED_MONTHS, Kept
from service.core.instance import Instance
from service.moderation import actions as moderation
from service.notifications import actions as notifications
from service.proposals import actions as proposals
from service.voting import actions as voting
from service.voting import queries as votes

WORKER = System("worker")
NOTICE = timedelta(days=31)  # between the warning and the deletion of an unused account


async def keep_promises(instance: Instance, session: AsyncSession) -> None:  # noqa: ARG001 - every job takes the instance
    """Each promise in a transaction of its own: one that fails holds up no other."""
    for kept in Kept:
        await jobs.enqueue(session, "retention.keep_promise", of=kept.value)


async def keep_promise(instance: Instance, session: AsyncSession, *, of: str) -> None:
    kept = Kept(of)
    await KEEPERS[kept](instance, session, instance.city.months(kept))


async def delete_account(instance: Instance, session: AsyncSession, *, account: str) -> None:
    """Unless somebody has come back to it meanwhile."""
    until = await clock.months_ago(session, instance.city.months(Kept.ACCOUNT))
    if UUID(account) in {unused.id for unused in await accounts_queries.unused(session, until)}:
        await person.delete_unused(session, UUID(account), by=WORKER)


async def _accounts(instance: Instance, session: AsyncSession, months: int) -> None:  # noqa: ARG001 - as the others
    """Warned a month before, then deleted. Who was not warned in time has their month all the same."""
    now = await clock.now(session)
    until = await clock.months_ago(session, months)
    for unused in await accounts_queries.unused(
        session, await clock.months_ago(session, months - WARNED_MONTHS)
    ):
        if unused.warned_at is None or unused.warned_at <= unused.used_at:
            await accounts.warn(session, unused.id, until=now + NOTICE, by=WORKER)
        elif unused.used_at <= until and unused.warned_at <= now - NOTICE:
            await jobs.enqueue(session, "retention.delete_account", account=str(unused.id))


async def _drafts(instance: Instance, session: AsyncSession, months: int) -> None:  # noqa: ARG001 - as the others
    await proposals.expire_drafts(session, await clock.months_ago(session, months), by=WORKER)


async def _news(instance: Instance, session: AsyncSession, months: int) -> None:  # noqa: ARG001 - as the others
    await notifications.expire(session, await clock.months_ago(session, months), by=WORKER)


async def _moderation(instance: Instance, session: AsyncSession, months: int) -> None:  # noqa: ARG001 - as the others
    await moderation.expire(session, await clock.months_ago(session, months), by=WORKER)


async def _electoral_rolls(instance: Instance, session: AsyncSession, months: int) -> None:
    """Rolls go with the keys, as a rule earlier than promised: KEYS_KEPT_DAYS after the count."""
    for process in await votes.counted_with_keys(session, await clock.months_ago(session, months)):
        await voting.destroy_keys(session, process, keys=instance.keys, by=WORKER)


async def _audit(instance: Instance, session: AsyncSession, months: int) -> None:  # noqa: ARG001 - as the others
    await audit.expire(session, await clock.months_ago(session, months), by=WORKER)


KEEPERS: Mapping[Kept, Callable[[Instance, AsyncSession, int], Awaitable[None]]] = {
    Kept.ACCOUNT: _accounts,
    Kept.DRAFT: _drafts,
    Kept.NEWS: _news,
    Kept.MODERATION: _moderation,
    Kept.ELECTORAL_ROLL: _electoral_rolls,
    Kept.AUDIT: _audit,
}
