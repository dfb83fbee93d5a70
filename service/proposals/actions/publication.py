"""What moderators decide of what waits, a submitted proposal or the edit of a published one, and of what is public."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import clock
from service.core.actor import Moderator
from service.pictures import actions as pictures
from service.proposals import manuscript, permission, rules, search
from service.proposals.actions import merging, trail
from service.proposals.models import Proposal, State


async def publish(session: AsyncSession, proposal: Proposal, *, version: int, by: Moderator) -> Proposal:
    """Publish what waits; also puts back what was refused or hidden.

    `version` is `proposal.version` as the moderator read it: a text that changed since is not decided on (EditedMeanwhile).
    Raises StateForbids where nothing waits; for an edit TextsAreFixed once voting has begun, and StillIncomplete.
    """
    await permission.lock_as_staff(session, proposal, by)
    now = await clock.now(session)
    if proposal.state == State.PUBLISHED:
        edit = await manuscript.edit_to_decide(session, proposal, version)
        await permission.check_not_fixed(session, proposal)
        rules.check_publishable(edit, has_picture=edit.picture_id is not None)
        replaced = proposal.picture_id if proposal.picture_id != edit.picture_id else None
        proposal.sqlmodel_update(edit.content())
        proposal.picture_id = edit.picture_id
        edit.published_at = now
        if replaced is not None:
            await session.flush()
            await pictures.remove(session, replaced)
        await trail.record(session, "proposal.edit_published", proposal, by)
    else:
        rules.check_state(proposal, State.SUBMITTED, State.NOT_PUBLISHED)
        rules.check_version(proposal, version)
        proposal.state = State.WITHDRAWN if proposal.withdrawn_at else State.PUBLISHED
        if proposal.published_at is None:
            proposal.published_at = now
            session.add(manuscript.first_version(proposal))
        await trail.record(session, "proposal.published", proposal, by)
    await search.index(session, proposal)
    return proposal


async def return_to_author(
    session: AsyncSession, proposal: Proposal, *, version: int, by: Moderator
) -> Proposal:
    """For changes: a submitted proposal, or the edit that waits. Raises EditedMeanwhile, StateForbids."""
    await permission.lock_as_staff(session, proposal, by)
    now = await clock.now(session)
    if proposal.state == State.PUBLISHED:
        (await manuscript.edit_to_decide(session, proposal, version)).returned_at = now
        await trail.record(session, "proposal.edit_returned", proposal, by, public=False)
    else:
        rules.check_state(proposal, State.SUBMITTED)
        rules.check_version(proposal, version)
        proposal.state = State.RETURNED
        proposal.returned_at = now
        await trail.record(session, "proposal.returned", proposal, by, public=False)
    return proposal


async def refuse(session: AsyncSession, proposal: Proposal, *, version: int, by: Moderator) -> Proposal:
    """Not published: a submitted proposal, or the edit that waits (which is dropped; the published text stays)."""
    await permission.lock_as_staff(session, proposal, by)
    if proposal.state == State.PUBLISHED:
        await manuscript.edit_to_decide(session, proposal, version)
        await manuscript.drop_edit(session, proposal)
        await trail.record(session, "proposal.edit_refused", proposal, by, public=False)
    else:
        rules.check_state(proposal, State.SUBMITTED)
        rules.check_version(proposal, version)
        proposal.state = State.NOT_PUBLISHED
        await trail.record(session, "proposal.refused", proposal, by, public=False)
    return proposal


async def hide(session: AsyncSession, proposal: Proposal, *, by: Moderator) -> Proposal:
    """Take a proposal out of public, at any time: what is unlawful is not left standing for a vote.

    One merged before comes back on its own, and what was merged into it stands on its own again.
    """
    await permission.lock_as_staff(session, proposal, by)
    if not rules.is_public(proposal):
        raise rules.StateForbids
    proposal.state = State.NOT_PUBLISHED
    proposal.merged_into_id = None
    await trail.record(session, "proposal.hidden", proposal, by)
    originals = select(Proposal).where(Proposal.merged_into_id == proposal.id).order_by(col(Proposal.id))
    for original in (await session.exec(originals.with_for_update(key_share=True))).all():
        await merging.stand_alone(session, original, by)
    return proposal
