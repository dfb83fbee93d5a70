"""The budget and the four years after it, if nothing is decided."""

from dataclasses import replace

import pytest

from service.calculator.budget_file import BudgetFile, read
from service.calculator.projection import (
    BudgetIncomplete,
    BudgetTooLarge,
    ServicesDiffer,
    baseline,
    grown,
    grown_sum,
    residents,
)
from service.calculator.specification import Line
from tests.calculator.example import FIXTURES, SOURCE, budget, engine, starting_point, thousands

# The table of the research: a thousand euros, loans in euros per resident.
TABLE = {
    2026: (-51_000, 48_280, 9_820, -1_100, 6_000, -8_800, -2_800, -900, 4_500, 68),
    2027: (-52_312, 49_310, 9_722, -1_115, 5_605, -9_000, -3_395, -4_295, 4_876, 62),
    2028: (-53_657, 50_363, 9_625, -1_307, 5_024, -9_200, -4_176, -8_471, 5_154, 55),
    2029: (-55_034, 51_440, 9_528, -1_441, 4_493, -9_300, -4_807, -13_278, 5_385, 48),
    2030: (-56_446, 52_541, 9_433, -1_546, 3_983, -9_300, -5_317, -18_596, 5_647, 43),
}


def budget_year():
    start = starting_point()
    lines = start.budget.lines
    margin = lines[Line.OPERATING_INCOME] + lines[Line.OPERATING_EXPENSES]
    financial = lines[Line.FINANCIAL_NET] + start.budget_interest
    annual = margin + lines[Line.TAX_REVENUE] + lines[Line.STATE_TRANSFERS] + financial
    result = annual + lines[Line.DEPRECIATION] + lines[Line.EXTRAORDINARY]
    return row(
        lines, margin, financial, annual, result, start.accumulated, start.loans / start.budget.residents
    )


def row(lines, margin, financial, annual, result, accumulated, loans):
    money = (margin, lines[Line.TAX_REVENUE], lines[Line.STATE_TRANSFERS], financial, annual,
             lines[Line.DEPRECIATION], result, accumulated)  # fmt: skip
    return (*map(thousands, money), round(loans / 100), round(-100 * annual / lines[Line.DEPRECIATION]))


def test_every_figure_of_the_table():
    rows = {2026: budget_year()} | {
        year.year: row(
            year.lines,
            year.operating_margin,
            year.lines[Line.FINANCIAL_NET] + year.interest,
            year.annual_margin,
            year.result,
            year.accumulated,
            year.loans / year.residents,
        )
        for year in engine().evaluate({}).years
    }
    assert rows == TABLE


def test_the_services_make_the_operating_margin():
    start = starting_point()
    assert len(start.services) == 26
    assert (
        sum(service.income for service in start.services)
        == start.budget.lines[Line.OPERATING_INCOME]
        == 17_400_000_00
    )
    assert sum(service.expenses for service in start.services) == start.budget.lines[Line.OPERATING_EXPENSES]
    areas = {service.area for service in start.services}
    assert areas == {"hallinto", "elinvoima", "sivistys", "tekninen"}
    net = {
        area: sum(each.income + each.expenses for each in start.services if each.area == area)
        for area in areas
    }
    assert net == {
        "hallinto": -4_400_000_00,
        "elinvoima": -4_850_000_00,
        "sivistys": -32_500_000_00,
        "tekninen": -9_250_000_00,
    }


def test_what_is_supposed_is_told_by_name():
    supposed = {each.key: each for each in starting_point().assumptions}
    assert supposed["growth_operating_expenses"].growth == 230
    assert supposed["growth_operating_expenses"].name.sv == "Ökning av omkostnaderna"
    assert supposed["growth_residents"].growth == -80
    assert starting_point().interest_rate == 300


def test_the_operating_part_alone_takes_the_rest_from_another_file():
    alone = read((FIXTURES / "sample_budget_2026.csv").read_bytes())
    assert alone.year is None
    with pytest.raises(BudgetIncomplete) as refusal:
        baseline(alone, source=SOURCE)
    assert "tax_revenue" in str(refusal.value.parameters["lines"])
    completed = baseline(alone, replace(budget(), services=()), source=SOURCE)
    assert completed.years == starting_point().years
    assert [(each.key, each.income, each.expenses) for each in completed.services] == [
        (each.key, each.income, each.expenses) for each in starting_point().services
    ]


