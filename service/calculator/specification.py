"""What a calculator counts with: one closed document, the same for both engines (docs/decisions/0006-calculator.md).

Sums are integer cents with the sign of the Finnish income statement: income positive, costs negative. An effect is added to its
line, so what improves the result is positive everywhere.
"""

import json
import re
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.core.text import Localized

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Value = Annotated[str, StringConstraints(pattern=r"^[-+a-z0-9._]{1,40}$")]
Cents = Annotated[int, Field(strict=True, ge=-(10**12), le=10**12)]
Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]
Percent = Annotated[int, Field(strict=True, ge=0, le=200)]
InterestRate = Annotated[int, Field(strict=True, ge=0, le=2000, description="Hundredths of a per cent.")]


class Closed(BaseModel):
    """Knows no other field than its own and does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(StrEnum):
    """A line of the statement that figures stand on. The names are those of the State Treasury's taxonomy."""

    OPERATING_INCOME = "operating_income"
    OPERATING_EXPENSES = "operating_expenses"
    TAX_REVENUE = "tax_revenue"
    STATE_TRANSFERS = "state_transfers"
    FINANCIAL_NET = "financial_net"
    DEPRECIATION = "depreciation"
    EXTRAORDINARY = "extraordinary"
    CASH_CORRECTIONS = "cash_corrections"
    GROSS_INVESTMENTS = "gross_investments"
    INVESTMENT_CONTRIBUTIONS = "investment_contributions"
    INVESTMENT_DISPOSALS = "investment_disposals"


LINES = tuple(Line)
RESULT_LINES = LINES[:7]
CASH_LINES = tuple(line for line in LINES if line is not Line.DEPRECIATION)


class YearFigures(Closed):
    """One year of the starting point. `financial_net` is without the interest on loans, which follows from the loans."""

    year: Year
    residents: Annotated[int, Field(strict=True, gt=0, lt=10**8)]
    lines: dict[Line, Cents]

    @model_validator(mode="after")
    def _has_every_line(self) -> Self:
        if missing := [line for line in LINES if line not in self.lines]:
            raise ValueError(f"{self.year} lacks {', '.join(missing)}")
        return self


class Service(Closed):
    """What the city does, in the budget year: a line of the operating part."""

    area: Key
    key: Key
    name: Localized
    income: Cents
    expenses: Cents


class Assumption(Closed):
    """What the projection supposes of a figure's growth, in hundredths of a per cent a year."""

    key: Key
    name: Localized
    growth: Annotated[int, Field(strict=True, ge=-10_000, le=10_000)]


