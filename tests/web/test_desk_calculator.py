"""The desk of a balancing calculator: making one, its state, publishing and closing it; right, with nonsense, from two windows."""

from datetime import timedelta

import pytest
from sqlmodel import select

from service.calculator import actions, queries
from service.calculator.models import Calculator, SubmittedPlan
from service.calculator.specification import Draft
from service.core import clock
from service.core.actor import Role
from service.core.moments import typed_moment
from tests import make
from tests.calculator import small
from tests.web.test_processes_desk import errors, sent_by
from tests.web.visitor import Visitor, h1, hidden, words

DAY = timedelta(days=1)


@pytest.fixture
async def process(session):
    return await make.process(session)


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process)


@pytest.fixture
async def visitor(client, session, editor):
    visitor = Visitor(client, session, "/fi/desk/calculator")
    await visitor.enter(editor)
    return visitor


@pytest.fixture
async def calculator(session, process):
    return await small.calculator(session, process, published=False)


async def beginning(session, process) -> dict[str, str]:
    now = await clock.now(session)
    return {
        "process": str(process.id),
        "title_fi": "Talous 2027",
        "summary_fi": "Kokeile.",
        "opens_at": typed_moment(now),
        "closes_at": typed_moment(now + 9 * DAY),
    }


# --- making one


async def test_a_calculator_is_made_for_a_round(session, process, visitor):
    assert (
        str(process.id)
        in (await visitor.get(f"/new?process={process.id}")).text.partition(" selected")[0][-60:]
    )
    answer = await visitor.post("/new", **await beginning(session, process))
    assert answer.headers["location"] == "/fi/desk/calculator/talous-2027?done=created"
    made = await queries.find(session, "talous-2027")
    assert (made.process_id, made.title, made.specification) == (process.id, {"fi": "Talous 2027"}, None)
    page = await visitor.get(answer.headers["location"])
    assert h1(page) == "Talous 2027"
    assert "Lähtötilanne Puuttuu" in words(page)
    assert "Ei vielä mitään." in words(page)
    assert "Talous 2027" in words(await visitor.get("/"))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title_fi": " "}, "Anna laskurille nimi ainakin yhdellä kielellä."),
        ({"process": ""}, "Valitse kierros, johon laskuri kuuluu."),
        ({"process": "x"}, "Valitse jokin vaihtoehdoista."),
        (
            {"slug": "Ää!"},
            "Kirjoita osoite kirjaimilla a–z, numeroilla ja yhdysmerkeillä, esimerkiksi oma-kaupunki-2027.",
        ),
        ({"slug": "taken"}, "Toisella laskurilla on jo tämä osoite. Valitse toinen."),
        (
            {"closes_at": "1.1.2020 12.00"},
            "Laskurin on päätyttävä sen jälkeen, kun se alkaa. Tarkista molemmat ajat.",
        ),
        ({"opens_at": "pian"}, "Kirjoita päivä ja kellonaika, esimerkiksi 14.3.2027 20.00."),
    ],
)
async def test_what_cannot_be_is_told_and_the_rest_is_kept(session, process, visitor, changed, told):
    await small.calculator(session, process, slug="taken")
    answer = await visitor.post("/new", **await beginning(session, process) | changed)
    assert answer.status_code == 422
    assert errors(answer)[-1] == told
    assert "Kokeile." in answer.text


async def test_nobody_makes_a_calculator_for_a_round_of_others(session, process, visitor):
    other = await make.process(session)
    answer = await visitor.post("/new", **await beginning(session, other))
    assert answer.status_code == 403
    assert (await session.exec(select(Calculator))).first() is None


async def test_the_desk_of_a_round_leads_to_its_calculators(process, visitor, calculator):
    page = await visitor.get(f"/fi/desk/processes/{process.slug}")
    assert f'href="/fi/desk/calculator/{calculator.slug}"' in page.text
    assert f'href="/fi/desk/calculator/new?process={process.id}"' in page.text
    assert 'href="/fi/desk/calculator"' in (await visitor.get("/fi/desk")).text


# --- who may


