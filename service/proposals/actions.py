"""Everything that changes a proposal.

An edit of a published proposal waits for moderation, as the first text did: nothing unread ever stands in the public history,
and whoever supported the proposal supported a text that changed under a moderator's eye. Its author keeps the published text
whatever becomes of the edit.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts import rules as accounts
from service.accounts.models import Account
from service.audit import actions as audit
from service.audit import frequency
from service.comments import actions as comments
from service.comments.models import Comment, Words
from service.core import clock
from service.core.actor import Actor, Editor, Moderator, Resident, System
from service.core.database import publish as publish_revision
from service.core.errors import NotFound
from service.core.keys import KeyStore
from service.core.settings import COMMENTS_A_DAY, PROPOSALS_A_DAY
from service.pictures import actions as pictures
from service.processes import queries as processes
from service.processes.models import Activity, Process
from service.processes.rules import allows
from service.proposals import manuscript, permission, queries, rules, search
from service.proposals.models import Coauthor, Content, Idea, Proposal, State, Support, Version

# --- writing


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
        await _record(session, "proposal.started", proposal, by, public=False)
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
    await _record(session, "proposal.saved", proposal, by, public=False)
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
    await _record(session, "proposal.picture_attached", proposal, by, public=False)
    return proposal


async def remove_picture(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """As `attach_picture`, with no picture in its place."""
    written = await manuscript.written_now(session, proposal, by)
    if written.picture_id is not None:
        await manuscript.replace_picture(session, proposal, written, None)
        await _record(session, "proposal.picture_removed", proposal, by, public=False)
    return proposal


async def submit(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """Send a draft or a returned proposal to moderation; sending again changes nothing.

    Raises the first of `rules.mistakes`, ProposingIsClosed, StateForbids.
    """
    await permission.lock_as_writer(session, proposal, by)
    if proposal.state == State.SUBMITTED:
        return proposal
    rules.check_state(proposal, *rules.UNSENT)
    now = await clock.now(session)
    rules.check_submitting(proposal, await processes.phases(session, proposal.process_id), at=now)
    rules.check_complete(proposal, has_picture=proposal.picture_id is not None)
    if by.id == proposal.author_id:
        proposal.author_name = by.name
    proposal.state = State.SUBMITTED
    proposal.submitted_at = now
    await _record(session, "proposal.submitted", proposal, by, public=False)
    return proposal


async def take_back(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """A submitted proposal becomes a draft again."""
    await permission.lock_as_writer(session, proposal, by)
    rules.check_state(proposal, State.SUBMITTED)
    proposal.state = State.DRAFT
    await _record(session, "proposal.taken_back", proposal, by, public=False)
    return proposal


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
    await _record(session, "proposal.edited", proposal, by, public=False)
    return written


async def discard_edit(session: AsyncSession, proposal: Proposal, *, by: Resident) -> Proposal:
    """Drop an edit that waits or was returned. The published text stays."""
    await permission.lock_as_writer(session, proposal, by)
    if await manuscript.drop_edit(session, proposal):
        await _record(session, "proposal.edit_discarded", proposal, by, public=False)
    return proposal


async def discard(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """Delete a draft that was never submitted."""
    await permission.lock_as_author(session, proposal, by)
    rules.check_state(proposal, State.DRAFT)
    if proposal.submitted_at is not None:
        raise rules.StateForbids
    await _record(session, "proposal.discarded", proposal, by, public=False)
    await _delete(session, proposal)


async def _delete(session: AsyncSession, proposal: Proposal) -> None:
    await manuscript.replace_picture(session, proposal, proposal, None)
    await session.delete(proposal)
    await session.flush()
    await comments.remove_thread(session, proposal.thread_id)


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
    await _record(session, "proposal.withdrawn", proposal, by, public=was_public)
    return proposal


# --- moderation: decides on what waits, a submitted proposal or the edit of a published one


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
        await _record(session, "proposal.edit_published", proposal, by)
    else:
        rules.check_state(proposal, State.SUBMITTED, State.NOT_PUBLISHED)
        rules.check_version(proposal, version)
        proposal.state = State.WITHDRAWN if proposal.withdrawn_at else State.PUBLISHED
        if proposal.published_at is None:
            proposal.published_at = now
            session.add(manuscript.first_version(proposal))
        await _record(session, "proposal.published", proposal, by)
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
        await _record(session, "proposal.edit_returned", proposal, by, public=False)
    else:
        rules.check_state(proposal, State.SUBMITTED)
        rules.check_version(proposal, version)
        proposal.state = State.RETURNED
        proposal.returned_at = now
        await _record(session, "proposal.returned", proposal, by, public=False)
    return proposal


async def refuse(session: AsyncSession, proposal: Proposal, *, version: int, by: Moderator) -> Proposal:
    """Not published: a submitted proposal, or the edit that waits (which is dropped; the published text stays)."""
    await permission.lock_as_staff(session, proposal, by)
    if proposal.state == State.PUBLISHED:
        await manuscript.edit_to_decide(session, proposal, version)
        await manuscript.drop_edit(session, proposal)
        await _record(session, "proposal.edit_refused", proposal, by, public=False)
    else:
        rules.check_state(proposal, State.SUBMITTED)
        rules.check_version(proposal, version)
        proposal.state = State.NOT_PUBLISHED
        await _record(session, "proposal.refused", proposal, by, public=False)
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
    await _record(session, "proposal.hidden", proposal, by)
    originals = select(Proposal).where(Proposal.merged_into_id == proposal.id).order_by(col(Proposal.id))
    for original in (await session.exec(originals.with_for_update(key_share=True))).all():
        await _stand_alone(session, original, by)
    return proposal


# --- residents


async def support(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """One person, one support: supporting again changes nothing. Raises SupportIsClosed, StateForbids."""
    rules.check_state(proposal, State.PUBLISHED)
    await permission.check_supporting(session, proposal)
    row = insert(Support).values(proposal_id=proposal.id, account_id=by.id)
    given = await session.exec(row.on_conflict_do_nothing().returning(col(Support.account_id)))
    if given.first():
        await audit.record(session, "proposal.supported", proposal.id, by=by, process_id=proposal.process_id)


async def unsupport(session: AsyncSession, proposal: Proposal, *, by: Resident) -> None:
    """Take support back, also from an original that was merged. Raises SupportIsClosed."""
    await permission.check_supporting(session, proposal)
    own = delete(Support).where(col(Support.proposal_id) == proposal.id, col(Support.account_id) == by.id)
    taken = await session.exec(own.returning(col(Support.account_id)))
    if taken.first():
        await audit.record(
            session, "proposal.unsupported", proposal.id, by=by, process_id=proposal.process_id
        )


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
    """Raises CommentingIsClosed, CommentIsGone, TooManyComments."""
    phases = await processes.phases(session, proposal.process_id)
    if proposal.state != State.PUBLISHED or not allows(phases, Activity.COMMENT, at=await clock.now(session)):
        raise rules.CommentingIsClosed
    return await comments.add(
        session,
        proposal.thread_id,
        words,
        nonce=nonce,
        by=by,
        parent_id=parent_id,
        most_a_day=most_a_day,
    )


# --- co-authors


async def ask_coauthor(
    session: AsyncSession, keys: KeyStore, proposal: Proposal, address: str, *, by: Resident
) -> Coauthor:
    """Ask whoever signs in with this e-mail address. The same whether an account has it or not.

    The question waits on that person's own page; asking again changes nothing, also when they have declined. Raises
    AddressUnreadable, AskedOneself, TooManyCoauthors, StateForbids.
    """
    sign_in_digest = accounts.sign_in_digest(keys.instance("identity"), accounts.normalised(address))
    await permission.lock_as_author(session, proposal, by)
    rules.check_state(proposal, *rules.UNSENT, State.SUBMITTED, State.PUBLISHED)
    asked = await queries.coauthors(session, proposal)
    before = next((row for row in asked if row.sign_in_digest == sign_in_digest), None)
    if before is not None:
        return before
    if (await session.get_one(Account, by.id)).sign_in_digest == sign_in_digest:
        raise rules.AskedOneself("email")
    if len(asked) >= rules.MOST_COAUTHORS:
        raise rules.TooManyCoauthors(most=rules.MOST_COAUTHORS)
    coauthor = Coauthor(proposal_id=proposal.id, sign_in_digest=sign_in_digest)
    session.add(coauthor)
    await audit.record(
        session, "coauthor.asked", coauthor.id, by=by, process_id=proposal.process_id, public=False
    )
    return coauthor


async def remove_coauthor(
    session: AsyncSession, proposal: Proposal, coauthor_id: UUID, *, by: Resident
) -> None:
    """Take a question or a co-author away. A refusal stays, for nobody is asked twice. Raises NotFound."""
    await permission.lock_as_author(session, proposal, by)
    coauthor = await session.get(Coauthor, coauthor_id)
    if coauthor is None or coauthor.proposal_id != proposal.id:
        raise NotFound
    if coauthor.declined_at is None:
        await session.delete(coauthor)
        await _record_coauthor(session, "coauthor.removed", coauthor, proposal, by)


async def accept(session: AsyncSession, coauthor_id: UUID, *, by: Resident) -> Coauthor:
    """Become a co-author. Raises NotFound where the question is for another."""
    coauthor, proposal = await _asked(session, coauthor_id, by)
    coauthor.account_id = by.id
    coauthor.name = by.name
    coauthor.accepted_at = await clock.now(session)
    coauthor.declined_at = None
    await _record_coauthor(session, "coauthor.accepted", coauthor, proposal, by)
    return coauthor


async def decline(session: AsyncSession, coauthor_id: UUID, *, by: Resident) -> None:
    """Say no; also how a co-author leaves. Raises NotFound where the question is for another."""
    coauthor, proposal = await _asked(session, coauthor_id, by)
    coauthor.account_id = None
    coauthor.name = ""
    coauthor.accepted_at = None
    coauthor.declined_at = await clock.now(session)
    await _record_coauthor(session, "coauthor.declined", coauthor, proposal, by)


# --- editors


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
    await _record(session, "proposal.combined", target, by)
    await search.index(session, target)
    await _merge_into(session, target, sources, by)
    await _ask_authors(session, target, sources)
    return target


async def separate(session: AsyncSession, source: Proposal, *, by: Editor) -> Proposal:
    """Undo a merge: the source stands on its own again."""
    await permission.lock_as_staff(session, source, by)
    rules.check_state(source, State.MERGED)
    await permission.check_not_fixed(session, source)
    await _stand_alone(session, source, by)
    return source


# --- leaving


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
        await _empty(session, proposal)
    await session.flush()


async def _empty(session: AsyncSession, proposal: Proposal) -> None:
    await manuscript.replace_picture(session, proposal, proposal, None)
    proposal.sqlmodel_update(Content().content())
    proposal.state = State.WITHDRAWN


async def expire_drafts(session: AsyncSession, until: datetime, *, by: System) -> None:
    """What an author has begun, or got back for changes, and not touched since `until` goes: drafts, and edits of what is public.

    A draft that was never sent is deleted. One that was sent before stays as an empty row, for moderators' rulings may point to it.
    """
    for proposal in await queries.untouched(session, until):
        if proposal.state == State.PUBLISHED:
            await manuscript.drop_edit(session, proposal)
        elif proposal.submitted_at is not None:
            await _empty(session, proposal)
        else:
            await _delete(session, proposal)
        await _record(session, "draft.expired", proposal, by, public=False)


async def _accepted(session: AsyncSession, proposal: Proposal) -> list[Coauthor]:
    return [row for row in await queries.coauthors(session, proposal) if row.accepted_at]


# --- common steps


async def _record(
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


async def _record_coauthor(
    session: AsyncSession, action: str, coauthor: Coauthor, proposal: Proposal, by: Resident
) -> None:
    await audit.record(
        session,
        action,
        coauthor.id,
        by=by,
        process_id=proposal.process_id,
        public=rules.is_public(proposal),
        proposal=str(proposal.id),
    )


async def _asked(session: AsyncSession, coauthor_id: UUID, by: Resident) -> tuple[Coauthor, Proposal]:
    statement = (
        select(Coauthor, Proposal)
        .join(Proposal, col(Proposal.id) == Coauthor.proposal_id)
        .join(Account, col(Account.sign_in_digest) == Coauthor.sign_in_digest)
        .where(Coauthor.id == coauthor_id, Account.id == by.id)
        .with_for_update(of=Coauthor, key_share=True)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def _merge_into(
    session: AsyncSession, target: Proposal, sources: Sequence[Proposal], by: Editor
) -> None:
    merged_before = col(Proposal.merged_into_id).in_([source.id for source in sources])
    await session.exec(update(Proposal).where(merged_before).values(merged_into_id=target.id))
    for source in sources:
        await manuscript.drop_edit(session, source)
        source.state = State.MERGED
        source.merged_into_id = target.id
        await _record(session, "proposal.merged", source, by)


async def _stand_alone(session: AsyncSession, source: Proposal, by: Editor | Moderator) -> None:
    source.state = State.PUBLISHED
    source.merged_into_id = None
    await _record(session, "proposal.separated", source, by)


async def _ask_authors(session: AsyncSession, target: Proposal, sources: Sequence[Proposal]) -> None:
    others = {source.author_id for source in sources} - {None, target.author_id}
    digests = await session.exec(
        select(Account.sign_in_digest).where(col(Account.id).in_(others)).order_by(col(Account.id))
    )
    session.add_all(Coauthor(proposal_id=target.id, sign_in_digest=digest) for digest in digests.all())
    await session.flush()
