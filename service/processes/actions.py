"""Everything that changes a process, its team, and where people live."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit import actions as audit
from service.core import clock
from service.core.actor import Administrator, Editor, Resident, Role, Staff, System
from service.core.database import violated
from service.core.errors import NotFound
from service.core.text import Localized
from service.processes import queries, readiness, rules
from service.processes.models import (
    Activity,
    Area,
    BallotType,
    Category,
    Phase,
    Pot,
    Process,
    ProcessCategory,
    Residence,
    TeamMember,
)
from service.processes.parts import Beginning, Budget, Named, PhasePlan, Settings, Texts, VotingRules

Steward = Editor | Administrator | System
"""Who looks after a process."""

# --- the process


async def create(session: AsyncSession, beginning: Beginning, *, by: Steward) -> Process:
    """A process in preparation: nobody but its staff sees it before it is published. By those who look after all.

    Raises NotYourProcess, SlugTaken.
    """
    if isinstance(by, Staff) and by.processes is not None:
        raise rules.NotYourProcess
    process = Process(
        slug=beginning.slug,
        title=beginning.title.stored(),
        summary={},
        description={},
        plain_summary={},
        rules={},
        voters={},
        owner={},
    )
    async with _writing(session):
        session.add(process)
    await _record(session, "process.created", process, by=by)
    return process


async def change_settings(
    session: AsyncSession, process: Process, settings: Settings, *, version: int, by: Steward
) -> Process:
    """Raises NotYourProcess, EditedMeanwhile, SlugIsFixed, SlugTaken, CategoryUnknown, RulesAreFrozen, AgesCrossed."""
    await _take(session, process, version, by)
    if settings.slug != process.slug and process.published_at:
        raise rules.SlugIsFixed
    if settings.legal_basis is not process.legal_basis:
        await _check_rules_can_change(session, process)
    minimum_age = rules.raised_age(settings.legal_basis, process.minimum_age)
    rules.check_ages(minimum_age, process.maximum_age, field="legal_basis")
    await _check_categories(session, settings.categories)
    async with _writing(session, process):
        process.slug = settings.slug
        process.owner = settings.owner.stored()
        process.legal_basis = settings.legal_basis
        process.minimum_age = minimum_age
        await _choose_categories(session, process, settings.categories)
    return await _changed(session, process, "settings", by=by)


async def change_texts(
    session: AsyncSession, process: Process, texts: Texts, *, version: int, by: Steward
) -> Process:
    """Raises NotYourProcess, EditedMeanwhile."""
    await _take(session, process, version, by)
    for name in Texts.model_fields:
        words: Localized | None = getattr(texts, name)
        setattr(process, name, words.stored() if words else {})
    return await _changed(session, process, "texts", by=by)


async def change_voting_rules(
    session: AsyncSession, process: Process, given: VotingRules, *, version: int, by: Steward
) -> Process:
    """The number of people who may vote can change at any time, the rest until the ballot is frozen.

    Raises NotYourProcess, EditedMeanwhile, RulesAreFrozen, ChoicesMissing, AgesCrossed, TooYoungForConsent.
    """
    await _take(session, process, version, by)
    rules.check_voting_rules(given, process.legal_basis)
    values = given.model_dump(include=set(VotingRules.model_fields))
    values["minimum_age"] = rules.minimum_age(process.legal_basis, given.minimum_age)
    if given.ballot_type is BallotType.KNAPSACK:
        values["max_choices"] = None
    if any(values[name] != getattr(process, name) for name in rules.FIXED_BY_VOTING & values.keys()):
        await _check_rules_can_change(session, process)
    async with _writing(session, process):
        for name, value in values.items():
            setattr(process, name, value)
    return await _changed(session, process, "ballot", by=by)


async def set_budgets(
    session: AsyncSession, process: Process, budgets: Sequence[Budget], *, version: int, by: Steward
) -> Process:
    """All money of the process; an area that is left out has none.

    Raises NotYourProcess, EditedMeanwhile, RulesAreFrozen, AreaTwice, AreaUnknown; BudgetIsNeeded, BudgetTooSmall where
    proposals are on the ballot already.
    """
    await _take(session, process, version, by)
    await _check_rules_can_change(session, process)
    areas = [budget.area_id for budget in budgets]
    if len(set(areas)) < len(areas):
        raise rules.AreaTwice
    if not set(areas) - {None} <= {area.id for area in await queries.areas(session)}:
        raise rules.AreaUnknown
    pots = {pot.area_id: pot for pot, _ in await queries.pots(session, process.id)}
    async with _writing(session, process, *pots.values()):
        for budget in budgets:
            pot = pots.pop(budget.area_id, None) or Pot(
                process_id=process.id, area_id=budget.area_id, cents=0
            )
            pot.cents = budget.cents
            session.add(pot)
        for left_out in pots.values():
            await session.delete(left_out)
    return await _changed(session, process, "areas", by=by)


async def publish(session: AsyncSession, process: Process, *, bilingual: bool, by: Steward) -> Process:
    """From now on anyone can see it; `bilingual`: the city is. Raises NotYourProcess, AlreadyPublished, NotReady."""
    await _take(session, process, None, by)
    if process.published_at:
        raise rules.AlreadyPublished
    phases = await queries.phases(session, process.id)
    pots = [pot for pot, _ in await queries.pots(session, process.id)]
    if readiness.hindrances(process, phases, pots, bilingual=bilingual):
        raise rules.NotReady
    process.published_at = await clock.now(session)
    await _record(session, "process.published", process, by=by)
    return process


# --- its phases


async def add_phase(
    session: AsyncSession, process: Process, plan: PhasePlan, *, nonce: UUID, by: Steward
) -> Phase:
    """The same nonce again gives the phase that is there. Raises NotYourProcess, OnlyOneVote, NotFound for a stranger's nonce."""
    await _take(session, process, None, by)
    if await session.get(Phase, nonce):
        return await queries.phase(session, process.id, nonce)
    await _check_plan(session, process, plan, None)
    phase = Phase(id=nonce, process_id=process.id, **_columns(plan))
    async with _writing(session, process):
        session.add(phase)
    await _record(session, "process.changed", process, by=by, part="phases", phase=str(phase.id))
    return phase


