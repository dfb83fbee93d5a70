"""What a municipality reported to the State Treasury (package KTAS), to check its own table against. Pure.

Columns: municipality, business_id, metric, and for each year ta2026 (budget), ta2025_amended or ts2027 (plan), in whole euros as
reported: costs are positive. Source of the lines and their names: the Treasury's taxonomy jhs-2019-03.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from service.calculator.specification import Baseline, Line
from service.calculator.table import (
    ColumnMissing,
    FileFault,
    OutOfProportion,
    Row,
    RowTwice,
    out_of_proportion,
    rows,
)
from service.core.errors import msgid
from service.core.text import Localized

NEEDED = ("municipality", "business_id", "metric")
BUDGET, AMENDED, PLAN = "budget", "budget_amended", "plan"

# Derived: a line, and the two reported ones whose difference it is.
DERIVED = {
    "operating_margin": ("operating_income", "operating_expenses"),
    "taxes_transfers_and_financing": ("annual_margin", "operating_margin"),
    "depreciation_and_extraordinary": ("annual_margin", "result"),
}

TOLERANCE = 5
"""Thousandths of the official figure."""

_YEAR = re.compile(r"(ta|ts)(20[0-9]{2})(_amended)?")
_BUSINESS_ID = re.compile(r"[0-9]{7}-[0-9]")


class NotABusinessId(FileFault):
    message = msgid("Line %(line)s, column %(column)s: “%(value)s” is not a business ID.")


@dataclass(frozen=True, slots=True)
class Figure:
    """Cents, signed as reported: costs positive. `derived` ones are not in the file but follow from it."""

    municipality: str
    business_id: str
    line: str
    year: int
    phase: str
    amount: int
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A total of the municipality's own table that is not the official one; both in cents as reported."""

    line: str
    year: int
    official: int
    own: int


@cache
def names() -> dict[str, Localized]:
    """The official name of each line."""
    text = files(__package__).joinpath("ktas_lines.csv").read_text(encoding="utf-8")
    return {
        row["line"]: Localized(fi=row["name_fi"], sv=row["name_sv"], en=row["name_en"])
        for row in csv.DictReader(text.splitlines())
    }


def read(data: bytes) -> list[Figure]:
    """What was reported, then what follows from it. A cell that is empty was not reported. Raises FileFault."""
    table = rows(data, NEEDED)
    columns = sorted(
        (int(match[2]), _phase(match), name) for name in table[0].cells if (match := _YEAR.fullmatch(name))
    )
    if not columns:
        raise ColumnMissing(1, "ta2026")
    seen: dict[tuple[str, str], int] = {}
    reported: list[Figure] = []
    for row in table:
        key = _business_id(row), row.one_of("metric", names())
        if key in seen:
            raise RowTwice(row.line, "metric", code=key[1], earlier=seen[key])
        seen[key] = row.line
        reported += _figures(row, columns)
    return reported + derived(reported)


def derived(figures: Iterable[Figure]) -> list[Figure]:
    """The remainders of what was reported, for each year that has both lines they follow from."""
    found: dict[tuple[str, int, str], dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        found[figure.business_id, figure.year, figure.phase][figure.line] = figure
    return [figure for lines in found.values() for figure in _remainders(lines)]


def check(baseline: Baseline, figures: Iterable[Figure]) -> list[Difference]:
    """Where the budget year differs by more than half a per cent from what one municipality reported of it."""
    own = totals(baseline)
    return [
        Difference(figure.line, figure.year, figure.amount, own[figure.line])
        for figure in figures
        if figure.year == baseline.budget.year
        and figure.phase == BUDGET
        and figure.line in own
        and 1000 * abs(own[figure.line] - figure.amount) > TOLERANCE * abs(figure.amount)
    ]


def _phase(match: re.Match[str]) -> str:
    if match[1] == "ts":
        return PLAN
    return AMENDED if match[3] else BUDGET


def _figures(row: Row, columns: list[tuple[int, str, str]]) -> list[Figure]:
    told = [(year, phase, name) for year, phase, name in columns if row.text(name)]
    found = [
        Figure(
            row.filled("municipality"),
            row.text("business_id"),
            row.text("metric"),
            year,
            phase,
            100 * row.whole(name),
        )
        for year, phase, name in told
    ]
    for (before, after), (_, _, name) in zip(pairwise(found), told[1:], strict=True):
        if out_of_proportion(after.amount, before.amount):
            raise OutOfProportion(row.line, name, code=after.line, year=after.year, neighbour=before.year)
    return found


def _remainders(lines: dict[str, Figure]) -> Iterator[Figure]:
    for line, (first, second) in DERIVED.items():
        if line not in lines and first in lines and second in lines:
            one = lines[first]
            lines[line] = Figure(
                one.municipality,
                one.business_id,
                line,
                one.year,
                one.phase,
                one.amount - lines[second].amount,
                derived=True,
            )
            yield lines[line]


def totals(baseline: Baseline) -> dict[str, int]:
    """Of the budget year, in cents signed as reported."""
    lines = baseline.budget.lines
    margin = lines[Line.OPERATING_INCOME] + lines[Line.OPERATING_EXPENSES]
    financial = lines[Line.FINANCIAL_NET] + baseline.budget_interest
    others = lines[Line.TAX_REVENUE] + lines[Line.STATE_TRANSFERS] + financial
    below = lines[Line.DEPRECIATION] + lines[Line.EXTRAORDINARY]
    return {
        "operating_income": lines[Line.OPERATING_INCOME],
        "operating_expenses": -lines[Line.OPERATING_EXPENSES],
        "operating_margin": margin,
        "tax_revenue": lines[Line.TAX_REVENUE],
        "state_transfers": lines[Line.STATE_TRANSFERS],
        "financial_net": financial,
        "taxes_transfers_and_financing": others,
        "annual_margin": margin + others,
        "depreciation": -lines[Line.DEPRECIATION],
        "depreciation_and_extraordinary": -below,
        "extraordinary": lines[Line.EXTRAORDINARY],
        "result": margin + others + below,
        "gross_investments": -lines[Line.GROSS_INVESTMENTS],
        "investment_contributions": lines[Line.INVESTMENT_CONTRIBUTIONS],
        "investment_disposals": lines[Line.INVESTMENT_DISPOSALS],
        "loan_stock": baseline.loans,
    }


def _business_id(row: Row) -> str:
    text = row.filled("business_id")
    if not _BUSINESS_ID.fullmatch(text) or not _has_check_digit(text):
        raise NotABusinessId(row.line, "business_id", value=text[:40])
    return text


def _has_check_digit(text: str) -> bool:
    rest = (
        sum(int(digit) * weight for digit, weight in zip(text[:7], (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    )
    return rest != 1 and int(text[8]) == (11 - rest) % 11
