"""Everything that happens in a vote: its ballot is put together, people choose and cast, the box is opened, the keys go.

What residents do here leaves no audit entry, enqueues no job and touches no other table: docs/decisions/0002-secrecy.md.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts import queries as accounts
from service.audit import actions as audit
from service.core import clock, jobs, receipt
from service.core.actor import Administrator, Editor, Resident, Staff, System
from service.core.database import violated
from service.core.keys import KeyStore
from service.evaluation import queries as evaluations
from service.processes import queries as processes
from service.processes.models import Process
from service.processes.rules import NotYourProcess
from service.proposals.models import Proposal
from service.voting import box, candidates, queries, rules, seal
from service.voting.ballot import Ballot, Selection
from service.voting.count import Count
from service.voting.models import Project, Vote
from service.voting.seal import BoxKey, DraftSeal, Voter, VoteSeal
from service.voting.standing import Draft, Standing

Steward = Editor | Administrator

# --- the editor puts the ballot together


async def select(session: AsyncSession, process: Process, proposal: Proposal, *, by: Steward) -> Project:
    """Put a proposal on the ballot; its cost is the upper bound of its evaluation. Selected again, it takes the new cost and text.

    An evaluator or author who changes it meanwhile comes before or after, never between.

    Raises BallotIsFrozen, NotForTheBallot, NotEvaluated, NoMoneyThere, DearerThanTheBudget.
    """
    await _check_may_change(session, process, by)
    cost_cents = candidates.cost_of(await evaluations.find_in_turn(session, proposal.id))
    rules.check_for_the_ballot(process, proposal)
    if cost_cents is None:
        raise rules.NotEvaluated
    pot = await queries.pot(session, process.id, proposal.area_id)
    rules.check_cost(pot, cost_cents)
    project = await queries.project_of(session, proposal.id)
    listed = {**candidates.as_listed(proposal), "pot_id": pot.id, "cost_cents": cost_cents}
    if project is None:
        project = Project(process_id=process.id, proposal_id=proposal.id, number=proposal.number, **listed)
    else:
        project.sqlmodel_update(listed)
    session.add(project)
    await _write_unless_frozen(session)
    await audit.record(
        session, "project.selected", project.id, by=by, process_id=process.id, number=project.number
    )
    return project


async def remove(session: AsyncSession, process: Process, project: Project, *, by: Steward) -> None:
    """Take a project off the ballot. Raises BallotIsFrozen."""
    await _check_may_change(session, process, by)
    await session.delete(project)
    await _write_unless_frozen(session)
    await audit.record(
        session, "project.removed", project.id, by=by, process_id=process.id, number=project.number
    )


async def freeze(session: AsyncSession, process: Process, *, keys: KeyStore, by: Steward) -> Vote:
    """Make the ballot final and public, with its money and rules, and make its keys. Voting freezes it anyway when it opens.

    Raises NoVote, BallotIsEmpty, ProjectsHaveChanged.
    """
    _check_reach(process, by)
    await queries.hold_ballot(session, process.id)
    frozen = await queries.vote(session, process.id)
    if frozen:
        return frozen
    if not await queries.projects(session, process.id):
        raise rules.BallotIsEmpty
    stale = [each for each in await candidates.of_process(session, process.id) if each.has_changed]
    if stale:
        raise rules.ProjectsHaveChanged(numbers=", ".join(str(each.proposal.number) for each in stale))
    frozen = await _freeze(session, process, keys)
    await audit.record(session, "ballot.frozen", process.id, by=by, process_id=process.id)
    return frozen


# --- a resident votes


async def enrol(session: AsyncSession, process: Process, *, keys: KeyStore, by: Resident) -> Voter:
    """Open the ballot: the resident is on the electoral roll from then on, whatever becomes of the account.

    Raises VotingHasNotOpened, VotingIsClosed; BirthYearMissing, HomeAreaMissing where the process needs them; NotEligible.
    """
    now = await clock.now(session)
    rules.check_open(await queries.phase(session, process.id), at=now)
    account = await accounts.get(session, by.id)
    await _freeze(session, process, keys)
    voter = Voter.of(by, account.sign_in_digest, keys, process.id)
    if not await queries.is_on_roll(session, process.id, account.sign_in_digest):
        home = await processes.residence(session, by.id)
        rules.check_age(process, account.birth_year, at=now)
        area_id = rules.fixed_area(process, home.area_id if home else None)
        rules.check_something_to_vote_on(await queries.ballot(session, process), area_id)
        await box.enrol(session, process.id, account.sign_in_digest, area_id)
    return voter


async def choose(session: AsyncSession, ballot: Ballot, number: int, *, by: Voter) -> Standing:
    """Raises UnknownProject, ForeignProject, TooManyChoices, BallotNotOpened, VotingIsClosed. Chosen twice is chosen once."""
    return await _change(session, ballot, by, lambda old: Selection(old.area_id, old.numbers | {number}))


async def unchoose(session: AsyncSession, ballot: Ballot, number: int, *, by: Voter) -> Standing:
    return await _change(session, ballot, by, lambda old: Selection(old.area_id, old.numbers - {number}))


async def choose_area(session: AsyncSession, ballot: Ballot, area_id: UUID, *, by: Voter) -> Standing:
    """Where the rule lets voters choose. What was chosen in another area goes. Raises AreaUnknown."""
    ballot.check_area(area_id)
    return await _change(
        session, ballot, by, lambda old: ballot.without_foreign(Selection(area_id, old.numbers))
    )


async def save_draft(
    session: AsyncSession, ballot: Ballot, numbers: frozenset[int], *, by: Voter, area_id: UUID | None = None
) -> Standing:
    """The whole selection at once. `area_id` where voters choose one; None leaves it as it was. Raises as `choose`."""
    if area_id:
        ballot.check_area(area_id)
    return await _change(session, ballot, by, lambda old: Selection(area_id or old.area_id, numbers))


async def discard_changes(session: AsyncSession, ballot: Ballot, *, by: Voter) -> Standing:
    """Back to what was cast."""
    standing = await _standing_in_turn(session, ballot, by)
    return await _keep(session, standing, standing.cast_selection or standing.selection)


async def cast(session: AsyncSession, ballot: Ballot, numbers: frozenset[int], *, by: Voter) -> str:
    """Put the ballot into the box, in the place of an earlier one; the receipt. `numbers` are what the voter has reviewed.

    One statement guarded by the database's clock, and nothing else, is written in this transaction. Raises as `choose`, and
    OverBudget, NothingChosen, ChoicesChanged.
    """
    standing = await queries.standing(session, ballot, by)
    await _check_opened(session, standing)
    reviewed = Selection(standing.selection.area_id, numbers)
    ballot.check(reviewed)
    if reviewed != standing.selection or ballot.box_public_key is None:
        raise rules.ChoicesChanged
    marks = ballot.marks(reviewed)
    mark = by.vote_seal.mark(by.pseudonym, marks)
    sealed = seal.seal(ballot.box_public_key, marks)
    if not await box.cast(session, ballot.process_id, by.pseudonym, mark, sealed):
        raise await _closed(session, ballot.process_id)
    return receipt.written(by.vote_seal.receipt(mark.nonce))


# --- the box is opened, and the keys go


async def open_box(session: AsyncSession, process: Process, *, keys: KeyStore, by: Steward | System) -> Vote:
    """Write the counted ballots, in the order of their random receipt digests; again, it only tells what is there.

    Raises VoteIsOpen, NoVote, KeysAreMissing.
    """
    _check_reach(process, by)
    phase = await queries.phase(session, process.id)
    if await clock.now(session) < phase.closes_at:
        raise rules.VoteIsOpen(when=phase.closes_at)
    await _freeze(session, process, keys)
    vote = await queries.vote_in_turn(session, process.id)
    if vote.counted_at:
        return vote
    await box.wait_for_casts(session)
    roll = await queries.roll(session, process.id)
    count = Count(
        await queries.ballot(session, process), VoteSeal.of(keys, process.id), BoxKey(keys, process.id)
    )
    opened = await asyncio.to_thread(count.open, await queries.sealed_ballots(session, process.id), roll)
    await box.keep_counted(session, process.id, opened.ballots)
    vote.counted_at = await clock.now(session)
    vote.enrolled, vote.ballots, vote.refused = len(roll), len(opened.ballots), opened.refused
    await jobs.enqueue(session, "voting.part_with_keys", process=str(process.id))
    await audit.record(
        session,
        "box.opened",
        process.id,
        by=by,
        process_id=process.id,
        ballots=vote.ballots,
        refused=vote.refused,
    )
    return vote


async def destroy_keys(
    session: AsyncSession, process: Process, *, keys: KeyStore, by: Steward | System
) -> Vote:
    """The roll shrinks to its number, box and drafts go, and once this is committed a job destroys the keys and says when.

    Done some weeks after the count by a job, or earlier by an editor. Raises NotCounted.
    """
    _check_reach(process, by)
    vote = await queries.vote_in_turn(session, process.id)
    if vote.counted_at is None:
        raise rules.NotCounted
    if vote.emptied_at:
        return vote
    await remove_drafts(session, process.id, keys=keys, most=None)
    await box.empty(session, process.id)
    vote.emptied_at = await clock.now(session)
    await jobs.enqueue(session, "voting.destroy_keys", process=str(process.id))
    await audit.record(session, "keys.destroyed", process.id, by=by, process_id=process.id)
    return vote


async def remove_drafts(session: AsyncSession, process_id: UUID, *, keys: KeyStore, most: int | None) -> int:
    """Remove at most so many drafts, whichever chance picks, and say how many. With the key gone there are none to be found."""
    if not keys.exists(process_id, "draft"):
        return 0
    draft_seal = DraftSeal.of(keys, process_id)
    pseudonyms = [draft_seal.pseudonym(digest) for digest in await queries.roll(session, process_id)]
    found = await queries.drafts(session, pseudonyms)
    secrets.SystemRandom().shuffle(found)
    going = found[:most]
    await box.remove_drafts(session, going)
    return len(going)


def _check_reach(process: Process, by: Steward | System) -> None:
    if isinstance(by, Staff) and not by.may_act_in(process.id):
        raise NotYourProcess


async def _check_may_change(session: AsyncSession, process: Process, by: Steward) -> None:
    _check_reach(process, by)
    await queries.phase(session, process.id)
    if not await processes.may_change_ballot(session, process.id):
        raise rules.BallotIsFrozen


async def _write_unless_frozen(session: AsyncSession) -> None:
    """The clock may have passed the opening since we asked: the trigger knows."""
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        if violated(error) == "ballot_is_frozen":
            raise rules.BallotIsFrozen from None
        raise


async def _freeze(session: AsyncSession, process: Process, keys: KeyStore) -> Vote:
    """The vote's row and keys, made once. Where the row is there the keys are not made again, not even a lost one.

    A change of the ballot that began before is on it, and none comes after.
    """
    vote = await queries.vote(session, process.id)
    if vote:
        return vote
    await queries.hold_ballot(session, process.id)
    made = insert_unless(Vote).values(process_id=process.id, box_public_key=seal.make_keys(keys, process.id))
    row = await session.exec(made.on_conflict_do_nothing().returning(col(Vote.process_id)))
    if row.first():
        closes_at = (await queries.phase(session, process.id)).closes_at
        wait = max(timedelta(), closes_at - await clock.now(session))
        await jobs.enqueue(session, "voting.remove_drafts", after=wait, process=str(process.id))
        await jobs.enqueue(session, "voting.announce_ballot", process=str(process.id))
    return await queries.vote(session, process.id) or await queries.vote_in_turn(session, process.id)


async def _standing_in_turn(session: AsyncSession, ballot: Ballot, voter: Voter) -> Standing:
    await box.take_turn(session, voter.draft_pseudonym)
    standing = await queries.standing(session, ballot, voter)
    await _check_opened(session, standing)
    return standing


async def _check_opened(session: AsyncSession, standing: Standing) -> None:
    if standing.closes_at is None:
        raise await _closed(session, standing.ballot.process_id)
    if not standing.opened:
        raise rules.BallotNotOpened


async def _closed(session: AsyncSession, process_id: UUID) -> Exception:
    """Why voting is not open."""
    phase = await queries.phase(session, process_id)
    early = await clock.now(session) < phase.opens_at
    return (
        rules.VotingHasNotOpened(when=phase.opens_at) if early else rules.VotingIsClosed(when=phase.closes_at)
    )


async def _change(
    session: AsyncSession, ballot: Ballot, voter: Voter, change: Callable[[Selection], Selection]
) -> Standing:
    standing = await _standing_in_turn(session, ballot, voter)
    selection = change(standing.selection)
    ballot.check_draft(selection)
    return await _keep(session, standing, selection)


async def _keep(session: AsyncSession, standing: Standing, selection: Selection) -> Standing:
    """Store the draft, with what was cast beside it, so that changes can be discarded."""
    ballot, voter = standing.ballot, standing.voter
    draft = Draft(selection, standing.cast_selection)
    if voter.draft_seal is None:
        raise rules.KeysAreMissing
    sealed = voter.draft_seal.close(voter.draft_pseudonym, draft.to_bytes(ballot))
    if not await box.keep_draft(session, ballot.process_id, voter.draft_pseudonym, sealed):
        raise await _closed(session, ballot.process_id)
    return replace(standing, draft=draft)