async def change_phase(
    session: AsyncSession, process: Process, phase: Phase, plan: PhasePlan, *, version: int, by: Steward
) -> Phase:
    """Raises NotYourProcess, EditedMeanwhile, OnlyOneVote, VotingRulesAreFixed, VotingHasClosed, ClosingIsPast."""
    await _take(session, process, None, by)
    await session.refresh(phase)
    if phase.version != version:
        raise rules.EditedMeanwhile
    await _check_plan(session, process, plan, phase)
    async with _writing(session, process, phase):
        for name, value in _columns(plan).items():
            setattr(phase, name, value)
        phase.version += 1
    await _record(session, "process.changed", process, by=by, part="phases", phase=str(phase.id))
    return phase


async def remove_phase(session: AsyncSession, process: Process, phase: Phase, *, by: Steward) -> None:
    """Raises NotYourProcess, VotingRulesAreFixed."""
    await _take(session, process, None, by)
    rules.check_removal(phase, at=await clock.now(session))
    async with _writing(session, process, phase):
        await session.delete(phase)
    await _record(session, "process.changed", process, by=by, part="phases", phase=str(phase.id))


def _columns(plan: PhasePlan) -> dict[str, Any]:
    return {
        "name": plan.name.stored(),
        "activities": [activity.value for activity in Activity if activity in plan.activities],
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
    }


async def _check_plan(session: AsyncSession, process: Process, plan: PhasePlan, old: Phase | None) -> None:
    phases = await queries.phases(session, process.id)
    rules.check_plan(plan, old, phases, at=await clock.now(session))


async def _take(session: AsyncSession, process: Process, version: int | None, by: Steward) -> None:
    """Hold the process till the end of the transaction, if `by` looks after it and nobody has changed it meanwhile."""
    if isinstance(by, Staff) and not by.may_act_in(process.id):
        raise rules.NotYourProcess
    await session.refresh(process, with_for_update=True)
    if version is not None and process.version != version:
        raise rules.EditedMeanwhile


async def _check_rules_can_change(session: AsyncSession, process: Process) -> None:
    if since := await queries.ballot_final_since(session, process.id):
        raise rules.RulesAreFrozen(when=since)


async def _check_categories(session: AsyncSession, chosen: Sequence[UUID]) -> None:
    if not set(chosen) <= {category.id for category in await queries.all_categories(session)}:
        raise rules.CategoryUnknown("categories")


async def _choose_categories(session: AsyncSession, process: Process, chosen: Sequence[UUID]) -> None:
    await session.exec(delete(ProcessCategory).where(col(ProcessCategory.process_id) == process.id))
    session.add_all(
        ProcessCategory(process_id=process.id, category_id=category_id) for category_id in set(chosen)
    )


async def _changed(session: AsyncSession, process: Process, part: str, *, by: Steward) -> Process:
    process.version += 1
    await _record(session, "process.changed", process, by=by, part=part)
    return process


async def _record(
    session: AsyncSession, action: str, process: Process, *, by: Steward, **details: str
) -> None:
    await audit.record(
        session,
        action,
        process.id,
        by=by,
        process_id=process.id,
        public=process.published_at is not None,
        **details,
    )


