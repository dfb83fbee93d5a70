"""Editors make one proposal of several, and undo it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core import clock
from service.core.actor import Editor, Moderator
from service.proposals import manuscript, permission, rules, search
from service.proposals.actions import trail
from service.proposals.models import Coauthor, Idea, Proposal, State


async def merge(
    session: AsyncSession, target: Proposal, sources: Sequence[Proposal], *, by: Editor
) -> Proposal:
    """Merge published proposals into another one. The sources stay readable and both sides point to each other.

    Support is not moved (see `queries.carried_supports`). What was merged into a source earlier points to the target from now
    on, so that there are no chains. Raises CannotBeMerged, TextsAreFixed.
    """
    if not sources or target.id in {source.id for source in sources}:
        raise rules.CannotBeMerged
    await permission.lock_for_merge(session, [target, *sources], by)
    await _merge_into(session, target, sources, by)
    return target


async def combine(
    session: AsyncSession, sources: Sequence[Proposal], idea: Idea, *, nonce: UUID, by: Editor
) -> Proposal:
    """Merge into a new proposal with a common text, public at once, also when proposing has closed.

    Its author is the first source's; the other sources' authors are asked to be co-authors, for nobody signs unasked.
    """
    if not sources:
        raise rules.CannotBeMerged
    first, process_id = sources[0], sources[0].process_id
    permission.check_permitted(first, by)
    await permission.check_places(session, process_id, idea)
    await permission.lock_all(session, sources, by)
    target, is_new = await manuscript.add(
        session,
        process_id,
        idea.model_copy(update={"author_kind": first.author_kind, "organisation": first.organisation}),
        nonce=nonce,
        language=first.language,
        author_id=first.author_id,
        author_name=first.author_name,
    )
    if not is_new:
        return target
    await permission.lock_for_merge(session, sources, by)
    rules.check_complete(target, has_picture=False)
    target.state = State.PUBLISHED
    target.submitted_at = target.published_at = await clock.now(session)
    session.add(manuscript.first_version(target))
    await trail.record(session, "proposal.combined", target, by)
    await search.index(session, target)
    await _merge_into(session, target, sources, by)
    await _ask_authors(session, target, sources)
    return target


async def separate(session: AsyncSession, source: Proposal, *, by: Editor) -> Proposal:
    """Undo a merge: the source stands on its own again."""
    await permission.lock_as_staff(session, source, by)
    rules.check_state(source, State.MERGED)
    await permission.check_not_fixed(session, source)
    await stand_alone(session, source, by)
    return source


async def _merge_into(
    session: AsyncSession, target: Proposal, sources: Sequence[Proposal], by: Editor
) -> None:
    merged_before = col(Proposal.merged_into_id).in_([source.id for source in sources])
    await session.exec(update(Proposal).where(merged_before).values(merged_into_id=target.id))
    for source in sources:
        await manuscript.drop_edit(session, source)
        source.state = State.MERGED
        source.merged_into_id = target.id
        await trail.record(session, "proposal.merged", source, by)


async def stand_alone(session: AsyncSession, source: Proposal, by: Editor | Moderator) -> None:
    source.state = State.PUBLISHED
    source.merged_into_id = None
    await trail.record(session, "proposal.separated", source, by)


async def _ask_authors(session: AsyncSession, target: Proposal, sources: Sequence[Proposal]) -> None:
    others = {source.author_id for source in sources} - {None, target.author_id}
    digests = await session.exec(
        select(Account.sign_in_digest).where(col(Account.id).in_(others)).order_by(col(Account.id))
    )
    session.add_all(Coauthor(proposal_id=target.id, sign_in_digest=digest) for digest in digests.all())
    await session.flush()
