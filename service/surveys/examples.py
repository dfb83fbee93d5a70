"""Of a question's answers so few that every comparison a survey makes with them comes out each way it can. Pure.

There may be more ways than an answer really has, never fewer: what holds of all examples holds of all answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import singledispatch
from itertools import chain, combinations, permutations, product

from service.surveys.condition import Dated, Equal, In, Includes, Leaf, Ordered
from service.surveys.definition import Definition
from service.surveys.items import (
    AnyQuestion,
    Budget,
    Choice,
    DateQuestion,
    Matrix,
    Multiple,
    NumberQuestion,
    Question,
    Ranking,
    Scale,
)
from service.surveys.logic import met

MOST = 10_000
"""Answers looked through for one question."""


class TooMany(Exception):
    """The comparisons come out in more ways than are looked through."""


def examples(definition: Definition, question: AnyQuestion, asked: Sequence[Leaf]) -> list[object]:
    """Answers, of which None is none, one for each way in which the comparisons `asked` of the question come out.

    Raises TooMany.
    """
    ways: dict[tuple[bool, ...], object] = {}
    answers = chain(() if question.required else (None,), given(question, asked))
    for number, answer in enumerate(answers):
        if number > MOST:
            raise TooMany
        ways.setdefault(tuple(met(definition, leaf, {question.id: answer}) for leaf in asked), answer)
    return list(ways.values())


@singledispatch
def given(question: Question, asked: Sequence[Leaf]) -> Iterable[object]:  # noqa: ARG001 - texts and consents are given or not
    """Answers that are not none."""
    return (True,)


@given.register
def _(question: Choice, asked: Sequence[Leaf]) -> Iterable[object]:  # noqa: ARG001 - each option is an answer
    return question.by_id


@given.register
def _(question: Scale, asked: Sequence[Leaf]) -> Iterable[object]:  # noqa: ARG001 - each number is an answer
    return (*range(question.least, question.most + 1), *question.by_id)


@given.register
def _(question: Multiple, asked: Sequence[Leaf]) -> Iterable[object]:
    """Every choice of options asked for, with each number of others; options asked for by nobody are alike."""
    named = {leaf.value for leaf in asked if isinstance(leaf, Includes)}
    free = [option.id for option in question.options if not option.is_exclusive]
    others = [option for option in free if option not in named]
    for count in range(len(free) - len(others) + 1):
        for some in combinations([option for option in free if option in named], count):
            for rest in range(len(others) + 1):
                if (question.least or 1) <= count + rest <= (question.most or len(free)):
                    yield [*some, *others[:rest]]
    for option in question.options:
        if option.is_exclusive:
            yield [option.id]


@given.register
def _(question: Matrix, asked: Sequence[Leaf]) -> Iterable[object]:
    """Each option or none in the rows asked for, and all the others answered or not."""
    named = {leaf.part for leaf in asked}
    options: list[str | None] = list(question.by_id)
    choices = options if question.required else [None, *options]
    rows = [row.id for row in question.rows if row.id in named]
    others = [row.id for row in question.rows if row.id not in named]
    for chosen in product(*(choices for _ in rows)):
        answer = {row: option for row, option in zip(rows, chosen, strict=True) if option is not None}
        if not question.required:
            yield answer
        yield answer | dict.fromkeys(others, options[0])


@given.register
def _(question: Ranking, asked: Sequence[Leaf]) -> Iterable[object]:  # noqa: ARG001 - every order is looked at
    most = question.most or len(question.options)
    for count in range(question.least or 1, most + 1):
        for order in permutations(question.by_id, count):
            yield {option: place for place, option in enumerate(order, 1)}


@given.register
def _(question: Budget, asked: Sequence[Leaf]) -> Iterable[object]:
    """Sums at, below and above the limits asked for; whether the others can make up the whole is not looked at."""
    limits = [
        {0, question.total}
        | {
            limit + step
            for leaf in asked
            if leaf.part == option
            for limit in _limits(leaf)
            for step in (-question.step, 0, question.step)
        }
        for option in question.by_id
    ]
    for sums in product(*(sorted(int(each) for each in at if 0 <= each <= question.total) for at in limits)):
        if 0 < sum(sums) <= question.total:
            yield dict(zip(question.by_id, sums, strict=True))


@given.register
def _(question: NumberQuestion, asked: Sequence[Leaf]) -> Iterable[object]:
    """Numbers at, below and above the limits asked for, within those of the question."""
    unit = Decimal(1).scaleb(-question.decimals)
    bounds = [Decimal(bound) for bound in (question.least, question.most) if bound is not None]
    limits = {Decimal(0), *bounds}
    for limit in chain.from_iterable(map(_limits, asked)):
        floor = limit // unit * unit
        limits |= {floor - unit, floor, floor + unit}
    for number in sorted(limits):
        low = question.least is None or number >= Decimal(question.least)
        if low and (question.most is None or number <= Decimal(question.most)):
            yield format(number, "f")


@given.register
def _(question: DateQuestion, asked: Sequence[Leaf]) -> Iterable[object]:
    """Days at, before and after those asked for, within the limits of the question."""
    days = {date(2000, 1, 1), *(date.fromisoformat(each) for each in (question.least, question.most) if each)}
    for leaf in asked:
        for day in map(date.fromisoformat, _days(leaf)):
            days |= {day - timedelta(days=1), day, day + timedelta(days=1)}
    for each in sorted(day.isoformat() for day in days):
        if (question.least or each) <= each <= (question.most or each):
            yield each


def _values(leaf: Leaf) -> Iterator[object]:
    match leaf:
        case In():
            yield from leaf.value
        case Equal() | Ordered() | Dated():
            yield leaf.value
        case _:
            return


def _limits(leaf: Leaf) -> Iterator[Decimal]:
    yield from (Decimal(str(value)) for value in _values(leaf))


def _days(leaf: Leaf) -> Iterator[str]:
    yield from (str(value) for value in _values(leaf))
