"""Whether what somebody sent answers what was asked, page by page. Pure.

What comes in is JSON, or the texts of a form; what goes out are the plain values that `items.py` tells for each type.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from service.core.errors import msgid
from service.surveys.definition import Definition, Page
from service.surveys.items import AnyQuestion, Info, Matrix, Role, other_key
from service.surveys.logic import Answers, chose_other, is_empty, visible
from service.surveys.reading import Wrong, read, text

MOST_OTHER = 200
"""Characters in the words of an option `other`."""

MISSING = msgid("Answer this question.")
ROW_MISSING = msgid("Answer this row too.")


class NotOnPage(Exception):
    """What was sent names a question that the page does not have."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer cannot be taken. `part` is the row or option, or `other`, it is about."""

    item: str
    message: str
    parameters: dict[str, object] = field(default_factory=dict)
    part: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """All answers so far, of this page those that can be taken."""

    answers: dict[str, object]
    faults: tuple[Fault, ...]


def check(definition: Definition, page: str, given: Answers, before: Answers) -> Checked:
    """The answers with those of one page put in place of what they were. Only what is shown must be right and whole.

    Raises KeyError where there is no such page, NotOnPage.
    """
    questions = _questions(_page(definition, page))
    own = {key for question in questions for key in (question.id, other_key(question.id))}
    if given.keys() - own:
        raise NotOnPage
    answers = {key: answer for key, answer in before.items() if key not in own}
    wrong: list[Fault] = []
    for question in questions:
        read, faults = _taken(definition, question, given)
        answers |= read
        wrong += faults
    shown = set(visible(definition, answers).items)
    faults = [fault for fault in wrong if fault.item in shown]
    refused = {fault.item for fault in faults}
    for question in questions:
        if question.id in shown - refused:
            faults += missing(question, answers.get(question.id))
    return Checked(answers, tuple(faults))


def check_all(definition: Definition, answers: Answers) -> tuple[Fault, ...]:
    """What is still wrong before the answers may be sent."""
    taken: dict[str, object] = {}
    faults: list[Fault] = []
    for page in definition.pages:
        own = {key for question in _questions(page) for key in (question.id, other_key(question.id))}
        checked = check(definition, page.id, {key: answers[key] for key in own & answers.keys()}, taken)
        taken = checked.answers
        faults += checked.faults
    return tuple(faults)


def missing(question: AnyQuestion, answer: object) -> Iterator[Fault]:
    """What a required question, which is shown, still lacks."""
    if not question.required:
        return
    if isinstance(question, Matrix):
        rows = answer if isinstance(answer, dict) else {}
        yield from (
            Fault(question.id, ROW_MISSING, {}, row.id) for row in question.rows if row.id not in rows
        )
    elif is_empty(answer):
        yield Fault(question.id, MISSING)


def _page(definition: Definition, page: str) -> Page:
    return {each.id: each for each in definition.pages}[page]


def _questions(page: Page) -> list[AnyQuestion]:
    return [item for item in page.items if not isinstance(item, Info)]


def _taken(
    definition: Definition, question: AnyQuestion, given: Answers
) -> tuple[dict[str, object], list[Fault]]:
    answer = given.get(question.id)
    try:
        value = None if is_empty(answer) else read(question, answer)
        if is_empty(value):
            return {}, []
        words = ""
        if chose_other(definition, question.id, value):
            words = text(given.get(other_key(question.id)) or "", MOST_OTHER, Role.OTHER)
    except Wrong as wrong:
        return {}, [Fault(question.id, wrong.message, wrong.parameters, wrong.part)]
    return {question.id: value} | ({other_key(question.id): words} if words else {}), []
