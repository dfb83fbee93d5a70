"""A council group's room: its plan is kept with each press, published in two steps, and hidden from everybody else till then."""

import pytest
from sqlmodel import select

from service.calculator import actions as calculators
from service.calculator import queries
from service.calculator.models import GroupPlan
from service.core.actor import Role, System
from service.core.text import Localized
from service.council import actions
from tests import make
from tests.calculator import small
from tests.web.test_processes_desk import errors, sent_by
from tests.web.visitor import Visitor, h1, hidden, words

SECRET = "Salainen perustelu"
CHOICES = {"lever.school": "close", "lever.tax": "8,90"}
SYSTEM = System("test")


@pytest.fixture
async def calculator(session):
    return await small.calculator(session)


@pytest.fixture
async def group(session):
    return await actions.found(session, "vihreat", Localized(fi="Vihreät", sv="De gröna"), by=SYSTEM)


async def member_of(session, group, **values):
    account = await make.account(session, **values)
    await actions.add_member(session, group, account, by=SYSTEM)
    return account


@pytest.fixture
async def visitor(client, session, group):
    visitor = Visitor(client, session, "/fi/council-room")
    await visitor.enter(await member_of(session, group, name="Venla V."))
    return visitor


AT = "/vihreat/plan/balance"


def form_of(page) -> dict[str, object]:
    return sent_by(page.text.partition('class="p-ballot"')[2].partition("</form>")[0])


async def kept(session, calculator, group) -> GroupPlan | None:
    session.expire_all()
    await session.refresh(calculator)
    await session.refresh(group)
    return await queries.group_plan(session, calculator.id, group.id)


async def begin(visitor, **more):
    form = form_of(await visitor.get(AT))
    return await visitor.post(AT, **form | CHOICES | {"reason_fi": SECRET, "go": "save"} | more)


# --- the rooms


async def test_a_member_finds_the_groups_rooms_from_the_header(session, visitor, calculator):
    front = await visitor.get("/fi/")
    assert 'href="/fi/council-room"' in front.text
    assert 'href="/fi/desk"' not in front.text
    assert "Vihreät" in words(await visitor.get(""))
    room = await visitor.get("/vihreat")
    assert "Toimit valtuustoryhmän jäsenenä: Vihreät Näkyy vain ryhmällesi" in words(room)
    assert "Ryhmän oma laskelma: Balance the budget (fi) Ei aloitettu" in words(room)
    assert "Venla V. (sinä)" in words(room)
    assert 'class="p-header" data-color="meadow"' in room.text


async def test_staff_with_other_roles_keep_their_desk_and_residents_have_no_room(session, visitor):
    await visitor.enter(await make.staff(session, Role.EDITOR))
    front = await visitor.get("/fi/")
    assert 'href="/fi/desk"' in front.text
    assert 'href="/fi/council-room"' not in front.text
    for person in (await make.resident(session), await make.staff(session, Role.ADMINISTRATOR)):
        await visitor.enter(person)
        assert (await visitor.get("")).status_code == 403


async def test_a_member_of_no_group_is_told_what_to_wait_for(session, visitor):
    await visitor.enter(await make.staff(session, Role.COUNCIL_MEMBER))
    assert "Et vielä kuulu valtuustoryhmään" in words(await visitor.get(""))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_opens_in_every_language(visitor, calculator, language):
    await begin(visitor)
    for page in ("", "/vihreat", AT, f"{AT}/publish"):
        assert (await visitor.get(f"/{language}/council-room{page}")).status_code == 200, page
    await visitor.post(f"{AT}/publish", version="1")
    assert (await visitor.get(f"/{language}/council-room{AT}")).status_code == 200


# --- the plan


async def test_a_press_keeps_the_plan_and_counts_it(session, visitor, calculator, group):
    empty = await visitor.get(AT)
    assert "Näkyy vain ryhmällesi" in words(empty)
    answer = await begin(visitor, go="", after="services")
    assert answer.headers["location"] == f"/fi/council-room{AT}#after-services"
    plan = await kept(session, calculator, group)
    assert (plan.choices, plan.reason, plan.version) == (
        {"school": "close", "tax": "8.90"},
        {"fi": SECRET},
        1,
    )
    page = await visitor.get(AT)
    assert SECRET in page.text
    assert form_of(page)["lever.tax"] == "8,90"
    assert form_of(page)["lever.school"] == "close"


