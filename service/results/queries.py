"""Every SELECT about counts and milestones. A page reads what was published; only the count itself reads ballots."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, func, literal, or_
from sqlalchemy import select as select_columns  # SQLModel's own takes four at most
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.errors import NotFound
from service.pictures.models import Picture
from service.processes import queries as processes
from service.processes.models import Activity, Area, Phase, Pot, Process
from service.results.contests import Choice, Contest, contests
from service.results.implementation import Undertaking, in_order
from service.results.models import ImportedPot, Milestone, PotResult, ProjectResult, Result, Status, Verdict
from service.results.outcome import Outcome, PotOutcome, Row
from service.voting import queries as voting
from service.voting.models import CountedBallot, Project, Vote

# --- what was published


async def latest(session: AsyncSession, process_id: UUID) -> Result | None:
    """The result that holds."""
    statement = (
        select(Result).where(Result.process_id == process_id).order_by(col(Result.number).desc()).limit(1)
    )
    return (await session.exec(statement)).one_or_none()


async def holding(session: AsyncSession, process_ids: Sequence[UUID]) -> dict[UUID, Result]:
    """By process, for those that have been counted."""
    statement = (
        select(Result)
        .ext(distinct_on(col(Result.process_id)))
        .where(col(Result.process_id).in_(process_ids))
        .order_by(col(Result.process_id), col(Result.number).desc())
    )
    return {result.process_id: result for result in (await session.exec(statement)).all()}


async def history(session: AsyncSession, process_id: UUID) -> Sequence[Result]:
    """Newest first."""
    statement = select(Result).where(Result.process_id == process_id).order_by(col(Result.number).desc())
    return (await session.exec(statement)).all()


async def numbered(session: AsyncSession, process_id: UUID, number: int) -> Result:
    """Raises NotFound."""
    statement = select(Result).where(Result.process_id == process_id, Result.number == number)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def outcome(session: AsyncSession, result: Result) -> Outcome:
    """As it is shown, without the words of what is hidden by now. Two statements, however large the vote was."""
    pots = (
        select(PotResult, Pot, Area)
        .join(Pot, col(Pot.id) == PotResult.pot_id)
        .outerjoin(Area, col(Area.id) == Pot.area_id)
        .where(PotResult.result_id == result.id)
        .order_by(col(Area.position).nulls_last(), col(Area.key))
    )
    projects = (
        select(ProjectResult, Project, voting.is_hidden())
        .join(Project, col(Project.id) == ProjectResult.project_id)
        .where(ProjectResult.result_id == result.id)
        .order_by(col(ProjectResult.place))
    )
    rows: dict[UUID, list[Row]] = {}
    for counted, project, is_hidden in (await session.exec(projects)).all():
        shown = project.without_words() if is_hidden else project
        rows.setdefault(counted.pot_id, []).append(Row(shown, counted))
    return Outcome(
        result,
        [
            PotOutcome(pot, area, counted, rows[pot.id])
            for counted, pot, area in (await session.exec(pots)).all()
        ],
    )


@dataclass(frozen=True, slots=True)
class Fate:
    """A proposal on a ballot that is final and, once the votes are counted, how it came out by the result that holds."""

    project: Project
    result: Result | None
    row: Row | None


async def fate(session: AsyncSession, proposal_id: UUID) -> Fate | None:
    """None where it is on no ballot, or on one that may still change. One statement."""
    is_frozen = select(Vote.process_id).where(Vote.process_id == Project.process_id).exists()
    is_open = select(Phase.id).where(
        Phase.process_id == Project.process_id,
        literal(Activity.VOTE.value) == any_(col(Phase.activities)),
        col(Phase.opens_at) <= func.puntari_now(),
    )
    holding = (
        select(func.max(Result.number))
        .where(Result.process_id == Project.process_id)
        .correlate(Project)
        .scalar_subquery()
    )
    statement = (
        select(Project, Result, ProjectResult)
        .outerjoin(Result, and_(col(Result.process_id) == Project.process_id, col(Result.number) == holding))
        .outerjoin(
            ProjectResult,
            and_(col(ProjectResult.result_id) == Result.id, col(ProjectResult.project_id) == col(Project.id)),
        )
        .where(Project.proposal_id == proposal_id, or_(is_frozen, is_open.exists()))
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        return None
    project, result, counted = found
    return Fate(project, result, Row(project, counted) if counted else None)


@dataclass(frozen=True, slots=True)
class Headline:
    """A counted process in a list."""

    process: Process
    result: Result
    winners: int
    spent_cents: int
    budget_cents: int


async def headlines(session: AsyncSession) -> list[Headline]:
    """Of every published process that has been counted, the latest count first. One statement."""
    holding = (
        select(Result)
        .ext(distinct_on(col(Result.process_id)))
        .order_by(col(Result.process_id), col(Result.number).desc())
        .subquery()
    )
    winners = (
        select(func.count())
        .select_from(ProjectResult)
        .where(ProjectResult.result_id == Result.id, ProjectResult.verdict == Verdict.WON)
        .correlate(Result)
        .scalar_subquery()
    )
    statement: Any = (
        select_columns(
            Process, Result, winners, func.sum(PotResult.spent_cents), func.sum(PotResult.budget_cents)
        )
        .join(Result, col(Result.process_id) == Process.id)
        .join(holding, holding.c.id == Result.id)
        .join(PotResult, col(PotResult.result_id) == Result.id)
        .where(col(Process.published_at).is_not(None))
        .group_by(col(Process.id), col(Result.id))
        .order_by(col(Result.published_at).desc(), col(Process.slug))
    )
    return [
        Headline(process, result, winners, int(spent), int(budget))
        for process, result, winners, spent, budget in (await session.exec(statement)).all()
    ]


# --- what is counted


async def contests_of(
    session: AsyncSession, process: Process, *, without: Collection[int] = ()
) -> list[Contest]:
    """The pots of a process with their ballots, ready to be counted."""
    pots = await processes.pots(session, process.id)
    grouped: Any = (
        select_columns(
            col(CountedBallot.area_id), col(CountedBallot.projects), col(CountedBallot.points), func.count()
        )
        .where(col(CountedBallot.process_id) == process.id)
        .group_by(col(CountedBallot.area_id), col(CountedBallot.projects), col(CountedBallot.points))
    )
    choices = [Choice(*row) for row in (await session.exec(grouped)).all()]
    projects = await voting.projects(session, process.id)
    sources = await imported(session, process.id)
    return await asyncio.to_thread(contests, process, pots, projects, choices, sources, without=without)


async def imported(session: AsyncSession, process_id: UUID) -> dict[UUID, ImportedPot]:
    """By pot; empty for an election of our own."""
    statement = (
        select(ImportedPot).join(Pot, col(Pot.id) == ImportedPot.pot_id).where(Pot.process_id == process_id)
    )
    return {row.pot_id: row for row in (await session.exec(statement)).all()}


# --- what became of it


async def milestone(
    session: AsyncSession, process_id: UUID, milestone_id: UUID, *, lock: bool = False
) -> tuple[Milestone, Project]:
    """`lock`: as it stands now, and nobody else changes it before this transaction ends. Raises NotFound."""
    statement = (
        select(Milestone, Project)
        .join(Project, col(Project.id) == Milestone.project_id)
        .where(Milestone.id == milestone_id, Project.process_id == process_id)
    )
    if lock:
        statement = statement.with_for_update(of=Milestone).execution_options(populate_existing=True)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def undertakings(session: AsyncSession, outcome: Outcome) -> list[Undertaking]:
    """The winners with their milestones, in the order of the result. One statement."""
    winners = [row.project for row in outcome.winners]
    statement = select(Milestone).where(col(Milestone.project_id).in_([project.id for project in winners]))
    found: dict[UUID, list[Milestone]] = {}
    for step in (await session.exec(statement)).all():
        found.setdefault(step.project_id, []).append(step)
    return [
        Undertaking(project, in_order(found.get(project.id, [])), outcome.result.published_at)
        for project in winners
    ]


async def picture_sizes(
    session: AsyncSession, undertakings: Sequence[Undertaking]
) -> dict[UUID, tuple[int, int]]:
    """Width and height of the milestones' pictures, in pixels of the large ones."""
    shown = [
        one.picture_id for undertaking in undertakings for one in undertaking.milestones if one.picture_id
    ]
    statement = select(Picture.id, Picture.width, Picture.height).where(col(Picture.id).in_(shown))
    return {row[0]: (row[1], row[2]) for row in (await session.exec(statement)).all()} if shown else {}


