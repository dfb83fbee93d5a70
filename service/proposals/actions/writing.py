"""An author writes a draft, sends it, takes it back, steps back from it."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import frequency
from service.core import clock
from service.core.actor import Resident
from service.core.settings import PROPOSALS_A_DAY
from service.pictures import actions as pictures
from service.processes import consent
from service.processes import queries as processes
from service.processes.models import Process
from service.proposals import manuscript, permission, queries, rules
from service.proposals.actions import trail
from service.proposals.models import Content, Proposal, State


async def start(
    session: AsyncSession,
    process: Process,
    content: Content,
    *,
    nonce: UUID,
    by: Resident,
    most_a_day: int = PROPOSALS_A_DAY,
) -> Proposal:
    """A draft in the language its author writes. The same nonce again returns the draft that is there.

    Raises ProposingIsClosed, TooManyProposals, AreaUnknown, CategoryUnknown.
    """
    now = await clock.now(session)
    rules.check_proposing(await processes.phases(session, process.id), at=now)
    await permission.check_places(session, process.id, content)
    await frequency.take_turn(session, by)
    if not await queries.is_made(session, nonce):
        await frequency.check(
            session, "proposal.started", by=by, most=most_a_day, refusal=rules.TooManyProposals
        )
    proposal, is_new = await manuscript.add(
        session,
        process.id,
        content,
        nonce=nonce,
        language=by.language,
        author_id=by.id,
        author_name=by.name,
    )
    if is_new:
        await trail.record(session, "proposal.started", proposal, by, public=False)
    return proposal


async def save(
    session: AsyncSession, proposal: Proposal, content: Content, *, version: int, by: Resident
) -> Proposal:
    """Keep a draft or a returned proposal as far as it is written, also after proposing has closed.

    Raises EditedMeanwhile, StateForbids, AreaUnknown, CategoryUnknown.
    """
    await permission.lock_as_writer(session, proposal, by)
    rules.check_state(proposal, *rules.UNSENT)
    if proposal.content() == content.content():
        return proposal  # nothing to keep, or the same form sent twice
    rules.check_version(proposal, version)
    await permission.check_places(session, proposal.process_id, content)
    proposal.sqlmodel_update(content.content())
    await trail.record(session, "proposal.saved", proposal, by, public=False)
    return proposal


async def attach_picture(
    session: AsyncSession, proposal: Proposal, data: bytes, alt: str, *, by: Resident
) -> Proposal:
    """Replace the picture of a draft; of a published proposal, of the edit that waits (made where there is none).

    Raises core.pictures.PictureRefused, StateForbids, ProposingIsClosed.
    """
    written = await manuscript.written_now(session, proposal, by)
    picture = await pictures.store(session, data, by=by)
    await manuscript.replace_picture(session, proposal, written, picture.id, alt)
    await trail.record(session, "proposal.picture_attached", proposal, by, public=False)
    return proposal


async def remove_picture(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """As `attach_picture`, with no picture in its place."""
    written = await manuscript.written_now(session, proposal, by)
    if written.picture_id is not None:
        await manuscript.replace_picture(session, proposal, written, None)
        await trail.record(session, "proposal.picture_removed", proposal, by, public=False)
    return proposal


async def submit(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """Send a draft or a returned proposal to moderation; sending again changes nothing.

    Raises the first of `rules.mistakes`, ProposingIsClosed, StateForbids, and as `consent.check`.
    """
    await permission.lock_as_writer(session, proposal, by)
    if proposal.state == State.SUBMITTED:
        return proposal
    rules.check_state(proposal, *rules.UNSENT)
    now = await clock.now(session)
    rules.check_submitting(proposal, await processes.phases(session, proposal.process_id), at=now)
    rules.check_complete(proposal, has_picture=proposal.picture_id is not None)
    await consent.check(session, proposal.process_id, by)
    if by.id == proposal.author_id:
        proposal.author_name = by.name
    proposal.state = State.SUBMITTED
    proposal.submitted_at = now
    await trail.record(session, "proposal.submitted", proposal, by, public=False)
    return proposal


async def take_back(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """A submitted proposal becomes a draft again."""
    await permission.lock_as_writer(session, proposal, by)
    rules.check_state(proposal, State.SUBMITTED)
    proposal.state = State.DRAFT
    await trail.record(session, "proposal.taken_back", proposal, by, public=False)
    return proposal


async def discard(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """Delete a draft that was never submitted."""
    await permission.lock_as_author(session, proposal, by)
    rules.check_state(proposal, State.DRAFT)
    if proposal.submitted_at is not None:
        raise rules.StateForbids
    await trail.record(session, "proposal.discarded", proposal, by, public=False)
    await manuscript.delete(session, proposal)


async def withdraw(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """The author's own step back. What was published stays readable with a note, for others have answered it.

    Withdrawing again changes nothing. Raises TextsAreFixed, StateForbids.
    """
    await permission.lock_as_author(session, proposal, by)
    if proposal.state == State.WITHDRAWN:
        return proposal
    rules.check_state(proposal, *rules.UNSENT, State.SUBMITTED, State.PUBLISHED)
    was_public = proposal.state == State.PUBLISHED
    if was_public:
        await permission.check_not_fixed(session, proposal)
        await manuscript.drop_edit(session, proposal)
    proposal.state = State.WITHDRAWN
    proposal.withdrawn_at = await clock.now(session)
    await trail.record(session, "proposal.withdrawn", proposal, by, public=was_public)
    return proposal
