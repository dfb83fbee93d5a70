"""A municipality's budget as a table. Pure.

Columns: year, phase, statement, line_code, area_code, area_name_fi, area_name_sv, area_name_en, amount_eur, sign, parent_code; others
are passed over. Or only the operating part: area, key, name_fi, name_sv, name_en, expense_keur, income_keur. Costs are negative.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from service.calculator.specification import LINES, Service
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
from service.core.text import LANGUAGES, Localized

NEEDED = ("year", "phase", "statement", "line_code", "amount_eur")
OPERATING_PART = ("area", "key", "expense_keur", "income_keur")
PHASES = ("actual", "budget_amended", "budget", "plan")
STATEMENTS = ("operating", "income", "investment", "financing", "assumption")
SIGNS = ("as_statement", "positive_cost")

OPERATING_INCOME, OPERATING_EXPENSES = "operating_income", "operating_expenses"
TAXES = ("income_tax", "corporate_tax", "real_estate_tax")
FINANCIAL = ("interest_income", "other_financial_income", "other_financial_expenses")
INTEREST = "interest_expenses"
ACCUMULATED, LOANS = "accumulated", "loan_stock"

INCOME = {OPERATING_INCOME, "tax_revenue", *TAXES, "state_transfers", "interest_income", "other_financial_income",
          "investment_contributions", "investment_disposals", "loans_drawn", LOANS}  # fmt: skip
COSTS = {
    OPERATING_EXPENSES,
    INTEREST,
    "other_financial_expenses",
    "depreciation",
    "gross_investments",
    "loans_repaid",
}
EITHER = {
    "operating_margin",
    "financial_net",
    "annual_margin",
    "extraordinary",
    "result",
    ACCUMULATED,
    "cash_corrections",
}
LINE_CODES = INCOME | COSTS | EITHER
DERIVED = {
    "operating_margin": (OPERATING_INCOME, OPERATING_EXPENSES),
    "annual_margin": ("operating_margin", "tax_revenue", "state_transfers", "financial_net"),
    "result": ("annual_margin", "depreciation", "extraordinary"),
}

RESIDENTS, INTEREST_RATE, GROWTH = "residents", "interest_rate", "growth_"
SUPPOSED = {RESIDENTS, INTEREST_RATE, *(f"{GROWTH}{code}" for code in (RESIDENTS, *LINES, *TAXES))}
BOUNDS = {RESIDENTS: (1, 10**8 - 1), INTEREST_RATE: (0, 2_000)}
GROWTH_BOUNDS = (-10_000, 10_000)  # hundredths of a per cent

Series = tuple[str, str, str]
Key = tuple[int, str, Series]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


class NotAKey(FileFault):
    message = msgid(
        "Line %(line)s, column %(column)s: “%(value)s” is no code. Use small letters a–z, digits and _."
    )


class WrongSign(FileFault):
    message = msgid(
        "Line %(line)s, column %(column)s: %(code)s cannot be %(value)s. Income is positive and costs are negative."
    )


class YearsUnclear(FileFault):
    message = msgid(
        "Line %(line)s, column %(column)s: there must be one budget year, and years with the phase plan come after it."
    )


class SumDiffers(FileFault):
    message = msgid(
        "Line %(line)s, column %(column)s: %(code)s is %(stated)s euros, but its parts make %(counted)s euros."
    )


class OutOfBounds(FileFault):
    message = msgid("Line %(line)s, column %(column)s: %(value)s is not possible for %(code)s.")


@dataclass(frozen=True)
class BudgetFile:
    """What a file says, which may be a part of a budget.

    figures: cents by year and line code. supposed: residents in people, all others in hundredths of a per cent, named by `names`.
    """

    year: int | None = None
    services: tuple[Service, ...] = ()
    figures: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    supposed: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, Localized] = field(default_factory=dict)


def read(data: bytes) -> BudgetFile:
    """Raises FileFault, which names the line and the column."""
    try:
        table = rows(data, NEEDED)
    except ColumnMissing as fault:
        try:
            table = rows(data, OPERATING_PART)
        except ColumnMissing:
            raise fault from None
        return BudgetFile(services=tuple(_operating_part(table)))
    supposed = _Supposed(row for row in table if _statement(row) == "assumption")
    figures = _Figures(row for row in table if _statement(row) != "assumption")
    return BudgetFile(
        figures.year, tuple(figures.services()), figures.by_year(), supposed.values, supposed.names
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure. `part` is the service in the operating part and the line elsewhere, `parent` what it is a part of."""

    row: Row
    year: int
    phase: str
    statement: str
    code: str
    part: str
    parent: str
    amount: int

    @property
    def series(self) -> Series:
        """The same figure in every year."""
        return self.statement, self.code, self.part

    @property
    def shown(self) -> str:
        return self.code if self.part == self.code else f"{self.part} ({self.code})"


