"""Everything a moderator decides, and what people ask of moderators.

Whoever decides or appeals holds the row of the text first, so two on one text come one after the other, and the second sees
what the first did.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.audit import frequency
from service.comments import actions as comments
from service.comments.models import Comment
from service.core.actor import Moderator, Resident, System
from service.core.database import violated
from service.core.errors import Forbidden, NotFound, SentBefore
from service.core.settings import REPORTS_A_DAY
from service.moderation import queries, rules
from service.moderation.models import Appeal, Complaint, Decision, Kind, Plea, Report, Ruling, SecondLook
from service.proposals import actions as proposals
from service.proposals import permission
from service.proposals import queries as proposals_queries
from service.proposals.models import Proposal, State
from service.proposals.rules import is_public

# --- moderators


async def decide(
    session: AsyncSession, proposal: Proposal, decision: Decision, *, version: int, by: Moderator
) -> Ruling:
    """Publish, return or refuse what waits; hide or keep what is public; put back what was refused or hidden.

    `version` is the proposal's as it was read. Raises GroundMissing, ReasonMissing, OwnText, DoesNotFit, AppealWaits, and what the
    proposals' actions raise.
    """
    rules.check_reasoned(decision)
    await permission.lock_as_staff(session, proposal, by)
    rules.check_not_own(is_own=await proposals_queries.is_writer(session, proposal, by.id))
    of_edit = decision.kind in rules.OF_WAITING and proposal.state is State.PUBLISHED
    await _carry_out(session, proposal, decision.kind, version=version, by=by)
    ruling = Ruling(
        **decision.model_dump(), process_id=proposal.process_id, proposal_id=proposal.id, of_edit=of_edit
    )
    return await _rule(session, ruling, by)


async def _carry_out(
    session: AsyncSession, proposal: Proposal, kind: Kind, *, version: int, by: Moderator
) -> None:
    match kind:
        case Kind.PUBLISH if proposal.state is not State.NOT_PUBLISHED:
            await proposals.publish(session, proposal, version=version, by=by)
        case Kind.RETURN:
            await proposals.return_to_author(session, proposal, version=version, by=by)
        case Kind.REFUSE:
            await proposals.refuse(session, proposal, version=version, by=by)
        case Kind.HIDE:
            await proposals.hide(session, proposal, by=by)
        case Kind.KEEP if await queries.reports_on(session, proposal_id=proposal.id):
            pass
        case Kind.RESTORE if proposal.state is State.NOT_PUBLISHED:
            await _check_no_appeal(session, await queries.of_proposal(session, proposal.id))
            await proposals.publish(session, proposal, version=version, by=by)
        case _:
            raise rules.DoesNotFit


async def decide_on_comment(
    session: AsyncSession, comment_id: UUID, decision: Decision, *, by: Moderator
) -> Ruling:
    """Hide a comment, keep it, or show it again. Raises as `decide`, NotFound, Forbidden."""
    rules.check_reasoned(decision)
    comment, thread = await queries.comment(session, comment_id, lock=True)
    if not by.may_act_in(thread.process_id):
        raise Forbidden
    rules.check_not_own(is_own=comment.author_id == by.id)
    match decision.kind:
        case Kind.HIDE if comment.hidden_at is None and comment.withdrawn_at is None:
            await comments.hide(session, comment, by=by)
        case Kind.KEEP if await queries.reports_on(session, comment_id=comment.id):
            pass
        case Kind.RESTORE if comment.hidden_at is not None:
            await _check_no_appeal(session, await queries.of_comment(session, comment.id))
            await comments.show(session, comment, by=by)
        case _:
            raise rules.DoesNotFit
    ruling = Ruling(**decision.model_dump(), process_id=thread.process_id, comment_id=comment.id)
    return await _rule(session, ruling, by)


async def decide_appeal(session: AsyncSession, appeal: Appeal, look: SecondLook, *, by: Moderator) -> Ruling:
    """The second look: the first ruling stands, or what it took out of public comes back. Another moderator decides.

    Raises ReasonMissing, NeedsAnother, DecidedAlready, OwnText, Forbidden.
    """
    rules.check_second_reason(look)
    first = await queries.ruling(session, appeal.ruling_id)
    if not by.may_act_in(first.process_id):
        raise Forbidden
    rules.check_not_own(is_own=await _is_own(session, await _lock(session, first), by))
    waiting = await queries.appeal(session, appeal.id, lock=True)
    rules.check_second_look(waiting, first, by.id)
    if not look.upheld:
        await _restore(session, first, by)
    second = Ruling(
        kind=first.kind if look.upheld else Kind.RESTORE,
        ground=first.ground if look.upheld else None,
        reason=look.reason,
        **first.model_dump(include={"process_id", "proposal_id", "comment_id"}),
    )
    await _rule(session, second, by, "ruling.upheld" if look.upheld else "ruling.overturned")
    waiting.second_ruling_id = second.id
    return second


# --- residents


async def report(
    session: AsyncSession,
    proposal: Proposal,
    complaint: Complaint,
    *,
    nonce: UUID,
    by: Resident,
    most_a_day: int = REPORTS_A_DAY,
) -> Report:
    """Tell the moderators about a public proposal. Reported again while the first report waits, the first one is returned.

    Raises NotFound, ComplaintMissing, TooManyReports.
    """
    if not is_public(proposal):
        raise NotFound
    rules.check_complaint(complaint)
    about = Report(
        process_id=proposal.process_id,
        proposal_id=proposal.id,
        reporter_id=by.id,
        nonce=nonce,
        ground=complaint.ground,
        text=complaint.text,
    )
    return await _report(session, about, by, most_a_day)


async def report_comment(
    session: AsyncSession,
    comment_id: UUID,
    complaint: Complaint,
    *,
    nonce: UUID,
    by: Resident,
    most_a_day: int = REPORTS_A_DAY,
) -> Report:
    """As `report`, about a comment that can be read."""
    comment, thread = await queries.readable_comment(session, comment_id)
    rules.check_complaint(complaint)
    about = Report(
        process_id=thread.process_id,
        comment_id=comment.id,
        reporter_id=by.id,
        nonce=nonce,
        ground=complaint.ground,
        text=complaint.text,
    )
    return await _report(session, about, by, most_a_day)


async def appeal(session: AsyncSession, ruling: Ruling, plea: Plea, *, by: Resident) -> Appeal:
    """Ask for a second review of a ruling on one's own text. Asking again returns the request that is there.

    Raises NotFound for everybody but the author, CannotBeAppealed.
    """
    if (await _lock(session, ruling)).author_id != by.id:
        raise NotFound
    there = await queries.appeal_of(session, ruling.id)
    if there is not None and there.author_id == by.id:
        return there
    rules.check_appealable(ruling, there, stands=await queries.stands(session, ruling))
    made = Appeal(ruling_id=ruling.id, author_id=by.id, text=plea.text)
    session.add(made)
    await audit.record(
        session,
        "ruling.appealed",
        ruling.proposal_id or ruling.comment_id,
        by=by,
        process_id=ruling.process_id,
    )
    return made


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Before an account is deleted: what a person told the moderators goes; the rulings stay without a name."""
    own = col(Appeal.author_id) == account_id
    await session.exec(delete(Appeal).where(own, col(Appeal.second_ruling_id).is_(None)))
    await session.exec(update(Appeal).where(own).values(text="", author_id=None))
    await session.exec(
        update(Report).where(col(Report.reporter_id) == account_id).values(text="", reporter_id=None)
    )


