"""Every SELECT about a vote."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, any_, exists, literal, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core import clock, receipt
from service.core.errors import NotFound
from service.processes import queries as processes
from service.processes.models import Activity, AreaRule, BallotType, Phase, Pot, Process
from service.processes.rules import voting_phase
from service.proposals.models import Proposal, State
from service.proposals.queries import public
from service.voting import box, seal
from service.voting.ballot import Ballot, Entry
from service.voting.models import BallotDraft, CountedBallot, Project, RollEntry, SealedBallot, Vote
from service.voting.rules import NoMoneyThere, NoVote
from service.voting.seal import Mark, Voter
from service.voting.standing import Standing, opened_draft


async def phase(session: AsyncSession, process_id: UUID) -> Phase:
    """When people vote; raises NoVote where they never do."""
    vote = voting_phase(await processes.phases(session, process_id))
    if vote is None:
        raise NoVote
    return vote


async def open_now(session: AsyncSession, *, or_until: timedelta = timedelta()) -> Sequence[UUID]:
    """Processes that vote now, or did a little while ago."""
    now = await clock.now(session)
    statement = select(Phase.process_id).where(
        literal(Activity.VOTE.value) == any_(col(Phase.activities)),
        Phase.opens_at <= now,
        Phase.closes_at > now - or_until,
    )
    return (await session.exec(statement)).all()


async def vote(session: AsyncSession, process_id: UUID) -> Vote | None:
    return await session.get(Vote, process_id)


async def vote_in_turn(session: AsyncSession, process_id: UUID) -> Vote:
    """For who changes it: others wait. Raises NoVote where the ballot was never frozen."""
    statement = select(Vote).where(Vote.process_id == process_id)
    statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NoVote
    return found


async def hold_ballot(session: AsyncSession, process_id: UUID) -> None:
    """Wait for whoever is changing the ballot, its money or its rules, and let nobody begin before this transaction ends.

    They hold the process as well: `may_change_ballot` in the database.
    """
    statement = select(Process).where(Process.id == process_id).with_for_update(key_share=True)
    await session.exec(statement.execution_options(populate_existing=True))


async def projects(session: AsyncSession, process_id: UUID) -> Sequence[Project]:
    statement = select(Project).where(Project.process_id == process_id).order_by(col(Project.number))
    return (await session.exec(statement)).all()


def is_hidden() -> ColumnElement[bool]:
    """Whether a project's proposal is out of public view by now, as a part of another SELECT of Project."""
    return exists().where(col(Proposal.id) == Project.proposal_id, ~public()).correlate(Project)


async def hidden(session: AsyncSession, process_id: UUID) -> frozenset[int]:
    """Numbers of the projects whose proposal is out of public view by now."""
    statement = select(Project.number).where(Project.process_id == process_id, is_hidden())
    return frozenset((await session.exec(statement)).all())


async def candidates(session: AsyncSession, process_id: UUID) -> Sequence[Proposal]:
    """What may be put on the ballot or stands on it, by number."""
    stands = exists().where(col(Project.proposal_id) == Proposal.id)
    statement = select(Proposal).where(
        Proposal.process_id == process_id, or_(col(Proposal.state) == State.PUBLISHED, stands)
    )
    return (await session.exec(statement.order_by(col(Proposal.number)))).all()


async def project(session: AsyncSession, process_id: UUID, number: int) -> Project:
    """Raises NotFound."""
    statement = select(Project).where(Project.process_id == process_id, Project.number == number)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def project_of(session: AsyncSession, proposal_id: UUID) -> Project | None:
    return (await session.exec(select(Project).where(Project.proposal_id == proposal_id))).one_or_none()