def test_services_that_do_not_make_the_statement_are_refused():
    one = budget().services[0]
    dearer = one.model_copy(update={"expenses": one.expenses - 1})
    with pytest.raises(ServicesDiffer):
        baseline(replace(budget(), services=(dearer, *budget().services[1:])), source=SOURCE)


@pytest.mark.parametrize(
    "code", ["depreciation", "interest_expenses", "loan_stock", "accumulated", "gross_investments"]
)
def test_nothing_missing_is_taken_for_nought(code):
    figures = {
        year: {line: cents for line, cents in lines.items() if line != code}
        for year, lines in budget().figures.items()
    }
    with pytest.raises(BudgetIncomplete) as refusal:
        baseline(replace(budget(), figures=figures), source=SOURCE)
    assert refusal.value.parameters["lines"] == code


def test_a_plan_of_the_city_goes_before_what_is_supposed():
    figures = {year: dict(lines) for year, lines in budget().figures.items()}
    figures[2027] |= {"income_tax": 40_000_000_00, "state_transfers": 9_000_000_00}
    figures[2028] |= {
        "tax_revenue": 50_000_000_00,
        "financial_net": -1_000_000_00,
        "interest_expenses": -2_000_000_00,
    }
    first, second, *_ = baseline(replace(budget(), figures=figures), source=SOURCE).years
    assert first.lines[Line.STATE_TRANSFERS] == 9_000_000_00
    assert first.lines[Line.TAX_REVENUE] == 40_000_000_00 + grown(4_200_000_00, 200, 1) + grown(
        8_000_000_00, 100, 1
    )
    assert second.lines[Line.TAX_REVENUE] == 50_000_000_00
    assert second.lines[Line.FINANCIAL_NET] == 1_000_000_00


def test_taxes_and_financing_may_come_without_their_parts():
    parts = {
        "income_tax",
        "corporate_tax",
        "real_estate_tax",
        "interest_income",
        "other_financial_income",
        "other_financial_expenses",
    }
    figures = {
        year: {line: cents for line, cents in lines.items() if line not in parts}
        for year, lines in budget().figures.items()
    }
    supposed = {**budget().supposed, "growth_tax_revenue": 200}
    names = {**budget().names, "growth_tax_revenue": SOURCE}
    first = baseline(replace(budget(), figures=figures, supposed=supposed, names=names), source=SOURCE).years[
        0
    ]
    assert first.lines[Line.TAX_REVENUE] == 49_245_600_00
    assert first.lines[Line.FINANCIAL_NET] == 1_450_000_00


def test_an_empty_file_lacks_everything():
    with pytest.raises(BudgetIncomplete) as refusal:
        baseline(BudgetFile(), source=SOURCE)
    assert "residents" in str(refusal.value.parameters["lines"])


def test_sums_that_no_engine_counts_with_are_refused():
    figures = {year: dict(lines) for year, lines in budget().figures.items()}
    figures[2026]["state_transfers"] = 999_999_999_999
    supposed = {**budget().supposed, "growth_state_transfers": 10_000}
    with pytest.raises(BudgetTooLarge):
        baseline(replace(budget(), figures=figures, supposed=supposed), source=SOURCE)


@pytest.mark.parametrize(
    ("amount", "growth", "years", "after"),
    [
        (100_00, 0, 4, 100_00),
        (100_00, 230, 1, 102_30),
        (-100_00, 230, 2, -104_65),
        (1_00, 50, 1, 1_01),
        (-1_00, 50, 1, -1_01),
    ],
)
def test_growth_is_rounded_once_half_away_from_zero(amount, growth, years, after):
    assert grown(amount, growth, years) == grown_sum({"a": amount}, {"a": growth}, years) == after


def test_people_stay_whole():
    assert [residents(19_000, -80, years) for years in range(5)] == [19_000, 18_848, 18_697, 18_547, 18_399]
