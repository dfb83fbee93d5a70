"""A plan as people read it: what is chosen, what each choice does in words, and where the budget stands with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from service.calculator.engine import Engine, Outcome, Plan, YearOutcome
from service.calculator.specification import (
    RESULT_LINES,
    Add,
    AtMost,
    Group,
    Interaction,
    Kind,
    Lever,
    Line,
    Option,
    Overlap,
    Requires,
    Rule,
    Scale,
)
from service.core.errors import msgid
from service.core.money import Cents
from service.core.text import wording
from service.web.visit import Visit

MOST_RADIOS = 7
MOST_BARS = 8
WORTH_A_WORD = 300_000_00
"""A surplus of so many cents is offered for use; below it the budget is in balance."""

INCOME = frozenset({Line.OPERATING_INCOME, Line.TAX_REVENUE, Line.STATE_TRANSFERS, Line.FINANCIAL_NET})
EXPENSES = frozenset({Line.OPERATING_EXPENSES, Line.DEPRECIATION})
EFFECTS = {
    "income": (
        msgid("%(amount)s more income in %(year)s"),
        msgid("%(amount)s less income in %(year)s"),
    ),
    "expenses": (msgid("saves %(amount)s in %(year)s"), msgid("costs %(amount)s more in %(year)s")),
    "both": (
        msgid("improves the result by %(amount)s in %(year)s"),
        msgid("weakens the result by %(amount)s in %(year)s"),
    ),
}
NO_EFFECT = msgid("no effect in %(year)s")
AS_TODAY = msgid("as today")
HELPS_ONCE = msgid("One-off: helps only in %(year)s and does not remove the lasting deficit.")
COSTS_ONCE = msgid("One-off: costs %(amount)s in %(year)s.")


@dataclass(frozen=True, slots=True)
class Change:
    """A lever that was touched. `amount`: what the option does for good in the target's year, in cents, alone."""

    lever: Lever
    option: Option
    amount: int

    @property
    def is_kept(self) -> bool:
        return self.option.value == self.lever.today


@dataclass(frozen=True, slots=True)
class Bar:
    """Of the waterfall: from where to where, in cents. A total begins at zero."""

    text: str
    start: int
    end: int
    total: bool = False


