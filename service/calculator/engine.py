"""From a plan to the city's figures: the same arithmetic, to the cent, as in `frontend/islands/engine.ts`.

Pure and deterministic, in integers. A plan maps levers to the value of an option; a lever it does not name is as today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.calculator.specification import (
    CASH_LINES,
    LINES,
    RESULT_LINES,
    Add,
    AtMost,
    Baseline,
    Condition,
    Effect,
    Interaction,
    Line,
    Overlap,
    PersonYears,
    Requires,
    Rule,
    Scale,
    Specification,
)

Plan = Mapping[str, str]
Sums = list[int]  # one for each year


class NotInSpecification(Exception):
    """The plan names a lever that is not there or is locked, or an option that the lever does not have."""

    def __init__(self, lever: str, value: str) -> None:
        super().__init__(f"{lever}={value}")
        self.lever, self.value = lever, value


@dataclass(frozen=True, slots=True)
class YearOutcome:
    """A year of the statement under a plan, in cents. `interest` is negative; `loans` and `accumulated` stand at its end."""

    year: int
    lines: dict[Line, int]
    interest: int
    operating_margin: int
    annual_margin: int
    result: int
    structural_result: int
    accumulated: int
    cash_flow: int
    loans: int
    residents: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """`violations` are the numbers of the broken rules; `missing` is what the target's year still needs, 0 where it is met."""

    years: tuple[YearOutcome, ...]
    violations: tuple[int, ...]
    missing: int

    @property
    def is_balanced(self) -> bool:
        return self.missing == 0


class Vector:
    """Effects of an option by line and year, and how much of them is one-off."""

    __slots__ = ("lines", "one_off")

    def __init__(self, effects: Sequence[Effect], years: int) -> None:
        self.lines: dict[Line, Sums] = {}
        self.one_off = [0] * years
        for effect in effects:
            self.add(effect.line, effect.amounts, one_off=effect.one_off)

    def add(self, line: Line, amounts: Sequence[int], *, one_off: bool) -> None:
        self.lines[line] = _plus(self.lines.get(line), amounts)
        if one_off and line in RESULT_LINES:
            self.one_off = _plus(self.one_off, amounts)

    def merge(self, other: "Vector") -> None:
        for line, amounts in other.lines.items():
            self.lines[line] = _plus(self.lines.get(line), amounts)
        self.one_off = _plus(self.one_off, other.one_off)

    def scaled(self, percent: int) -> "Vector":
        scaled = Vector((), len(self.one_off))
        scaled.lines = {
            line: [share(amount, percent, 100) for amount in amounts] for line, amounts in self.lines.items()
        }
        scaled.one_off = [share(amount, percent, 100) for amount in self.one_off]
        return scaled

    def on_result(self) -> Sums:
        """What it does to the result, year by year."""
        total = [0] * len(self.one_off)
        for line, amounts in self.lines.items():
            if line in RESULT_LINES:
                total = _plus(total, amounts)
        return total


