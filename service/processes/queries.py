"""Every SELECT about processes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account, Session
from service.accounts.queries import OF_TOKEN, token_digest
from service.core import clock
from service.core.actor import Role
from service.core.errors import NotFound
from service.core.text import sort_key
from service.processes.models import (
    Area,
    Category,
    Phase,
    Pot,
    Process,
    ProcessCategory,
    Residence,
    TeamMember,
)


async def get(session: AsyncSession, slug: str) -> Process:
    """A published process; raises NotFound, also for one that is still being prepared."""
    statement = select(Process).where(Process.slug == slug, col(Process.published_at).is_not(None))
    process = (await session.exec(statement)).one_or_none()
    if process is None:
        raise NotFound
    return process


async def find(session: AsyncSession, slug: str) -> Process:
    """A process, also one in preparation: for its staff. Raises NotFound."""
    process = (await session.exec(select(Process).where(Process.slug == slug))).one_or_none()
    if process is None:
        raise NotFound
    return process


async def get_with_phases(session: AsyncSession, slug: str) -> tuple[Process, list[Phase]]:
    """As `get`, with the phases in the order they open; one statement."""
    statement = (
        select(Process, Phase)
        .outerjoin(Phase, col(Phase.process_id) == Process.id)
        .where(Process.slug == slug, col(Process.published_at).is_not(None))
        .order_by(col(Phase.opens_at), col(Phase.closes_at))
    )
    rows: Sequence[tuple[Process, Phase | None]] = (await session.exec(statement)).all()
    if not rows:
        raise NotFound
    return rows[0][0], [phase for _, phase in rows if phase is not None]


async def published(session: AsyncSession) -> Sequence[Process]:
    statement = (
        select(Process)
        .where(col(Process.published_at).is_not(None))
        .order_by(col(Process.published_at).desc(), col(Process.slug))
    )
    return (await session.exec(statement)).all()


async def phases(session: AsyncSession, process_id: UUID) -> Sequence[Phase]:
    """In the order they open."""
    statement = (
        select(Phase)
        .where(Phase.process_id == process_id)
        .order_by(col(Phase.opens_at), col(Phase.closes_at))
    )
    return (await session.exec(statement)).all()


async def ballot_final_since(session: AsyncSession, process_id: UUID) -> datetime | None:
    """When the ballot was frozen, by an editor or by the opening of the vote. None: it may still change, and its rules with it."""
    since: datetime | None = (await session.exec(select(func.ballot_final_since(process_id)))).one()
    return since


async def may_change_ballot(session: AsyncSession, process_id: UUID) -> bool:
    """For who changes it or what stands on it: it is not frozen before this transaction ends."""
    return bool((await session.exec(select(func.may_change_ballot(process_id)))).one())


async def phases_of(session: AsyncSession, processes: Sequence[UUID]) -> dict[UUID, list[Phase]]:
    """The phases of each process in the order they open."""
    statement = (
        select(Phase)
        .where(col(Phase.process_id).in_(processes))
        .order_by(col(Phase.opens_at), col(Phase.closes_at))
    )
    of_process: dict[UUID, list[Phase]] = {process_id: [] for process_id in processes}
    for phase in await session.exec(statement):
        of_process[phase.process_id].append(phase)
    return of_process


async def rounds(session: AsyncSession) -> list[tuple[Process, list[Phase]]]:
    """Published processes, newest first, each with its phases in the order they open."""
    processes = await published(session)
    of_process = await phases_of(session, [process.id for process in processes])
    return [(process, of_process[process.id]) for process in processes]


async def phase(session: AsyncSession, process_id: UUID, phase_id: UUID) -> Phase:
    """Raises NotFound, also for a phase of another process."""
    found = await session.get(Phase, phase_id)
    if found is None or found.process_id != process_id:
        raise NotFound
    return found


async def pots(session: AsyncSession, process_id: UUID) -> Sequence[tuple[Pot, Area | None]]:
    """The money of each area in the areas' order, the city-wide sum last."""
    statement = (
        select(Pot, Area)
        .join(Area, col(Pot.area_id) == Area.id, isouter=True)
        .where(Pot.process_id == process_id)
        .order_by(col(Area.position).nulls_last(), col(Area.key))
    )
    return (await session.exec(statement)).all()


async def areas_of(session: AsyncSession, process_id: UUID) -> Sequence[Area]:
    """What its proposals can be about: the areas that have money of their own, or every area where none has."""
    with_money = select(Pot.area_id).where(Pot.process_id == process_id, col(Pot.area_id).is_not(None))
    statement = (
        select(Area)
        .where(or_(col(Area.id).in_(with_money), ~with_money.exists()))
        .order_by(col(Area.position), col(Area.key))
    )
    return (await session.exec(statement)).all()


async def categories(session: AsyncSession, process_id: UUID) -> Sequence[Category]:
    """The topics chosen for this process."""
    statement = (
        select(Category)
        .join(ProcessCategory, col(ProcessCategory.category_id) == Category.id)
        .where(ProcessCategory.process_id == process_id)
        .order_by(col(Category.position), col(Category.key))
    )
    return (await session.exec(statement)).all()


async def all_categories(session: AsyncSession) -> Sequence[Category]:
    return (await session.exec(select(Category).order_by(col(Category.position), col(Category.key)))).all()


