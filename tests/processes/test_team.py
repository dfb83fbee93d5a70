"""Who may do what where: the team of a process, and of all."""

import asyncio

import pytest
from sqlalchemy import text

from service.core.actor import Role, System
from service.core.errors import NotFound
from service.processes import actions, queries, rules
from service.processes.models import Area
from tests import make

OPERATOR = System("puntari staff add")


async def test_a_role_can_be_for_one_process_or_for_all(session):
    process = await make.process(session)
    one, everywhere = await make.account(session), await make.account(session)
    await actions.appoint(session, one, Role.EDITOR, process.id, by=OPERATOR)
    await actions.appoint(session, everywhere, Role.EDITOR, None, by=OPERATOR)

    assert await queries.roles_of(session, one.id) == {Role.EDITOR: frozenset({process.id})}
    assert await queries.roles_of(session, everywhere.id) == {Role.EDITOR: None}


async def test_a_role_for_all_is_wider_than_one_for_a_process(session):
    process = await make.process(session)
    account = await make.account(session)
    await actions.appoint(session, account, Role.MODERATOR, process.id, by=OPERATOR)
    await actions.appoint(session, account, Role.MODERATOR, None, by=OPERATOR)

    assert await queries.roles_of(session, account.id) == {Role.MODERATOR: None}


async def test_appointing_twice_is_appointing_once(session):
    account = await make.account(session)
    first = await actions.appoint(session, account, Role.ADMINISTRATOR, None, by=OPERATOR)
    second = await actions.appoint(session, account, Role.ADMINISTRATOR, None, by=OPERATOR)

    assert second.id == first.id
    assert await trail(session, account.id) == [("staff.appointed", "system", {"role": "administrator"})]


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.SYSTEM])
async def test_nobody_is_appointed_resident_or_system(session, role):
    with pytest.raises(rules.NotAStaffRole):
        await actions.appoint(session, await make.account(session), role, None, by=OPERATOR)


async def test_an_administrator_of_one_process_appoints_and_dismisses_in_that_one_alone(session):
    own, other = await make.process(session), await make.process(session)
    administrator = await make.staff(session, Role.ADMINISTRATOR, own)
    account = await make.account(session)
    member = await actions.appoint(session, account, Role.EDITOR, own.id, by=administrator)
    for process_id in (other.id, None):
        foreign = await actions.appoint(session, account, Role.EDITOR, process_id, by=OPERATOR)
        with pytest.raises(rules.NotYourProcess):
            await actions.appoint(session, account, Role.MODERATOR, process_id, by=administrator)
        with pytest.raises(rules.NotYourProcess):
            await actions.dismiss(session, foreign.id, by=administrator)

    await actions.dismiss(session, member.id, by=administrator)
    assert [process.slug for _, _, process in await queries.team(session, administrator.processes)] == [
        own.slug
    ]


async def test_a_dismissed_person_has_the_role_no_more_and_the_trail_says_so(session):
    administrator = await make.staff(session, Role.ADMINISTRATOR)
    account = await make.account(session)
    member = await actions.appoint(session, account, Role.EDITOR, None, by=administrator)
    await actions.dismiss(session, member.id, by=administrator)

    assert await queries.roles_of(session, account.id) == {}
    assert await trail(session, account.id) == [
        ("staff.appointed", "administrator", {"role": "editor"}),
        ("staff.dismissed", "administrator", {"role": "editor"}),
    ]
    with pytest.raises(NotFound):
        await actions.dismiss(session, member.id, by=administrator)


async def test_nobody_dismisses_themselves(session):
    administrator = await make.staff(session, Role.ADMINISTRATOR)
    own = next(
        member for member, account, _ in await queries.team(session, None) if account.id == administrator.id
    )

    with pytest.raises(rules.CannotDismissOneself):
        await actions.dismiss(session, own.id, by=administrator)


async def test_names_of_staff_stand_as_finnish_sorts_them(session):
    for name in ("Örn Ö.", "aino a.", "Åke Å.", "Zaida Z.", "Ärlig Ä."):
        await make.staff(session, Role.EDITOR, name=name)

    assert [row[1].name for row in await queries.team(session, None)] == [
        "aino a.",
        "Zaida Z.",
        "Åke Å.",
        "Ärlig Ä.",
        "Örn Ö.",
    ]


async def test_a_home_area_is_set_changed_and_taken_back(session):
    first = Area(key="keskusta", name=make.words("Centre"))
    second = Area(key="satama", name=make.words("Harbour"))
    session.add_all([first, second])
    await session.flush()
    resident = await make.resident(session)

    for area in (first, second):
        await actions.set_residence(session, area.id, by=resident)
        assert (await queries.residence(session, resident.id)).area_id == area.id
    assert (await queries.of_person(session, resident.id))["home_area"] == make.words("Harbour")

    assert await actions.set_residence(session, None, by=resident) is None
    await session.flush()
    assert await queries.residence(session, resident.id) is None


async def test_a_home_area_is_one_of_the_municipalitys(session):
    resident = await make.resident(session)

    with pytest.raises(rules.HomeAreaUnknown):
        await actions.set_residence(session, resident.id, by=resident)


async def trail(session, subject_id):
    statement = text("select action, actor_role, details from audit_entry where subject_id = :id order by id")
    return [tuple(row) for row in (await session.exec(statement.bindparams(id=subject_id))).all()]


async def test_a_home_area_told_twice_at_once_is_told_once(own_database):
    async with own_database.transaction() as session:
        area, resident = await make.area(session), await make.resident(session)

    async def tell():
        async with own_database.transaction() as session:
            await actions.set_residence(session, area.id, by=resident)
            await asyncio.sleep(0.05)  # the other writes before this one commits

    await asyncio.gather(tell(), tell())

    async with own_database.transaction(read_only=True) as session:
        assert (await queries.residence(session, resident.id)).area_id == area.id
