"""The starting point of a calculator at the desk: a file read, shown and kept; what is supposed; the official figures beside it."""

import re

import pytest

from service.calculator import actions, budget_file, projection, queries
from service.calculator.models import OfficialFigure
from service.core.actor import Role
from service.core.settings import CHECKOUT
from service.core.text import Localized
from tests import make
from tests.calculator import small
from tests.web.test_processes_desk import errors, sent_by
from tests.web.visitor import Visitor, words

AT = "/balance/baseline"
FILE = (CHECKOUT / "service" / "demo" / "story" / "budget_2026.csv").read_bytes()
EMPTY = {"baseline": None, "target": None, "groups": [], "levers": [], "rules": [], "interactions": []}


@pytest.fixture
async def calculator(session):
    return await small.calculator(session, published=False)


@pytest.fixture
async def visitor(client, session, calculator):
    visitor = Visitor(client, session, "/fi/desk/calculator")
    await visitor.enter(await make.staff(session, Role.EDITOR))
    return visitor


@pytest.fixture
async def empty(session, calculator):
    draft = small.draft(**EMPTY)
    await actions.write(session, calculator, draft, "baseline", version=calculator.version, by=small.SYSTEM)
    return calculator


async def baseline(session, calculator):
    await session.refresh(calculator)
    return queries.draft(calculator).baseline


async def upload(visitor, content: bytes, **more):
    return await visitor.post(AT, files={"file": ("budjetti.csv", content, "text/csv")}, act="upload", **more)


def kept(page) -> dict[str, object]:
    return sent_by(page.text.partition("<main")[2].partition("</form>")[0])


# --- the file


async def test_a_file_is_shown_before_it_is_kept(session, visitor, empty):
    assert "Lue tiedosto" in words(await visitor.get(AT))
    page = await upload(visitor, FILE)
    assert page.status_code == 200
    assert "Ovatko nämä oikeat luvut?" in words(page)
    assert await baseline(session, empty) is None
    form = kept(page)
    assert (form["source_fi"], form["source_sv"]) == ("Talousarvio 2026", "Budget 2026")
    answer = await visitor.post(AT, **form | {"source_fi": "Talousarvio 2026 (esimerkki)"})
    assert answer.headers["location"] == f"/fi/desk/calculator{AT}?done=saved"
    source = Localized(fi="Talousarvio 2026 (esimerkki)", sv="Budget 2026", en="Budget of 2026")
    assert await baseline(session, empty) == projection.baseline(budget_file.read(FILE), source=source)


async def test_the_table_has_the_statement_of_every_year(visitor, empty):
    page = words(await upload(visitor, FILE)).replace("\xa0", " ")
    for text in (
        "Talousarvio 2026",
        "2030",
        "Toimintamenot",
        "Toimintakate",
        "Tilikauden tulos",
        "Lainakanta",
    ):
        assert text in page, text
    assert re.search(r"Tilikauden tulos −[0-9 ]+ €( −?[0-9 ]+ €){4}", page)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Valitse talousarvion tiedosto."),
        (b"a;b\n1;2\n", "year"),
        (FILE.replace(b"\n", b"\n=1+1,", 1), "1"),
        (b"\xff\xfe\x00", "UTF-8"),
        (FILE[: len(FILE) // 2], ""),
    ],
)
async def test_a_file_that_cannot_be_used_is_told_and_nothing_is_kept(session, visitor, empty, content, told):
    answer = await upload(visitor, content)
    assert answer.status_code == 422
    assert told in errors(answer)[0]
    assert 'href="#file"' in answer.text
    assert await baseline(session, empty) is None


async def test_a_missing_source_loses_nothing_of_the_file(session, visitor, empty):
    form = kept(await upload(visitor, FILE))
    answer = await visitor.post(AT, **form | {"source_fi": "", "source_sv": "", "source_en": " "})
    assert answer.status_code == 422
    assert kept(answer)["figures"] == form["figures"]
    assert (await visitor.post(AT, **kept(answer) | {"source_fi": "Talousarvio"})).status_code == 303


async def test_forged_figures_are_read_anew(session, visitor, empty):
    form = kept(await upload(visitor, FILE))
    for forged in (
        "",
        "{}",
        "null",
        str(form["figures"]).replace('"accumulated":', '"accumulated":1e400,"x":'),
    ):
        answer = await visitor.post(AT, **form | {"figures": forged})
        assert answer.status_code == 422
        assert errors(answer) == ["Lukuja ei voitu enää lukea. Lähetä tiedosto uudelleen."]
    assert await baseline(session, empty) is None


async def test_two_windows_and_the_file_is_not_lost(session, visitor, empty):
    first, second = [kept(await upload(visitor, FILE)) for _ in range(2)]
    await visitor.post(AT, **first | {"source_fi": "Ensimmäinen"})
    answer = await visitor.post(AT, **second | {"source_fi": "Toinen"})
    assert answer.status_code == 409
    assert (await baseline(session, empty)).source.fi == "Ensimmäinen"
    assert (await visitor.post(AT, **kept(answer))).status_code == 303
    assert (await baseline(session, empty)).source.fi == "Toinen"


async def test_other_years_than_the_levers_have_are_warned_of(visitor, calculator):
    assert "Vuodet ovat toiset kuin ennen" in words(await upload(visitor, FILE))


# --- what is supposed


