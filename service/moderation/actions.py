"""Everything a moderator decides, and what people ask of moderators."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.comments import actions as comments
from service.comments.models import Comment
from service.core.actor import Moderator, Resident
from service.core.database import violated
from service.core.errors import Forbidden, NotFound
from service.moderation import queries, rules
from service.moderation.models import Appeal, Complaint, Decision, Kind, Report, Ruling
from service.proposals import actions as proposals
from service.proposals import queries as proposals_queries
from service.proposals.models import Proposal, State
from service.proposals.rules import is_public


async def decide(
    session: AsyncSession, proposal: Proposal, decision: Decision, *, version: int, by: Moderator
) -> Ruling:
    """Publish, return or refuse what waits; hide or keep what was reported.

    `version` is the proposal's as it was read. Raises GroundMissing, ReasonMissing, DoesNotFit and what proposals.actions raises.
    """
    rules.check_reasoned(decision)
    of_edit = proposal.state is State.PUBLISHED and decision.kind in rules.OF_WAITING
    match decision.kind:
        case Kind.PUBLISH:
            await proposals.publish(session, proposal, version=version, by=by)
        case Kind.RETURN:
            await proposals.return_to_author(session, proposal, version=version, by=by)
        case Kind.REFUSE:
            await proposals.refuse(session, proposal, version=version, by=by)
        case Kind.HIDE:
            await proposals.hide(session, proposal, by=by)
        case Kind.KEEP if by.may_act_in(proposal.process_id):
            pass
        case Kind.KEEP:
            raise Forbidden
        case _:
            raise rules.DoesNotFit
    return await _rule(session, decision, by, proposal.process_id, proposal_id=proposal.id, of_edit=of_edit)


async def decide_on_comment(
    session: AsyncSession, comment_id: UUID, decision: Decision, *, by: Moderator
) -> Ruling:
    """Hide a comment, keep it, or show it again."""
    if decision.kind not in rules.OF_COMMENT:
        raise rules.DoesNotFit
    rules.check_reasoned(decision)
    comment, thread = await queries.comment(session, comment_id)
    if not by.may_act_in(thread.process_id):
        raise Forbidden
    if decision.kind is Kind.HIDE:
        await comments.hide(session, comment, by=by)
    elif decision.kind is Kind.RESTORE:
        await comments.show(session, comment, by=by)
    return await _rule(session, decision, by, thread.process_id, comment_id=comment.id)


async def report(
    session: AsyncSession, proposal: Proposal, complaint: Complaint, *, nonce: UUID, by: Resident
) -> Report:
    """Tell the moderators about a public proposal. A form sent twice makes one report."""
    if not is_public(proposal):
        raise NotFound
    return await _report(
        session,
        Report(
            process_id=proposal.process_id,
            proposal_id=proposal.id,
            reporter_id=by.id,
            nonce=nonce,
            **complaint.model_dump(),
        ),
        by,
    )


async def report_comment(
    session: AsyncSession, comment_id: UUID, complaint: Complaint, *, nonce: UUID, by: Resident
) -> Report:
    comment, thread = await queries.comment(session, comment_id)
    if comment.hidden_at or comment.withdrawn_at:
        raise NotFound
    return await _report(
        session,
        Report(
            process_id=thread.process_id,
            comment_id=comment.id,
            reporter_id=by.id,
            nonce=nonce,
            **complaint.model_dump(),
        ),
        by,
    )


async def appeal(session: AsyncSession, ruling: Ruling, text: str, *, by: Resident) -> Appeal:
    """Ask for a second review of a ruling on one's own text. Asking again returns the request that is there."""
    if not await _is_author(session, ruling, by):
        raise NotFound
    there = await queries.appeal_of(session, ruling.id)
    if there is not None and there.author_id == by.id:
        return there
    rules.check_appealable(ruling, there)
    if not text.strip():
        raise rules.AppealTextMissing("text")
    made = Appeal(ruling_id=ruling.id, author_id=by.id, text=text.strip())
    try:
        async with session.begin_nested():
            session.add(made)
            await session.flush()
    except IntegrityError as error:
        if violated(error) != "uq_appeal_ruling_id":
            raise
        raise rules.AppealedAlready from None
    await audit.record(session, "ruling.appealed", ruling.id, by=by, process_id=ruling.process_id)
    return made


