"""The demo city's levers are those of the research, to the cent."""

import json
import os
import re
from pathlib import Path

import pytest

from service.calculator.engine import Vector
from service.calculator.readiness import best, check
from service.calculator.specification import RESULT_LINES, Kind, Line
from service.core.text import LANGUAGES
from tests.calculator.example import FIXTURES, THOUSAND, engine, fixture, specification, thousands

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("FINANCE", ROOT.parent / "shared" / "data" / "finance"))
LOCKED = {"vesimaksu", "varhaiskasvatusmaksu", "sosiaali_terveys"}


@pytest.fixture(scope="module")
def research():
    if not FOLDER.is_dir():
        message = f"The research's figures are not at {FOLDER}; set FINANCE to their folder."
        pytest.skip(message)
    return FOLDER


def value(option, kind):
    return f"{option['value']:.2f}" if kind == "rate" else str(option["value"]).lower()


def effect(option):
    """On the result, a thousand euros a year."""
    sums = [0] * 4
    for each in option.effects:
        if each.line in RESULT_LINES:
            sums = [one + other for one, other in zip(sums, each.amounts, strict=True)]
    return [amount / THOUSAND for amount in sums]


def on(option, line):
    return [amount / THOUSAND for amount in Vector(option.effects, 4).lines.get(line, [0] * 4)]


def test_the_fixture_is_the_research(research):
    levers = json.loads((research / "levers.json").read_text())["levers"]
    assert fixture("levers.json") == {
        lever["key"]: {
            value(option, lever["kind"]): {
                name: option[name] for name in ("effect", "capex", "range") if name in option
            }
            for option in lever["options"]
        }
        for lever in levers
    }
    for name in ("sample_budget_2026.csv", "ktas_2026_hamina_heinola.csv"):
        assert (research / name).read_bytes() == (FIXTURES / name).read_bytes()


def test_every_lever_and_option_of_the_research_is_there_with_its_effect():
    theirs = fixture("levers.json")
    assert len(theirs) == 39
    assert specification().by_key.keys() == theirs.keys() | LOCKED
    for key, options in theirs.items():
        ours = specification().by_key[key].by_value
        assert ours.keys() == options.keys()
        for name, option in options.items():
            assert effect(ours[name]) == option["effect"], (key, name)


def test_investments_ranges_and_the_sale_are_as_in_the_research():
    for key, options in fixture("levers.json").items():
        for name, option in options.items():
            ours = specification().by_key[key].by_value[name]
            capex = [-amount for amount in option.get("capex", [0] * 4)]
            line = Line.INVESTMENT_DISPOSALS if key == "osakkeet" else Line.GROSS_INVESTMENTS
            assert on(ours, line) == capex, (key, name)
            theirs = [tuple(pair) for pair in option.get("range", []) if any(pair)]
            assert [tuple(cents / THOUSAND for cents in pair) for pair in ours.range] == theirs, (key, name)


@pytest.mark.parametrize(
    ("key", "value", "one_off"),
    [
        ("lomautus", "10", [1100, 0, 0, 0]),
        ("kouluverkko", "b", [-40, 0, 0, 0]),
        ("kouluverkko", "c", [-80, 0, 0, 0]),
        ("tyhjat", "1", [-1500, 0, 0, 0]),
        ("osakkeet", "1", [6000, 0, 0, 0]),
        ("yhteistyo", "1", [-80, 0, 0, 0]),
        ("tulovero", "9.80", [0, 0, 0, 0]),
    ],
)
def test_what_happens_once_is_told_apart_from_what_lasts(key, value, one_off):
    assert engine().vectors[key, value].one_off == [amount * THOUSAND for amount in one_off]


def test_a_write_down_and_a_new_schools_depreciation_take_no_cash():
    levers = specification().by_key
    assert on(levers["tyhjat"].option("1"), Line.DEPRECIATION) == [-900, 0, 0, 0]
    assert on(levers["kouluverkko"].option("d"), Line.DEPRECIATION) == [0, 0, -196, -470]
    assert on(levers["lukio"].option("yhteinen"), Line.STATE_TRANSFERS) == [0, -104, -250, -250]