async def pot(session: AsyncSession, process_id: UUID, area_id: UUID | None) -> Pot:
    """The money of an area, or the city-wide sum; raises NoMoneyThere."""
    statement = select(Pot).where(
        Pot.process_id == process_id, col(Pot.area_id).is_not_distinct_from(area_id)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NoMoneyThere
    return found


async def ballot(session: AsyncSession, process: Process) -> Ballot:
    """The ballot as it stands; it may still change before it is frozen."""
    frozen = await vote(session, process.id)
    pots = [pot for pot, _ in await processes.pots(session, process.id)]
    area_of = {pot.id: pot.area_id for pot in pots}
    return Ballot(
        process_id=process.id,
        slug=process.slug,
        type=BallotType(process.ballot_type),
        max_choices=process.max_choices,
        area_rule=AreaRule(process.area_rule),
        box_public_key=frozen.box_public_key if frozen else None,
        pots={pot.area_id: pot.cents for pot in pots},
        entries=tuple(
            Entry(
                number=project.number,
                proposal_id=project.proposal_id,
                category_id=project.category_id,
                area_id=area_of[project.pot_id],
                title=project.title,
                text=project.text,
                language=project.language,
                cost_cents=project.cost_cents,
            )
            for project in await projects(session, process.id)
        ),
    )


class OpenedBallots:
    """Ballots of votes that have opened, kept in memory by the process's address: nothing in them can change any more."""

    def __init__(self) -> None:
        self._kept: dict[str, Ballot] = {}

    async def get(self, session: AsyncSession, slug: str) -> Ballot:
        """Of a published process; raises NotFound."""
        if slug in self._kept:
            return self._kept[slug]
        process = await processes.get(session, slug)
        made = await ballot(session, process)
        voting = voting_phase(await processes.phases(session, process.id))
        if voting and made.box_public_key and voting.opens_at <= await clock.now(session):
            self._kept[slug] = made
        return made


async def standing(session: AsyncSession, ballot: Ballot, voter: Voter) -> Standing:
    """One statement, whatever is there."""
    row = await box.standing(
        session, ballot.process_id, voter.sign_in_digest, voter.pseudonym, voter.draft_pseudonym
    )
    return Standing(
        ballot=ballot,
        voter=voter,
        opened=row.opened,
        fixed_area_id=row.area_id,
        draft=opened_draft(row.draft, ballot, voter) if row.closes_at else None,
        mark=Mark(row.nonce, row.commitment) if row.nonce is not None else None,
        closes_at=row.closes_at,
    )


async def is_on_roll(session: AsyncSession, process_id: UUID, sign_in_digest: bytes) -> bool:
    return await session.get(RollEntry, (process_id, sign_in_digest)) is not None


async def roll(session: AsyncSession, process_id: UUID) -> dict[bytes, UUID | None]:
    """Sign-in digests with the area the rule gave."""
    statement = select(RollEntry.sign_in_digest, RollEntry.area_id).where(RollEntry.process_id == process_id)
    return dict((await session.exec(statement)).all())


async def accounts_on_roll(session: AsyncSession, process_id: UUID) -> Sequence[UUID]:
    """Of those who have opened the ballot, as far as they still have one, in no order that tells anything."""
    statement = (
        select(Account.id)
        .join(RollEntry, col(RollEntry.sign_in_digest) == Account.sign_in_digest)
        .where(RollEntry.process_id == process_id)
        .order_by(col(Account.id))
    )
    return (await session.exec(statement)).all()


async def counted_with_keys(session: AsyncSession, until: datetime) -> Sequence[Process]:
    """Counted before `until`, with roll and box still there."""
    statement = (
        select(Process)
        .join(Vote, col(Vote.process_id) == Process.id)
        .where(col(Vote.counted_at) < until, col(Vote.emptied_at).is_(None))
        .order_by(col(Process.id))
    )
    return (await session.exec(statement)).all()


async def drafts(session: AsyncSession, draft_pseudonyms: list[bytes]) -> list[bytes]:
    """Those of these pseudonyms that have a draft."""
    wanted = literal(draft_pseudonyms, ARRAY(LargeBinary))
    statement = select(BallotDraft.draft_pseudonym).where(BallotDraft.draft_pseudonym == any_(wanted))
    return list((await session.exec(statement)).all())


async def sealed_ballots(session: AsyncSession, process_id: UUID) -> Sequence[SealedBallot]:
    return (await session.exec(select(SealedBallot).where(SealedBallot.process_id == process_id))).all()


async def is_counted(session: AsyncSession, process_id: UUID, typed_receipt: str) -> bool:
    """Whether a ballot with this receipt is in the count."""
    code = receipt.read(typed_receipt)
    if code is None:
        return False
    key = (process_id, seal.receipt_digest(code))
    return await session.get(CountedBallot, key) is not None


async def counted(session: AsyncSession, process_id: UUID) -> Sequence[CountedBallot]:
    """The opened ballots in the order of their random receipt digests."""
    statement = (
        select(CountedBallot)
        .where(CountedBallot.process_id == process_id)
        .order_by(col(CountedBallot.receipt_digest))
    )
    return (await session.exec(statement)).all()


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Where a person is on the roll, as JSON can say it. Drafts and ballots carry no name: only their own page can open them."""
    statement = (
        select(RollEntry)
        .join(Account, col(Account.sign_in_digest) == RollEntry.sign_in_digest)
        .where(Account.id == account_id)
    )
    return {
        "electoral_roll": [
            row.model_dump(mode="json", exclude={"sign_in_digest"})
            for row in (await session.exec(statement)).all()
        ]
    }
