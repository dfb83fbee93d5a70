"""A person as all slices know them: everything that is kept about them, and leaving. A slice adds its part to both lists."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts import actions as accounts_actions
from service.accounts import queries as accounts
from service.audit import queries as audit
from service.comments import actions as comments_actions
from service.comments import queries as comments
from service.core.actor import Resident, System
from service.council import queries as council
from service.evaluation import actions as evaluation_actions
from service.evaluation import queries as evaluation
from service.moderation import actions as moderation_actions
from service.moderation import queries as moderation
from service.notifications import queries as notifications
from service.pictures import queries as pictures
from service.processes import queries as processes
from service.proposals import actions as proposals_actions
from service.proposals import queries as proposals
from service.voting import queries as voting

KEPT: dict[str, Callable[[AsyncSession, UUID], Awaitable[Any]]] = {
    "accounts": accounts.of_person,
    "processes": processes.of_person,
    "proposals": proposals.of_person,
    "comments": comments.of_person,
    "pictures": pictures.of_person,
    "moderation": moderation.of_person,
    "evaluation": evaluation.of_person,
    "voting": voting.of_person,
    "council": council.of_person,
    "notifications": notifications.of_person,
    "audit": audit.of_person,
}
FORGETTING: list[Callable[[AsyncSession, UUID], Awaitable[None]]] = [
    proposals_actions.forget,
    comments_actions.forget,
    moderation_actions.forget,
    evaluation_actions.forget,
]


async def data(session: AsyncSession, account_id: UUID) -> dict[str, Any]:
    """By slice, as JSON can say it."""
    return {name: await of_person(session, account_id) for name, of_person in KEPT.items()}


async def delete(session: AsyncSession, *, by: Resident) -> None:
    """One's own. Published texts stay without the name; the rest goes, the account last."""
    await _forget(session, by.id)
    await accounts_actions.delete(session, by=by)


async def delete_unused(session: AsyncSession, account_id: UUID, *, by: System) -> None:
    """As `delete`. Raises NotFound."""
    await _forget(session, account_id)
    await accounts_actions.delete_unused(session, account_id, by=by)


async def _forget(session: AsyncSession, account_id: UUID) -> None:
    for forget in FORGETTING:
        await forget(session, account_id)
