"""The levers of a calculator at the desk: the table, the form with its options, what it refuses, and two windows."""

import pytest

from service.calculator import actions, queries
from service.calculator.specification import Lever
from service.core.actor import Role
from tests import make
from tests.calculator import small
from tests.web.test_processes_desk import errors, sent_by
from tests.web.visitor import Visitor, h1, hidden, words

AT = "/balance/levers"
NEW = {
    "options": "2", "today": "0", "group": "services", "kind": "choice", "duty": "discretionary",
    "name_fi": "Uimahalli", "source_fi": "Esimerkki", "owner_fi": "Talous",
    "o0_label_fi": "Pidetään auki", "o0_consequence_fi": "Mikään ei muutu.",
    "o1_label_fi": "Suljetaan", "o1_consequence_fi": "Uimaan pääsee naapurissa.",
    "o1_e0_line": "operating_expenses", "o1_e0_2027": "120 000", "o1_e0_2028": "240 000,50 €",
}  # fmt: skip


@pytest.fixture
async def calculator(session):
    return await small.calculator(session, published=False)


@pytest.fixture
async def visitor(client, session, calculator):
    visitor = Visitor(client, session, "/fi/desk/calculator")
    await visitor.enter(await make.staff(session, Role.EDITOR))
    return visitor


def form_of(page) -> dict[str, object]:
    """What the page's form sends as it is shown, with what is chosen in its selects."""
    main = page.text.partition("<main")[2].partition("</form>")[0]
    fields = sent_by(main)
    for select in main.split("<select")[1:]:
        name = select.split('name="')[1].split('"')[0]
        before = select.partition("</select>")[0].partition(" selected>")
        fields[name] = before[0].rsplit('value="', 1)[1].rstrip('"') if before[1] else ""
    return fields


async def lever(session, calculator, key: str) -> Lever:
    await session.refresh(calculator)
    return next(each for each in queries.draft(calculator).levers if each.key == key)


# --- the table


async def test_the_table_says_what_each_lever_can_do(visitor):
    page = words(await visitor.get(AT))
    assert "Lever tax (fi) Asteikko 4 +220" in page
    assert "Lever water (fi) Yksi vaihtoehdoista 1 0" in page
    assert page.count("Ei muutettavissa") == 1
    assert "Suurin vaikutus vuonna 2028" in page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_opens_in_every_language(visitor, language):
    for page in ("", "/new", "/tax", "/tax/remove", "/shares"):
        answer = await visitor.get(f"/{language}/desk/calculator{AT}{page}")
        assert answer.status_code == 200, page


async def test_without_years_and_groups_there_is_nothing_to_write(session, visitor, calculator):
    draft = small.draft(baseline=None, groups=[], levers=[], rules=[], interactions=[])
    await actions.write(session, calculator, draft, "levers", version=calculator.version, by=small.SYSTEM)
    page = await visitor.get(AT)
    assert f"{AT}/new" not in page.text
    assert "lähtötilanne" in words(page)
    assert "Aseta ensin lähtötilanne ja keinoryhmät" in words(await visitor.get(f"{AT}/new"))


async def test_a_lever_whose_group_is_gone_is_still_found(session, visitor, calculator):
    draft = small.draft(groups=[{"key": "taxes", "name": make.words("Taxes")}])
    await actions.write(session, calculator, draft, "groups", version=calculator.version, by=small.SYSTEM)
    assert "Ilman ryhmää" in words(await visitor.get(AT))


# --- one lever


async def test_a_lever_sent_as_it_stands_stays_what_it_is(session, visitor, calculator):
    for key in ("tax", "school", "shares", "water"):
        before = await lever(session, calculator, key)
        answer = await visitor.post(f"{AT}/{key}", **form_of(await visitor.get(f"{AT}/{key}")))
        assert answer.status_code == 303, errors(answer)
        assert await lever(session, calculator, key) == before


async def test_a_lever_is_added_with_its_options(session, visitor, calculator):
    answer = await visitor.post(f"{AT}/new", **NEW)
    assert answer.headers["location"] == f"/fi/desk/calculator{AT}?done=added"
    made = await lever(session, calculator, "uimahalli")
    assert (made.today, [option.value for option in made.options]) == (
        "pidetaan-auki",
        ["pidetaan-auki", "suljetaan"],
    )
    assert made.options[1].effects[0].amounts == (120_000_00, 240_000_50)
    assert not made.options[1].effects[0].one_off
    page = await visitor.get(f"{AT}/uimahalli")
    assert h1(page) == "Uimahalli"
    assert 'value="240 000,50"' in page.text.replace("\xa0", " ")