@asynccontextmanager
async def _writing(session: AsyncSession, *touched: Process | Phase | Pot) -> AsyncIterator[None]:
    """Write, and tell a constraint's refusal as the city's own sentence: somebody may have done the same at once.

    `touched` are read again where the database refused, so that a page can still show them.
    """
    at = await clock.now(session)
    try:
        async with session.begin_nested():
            yield
    except IntegrityError as error:
        for thing in touched:
            await session.refresh(thing)
        match violated(error):
            case "uq_process_slug":
                raise rules.SlugTaken("slug") from None
            case "voting_rules_are_fixed":
                raise rules.RulesAreFrozen(when=at) from None
            case "fk_project_pot_id":
                raise rules.BudgetIsNeeded from None
            case "pot_pays_its_projects":
                raise rules.BudgetTooSmall from None
        raise


# --- what all processes share


async def define_areas(session: AsyncSession, areas: Sequence[Named], *, by: System) -> list[Area]:
    """The areas of the municipality in their order. One that is not among them stays as it is."""
    known = {area.key: area for area in await queries.areas(session)}
    for position, named in enumerate(areas):
        area = known.setdefault(named.key, Area(key=named.key))
        area.name, area.population, area.position = named.name.stored(), named.population, position
        session.add(area)
    await audit.record(session, "areas.defined", by=by, number=len(areas))
    return [known[named.key] for named in areas]


async def define_categories(
    session: AsyncSession, categories: Sequence[Named], *, by: System
) -> list[Category]:
    """The topics proposals can belong to, in their order. One that is not among them stays as it is."""
    known = {category.key: category for category in await queries.all_categories(session)}
    for position, named in enumerate(categories):
        category = known.setdefault(named.key, Category(key=named.key))
        category.name, category.position = named.name.stored(), position
        session.add(category)
    await audit.record(session, "categories.defined", by=by, number=len(categories))
    return [known[named.key] for named in categories]


# --- the team


async def appoint(
    session: AsyncSession,
    account: Account,
    role: Role,
    process_id: UUID | None,
    *,
    by: Administrator | System,
) -> TeamMember:
    """Give a role in one process, or in all where `process_id` is None; whoever has it already keeps it.

    Raises NotAStaffRole, NotYourProcess, ProcessUnknown.
    """
    if role not in rules.STAFF_ROLES:
        raise rules.NotAStaffRole("role")
    _check_reach(by, process_id)
    if process_id is not None and await session.get(Process, process_id) is None:
        raise rules.ProcessUnknown("process")
    held = select(TeamMember).where(
        TeamMember.account_id == account.id,
        TeamMember.role == role,
        col(TeamMember.process_id).is_not_distinct_from(process_id),
    )
    made = await session.exec(
        insert(TeamMember)
        .values(account_id=account.id, role=role, process_id=process_id)
        .on_conflict_do_nothing(constraint="uq_team_member_account_id_role_process_id")
        .returning(col(TeamMember.id))
    )
    is_new = made.first() is not None
    member = (await session.exec(held)).one()
    if is_new:
        await audit.record(
            session,
            "staff.appointed",
            account.id,
            by=by,
            process_id=process_id,
            public=False,
            role=role.value,
        )
    return member


async def dismiss(session: AsyncSession, member_id: UUID, *, by: Administrator) -> None:
    """Take a role away, from this moment on. Raises NotFound, NotYourProcess, CannotDismissOneself."""
    member = await session.get(TeamMember, member_id)
    if member is None:
        raise NotFound
    _check_reach(by, member.process_id)
    if member.account_id == by.id:
        raise rules.CannotDismissOneself
    await audit.record(
        session,
        "staff.dismissed",
        member.account_id,
        by=by,
        process_id=member.process_id,
        public=False,
        role=Role(member.role).value,
    )
    await session.delete(member)
    await session.flush()


def _check_reach(by: Administrator | System, process_id: UUID | None) -> None:
    if isinstance(by, Administrator) and not by.may_act_in(process_id):
        raise rules.NotYourProcess


# --- where people live


async def set_residence(session: AsyncSession, area_id: UUID | None, *, by: Resident) -> Residence | None:
    """The home area as the resident tells it; None takes it back. Raises HomeAreaUnknown."""
    if area_id is not None and await session.get(Area, area_id) is None:
        raise rules.HomeAreaUnknown("area_id")
    if area_id is None:
        await session.exec(delete(Residence).where(col(Residence.account_id) == by.id))
    else:
        told = insert(Residence).values(account_id=by.id, area_id=area_id)
        await session.exec(told.on_conflict_do_update(constraint="pk_residence", set_={"area_id": area_id}))
    residence = await session.get(Residence, by.id, populate_existing=True)
    await audit.record(session, "residence.changed", by.id, by=by, public=False)
    return residence