class _Figures:
    def __init__(self, table: Iterable[Row]) -> None:
        self.entries: dict[Key, Entry] = {}
        for row in table:
            entry = _entry(row)
            earlier = self.entries.setdefault((entry.year, entry.phase, entry.series), entry)
            if earlier is not entry:
                raise RowTwice(row.line, "line_code", code=entry.shown, earlier=earlier.row.line)
        self.year = self._budget_year()
        self._refuse_other_units()
        self._refuse_unequal_sums()

    def services(self) -> Iterator[Service]:
        amounts: dict[str, dict[str, int]] = defaultdict(dict)
        first: dict[str, Entry] = {}
        for entry in self._smallest_services():
            if entry.phase == "budget":
                amounts[entry.part][entry.code] = entry.amount
                first.setdefault(entry.part, entry)
        for part, entry in first.items():
            yield Service(
                area=entry.parent or part,
                key=part,
                name=_name(entry.row, "area_name", part),
                income=amounts[part].get(OPERATING_INCOME, 0),
                expenses=amounts[part].get(OPERATING_EXPENSES, 0),
            )

    def by_year(self) -> dict[int, dict[str, int]]:
        figures: dict[int, dict[str, int]] = defaultdict(dict)
        for entry in self.entries.values():
            if entry.statement != "operating" and entry.phase in {"budget", "plan"}:
                figures[entry.year][entry.code] = entry.amount
        return dict(figures)

    def _smallest_services(self) -> list[Entry]:
        """What has no parts of its own in the operating part."""
        operating = [entry for entry in self.entries.values() if entry.statement == "operating"]
        parents = {entry.parent for entry in operating}
        return [entry for entry in operating if entry.part not in parents]

    def _budget_year(self) -> int:
        years = {entry.year: entry for entry in self.entries.values() if entry.phase == "budget"}
        if len(years) != 1:
            entry = list(years.values())[-1] if years else next(iter(self.entries.values()))
            raise YearsUnclear(entry.row.line, "phase")
        (year,) = years
        for entry in self.entries.values():
            if (entry.phase == "plan") != (entry.year > year):
                raise YearsUnclear(entry.row.line, "year")
        return year

    def _refuse_other_units(self) -> None:
        series: dict[Series, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            series[entry.series].append(entry)
        for entries in series.values():
            told = sorted((entry for entry in entries if entry.amount), key=lambda entry: entry.year)
            for before, after in pairwise(told):
                if out_of_proportion(before.amount, after.amount):
                    raise OutOfProportion(
                        after.row.line, "amount_eur", code=after.shown, year=after.year, neighbour=before.year
                    )

    def _refuse_unequal_sums(self) -> None:
        for sums in (self._of_parts(), self._of_services()):
            for key, counted in sums.items():
                if entry := self.entries.get(key):
                    _confirm(entry, counted)
        for entry in self.entries.values():
            if lines := self._derived_from(entry):
                _confirm(entry, sum(lines))

    def _of_parts(self) -> dict[Key, int]:
        """What the parts of a line or an area make."""
        sums: dict[Key, int] = defaultdict(int)
        for entry in self.entries.values():
            if entry.parent:
                code = entry.code if entry.statement == "operating" else entry.parent
                sums[entry.year, entry.phase, (entry.statement, code, entry.parent)] += entry.amount
        return sums

    def _of_services(self) -> dict[Key, int]:
        """What all services make of a line of the income statement."""
        sums: dict[Key, int] = defaultdict(int)
        for entry in self._smallest_services():
            sums[entry.year, entry.phase, ("income", entry.code, entry.code)] += entry.amount
        return sums

    def _derived_from(self, entry: Entry) -> list[int]:
        """The lines a derived one follows from, where the file has them all."""
        keys = [(entry.year, entry.phase, ("income", code, code)) for code in DERIVED.get(entry.code, ())]
        return [self.entries[key].amount for key in keys] if all(key in self.entries for key in keys) else []


class _Supposed:
    def __init__(self, table: Iterable[Row]) -> None:
        self.values: dict[str, int] = {}
        self.names: dict[str, Localized] = {}
        lines: dict[str, int] = {}
        for row in table:
            code = row.one_of("line_code", SUPPOSED)
            if code in lines:
                raise RowTwice(row.line, "line_code", code=code, earlier=lines[code])
            lines[code] = row.line
            amount = row.whole("amount_eur") if code == RESIDENTS else row.hundredths("amount_eur")
            least, most = BOUNDS.get(code, GROWTH_BOUNDS)
            if not least <= amount <= most:
                raise OutOfBounds(row.line, "amount_eur", code=code, value=row.text("amount_eur"))
            self.values[code] = amount
            self.names[code] = _name(row, "area_name", code)


def _statement(row: Row) -> str:
    return row.one_of("statement", STATEMENTS)


def _entry(row: Row) -> Entry:
    statement, parent = _statement(row), _code(row, "parent_code")
    if statement == "operating":
        code, part = (
            row.one_of("line_code", (OPERATING_INCOME, OPERATING_EXPENSES)),
            _code(row, "area_code", needed=True),
        )
        known = code
    else:
        code = part = _code(row, "line_code", needed=True)
        known = (
            code if code in LINE_CODES else row.one_of("parent_code" if parent else "line_code", LINE_CODES)
        )
    year = row.whole("year")
    if not 2000 <= year <= 2090:
        raise OutOfBounds(row.line, "year", code="year", value=row.text("year"))
    amount = row.hundredths("amount_eur")
    sign = row.one_of("sign", SIGNS) if row.text("sign") else "as_statement"
    if known in COSTS and sign == "positive_cost":
        amount = -amount
    if (known in COSTS and amount > 0) or (known in INCOME and amount < 0):
        raise WrongSign(row.line, "amount_eur", code=code, value=row.text("amount_eur"))
    return Entry(row, year, row.one_of("phase", PHASES), statement, code, part, parent, amount)


def _operating_part(table: Iterable[Row]) -> Iterator[Service]:
    lines: dict[str, int] = {}
    for row in table:
        key = _code(row, "key", needed=True)
        if key in lines:
            raise RowTwice(row.line, "key", code=key, earlier=lines[key])
        lines[key] = row.line
        amounts = {column: row.hundredths(column) * 1000 for column in ("expense_keur", "income_keur")}
        for column, amount in amounts.items():
            if (amount > 0) == (column == "expense_keur") and amount:
                raise WrongSign(row.line, column, code=key, value=row.text(column))
        yield Service(
            area=_code(row, "area", needed=True),
            key=key,
            name=_name(row, "name", key),
            income=amounts["income_keur"],
            expenses=amounts["expense_keur"],
        )


def _code(row: Row, column: str, *, needed: bool = False) -> str:
    code = row.filled(column) if needed else row.text(column)
    if code and not _KEY.fullmatch(code):
        raise NotAKey(row.line, column, value=code[:40])
    return code


def _name(row: Row, column: str, otherwise: str) -> Localized:
    texts: dict[str, str] = {language: row.text(f"{column}_{language}") for language in LANGUAGES}
    return Localized(**(texts if any(texts.values()) else {"en": otherwise}))


def _confirm(entry: Entry, counted: int) -> None:
    if entry.amount != counted:
        raise SumDiffers(
            entry.row.line,
            "amount_eur",
            code=entry.shown,
            stated=_euros(entry.amount),
            counted=_euros(counted),
        )


def _euros(cents: int) -> str:
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}" + (f",{rest:02}" if rest else "")
