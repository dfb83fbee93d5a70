"""A budget's file is taken as it was meant, or refused with the line and the column."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.calculator import budget_file, table
from service.calculator.budget_file import BudgetFile, read
from service.calculator.table import FileFault
from service.demo.story import FOLDER
from tests.calculator.example import FIXTURES, budget

HEADING = "year;phase;statement;line_code;area_code;area_name_fi;amount_eur;sign;parent_code;note"
INCOME = "2026;budget;income;operating_income;;Tuotot;1000,50;;;"
COSTS = "2026;budget;income;operating_expenses;;Kulut;-3000;;;"


def of(*rows, heading=HEADING):
    return "\n".join([heading, *rows]).encode()


def figures(*rows):
    return read(of(*rows)).figures[2026]


def test_the_demo_citys_file_is_whole():
    assert budget().year == 2026
    assert len(budget().services) == 26
    assert budget().figures[2026]["result"] == -2_800_000_00
    assert budget().figures[2030]["depreciation"] == -9_300_000_00
    assert 2025 not in budget().figures
    assert budget().supposed["residents"] == 19_000
    assert budget().supposed["growth_state_transfers"] == -100
    library = next(service for service in budget().services if service.key == "kirjasto")
    assert (library.area, library.name.sv, library.income, library.expenses) == (
        "sivistys",
        "Bibliotekstjänster",
        50_000_00,
        -1_350_000_00,
    )


def test_the_operating_part_alone_is_read_in_thousands():
    alone = read((FIXTURES / "sample_budget_2026.csv").read_bytes())
    assert isinstance(alone, BudgetFile)
    assert [(each.key, each.area, each.income, each.expenses, each.name.fi) for each in alone.services] == [
        (each.key, each.area, each.income, each.expenses, each.name.fi) for each in budget().services
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_spreadsheets_part_columns_and_lines_each_in_its_own_way(delimiter, ending):
    text = (FOLDER / "budget_2026.csv").read_text()
    rows = [line.split(";") for line in text.splitlines()]
    written = ending.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert read(b"\xef\xbb\xbf" + written.encode()) == budget()


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1000", 1000_00),
        ("1000,5", 1000_50),
        ("1000.05", 1000_05),
        ("1 234 567,89", 1_234_567_89),
        ("1\u00a0234\u00a0567", 1_234_567_00),
        ("1\u202f234", 1_234_00),
        ("+12", 12_00),
        ("  7  ", 7_00),
        ("0", 0),
        ("9999999999,99", 999_999_999_999),
    ],
)
def test_numbers_are_read_as_finns_and_englishmen_write_them(written, cents):
    assert figures(f"2026;budget;income;operating_income;;;{written};;;")["operating_income"] == cents


@pytest.mark.parametrize("minus", ["-", "\u2212"])
def test_a_minus_is_a_minus(minus):
    assert (
        figures(INCOME, f"2026;budget;income;operating_expenses;;;{minus}3 000,00;;;")["operating_expenses"]
        == -3000_00
    )


def test_costs_may_be_given_without_a_sign_where_the_file_says_so():
    row = "2026;budget;income;{};;;{};positive_cost;;"
    assert figures(
        row.format("operating_expenses", 3000), row.format("operating_income", 5), row.format("result", -7)
    ) == {
        "operating_expenses": -3000_00,
        "operating_income": 5_00,
        "result": -7_00,
    }


def test_empty_lines_and_other_columns_are_passed_over():
    assert figures("", INCOME, ";;;;;;;;;", COSTS + "x") == {
        "operating_income": 1000_50,
        "operating_expenses": -3000_00,
    }


def test_a_service_without_an_area_is_its_own():
    (service,) = read(of("2026;budget;operating;operating_expenses;library;;-5;;;")).services
    assert (service.area, service.key, service.name.en, service.income, service.expenses) == (
        "library",
        "library",
        "library",
        0,
        -500,
    )


def operating(part, amount, parent=""):
    return f"2026;budget;operating;operating_expenses;{part};;{amount};;{parent};"


BROKEN = {
    "nothing": (b"", table.Empty, 1, "1"),
    "blanks": (b" \n \n", table.Empty, 1, "1"),
    "only a heading": (of(), table.Empty, 1, "year"),
    "no text": (b"\xff\xfe\x00y", table.NotText, 1, "1"),
    "another alphabet's bytes": (of(INCOME) + "\nä".encode("latin-1"), table.NotText, 3, "1"),
    "a zip file": (b"PK\x03\x04\x00\x00\x00", table.NotText, 1, "1"),
    "an open quote": (of(INCOME, '2026;"budget;income'), table.QuoteOpen, 3, "1"),
    "no column for money": (of(INCOME, heading=HEADING.replace("amount_eur", "money")), table.ColumnMissing, 1, "amount_eur"),
    "a column twice": (of(INCOME, heading=HEADING.replace("note", "year")), table.ColumnTwice, 1, "year"),
    "too many cells": (of(INCOME + ";;x"), table.TooManyValues, 2, "11"),
    "thousands parted by commas": (of("2026,budget,income,operating_income,,,1,000,,,,", heading=HEADING.replace(";", ",")), table.NotOneOf, 2, "sign"),
    "a formula": (of(INCOME, "2026;budget;income;operating_expenses;;;=SUM(A1:A9);;;"), table.FormulaCell, 3, "amount_eur"),
    "a command": (of("2026;budget;income;operating_income;;+cmd|' /C calc'!A0;5;;;"), table.FormulaCell, 2, "area_name_fi"),
    "a function": (of(INCOME[:-1] + ";@SUM(1)"), table.FormulaCell, 2, "note"),
    "a difference": (of("2026;budget;income;operating_income;;-2+3;5;;;"), table.FormulaCell, 2, "area_name_fi"),
    "no amount": (of("2026;budget;income;operating_income;;;;;;"), table.ValueMissing, 2, "amount_eur"),
    "no line": (of("2026;budget;income;;;;5;;;"), table.ValueMissing, 2, "line_code"),
    "no service": (of("2026;budget;operating;operating_income;;;5;;;"), table.ValueMissing, 2, "area_code"),
    "a word for a number": (of("2026;budget;income;operating_income;;;tuhat;;;"), table.NotANumber, 2, "amount_eur"),
    "not a number": (of("2026;budget;income;operating_income;;;NaN;;;"), table.NotANumber, 2, "amount_eur"),
    "infinity": (of("2026;budget;income;operating_income;;;inf;;;"), table.NotANumber, 2, "amount_eur"),
    "an exponent": (of("2026;budget;income;operating_income;;;1e9;;;"), table.NotANumber, 2, "amount_eur"),
    "points between thousands": (of("2026;budget;income;operating_income;;;1.234.567;;;"), table.NotANumber, 2, "amount_eur"),
    "three decimals, or thousands": (of("2026;budget;income;operating_income;;;1,234;;;"), table.NotANumber, 2, "amount_eur"),
    "blanks in odd places": (of("2026;budget;income;operating_income;;;12 34;;;"), table.NotANumber, 2, "amount_eur"),
    "a currency": (of("2026;budget;income;operating_income;;;5 €;;;"), table.NotANumber, 2, "amount_eur"),
    "Arabic digits": (of("2026;budget;income;operating_income;;;٣٤;;;"), table.NotANumber, 2, "amount_eur"),
    "too much": (of("2026;budget;income;operating_income;;;10000000000;;;"), table.TooLarge, 2, "amount_eur"),
    "an error of a spreadsheet": (of("2026;budget;income;operating_income;;;#REF!;;;"), table.NotANumber, 2, "amount_eur"),
    "an unknown statement": (of("2026;budget;balance;operating_income;;;5;;;"), table.NotOneOf, 2, "statement"),
    "an unknown phase": (of("2026;forecast;income;operating_income;;;5;;;"), table.NotOneOf, 2, "phase"),
    "an unknown line": (of("2026;budget;income;profit;;;5;;;"), table.NotOneOf, 2, "line_code"),
    "a part of an unknown line": (of("2026;budget;income;fees;;;5;;profit;"), table.NotOneOf, 2, "parent_code"),
    "an unknown sign": (of("2026;budget;income;depreciation;;;5;minus;;"), table.NotOneOf, 2, "sign"),
    "an unknown supposition": (of(INCOME, "2026;budget;assumption;growth_of_hope;;;5;;;"), table.NotOneOf, 3, "line_code"),
    "a code with blanks": (of("2026;budget;operating;operating_income;My Library;;5;;;"), budget_file.NotAKey, 2, "area_code"),
    "half a year": (of("2026,5;budget;income;operating_income;;;5;;;"), table.NotWhole, 2, "year"),
    "a year of long ago": (of("1926;budget;income;operating_income;;;5;;;"), budget_file.OutOfBounds, 2, "year"),
    "costs above nought": (of(INCOME, COSTS.replace("-", "")), budget_file.WrongSign, 3, "amount_eur"),
    "income below nought": (of(INCOME.replace("1000", "-1000")), budget_file.WrongSign, 2, "amount_eur"),
    "a part of costs above nought": (of("2026;budget;investment;roads;;;5;;gross_investments;"), budget_file.WrongSign, 2, "amount_eur"),
    "a figure twice": (of(INCOME, COSTS, INCOME), table.RowTwice, 4, "line_code"),
    "a supposition twice": (of(INCOME, *2 * ["2026;budget;assumption;interest_rate;;;3;;;"]), table.RowTwice, 4, "line_code"),
    "no budget": (of(INCOME.replace("budget", "actual")), budget_file.YearsUnclear, 2, "phase"),
    "two budgets": (of(INCOME, INCOME.replace("2026", "2027")), budget_file.YearsUnclear, 3, "phase"),
    "a plan before the budget": (of(INCOME, "2025;plan;income;operating_income;;;900;;;"), budget_file.YearsUnclear, 3, "year"),
    "an account after the budget": (of(INCOME, "2027;actual;income;operating_income;;;900;;;"), budget_file.YearsUnclear, 3, "year"),
    "parts that make less": (of("2026;budget;income;tax_revenue;;;100;;;", "2026;budget;income;income_tax;;;99,99;;tax_revenue;"), budget_file.SumDiffers, 2, "amount_eur"),
    "an area that is not its services": (of(operating("culture", -10), operating("library", -4, "culture"), operating("museum", -5, "culture")), budget_file.SumDiffers, 2, "amount_eur"),
    "services that are not the statement": (of(operating("library", -4), COSTS), budget_file.SumDiffers, 3, "amount_eur"),
    "a margin that does not follow": (of(INCOME, COSTS, "2026;budget;income;operating_margin;;;-1999;;;"), budget_file.SumDiffers, 4, "amount_eur"),
    "half a resident": (of(INCOME, "2026;budget;assumption;residents;;;19000,5;;;"), table.NotWhole, 3, "amount_eur"),
    "no resident": (of(INCOME, "2026;budget;assumption;residents;;;0;;;"), budget_file.OutOfBounds, 3, "amount_eur"),
    "interest of a loan shark": (of(INCOME, "2026;budget;assumption;interest_rate;;;21;;;"), budget_file.OutOfBounds, 3, "amount_eur"),
    "growth beyond measure": (of(INCOME, "2026;budget;assumption;growth_income_tax;;;101;;;"), budget_file.OutOfBounds, 3, "amount_eur"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_by_line_and_column(name):
    data, fault, line, column = BROKEN[name]
    with pytest.raises(FileFault) as refusal:
        read(data)
    assert (type(refusal.value), refusal.value.line, refusal.value.column) == (fault, line, column)
    assert "%" not in str(refusal.value)


@pytest.mark.parametrize(
    ("row", "fault", "column"),
    [
        ("culture,library,Kirjasto,Bibliotek,Library,1350,50", budget_file.WrongSign, "expense_keur"),
        ("culture,library,Kirjasto,Bibliotek,Library,-1350,-50", budget_file.WrongSign, "income_keur"),
        ("culture,library,Kirjasto,Bibliotek,Library,,50", table.ValueMissing, "expense_keur"),
        ("culture,,Kirjasto,Bibliotek,Library,-1350,50", table.ValueMissing, "key"),
        (",library,Kirjasto,Bibliotek,Library,-1350,50", table.ValueMissing, "area"),
        ("culture,museum,=1+1,Museum,Museum,-1350,50", table.FormulaCell, "name_fi"),
        ("culture,museum,Museo,Museum,Museum,-1,50", table.RowTwice, "key"),
    ],
)
def test_a_broken_operating_part_is_refused_by_line_and_column(row, fault, column):
    first = "culture,museum,Museo,Museum,Museum,-800,200"
    data = f"area,key,name_fi,name_sv,name_en,expense_keur,income_keur\n{first}\n{row}".encode()
    with pytest.raises(FileFault) as refusal:
        read(data)
    assert (type(refusal.value), refusal.value.line, refusal.value.column) == (fault, 3, column)


@pytest.mark.parametrize(
    ("before", "taken"), [("100050", True), ("100051", False), ("10,01", True), ("10,00", False)]
)
def test_a_figure_a_hundred_times_its_neighbours_was_entered_in_another_unit(before, taken):
    data = of(f"2025;actual;income;operating_income;;;{before};;;", INCOME)
    if taken:
        assert read(data).year == 2026
        return
    with pytest.raises(table.OutOfProportion) as refusal:
        read(data)
    assert (refusal.value.line, refusal.value.column) == (3, "amount_eur")
    assert refusal.value.parameters["year"] == 2026
    assert refusal.value.parameters["neighbour"] == 2025


def test_thousands_among_euros_are_found_in_the_demo_citys_own_file():
    text = (FOLDER / "budget_2026.csv").read_text()
    wrong = text.replace("-9300000;", "-9300;", 1)
    line = 1 + wrong[: wrong.index("-9300;")].count("\n")
    with pytest.raises(table.OutOfProportion) as refusal:
        read(wrong.encode())
    assert (refusal.value.line, refusal.value.parameters["year"]) == (line, 2029)


@given(st.binary(max_size=400))
def test_no_bytes_at_all_do_anything_else_than_be_refused(data):
    with pytest.raises(FileFault):
        read(data)


@given(st.integers(0, 130), st.integers(0, 12), st.text(max_size=12))
def test_whatever_stands_in_a_cell_is_read_or_refused(line, column, text):
    rows = [row.split(";") for row in (FOLDER / "budget_2026.csv").read_text().splitlines()]
    rows[line][column] = text
    with suppress(FileFault):
        assert read("\n".join(";".join(row) for row in rows).encode()).year == 2026
