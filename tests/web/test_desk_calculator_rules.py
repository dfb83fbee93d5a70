"""Target, groups, rules and joint effects of a calculator at the desk."""

import pytest

from service.calculator import actions, queries
from service.calculator.specification import Add, AtMost, Overlap, PersonYears, Requires, Scale
from service.core.actor import Role
from tests import make
from tests.calculator import small
from tests.web.test_desk_levers import form_of
from tests.web.test_processes_desk import errors
from tests.web.visitor import Visitor, hidden, words

AT = "/balance"


@pytest.fixture
async def calculator(session):
    return await small.calculator(session, published=False)


@pytest.fixture
async def visitor(client, session, calculator):
    visitor = Visitor(client, session, "/fi/desk/calculator")
    await visitor.enter(await make.staff(session, Role.EDITOR))
    return visitor


async def draft(session, calculator):
    await session.refresh(calculator)
    return queries.draft(calculator)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_opens_in_every_language(visitor, language):
    kinds = ("at_most", "requires", "person_years", "add", "scale", "overlap")
    removals = ("/rules/rules/1/remove", "/rules/interactions/2/remove")
    for page in ("/target", "/groups", "/rules", *(f"/rules/new/{kind}" for kind in kinds), *removals):
        answer = await visitor.get(f"/{language}/desk/calculator{AT}{page}")
        assert answer.status_code == 200, page


async def test_these_pages_are_for_those_who_look_after_the_round(session, visitor):
    await visitor.enter(await make.staff(session, Role.EDITOR, await make.process(session)))
    pages = ("/target", "/groups", "/rules/new/add", "/rules/rules/1/remove")
    for page in ("/rules", *pages):
        assert (await visitor.get(f"{AT}{page}")).status_code == 403, page
    for page in pages:
        assert (await visitor.post(f"{AT}{page}")).status_code == 403, page
    visitor.leave()
    answer = await visitor.get(f"{AT}/target", follow=False)
    assert answer.headers["location"].startswith("/fi/sign-in")


# --- target


async def test_the_target_is_set(session, visitor, calculator):
    form = form_of(await visitor.get(f"{AT}/target"))
    assert (form["year"], form["result"]) == ("2028", "0")
    answer = await visitor.post(f"{AT}/target", **form | {"year": "2027", "result": "−1 500,50"})
    assert answer.headers["location"] == f"/fi/desk/calculator{AT}/target?done=saved"
    target = (await draft(session, calculator)).target
    assert (target.year, target.result) == (2027, -1_500_50)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"year": ""}, "Valitse tavoitteen vuosi."),
        ({"year": "2050"}, "Valitse tavoitteen vuosi."),
        ({"result": ""}, "Kirjoita summa, esimerkiksi 0."),
        ({"result": "inf"}, "Kirjoita summa numeroina, esimerkiksi 2500 tai 8,90."),
    ],
)
async def test_a_target_that_cannot_be_is_told(session, visitor, calculator, changed, told):
    answer = await visitor.post(f"{AT}/target", **form_of(await visitor.get(f"{AT}/target")) | changed)
    assert answer.status_code == 422
    assert errors(answer) == [told]
    assert (await draft(session, calculator)).target == small.draft().target


async def test_two_targets_at_once_and_both_are_shown(session, visitor, calculator):
    form = form_of(await visitor.get(f"{AT}/target"))
    await visitor.post(f"{AT}/target", **form | {"result": "100"})
    answer = await visitor.post(f"{AT}/target", **form | {"result": "200"})
    assert answer.status_code == 409
    assert "100 200" in words(answer)
    assert (await visitor.post(f"{AT}/target", **form_of(answer))).status_code == 303
    assert (await draft(session, calculator)).target.result == 200_00


# --- groups