async def expire(session: AsyncSession, until: datetime, *, by: System) -> None:
    """Rulings made before `until` go, with the reports they answered and the appeals they end; one whose appeal goes on stays."""
    second = aliased(Ruling)
    goes_on = (
        select(Appeal.id)
        .outerjoin(second, col(second.id) == Appeal.second_ruling_id)
        .where(
            or_(col(Appeal.ruling_id) == Ruling.id, col(Appeal.second_ruling_id) == Ruling.id),
            or_(col(second.id).is_(None), col(second.ruled_at) >= until),
        )
        .correlate(Ruling)
        .exists()
    )
    old = (await session.exec(select(Ruling.id).where(col(Ruling.ruled_at) < until, ~goes_on))).all()
    if not old:
        return
    await session.exec(delete(Appeal).where(col(Appeal.ruling_id).in_(old)))
    await session.exec(delete(Report).where(col(Report.ruling_id).in_(old)))
    await session.exec(delete(Ruling).where(col(Ruling.id).in_(old)))
    await audit.record(session, "rulings.expired", by=by, rulings=len(old))


# --- common steps


async def _lock(session: AsyncSession, ruling: Ruling) -> Proposal | Comment:
    """Hold what a ruling is about as it stands now."""
    if ruling.comment_id is not None:
        return (await queries.comment(session, ruling.comment_id, lock=True))[0]
    statement = select(Proposal).where(Proposal.id == ruling.proposal_id).with_for_update(key_share=True)
    found = await session.exec(statement.execution_options(populate_existing=True))
    return found.one()


