"""What a specification still lacks before people may count with it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.calculator.engine import Engine
from service.calculator.specification import (
    AtMost,
    Condition,
    Lever,
    Option,
    PersonYears,
    Requires,
    Rule,
    Specification,
)
from service.core.errors import msgid
from service.core.text import LANGUAGES, Language, Localized

LEAST_SHARE, ADVISED_SHARE = 150, 200
"""Per cent of the gap that all options together should be able to close; less leaves little to choose between."""
MOST_LEVERS = 25
"""That somebody can be expected to read in one sitting."""
LENGTHS = range(50, 151)
"""Per cent of a lever's average consequence text that each of its texts should be long."""

# Words that judge an option instead of telling what it does.
LOADED: dict[Language, frozenset[str]] = {
    "fi": frozenset({"vain", "pelkkä", "tuhlaus", "tuhlata", "romuttaa", "romuttuu", "välttämätön", "turha", "holtiton"}),
    "sv": frozenset({"bara", "slöseri", "slösa", "rasera", "nödvändig", "onödig", "ansvarslös"}),
    "en": frozenset({"only", "merely", "waste", "wasteful", "slash", "gut", "necessary", "needless", "reckless"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """`lever` is the one it is about; what `blocks` must be mended before publication, the rest is advice."""

    message: str
    parameters: dict[str, object] = field(default_factory=dict)
    lever: str = ""
    blocks: bool = True


def check(specification: Specification) -> list[Finding]:
    return [
        *_of_rules(specification),
        *_of_money(Engine(specification)),
        *_of_texts(specification),
    ]


def best(engine: Engine) -> dict[str, int]:
    """The most each lever can do for the lasting result of the target's year, in cents, rules and interactions aside."""
    return {
        lever.key: max(_lasting(engine, lever, option) for option in lever.options)
        for lever in engine.specification.levers
        if not lever.locked
    }


def _of_rules(specification: Specification) -> Iterator[Finding]:
    for broken in Engine(specification).violations({}):
        yield Finding(msgid("Today’s choices break rule %(number)s."), {"number": broken + 1})
    for lever in specification.levers:
        for option in () if lever.locked else lever.options:
            if (number := _forbidden(specification, lever, option)) is not None:
                yield Finding(
                    msgid("The option %(option)s can never be chosen: rule %(number)s forbids it."),
                    {"option": option.value, "number": number + 1},
                    lever.key,
                )


def _forbidden(specification: Specification, lever: Lever, option: Option) -> int | None:
    """The rule that the option breaks with whatever else it requires."""
    fixed: dict[str, frozenset[str]] = {lever.key: frozenset({option.value})}
    widened = True
    while widened:
        widened = False
        for number, rule in enumerate(specification.rules):
            if not isinstance(rule, Requires) or not _surely(fixed, rule.when):
                continue
            other = specification.by_key[rule.then.lever]
            before = fixed.get(other.key, frozenset({other.today} if other.locked else other.by_value))
            after = before & frozenset(rule.then.options)
            if not after:
                return number
            widened = widened or fixed.get(other.key) != after
            fixed[other.key] = after
    broken = (
        number for number, rule in enumerate(specification.rules) if _exceeds(specification, fixed, rule)
    )
    return next(broken, None)


def _surely(fixed: dict[str, frozenset[str]], condition: Condition) -> bool:
    return condition.lever in fixed and fixed[condition.lever] <= frozenset(condition.options)


def _exceeds(specification: Specification, fixed: dict[str, frozenset[str]], rule: Rule) -> bool:
    match rule:
        case AtMost():
            return sum(_surely(fixed, condition) for condition in rule.of) > rule.number
        case PersonYears():
            levers = specification.by_key
            return rule.most < sum(
                min(levers[key].option(value).person_years for value in values)
                for key, values in fixed.items()
            )
        case Requires():
            return False


def _of_money(engine: Engine) -> Iterator[Finding]:
    specification = engine.specification
    gap, each = engine.evaluate({}).missing, best(engine)
    total = sum(each.values())
    if gap and 100 * total < ADVISED_SHARE * gap:
        yield Finding(
            msgid(
                "All choices together close %(share)s per cent of the gap. At least %(least)s per cent is needed, better %(better)s."
            ),
            {"share": 100 * total // gap, "least": LEAST_SHARE, "better": ADVISED_SHARE},
            blocks=100 * total < LEAST_SHARE * gap,
        )
    for key, most in each.items():
        if gap and total - most < gap <= total:
            yield Finding(msgid("Without this choice the gap cannot be closed."), {}, key, blocks=False)
    costs = {service.key: -(service.income + service.expenses) for service in specification.baseline.services}
    for lever in specification.levers:
        for option in lever.options:
            if option.value != lever.today and not option.effects:
                yield Finding(
                    msgid("The option %(option)s changes nothing."),
                    {"option": option.value},
                    lever.key,
                    blocks=False,
                )
            if 0 < costs.get(lever.key, 0) < _lasting(engine, lever, option):
                yield Finding(
                    msgid("The option %(option)s saves more than the service costs."),
                    {"option": option.value},
                    lever.key,
                )


def _of_texts(specification: Specification) -> Iterator[Finding]:
    for lever in specification.levers:
        own = [lever.name, lever.source, lever.owner, *([lever.locked] if lever.locked else [])]
        of_options = [text for option in lever.options for text in (option.label, option.consequence)]
        yield from _untranslated([*own, *of_options], lever.key)
        yield from _unequal(lever)
        yield from _loaded(lever)
    baseline = specification.baseline
    shared = [baseline.source, *(service.name for service in baseline.services)]
    shared += [assumption.name for assumption in baseline.assumptions]
    shared += [group.name for group in specification.groups]
    shared += [rule.why for rule in specification.rules]
    shared += [interaction.why for interaction in specification.interactions]
    yield from _untranslated(shared)
    if (levers := sum(1 for lever in specification.levers if not lever.locked)) > MOST_LEVERS:
        yield Finding(
            msgid("There are %(levers)s choices. More than %(most)s are many for one sitting."),
            {"levers": levers, "most": MOST_LEVERS},
            blocks=False,
        )


def _untranslated(texts: list[Localized], lever: str = "") -> Iterator[Finding]:
    for language in LANGUAGES:
        if missing := sum(1 for text in texts if not text.stored().get(language)):
            yield Finding(
                msgid("Texts missing in the language %(language)s: %(count)s."),
                {"language": language, "count": missing},
                lever,
            )


def _unequal(lever: Lever) -> Iterator[Finding]:
    """A longer text draws the eye to its option."""
    for language in LANGUAGES:
        lengths = [len(option.consequence.stored().get(language, "")) for option in lever.options]
        if any(length and 100 * length * len(lengths) // sum(lengths) not in LENGTHS for length in lengths):
            yield Finding(
                msgid("The consequences are of unequal length in the language %(language)s."),
                {"language": language},
                lever.key,
                blocks=False,
            )


def _loaded(lever: Lever) -> Iterator[Finding]:
    for language, words in LOADED.items():
        texts = [
            text.stored().get(language, "")
            for option in lever.options
            for text in (option.label, option.consequence)
        ]
        if found := words & set(re.findall(r"\w+", " ".join(texts).casefold())):
            yield Finding(
                msgid("A word that judges instead of telling: %(words)s."),
                {"words": ", ".join(sorted(found))},
                lever.key,
                blocks=False,
            )


def _lasting(engine: Engine, lever: Lever, option: Option) -> int:
    vector = engine.vectors[lever.key, option.value]
    return vector.on_result()[engine.target] - vector.one_off[engine.target]
