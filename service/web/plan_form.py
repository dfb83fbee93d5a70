"""The form of a plan as it was sent: one field a lever, and the button that was pressed."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from litestar.datastructures import FormMultiDict

from service.calculator.engine import Plan
from service.calculator.rules import OptionUnknown
from service.calculator.specification import Lever, Option, Specification
from service.core.errors import msgid
from service.core.text import DASH, MINUS
from service.web.forms import Form
from service.web.plan_sheet import in_order, is_stepped
from service.web.visit import Visit

CHOICE = "lever."
KEPT = "kept."
SIGNS = str.maketrans({MINUS: "-", DASH: "-", ",": "."})
KEY = re.compile(r"[a-z0-9_]{1,60}")
NUMBER = re.compile(r"[-+]?[0-9]{1,9}(\.[0-9]{1,6})?")

NOT_A_NUMBER = msgid("Write a number between %(least)s and %(most)s.")
BETWEEN = msgid("This cannot be chosen. The nearest that can are %(below)s and %(above)s.")


@dataclass
class SentPlan:
    """`plan` is what could be read. `form` keeps what was typed beside it, with its mistakes."""

    plan: dict[str, str] = field(default_factory=dict)
    form: Form = field(default_factory=Form)


def read(visit: Visit, specification: Specification, sent: FormMultiDict, before: Plan) -> SentPlan:
    """`before` is the plan the form was shown with."""
    result = SentPlan()
    stepped, _, direction = str(sent.get("step", "")).removeprefix(CHOICE).partition(":")
    undone = str(sent.get("undo", ""))
    for lever in specification.levers:
        if lever.locked or lever.key == undone:
            continue
        typed = str(sent.get(CHOICE + lever.key, "")).strip()
        try:
            value = (
                _stepped(lever, typed, sent, before.get(lever.key))
                if is_stepped(lever)
                else _chosen(lever, typed)
            )
        except OptionUnknown as error:
            _refuse(visit, result.form, lever, typed, error)
            continue
        if lever.key == stepped:
            value = _next(lever, value or lever.today, direction)
        if value is not None:
            result.plan[lever.key] = value
    return result


def sent_choices(sent: FormMultiDict) -> dict[str, str]:
    """What the review's form says was chosen, unchecked."""
    return {
        name.removeprefix(CHOICE): str(value) for name, value in sent.multi_items() if name.startswith(CHOICE)
    }


def fragment(sent: FormMultiDict, before: Plan, after: Plan) -> str:
    """Where the page goes on: where the button was pressed, else at the first lever that is new."""
    if sent.get("undo"):
        return "#changes"
    for name, place in (("step", "lever"), ("after", "after")):
        pressed = KEY.match(str(sent.get(name, "")).removeprefix(CHOICE))
        if pressed:
            return f"#{place}-{pressed[0]}"
    return next((f"#lever-{key}" for key in after if before.get(key) != after[key]), "")


def shown(value: str, language: str) -> str:
    """A number as people of this language type it: 8,90."""
    written = value.replace("-", MINUS)
    return written if language == "en" else written.replace(".", ",")


def _chosen(lever: Lever, typed: str) -> str | None:
    """Raises OptionUnknown."""
    if not typed:
        return None
    if typed not in lever.by_value:
        raise OptionUnknown(lever.key, value=typed)
    return typed


def _stepped(lever: Lever, typed: str, sent: FormMultiDict, before: str | None) -> str | None:
    """A number as typed, or None for an untouched one. A tick that is new says that today's level is kept on purpose.

    Raises OptionUnknown.
    """
    ticked = sent.get(KEPT + lever.key) is not None
    if ticked and before != lever.today:
        return lever.today
    if not typed:
        return lever.today if ticked else None
    number = _number(typed)
    found = next((option.value for option in lever.options if Decimal(option.value) == number), None)
    if found is None:
        raise OptionUnknown(lever.key, value=typed)
    return found if ticked or found != lever.today else None


def _next(lever: Lever, value: str, direction: str) -> str | None:
    """One step up or down, and no further than the last; today's level is where nothing was touched."""
    values = [option.value for option in in_order(lever)]
    place = values.index(value) + (1 if direction == "+1" else -1)
    stepped = values[min(max(place, 0), len(values) - 1)]
    return stepped if stepped != lever.today else None


def _refuse(visit: Visit, form: Form, lever: Lever, typed: str, error: OptionUnknown) -> None:
    form.typed[CHOICE + lever.key] = typed
    form.mistakes[lever_id(lever)] = _sentence(visit, lever, typed, error)


def lever_id(lever: Lever) -> str:
    """Of its first control, where an error's link leads."""
    return f"lever-{lever.key}-1"


def _sentence(visit: Visit, lever: Lever, typed: str, error: OptionUnknown) -> str:
    if not is_stepped(lever):
        return visit.gettext(error.message, **error.parameters)
    options = in_order(lever)
    number = _number(typed)
    if number is not None:
        below = [option for option in options if Decimal(option.value) < number]
        above = [option for option in options if Decimal(option.value) > number]
        if below and above:
            return visit.gettext(BETWEEN, below=_figure(visit, below[-1]), above=_figure(visit, above[0]))
    return visit.gettext(NOT_A_NUMBER, least=_figure(visit, options[0]), most=_figure(visit, options[-1]))


def _number(typed: str) -> Decimal | None:
    """8,9 · 8.9 · −10 %; None for what is none, or is too long to be one."""
    figure = re.sub(r"[\s%]", "", typed).translate(SIGNS)
    return Decimal(figure) if NUMBER.fullmatch(figure) else None


def _figure(visit: Visit, option: Option) -> str:
    return shown(option.value, visit.language)