@dataclass(frozen=True, slots=True)
class Built:
    """A winner that is completed, with the milestone whose picture shows it."""

    process: Process
    project: Project
    milestone: Milestone


async def built(session: AsyncSession, *, most: int) -> list[Built]:
    """The winners completed last of which there is a picture. One statement."""
    other = aliased(Milestone)
    unfinished = select(other.id).where(
        other.project_id == Milestone.project_id, other.status != Status.COMPLETED
    )
    pictured = (
        select(Milestone.id)
        .ext(distinct_on(col(Milestone.project_id)))
        .where(col(Milestone.picture_id).is_not(None), ~unfinished.exists())
        .order_by(col(Milestone.project_id), col(Milestone.actual_end).desc())
    )
    statement = (
        select(Process, Project, Milestone)
        .join(Project, col(Project.id) == Milestone.project_id)
        .join(Process, col(Process.id) == Project.process_id)
        .where(col(Milestone.id).in_(pictured), col(Process.published_at).is_not(None), ~voting.is_hidden())
        .order_by(col(Milestone.actual_end).desc(), col(Milestone.id))
        .limit(most)
    )
    return [Built(*row) for row in (await session.exec(statement)).all()]


async def shows_picture(session: AsyncSession, picture_id: UUID) -> bool:
    """Whether a milestone shows it, to everybody."""
    statement = select(Milestone.id).where(Milestone.picture_id == picture_id).limit(1)
    return (await session.exec(statement)).first() is not None
