"""The form of one lever: what its many fields show, how they are read, and how an option comes and goes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from service.calculator.specification import (
    Draft,
    Duty,
    Effect,
    Kind,
    Lever,
    Line,
    Option,
    OwnEffect,
)
from service.core.errors import msgid
from service.core.text import LANGUAGES, MINUS, Language, Localized
from service.core.text import slug as slug_of
from service.web import localized
from service.web.forms import TOP, UNREADABLE, Form
from service.web.typed import Typed, typed_cents

MOST_OPTIONS = 41
LEAST_ROWS = 3  # of effects of an option, so that one is always empty
NUMBERED = frozenset({Kind.RATE, Kind.STEPS})

KINDS: dict[Kind, str] = {
    Kind.RATE: msgid("Rate"),
    Kind.STEPS: msgid("Steps"),
    Kind.CHOICE: msgid("One of several options"),
    Kind.TOGGLE: msgid("Done or not done"),
}
ABOUT_KINDS: dict[Kind, str] = {
    Kind.RATE: msgid("Numbers in their order, such as a tax rate."),
    Kind.STEPS: msgid("Numbers in their order, such as a grant."),
    Kind.CHOICE: msgid("Options that differ by more than a number."),
    Kind.TOGGLE: msgid("Two options, of which one is how it is today."),
}
OWN_EFFECTS: dict[OwnEffect, str] = {
    OwnEffect.INCOME_TAX: msgid("Income tax of the resident"),
    OwnEffect.HOME: msgid("Tax of the resident’s home"),
    OwnEffect.COTTAGE: msgid("Tax of the resident’s cottage"),
}
LABELS = {
    "key": msgid("Code"),
    "name": msgid("Name of the choice"),
    "group": msgid("Group"),
    "kind": msgid("How it is set"),
    "duty": msgid("How free the city is"),
    "source": msgid("Where the figures come from"),
    "owner": msgid("Who answers for the figures"),
    "locked": msgid("Why it cannot be changed"),
    "own_effect": msgid("Effect on the resident’s own purse"),
    "today": msgid("As it is today"),
    "options": msgid("Number of options"),
}
OPTION_LABELS = {
    "value": msgid("Option %(number)s: value"),
    "label": msgid("Option %(number)s: label"),
    "consequence": msgid("Option %(number)s: what follows"),
    "person_years": msgid("Option %(number)s: person-years"),
}
NAMELESS = msgid("Give the choice a name in at least one language.")
NO_KEY = msgid("Write the code with small letters a–z, digits and _. It begins with a letter.")
KEY_TAKEN = msgid("Another choice has this code already. Write another.")
NO_GROUP = msgid("Choose a group.")
NO_KIND = msgid("Choose how it is set.")
NO_DUTY = msgid("Choose how free the city is.")
NO_SOURCE = msgid("Tell where the figures come from.")
NO_OWNER = msgid("Tell who answers for the figures.")
NO_LABEL = msgid("Give the option a label in at least one language.")
NO_CONSEQUENCE = msgid("Tell in at least one language what follows from the option.")
NO_NUMBER = msgid("Write the number the option stands for, for example 8.9.")
NO_VALUE = msgid("Write the value with small letters a–z, digits and . _ + -, at most 40.")
VALUE_TWICE = msgid("Another option has this value already. Write another.")
NO_TODAY = msgid("Say which option is how it is today.")
TODAY_CHANGES = msgid(
    "The option for today is the starting point, so it changes nothing. Empty its effects or say that another is how it is today."
)
NOTHING_TO_CHOOSE = msgid("Write at least two options, or tell why the choice cannot be changed.")
NO_LINE = msgid("Choose the line that changes.")
NO_AMOUNTS = msgid("Write what changes in a year, or leave the line out.")
HALF_A_RANGE = msgid("Write the lowest and the highest sum of every year, or none.")
RANGE_UPSIDE_DOWN = msgid("The lowest sum cannot be above the highest.")


def values(lever: Lever, years: Sequence[int], language: Language) -> dict[str, Any]:
    """What the form shows of a lever."""
    shown: dict[str, Any] = {
        "group": lever.group,
        "kind": lever.kind.value,
        "duty": lever.duty.value,
        "own_effect": lever.own_effect.value if lever.own_effect else "",
        "options": str(len(lever.options)),
        "today": "",
        **localized.typed("name", lever.name.stored()),
        **localized.typed("source", lever.source.stored()),
        **localized.typed("owner", lever.owner.stored()),
        **localized.typed("locked", lever.locked.stored() if lever.locked else {}),
    }
    for number, option in enumerate(lever.options):
        if option.value == lever.today:
            shown["today"] = str(number)
        shown |= _option_values(option, f"o{number}", years, language)
    return shown


def _option_values(option: Option, at: str, years: Sequence[int], language: Language) -> dict[str, Any]:
    shown: dict[str, Any] = {
        f"{at}_value": option.value,
        f"{at}_person_years": str(option.person_years or ""),
        **localized.typed(f"{at}_label", option.label.stored()),
        **localized.typed(f"{at}_consequence", option.consequence.stored()),
    }
    for row, effect in enumerate(option.effects):
        shown[f"{at}_e{row}_line"] = effect.line.value
        shown[f"{at}_e{row}_once"] = "yes" if effect.one_off else ""
        for year, amount in zip(years, effect.amounts, strict=False):
            shown[f"{at}_e{row}_{year}"] = typed_cents(amount, language)
    for year, (low, high) in zip(years, option.range, strict=False):
        shown[f"{at}_low_{year}"] = typed_cents(low, language)
        shown[f"{at}_high_{year}"] = typed_cents(high, language)
    return shown


def beginning() -> dict[str, Any]:
    """An empty lever with two options, the first of them for today."""
    return {"options": "2", "today": "0"}


def count(form: Form) -> int:
    """How many options the form has."""
    text = str(form.value("options"))
    return min(int(text), MOST_OPTIONS) if re.fullmatch(r"[0-9]{1,2}", text) else 0


def rows(form: Form, number: int) -> int:
    """How many effects of this option can be typed: one more than there are, at least three."""
    used = [
        int(match[1])
        for name, value in form.typed.items()
        if value and (match := re.match(rf"o{number}_e([0-9]{{1,2}})_", name))
    ]
    return max(LEAST_ROWS, max(used, default=-1) + 2)


def in_error(form: Form) -> set[int]:
    """The options with a mistake, which the page shows open."""
    found = {int(match[1]) for name in form.mistakes if (match := re.match(r"o([0-9]{1,2})_", name))}
    return found | ({0} if form.mistake("today") else set())


def add_option(form: Form) -> None:
    form.typed["options"] = str(min(count(form) + 1, MOST_OPTIONS))


def remove_option(form: Form, number: int) -> None:
    """Those after it move up."""
    if not 0 <= number < count(form):
        return
    kept: dict[str, Any] = {}
    for name, value in form.typed.items():
        match = re.match(r"o([0-9]{1,2})_", name)
        if match is None or int(match[1]) < number:
            kept[name] = value
        elif int(match[1]) > number:
            kept[f"o{int(match[1]) - 1}_{name[match.end() :]}"] = value
    today = str(form.value("today"))
    if today == str(number):
        kept["today"] = ""
    elif re.fullmatch("[0-9]{1,2}", today) and int(today) > number:
        kept["today"] = str(int(today) - 1)
    form.typed = kept | {"options": str(count(form) - 1)}


def read(typed: Typed, draft: Draft, years: Sequence[int], key: str = "") -> Lever | None:
    """The whole lever, or None with mistakes beside the fields. `key` is that of a lever which is there already."""
    options = [_option(typed, f"o{number}", years) for number in range(count(typed.form))]
    given = {
        "name": typed.words("name", NAMELESS),
        "key": key or _key(typed, draft),
        "group": _group(typed, draft),
        "kind": typed.one_of("kind", Kind, NO_KIND),
        "duty": typed.one_of("duty", Duty, NO_DUTY),
        "source": typed.words("source", NO_SOURCE),
        "owner": typed.words("owner", NO_OWNER),
        "locked": typed.words("locked"),
        "own_effect": OwnEffect(text) if (text := typed.text("own_effect")) in set(OwnEffect) else None,
    }
    _check_options(typed, options, locked=given["locked"] is not None)
    today = _today(typed, options)
    if typed.form.mistakes:
        return None
    try:
        return Lever.model_validate({**given, "today": today, "options": options})
    except ValidationError:
        typed.refuse(TOP, UNREADABLE)
        return None


def _key(typed: Typed, draft: Draft) -> str:
    names = [typed.text(f"name_{language}") for language in LANGUAGES]
    key = typed.text("key") or slug_of(next(filter(None, names), ""), limit=40).replace("-", "_")
    if not key and not any(names):
        return ""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", key) or key == "new":
        typed.refuse("key", NO_KEY)
    elif key in {lever.key for lever in draft.levers}:
        typed.refuse("key", KEY_TAKEN)
    return key


def _group(typed: Typed, draft: Draft) -> str | None:
    chosen = typed.text("group")
    if chosen in {group.key for group in draft.groups}:
        return chosen
    typed.refuse("group", NO_GROUP)
    return None


def _option(typed: Typed, at: str, years: Sequence[int]) -> dict[str, Any]:
    label = typed.words(f"{at}_label", NO_LABEL, limit=200)
    return {
        "label": label,
        "consequence": typed.words(f"{at}_consequence", NO_CONSEQUENCE, limit=1000),
        "value": _value(typed, f"{at}_value", label),
        "person_years": typed.whole(f"{at}_person_years"),
        "effects": effects(typed, at, years),
        "range": _range(typed, at, years),
    }


def _value(typed: Typed, name: str, label: Localized | None) -> str | None:
    """The number of a rate or a step; a choice's may be made of its label."""
    text = typed.text(name).lower().replace(MINUS, "-")
    if typed.text("kind") in NUMBERED:
        number = text.replace(",", ".").replace(" ", "")
        if not re.fullmatch(r"[-+]?[0-9]{1,9}(\.[0-9]{1,4})?", number):
            typed.refuse(name, NO_NUMBER)
            return None
        return number.lstrip("+")
    if not text and label:
        text = slug_of(next(iter(label.stored().values())), limit=40)
    if text and not re.fullmatch(r"[-+a-z0-9._]{1,40}", text):
        typed.refuse(name, NO_VALUE)
        return None
    if not text and label:
        typed.refuse(name, NO_VALUE)
    return text or None


