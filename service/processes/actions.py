"""Everything that changes a process, its team, and where people live."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit import actions as audit
from service.core.actor import Administrator, Resident, Role, System
from service.core.errors import NotFound
from service.processes import rules
from service.processes.models import Area, Residence, TeamMember

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

    Raises NotAStaffRole, NotYourProcess.
    """
    if role not in rules.STAFF_ROLES:
        raise rules.NotAStaffRole("role")
    _check_reach(by, process_id)
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
    residence = await session.get(Residence, by.id)
    if area_id is not None and await session.get(Area, area_id) is None:
        raise rules.HomeAreaUnknown("area_id")
    if area_id is None:
        if residence is not None:
            await session.delete(residence)
        residence = None
    elif residence is None:
        residence = Residence(account_id=by.id, area_id=area_id)
        session.add(residence)
    else:
        residence.area_id = area_id
    await audit.record(session, "residence.changed", by.id, by=by, public=False)
    return residence