async def _is_own(session: AsyncSession, text: Proposal | Comment, by: Moderator) -> bool:
    if isinstance(text, Comment):
        return text.author_id == by.id
    return await proposals_queries.is_writer(session, text, by.id)


async def _check_no_appeal(session: AsyncSession, rulings: Sequence[Ruling]) -> None:
    appeal = await queries.appeal_of(session, rulings[0].id) if rulings else None
    if appeal is not None and appeal.second_ruling_id is None:
        raise rules.AppealWaits


async def _restore(session: AsyncSession, first: Ruling, by: Moderator) -> None:
    if first.comment_id is not None:
        comment, _ = await queries.comment(session, first.comment_id)
        await comments.show(session, comment, by=by)
    elif first.proposal_id is not None:
        proposal = await proposals_queries.get(session, first.proposal_id)
        await proposals.publish(session, proposal, version=proposal.version, by=by)


async def _rule(session: AsyncSession, ruling: Ruling, by: Moderator, action: str = "ruling.made") -> Ruling:
    """Write it; one on what is public closes the open reports of it."""
    ruling.moderator_id = by.id
    about = await queries.about(session, ruling)
    session.add(ruling)
    await session.flush()  # reports and appeals point to it
    if ruling.kind in rules.OF_PUBLIC:
        await session.exec(
            update(Report)
            .where(*queries.open_on(proposal_id=ruling.proposal_id, comment_id=ruling.comment_id))
            .values(ruling_id=ruling.id)
        )
    await audit.record(
        session,
        action,
        ruling.proposal_id or ruling.comment_id,
        by=by,
        process_id=ruling.process_id,
        kind=ruling.kind,
        ground=ruling.ground,
        number=about.number if about else None,
    )
    return ruling


async def _report(session: AsyncSession, about: Report, by: Resident, most_a_day: int) -> Report:
    await frequency.take_turn(session, by)
    before = await _reported_before(session, about)
    if before is not None:
        return before
    await frequency.check(session, "report.made", by=by, most=most_a_day, refusal=rules.TooManyReports)
    try:
        async with session.begin_nested():
            session.add(about)
            await session.flush()
    except IntegrityError as error:
        if violated(error) == "uq_report_nonce":  # another's, sent at the same moment
            raise SentBefore from None
        raise
    await audit.record(
        session,
        "report.made",
        about.proposal_id or about.comment_id,
        by=by,
        process_id=about.process_id,
        public=False,
        ground=about.ground,
    )
    return about


async def _reported_before(session: AsyncSession, about: Report) -> Report | None:
    """The report this nonce made, else the person's open one of the same thing. Raises SentBefore where the nonce is another's."""
    sent = (await session.exec(select(Report).where(Report.nonce == about.nonce))).one_or_none()
    if sent is not None:
        if len({(row.reporter_id, row.proposal_id, row.comment_id) for row in (sent, about)}) > 1:
            raise SentBefore
        return sent
    waiting = queries.open_on(proposal_id=about.proposal_id, comment_id=about.comment_id)
    statement = select(Report).where(*waiting, Report.reporter_id == about.reporter_id)
    return (await session.exec(statement)).one_or_none()