async def test_sums_below_zero_ranges_one_off_and_person_years_are_kept(session, visitor, calculator):
    ranges = {"o1_low_2027": "-10", "o1_high_2027": "20", "o1_low_2028": "−5", "o1_high_2028": "5"}
    more = {
        "o1_e1_line": "gross_investments",
        "o1_e1_2027": "−1 000",
        "o1_e1_once": "yes",
        "o1_person_years": "3",
    }
    assert (await visitor.post(f"{AT}/new", **NEW, **ranges, **more)).status_code == 303
    option = (await lever(session, calculator, "uimahalli")).options[1]
    assert option.range == ((-10_00, 20_00), (-5_00, 5_00))
    assert (option.effects[1].amounts, option.effects[1].one_off) == ((-1_000_00, 0), True)
    assert option.person_years == 3


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name_fi": ""}, "Anna keinolle nimi ainakin yhdellä kielellä."),
        ({"group": "unknown"}, "Valitse ryhmä."),
        ({"kind": ""}, "Valitse, miten keino asetetaan."),
        ({"duty": "x"}, "Valitse, kuinka vapaa kaupunki on."),
        ({"source_fi": ""}, "Kerro, mihin luvut perustuvat."),
        ({"owner_fi": ""}, "Kerro, kuka vastaa luvuista."),
        ({"key": "Ä"}, "Kirjoita tunnus pienillä kirjaimilla a–z, numeroilla ja alaviivalla. Se alkaa kirjaimella."),
        ({"key": "tax"}, "Toisella keinolla on jo tämä tunnus. Kirjoita toinen."),
        ({"o1_label_fi": ""}, "Anna vaihtoehdolle nimi ainakin yhdellä kielellä."),
        ({"o1_consequence_fi": ""}, "Kerro ainakin yhdellä kielellä, mitä vaihtoehdosta seuraa."),
        ({"o1_value": "pidetaan-auki"}, "Toisella vaihtoehdolla on jo tämä arvo. Kirjoita toinen."),
        ({"o1_value": "Ö/"}, "Kirjoita arvo pienillä kirjaimilla a–z, numeroilla ja merkeillä . _ + -, enintään 40 merkkiä."),
        ({"today": ""}, "Kerro, mikä vaihtoehdoista on nykytilanne."),
        ({"today": "9"}, "Kerro, mikä vaihtoehdoista on nykytilanne."),
        ({"today": "1"}, "Nykytilanteen vaihtoehto on lähtötilanne, joten se ei muuta mitään. Tyhjennä sen vaikutukset tai kerro, että nykytilanne on toinen vaihtoehto."),
        ({"options": "1"}, "Kirjoita vähintään kaksi vaihtoehtoa tai kerro, miksi keinoa ei voi muuttaa."),
        ({"options": "0"}, "Kirjoita vähintään kaksi vaihtoehtoa tai kerro, miksi keinoa ei voi muuttaa."),
        ({"o1_e0_line": ""}, "Valitse rivi, joka muuttuu."),
        ({"o1_e0_line": "salaries"}, "Valitse rivi, joka muuttuu."),
        ({"o1_e0_2027": "", "o1_e0_2028": ""}, "Kirjoita, mitä jonakin vuonna muuttuu, tai jätä rivi pois."),
        ({"o1_e0_2027": "nan"}, "Kirjoita summa numeroina, esimerkiksi 2500 tai 8,90."),
        ({"o1_e0_2027": "1e400"}, "Kirjoita summa numeroina, esimerkiksi 2500 tai 8,90."),
        ({"o1_e0_2027": "10000000001"}, "Summa on liian suuri."),
        ({"o1_e0_2027": "=2+2"}, "Kirjoita summa numeroina, esimerkiksi 2500 tai 8,90."),
        ({"o1_person_years": "puoli"}, "Kirjoita kokonaisluku."),
        ({"o1_person_years": "-1"}, "Pienin mahdollinen arvo on 0."),
        ({"o1_low_2027": "5"}, "Kirjoita joka vuodelle pienin ja suurin summa tai jätä kaikki tyhjiksi."),
        (
            {"o1_low_2027": "5", "o1_high_2027": "1", "o1_low_2028": "0", "o1_high_2028": "0"},
            "Pienin summa ei voi olla suurinta suurempi.",
        ),
        ({"kind": "rate"}, "Kirjoita luku, jota vaihtoehto tarkoittaa, esimerkiksi 8,9."),
        ({"name_fi": "x" * 500}, "Kirjoita enintään 400 merkkiä."),
        ({"name_fi": "a\x00b"}, "Tätä ei voitu lukea. Tarkista se."),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_told_beside_its_field_and_the_rest_is_kept(
    session, visitor, calculator, changed, told
):
    answer = await visitor.post(f"{AT}/new", **NEW | changed)
    assert answer.status_code == 422
    assert told in errors(answer)
    assert "Esimerkki" in answer.text or "source_fi" in changed
    assert "<title>Virhe: " in answer.text
    await session.refresh(calculator)
    assert queries.draft(calculator) == small.draft()


