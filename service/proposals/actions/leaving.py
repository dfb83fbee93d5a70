"""What stays when a person leaves, and what goes when nobody goes on with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core.actor import System
from service.core.database import publish as publish_revision
from service.proposals import manuscript, queries
from service.proposals.actions import trail
from service.proposals.models import Coauthor, Proposal, State, Support


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Before an account is deleted: what was public stays without the name, what never was loses its content.

    A draft passes to its first co-author. One without stays as an empty row, for moderators' rulings may point to it. The
    waiting edit of what was public stays where a co-author is left, who can go on with it or drop it. Support goes, and so do co-authorships and questions, answered or not.
    """
    account = await session.get_one(Account, account_id)
    await session.exec(delete(Coauthor).where(col(Coauthor.sign_in_digest) == account.sign_in_digest))
    await session.exec(delete(Support).where(col(Support.account_id) == account_id))
    own = select(Proposal).where(Proposal.author_id == account_id).order_by(col(Proposal.id))
    for proposal in (await session.exec(own.with_for_update(key_share=True))).all():
        proposal.author_id = None
        proposal.author_name = ""
        if proposal.published_at is None:
            await _pass_on_or_empty(session, proposal)
        elif not await _accepted(session, proposal):
            await manuscript.drop_edit(session, proposal)
    publish_revision(session)


async def _pass_on_or_empty(session: AsyncSession, proposal: Proposal) -> None:
    proposal.version += 1
    if accepted := await _accepted(session, proposal):
        heir = accepted[0]
        proposal.author_id, proposal.author_name = heir.account_id, heir.name
        await session.delete(heir)
    else:
        await manuscript.empty(session, proposal)
    await session.flush()


async def expire_drafts(session: AsyncSession, until: datetime, *, by: System) -> None:
    """What an author has begun, or got back for changes, and not touched since `until` goes: drafts, and edits of what is public.

    A draft that was never sent is deleted. One that was sent before stays as an empty row, for moderators' rulings may point to it.
    """
    for proposal in await queries.untouched(session, until):
        if proposal.state == State.PUBLISHED:
            await manuscript.drop_edit(session, proposal)
        elif proposal.submitted_at is not None:
            await manuscript.empty(session, proposal)
        else:
            await manuscript.delete(session, proposal)
        await trail.record(session, "draft.expired", proposal, by, public=False)


async def _accepted(session: AsyncSession, proposal: Proposal) -> list[Coauthor]:
    return [row for row in await queries.coauthors(session, proposal) if row.accepted_at]
