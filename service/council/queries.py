"""Every SELECT about council groups. What a group has not published is asked for through `of_member` alone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.core.actor import CouncilMember
from service.core.errors import NotFound
from service.core.text import sort_key
from service.council.models import CouncilGroup, GroupMember


async def groups(session: AsyncSession) -> Sequence[CouncilGroup]:
    statement = select(CouncilGroup).order_by(col(CouncilGroup.position), col(CouncilGroup.slug))
    return (await session.exec(statement)).all()


async def get(session: AsyncSession, slug: str) -> CouncilGroup:
    """Raises NotFound."""
    found = (await session.exec(select(CouncilGroup).where(CouncilGroup.slug == slug))).one_or_none()
    if found is None:
        raise NotFound
    return found


async def of_member(session: AsyncSession, slug: str, by: CouncilMember) -> CouncilGroup:
    """The group, for its own member; raises NotFound for anybody else: another group's room is told apart from none nowhere."""
    statement = (
        select(CouncilGroup)
        .join(GroupMember, col(GroupMember.group_id) == CouncilGroup.id)
        .where(CouncilGroup.slug == slug, GroupMember.account_id == by.id)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def groups_of(session: AsyncSession, account_id: UUID) -> Sequence[CouncilGroup]:
    """Those a person belongs to."""
    statement = (
        select(CouncilGroup)
        .join(GroupMember, col(GroupMember.group_id) == CouncilGroup.id)
        .where(GroupMember.account_id == account_id)
        .order_by(col(CouncilGroup.position), col(CouncilGroup.slug))
    )
    return (await session.exec(statement)).all()


async def of_person(session: AsyncSession, account_id: UUID) -> list[dict[str, Any]]:
    """The groups a person belongs to, as JSON can say it."""
    statement = (
        select(CouncilGroup, GroupMember)
        .join(GroupMember, col(GroupMember.group_id) == CouncilGroup.id)
        .where(GroupMember.account_id == account_id)
        .order_by(col(CouncilGroup.slug))
    )
    return [
        {"group": group.name, "since": member.since.isoformat()}
        for group, member in (await session.exec(statement)).all()
    ]


async def is_member(session: AsyncSession, group_id: UUID, account_id: UUID) -> bool:
    return await session.get(GroupMember, (group_id, account_id)) is not None


async def members(session: AsyncSession, group_id: UUID) -> Sequence[Account]:
    """By name as Finnish sorts it."""
    statement = (
        select(Account)
        .join(GroupMember, col(GroupMember.account_id) == Account.id)
        .where(GroupMember.group_id == group_id)
    )
    return sorted(
        (await session.exec(statement)).all(), key=lambda account: sort_key(account.name or account.email)
    )