class Baseline(Closed):
    """The starting point: the budget and the years after it if nothing is decided.

    `accumulated` and `loans` are at the end of the budget year.
    """

    budget: YearFigures
    budget_interest: Cents
    years: tuple[YearFigures, ...] = Field(min_length=1, max_length=10)
    accumulated: Cents
    loans: Cents
    interest_rate: InterestRate
    services: tuple[Service, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    source: Localized

    @model_validator(mode="after")
    def _years_follow(self) -> Self:
        if [each.year for each in self.years] != [
            self.budget.year + place for place in range(1, len(self.years) + 1)
        ]:
            raise ValueError("the years do not follow the budget year one by one")
        return self


class Effect(Closed):
    """What an option does to a line: one sum for each year. A one-off effect does not count towards the target."""

    line: Line
    amounts: tuple[Cents, ...]
    one_off: bool = False


class Option(Closed):
    """`range` says between which sums the result may really change each year, where an estimate is uncertain."""

    value: Value
    label: Localized
    consequence: Localized
    effects: tuple[Effect, ...] = ()
    range: tuple[tuple[Cents, Cents], ...] = ()
    person_years: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0

    @model_validator(mode="after")
    def _range_goes_upwards(self) -> Self:
        if any(least > most for least, most in self.range):
            raise ValueError(f"a range of {self.value} goes from more to less")
        return self


class Kind(StrEnum):
    """How a lever is set. Each is a list of options; rate and steps have numbers as values, in their order."""

    RATE = "rate"
    STEPS = "steps"
    CHOICE = "choice"
    TOGGLE = "toggle"


NUMERIC = {Kind.RATE, Kind.STEPS}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Duty(StrEnum):
    """How free the city is: required by law with an adjustable level, its own decision, or a tax."""

    STATUTORY = "statutory"
    DISCRETIONARY = "discretionary"
    TAX = "tax"


class OwnEffect(StrEnum):
    """What the effect on the resident's own purse is worked out from, in the browser alone."""

    INCOME_TAX = "income_tax"
    HOME = "home"
    COTTAGE = "cottage"


class Lever(Closed):
    """Something the city can change. `today` is the option that stands for how it is now; a locked one cannot be changed."""

    key: Key
    group: Key
    name: Localized
    kind: Kind
    duty: Duty
    today: Value
    options: tuple[Option, ...] = Field(min_length=1, max_length=41)
    source: Localized
    owner: Localized
    locked: Localized | None = Field(default=None, description="Why it cannot be changed.")
    own_effect: OwnEffect | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        values = [option.value for option in self.options]
        if len(set(values)) < len(values):
            raise ValueError(f"{self.key} has an option twice")
        if self.today not in values:
            raise ValueError(f"{self.key} has no option for today")
        if self.option(self.today).effects:
            raise ValueError(f"{self.key} changes something while it is as today")
        if self.kind in NUMERIC and not all(NUMBER.fullmatch(value) for value in values):
            raise ValueError(f"{self.key} has an option that is not a number")
        if self.kind in NUMERIC and len({Decimal(value) for value in values}) < len(values):
            raise ValueError(f"{self.key} has a number twice")
        if self.locked is None and len(values) < 2:
            raise ValueError(f"{self.key} leaves nothing to choose")
        return self

    @cached_property
    def by_value(self) -> dict[str, Option]:
        return {option.value: option for option in self.options}

    def option(self, value: str) -> Option:
        """Raises KeyError where there is none."""
        return self.by_value[value]


class Group(Closed):
    """Levers under one heading."""

    key: Key
    name: Localized


class Condition(Closed):
    """Met where the lever is set to one of these options; an untouched lever is set as today."""

    lever: Key
    options: tuple[Value, ...] = Field(min_length=1)


class AtMost(Closed):
    """No more than `number` of these at once; 1 makes them exclude each other."""

    type: Literal["at_most"] = "at_most"
    number: Annotated[int, Field(strict=True, ge=1)]
    of: tuple[Condition, ...] = Field(min_length=2)
    why: Localized


class Requires(Closed):
    type: Literal["requires"] = "requires"
    when: Condition
    then: Condition
    why: Localized


class PersonYears(Closed):
    """The person-years of all options together may not be more."""

    type: Literal["person_years"] = "person_years"
    most: Annotated[int, Field(strict=True, ge=0)]
    why: Localized


Rule = Annotated[AtMost | Requires | PersonYears, Field(discriminator="type")]


class Add(Closed):
    """Where all conditions are met, these effects come on top."""

    type: Literal["add"] = "add"
    when: tuple[Condition, ...] = Field(min_length=1)
    effects: tuple[Effect, ...] = Field(min_length=1)
    why: Localized


class Scale(Closed):
    """Where all conditions are met, only so many per cent of the lever's effects remain."""

    type: Literal["scale"] = "scale"
    when: tuple[Condition, ...] = Field(min_length=1)
    lever: Key
    percent: Percent
    why: Localized


class Overlap(Closed):
    """The two save partly the same: so many per cent of the smaller one's sum is taken back each year, on `line`."""

    type: Literal["overlap"] = "overlap"
    levers: tuple[Key, Key]
    percent: Annotated[int, Field(strict=True, ge=0, le=100)]
    line: Line
    why: Localized


Interaction = Annotated[Add | Scale | Overlap, Field(discriminator="type")]


class Target(Closed):
    """The structural result that is asked for in one year."""

    year: Year
    result: Cents = 0


class Specification(Closed):
    baseline: Baseline
    target: Target
    groups: tuple[Group, ...] = Field(min_length=1)
    levers: tuple[Lever, ...] = Field(min_length=1, max_length=100)
    rules: tuple[Rule, ...] = ()
    interactions: tuple[Interaction, ...] = ()

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Self:
        keys = [lever.key for lever in self.levers]
        if len(set(keys)) < len(keys):
            raise ValueError("two levers have one key")
        if unknown := {lever.group for lever in self.levers} - {group.key for group in self.groups}:
            raise ValueError(f"no group {', '.join(sorted(unknown))}")
        if self.target.year not in self.years:
            raise ValueError("the target's year is not among the years")
        for condition in self.conditions():
            self._check(condition)
        if strangers := set(self._named_levers()) - self.by_key.keys():
            raise ValueError(f"no lever {', '.join(sorted(strangers))}")
        return self

    @model_validator(mode="after")
    def _has_a_sum_for_each_year(self) -> Self:
        for effect in self._effects():
            if len(effect.amounts) != len(self.years):
                raise ValueError(f"an effect on {effect.line} does not have one sum for each year")
        for lever in self.levers:
            if any(option.range and len(option.range) != len(self.years) for option in lever.options):
                raise ValueError(f"a range of {lever.key} does not have two sums for each year")
        return self

    @cached_property
    def years(self) -> tuple[int, ...]:
        return tuple(each.year for each in self.baseline.years)

    @cached_property
    def by_key(self) -> dict[str, Lever]:
        return {lever.key: lever for lever in self.levers}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form: keys sorted, no blanks, UTF-8."""
        return sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        return json.dumps(
            self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )

    def conditions(self) -> list[Condition]:
        """Of all rules and interactions."""
        found: list[Condition] = []
        for rule in self.rules:
            match rule:
                case AtMost():
                    found += rule.of
                case Requires():
                    found += [rule.when, rule.then]
                case PersonYears():
                    pass
        return found + [
            condition
            for interaction in self.interactions
            if not isinstance(interaction, Overlap)
            for condition in interaction.when
        ]

    def _named_levers(self) -> list[str]:
        scaled = [each.lever for each in self.interactions if isinstance(each, Scale)]
        return scaled + [
            key for each in self.interactions if isinstance(each, Overlap) for key in each.levers
        ]

    def _effects(self) -> list[Effect]:
        added = [effect for each in self.interactions if isinstance(each, Add) for effect in each.effects]
        return added + [
            effect for lever in self.levers for option in lever.options for effect in option.effects
        ]

    def _check(self, condition: Condition) -> None:
        lever = self.by_key.get(condition.lever)
        if lever is None:
            raise ValueError(f"no lever {condition.lever}")
        if unknown := [value for value in condition.options if value not in lever.by_value]:
            raise ValueError(f"{lever.key} has no option {', '.join(unknown)}")


class Draft(Closed):
    """A specification in the making: what staff have so far."""

    baseline: Baseline | None = None
    target: Target | None = None
    groups: tuple[Group, ...] = ()
    levers: tuple[Lever, ...] = ()
    rules: tuple[Rule, ...] = ()
    interactions: tuple[Interaction, ...] = ()
