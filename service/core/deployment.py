"""What this database is for, and the key its people are known by.

Only a demo or a test may shift the clock; demo pages exist only in a demo.
"""

from enum import StrEnum

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.keys import KeyStore, digest

IDENTITY = "identity"


class Kind(StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


async def kind(session: AsyncSession) -> Kind:
    return Kind((await session.exec(text("select kind from deployment"))).scalar_one())  # type: ignore[call-overload]


async def mark(session: AsyncSession, kind: Kind) -> None:
    """A database with people in it can never become a demo or a test: the database itself refuses (migration 0001)."""
    await session.exec(text("update deployment set kind = :kind").bindparams(kind=kind.value))  # type: ignore[call-overload]


class IdentityKeyIsAnother(Exception):
    """Under a new key nobody would find their account, and everybody could have a second one, with a second ballot."""


async def check_identity_key(session: AsyncSession, keys: KeyStore) -> None:
    """Raises IdentityKeyIsAnother where the key folder has none, or another than this database has known."""
    known = (await session.exec(text("select identity_fingerprint from deployment"))).scalar_one()  # type: ignore[call-overload]
    if known is None:
        return
    if not keys.has_instance(IDENTITY) or _fingerprint(keys.instance(IDENTITY)) != known:
        raise IdentityKeyIsAnother


async def identity_key(session: AsyncSession, keys: KeyStore) -> bytes:
    """What sign-in addresses are digested with. From its first use on the database knows it by its fingerprint.

    Raises IdentityKeyIsAnother.
    """
    await check_identity_key(session, keys)
    key = keys.instance(IDENTITY)
    remember = "update deployment set identity_fingerprint = :fingerprint where identity_fingerprint is null"
    await session.exec(text(remember).bindparams(fingerprint=_fingerprint(key)))  # type: ignore[call-overload]
    return key


def _fingerprint(key: bytes) -> bytes:
    return digest(key, b"fingerprint")