PAGES = ("", "/details", "/check", "/publish", "/close")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_opens_in_every_language(visitor, calculator, language):
    for page in PAGES:
        answer = await visitor.get(f"/{language}/desk/calculator/{calculator.slug}{page}")
        assert answer.status_code == 200, page


async def test_a_calculator_is_for_those_who_look_after_its_round(session, visitor, calculator):
    other = await make.process(session)
    for person in (
        await make.resident(session),
        await make.staff(session, Role.EDITOR, other),
        await make.staff(session, Role.COUNCIL_MEMBER),
        await make.staff(session, Role.MODERATOR),
    ):
        await visitor.enter(person)
        for page in PAGES:
            assert (await visitor.get(f"/{calculator.slug}{page}")).status_code == 403, page
        for form in ("/details", "/publish", "/close"):
            assert (await visitor.post(f"/{calculator.slug}{form}")).status_code == 403, form
    visitor.leave()
    for page in PAGES:
        answer = await visitor.get(f"/{calculator.slug}{page}", follow=False)
        assert answer.headers["location"].startswith("/fi/sign-in"), page


async def test_of_an_unpublished_round_nobody_else_hears(session, visitor):
    hidden_one = await small.calculator(
        session, await make.process(session, published_at=None), slug="hidden"
    )
    assert (await visitor.get(f"/{hidden_one.slug}")).status_code == 404
    assert (await visitor.get("/nothing")).status_code == 404


async def test_a_calculator_is_in_its_staffs_list_alone(session, visitor, calculator):
    assert "Balance the budget" in words(await visitor.get("/"))
    await visitor.enter(await make.staff(session, Role.EDITOR, await make.process(session)))
    assert "Balance the budget" not in words(await visitor.get("/"))
    await visitor.enter(await make.resident(session))
    assert (await visitor.get("/")).status_code == 403
    assert (await visitor.get("/new")).status_code == 403


# --- details


async def test_details_are_changed_and_a_moment_nobody_touched_stays(session, visitor, calculator):
    opens_at = calculator.opens_at
    form = sent_by((await visitor.get(f"/{calculator.slug}/details")).text.partition("<main")[2])
    answer = await visitor.post(
        f"/{calculator.slug}/details", **form | {"slug": "talous", "title_sv": "Ekonomin"}
    )
    assert answer.headers["location"] == "/fi/desk/calculator/talous/details?done=saved"
    await session.refresh(calculator)
    assert (calculator.slug, calculator.title["sv"], calculator.opens_at) == ("talous", "Ekonomin", opens_at)


async def test_two_windows_and_both_versions_are_shown(session, visitor, calculator):
    form = sent_by((await visitor.get(f"/{calculator.slug}/details")).text.partition("<main")[2])
    await visitor.post(f"/{calculator.slug}/details", **form | {"title_fi": "Ensimmäinen"})
    answer = await visitor.post(f"/{calculator.slug}/details", **form | {"title_fi": "Toinen"})
    assert answer.status_code == 409
    assert "Ensimmäinen" in words(answer)
    assert 'value="Toinen"' in answer.text
    again = sent_by(answer.text.partition("<main")[2])
    assert (await visitor.post(f"/{calculator.slug}/details", **again)).status_code == 303
    await session.refresh(calculator)
    assert calculator.title["fi"] == "Toinen"


async def test_somebody_who_changes_the_figures_is_in_nobodys_way(session, visitor, calculator):
    form = sent_by((await visitor.get(f"/{calculator.slug}/details")).text.partition("<main")[2])
    await actions.write(session, calculator, Draft(), "levers", version=calculator.version, by=small.SYSTEM)
    answer = await visitor.post(f"/{calculator.slug}/details", **form | {"title_fi": "Uusi"})
    assert answer.status_code == 303


async def test_the_address_of_a_published_calculator_stays(session, process, visitor):
    calculator = await small.calculator(session, process)
    form = sent_by((await visitor.get(f"/{calculator.slug}/details")).text.partition("<main")[2])
    answer = await visitor.post(f"/{calculator.slug}/details", **form | {"slug": "another"})
    assert answer.status_code == 409
    assert errors(answer) == ["Osoite ei voi enää muuttua, koska laskuri on julkaistu."]


