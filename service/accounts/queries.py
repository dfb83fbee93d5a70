"""Who is signed in."""

from hashlib import sha256

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account, Session


def token_digest(token: str) -> bytes:
    """What the database keeps of a session's token: 256 random bits need no slow hash."""
    return sha256(token.encode()).digest()


async def signed_in(session: AsyncSession, token: str) -> Account | None:
    statement = (
        select(Account)
        .join(Session, col(Session.account_id) == Account.id)
        .where(Session.token_digest == token_digest(token), col(Session.expires_at) > func.puntari_now())
    )
    return (await session.exec(statement)).one_or_none()
