"""Changing what is published.

An edit waits for moderation, as the first text did: nothing unread ever stands in the public history, and whoever supported the
proposal supported a text that changed under a moderator's eye. Its author keeps the published text whatever becomes of the edit.
"""

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.actor import Resident
from service.proposals import manuscript, permission, rules
from service.proposals.actions import trail
from service.proposals.models import Idea, Proposal, Version


async def edit(
    session: AsyncSession, proposal: Proposal, idea: Idea, *, version: int, note: str, by: Resident
) -> Version:
    """Change a published proposal. The change waits for moderation; until then the public reads the earlier text.

    Raises EditedMeanwhile, StateForbids, ProposingIsClosed, and mistakes as `submit`.
    """
    written = await manuscript.written_now(session, proposal, by)
    if not isinstance(written, Version):
        raise rules.StateForbids
    if (written.content(), written.note) == (idea.content(), note):
        return written  # the same form sent twice
    rules.check_version(proposal, version, current=written)
    rules.check_complete(idea, has_picture=written.picture_id is not None)
    await permission.check_places(session, proposal.process_id, idea)
    written.sqlmodel_update(idea.content())
    written.note = note
    await manuscript.keep(session, written)
    await trail.record(session, "proposal.edited", proposal, by, public=False)
    return written


async def discard_edit(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """Drop an edit that waits or was returned. The published text stays."""
    await permission.lock_as_writer(session, proposal, by)
    if await manuscript.drop_edit(session, proposal):
        await trail.record(session, "proposal.edit_discarded", proposal, by, public=False)
    return proposal
