"""Whole plans against the figures the research printed for them."""

import pytest

from service.calculator.engine import Engine
from service.calculator.specification import Line, Specification
from tests.calculator.example import engine, fixture, specification, thousands

SCENARIOS = fixture("scenarios.json")


def figures(engine, plan):
    """Result, loans per resident and accumulated result of each year."""
    return {
        str(year.year): [
            thousands(year.result),
            round(year.loans / 100 / year.residents),
            thousands(year.accumulated),
        ]
        for year in engine.evaluate(plan).years
    }


def as_the_research_counts():
    """It takes less depreciation for money in the till, and rounds what would be saved twice to a thousand euros."""
    document = specification().model_dump(mode="json")
    for lever in document["levers"]:
        for option in lever["options"]:
            for effect in option["effects"]:
                if effect["line"] == Line.DEPRECIATION:
                    effect["line"] = Line.OPERATING_EXPENSES
    overlap = next(each for each in document["interactions"] if each["type"] == "overlap")
    document["interactions"].remove(overlap)
    document["interactions"].append(
        {
            "type": "add",
            "when": [{"lever": "hallinto", "options": ["-5"]}, {"lever": "poistuma", "options": ["20"]}],
            "effects": [
                {"line": overlap["line"], "amounts": [-16_000_00, -32_000_00, -32_000_00, -32_000_00]}
            ],
            "why": overlap["why"],
        }
    )
    return Engine(Specification.model_validate(document))


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_are_those_of_the_research(name):
    scenario = SCENARIOS[name]
    theirs = {year: figures for year, figures in scenario["years"].items() if year != "2026"}
    assert figures(as_the_research_counts(), scenario["choices"]) == theirs


@pytest.mark.parametrize("name", ["none", "A", "C"])
def test_where_no_depreciation_changes_it_makes_no_difference(name):
    scenario = SCENARIOS[name]
    theirs = {year: figures for year, figures in scenario["years"].items() if year != "2026"}
    assert figures(engine(), scenario["choices"]) == theirs


def test_scenario_b_has_fewer_loans_as_a_write_down_takes_no_cash():
    """900,000 € written down in 2027 and 350,000 € less depreciation by 2029 move the result, but not the loans."""
    assert figures(engine(), SCENARIOS["B"]["choices"]) == {
        "2027": [-2009, 4602, -2909],
        "2028": [1423, 4452, -1486],
        "2029": [1466, 4236, -20],
        "2030": [1317, 4029, 1297],
    }


def test_the_starting_point_is_2_8_and_then_4_8_million_short():
    start = specification().baseline
    budget = start.budget.lines
    result = start.budget_interest + sum(budget[line] for line in list(Line)[:7])
    assert thousands(result) == -2_800
    outcome = engine().evaluate({})
    assert thousands(outcome.missing) == 4_807
    assert round(outcome.missing / 100 / outcome.years[2].residents) == 259


def test_selling_shares_and_lay_offs_balance_one_year_and_nothing_lasting():
    outcome = engine().evaluate(SCENARIOS["C"]["choices"])
    first = outcome.years[0]
    assert thousands(first.result) == 3_705
    assert thousands(first.structural_result) == -3_395
    assert not outcome.is_balanced
    assert thousands(outcome.missing) == 5_000


def test_taxes_of_scenario_a_balance_the_target_year():
    outcome = engine().evaluate(SCENARIOS["A"]["choices"])
    assert outcome.is_balanced
    assert thousands(outcome.years[2].structural_result) == 36


def test_fees_bring_in_less_where_the_swimming_hall_is_closed():
    def result(**plan):
        return engine().evaluate(plan).years[0].result

    assert result(liikuntamaksut="10", uimahalli="sulje") - result(uimahalli="sulje") == 10_080_00


def test_the_same_posts_are_not_saved_twice():
    def result(**plan):
        return engine().evaluate(plan).years[0].result - engine().evaluate({}).years[0].result

    both, one, other = result(hallinto="-5", poistuma="20"), result(hallinto="-5"), result(poistuma="20")
    assert one + other - both == 108_000_00 * 15 // 100
