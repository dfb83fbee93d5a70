"""Residents find a proposal good."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core.actor import Resident
from service.processes import consent
from service.proposals import permission, rules
from service.proposals.models import Proposal, State, Support


async def support(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """One person, one support: supporting again changes nothing. Raises SupportIsClosed, StateForbids, and as `consent.check`."""
    rules.check_state(proposal, State.PUBLISHED)
    await permission.check_supporting(session, proposal)
    await consent.check(session, proposal.process_id, by)
    row = insert(Support).values(proposal_id=proposal.id, account_id=by.id)
    given = await session.exec(row.on_conflict_do_nothing().returning(col(Support.account_id)))
    if given.first():
        await audit.record(session, "proposal.supported", proposal.id, by=by, process_id=proposal.process_id)


async def unsupport(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """Take support back, also from an original that was merged. Raises SupportIsClosed."""
    await permission.check_supporting(session, proposal)
    own = delete(Support).where(col(Support.proposal_id) == proposal.id, col(Support.account_id) == by.id)
    taken = await session.exec(own.returning(col(Support.account_id)))
    if taken.first():
        await audit.record(
            session, "proposal.unsupported", proposal.id, by=by, process_id=proposal.process_id
        )
