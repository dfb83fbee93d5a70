"""What a survey still lacks, or asks in vain, before it is opened. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

from pydantic import BaseModel

from service.core.errors import msgid
from service.core.text import LANGUAGES, Language, Localized
from service.surveys.condition import leaves
from service.surveys.definition import Definition, Page
from service.surveys.items import AnyItem, Budget, Info, Matrix, Ranking
from service.surveys.routes import Route, Walk

NEVER_SHOWN = msgid("This is never shown: its condition cannot be met.")
ALWAYS_SHOWN = msgid("The condition of this is always met. It can be removed.")
PAGE_EMPTY = msgid("Nothing on this page is ever shown.")
REQUIRED_OFF_THE_WAY = msgid(
    "This must be answered, but whether it is shown depends on %(code)s, which may be left unanswered."
)
UNTRANSLATED = msgid("Texts missing in the language %(language)s: %(count)s.")

WORDS_A_SECOND = 3
SECONDS = {
    "info": 0, "single": 5, "multiple": 8, "scale": 5, "matrix": 5, "ranking": 5, "number": 6, "date": 8,
    "short_text": 12, "long_text": 45, "consent": 4, "budget": 8,
}  # fmt: skip
"""To think and to answer; for a matrix, a ranking and a budget by the row or option. A rule of thumb."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` is the page or item it is about; what `blocks` must be mended before the opening, the rest is advice."""

    message: str
    parameters: dict[str, object] = field(default_factory=dict)
    place: str = ""
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Extent:
    """How many ways there are, at least so many unless all were walked, and the shortest and the longest in minutes."""

    routes: int
    complete: bool
    shortest: Route
    longest: Route
    least_minutes: int
    most_minutes: int


def check(definition: Definition) -> list[Finding]:
    return [*_of_conditions(definition), *_of_required(definition), *_of_texts(definition)]


def completeness(definition: Definition) -> dict[str, dict[Language, tuple[int, int]]]:
    """For each page and item how many of its texts are written in each language, and how many there are."""
    matrix = {}
    for page in definition.pages:
        for each in (page, *page.items):
            found = [text.stored() for text in texts(each)]
            matrix[each.id] = {
                language: (sum(1 for text in found if language in text), len(found)) for language in LANGUAGES
            }
    return matrix


def extent(definition: Definition) -> Extent:
    """How long the survey is, by the ways through it."""
    found = Walk(definition).routes()
    lengths = {item.id: seconds(item) for item in definition.items}
    routes = found.routes or (tuple(lengths),)
    timed = [(sum(lengths[item] for item in route), route) for route in routes]
    (least, shortest), (most, longest) = min(timed), max(timed)
    return Extent(
        len(routes), found.complete, shortest, longest, max(1, ceil(least / 60)), max(1, ceil(most / 60))
    )


def seconds(item: AnyItem) -> int:
    """To read and to answer, by the longest of its languages."""
    words = max(
        sum(len(text.stored().get(language, "").split()) for text in texts(item)) for language in LANGUAGES
    )
    times = 1
    if isinstance(item, Matrix):
        times = len(item.rows)
    elif isinstance(item, Ranking | Budget):
        times = len(item.options)
    return words // WORDS_A_SECOND + times * SECONDS[item.type]


def texts(part: BaseModel) -> Iterator[Localized]:
    """The city's words in a page without its items, an item, an option or a row."""
    for name, value in part:
        if isinstance(part, Page) and name == "items":
            continue
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Localized):
                yield each
            elif isinstance(each, BaseModel):
                yield from texts(each)


def _of_conditions(definition: Definition) -> Iterator[Finding]:
    walk = Walk(definition)
    for page in definition.pages:
        outcomes = walk.outcomes(page.visible_if) if page.visible_if else {True}
        if outcomes == {False}:
            yield Finding(NEVER_SHOWN, {}, page.id)
            continue
        if page.visible_if and outcomes == {True}:
            yield Finding(ALWAYS_SHOWN, {}, page.id, blocks=False)
        never = [item.id for item in page.items if _outcomes(walk, page, item) == {False}]
        if len(never) == len(page.items):
            yield Finding(PAGE_EMPTY, {}, page.id)
        yield from (Finding(NEVER_SHOWN, {}, item) for item in never)
        for item in page.items:
            if item.visible_if and _outcomes(walk, page, item) == {True}:
                yield Finding(ALWAYS_SHOWN, {}, item.id, blocks=False)


def _outcomes(walk: Walk, page: Page, item: AnyItem) -> set[bool] | None:
    return {True} if item.visible_if is None else walk.outcomes(item.visible_if, page.visible_if)


def _of_required(definition: Definition) -> Iterator[Finding]:
    for page in definition.pages:
        for item in page.items:
            if isinstance(item, Info) or not item.required:
                continue
            looked_at = {leaf.item for each in (page.visible_if, item.visible_if) for leaf in leaves(each)}
            for question in definition.questions:
                if question.id in looked_at and not question.required:
                    yield Finding(REQUIRED_OFF_THE_WAY, {"code": question.code}, item.id, blocks=False)


def _of_texts(definition: Definition) -> Iterator[Finding]:
    for place, languages in completeness(definition).items():
        for language, (written, all_) in languages.items():
            if written < all_:
                yield Finding(UNTRANSLATED, {"language": language, "count": all_ - written}, place)
