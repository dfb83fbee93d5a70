"""What every action on a proposal leaves behind: an entry in the trail, and a version that tells others of the change."""

from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core.actor import Actor
from service.proposals.models import Proposal


async def record(
    session: AsyncSession, action: str, proposal: Proposal, by: Actor, *, public: bool = True
) -> None:
    proposal.version += 1
    await audit.record(
        session,
        action,
        proposal.id,
        by=by,
        process_id=proposal.process_id,
        public=public,
        number=proposal.number,
    )
