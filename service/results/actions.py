"""Everything that happens to a count and to the milestones of its winners."""

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core import clock
from service.core.actor import Administrator, Editor, Staff, System
from service.core.clock import HELSINKI
from service.core.database import violated
from service.core.keys import KeyStore
from service.core.text import Localized
from service.pictures import actions as pictures
from service.processes.models import Process
from service.processes.rules import NotYourProcess
from service.results import queries, rules
from service.results.count import count as count_pots
from service.results.models import Facts, Milestone, Result, Step
from service.results.outcome import Outcome
from service.tally import greedy
from service.voting import actions as voting
from service.voting import queries as votes
from service.voting.models import Project, Vote

Steward = Editor | Administrator

# --- the count


async def publish_lot(session: AsyncSession, process: Process, seed: str, *, by: Steward) -> Process:
    """Fix the lot that parts what is equal in votes and cost, before anybody knows whether it is needed.

    Raises LotIsPublished, LotComesTooLate.
    """
    _check_reach(process, by)
    await votes.hold_ballot(session, process.id)
    if await votes.vote(session, process.id):
        vote = await votes.vote_in_turn(session, process.id)  # not while it is counted
        if vote.counted_at:
            raise rules.LotComesTooLate
    if process.lot_seed == seed:
        return process
    if process.lot_seed is not None:
        raise rules.LotIsPublished
    process.lot_seed = seed
    session.add(process)
    await audit.record(session, "lot.published", process.id, by=by, process_id=process.id)
    return process


async def count(session: AsyncSession, process: Process, *, keys: KeyStore, by: Steward | System) -> Result:
    """Open the box, count every pot and publish; asked again, it only tells what was published.

    Raises voting.rules VoteIsOpen, NoVote, KeysAreMissing.
    """
    vote = await voting.open_box(session, process, keys=keys, by=by)
    there = await queries.latest(session, process.id)
    if there:
        return there
    await session.refresh(process)  # with the lot as it is now that none can be published any more
    outcome = await _count(session, process, vote, number=1, reason={}, without=())
    await _publish(session, outcome)
    await _announce(session, process, outcome, None, by)
    return outcome.result


async def correct(
    session: AsyncSession,
    process: Process,
    reason: Localized,
    *,
    without: Collection[int],
    seen: int,
    by: Steward,
) -> Result:
    """Publish a new result beside the earlier one: `without` some projects, and with the turnout as it is known now.

    `seen` is the number of the result the editor has read. Raises NotCountedYet, CorrectedMeanwhile, NotOnTheBallot,
    NothingCorrected.
    """
    _check_reach(process, by)
    vote = await votes.vote_in_turn(session, process.id)
    holding = await queries.latest(session, process.id)
    if vote is None or holding is None:
        raise rules.NotCountedYet
    if holding.number == seen + 1 and holding.reason == reason.stored():
        return holding  # the same form, sent twice
    if holding.number != seen:
        raise rules.CorrectedMeanwhile
    await _check_on_ballot(session, process, without)
    before = await queries.outcome(session, holding)
    outcome = await _count(session, process, vote, number=seen + 1, reason=reason.stored(), without=without)
    if _figures(outcome) == _figures(before):
        raise rules.NothingCorrected("without")
    await _publish(session, outcome)
    await _announce(session, process, outcome, before, by)
    return outcome.result


async def _count(
    session: AsyncSession,
    process: Process,
    vote: Vote,
    *,
    number: int,
    reason: dict[str, str],
    without: Collection[int],
) -> Outcome:
    """Nothing is written."""
    result = Result(
        process_id=process.id,
        number=number,
        published_at=await clock.now(session),
        rule=greedy.RULE,
        lot_seed=process.lot_seed,
        ballots=vote.ballots or 0,
        enrolled=vote.enrolled,
        eligible=process.eligible_count,
        reason=reason,
    )
    contests = await queries.contests_of(session, process, without=without)
    return Outcome(result, await asyncio.to_thread(count_pots, result, contests))


def _figures(outcome: Outcome) -> Any:
    """What a correction would have to change."""
    result = outcome.result
    return (
        (result.ballots, result.enrolled, result.eligible, result.lot_seed),
        {pot.pot.id: pot.result.model_dump(exclude={"result_id"}) for pot in outcome.pots},
        {
            row.project.id: row.result.model_dump(exclude={"result_id"})
            for pot in outcome.pots
            for row in pot.rows
        },
    )


async def _publish(session: AsyncSession, outcome: Outcome) -> None:
    session.add(outcome.result)
    await session.flush()
    for pot in outcome.pots:
        session.add(pot.result)
        session.add_all(row.result for row in pot.rows)
    await session.flush()


async def _announce(
    session: AsyncSession, process: Process, outcome: Outcome, before: Outcome | None, by: Steward | System
) -> None:
    """Put on record, for the process and for each proposal whose fate is new."""
    result = outcome.result
    await audit.record(
        session,
        "result.corrected" if before else "result.published",
        process.id,
        by=by,
        process_id=process.id,
        number=result.number,
        ballots=result.ballots,
        winners=len(outcome.winners),
        left_out=outcome.left_out,
    )
    had_won = {row.project.id: row.won for pot in before.pots for row in pot.rows} if before else {}
    for row in (row for pot in outcome.pots for row in pot.rows):
        if row.project.proposal_id and had_won.get(row.project.id) is not row.won:
            await audit.record(
                session,
                "project.won" if row.won else "project.lost",
                row.project.proposal_id,
                by=by,
                process_id=process.id,
                number=row.project.number,
                result=result.number,
            )


