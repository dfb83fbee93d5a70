"""What an author is writing: a new draft, or the edit of a published proposal that the public does not read yet."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments import actions as comments
from service.core import clock
from service.core.actor import Resident
from service.core.database import violated
from service.core.errors import SentBefore
from service.pictures import actions as pictures
from service.processes import queries as processes
from service.processes.models import Process
from service.proposals import permission, queries, rules
from service.proposals.models import Content, Proposal, State, Version


async def add(
    session: AsyncSession,
    process_id: UUID,
    content: Content,
    *,
    nonce: UUID,
    language: str,
    author_id: UUID | None,
    author_name: str,
) -> tuple[Proposal, bool]:
    """A new proposal with the next number, or the one that this nonce made before; which of the two."""
    await session.exec(select(Process.id).where(Process.id == process_id).with_for_update(key_share=True))
    before = (await session.exec(select(Proposal).where(Proposal.nonce == nonce))).one_or_none()
    if before is not None:
        if (before.author_id, before.process_id) != (author_id, process_id):
            raise SentBefore
        return before, False
    last = await session.exec(select(func.max(Proposal.number)).where(Proposal.process_id == process_id))
    thread = await comments.open_thread(session, process_id)
    proposal = Proposal(
        **content.content(),
        process_id=process_id,
        number=(last.one() or 0) + 1,
        language=language,
        author_id=author_id,
        author_name=author_name,
        thread_id=thread.id,
        version=0,
        nonce=nonce,
    )
    try:
        async with session.begin_nested():
            session.add(proposal)
            await session.flush()
    except IntegrityError as error:
        if violated(error) == "uq_proposal_nonce":  # sent to another process at the same moment
            raise SentBefore from None
        raise
    return proposal, True


async def written_now(session: AsyncSession, proposal: Proposal, by: Resident) -> Proposal | Version:
    """Where an author's change goes: a draft itself, or the waiting edit of what is published (`keep` it when changed)."""
    await permission.lock_as_writer(session, proposal, by)
    if proposal.state in rules.UNSENT:
        return proposal
    rules.check_state(proposal, State.PUBLISHED)
    phases = await processes.phases(session, proposal.process_id)
    rules.check_proposing(phases, at=await clock.now(session))
    waiting = await queries.waiting_edit(session, proposal)
    if waiting is not None:
        return waiting
    last = await session.exec(select(func.max(Version.number)).where(Version.proposal_id == proposal.id))
    return Version(
        **proposal.content(),
        proposal_id=proposal.id,
        number=(last.one() or 0) + 1,
        picture_id=proposal.picture_id,
    )


async def keep(session: AsyncSession, written: Proposal | Version) -> None:
    """A changed edit waits again, also when it had been returned."""
    session.add(written)
    if isinstance(written, Version):
        written.written_at = await clock.now(session)
        written.returned_at = None


async def replace_picture(
    session: AsyncSession,
    proposal: Proposal,
    written: Proposal | Version,
    picture_id: UUID | None,
    alt: str = "",
) -> None:
    """And remove the one before, unless the public still sees it."""
    replaced = written.picture_id
    written.picture_id, written.picture_alt = picture_id, alt
    await keep(session, written)
    await session.flush()
    is_public = replaced == proposal.picture_id  # and stays until the edit is published
    if replaced is not None and not is_public:
        await pictures.remove(session, replaced)


async def drop_edit(session: AsyncSession, proposal: Proposal) -> bool:
    """Was there one?"""
    edit = await queries.waiting_edit(session, proposal)
    if edit is None:
        return False
    await session.delete(edit)
    await session.flush()
    if edit.picture_id not in {None, proposal.picture_id}:
        await pictures.remove(session, edit.picture_id)
    return True


async def edit_to_decide(session: AsyncSession, proposal: Proposal, version: int) -> Version:
    """The edit that waits for a moderator, as this one has read it."""
    edit = await queries.waiting_edit(session, proposal)
    if edit is None or edit.returned_at is not None:
        raise rules.StateForbids
    rules.check_version(proposal, version, current=edit)
    return edit


def first_version(proposal: Proposal) -> Version:
    """The public history begins."""
    return Version(
        **proposal.content(),
        proposal_id=proposal.id,
        number=1,
        picture_id=proposal.picture_id,
        published_at=proposal.published_at,
    )


async def delete(session: AsyncSession, proposal: Proposal) -> None:
    await replace_picture(session, proposal, proposal, None)
    await session.delete(proposal)
    await session.flush()
    await comments.remove_thread(session, proposal.thread_id)


async def empty(session: AsyncSession, proposal: Proposal) -> None:
    await replace_picture(session, proposal, proposal, None)
    proposal.sqlmodel_update(Content().content())
    proposal.state = State.WITHDRAWN
