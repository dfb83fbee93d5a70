"""Residents discuss a proposal."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments import actions as comments
from service.comments.models import Comment, Words
from service.core import clock
from service.core.actor import Resident
from service.core.settings import COMMENTS_A_DAY
from service.processes import consent
from service.processes import queries as processes
from service.processes.models import Activity
from service.processes.rules import allows
from service.proposals import rules
from service.proposals.models import Proposal, State


async def comment(
    session: AsyncSession,
    proposal: Proposal,
    words: Words,
    *,
    nonce: UUID,
    by: Resident,
    parent_id: UUID | None = None,
    most_a_day: int = COMMENTS_A_DAY,
) -> Comment:
    """Raises CommentingIsClosed, CommentIsGone, TooManyComments, and as `consent.check`."""
    phases = await processes.phases(session, proposal.process_id)
    if proposal.state != State.PUBLISHED or not allows(phases, Activity.COMMENT, at=await clock.now(session)):
        raise rules.CommentingIsClosed
    await consent.check(session, proposal.process_id, by)
    return await comments.add(
        session,
        proposal.thread_id,
        words,
        nonce=nonce,
        by=by,
        parent_id=parent_id,
        most_a_day=most_a_day,
    )