# --- publishing


async def test_publishing_is_asked_and_then_done(session, visitor, calculator):
    page = await visitor.get(f"/{calculator.slug}/publish")
    assert "Asukkaat laskevat näillä luvuilla" in words(page)
    assert calculator.specification is None
    answer = await visitor.post(f"/{calculator.slug}/publish", seen=hidden(page, "seen"))
    assert answer.headers["location"] == f"/fi/desk/calculator/{calculator.slug}?done=published"
    await session.refresh(calculator)
    assert calculator.specification == small.specification().digest
    overview = words(await visitor.get(f"/{calculator.slug}"))
    assert calculator.specification[:12] in overview
    assert "Näkyy, kun laskelmia on vähintään 10" in overview


async def test_what_is_missing_is_said_instead(session, visitor, calculator):
    await actions.write(session, calculator, Draft(), "levers", version=calculator.version, by=small.SYSTEM)
    page = await visitor.get(f"/{calculator.slug}/publish")
    assert "Korjaa nämä ennen julkaisemista" in words(page)
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert "Korjaa nämä ennen julkaisemista" in words(await visitor.get(f"/{calculator.slug}/check"))
    answer = await visitor.post(f"/{calculator.slug}/publish", seen="")
    assert answer.status_code == 409
    await session.refresh(calculator)
    assert calculator.specification is None


async def test_figures_that_changed_after_the_question_are_asked_about_anew(session, visitor, calculator):
    page = await visitor.get(f"/{calculator.slug}/publish")
    draft = small.draft(target={"year": 2027})
    await actions.write(session, calculator, draft, "target", version=calculator.version, by=small.SYSTEM)
    answer = await visitor.post(f"/{calculator.slug}/publish", seen=hidden(page, "seen"))
    assert answer.status_code == 409
    assert "2027" in words(answer)
    await session.refresh(calculator)
    assert calculator.specification is None
    assert (await visitor.post(f"/{calculator.slug}/publish", seen=hidden(answer, "seen"))).status_code == 303


async def test_what_is_published_already_is_not_published_again(session, process, visitor):
    calculator = await small.calculator(session, process)
    assert "Nämä luvut on jo julkaistu." in words(await visitor.get(f"/{calculator.slug}/publish"))
    assert f"{calculator.slug}/publish" not in (await visitor.get(f"/{calculator.slug}")).text


# --- closing


async def test_closing_is_asked_and_then_done(session, process, visitor):
    calculator = await small.calculator(session, process)
    assert f"/{calculator.slug}/close" in (await visitor.get(f"/{calculator.slug}")).text
    assert "Tämän jälkeen laskelmia ei voi enää lähettää." in words(
        await visitor.get(f"/{calculator.slug}/close")
    )
    answer = await visitor.post(f"/{calculator.slug}/close")
    assert answer.headers["location"] == f"/fi/desk/calculator/{calculator.slug}?done=closed"
    page = await visitor.get(answer.headers["location"])
    assert "Laskuri on suljettu." in words(page)
    assert "Päättyi" in words(page)
    assert f"/{calculator.slug}/close" not in page.text
    again = await visitor.post(f"/{calculator.slug}/close")
    assert again.status_code == 409


async def test_what_is_not_open_cannot_be_closed(visitor, calculator):
    assert "ei ole mitään suljettavaa" in words(await visitor.get(f"/{calculator.slug}/close"))
    assert (await visitor.post(f"/{calculator.slug}/close")).status_code == 409


@pytest.mark.parametrize(("plans", "shown"), [(9, False), (10, True)])
async def test_the_number_of_plans_is_told_from_ten_on(session, process, visitor, plans, shown):
    calculator = await small.calculator(session, process)
    for number in range(plans):
        session.add(
            SubmittedPlan(
                key=bytes([number] * 16),
                calculator_id=calculator.id,
                specification=str(calculator.specification),
                choices={"hours": "-10"},
                missing=0,
                result=0,
            )
        )
    await session.flush()
    page = words(await visitor.get(f"/{calculator.slug}"))
    assert (f"Laskelmia näillä luvuilla {plans}" in page) is shown
