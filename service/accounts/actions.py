"""Everything that changes an account, a session or a request for a code."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete as delete_from
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts import queries, rules
from service.accounts.models import Account, OwnSettings, Session, SignInCode
from service.audit import actions as audit
from service.core import clock, deployment, jobs
from service.core.actor import Actor, Resident, System
from service.core.keys import KeyStore
from service.core.text import Language

SIGN_IN = System("sign-in")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is shown this once; the database keeps its digest."""

    account: Account
    token: str
    expires_at: datetime


async def request_code(
    session: AsyncSession, keys: KeyStore, address: str, *, language: Language
) -> SignInCode:
    """Ask that a code be mailed. The same whether the address has an account or not.

    Raises AddressUnreadable, CodesAskedTooOften.
    """
    email = rules.normalised(address)
    digest = rules.sign_in_digest(await deployment.identity_key(session, keys), email)
    # One address's requests come one after another, so that none slips past the count.
    await session.exec(select(func.pg_advisory_xact_lock(int.from_bytes(digest[:8], "big", signed=True))))
    now = await clock.now(session)
    rules.check_frequency(*await queries.recent_requests(session, digest, now), at=now)
    request = SignInCode(
        email=email, sign_in_digest=digest, language=language, expires_at=now + rules.CODE_LIFE
    )
    session.add(request)
    await session.flush()
    await jobs.enqueue(session, "accounts.send_code", request=str(request.id))
    return request


async def sign_in(
    session: AsyncSession, keys: KeyStore, request_id: UUID, code: str, *, instead_of: str | None = None
) -> SignedIn | rules.CodeWrong | rules.CodeExpired:
    """Open a session for whoever knows the code; the first one makes the account.

    A refusal is returned and not raised: it counts, so its transaction must be kept. `instead_of` is the token this browser
    held before; it ends, so that nobody who planted it shares what follows. Raises CodeUnreadable.
    """
    typed = rules.typed_code(code)
    statement = select(SignInCode).where(SignInCode.id == request_id).with_for_update()
    request = (await session.exec(statement)).one_or_none()
    now = await clock.now(session)
    if request is None or not rules.may_be_tried(request, at=now):
        return rules.CodeExpired("code")
    if not rules.matches(request, typed, keys.instance("codes")):
        request.wrong_attempts += 1
        await audit.record(session, "sign_in.refused", request.id, by=SIGN_IN, public=False)
        left = rules.WRONG_ATTEMPTS - request.wrong_attempts
        return rules.CodeWrong("code", n=left) if left else rules.CodeExpired("code")
    request.used_at = now
    account = await open_account(session, keys, request.email, language=request.language, by=SIGN_IN)
    return await _open_session(session, account, instead_of=instead_of)


async def sign_in_as(session: AsyncSession, account: Account, *, instead_of: str | None = None) -> SignedIn:
    """The demo's door: anyone as anyone. Raises NotADemo everywhere else."""
    if await deployment.kind(session) is not deployment.Kind.DEMO:
        raise rules.NotADemo
    return await _open_session(session, account, instead_of=instead_of)


async def open_account(
    session: AsyncSession, keys: KeyStore, address: str, *, language: str, by: Actor, name: str = ""
) -> Account:
    """The account of this address, made if there is none. Raises AddressUnreadable."""
    email = rules.normalised(address)
    digest = rules.sign_in_digest(await deployment.identity_key(session, keys), email)
    made = await session.exec(
        insert(Account)
        .values(id=uuid4(), email=email, sign_in_digest=digest, name=name, language=language)
        .on_conflict_do_nothing(index_elements=["sign_in_digest"])
        .returning(col(Account.id))
    )
    is_new = made.first() is not None
    account = (await session.exec(select(Account).where(Account.sign_in_digest == digest))).one()
    if is_new:
        await audit.record(session, "account.opened", account.id, by=by, public=False)
    return account


async def change_settings(session: AsyncSession, settings: OwnSettings, *, by: Resident) -> Account:
    """Own texts keep the name they were written under. Raises BirthYearInFuture."""
    rules.check_birth_year(settings.birth_year, at=await clock.now(session))
    account = await queries.get(session, by.id)
    account.name = settings.name
    account.language = settings.language
    account.birth_year = settings.birth_year
    await audit.record(session, "account.changed", account.id, by=by, public=False)
    return account


async def end_session(session: AsyncSession, session_id: UUID, *, by: Resident) -> None:
    """Own sessions only: raises SessionUnknown for another's as for none."""
    statement = delete_from(Session).where(col(Session.id) == session_id, col(Session.account_id) == by.id)
    ended = await session.exec(statement.returning(col(Session.id)))
    if ended.first() is None:
        raise rules.SessionUnknown
    await audit.record(session, "session.ended", session_id, by=by, public=False)


async def end_all_sessions(session: AsyncSession, *, by: Resident) -> None:
    """This one too."""
    await session.exec(delete_from(Session).where(col(Session.account_id) == by.id))
    await audit.record(session, "session.all_ended", by.id, by=by, public=False)


async def delete(session: AsyncSession, *, by: Resident) -> None:
    """The account with its sessions and codes. What other slices keep of the person they forget themselves, before this.

    An electoral roll knows the sign-in digest and not the account, so whoever comes back with the same address has the same ballot.
    """
    await _delete(session, await queries.get(session, by.id), by)


async def warn(session: AsyncSession, account_id: UUID, *, until: datetime, by: System) -> None:
    """Have a mail sent: unless the account is used before `until`, it will be deleted."""
    await audit.record(session, rules.WARNED, account_id, by=by, public=False)
    await jobs.enqueue(session, "accounts.warn", account=str(account_id), until=until.isoformat())


async def delete_unused(session: AsyncSession, account_id: UUID, *, by: System) -> None:
    """As `delete`. Raises NotFound."""
    await _delete(session, await queries.get(session, account_id), by)


async def _delete(session: AsyncSession, account: Account, by: Resident | System) -> None:
    await session.exec(
        delete_from(SignInCode).where(col(SignInCode.sign_in_digest) == account.sign_in_digest)
    )
    await audit.record(session, "account.deleted", account.id, by=by, public=False)
    await session.delete(account)
    await session.flush()


async def _open_session(session: AsyncSession, account: Account, *, instead_of: str | None) -> SignedIn:
    if instead_of is not None:
        await session.exec(
            delete_from(Session).where(col(Session.token_digest) == queries.token_digest(instead_of))
        )
    token = secrets.token_urlsafe(32)
    opened = Session(
        token_digest=queries.token_digest(token),
        account_id=account.id,
        expires_at=await clock.now(session) + rules.SESSION_LIFE,
    )
    session.add(opened)
    await session.flush()
    by = Resident(account.id, account.name, account.language)
    await audit.record(session, "session.opened", opened.id, by=by, public=False)
    return SignedIn(account, token, opened.expires_at)
