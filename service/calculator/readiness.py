"""What a specification still lacks before people may count with it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import ValidationError

from service.calculator.engine import Engine
from service.calculator.specification import Specification
from service.core.errors import msgid

LEAST_SHARE = 150
"""Per cent of the gap that all options together must be able to close; less leaves nothing to choose between."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`lever` is the one it is about; what `blocks` must be mended before publication, the rest is advice."""

    message: str
    parameters: dict[str, object] = field(default_factory=dict)
    lever: str = ""
    blocks: bool = True


def check(specification: Specification) -> list[Finding]:
    return list(_findings(Engine(specification)))


def of_errors(error: ValidationError) -> list[Finding]:
    """What keeps a draft from being a specification at all, one finding each."""
    return [
        Finding(
            msgid("%(where)s: %(what)s"),
            {"where": ".".join(str(part) for part in found["loc"]), "what": found["msg"]},
        )
        for found in error.errors()
    ]


def _findings(engine: Engine) -> Iterator[Finding]:
    if broken := engine.violations({}):
        yield Finding(msgid("Today's choices break rule %(number)s."), {"number": broken[0] + 1})
    gap = engine.evaluate({}).missing
    if gap and 100 * _most(engine) < LEAST_SHARE * gap:
        yield Finding(
            msgid(
                "All choices together improve the result too little: at least %(share)s per cent of the gap is needed."
            ),
            {"share": LEAST_SHARE},
        )


def _most(engine: Engine) -> int:
    """The best each lever can do in the target's year, in cents."""
    return sum(
        max(engine.effect(lever.key, option.value)[engine.target] for option in lever.options)
        for lever in engine.specification.levers
        if not lever.locked
    )