async def test_an_options_mistake_is_shown_open(visitor):
    more = {
        f"o{number}_{name}_fi": f"{name} {number}" for number in (2, 3) for name in ("label", "consequence")
    }
    answer = await visitor.post(f"{AT}/new", **NEW | more | {"options": "4", "o2_person_years": "x"})
    assert answer.text.count('<details class="ds-details" open') == 1
    assert 'href="#o2_person_years"' in answer.text
    assert 'aria-describedby="o2_person_years-description o2_person_years-error"' in answer.text


async def test_numbers_of_a_rate_are_read_as_people_write_them(session, visitor, calculator):
    rate = NEW | {"kind": "rate", "o0_value": "8,90", "o1_value": "−9"}
    assert (await visitor.post(f"{AT}/new", **rate)).status_code == 303
    assert [option.value for option in (await lever(session, calculator, "uimahalli")).options] == [
        "8.90",
        "-9",
    ]


async def test_a_locked_lever_needs_one_option_only(session, visitor, calculator):
    locked = NEW | {"options": "1", "locked_fi": "Vesihuoltolaki määrää siitä."}
    assert (await visitor.post(f"{AT}/new", **locked)).status_code == 303
    assert (await lever(session, calculator, "uimahalli")).locked is not None


# --- options come and go


async def test_an_option_is_added_and_nothing_typed_is_lost(session, visitor, calculator):
    answer = await visitor.post(f"{AT}/new", **NEW, add="yes")
    assert answer.status_code == 200
    sent = form_of(answer)
    assert (sent["options"], sent["name_fi"], sent["o1_e0_2028"]) == ("3", "Uimahalli", "240 000,50 €")
    assert "o2_label_fi" in sent
    await session.refresh(calculator)
    assert queries.draft(calculator) == small.draft()


async def test_an_option_is_removed_and_those_after_it_move_up(session, visitor):
    before = form_of(await visitor.get(f"{AT}/tax"))
    answer = await visitor.post(f"{AT}/tax", **before, remove="0")
    sent = form_of(answer)
    assert (sent["options"], sent["today"]) == ("3", "0")
    assert [sent[f"o{number}_value"] for number in range(3)] == ["8.80", "8.90", "9.00"]
    assert sent["o1_e0_2027"] == "100"
    without_today = form_of(await visitor.post(f"{AT}/tax", **sent, remove="0"))
    assert "today" not in without_today
    assert (await visitor.post(f"{AT}/tax", **without_today)).status_code == 422
    nonsense = await visitor.post(f"{AT}/tax", **sent, remove="77")
    assert form_of(nonsense)["options"] == "3"


# --- removing, two windows, authority


async def test_removing_is_asked_and_then_done(session, visitor, calculator):
    page = await visitor.get(f"{AT}/library/remove")
    answer = await visitor.post(f"{AT}/library/remove", seen=hidden(page, "seen"))
    assert answer.headers["location"] == f"/fi/desk/calculator{AT}?done=removed"
    assert "library" not in (await visitor.get(AT)).text
    assert (await visitor.get(f"{AT}/library")).status_code == 404
    assert (await visitor.post(f"{AT}/library/remove", seen="")).status_code == 404


async def test_two_windows_and_both_versions_are_shown(session, visitor, calculator):
    form = form_of(await visitor.get(f"{AT}/hours"))
    await visitor.post(f"{AT}/hours", **form | {"o1_label_fi": "Ensimmäinen"})
    answer = await visitor.post(f"{AT}/hours", **form | {"o1_label_fi": "Toinen"})
    assert answer.status_code == 409
    assert "Vaihtoehto 2: nimi (Suomi) Ensimmäinen Toinen" in words(answer)
    assert (await visitor.post(f"{AT}/hours", **form_of(answer))).status_code == 303
    assert (await lever(session, calculator, "hours")).options[1].label.fi == "Toinen"
    removal = await visitor.post(f"{AT}/hours/remove", seen=str(form["seen"]))
    assert removal.status_code == 409
    assert (await lever(session, calculator, "hours")).options[1].label.fi == "Toinen"


async def test_two_editors_write_two_levers_at_once(session, visitor, calculator):
    hours, tax = [form_of(await visitor.get(f"{AT}/{key}")) for key in ("hours", "tax")]
    assert (await visitor.post(f"{AT}/hours", **hours | {"name_fi": "Tunnit"})).status_code == 303
    assert (await visitor.post(f"{AT}/tax", **tax | {"name_fi": "Vero"})).status_code == 303
    assert (await lever(session, calculator, "hours")).name.fi == "Tunnit"


async def test_levers_are_for_those_who_look_after_the_round(session, visitor, calculator):
    await visitor.enter(await make.staff(session, Role.EDITOR, await make.process(session)))
    for page in ("", "/new", "/tax", "/tax/remove"):
        assert (await visitor.get(f"{AT}{page}")).status_code == 403, page
    for form in ("/new", "/tax", "/tax/remove"):
        assert (await visitor.post(f"{AT}{form}", **NEW)).status_code == 403, form
    visitor.leave()
    answer = await visitor.get(f"{AT}/tax", follow=False)
    assert answer.headers["location"].startswith("/fi/sign-in")
