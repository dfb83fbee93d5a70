"""The years after the budget if nothing is decided: each figure grows as supposed. Pure arithmetic, exact and rounded once."""

from collections.abc import Mapping
from fractions import Fraction

from pydantic import ValidationError

from service.calculator.budget_file import (
    ACCUMULATED,
    FINANCIAL,
    GROWTH,
    INTEREST,
    INTEREST_RATE,
    LOANS,
    OPERATING_EXPENSES,
    OPERATING_INCOME,
    RESIDENTS,
    TAXES,
    BudgetFile,
)
from service.calculator.engine import share
from service.calculator.specification import LINES, Assumption, Baseline, Line, YearFigures
from service.core.errors import Invalid, msgid
from service.core.text import Localized

YEARS = 4
"""That follow the budget year: the plan a municipality must make is of three, and deficits are covered in four."""

ZERO_IF_MISSING = {
    Line.EXTRAORDINARY,
    Line.CASH_CORRECTIONS,
    Line.INVESTMENT_CONTRIBUTIONS,
    Line.INVESTMENT_DISPOSALS,
}
PARTS: Mapping[Line, tuple[str, ...]] = {Line.TAX_REVENUE: TAXES, Line.FINANCIAL_NET: FINANCIAL}


class BudgetIncomplete(Invalid):
    """`lines` are the codes of what is missing."""

    message = msgid("The budget lacks these figures: %(lines)s.")


class ServicesDiffer(Invalid):
    message = msgid(
        "The services of the operating part do not make what the income statement says: %(line)s."
    )


class BudgetTooLarge(Invalid):
    message = msgid("The sums of this budget, or of the years after it, are too large to count with.")


def baseline(budget: BudgetFile, rest: BudgetFile | None = None, *, source: Localized) -> Baseline:
    """The budget year and the four after it: each line as planned, or else grown from the budget.

    `rest` completes a file that has only the operating part. Raises BudgetIncomplete, ServicesDiffer and BudgetTooLarge.
    """
    projection = _Projection(budget, rest or BudgetFile())
    try:
        return projection.baseline(source)
    except ValidationError:
        raise BudgetTooLarge("file") from None


def supposing(baseline: Baseline, assumptions: Mapping[str, Assumption], interest_rate: int) -> Baseline:
    """The same budget with other assumptions, by their keys: what grows in a new way grows anew from the budget year.

    A line of which nothing new is supposed keeps its years, as planned or as its parts grew; one that is supposed as a whole has
    no assumptions of its parts any more. Raises BudgetTooLarge.
    """
    before = {assumption.key: assumption for assumption in baseline.assumptions}
    lost = {
        f"{GROWTH}{part}"
        for line, parts in PARTS.items()
        if f"{GROWTH}{line}" in assumptions
        for part in parts
    }
    after = {key: each for key, each in {**before, **assumptions}.items() if key not in lost}
    new = {key: each.growth for key, each in after.items() if before.get(key) != each}
    try:
        years = tuple(_anew(baseline.budget, year, new) for year in baseline.years)
        return Baseline.model_validate(
            {
                **baseline.model_dump(),
                "years": [year.model_dump() for year in years],
                "assumptions": [each.model_dump() for each in after.values()],
                "interest_rate": interest_rate,
            }
        )
    except ValidationError:
        raise BudgetTooLarge from None


def _anew(budget: YearFigures, year: YearFigures, growth: Mapping[str, int]) -> YearFigures:
    after = year.year - budget.year
    lines = {
        line: grown(budget.lines[line], growth[f"{GROWTH}{line}"], after)
        if f"{GROWTH}{line}" in growth
        else year.lines[line]
        for line in LINES
    }
    people = growth.get(f"{GROWTH}{RESIDENTS}")
    number = year.residents if people is None else residents(budget.residents, people, after)
    return YearFigures(year=year.year, residents=number, lines=lines)