async def test_groups_are_added_moved_named_and_left_out(session, visitor, calculator):
    page = await visitor.get(f"{AT}/groups")
    more = form_of(await visitor.post(f"{AT}/groups", **form_of(page), add="yes"))
    assert more["groups"] == "3"
    moved = form_of(await visitor.post(f"{AT}/groups", **more | {"g2_name_fi": "Uudet"}, up="2"))
    assert (moved["g1_name_fi"], moved["g2_name_fi"], moved["g2_key"]) == (
        "Uudet",
        "Services (fi)",
        "services",
    )
    assert (await visitor.post(f"{AT}/groups", **moved)).status_code == 303
    assert [group.key for group in (await draft(session, calculator)).groups] == [
        "taxes",
        "uudet",
        "services",
    ]
    form = form_of(await visitor.get(f"{AT}/groups"))
    assert (await visitor.post(f"{AT}/groups", **form | {"g1_name_fi": ""})).status_code == 303
    assert [group.key for group in (await draft(session, calculator)).groups] == ["taxes", "services"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (dict.fromkeys(["g1_name_fi", "g1_name_sv", "g1_name_en"], ""), "Anna ryhmälle nimi ainakin yhdellä kielellä."),
        ({"groups": "1"}, "Ryhmässä on keinoja. Siirrä ne ensin toiseen ryhmään."),
        ({"groups": "0"}, "Ryhmässä on keinoja. Siirrä ne ensin toiseen ryhmään."),
        ({"g0_name_fi": "x" * 401}, "Kirjoita enintään 400 merkkiä."),
        ({"g0_key": "forged"}, "Ryhmässä on keinoja. Siirrä ne ensin toiseen ryhmään."),
    ],
)  # fmt: skip
async def test_groups_that_cannot_be_are_told(session, visitor, calculator, changed, told):
    answer = await visitor.post(f"{AT}/groups", **form_of(await visitor.get(f"{AT}/groups")) | changed)
    assert answer.status_code == 422
    assert errors(answer) == [told]
    assert await draft(session, calculator) == small.draft()


async def test_a_calculator_begins_without_groups(session, visitor, calculator):
    empty = small.draft(groups=[], levers=[], rules=[], interactions=[])
    await actions.write(session, calculator, empty, "groups", version=calculator.version, by=small.SYSTEM)
    form = form_of(await visitor.get(f"{AT}/groups"))
    answer = await visitor.post(f"{AT}/groups", **form)
    assert errors(answer) == ["Kirjoita ainakin yksi ryhmä."]
    assert (await visitor.post(f"{AT}/groups", **form | {"g0_name_sv": "2 % skatt"})).status_code == 303
    assert [group.key for group in (await draft(session, calculator)).groups] == ["skatt"]


async def test_two_windows_of_groups_and_both_are_shown(session, visitor, calculator):
    form = form_of(await visitor.get(f"{AT}/groups"))
    await visitor.post(f"{AT}/groups", **form | {"g0_name_fi": "Ensimmäinen"})
    answer = await visitor.post(f"{AT}/groups", **form | {"g0_name_fi": "Toinen"})
    assert answer.status_code == 409
    assert "Ryhmä 1 (Suomi) Ensimmäinen Toinen" in words(answer)


# --- rules and joint effects


REASON = {"why_fi": "Näin on."}
GOOD = {
    "at_most": {"of": ["school=merge", "library=1", "school=close"], "number": "1"},
    "requires": {"when": ["library=1"], "then": ["hours=*"]},
    "person_years": {"most": "10"},
    "add": {"when": ["library=1"], "add_e0_line": "operating_expenses", "add_e0_2027": "−7", "add_e0_2028": "-8"},
    "scale": {"when": ["school=*"], "lever": "hours", "percent": "50"},
    "overlap": {"first": "school", "second": "tax", "percent": "10", "line": "tax_revenue"},
}  # fmt: skip


async def add(visitor, kind, **changed):
    return await visitor.post(f"{AT}/rules/new/{kind}", **GOOD[kind] | REASON | changed)


async def test_each_kind_is_added_as_it_was_chosen(session, visitor, calculator):
    for kind in GOOD:
        answer = await add(visitor, kind)
        assert answer.headers["location"] == f"/fi/desk/calculator{AT}/rules?done=added", errors(answer)
    made = await draft(session, calculator)
    _, at_most, requires, years = made.rules
    assert isinstance(at_most, AtMost)
    assert [(each.lever, each.options) for each in at_most.of] == [
        ("school", ("merge", "close")),
        ("library", ("1",)),
    ]
    assert isinstance(requires, Requires)
    assert requires.then.options == ("-10", "-20")
    assert isinstance(years, PersonYears)
    adding, scale, overlap = made.interactions[3:]
    assert isinstance(adding, Add)
    assert adding.effects[0].amounts == (-7_00, -8_00)
    assert isinstance(scale, Scale)
    assert (scale.when[0].options, scale.percent) == (("close", "merge"), 50)
    assert isinstance(overlap, Overlap)
    assert overlap.levers == ("school", "tax")
    page = words(await visitor.get(f"{AT}/rules"))
    assert "Lever school (fi): Option merge (fi), Option close (fi)" in page
    assert page.count("Näin on.") == 6


