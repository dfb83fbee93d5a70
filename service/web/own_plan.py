"""The plan in the making: in a cookie of the browser that makes it, which no page but the calculator's is sent.

It holds the digest of what the plan was made on and, of each lever that was touched, its place and its option's: nothing of a person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from litestar.datastructures import Cookie

from service.calculator import queries, rules
from service.calculator.engine import Engine, Plan
from service.calculator.models import Calculator
from service.calculator.specification import Specification
from service.core import receipt
from service.core.errors import NotFound
from service.core.text import LANGUAGES
from service.web.page import cookie
from service.web.visit import Visit

PLAN_COOKIE = "plan"
CODE_COOKIE = "plan_code"
CODE_SHOWN = 3600  # seconds
WRITTEN = re.compile(r"([0-9a-f]{64})((?:\.\d{1,3}-\d{1,3}){0,100})")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """`changed` are levers whose figures are new since the plan was made, `gone` those that can no longer be chosen so."""

    choices: Plan = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def is_stale(self) -> bool:
        return bool(self.changed or self.gone)


async def read(visit: Visit, calculator: Calculator, engine: Engine) -> OwnPlan:
    """What cannot be read is a plan with nothing in it."""
    written = WRITTEN.fullmatch(visit.request.cookies.get(PLAN_COOKIE, ""))
    if written is None:
        return OwnPlan()
    places = [_place(pair) for pair in written[2].split(".")[1:]]
    try:
        made_on = await queries.engine(visit.session, calculator, written[1])
    except NotFound:
        return OwnPlan()
    return carried(_choices(made_on.specification, places), made_on.specification, engine.specification)


def carried(choices: Plan, old: Specification, new: Specification) -> OwnPlan:
    """A plan made on `old`, as far as it can be chosen on `new`."""
    if old.digest == new.digest:
        return OwnPlan(choices)
    still, changed, gone = rules.kept(choices, old, new)
    return OwnPlan(still, tuple(changed), tuple(gone))


def kept(visit: Visit, calculator: Calculator, specification: Specification, plan: Plan) -> list[Cookie]:
    """The cookies that make this the browser's plan, in each language's address; of an empty one none is left."""
    written, max_age = (_written(specification, plan), None) if plan else ("", 0)
    return [
        cookie(visit.request, PLAN_COOKIE, written, path=path, max_age=max_age) for path in _paths(calculator)
    ]


def shown(visit: Visit, calculator: Calculator, kind: str, code: bytes) -> list[Cookie]:
    """The code of a plan that was just sent or saved, for the page that shows it; for an hour."""
    written = f"{kind}.{receipt.written(code)}"
    return [
        cookie(visit.request, CODE_COOKIE, written, path=path, max_age=CODE_SHOWN)
        for path in _paths(calculator)
    ]


def forgotten(visit: Visit, calculator: Calculator) -> list[Cookie]:
    """For a browser that others use too: neither a plan nor a code is left."""
    return [
        gone
        for path in _paths(calculator)
        for gone in (
            cookie(visit.request, PLAN_COOKIE, "", path=path, max_age=0),
            cookie(visit.request, CODE_COOKIE, "", path=path, max_age=0),
        )
    ]


def code_of(visit: Visit, kind: str) -> str:
    """The code shown last, if it is of this kind."""
    was, _, written = visit.request.cookies.get(CODE_COOKIE, "").partition(".")
    return written if was == kind and receipt.read(written) else ""


def _paths(calculator: Calculator) -> list[str]:
    return [f"/{language}/calculator/{calculator.slug}" for language in LANGUAGES]


def _written(specification: Specification, plan: Plan) -> str:
    pairs = [
        f".{place}-{[option.value for option in lever.options].index(plan[lever.key])}"
        for place, lever in enumerate(specification.levers)
        if lever.key in plan
    ]
    return specification.digest + "".join(pairs)


def _place(pair: str) -> Place:
    lever, _, option = pair.partition("-")
    return int(lever), int(option)


def _choices(specification: Specification, places: list[Place]) -> Mapping[str, str]:
    levers = specification.levers
    return {
        levers[lever].key: levers[lever].options[option].value
        for lever, option in places
        if lever < len(levers) and not levers[lever].locked and option < len(levers[lever].options)
    }