async def test_another_member_goes_on_from_there(session, visitor, calculator, group):
    assert (await begin(visitor)).headers["location"] == f"/fi/council-room{AT}?done=saved"
    await visitor.enter(await member_of(session, group))
    form = form_of(await visitor.get(AT))
    assert (await visitor.post(AT, **form | {"lever.school": "merge", "go": "save"})).status_code == 303
    plan = await kept(session, calculator, group)
    assert (plan.choices["school"], plan.version) == ("merge", 2)


async def test_two_members_at_once_and_both_versions_are_shown(session, visitor, calculator, group):
    form = form_of(await visitor.get(AT))
    await begin(visitor)
    answer = await visitor.post(AT, **form | {"lever.school": "merge", "reason_fi": "Toinen", "go": "save"})
    assert answer.status_code == 409
    seen = words(answer)
    assert "Lever school (fi) Option close (fi) Option merge (fi)" in seen
    assert "Lever tax (fi) Option 8.90 (fi) Ei otettu kantaa" in seen
    assert f"Perustelu (Suomi) {SECRET} Toinen" in seen
    assert (await kept(session, calculator, group)).choices["school"] == "close"
    assert (await visitor.post(AT, **form_of(answer) | {"go": "save"})).status_code == 303
    assert (await kept(session, calculator, group)).choices == {"school": "merge"}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"lever.tax": "paljon"}, "lever-tax-1"),
        ({"lever.tax": "99"}, "lever-tax-1"),
        ({"lever.tax": "9" * 400}, "lever-tax-1"),
        ({"lever.school": "sell"}, "lever-school-1"),
        ({"reason_fi": "x" * 2001}, "reason"),
        ({"reason_sv": "\x00"}, "reason"),
    ],
)
async def test_what_cannot_be_chosen_is_told_and_the_rest_is_kept(
    session, visitor, calculator, group, sent, told
):
    answer = await begin(visitor, **sent, reason_en="Kept")
    assert answer.status_code == 422
    assert f'href="#{told}"' in answer.text
    assert "Kept" in answer.text
    assert await kept(session, calculator, group) is None


async def test_a_locked_lever_is_never_chosen_and_a_forged_version_conflicts(
    session, visitor, calculator, group
):
    assert (await begin(visitor, **{"lever.water": "now"})).status_code == 303
    assert "water" not in (await kept(session, calculator, group)).choices
    for forged in ("", "x", "-1", "9" * 30, "²"):
        assert (await begin(visitor, version=forged)).status_code == 409, forged


async def test_new_figures_keep_what_can_still_be_chosen(session, visitor, calculator, group):
    await begin(visitor)
    before = form_of(await visitor.get(AT))
    tax, *others = small.LEVERS
    fewer = tax | {"options": [each for each in tax["options"] if each["value"] != "8.90"]}
    draft = small.draft(levers=[fewer, *others])
    await calculators.write(session, calculator, draft, "levers", version=calculator.version, by=SYSTEM)
    await calculators.publish(session, calculator, version=calculator.version, by=SYSTEM)
    answer = await visitor.post(AT, **before | {"go": "save"})
    assert answer.status_code == 409
    assert "Kaupunki on muuttanut lukuja" in words(answer)
    assert "Kaupunki on muuttanut lukuja" in words(await visitor.get(f"{AT}/publish"))
    assert "Julkaise laskelma" not in words(await visitor.get(f"{AT}/publish"))
    assert (await visitor.post(AT, **form_of(answer) | {"go": "save"})).status_code == 303
    assert (await kept(session, calculator, group)).choices == {"school": "close"}


# --- publishing


async def test_publishing_is_asked_and_then_done_for_good(session, visitor, calculator, group):
    assert (await begin(visitor, go="review")).headers["location"] == f"/fi/council-room{AT}/publish"
    page = await visitor.get(f"{AT}/publish")
    assert "Sitä ei voi tämän jälkeen muuttaa eikä perua." in words(page)
    assert SECRET in words(page)
    assert (await kept(session, calculator, group)).published_at is None
    answer = await visitor.post(f"{AT}/publish", version=hidden(page, "version"))
    assert answer.headers["location"] == f"/fi/council-room{AT}?done=published"
    shown = await visitor.get(AT)
    assert "Julkinen" in words(shown)
    assert "<form" not in shown.text.partition("<main")[2]
    assert (await begin_anyway(visitor)).status_code == 409
    again = await visitor.post(f"{AT}/publish", version="1")
    assert again.status_code == 409
    assert errors(again) == ["Ryhmän laskelma on julkaistu. Sitä ei voi enää muuttaa."]


async def begin_anyway(visitor):
    return await visitor.post(AT, **CHOICES | {"version": "1", "go": "save"})


