"""Follow, stop following, mail or no mail."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core.actor import Resident
from service.core.errors import NotFound
from service.notifications.models import Follow, NoMail
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


async def choose_mail(session: AsyncSession, *, wanted: bool, by: Resident) -> None:
    """Mails about proposals, or news on the own page only. Sign-in codes always come."""
    silent = await session.get(NoMail, by.id)
    if wanted and silent is not None:
        await session.delete(silent)
    elif not wanted and silent is None:
        session.add(NoMail(account_id=by.id))
    await audit.record(session, "mail.chosen", by.id, by=by, public=False, wanted=wanted)
