"""Follow, stop following, mail or no mail; old news go."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core.actor import Resident, System
from service.core.errors import NotFound
from service.notifications.models import Follow, NoMail, Notice
from service.proposals.models import Proposal
from service.proposals.rules import is_public


async def follow(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """Be told of each step. Following twice changes nothing."""
    if not is_public(proposal):
        raise NotFound
    await session.exec(
        insert(Follow).values(account_id=by.id, proposal_id=proposal.id).on_conflict_do_nothing()
    )
    await audit.record(
        session, "proposal.followed", proposal.id, by=by, process_id=proposal.process_id, public=False
    )


async def unfollow(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    following = await session.get(Follow, (by.id, proposal.id))
    if following is None:
        return
    await session.delete(following)
    await audit.record(
        session, "proposal.unfollowed", proposal.id, by=by, process_id=proposal.process_id, public=False
    )


async def expire(session: AsyncSession, until: datetime, *, by: System) -> None:
    """News that people were told before `until` go."""
    gone = await session.exec(delete(Notice).where(col(Notice.made_at) < until))
    if gone.rowcount:
        await audit.record(session, "news.expired", by=by, public=False, news=gone.rowcount)


async def choose_mail(session: AsyncSession, *, wanted: bool, by: Resident) -> None:
    """Mails about proposals, or news on the own page only. Sign-in codes always come."""
    if wanted:
        await session.exec(delete(NoMail).where(col(NoMail.account_id) == by.id))
    else:
        await session.exec(insert(NoMail).values(account_id=by.id).on_conflict_do_nothing())
    await audit.record(session, "mail.chosen", by.id, by=by, public=False, wanted=wanted)
