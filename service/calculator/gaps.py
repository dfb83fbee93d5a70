"""What keeps a draft from being a specification: parts that are missing, and parts that do not fit together. Pure."""

from collections.abc import Iterable, Iterator

from service.calculator.readiness import Finding
from service.calculator.specification import (
    Add,
    AtMost,
    Condition,
    Draft,
    Effect,
    Interaction,
    Lever,
    Overlap,
    PersonYears,
    Requires,
    Rule,
    Scale,
)
from service.core.errors import msgid


def of_draft(draft: Draft) -> list[Finding]:
    """At least one where the draft is no specification; what is missing comes first."""
    found = [*_missing(draft), *_of_levers(draft), *_of_rules(draft)]
    return found or [Finding(msgid("Some of the figures do not fit together."))]


def _missing(draft: Draft) -> Iterator[Finding]:
    if draft.baseline is None:
        yield Finding(msgid("The starting point is missing."))
    if draft.target is None:
        yield Finding(msgid("The target is missing."))
    elif draft.baseline and draft.target.year not in _years(draft):
        yield Finding(
            msgid("The year of the target, %(year)s, is not among the years of the starting point."),
            {"year": str(draft.target.year)},
        )
    if not draft.groups:
        yield Finding(msgid("There are no groups of choices."))
    if not draft.levers:
        yield Finding(msgid("There are no choices."))


def _of_levers(draft: Draft) -> Iterator[Finding]:
    groups, years, seen = {group.key for group in draft.groups}, len(_years(draft)), set()
    for lever in draft.levers:
        if lever.key in seen:
            yield Finding(msgid("Two choices have the same code."), {}, lever.key)
        seen.add(lever.key)
        if lever.group not in groups:
            yield Finding(msgid("A choice stands in no group."), {}, lever.key)
        if draft.baseline and _has_other_years(lever, years):
            yield Finding(msgid("A choice has sums for other years than the starting point."), {}, lever.key)


def _of_rules(draft: Draft) -> Iterator[Finding]:
    for number, rule in enumerate(draft.rules, 1):
        if _is_lost(draft, _conditions(rule), ()):
            yield Finding(
                msgid("Rule %(number)s names a choice or an option that is not there any more."),
                {"number": number},
            )
    for number, interaction in enumerate(draft.interactions, 1):
        if _is_lost(draft, _conditions(interaction), _named(interaction)):
            yield Finding(
                msgid("Joint effect %(number)s names a choice or an option that is not there any more."),
                {"number": number},
            )
        effects = interaction.effects if isinstance(interaction, Add) else ()
        if draft.baseline and _differ(effects, len(_years(draft))):
            yield Finding(
                msgid("Joint effect %(number)s has sums for other years than the starting point."),
                {"number": number},
            )


def _years(draft: Draft) -> list[int]:
    return [year.year for year in draft.baseline.years] if draft.baseline else []


def _has_other_years(lever: Lever, years: int) -> bool:
    return any(
        _differ(option.effects, years) or (option.range and len(option.range) != years)
        for option in lever.options
    )


def _differ(effects: Iterable[Effect], years: int) -> bool:
    return any(len(effect.amounts) != years for effect in effects)


def _conditions(about: Rule | Interaction) -> tuple[Condition, ...]:
    match about:
        case AtMost():
            return about.of
        case Requires():
            return about.when, about.then
        case Add() | Scale():
            return about.when
        case Overlap() | PersonYears():
            return ()


def _named(interaction: Interaction) -> tuple[str, ...]:
    match interaction:
        case Scale():
            return (interaction.lever,)
        case Overlap():
            return interaction.levers
        case Add():
            return ()


def _is_lost(draft: Draft, conditions: Iterable[Condition], keys: Iterable[str]) -> bool:
    levers = {lever.key: lever for lever in draft.levers}
    return any(key not in levers for key in keys) or any(
        each.lever not in levers or not set(each.options) <= levers[each.lever].by_value.keys()
        for each in conditions
    )
