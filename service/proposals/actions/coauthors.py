"""An author asks others to sign along; they join, say no, or leave."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts import rules as accounts
from service.accounts.models import Account
from service.audit import actions as audit
from service.core import clock
from service.core.actor import Resident
from service.core.errors import NotFound
from service.core.keys import KeyStore
from service.proposals import permission, queries, rules
from service.proposals.models import Coauthor, Proposal, State


async def ask_coauthor(
    session: AsyncSession, keys: KeyStore, proposal: Proposal, address: str, *, by: Resident
) -> Coauthor:
    """Ask whoever signs in with this e-mail address. The same whether an account has it or not.

    The question waits on that person's own page; asking again changes nothing, also when they have declined. Raises
    AddressUnreadable, AskedOneself, TooManyCoauthors, StateForbids.
    """
    sign_in_digest = accounts.sign_in_digest(keys.instance("identity"), accounts.normalised(address))
    await permission.lock_as_author(session, proposal, by)
    rules.check_state(proposal, *rules.UNSENT, State.SUBMITTED, State.PUBLISHED)
    asked = await queries.coauthors(session, proposal)
    before = next((row for row in asked if row.sign_in_digest == sign_in_digest), None)
    if before is not None:
        return before
    if (await session.get_one(Account, by.id)).sign_in_digest == sign_in_digest:
        raise rules.AskedOneself("email")
    if len(asked) >= rules.MOST_COAUTHORS:
        raise rules.TooManyCoauthors(most=rules.MOST_COAUTHORS)
    coauthor = Coauthor(proposal_id=proposal.id, sign_in_digest=sign_in_digest)
    session.add(coauthor)
    await audit.record(
        session, "coauthor.asked", coauthor.id, by=by, process_id=proposal.process_id, public=False
    )
    return coauthor


async def remove_coauthor(
    session: AsyncSession, proposal: Proposal, coauthor_id: UUID, *, by: Resident
) -> None:
    """Take a question or a co-author away. A refusal stays, for nobody is asked twice. Raises NotFound."""
    await permission.lock_as_author(session, proposal, by)
    coauthor = await session.get(Coauthor, coauthor_id)
    if coauthor is None or coauthor.proposal_id != proposal.id:
        raise NotFound
    if coauthor.declined_at is None:
        await session.delete(coauthor)
        await _record_coauthor(session, "coauthor.removed", coauthor, proposal, by)


async def accept(session: AsyncSession, coauthor_id: UUID, *, by: Resident) -> Coauthor:
    """Become a co-author. Raises NotFound where the question is for another."""
    coauthor, proposal = await _asked(session, coauthor_id, by)
    coauthor.account_id = by.id
    coauthor.name = by.name
    coauthor.accepted_at = await clock.now(session)
    coauthor.declined_at = None
    await _record_coauthor(session, "coauthor.accepted", coauthor, proposal, by)
    return coauthor


async def decline(session: AsyncSession, coauthor_id: UUID, *, by: Resident) -> None:
    """Say no; also how a co-author leaves. Raises NotFound where the question is for another."""
    coauthor, proposal = await _asked(session, coauthor_id, by)
    coauthor.account_id = None
    coauthor.name = ""
    coauthor.accepted_at = None
    coauthor.declined_at = await clock.now(session)
    await _record_coauthor(session, "coauthor.declined", coauthor, proposal, by)


async def _record_coauthor(
    session: AsyncSession, action: str, coauthor: Coauthor, proposal: Proposal, by: Resident
) -> None:
    await audit.record(
        session,
        action,
        coauthor.id,
        by=by,
        process_id=proposal.process_id,
        public=rules.is_public(proposal),
        proposal=str(proposal.id),
    )


async def _asked(session: AsyncSession, coauthor_id: UUID, by: Resident) -> tuple[Coauthor, Proposal]:
    statement = (
        select(Coauthor, Proposal)
        .join(Proposal, col(Proposal.id) == Coauthor.proposal_id)
        .join(Account, col(Account.sign_in_digest) == Coauthor.sign_in_digest)
        .where(Coauthor.id == coauthor_id, Account.id == by.id)
        .with_for_update(of=Coauthor, key_share=True)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found
