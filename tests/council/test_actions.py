"""Council groups and their members: who may, what is refused, and what is on record."""

import pytest
from sqlmodel import select

from service.calculator import actions as calculators
from service.calculator import queries as calculator_queries
from service.core.actor import CouncilMember, Role, System
from service.core.errors import NotFound
from service.core.text import Localized
from service.council import actions, queries
from service.council.models import GroupMember
from service.council.rules import GroupHasWork, GroupSlugTaken
from service.processes import queries as processes
from service.processes.rules import NotYourProcess
from tests import make
from tests.calculator import small

SYSTEM = System("test")
NAME = Localized(fi="Vihreät", sv="De gröna")


@pytest.fixture
async def administrator(session):
    return await make.staff(session, Role.ADMINISTRATOR)


@pytest.fixture
async def group(session, administrator):
    return await actions.found(session, "vihreat", NAME, by=administrator)


async def test_groups_stand_in_the_order_they_were_founded(session, group):
    await actions.found(session, "keskusta", Localized(fi="Keskusta"), by=SYSTEM)
    await actions.found(session, "aarne", Localized(fi="Aarnen ryhmä"), by=SYSTEM)
    assert [each.slug for each in await queries.groups(session)] == ["vihreat", "keskusta", "aarne"]


async def test_an_address_is_given_once(session, group, administrator):
    with pytest.raises(GroupSlugTaken):
        await actions.found(session, "vihreat", NAME, by=administrator)
    assert len(await queries.groups(session)) == 1


async def test_a_group_is_renamed_and_removed(session, group, administrator):
    await actions.rename(session, group, Localized(sv="Gröna"), by=administrator)
    assert (await queries.get(session, "vihreat")).name == {"sv": "Gröna"}
    await actions.remove(session, group, by=administrator)
    with pytest.raises(NotFound):
        await queries.get(session, "vihreat")
    assert [each.action for each in await make.recorded(session, group.id)] == [
        "group.founded", "group.renamed", "group.removed",
    ]  # fmt: skip


async def test_a_group_with_a_plan_stays(session, group, administrator):
    await small.calculator(session)
    member = await join(session, group)
    await begin_plan(session, group, member)
    with pytest.raises(GroupHasWork):
        await actions.remove(session, group, by=administrator)
    assert (await queries.get(session, "vihreat")).id == group.id


async def begin_plan(session, group, member) -> None:
    calculator = await calculator_queries.get(session, "balance")
    await calculators.write_group_plan(session, calculator, group, {}, None, version=0, by=member)


async def join(session, group) -> CouncilMember:
    account = await make.account(session)
    await actions.add_member(session, group, account, by=SYSTEM)
    return CouncilMember(account.id, account.name, None)


async def test_a_member_gets_the_role_and_joins_once(session, group, administrator):
    account = await make.account(session)
    for _ in range(2):
        await actions.add_member(session, group, account, by=administrator)
    assert await processes.roles_of(session, account.id) == {Role.COUNCIL_MEMBER: None}
    assert len((await session.exec(select(GroupMember))).all()) == 1
    assert [each.action for each in await make.recorded(session, group.id)].count("group.joined") == 1


async def test_only_its_members_find_a_group_by_its_room(session, group):
    member, stranger = await join(session, group), CouncilMember((await make.account(session)).id, "", None)
    assert (await queries.of_member(session, "vihreat", member)).id == group.id
    for slug, who in (("vihreat", stranger), ("nobody", member)):
        with pytest.raises(NotFound):
            await queries.of_member(session, slug, who)


async def test_who_left_is_no_member_and_keeps_the_account(session, group, administrator):
    member = await join(session, group)
    account = (await queries.members(session, group.id))[0]
    for _ in range(2):
        await actions.remove_member(session, group, account, by=administrator)
    assert not await queries.is_member(session, group.id, member.id)
    assert await queries.groups_of(session, member.id) == []
    assert [each.action for each in await make.recorded(session, group.id)].count("group.left") == 1


async def test_members_are_listed_as_finnish_sorts_names(session, group):
    for name in ("Örn A.", "Aho B.", "Åberg C."):
        account = await make.account(session, name=name)
        await actions.add_member(session, group, account, by=SYSTEM)
    assert [each.name for each in await queries.members(session, group.id)] == [
        "Aho B.",
        "Åberg C.",
        "Örn A.",
    ]


async def test_an_administrator_of_one_process_changes_no_group(session, group):
    process = await make.process(session)
    by = await make.staff(session, Role.ADMINISTRATOR, process)
    account = await make.account(session)
    for act in (
        actions.found(session, "uusi", NAME, by=by),
        actions.rename(session, group, NAME, by=by),
        actions.remove(session, group, by=by),
        actions.add_member(session, group, account, by=by),
        actions.remove_member(session, group, account, by=by),
    ):
        with pytest.raises(NotYourProcess):
            await act
    assert [each.slug for each in await queries.groups(session)] == ["vihreat"]
    assert await queries.members(session, group.id) == []