async def test_a_plan_changed_after_the_question_is_asked_about_anew(session, visitor, calculator, group):
    await begin(visitor)
    asked = hidden(await visitor.get(f"{AT}/publish"), "version")
    await visitor.post(AT, **form_of(await visitor.get(AT)) | {"lever.hours": "-20", "go": "save"})
    answer = await visitor.post(f"{AT}/publish", version=asked)
    assert answer.status_code == 409
    assert "Lever hours (fi)" in words(answer)
    assert (await kept(session, calculator, group)).published_at is None


async def test_choices_that_exclude_each_other_hinder_publication(session, visitor, calculator, group):
    await begin(visitor, **{"lever.school": "merge", "lever.library": "1"})
    page = await visitor.get(f"{AT}/publish")
    assert "There is one building. (fi)" in words(page)
    assert "Julkaise laskelma" not in words(page)
    assert (await visitor.post(f"{AT}/publish", version="1")).status_code == 409
    assert (await kept(session, calculator, group)).published_at is None


async def test_nothing_cannot_be_published(session, visitor, calculator, group):
    assert "julkaistavaa ei ole" in words(await visitor.get(f"{AT}/publish"))
    assert (await visitor.post(f"{AT}/publish", version="0")).status_code == 404
    assert await kept(session, calculator, group) is None


# --- nobody else


async def outsiders(session):
    other = await actions.found(session, "keskusta", Localized(fi="Keskusta"), by=SYSTEM)
    return [
        await member_of(session, other),
        await make.resident(session),
        await make.staff(session, Role.ADMINISTRATOR),
        await make.staff(session, Role.EDITOR),
        await make.staff(session, Role.MODERATOR),
        await make.staff(session, Role.COUNCIL_MEMBER),
    ]


async def test_another_groups_room_is_not_there_for_anybody_else(session, visitor, calculator, group):
    await begin(visitor)
    for person in await outsiders(session):
        await visitor.enter(person)
        for address in ("/vihreat", AT, f"{AT}/publish", "/nobody", "/nobody/plan/balance"):
            assert (await visitor.get(address)).status_code == 404, address
        for address in (AT, f"{AT}/publish"):
            assert (await visitor.post(address, version="1", **CHOICES)).status_code == 404, address
    visitor.leave()
    for address in ("/vihreat", "/nobody", AT):
        answer = await visitor.get(address, follow=False)
        assert answer.headers["location"].startswith("/fi/sign-in"), address
    plan = await kept(session, calculator, group)
    assert (plan.version, plan.published_at) == (1, None)


async def test_who_left_the_group_is_an_outsider_at_once(session, visitor, calculator, group):
    account = await member_of(session, group)
    await visitor.enter(account)
    assert (await visitor.get(AT)).status_code == 200
    await actions.remove_member(session, group, account, by=SYSTEM)
    assert (await visitor.get(AT)).status_code == 404


async def test_what_a_group_has_not_published_stands_on_no_page_of_others(
    session, visitor, calculator, group
):
    """Pages, lists, search, the trail, the desk, exports and the API."""
    await begin(visitor)
    process = calculator.process_id
    everywhere = [
        "/fi/", "/fi/calculator", "/fi/calculator/balance", "/fi/calculator/balance/plan",
        "/fi/calculator/balance/results", "/fi/calculator/balance/results/vihreat", "/fi/desk", "/fi/desk/audit",
        f"/fi/desk/audit?process={process}", "/fi/desk/calculator", "/fi/desk/calculator/balance",
        "/fi/desk/groups", "/fi/desk/groups/vihreat", "/fi/about/open-data", "/fi/results", "/sitemap.xml",
        "/fi/processes?q=Salainen", "/api/v1/calculators", "/api/v1/calculators/balance",
        "/api/v1/calculators/balance/results", "/api/v1/calculators/balance/groups", "/api/v1/audit", "/fi/me",
    ]  # fmt: skip
    seen = 0
    for person in await outsiders(session):
        await visitor.enter(person)
        for address in everywhere:
            answer = await visitor.client.get(address, follow_redirects=True)
            seen += answer.status_code == 200
            assert SECRET not in answer.text, address
            assert "Option close" not in answer.text or "/plan" in address or "calculators" in address, (
                address
            )
    assert seen > 40
    results = await visitor.get("/fi/calculator/balance/results/vihreat")
    assert results.status_code == 404


async def test_after_publication_anyone_sees_it(session, visitor, calculator, group):
    await begin(visitor)
    await visitor.post(f"{AT}/publish", version="1")
    visitor.leave()
    page = await visitor.get("/fi/calculator/balance/results/vihreat")
    assert page.status_code == 200
    assert SECRET in page.text
    assert (await session.exec(select(GroupPlan))).one().published_at is not None


