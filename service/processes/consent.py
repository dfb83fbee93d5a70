"""Where taking part rests on consent, nobody does so before it is known that they are old enough to give it."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core import clock
from service.core.actor import Resident
from service.processes import rules
from service.processes.models import Process


async def check(session: AsyncSession, process_id: UUID, by: Resident) -> None:
    """Before proposing, supporting and commenting; a vote asks by rules of its own. Raises BirthYearNeeded, TooYoungToConsent."""
    process = await session.get_one(Process, process_id)
    account = await session.get_one(Account, by.id)
    rules.check_consent(process.legal_basis, account.birth_year, at=await clock.now(session))
