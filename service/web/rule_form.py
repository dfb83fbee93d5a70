"""The forms of a calculator's rules and interactions: what each asks for, and how it is read.

A condition is chosen as one option of one lever; several of the same lever are one condition that any of them meets.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from service.calculator.specification import (
    Add,
    AtMost,
    Condition,
    Draft,
    Interaction,
    Line,
    Overlap,
    PersonYears,
    Requires,
    Rule,
    Scale,
)
from service.core.errors import msgid
from service.core.text import Language, wording
from service.web import lever_form
from service.web.forms import TOP, UNREADABLE
from service.web.typed import Typed

ROWS = 4  # of selects for conditions, and two more than are chosen
MANY = frozenset({"when", "then", "of"})
OTHER = "*"
"""Any option but today's."""


class RuleKind(StrEnum):
    """Also the ends of the addresses."""

    AT_MOST = "at_most"
    REQUIRES = "requires"
    PERSON_YEARS = "person_years"
    ADD = "add"
    SCALE = "scale"
    OVERLAP = "overlap"

    @property
    def is_rule(self) -> bool:
        return self in {RuleKind.AT_MOST, RuleKind.REQUIRES, RuleKind.PERSON_YEARS}


NAMES: dict[RuleKind, str] = {
    RuleKind.AT_MOST: msgid("Not all of these at once"),
    RuleKind.REQUIRES: msgid("One needs another"),
    RuleKind.PERSON_YEARS: msgid("Most person-years together"),
    RuleKind.ADD: msgid("A further effect where these meet"),
    RuleKind.SCALE: msgid("Less of an effect where these meet"),
    RuleKind.OVERLAP: msgid("Two save partly the same"),
}
NO_WHY = msgid("Tell the reason in at least one language. Residents see it.")
TOO_FEW = msgid("Choose at least two choices, or the rule forbids nothing.")
NO_CONDITION = msgid("Choose at least one option.")
ONE_LEVER = msgid("Choose options of one choice only.")
NO_LEVER = msgid("Choose one of the choices.")
SAME_LEVER = msgid("Choose two different choices.")
NO_NUMBER = msgid("Write a whole number.")
NO_EFFECT = msgid("Write at least one effect.")
NO_LINE = msgid("Choose the line that changes.")


def read(typed: Typed, kind: RuleKind, draft: Draft, years: Sequence[int]) -> Rule | Interaction | None:
    """None with mistakes beside the fields."""
    given = {"why": typed.words("why", NO_WHY, limit=600), **READERS[kind](typed, draft, years)}
    if typed.form.mistakes:
        return None
    try:
        return MODELS[kind].model_validate(given)
    except ValidationError:
        typed.refuse(TOP, UNREADABLE)
        return None


def _at_most(typed: Typed, draft: Draft, _: Sequence[int]) -> dict[str, Any]:
    of = conditions(typed, "of", draft)
    if len(of) < 2:
        typed.refuse("of", TOO_FEW)
    most = max(len(of) - 1, 1)
    return {"of": of, "number": typed.whole("number", least=1, most=most, missing=NO_NUMBER)}


def _requires(typed: Typed, draft: Draft, _: Sequence[int]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name in ("when", "then"):
        found = conditions(typed, name, draft, NO_CONDITION)
        if len(found) > 1:
            typed.refuse(name, ONE_LEVER)
        given[name] = found[0] if found else None
    return given


def _person_years(typed: Typed, _: Draft, __: Sequence[int]) -> dict[str, Any]:
    return {"most": typed.whole("most", missing=NO_NUMBER)}


def _add(typed: Typed, draft: Draft, years: Sequence[int]) -> dict[str, Any]:
    effects = lever_form.effects(typed, "add", years)
    if not effects:
        typed.refuse("add_e0_line", NO_EFFECT)
    return {"when": conditions(typed, "when", draft, NO_CONDITION), "effects": effects}


def _scale(typed: Typed, draft: Draft, _: Sequence[int]) -> dict[str, Any]:
    return {
        "when": conditions(typed, "when", draft, NO_CONDITION),
        "lever": _lever(typed, "lever", draft),
        "percent": typed.whole("percent", most=200, missing=NO_NUMBER),
    }


def _overlap(typed: Typed, draft: Draft, _: Sequence[int]) -> dict[str, Any]:
    first, second = _lever(typed, "first", draft), _lever(typed, "second", draft)
    if first is not None and first == second:
        typed.refuse("second", SAME_LEVER)
    return {
        "levers": (first, second),
        "percent": typed.whole("percent", most=100, missing=NO_NUMBER),
        "line": typed.one_of("line", Line, NO_LINE),
    }


READERS: dict[RuleKind, Callable[[Typed, Draft, Sequence[int]], dict[str, Any]]] = {
    RuleKind.AT_MOST: _at_most,
    RuleKind.REQUIRES: _requires,
    RuleKind.PERSON_YEARS: _person_years,
    RuleKind.ADD: _add,
    RuleKind.SCALE: _scale,
    RuleKind.OVERLAP: _overlap,
}
MODELS: dict[RuleKind, type[Rule | Interaction]] = {
    RuleKind.AT_MOST: AtMost,
    RuleKind.REQUIRES: Requires,
    RuleKind.PERSON_YEARS: PersonYears,
    RuleKind.ADD: Add,
    RuleKind.SCALE: Scale,
    RuleKind.OVERLAP: Overlap,
}


def conditions(typed: Typed, name: str, draft: Draft, missing: str = "") -> list[Condition]:
    """Of selects with the same name, each "lever=option"."""
    chosen: dict[str, list[str]] = {}
    levers = {lever.key: lever for lever in draft.levers}
    for text in typed.list(name):
        key, _, value = text.partition("=")
        lever = levers.get(key)
        if lever is None or (value != OTHER and value not in lever.by_value):
            continue
        others = [option for option in lever.by_value if option != lever.today]
        for option in others if value == OTHER else [value]:
            if option not in chosen.setdefault(key, []):
                chosen[key].append(option)
    if not chosen and missing:
        typed.refuse(name, missing)
    return [Condition(lever=key, options=tuple(options)) for key, options in chosen.items() if options]


def options(draft: Draft, language: Language, other: str) -> list[dict[str, str]]:
    """For a select of conditions; `other` says: any option but today's."""
    found = []
    for lever in draft.levers:
        name = wording(lever.name.stored(), language).text
        if len(lever.options) > 2:
            found.append({"value": f"{lever.key}={OTHER}", "text": f"{name}: {other}"})
        for option in lever.options:
            label = wording(option.label.stored(), language).text
            found.append({"value": f"{lever.key}={option.value}", "text": f"{name}: {label}"})
    return found


def _lever(typed: Typed, name: str, draft: Draft) -> str | None:
    key = typed.text(name)
    if key in {lever.key for lever in draft.levers}:
        return key
    typed.refuse(name, NO_LEVER)
    return None