def test_one_tenth_of_a_percentage_point_is_440_000_euros():
    assert engine().effect("tulovero", "8.90")[2] == 440_000_00


def test_what_all_levers_can_do_together():
    most = best(engine())
    assert len(most) == 39
    assert sum(most.values()) == 14_279 * THOUSAND
    taxes = {key for key in most if specification().by_key[key].group == "taxes_and_fees"}
    taxes -= {"liikuntamaksut", "opistomaksut", "vene_tori"}
    assert sum(most[key] for key in most.keys() - taxes) == 6_695 * THOUSAND
    worst = sum(
        min(engine().effect(lever.key, option.value)[2] for option in lever.options)
        for lever in specification().levers
    )
    assert thousands(worst) == -5_345


def test_nothing_hinders_its_publication():
    findings = check(specification())
    assert [finding for finding in findings if finding.blocks] == []
    assert [finding.message for finding in findings] == [
        "There are %(levers)s choices. More than %(most)s are many for one sitting."
    ]


def test_locked_levers_say_which_law():
    locked = {lever.key: lever.locked for lever in specification().levers if lever.locked}
    assert locked.keys() == LOCKED
    assert "119/2001" in locked["vesimaksu"].fi
    assert "1503/2016" in locked["varhaiskasvatusmaksu"].sv
    assert "2023" in locked["sosiaali_terveys"].en


def test_person_years_grow_with_the_cut():
    def person_years(key):
        return {option.value: option.person_years for option in specification().by_key[key].options}

    assert person_years("poistuma") == {str(number): number for number in (0, 5, 10, 15, 20)}
    assert person_years("hallinto") == {
        "-10": 5, "-9": 4, "-8": 4, "-7": 3, "-6": 3, "-5": 2, "-4": 2, "-3": 1, "-2": 1, "-1": 0, "0": 0,
    }  # fmt: skip
    assert person_years("tuntikehys") == {
        "-6": 5,
        "-5": 4,
        "-4": 3,
        "-3": 2,
        "-2": 2,
        "-1": 1,
        "0": 0,
        "2": 0,
    }


def test_the_rules_forbid_what_cannot_go_together():
    def broken(**plan):
        return engine().evaluate(plan).violations

    assert broken(lahikirjasto="1") == ()
    assert broken(lahikirjasto="1", kirjastoauto="1") == (0,)
    assert broken(kouluverkko="d") == broken(kouluverkko="d", investointikatto="-10") == ()
    assert broken(kouluverkko="d", investointikatto="-25") == (1,)
    assert broken(poistuma="20", hallinto="-10") == ()
    assert broken(poistuma="20", hallinto="-5", tuntikehys="-4") == ()
    assert broken(poistuma="20", hallinto="-10", tuntikehys="-1") == (2,)


def test_numbers_stand_in_their_order():
    for lever in specification().levers:
        if lever.kind in {Kind.RATE, Kind.STEPS}:
            numbers = [float(option.value) for option in lever.options]
            assert numbers == sorted(numbers), lever.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_written_as_the_language_writes_numbers(language):
    for lever in specification().levers:
        texts = [
            lever.name,
            lever.source,
            *(text for option in lever.options for text in (option.label, option.consequence)),
        ]
        for text in texts:
            words = getattr(text, language)
            assert not re.search(r" [€%]|(?<![\w.)])-\d|['\"]", words), words
            assert not re.search(
                r"\d \d{3}(?!\d)" if language != "en" else r"\d[\u00a0 ]\d{3}(?!\d)", words
            ), words
            assert not re.search(r"\d\.\d%|\d %" if language != "en" else r"\d,\d\d?\b|\d\u00a0%", words), (
                words
            )