@pytest.mark.parametrize(
    ("kind", "changed", "told"),
    [
        ("at_most", {"why_fi": ""}, "Kerro perustelu ainakin yhdellä kielellä. Asukkaat näkevät sen."),
        ("at_most", {"of": ["school=merge"]}, "Valitse vähintään kaksi keinoa, muuten sääntö ei kiellä mitään."),
        ("at_most", {"of": ["gone=1", "school=gone"]}, "Valitse vähintään kaksi keinoa, muuten sääntö ei kiellä mitään."),
        ("at_most", {"number": "2"}, "Suurin mahdollinen arvo on 1."),
        ("at_most", {"number": ""}, "Kirjoita kokonaisluku."),
        ("requires", {"when": []}, "Valitse ainakin yksi vaihtoehto."),
        ("requires", {"then": ["library=1", "tax=9.00"]}, "Valitse vaihtoehtoja vain yhdestä keinosta."),
        ("person_years", {"most": "-3"}, "Pienin mahdollinen arvo on 0."),
        ("add", {"add_e0_line": "", "add_e0_2027": "", "add_e0_2028": ""}, "Kirjoita ainakin yksi vaikutus."),
        ("add", {"when": []}, "Valitse ainakin yksi vaihtoehto."),
        ("scale", {"percent": "201"}, "Suurin mahdollinen arvo on 200."),
        ("scale", {"lever": "gone"}, "Valitse jokin keinoista."),
        ("overlap", {"second": "school"}, "Valitse kaksi eri keinoa."),
        ("overlap", {"line": ""}, "Valitse rivi, joka muuttuu."),
        ("overlap", {"percent": "101"}, "Suurin mahdollinen arvo on 100."),
    ],
)  # fmt: skip
async def test_what_cannot_be_a_rule_is_told_and_kept(session, visitor, calculator, kind, changed, told):
    answer = await add(visitor, kind, **changed)
    assert answer.status_code == 422
    assert told in errors(answer)
    assert "Näin on." in answer.text or "why_fi" in changed
    assert await draft(session, calculator) == small.draft()


async def test_more_rows_lose_nothing_and_save_nothing(session, visitor, calculator):
    chosen = ["school=merge", "library=1", "hours=-10"]
    answer = await add(visitor, "at_most", of=chosen, more="yes")
    assert answer.status_code == 200
    assert answer.text.count('name="of"') == 5
    assert all(f'value="{each}" selected>' in answer.text for each in chosen)
    assert await draft(session, calculator) == small.draft()


async def test_removing_is_asked_and_then_done(session, visitor, calculator):
    page = await visitor.get(f"{AT}/rules/interactions/2/remove")
    answer = await visitor.post(f"{AT}/rules/interactions/2/remove", seen=hidden(page, "seen"))
    assert answer.headers["location"] == f"/fi/desk/calculator{AT}/rules?done=removed"
    assert [each.type for each in (await draft(session, calculator)).interactions] == ["scale", "add"]
    again = await visitor.post(f"{AT}/rules/interactions/2/remove", seen=hidden(page, "seen"))
    assert again.status_code == 409
    assert len((await draft(session, calculator)).interactions) == 2


@pytest.mark.parametrize(
    "path", ["/rules/rules/2", "/rules/rules/0", "/rules/levers/1", "/rules/interactions/99"]
)
async def test_what_is_not_there_cannot_be_removed(visitor, path):
    assert (await visitor.get(f"{AT}{path}/remove")).status_code == 404
    assert (await visitor.post(f"{AT}{path}/remove", seen="")).status_code == 404


async def test_there_is_no_other_kind_of_rule(visitor):
    assert (await visitor.get(f"{AT}/rules/new/exec")).status_code == 404
    assert (await visitor.post(f"{AT}/rules/new/exec", **REASON)).status_code == 404