async def _check_on_ballot(session: AsyncSession, process: Process, numbers: Collection[int]) -> None:
    known = {project.number for project in await votes.projects(session, process.id)}
    for number in sorted(set(numbers) - known):
        raise rules.NotOnTheBallot("without", number=number)


def _check_reach(process: Process, by: Steward | System) -> None:
    if isinstance(by, Staff) and not by.may_act_in(process.id):
        raise NotYourProcess


# --- what becomes of it


async def add_milestone(
    session: AsyncSession, process: Process, number: int, step: Step, *, nonce: UUID, by: Steward
) -> Milestone:
    """Add a step to winning project `number`; a form sent twice makes one. Raises NotFound, NotAWinner, and as rules.check_step."""
    _check_reach(process, by)
    there = (await session.exec(select(Milestone).where(Milestone.nonce == nonce))).one_or_none()
    if there:
        await queries.milestone(session, process.id, there.id)  # NotFound for one of another process
        return there
    project = await _winner(session, process, number)
    made = Milestone(project_id=project.id, nonce=nonce, version=0)
    try:
        async with session.begin_nested():
            return await _write(session, process, project, made, step, by)
    except IntegrityError as error:
        if violated(error) != "uq_milestone_nonce":
            raise
    return (await session.exec(select(Milestone).where(Milestone.nonce == nonce))).one()


async def change_milestone(
    session: AsyncSession, process: Process, milestone_id: UUID, step: Step, *, version: int, by: Steward
) -> Milestone:
    """Raises NotFound, MilestoneChangedMeanwhile, and as rules.check_step."""
    _check_reach(process, by)
    found, project = await _take(session, process, milestone_id, version)
    return await _write(session, process, project, found, step, by)


async def remove_milestone(
    session: AsyncSession, process: Process, milestone_id: UUID, *, version: int, by: Steward
) -> None:
    """Raises NotFound, MilestoneChangedMeanwhile."""
    _check_reach(process, by)
    found, project = await _take(session, process, milestone_id, version)
    await session.delete(found)
    await session.flush()
    if found.picture_id:
        await pictures.remove(session, found.picture_id)
    await _record(session, "milestone.removed", process, project, found, by)


async def illustrate(
    session: AsyncSession,
    process: Process,
    milestone_id: UUID,
    data: bytes,
    alt: str,
    *,
    version: int,
    by: Steward,
) -> Milestone:
    """Put a picture to a milestone, in the place of an earlier one.

    Raises NotFound, MilestoneChangedMeanwhile, PictureNotDescribed, PictureRefused.
    """
    _check_reach(process, by)
    found, project = await _take(session, process, milestone_id, version)
    if not alt.strip():
        raise rules.PictureNotDescribed("picture_alt")
    picture = await pictures.store(session, data, by=by)
    return await _show(session, process, project, found, picture.id, alt.strip(), by)


async def remove_picture(
    session: AsyncSession, process: Process, milestone_id: UUID, *, version: int, by: Steward
) -> Milestone:
    """Raises NotFound, MilestoneChangedMeanwhile."""
    _check_reach(process, by)
    found, project = await _take(session, process, milestone_id, version)
    return await _show(session, process, project, found, None, "", by)


async def _winner(session: AsyncSession, process: Process, number: int) -> Project:
    result = await queries.latest(session, process.id)
    if result is None:
        raise rules.NotCountedYet
    outcome = await queries.outcome(session, result)
    pot, place = outcome.place_of(number)
    if not pot.rows[place].won:
        raise rules.NotAWinner
    return pot.rows[place].project


async def _take(
    session: AsyncSession, process: Process, milestone_id: UUID, seen: int
) -> tuple[Milestone, Project]:
    """Hold a milestone till the end of the transaction, to change it, if nobody has meanwhile."""
    milestone, project = await queries.milestone(session, process.id, milestone_id, lock=True)
    if milestone.version != seen:
        raise rules.MilestoneChangedMeanwhile(milestone)
    return milestone, project


async def _write(
    session: AsyncSession, process: Process, project: Project, milestone: Milestone, step: Step, by: Steward
) -> Milestone:
    now = await clock.now(session)
    rules.check_step(step, today=now.astimezone(HELSINKI).date())
    for name in Facts.model_fields:
        setattr(milestone, name, getattr(step, name))
    for name in ("title", "text", "delay_reason", "decision_body"):
        words: Localized | None = getattr(step, name)
        setattr(milestone, name, words.stored() if words else {})
    milestone.version += 1
    milestone.changed_at = now
    session.add(milestone)
    await session.flush()
    await _record(session, "milestone.changed", process, project, milestone, by)
    return milestone


async def _show(
    session: AsyncSession,
    process: Process,
    project: Project,
    milestone: Milestone,
    picture_id: UUID | None,
    alt: str,
    by: Steward,
) -> Milestone:
    replaced = milestone.picture_id
    milestone.picture_id, milestone.picture_alt = picture_id, alt
    milestone.version += 1
    milestone.changed_at = await clock.now(session)
    session.add(milestone)
    await session.flush()
    if replaced:
        await pictures.remove(session, replaced)
    await _record(session, "milestone.illustrated", process, project, milestone, by)
    return milestone


async def _record(
    session: AsyncSession, action: str, process: Process, project: Project, milestone: Milestone, by: Steward
) -> None:
    await audit.record(
        session,
        action,
        project.proposal_id or project.id,
        by=by,
        process_id=process.id,
        milestone=str(milestone.id),
        number=project.number,
        status=milestone.status.value,
    )