@dataclass(frozen=True)
class Sheet:
    visit: Visit
    engine: Engine
    plan: Plan

    @cached_property
    def outcome(self) -> Outcome:
        return self.engine.evaluate(self.plan)

    @cached_property
    def start(self) -> Outcome:
        """If nothing is decided."""
        return self.engine.evaluate({})

    @property
    def year(self) -> int:
        """The one whose result is the target."""
        return self.engine.specification.target.year

    @property
    def years(self) -> Sequence[tuple[YearOutcome, YearOutcome]]:
        """Under the plan and without it."""
        return list(zip(self.outcome.years, self.start.years, strict=True))

    @property
    def surplus(self) -> int:
        """Cents over the target in its year; below zero what is missing."""
        target = self.engine.specification.target.result
        return self.outcome.years[self.engine.target].structural_result - target

    @property
    def state(self) -> str:
        """deficit, surplus, or balanced in the target's year; lasting where it is so in all."""
        if self.surplus < 0:
            return "deficit"
        if self.surplus >= WORTH_A_WORD:
            return "surplus"
        target = self.engine.specification.target.result
        return (
            "lasting" if all(year.structural_result >= target for year in self.outcome.years) else "balanced"
        )

    @cached_property
    def groups(self) -> list[tuple[Group, list[Lever]]]:
        levers = self.engine.specification.levers
        grouped = [
            (group, [lever for lever in levers if lever.group == group.key])
            for group in self.engine.specification.groups
        ]
        return [(group, members) for group, members in grouped if members]

    @cached_property
    def changes(self) -> list[Change]:
        """In the order of the form."""
        return [
            self._change(lever, self.plan[lever.key]) for lever in self._movable if lever.key in self.plan
        ]

    @property
    def possible_changes(self) -> list[Change]:
        """One for each lever that can be moved; an untouched one is as today."""
        return [self._change(lever, self.plan.get(lever.key, lever.today)) for lever in self._movable]

    @cached_property
    def broken(self) -> list[Rule]:
        return [self.engine.specification.rules[number] for number in self.outcome.violations]

    @cached_property
    def applied(self) -> frozenset[int]:
        return frozenset(self.engine.applied(self.plan))

    @property
    def once(self) -> list[tuple[Change, str]]:
        """What the chosen one-offs do and do not do, a sentence each."""
        return [
            (change, sentence)
            for change in self.changes
            for sentence in self.one_off(change.lever, change.option)
        ]

    def effect(self, lever: Lever, option: Option) -> str:
        """In words: saves 240 000 € in 2029."""
        if option.value == lever.today:
            return self.visit.gettext(AS_TODAY)
        amount = self.engine.effect(lever.key, option.value)[self.engine.target]
        if not amount:
            return self.visit.gettext(NO_EFFECT, year=self.year)
        better, worse = EFFECTS[self._side(option)]
        return self.visit.gettext(better if amount > 0 else worse, amount=Cents(abs(amount)), year=self.year)

    def by_year(self, lever: Lever, option: Option) -> list[int]:
        return self.engine.effect(lever.key, option.value)

    def one_off(self, lever: Lever, option: Option) -> list[str]:
        one_offs = self.engine.vectors[lever.key, option.value].one_off
        return [
            self.visit.gettext(HELPS_ONCE if amount > 0 else COSTS_ONCE, year=year, amount=Cents(abs(amount)))
            for year, amount in zip(self.engine.specification.years, one_offs, strict=True)
            if amount
        ]

    def involved(self, about: Rule | Interaction) -> list[Lever]:
        """The levers a rule or an interaction is about, in the order of the form."""
        keys = _keys(about)
        if keys is None:
            return [change.lever for change in self.changes if change.option.person_years]
        return [lever for lever in self.engine.specification.levers if lever.key in keys]

    @cached_property
    def bars(self) -> list[Bar]:
        """The waterfall of the target's year: the starting point, what each choice does for good, largest first, and where it ends."""
        first = self.start.years[self.engine.target].structural_result
        last = self.outcome.years[self.engine.target].structural_result
        gettext = self.visit.gettext
        moving = sorted(
            (change for change in self.changes if change.amount), key=lambda change: -abs(change.amount)
        )
        steps = [(self._name(change.lever), change.amount) for change in moving[:MOST_BARS]]
        if rest := sum(change.amount for change in moving[MOST_BARS:]):
            steps.append((gettext(msgid("Other choices")), rest))
        if mixed := last - first - sum(amount for _, amount in steps):
            steps.append((gettext(msgid("Joint effects and interest")), mixed))
        bars = [Bar(gettext(msgid("Starting point")), 0, first, total=True)]
        for text, amount in steps:
            bars.append(Bar(text, bars[-1].end, bars[-1].end + amount))
        return [*bars, Bar(gettext(msgid("With your plan")), 0, last, total=True)] if steps else bars

    @property
    def _movable(self) -> list[Lever]:
        return [lever for lever in self.engine.specification.levers if not lever.locked]

    def _change(self, lever: Lever, value: str) -> Change:
        amount = self.engine.structural(lever.key, value)[self.engine.target]
        return Change(lever, lever.option(value), amount)

    def _name(self, lever: Lever) -> str:
        return wording(lever.name.stored(), self.visit.language).text

    def _side(self, option: Option) -> str:
        """Which side of the statement the option moves in the target's year."""
        lines = {
            effect.line
            for effect in option.effects
            if effect.line in RESULT_LINES and effect.amounts[self.engine.target]
        }
        return "income" if lines <= INCOME else "expenses" if lines <= EXPENSES else "both"


def is_stepped(lever: Lever) -> bool:
    """Whether it is set in a field with a step down and up."""
    return lever.kind is Kind.RATE or (lever.kind is Kind.STEPS and len(lever.options) > MOST_RADIOS)


def in_order(lever: Lever) -> list[Option]:
    """From the least to the most, where the values are numbers."""
    return sorted(lever.options, key=lambda option: Decimal(option.value))


def landmarks(lever: Lever) -> list[Option]:
    """Of many options the least, a step below and above today's, and the most."""
    options = in_order(lever)
    today = options.index(lever.option(lever.today))
    return [
        options[place]
        for place in sorted({0, max(today - 1, 0), min(today + 1, len(options) - 1), len(options) - 1})
    ]


def _keys(about: Rule | Interaction) -> set[str] | None:
    match about:
        case AtMost():
            return {condition.lever for condition in about.of}
        case Requires():
            return {about.when.lever, about.then.lever}
        case Overlap():
            return set(about.levers)
        case Scale():
            return {about.lever, *(condition.lever for condition in about.when)}
        case Add():
            return {condition.lever for condition in about.when}
        case _:
            return None