async def next_boundary(session: AsyncSession, at: datetime) -> datetime | None:
    """The next moment at which a phase opens or closes."""
    moment = func.least(
        func.min(Phase.opens_at).filter(col(Phase.opens_at) > at),
        func.min(Phase.closes_at).filter(col(Phase.closes_at) > at),
    )
    boundary: datetime | None = (await session.exec(select(moment))).one()
    return boundary


Roles = dict[Role, frozenset[UUID] | None]
"""With the processes they hold in; None: in all."""

# Asked at every visit of somebody signed in, so the statement is put together once.
VISITOR: Any = select(
    Account,
    select(func.jsonb_agg(func.jsonb_build_array(TeamMember.role, TeamMember.process_id)))
    .where(TeamMember.account_id == Account.id)
    .scalar_subquery(),
    func.puntari_now(),
).join(Session, OF_TOKEN)


async def signed_in(session: AsyncSession, token: str) -> tuple[Account, Roles] | None:
    """Whose session this is, with their roles. One statement, which tells the transaction's moment too."""
    row = (await session.exec(VISITOR, params={"token_digest": token_digest(token)})).one_or_none()
    if row is None:
        return None
    account, held, moment = row
    clock.know(session, moment)
    return account, _roles(held or [])


async def roles_of(session: AsyncSession, account_id: UUID) -> Roles:
    statement = select(TeamMember.role, TeamMember.process_id).where(TeamMember.account_id == account_id)
    return _roles(await session.exec(statement))


def _roles(held: Iterable[tuple[str, UUID | str | None]]) -> Roles:
    roles: Roles = {}
    for name, process_id in held:
        role = Role(name)
        others = roles.get(role, frozenset())
        roles[role] = None if process_id is None or others is None else others | {UUID(str(process_id))}
    return roles


async def roles_in(session: AsyncSession, process_id: UUID) -> frozenset[Role]:
    """The roles somebody holds in this process or in all."""
    statement = (
        select(TeamMember.role)
        .where(or_(col(TeamMember.process_id) == process_id, col(TeamMember.process_id).is_(None)))
        .distinct()
    )
    return frozenset(map(Role, await session.exec(statement)))


async def team(
    session: AsyncSession, processes: frozenset[UUID] | None
) -> Sequence[tuple[TeamMember, Account, Process | None]]:
    """Who has which role in these processes; None: in every one and in all. By role, then by name as Finnish sorts it."""
    statement = (
        select(TeamMember, Account, Process)
        .join(Account, col(Account.id) == TeamMember.account_id)
        .outerjoin(Process, col(Process.id) == TeamMember.process_id)
        .order_by(col(TeamMember.role), col(Account.email), col(TeamMember.id))
    )
    if processes is not None:
        statement = statement.where(col(TeamMember.process_id).in_(processes))
    rows = (await session.exec(statement)).all()
    return sorted(rows, key=lambda row: (row[0].role, sort_key(row[1].name)))


async def team_member(
    session: AsyncSession, member_id: UUID, processes: frozenset[UUID] | None
) -> tuple[TeamMember, Account, Process | None]:
    """One line of `team`; raises NotFound, also outside these processes."""
    rows = await team(session, processes)
    for row in rows:
        if row[0].id == member_id:
            return row
    raise NotFound


async def people_without_role(
    session: AsyncSession, *, of_each_language: int
) -> Sequence[tuple[Account, Area | None]]:
    """Residents with a name who are nobody's staff, with their home areas; by language, then by name."""
    name = (col(Account.name), col(Account.email))
    place = func.row_number().over(partition_by=col(Account.language), order_by=name).label("place")
    numbered = (
        select(Account.id, place)
        .where(Account.name != "", ~select(TeamMember).where(TeamMember.account_id == Account.id).exists())
        .subquery()
    )
    statement = (
        select(Account, Area)
        .join(numbered, numbered.c.id == Account.id)
        .outerjoin(Residence, col(Residence.account_id) == Account.id)
        .outerjoin(Area, col(Area.id) == Residence.area_id)
        .where(numbered.c.place <= of_each_language)
        .order_by(col(Account.language), *name)
    )
    return (await session.exec(statement)).all()


async def looked_after(session: AsyncSession, processes: frozenset[UUID] | None) -> Sequence[Process]:
    """The processes a staff member acts in (None: all), also those in preparation; newest first."""
    statement = select(Process).order_by(col(Process.created_at).desc(), col(Process.slug))
    if processes is not None:
        statement = statement.where(col(Process.id).in_(processes))
    return (await session.exec(statement)).all()


async def areas(session: AsyncSession) -> Sequence[Area]:
    """The areas of the municipality in their own order."""
    return (await session.exec(select(Area).order_by(col(Area.position), col(Area.key)))).all()


async def residence(session: AsyncSession, account_id: UUID) -> Residence | None:
    return await session.get(Residence, account_id)


async def of_person(session: AsyncSession, account_id: UUID) -> dict[str, Any]:
    """Everything kept here about a person, as JSON can say it."""
    home = (
        select(Area.name)
        .join(Residence, col(Residence.area_id) == Area.id)
        .where(Residence.account_id == account_id)
    )
    roles = (
        select(TeamMember, Process)
        .outerjoin(Process, col(Process.id) == TeamMember.process_id)
        .where(TeamMember.account_id == account_id)
        .order_by(col(TeamMember.appointed_at), col(TeamMember.id))
    )
    return {
        "home_area": (await session.exec(home)).one_or_none(),
        "roles": [
            {
                "role": member.role,
                "process": process.slug if process else None,
                "appointed_at": member.appointed_at.isoformat(),
            }
            for member, process in (await session.exec(roles)).all()
        ],
    }