class Engine:
    """A specification made ready for many plans."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self.years = len(specification.years)
        self.vectors = {
            (lever.key, option.value): Vector(option.effects, self.years)
            for lever in specification.levers
            for option in lever.options
        }
        self.nothing = Vector((), self.years)
        self.target = specification.years.index(specification.target.year)

    def evaluate(self, plan: Plan) -> Outcome:
        """Raises NotInSpecification."""
        self.check(plan)
        years = statement(self.specification.baseline, self._total(plan))
        missing = max(0, self.specification.target.result - years[self.target].structural_result)
        return Outcome(years, self.violations(plan), missing)

    def check(self, plan: Plan) -> None:
        """Raises NotInSpecification."""
        for lever, value in plan.items():
            known = self.specification.by_key.get(lever)
            if known is None or known.locked or value not in known.by_value:
                raise NotInSpecification(lever, value)

    def violations(self, plan: Plan) -> tuple[int, ...]:
        """The numbers of the rules the plan breaks, in their order."""
        return tuple(
            number for number, rule in enumerate(self.specification.rules) if self._breaks(plan, rule)
        )

    def effect(self, lever: str, value: str) -> Sums:
        """What this option alone does to the result, year by year, before interactions and interest."""
        return self.vectors[lever, value].on_result()

    def structural(self, lever: str, value: str) -> Sums:
        """What this option alone does to the result for good: `effect` without what is one-off."""
        vector = self.vectors[lever, value]
        return [one - other for one, other in zip(vector.on_result(), vector.one_off, strict=True)]

    def applied(self, plan: Plan) -> tuple[int, ...]:
        """The numbers of the interactions that change what the plan leads to, in their order."""
        scaled = self._scaled(plan)
        return tuple(
            number
            for number, interaction in enumerate(self.specification.interactions)
            if self._applies(interaction, plan, scaled)
        )

    def _applies(self, interaction: Interaction, plan: Plan, scaled: Mapping[str, Vector]) -> bool:
        match interaction:
            case Scale():
                changes = interaction.lever in plan and any(
                    self.effect(interaction.lever, plan[interaction.lever])
                )
                return changes and self._all_met(plan, interaction.when)
            case Overlap():
                return any(self._overlap(interaction, scaled))
            case Add():
                return self._all_met(plan, interaction.when)

    def _scaled(self, plan: Plan) -> dict[str, Vector]:
        """The effects of what was chosen, after every `scale`."""
        chosen = {lever: self.vectors[lever, value] for lever, value in plan.items()}
        for interaction in self.specification.interactions:
            if (
                isinstance(interaction, Scale)
                and interaction.lever in chosen
                and self._all_met(plan, interaction.when)
            ):
                chosen[interaction.lever] = chosen[interaction.lever].scaled(interaction.percent)
        return chosen

    def _overlap(self, interaction: Overlap, scaled: Mapping[str, Vector]) -> Sums:
        first, second = (scaled.get(key, self.nothing).on_result() for key in interaction.levers)
        return _taken_back(first, second, interaction.percent)

    def _total(self, plan: Plan) -> Vector:
        chosen = self._scaled(plan)
        total = Vector((), self.years)
        for vector in chosen.values():
            total.merge(vector)
        for interaction in self.specification.interactions:
            match interaction:
                case Overlap():
                    total.add(interaction.line, self._overlap(interaction, chosen), one_off=False)
                case Add() if self._all_met(plan, interaction.when):
                    total.merge(Vector(interaction.effects, self.years))
                case _:
                    pass
        return total

    def _breaks(self, plan: Plan, rule: Rule) -> bool:
        match rule:
            case AtMost():
                return sum(self._met(plan, condition) for condition in rule.of) > rule.number
            case Requires():
                return self._met(plan, rule.when) and not self._met(plan, rule.then)
            case PersonYears():
                by_key = self.specification.by_key
                return (
                    sum(by_key[lever].option(value).person_years for lever, value in plan.items()) > rule.most
                )

    def _met(self, plan: Plan, condition: Condition) -> bool:
        value = plan.get(condition.lever) or self.specification.by_key[condition.lever].today
        return value in condition.options

    def _all_met(self, plan: Plan, conditions: Sequence[Condition]) -> bool:
        return all(self._met(plan, condition) for condition in conditions)


def statement(baseline: Baseline, effects: Vector | None = None) -> tuple[YearOutcome, ...]:
    """The years of the statement with these effects; without any, if nothing is decided."""
    total = effects or Vector((), len(baseline.years))
    accumulated, loans = baseline.accumulated, baseline.loans
    outcomes = []
    for place, year in enumerate(baseline.years):
        lines = {
            line: year.lines[line] + (total.lines[line][place] if line in total.lines else 0)
            for line in LINES
        }
        interest = -share(loans, baseline.interest_rate, 10_000)
        result = interest + sum(lines[line] for line in RESULT_LINES)
        cash_flow = interest + sum(lines[line] for line in CASH_LINES)
        accumulated += result
        loans -= cash_flow
        margin = lines[Line.OPERATING_INCOME] + lines[Line.OPERATING_EXPENSES]
        outcomes.append(
            YearOutcome(
                year=year.year,
                lines=lines,
                interest=interest,
                operating_margin=margin,
                annual_margin=result - lines[Line.DEPRECIATION] - lines[Line.EXTRAORDINARY],
                result=result,
                structural_result=result - total.one_off[place],
                accumulated=accumulated,
                cash_flow=cash_flow,
                loans=loans,
                residents=year.residents,
            )
        )
    return tuple(outcomes)


def share(amount: int, numerator: int, denominator: int) -> int:
    """Amount × numerator ÷ denominator, rounded half away from zero."""
    doubled = 2 * abs(amount) * numerator + denominator
    rounded = doubled // (2 * denominator)
    return rounded if amount >= 0 else -rounded


def _plus(amounts: Sequence[int] | None, others: Sequence[int]) -> Sums:
    return (
        list(others) if amounts is None else [one + other for one, other in zip(amounts, others, strict=True)]
    )


def _taken_back(first: Sums, second: Sums, percent: int) -> Sums:
    """Of what both save; where one of them costs, nothing is counted twice."""
    return [-share(max(0, min(pair)), percent, 100) for pair in zip(first, second, strict=True)]