async def decide_appeal(
    session: AsyncSession, appeal: Appeal, *, upheld: bool, reason: str, by: Moderator
) -> Ruling:
    """The second look: the first ruling stands, or what it took out of public comes back. Another moderator decides."""
    first = await queries.ruling(session, appeal.ruling_id)
    locked = (await session.exec(select(Appeal).where(Appeal.id == appeal.id).with_for_update())).one()
    if not by.may_act_in(first.process_id):
        raise Forbidden
    rules.check_second_look(locked, first, by.id)
    if not reason.strip():
        raise rules.ReasonMissing("reason")
    decision = Decision(
        kind=first.kind if upheld else Kind.RESTORE, ground=first.ground, reason=reason.strip()
    )
    if not upheld:
        await _restore(session, first, by)
    second = await _rule(
        session, decision, by, first.process_id, proposal_id=first.proposal_id, comment_id=first.comment_id
    )
    locked.second_ruling_id = second.id
    await audit.record(session, "appeal.decided", first.id, by=by, process_id=first.process_id, upheld=upheld)
    return second


async def forget(session: AsyncSession, account_id: UUID) -> None:
    """Before an account is deleted: what a person told the moderators goes; the rulings stay without a name."""
    await session.exec(
        update(Report).where(col(Report.reporter_id) == account_id).values(text="", reporter_id=None)
    )
    await session.exec(
        update(Appeal).where(col(Appeal.author_id) == account_id).values(text="", author_id=None)
    )


async def _restore(session: AsyncSession, first: Ruling, by: Moderator) -> None:
    if first.comment_id is not None:
        comment: Comment = (await queries.comment(session, first.comment_id))[0]
        await comments.show(session, comment, by=by)
    elif first.proposal_id is not None and not first.of_edit:
        proposal = await proposals_queries.get(session, first.proposal_id)
        await proposals.publish(session, proposal, version=proposal.version, by=by)


async def _is_author(session: AsyncSession, ruling: Ruling, by: Resident) -> bool:
    if ruling.comment_id is not None:
        return (await queries.comment(session, ruling.comment_id))[0].author_id == by.id
    proposal = await session.get(Proposal, ruling.proposal_id)
    return proposal is not None and proposal.author_id == by.id


async def _rule(
    session: AsyncSession,
    decision: Decision,
    by: Moderator,
    process_id: UUID | None,
    *,
    proposal_id: UUID | None = None,
    comment_id: UUID | None = None,
    of_edit: bool = False,
) -> Ruling:
    """Write the ruling and close the open reports on the same thing."""
    ruling = Ruling(
        **decision.model_dump(),
        process_id=process_id,
        proposal_id=proposal_id,
        comment_id=comment_id,
        of_edit=of_edit,
        moderator_id=by.id,
    )
    session.add(ruling)
    await session.flush()  # the reports point to it
    await session.exec(
        update(Report)
        .where(
            col(Report.ruling_id).is_(None),
            col(Report.proposal_id).is_not_distinct_from(proposal_id),
            col(Report.comment_id).is_not_distinct_from(comment_id),
        )
        .values(ruling_id=ruling.id)
    )
    await audit.record(
        session,
        "ruling.made",
        proposal_id or comment_id,
        by=by,
        process_id=process_id,
        kind=decision.kind,
        ground=decision.ground,
    )
    return ruling


async def _report(session: AsyncSession, report: Report, by: Resident) -> Report:
    try:
        async with session.begin_nested():
            session.add(report)
            await session.flush()
    except IntegrityError as error:
        if violated(error) != "uq_report_nonce":
            raise
        return (await session.exec(select(Report).where(Report.nonce == report.nonce))).one()
    await audit.record(
        session,
        "report.made",
        report.proposal_id or report.comment_id,
        by=by,
        process_id=report.process_id,
        public=False,
        ground=report.ground,
    )
    return report
