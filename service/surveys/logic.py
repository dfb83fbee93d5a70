"""Which pages and items a person is shown: the same decisions as in `frontend/islands/logic.ts`. Pure.

Answers map a question's id to a plain JSON value, as `items.py` tells for each type. Conditions look at earlier questions
alone, so one pass decides. A question that is hidden or unanswered makes every comparison false, `ne` too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt

from service.surveys.condition import (
    Answered,
    Combined,
    Count,
    Dated,
    Equal,
    In,
    Includes,
    Leaf,
    Node,
    Not,
    Ordered,
    Value,
    decimal,
)
from service.surveys.definition import Definition
from service.surveys.items import Multiple, NumberQuestion, Role, Single, other_key

Answers = Mapping[str, object]

ORDER = {"lt": lt, "lte": le, "gt": gt, "gte": ge}


@dataclass(frozen=True, slots=True)
class Visible:
    """Ids in the survey's order."""

    pages: tuple[str, ...]
    items: tuple[str, ...]


def visible(definition: Definition, answers: Answers) -> Visible:
    """What is shown with these answers. A page that has nothing to show is passed over."""
    seen: dict[str, object] = {}
    pages: list[str] = []
    items: list[str] = []
    for page in definition.pages:
        if not met(definition, page.visible_if, seen):
            continue
        before = len(items)
        for item in page.items:
            if met(definition, item.visible_if, seen):
                items.append(item.id)
                if item.id in answers:
                    seen[item.id] = answers[item.id]
        if len(items) > before:
            pages.append(page.id)
    return Visible(tuple(pages), tuple(items))


def kept(definition: Definition, answers: Answers) -> dict[str, object]:
    """The answers that are sent: those to what is shown, and the words of `other` where it is chosen."""
    shown = visible(definition, answers).items
    found: dict[str, object] = {}
    for item in shown:
        answer = answers.get(item)
        if is_empty(answer):
            continue
        found[item] = answer
        if chose_other(definition, item, answer) and not is_empty(words := answers.get(other_key(item))):
            found[other_key(item)] = words
    return found


def chose_other(definition: Definition, item: str, answer: object) -> bool:
    """Whether the answer has the option that opens a text."""
    question = definition.by_id.get(item)
    if not isinstance(question, Single | Multiple):
        return False
    chosen = answer if isinstance(answer, list) else [answer]
    return any(option.role is Role.OTHER and option.id in chosen for option in question.options)


def is_empty(answer: object) -> bool:
    """No answer: nothing, an empty text or list, a box that is not ticked."""
    if isinstance(answer, str):
        return not answer.strip(" \t\r\n")
    return answer is None or answer is False or answer in ([], {})


def met(definition: Definition, condition: Node | None, seen: Answers) -> bool:
    """Whether the condition holds with the answers to what is shown; without one, always."""
    match condition:
        case None:
            return True
        case Combined():
            quantifier = all if condition.op == "all" else any
            return quantifier(met(definition, branch, seen) for branch in condition.of)
        case Not():
            return not met(definition, condition.of, seen)
        case _:
            answer = seen.get(condition.item)
            if condition.part is not None:
                answer = answer.get(condition.part) if isinstance(answer, dict) else None
            numeric = isinstance(definition.by_id[condition.item], NumberQuestion)
            return not is_empty(answer) and holds(condition, answer, numeric=numeric)


def holds(leaf: Leaf, answer: object, *, numeric: bool) -> bool:
    """Whether the comparison is true of this answer, which is not empty; `numeric` answers are numbers written out."""
    match leaf:
        case Answered():
            return True
        case Equal():
            return _same(answer, leaf.value, numeric=numeric) == (leaf.op == "eq")
        case In():
            return any(_same(answer, value, numeric=numeric) for value in leaf.value)
        case Includes() | Count():
            return isinstance(answer, list | dict) and _has(leaf, answer)
        case Ordered():
            one, other = decimal(answer), decimal(leaf.value)
            return one is not None and other is not None and ORDER[leaf.op](one, other)
        case Dated():
            return isinstance(answer, str) and (
                answer < leaf.value if leaf.op == "before" else answer > leaf.value
            )


def _has(leaf: Includes | Count, chosen: list[object] | dict[str, object]) -> bool:
    if isinstance(leaf, Includes):
        return leaf.value in chosen
    return leaf.least <= len(chosen) <= (leaf.most or len(chosen))


def _same(answer: object, value: Value, *, numeric: bool) -> bool:
    if numeric:
        number = decimal(answer)
        return number is not None and number == decimal(value)
    return type(answer) is type(value) and answer == value
