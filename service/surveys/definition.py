"""What a survey asks: one closed document, pages of items in three languages (docs/decisions/0007-surveys.md). Pure."""

import json
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Literal, Self

from pydantic import Field, model_validator

from service.surveys.condition import (
    Answered,
    Closed,
    Condition,
    Count,
    Dated,
    Equal,
    Id,
    In,
    Includes,
    Leaf,
    Node,
    Ordered,
    Value,
    decimal,
    leaves,
)
from service.surveys.items import (
    AnyItem,
    AnyQuestion,
    Budget,
    DateQuestion,
    Info,
    Matrix,
    Multiple,
    NumberQuestion,
    Ranking,
    Scale,
    Single,
    Text,
    once,
)

MOST_PAGES, MOST_ITEMS = 50, 200


class Page(Closed):
    id: Id
    title: Text
    intro: Text | None = None
    visible_if: Condition | None = None
    items: tuple[AnyItem, ...] = Field(min_length=1)


class Definition(Closed):
    format: Literal["survey/1"] = "survey/1"
    pages: tuple[Page, ...] = Field(min_length=1, max_length=MOST_PAGES)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        if len(self.items) > MOST_ITEMS:
            raise ValueError(f"a survey has at most {MOST_ITEMS} items")
        once("the survey", "id", [*(page.id for page in self.pages), *(item.id for item in self.items)])
        codes = [question.code for question in self.questions]
        codes += [row.code for matrix in self.questions if isinstance(matrix, Matrix) for row in matrix.rows]
        once("the survey", "code", [code.lower() for code in codes])
        marks = [each.demographic for each in self.questions if isinstance(each, Single) and each.demographic]
        once("the survey", "background question", marks)
        return self

    @model_validator(mode="after")
    def _conditions_look_back(self) -> Self:
        earlier: dict[str, AnyQuestion] = {}
        for page in self.pages:
            _check_all(page.id, page.visible_if, earlier)
            for item in page.items:
                _check_all(item.id, item.visible_if, earlier)
                if not isinstance(item, Info):
                    earlier[item.id] = item
        return self

    @cached_property
    def items(self) -> tuple[Info | AnyQuestion, ...]:
        return tuple(item for page in self.pages for item in page.items)

    @cached_property
    def questions(self) -> tuple[AnyQuestion, ...]:
        return tuple(item for item in self.items if not isinstance(item, Info))

    @cached_property
    def by_id(self) -> dict[str, AnyQuestion]:
        return {question.id: question for question in self.questions}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form: keys sorted, no blanks, UTF-8."""
        return sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        return json.dumps(
            self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )

    def conditions(self) -> Iterator[tuple[str, Node]]:
        """The id of each page and item that is not always shown, and its condition."""
        for page in self.pages:
            for each in (page, *page.items):
                if each.visible_if is not None:
                    yield each.id, each.visible_if


def _check_all(where: str, condition: Node | None, earlier: dict[str, AnyQuestion]) -> None:
    for leaf in leaves(condition):
        question = earlier.get(leaf.item)
        if question is None:
            raise ValueError(f"the condition of {where} looks at {leaf.item}, which is not asked before it")
        if not (_part_fits(leaf, question) and _fits(leaf, question)):
            raise ValueError(f"the condition of {where} cannot ask {leaf.op} of {leaf.item}")


def _fits(leaf: Leaf, question: AnyQuestion) -> bool:
    """Whether the comparison has a meaning for what the question is answered with."""
    match leaf:
        case Answered():
            return True
        case Equal():
            return _value_fits(leaf.value, question)
        case In():
            return all(_value_fits(value, question) for value in leaf.value)
        case Includes() | Count():
            return isinstance(question, Multiple | Ranking) and _is_among(leaf, question)
        case Ordered():
            whole = isinstance(question, Scale | Ranking | Budget) and isinstance(leaf.value, int)
            return whole or isinstance(question, NumberQuestion)
        case Dated():
            return isinstance(question, DateQuestion) and _is_real(leaf.value)


def _is_among(leaf: Includes | Count, question: Multiple | Ranking) -> bool:
    return leaf.value in question.by_id if isinstance(leaf, Includes) else leaf.least <= len(question.options)


def _part_fits(leaf: Leaf, question: AnyQuestion) -> bool:
    """The parts of a question that has them are compared one by one; `includes` and `count` look at the whole."""
    if leaf.part is None:
        whole = isinstance(leaf, Answered | Includes | Count)
        return whole or not isinstance(question, Matrix | Ranking | Budget)
    if isinstance(leaf, Includes | Count):
        return False
    if isinstance(question, Matrix):
        return leaf.part in {row.id for row in question.rows}
    return isinstance(question, Ranking | Budget) and leaf.part in question.by_id


def _value_fits(value: Value, question: AnyQuestion) -> bool:
    match question:
        case Single() | Matrix():
            return value in question.by_id
        case Scale():
            return value in question.by_id or (
                isinstance(value, int) and question.least <= value <= question.most
            )
        case NumberQuestion():
            return decimal(value) is not None
        case DateQuestion():
            return isinstance(value, str) and _is_real(value)
        case Ranking() | Budget():
            return isinstance(value, int)
        case _:
            return False


def _is_real(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True