class _Projection:
    def __init__(self, budget: BudgetFile, rest: BudgetFile) -> None:
        self.year = budget.year or rest.year or 0
        self.services = budget.services or rest.services
        self.plans = {
            year: {**rest.figures.get(year, {}), **budget.figures.get(year, {})}
            for year in range(self.year, self.year + YEARS + 1)
        }
        self.budget = self.plans[self.year]
        self.supposed = {**rest.supposed, **budget.supposed}
        self.names = {**rest.names, **budget.names}
        self._take_services()

    def baseline(self, source: Localized) -> Baseline:
        if missing := self._missing():
            raise BudgetIncomplete("file", lines=", ".join(missing))
        budget, *years = (self._year(year) for year in self.plans)
        return Baseline(
            budget=budget,
            budget_interest=self.budget[INTEREST],
            years=tuple(years),
            accumulated=self.budget[ACCUMULATED],
            loans=self.budget[LOANS],
            interest_rate=self.supposed[INTEREST_RATE],
            services=self.services,
            assumptions=tuple(
                Assumption(key=code, name=self.names[code], growth=growth)
                for code, growth in self.supposed.items()
                if code.startswith(GROWTH)
            ),
            source=source,
        )

    def _take_services(self) -> None:
        if not self.services:
            return
        for line, amount in (
            (OPERATING_INCOME, sum(service.income for service in self.services)),
            (OPERATING_EXPENSES, sum(service.expenses for service in self.services)),
        ):
            if self.budget.setdefault(line, amount) != amount:
                raise ServicesDiffer("file", line=line)

    def _missing(self) -> list[str]:
        """Nothing is taken for nought that a budget must have."""
        lines: list[str] = [line for line in LINES if line not in ZERO_IF_MISSING and not self._told(line)]
        lines += [code for code in (INTEREST, ACCUMULATED, LOANS) if code not in self.budget]
        return lines + [code for code in (RESIDENTS, INTEREST_RATE) if code not in self.supposed]

    def _told(self, line: Line) -> bool:
        return line in self.budget or any(part in self.budget for part in PARTS.get(line, ()))

    def _year(self, year: int) -> YearFigures:
        after = year - self.year
        return YearFigures(
            year=year,
            residents=residents(self.supposed[RESIDENTS], self._growth(RESIDENTS), after),
            lines={line: self._amount(line, year) for line in LINES},
        )

    def _amount(self, line: Line, year: int) -> int:
        """Financial income and costs are without the interest on loans, which the engine works out."""
        plan, after = self.plans[year], year - self.year
        if line is Line.FINANCIAL_NET:
            if line in plan and INTEREST in plan:
                return plan[line] - plan[INTEREST]
        elif line in plan:
            return plan[line]
        parts = {part: self.budget[part] for part in PARTS.get(line, ()) if part in self.budget}
        if parts:
            planned = {part: plan[part] for part in parts if part in plan}
            grown_on = {part: amount for part, amount in parts.items() if part not in planned}
            growth = {part: self._growth(part) for part in grown_on}
            return sum(planned.values()) + grown_sum(grown_on, growth, after)
        if line is Line.FINANCIAL_NET:
            return self.budget[line] - self.budget[INTEREST]
        return grown(self.budget.get(line, 0), self._growth(line), after)

    def _growth(self, code: str) -> int:
        return self.supposed.get(f"{GROWTH}{code}", 0)


def grown(amount: int, hundredths_of_a_percent: int, years: int) -> int:
    """An amount in cents after so many years, rounded half away from zero."""
    factor = (1 + Fraction(hundredths_of_a_percent, 10_000)) ** years
    return share(amount, factor.numerator, factor.denominator)


def grown_sum(amounts: Mapping[str, int], growth: Mapping[str, int], years: int) -> int:
    """The sum of figures that grow each in its own way; one that is not in `growth` stays."""
    total = sum(
        (
            Fraction(amount) * (1 + Fraction(growth.get(key, 0), 10_000)) ** years
            for key, amount in amounts.items()
        ),
        Fraction(),
    )
    rounded = share(1, abs(total.numerator), total.denominator)
    return rounded if total >= 0 else -rounded


def residents(now: int, hundredths_of_a_percent: int, years: int) -> int:
    """People are whole every year: rounded year by year."""
    for _ in range(years):
        now = share(now, 10_000 + hundredths_of_a_percent, 10_000)
    return now