def effects(typed: Typed, at: str, years: Sequence[int]) -> list[Effect]:
    """Of the rows `{at}_e0_…` on; a row with nothing in it is none."""
    found = []
    numbers = {
        int(match[1]) for name in typed.form.typed if (match := re.match(rf"{at}_e([0-9]{{1,2}})_", name))
    }
    for row in sorted(numbers):
        name = f"{at}_e{row}"
        typed_any = any(typed.text(f"{name}_{year}") for year in years)
        if not typed.text(f"{name}_line") and not typed_any:
            continue
        line = typed.one_of(f"{name}_line", Line, NO_LINE)
        amounts = [typed.cents(f"{name}_{year}") for year in years]
        if line and not any(amount or amount is None for amount in amounts):
            typed.refuse(f"{name}_{years[0]}", NO_AMOUNTS)
        if line and None not in amounts:
            found.append(
                Effect.model_validate(
                    {"line": line, "amounts": amounts, "one_off": typed.is_ticked(f"{name}_once")}
                )
            )
    return found


def _range(typed: Typed, at: str, years: Sequence[int]) -> list[tuple[int | None, int | None]]:
    names = [f"{at}_{end}_{year}" for year in years for end in ("low", "high")]
    empty = [name for name in names if not typed.text(name)]
    if len(empty) == len(names):
        return []
    for name in empty[:1]:
        typed.refuse(name, HALF_A_RANGE)
    bounds = []
    for year in years:
        low, high = typed.cents(f"{at}_low_{year}"), typed.cents(f"{at}_high_{year}")
        if low is not None and high is not None and low > high:
            typed.refuse(f"{at}_low_{year}", RANGE_UPSIDE_DOWN)
        bounds.append((low, high))
    return bounds


def _check_options(typed: Typed, options: Sequence[Mapping[str, Any]], *, locked: bool) -> None:
    seen: set[str] = set()
    for number, option in enumerate(options):
        if option["value"] in seen:
            typed.refuse(f"o{number}_value", VALUE_TWICE)
        seen.add(option["value"])
    if len(options) < (1 if locked else 2):
        typed.refuse(TOP, NOTHING_TO_CHOOSE)


def _today(typed: Typed, options: Sequence[Mapping[str, Any]]) -> str | None:
    text = typed.text("today")
    if not re.fullmatch(r"[0-9]{1,2}", text) or int(text) >= len(options):
        typed.refuse("today", NO_TODAY)
        return None
    today = options[int(text)]
    if today["effects"]:
        typed.refuse(f"o{text}_e0_line", TODAY_CHANGES)
    value: str | None = today["value"]
    return value