# --- the administrator's side


@pytest.fixture
async def administrator(visitor, session):
    await visitor.enter(await make.staff(session, Role.ADMINISTRATOR))
    visitor.home = "/fi/desk/groups"
    return visitor


async def test_an_administrator_founds_renames_and_removes_a_group(session, administrator):
    answer = await administrator.post("", name_fi="Kokoomus", name_sv="Samlingspartiet")
    assert answer.headers["location"] == "/fi/desk/groups/kokoomus?done=founded"
    assert "Kokoomus 0" not in words(await administrator.get(""))
    assert "Ei vielä jäseniä" in words(await administrator.get(""))
    await administrator.post("/kokoomus", name_fi="Kokoomuksen ryhmä")
    assert h1(await administrator.get("/kokoomus")) == "Kokoomuksen ryhmä"
    assert "Poista ryhmä" in words(await administrator.get("/kokoomus/remove"))
    answer = await administrator.post("/kokoomus/remove")
    assert answer.headers["location"] == "/fi/desk/groups?done=removed"
    assert (await administrator.get("/kokoomus")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name_fi": " ", "slug": "x"}, "Anna ryhmälle nimi ainakin yhdellä kielellä."),
        ({"name_fi": "Vihreät"}, "Toisella ryhmällä on jo tämä osoite. Valitse toinen."),
        ({"name_fi": "x" * 121}, "Kirjoita enintään 120 merkkiä."),
        ({"name_fi": "Uusi", "slug": "A B"}, "Kirjoita osoite kirjaimilla a–z, numeroilla ja yhdysmerkeillä, esimerkiksi oma-kaupunki-2027."),
    ],
)  # fmt: skip
async def test_a_group_that_cannot_be_is_told(administrator, sent, told):
    answer = await administrator.post("", **sent)
    assert answer.status_code == 422
    assert told in errors(answer)


async def test_members_are_added_by_address_and_removed_in_two_steps(session, administrator, group):
    answer = await administrator.post("/vihreat/members", email="Uusi@Kaupunki.example", name="Uusi J.")
    assert answer.headers["location"] == "/fi/desk/groups/vihreat?done=joined"
    page = await administrator.get("/vihreat")
    assert "uusi@kaupunki.example" in page.text
    remove = page.text.split("/fi/desk/groups/vihreat/members/")
    ids = [part[:36] for part in remove[1:] if part[36:43] == "/remove"]
    assert len(ids) == 2
    for account in ids:
        assert "Poista ryhmästä" in words(await administrator.get(f"/vihreat/members/{account}/remove"))
        answer = await administrator.post(f"/vihreat/members/{account}/remove")
        assert answer.headers["location"] == "/fi/desk/groups/vihreat?done=left"
        assert (await administrator.get(f"/vihreat/members/{account}/remove")).status_code == 404
    assert "Ryhmällä ei ole vielä jäseniä." in words(await administrator.get("/vihreat"))


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c"])
async def test_an_address_that_is_none_is_told(administrator, email):
    answer = await administrator.post("/vihreat/members", email=email, name="Nimi N.")
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert "Nimi N." in answer.text


async def test_a_group_that_has_begun_a_plan_stays(session, visitor, calculator, group):
    await begin(visitor)
    await visitor.enter(await make.staff(session, Role.ADMINISTRATOR))
    answer = await visitor.post("/fi/desk/groups/vihreat/remove")
    assert answer.status_code == 409
    assert errors(answer) == ["Ryhmällä on laskelmia tai lausuntoja. Sitä ei voi poistaa."]


async def test_groups_are_for_the_administrators_of_the_whole_city(session, visitor, group):
    process = await make.process(session)
    for person in (
        await make.resident(session),
        await make.staff(session, Role.EDITOR),
        await make.staff(session, Role.COUNCIL_MEMBER),
        await make.staff(session, Role.ADMINISTRATOR, process),
    ):
        await visitor.enter(person)
        for address in ("", "/vihreat", "/vihreat/remove"):
            assert (await visitor.get(f"/fi/desk/groups{address}")).status_code == 403, address
        for address in ("", "/vihreat", "/vihreat/members", "/vihreat/remove"):
            answer = await visitor.post(f"/fi/desk/groups{address}", name_fi="X", email="x@y.example")
            assert answer.status_code == 403, address
    assert 'href="/fi/desk/groups"' not in (await visitor.get("/fi/desk")).text
