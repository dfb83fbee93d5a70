"""The totals that municipalities reported to the State Treasury, and what follows from them."""

import pytest

from service.calculator import table
from service.calculator.official import NotABusinessId, check, derived, names, read
from service.calculator.specification import Line
from service.core.text import LANGUAGES
from tests.calculator.example import FIXTURES, starting_point

HAMINA, HEINOLA = "0242496-6", "1068892-9"
HEADING = "municipality,business_id,metric,ta2025_amended,ta2026,ts2027,ts2028"


@pytest.fixture(scope="module")
def figures():
    return read((FIXTURES / "ktas_2026_hamina_heinola.csv").read_bytes())


def amounts(figures, business_id, line):
    return {
        (figure.year, figure.phase): figure.amount
        for figure in figures
        if (figure.business_id, figure.line) == (business_id, line)
    }


def test_what_was_reported_is_read_in_cents(figures):
    assert amounts(figures, HAMINA, "operating_expenses") == {
        (2025, "budget_amended"): 66_455_200_00,
        (2026, "budget"): 69_225_300_00,
        (2027, "plan"): 67_464_100_00,
        (2028, "plan"): 68_160_300_00,
    }
    assert amounts(figures, HEINOLA, "result")[2026, "budget"] == -1_914_800_00
    assert sum(not figure.derived for figure in figures) == 64


def test_the_operating_margin_is_worked_out_and_labelled_so(figures):
    assert amounts(figures, HAMINA, "operating_margin")[2026, "budget"] == -46_052_100_00
    assert amounts(figures, HEINOLA, "operating_margin")[2026, "budget"] == -49_672_100_00
    assert {figure.line for figure in figures if figure.derived} == {
        "operating_margin",
        "taxes_transfers_and_financing",
        "depreciation_and_extraordinary",
    }


def test_remainders_are_those_of_the_research(figures):
    def millions(business_id, line):
        return [round(amount / 100_000_000, 2) for amount in amounts(figures, business_id, line).values()]

    assert millions(HAMINA, "taxes_transfers_and_financing") == [51.68, 54.95, 54.98, 55.10]
    assert millions(HEINOLA, "taxes_transfers_and_financing") == [57.21, 55.96, 56.19, 55.78]
    assert millions(HAMINA, "depreciation_and_extraordinary") == [16.66, 11.02, 11.08, 11.08]
    assert millions(HEINOLA, "depreciation_and_extraordinary") == [8.94, 8.20, 8.13, 8.70]


def test_what_was_reported_itself_is_never_worked_out():
    told = read(
        f"{HEADING}\nX,{HAMINA},operating_income,,5,,\nX,{HAMINA},operating_expenses,,7,,\nX,{HAMINA},operating_margin,,-3,,".encode()
    )
    assert derived(told) == []
    assert amounts(told, HAMINA, "operating_margin") == {(2026, "budget"): -3_00}


def test_what_was_not_reported_is_not_nought():
    told = read(f"{HEADING}\nX,{HAMINA},operating_income,,5,,\nX,{HAMINA},operating_expenses,4,7,,".encode())
    assert amounts(told, HAMINA, "operating_income") == {(2026, "budget"): 5_00}
    assert amounts(told, HAMINA, "operating_margin") == {(2026, "budget"): -2_00}


def test_every_line_has_its_name_in_three_languages(figures):
    assert {figure.line for figure in figures} <= names().keys()
    assert all(getattr(name, language) for name in names().values() for language in LANGUAGES)
    assert names()["annual_margin"].fi == "VUOSIKATE"
    assert names()["state_transfers"].sv == "Statsandelar"
    assert names()["depreciation"].en == "Depreciations and write-downs"


@pytest.mark.parametrize(
    ("rows", "fault", "line", "column"),
    [
        ("", table.Empty, 1, "municipality"),
        ("\nX,0242496-6,profit,1,1,1,1", table.NotOneOf, 2, "metric"),
        ("\nX,0242496-7,result,1,1,1,1", NotABusinessId, 2, "business_id"),
        ("\nX,02424966,result,1,1,1,1", NotABusinessId, 2, "business_id"),
        ("\nX,,result,1,1,1,1", table.ValueMissing, 2, "business_id"),
        ("\n,0242496-6,result,1,1,1,1", table.ValueMissing, 2, "municipality"),
        ("\nX,0242496-6,result,1,x,1,1", table.NotANumber, 2, "ta2026"),
        ('\nX,0242496-6,result,1,"1,5",1,1', table.NotWhole, 2, "ta2026"),
        ("\nX,0242496-6,result,1,=1,1,1", table.FormulaCell, 2, "ta2026"),
        ("\nX,0242496-6,result,1,1,1,1\nX,0242496-6,result,1,1,1,1", table.RowTwice, 3, "metric"),
        ("\nX,0242496-6,loan_stock,116580,108788000,1,1", table.OutOfProportion, 2, "ta2026"),
        ("\nX,0242496-6,loan_stock,100000,,,100000000", table.OutOfProportion, 2, "ts2028"),
    ],
)
def test_a_broken_report_is_refused_by_line_and_column(rows, fault, line, column):
    with pytest.raises(table.FileFault) as refusal:
        read((HEADING + rows).encode())
    assert (type(refusal.value), refusal.value.line, refusal.value.column) == (fault, line, column)


def test_loans_reported_in_thousands_name_the_year():
    """As Heinola once did: 116,580 beside 108,788,000."""
    with pytest.raises(table.OutOfProportion) as refusal:
        read(f"{HEADING}\nHeinola,{HEINOLA},loan_stock,116580,108788000,116081000,124607000".encode())
    assert refusal.value.parameters["year"] == 2026
    assert refusal.value.parameters["neighbour"] == 2025


def test_a_report_without_years_is_none():
    with pytest.raises(table.ColumnMissing):
        read(f"municipality,business_id,metric\nX,{HAMINA},result".encode())


def official(line, amount, column="ta2026"):
    return read(f"municipality,business_id,metric,{column}\nX,{HAMINA},{line},{amount}".encode())


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("operating_income", 17_400_000),
        ("operating_expenses", 68_400_000),
        ("operating_margin", -51_000_000),
        ("tax_revenue", 48_280_000),
        ("state_transfers", 9_820_000),
        ("financial_net", -1_100_000),
        ("annual_margin", 6_000_000),
        ("depreciation", 8_800_000),
        ("result", -2_800_000),
        ("gross_investments", 11_400_000),
        ("loan_stock", 85_500_000),
    ],
)
def test_a_citys_own_table_may_differ_by_half_a_per_cent(line, amount):
    assert check(starting_point(), official(line, amount)) == []
    assert check(starting_point(), official(line, round(amount / 1.0049))) == []
    (difference,) = check(starting_point(), official(line, round(amount / 1.0051)))
    assert (difference.line, difference.year, difference.own) == (line, 2026, 100 * amount)


def test_only_the_budget_of_the_same_year_is_compared():
    assert check(starting_point(), official("result", 1, "ta2026_amended")) == []
    assert check(starting_point(), official("result", 1, "ts2026")) == []
    assert check(starting_point(), official("result", 1, "ta2025")) == []


def test_another_citys_totals_are_not_ours(figures):
    hamina = [figure for figure in figures if figure.business_id == HAMINA]
    found = {difference.line for difference in check(starting_point(), hamina)}
    assert {"operating_income", "operating_margin", "taxes_transfers_and_financing", "result"} <= found
    assert starting_point().budget.lines[Line.EXTRAORDINARY] == 0
