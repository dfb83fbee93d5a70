"""Everything that changes a council group or its members."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.accounts.models import Account
from service.audit import actions as audit
from service.core.actor import Administrator, Role, System
from service.core.text import Localized
from service.council import queries, rules
from service.council.models import CouncilGroup, GroupMember
from service.processes import actions as processes
from service.processes.rules import NotYourProcess


async def found(
    session: AsyncSession, slug: str, name: Localized, *, by: Administrator | System
) -> CouncilGroup:
    """A group of the council. Raises NotYourProcess, GroupSlugTaken."""
    _check(by)
    group = CouncilGroup(slug=slug, name=name.stored(), position=len(await queries.groups(session)))
    try:
        async with session.begin_nested():
            session.add(group)
    except IntegrityError:
        raise rules.GroupSlugTaken("slug") from None
    await audit.record(session, "group.founded", group.id, by=by)
    return group


async def rename(
    session: AsyncSession, group: CouncilGroup, name: Localized, *, by: Administrator | System
) -> None:
    """Raises NotYourProcess."""
    _check(by)
    group.name = name.stored()
    await audit.record(session, "group.renamed", group.id, by=by)


async def remove(session: AsyncSession, group: CouncilGroup, *, by: Administrator | System) -> None:
    """Raises NotYourProcess, GroupHasWork."""
    _check(by)
    try:
        async with session.begin_nested():
            await session.delete(group)
    except IntegrityError:
        raise rules.GroupHasWork from None
    await audit.record(session, "group.removed", group.id, by=by)


async def add_member(
    session: AsyncSession, group: CouncilGroup, account: Account, *, by: Administrator | System
) -> None:
    """The person gets the role of a council member with it; whoever is in already stays. Raises NotYourProcess."""
    _check(by)
    await processes.appoint(session, account, Role.COUNCIL_MEMBER, None, by=by)
    added = insert(GroupMember).values(group_id=group.id, account_id=account.id).on_conflict_do_nothing()
    if (await session.exec(added)).rowcount:
        await audit.record(session, "group.joined", group.id, by=by, public=False)


async def remove_member(
    session: AsyncSession, group: CouncilGroup, account: Account, *, by: Administrator | System
) -> None:
    """The role of a council member stays until it is taken. Raises NotYourProcess."""
    _check(by)
    membership = delete(GroupMember).where(
        col(GroupMember.group_id) == group.id, col(GroupMember.account_id) == account.id
    )
    if (await session.exec(membership)).rowcount:
        await audit.record(session, "group.left", group.id, by=by, public=False)


def _check(by: Administrator | System) -> None:
    if isinstance(by, Administrator) and not by.may_act_in(None):
        raise NotYourProcess
