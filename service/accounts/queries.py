"""Every SELECT about accounts: who is signed in, where, and what is kept about them."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account, Session, SignInCode
from service.accounts.rules import ADDRESS_WINDOW, WARNED, WINDOW_IN_ALL
from service.audit.models import Entry
from service.core.errors import NotFound


def token_digest(token: str) -> bytes:
    """What the database keeps of a session's token: 256 random bits need no slow hash."""
    return sha256(token.encode()).digest()


OF_TOKEN = and_(
    col(Session.account_id) == Account.id,
    col(Session.token_digest) == bindparam("token_digest"),
    col(Session.expires_at) > func.puntari_now(),
)
"""The session of a token, while it holds, joined to its account."""


async def get(session: AsyncSession, account_id: UUID) -> Account:
    """Raises NotFound."""
    account = await session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


async def sessions(session: AsyncSession, account_id: UUID) -> Sequence[Session]:
    """Sessions that still hold, newest first."""
    statement = (
        select(Session)
        .where(Session.account_id == account_id, col(Session.expires_at) > func.puntari_now())
        .order_by(col(Session.created_at).desc(), col(Session.id))
    )
    return (await session.exec(statement)).all()


async def session_of(session: AsyncSession, token: str) -> Session:
    """Raises NotFound."""
    statement = select(Session).where(Session.token_digest == token_digest(token))
    current = (await session.exec(statement)).one_or_none()
    if current is None:
        raise NotFound
    return current


async def code_request(session: AsyncSession, request_id: UUID) -> SignInCode | None:
    return await session.get(SignInCode, request_id)


class Unused(NamedTuple):
    id: UUID
    used_at: datetime  # made, or last anything done with it
    warned_at: datetime | None  # that it will be deleted, whenever that was


async def unused(session: AsyncSession, since: datetime) -> Sequence[Unused]:
    """Accounts with which nothing was done after `since`: the trail tells, and a sign-in is in it."""
    acted = (
        select(func.max(Entry.at)).where(Entry.actor_id == Account.id).correlate(Account).scalar_subquery()
    )
    warned = (
        select(func.max(Entry.at))
        .where(Entry.action == WARNED, Entry.subject_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    used_at = func.greatest(Account.created_at, acted)
    statement = select(col(Account.id), used_at, warned).where(used_at <= since).order_by(col(Account.id))
    return [Unused(*row) for row in (await session.exec(statement)).all()]


async def recent_requests(
    session: AsyncSession, sign_in_digest: bytes, at: datetime
) -> tuple[Sequence[datetime], int]:
    """When codes were asked for this address within its window, oldest first; how many in all within theirs."""
    of_address = (
        select(SignInCode.requested_at)
        .where(
            SignInCode.sign_in_digest == sign_in_digest, col(SignInCode.requested_at) > at - ADDRESS_WINDOW
        )
        .order_by(col(SignInCode.requested_at))
    )
    in_all = select(func.count()).where(col(SignInCode.requested_at) > at - WINDOW_IN_ALL)
    return (await session.exec(of_address)).all(), (await session.exec(in_all)).one()


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, Any]:
    """Everything kept here about a person, as JSON can say it. Digests are left out: only the service can read them."""
    account = await get(session, account_id)
    requests = select(SignInCode).where(SignInCode.sign_in_digest == account.sign_in_digest)
    return {
        "account": account.model_dump(mode="json", exclude={"sign_in_digest"}),
        "sessions": [
            row.model_dump(mode="json", exclude={"token_digest", "account_id"})
            for row in await sessions(session, account_id)
        ],
        "sign_in_codes": [
            row.model_dump(mode="json", include={"requested_at", "expires_at", "used_at", "wrong_attempts"})
            for row in (await session.exec(requests.order_by(col(SignInCode.requested_at)))).all()
        ],
    }