def supposing(page) -> dict[str, object]:
    part = page.text.partition('aria-labelledby="suppositions"')[2].partition("</form>")[0]
    return sent_by(part)


async def test_growth_counts_a_line_anew_and_leaves_the_others(session, visitor, calculator):
    before = await baseline(session, calculator)
    form = supposing(await visitor.get(AT))
    assert form["interest_rate"] == "3"
    growth = {"growth_operating_expenses": "2,5", "growth_residents": "−10", "interest_rate": "3,25"}
    assert (await visitor.post(AT, **form | growth)).status_code == 303
    after = await baseline(session, calculator)
    assert [year.lines["operating_expenses"] for year in after.years] == [-11_787_50, -12_082_19]
    assert [year.residents for year in after.years] == [90, 81]
    assert [year.lines["operating_income"] for year in after.years] == [
        year.lines["operating_income"] for year in before.years
    ]
    assert after.interest_rate == 325
    assert {each.key: each.growth for each in after.assumptions} == {
        "growth_operating_expenses": 250,
        "growth_residents": -1000,
    }
    again = await visitor.post(AT, **supposing(await visitor.get(AT)))
    assert again.status_code == 303
    assert await baseline(session, calculator) == after


async def test_growth_of_a_whole_line_takes_the_place_of_its_parts(session, visitor, empty):
    await visitor.post(AT, **kept(await upload(visitor, FILE)))
    page = await visitor.get(AT)
    assert "Oletettu rivin osista tiedostossa" in words(page)
    before = await baseline(session, empty)
    assert any(each.key == "growth_income_tax" for each in before.assumptions)
    await visitor.post(AT, **supposing(page) | {"growth_tax_revenue": "0"})
    after = await baseline(session, empty)
    assert {year.lines["tax_revenue"] for year in after.years} == {after.budget.lines["tax_revenue"]}
    assert not any(each.key == "growth_income_tax" for each in after.assumptions)
    assert after.years[2].lines["operating_expenses"] == before.years[2].lines["operating_expenses"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"growth_tax_revenue": "paljon"}, "Kirjoita luku, esimerkiksi 2,5."),
        ({"growth_tax_revenue": "1.234"}, "Kirjoita luku, esimerkiksi 2,5."),
        ({"growth_tax_revenue": "51"}, "Suurin mahdollinen arvo on 50."),
        ({"growth_residents": "-51"}, "Pienin mahdollinen arvo on −50."),
        ({"interest_rate": "-1"}, "Pienin mahdollinen arvo on 0."),
        ({"interest_rate": "nan"}, "Kirjoita luku, esimerkiksi 2,5."),
    ],
)
async def test_growth_that_cannot_be_is_told(session, visitor, calculator, changed, told):
    before = await baseline(session, calculator)
    answer = await visitor.post(
        AT, **supposing(await visitor.get(AT)) | changed | {"growth_depreciation": "1"}
    )
    assert answer.status_code == 422
    assert errors(answer) == [told]
    assert supposing(answer)["growth_depreciation"] == "1"
    assert await baseline(session, calculator) == before


async def test_assumptions_of_two_windows(session, visitor, calculator):
    form = supposing(await visitor.get(AT))
    await visitor.post(AT, **form | {"interest_rate": "1"})
    answer = await visitor.post(AT, **form | {"interest_rate": "2"})
    assert answer.status_code == 409
    assert supposing(answer)["interest_rate"] == "2"
    assert (await baseline(session, calculator)).interest_rate == 100
    assert (await visitor.post(AT, **supposing(answer))).status_code == 303


async def test_without_a_file_nothing_can_be_supposed(visitor, empty):
    assert (await visitor.post(AT, act="suppose", interest_rate="1")).status_code == 422


# --- the official figures


async def test_official_figures_stand_beside_with_remainders_and_differences(session, visitor, calculator):
    own = {"operating_income": 2_000_00, "operating_expenses": 11_600_00, "annual_margin": 470_00}
    for line, amount in own.items():
        session.add(
            OfficialFigure(
                business_id="0242496-1",
                line=line,
                year=2026,
                phase="budget",
                municipality="Hamina",
                amount=amount,
            )
        )
    await session.flush()
    assert "Hamina" in words(await visitor.get(AT))
    page = words(await visitor.get(f"{AT}?municipality=0242496-1")).replace("\xa0", " ")
    assert "Toimintatulot 2 000 € 2 000 € Täsmää" in page
    assert "Toimintamenot 11 600 € 11 500 € Eroaa yli 0,5 %" in page
    assert "TOIMINTAKATE Laskettu erotus −9 600 € −9 500 € Eroaa yli 0,5 %" in page
    assert "Official" not in page
    assert "Täsmää" not in words(await visitor.get(f"{AT}?municipality=nonsense"))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_page_opens_in_every_language(visitor, language):
    assert (await visitor.get(f"/{language}/desk/calculator{AT}")).status_code == 200
    visitor.home = f"/{language}/desk/calculator"
    assert (await upload(visitor, FILE)).status_code == 200


async def test_the_starting_point_is_for_those_who_look_after_the_round(session, visitor):
    await visitor.enter(await make.staff(session, Role.EDITOR, await make.process(session)))
    assert (await visitor.get(AT)).status_code == 403
    for act in ("upload", "keep", "suppose"):
        assert (await visitor.post(AT, act=act)).status_code == 403, act
    visitor.leave()
    assert (await visitor.get(AT, follow=False)).headers["location"].startswith("/fi/sign-in")
