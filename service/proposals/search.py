"""Finding proposals: by words in any inflection, by filters, in a fair order, and by likeness to what is being written."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from math import ceil
from typing import Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Float, and_, cast, desc, false, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSQUERY, insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.comments import queries as comments
from service.core import clock, lemmas
from service.core.text import LANGUAGES, Language
from service.processes.models import Area, Category
from service.proposals.models import AuthorKind, Proposal, SearchEntry, State
from service.proposals.queries import carried_supports, own_supports

ALL_ON_ONE_PAGE = 200
LONGEST_QUERY = 200  # characters
PER_PAGE = 60
WHOLE_CITY = "whole_city"
EXCERPT = 300

MISSPELT = 0.6
"""Share of a misspelt word's trigrams that a title has: "leikipuisto" has 0.83 of "leikkipuisto"."""

ALIKE = 0.42
MOST_ALIKE = 5
CLOSEST_TITLES = 50


class Order(StrEnum):
    RANDOM = "random"
    NEWEST = "newest"
    SUPPORTS = "supports"


class Search(BaseModel):
    """What a visitor looks for. Areas and categories by their keys; `whole_city` for what belongs to no area."""

    q: str = Field(default="", max_length=LONGEST_QUERY)
    area: list[str] = Field(default_factory=list, max_length=100)
    category: list[str] = Field(default_factory=list, max_length=100)
    state: list[Literal["published", "merged", "withdrawn"]] = Field(
        default_factory=list, max_length=100, description="Empty: published ones."
    )
    order: Order = Order.RANDOM
    seed: str = Field(
        default="", max_length=40, description="Of the random order. Empty: today's, the same for all."
    )
    page: int = Field(default=1, ge=1, le=10_000)


class Row(NamedTuple):
    """A proposal in a list. A tuple, for a list has 200 of them."""

    id: UUID
    number: int
    state: State
    language: str
    title: str
    excerpt: str
    area_id: UUID | None
    category_id: UUID | None
    address: str
    latitude: float | None
    longitude: float | None
    cost_wish_cents: int | None
    author_id: UUID | None
    author_name: str
    author_kind: AuthorKind
    organisation: str
    picture_id: UUID | None
    picture_alt: str
    published_at: datetime
    supports: int  # people, those of merged originals included
    comments: int


@dataclass(frozen=True, slots=True)
class Listing:
    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    seed: str


async def listed(session: AsyncSession, process_id: UUID, search: Search) -> Listing:
    """Up to 200 found proposals stand on one page, more on pages of 60; a page that is not there is the last one.

    One statement; a second where nothing is found by a word that may be misspelt, two more where there are several pages.
    """
    seed = search.seed or (await clock.now(session)).astimezone(clock.HELSINKI).date().isoformat()
    among = _filtered(process_id, search)
    words = await asyncio.to_thread(lemmas.query, search.q) if search.q.strip() else []
    found = and_(among, _all_words(words)) if search.q.strip() else among
    order = _order(search.order, seed)
    rows = await _rows(session, found, order, limit=ALL_ON_ONE_PAGE + 1)
    if not rows and any(not word.is_known for word in words):
        found = and_(among, *(_misspelt(word) for word in words))
        rows = await _rows(session, found, order, limit=ALL_ON_ONE_PAGE + 1)
    if len(rows) <= ALL_ON_ONE_PAGE:
        return Listing(rows, len(rows), 1, 1, seed)
    total = await _count(session, found)
    pages = ceil(total / PER_PAGE)
    page = min(search.page, pages)
    rows = await _rows(session, found, order, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return Listing(rows, total, page, pages, seed)


async def _rows(
    session: AsyncSession, found: ColumnElement[bool], order: list[Any], *, limit: int, offset: int = 0
) -> list[Row]:
    statement: Any = select(*_columns()).where(found).order_by(*order).limit(limit).offset(offset)
    return [Row._make(row) for row in (await session.exec(statement)).all()]


def _filtered(process_id: UUID, search: Search) -> ColumnElement[bool]:
    conditions = [
        col(Proposal.process_id) == process_id,
        col(Proposal.state).in_(search.state or [State.PUBLISHED]),
        col(Proposal.published_at).is_not(None),
    ]
    if search.area:
        in_areas = col(Proposal.area_id).in_(select(col(Area.id)).where(col(Area.key).in_(search.area)))
        nowhere = col(Proposal.area_id).is_(None) if WHOLE_CITY in search.area else false()
        conditions.append(or_(in_areas, nowhere))
    if search.category:
        chosen = select(col(Category.id)).where(col(Category.key).in_(search.category))
        conditions.append(col(Proposal.category_id).in_(chosen))
    return and_(*conditions)


def _all_words(words: Sequence[lemmas.Word]) -> ColumnElement[bool]:
    return _entry(_has(lemmas.tsquery(words))) if words else false()


def _misspelt(word: lemmas.Word) -> ColumnElement[bool]:
    if word.is_known:
        return _entry(_has(word.tsquery))
    like = _common(SearchEntry.title_trigrams, word.trigrams) >= MISSPELT * len(word.trigrams)
    return _entry(or_(_has(word.tsquery), like))


def _entry(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(col(SearchEntry.proposal_id))
        .where(col(SearchEntry.proposal_id) == Proposal.id, condition)
        .correlate(Proposal)
        .exists()
    )


def _has(tsquery: str) -> ColumnElement[bool]:
    return col(SearchEntry.lemmas).bool_op("@@")(cast(tsquery, TSQUERY))


def _common(stored: Any, given: Sequence[str]) -> ColumnElement[int]:
    """How many of the given trigrams are among the stored ones."""
    piece = func.unnest(stored).column_valued("piece")
    wanted = func.unnest(cast(list(given), ARRAY(TEXT))).column_valued("wanted")
    return select(func.count(piece)).where(piece == wanted).correlate(SearchEntry).scalar_subquery()


async def _count(session: AsyncSession, found: ColumnElement[bool]) -> int:
    statement: Any = select(func.count()).select_from(Proposal).where(found)
    total: int = (await session.exec(statement)).scalar_one()
    return total


@cache
def _supports() -> ColumnElement[int]:
    return own_supports() + carried_supports()


def _excerpt() -> ColumnElement[str]:
    return func.left(Proposal.text, EXCERPT)


@cache
def _columns() -> list[Any]:
    """As `Row` has them."""
    return [
        col(Proposal.id),
        col(Proposal.number),
        col(Proposal.state),
        col(Proposal.language),
        col(Proposal.title),
        _excerpt(),
        col(Proposal.area_id),
        col(Proposal.category_id),
        col(Proposal.address),
        col(Proposal.latitude),
        col(Proposal.longitude),
        col(Proposal.cost_wish_cents),
        col(Proposal.author_id),
        col(Proposal.author_name),
        col(Proposal.author_kind),
        col(Proposal.organisation),
        col(Proposal.picture_id),
        col(Proposal.picture_alt),
        col(Proposal.published_at),
        _supports(),
        comments.count_in(col(Proposal.thread_id)),
    ]


def _order(order: Order, seed: str) -> list[Any]:
    """Complete, so that pages neither repeat nor lose a row: numbers are unique in a process."""
    match order:
        case Order.RANDOM:
            first: Any = func.md5(seed + cast(Proposal.id, TEXT))
        case Order.NEWEST:
            first = col(Proposal.published_at).desc()
        case Order.SUPPORTS:
            first = _supports().desc()
    return [first, col(Proposal.number).desc()]


class Pieces(NamedTuple):
    """What a title and a text are found by."""

    terms: list[str]  # of the title
    all_terms: list[str]
    title_trigrams: list[str]
    trigrams: list[str]


@dataclass(frozen=True, slots=True)
class Similar:
    number: int
    title: str
    excerpt: str
    supports: int
    likeness: float


async def similar(
    session: AsyncSession, process_id: UUID, title: str, text: str, *, besides: UUID | None = None
) -> Sequence[Similar]:
    """Published proposals of the process that may say the same, likest first, at most five; `text` may be empty.

    Likeness is half how alike the titles are (Jaccard of their trigrams), half how much of the new text is in the other one, among
    those that have a word of the new title. Measured on 133 Finnish and Swedish proposals, 62 of them said again in other words
    (tests/proposals/test_similar.py): at 0.42 the right one is shown for 56 of them, always first, and something for 1 of 22 ideas
    that repeat nothing; by title alone for 55 and 3.
    """
    new = await asyncio.to_thread(_pieces, title, text, None)
    if not new.terms:
        return []
    closest = _closest_titles(process_id, new, besides).subquery()
    likeness = (
        closest.c.likeness / 2
        + cast(_common(SearchEntry.trigrams, new.trigrams), Float) / len(new.trigrams) / 2
    )
    statement: Any = (
        select(col(Proposal.number), col(Proposal.title), _excerpt(), _supports(), likeness.label("likeness"))
        .join(SearchEntry, col(SearchEntry.proposal_id) == Proposal.id)
        .join(closest, closest.c.proposal_id == Proposal.id)
        .order_by(desc("likeness"), col(Proposal.number))
        .limit(MOST_ALIKE)
    )
    likest = [Similar(*row) for row in (await session.exec(statement)).all()]
    return [one for one in likest if one.likeness >= ALIKE]


def _closest_titles(process_id: UUID, new: Pieces, besides: UUID | None) -> Any:
    """Whole texts are compared of these alone: that takes many times a title's time."""
    counted = (
        select(
            col(SearchEntry.proposal_id),
            func.cardinality(SearchEntry.title_trigrams).label("size"),
            _common(SearchEntry.title_trigrams, new.title_trigrams).label("common"),
        )
        .join(Proposal, col(Proposal.id) == SearchEntry.proposal_id)
        .where(
            col(Proposal.process_id) == process_id,
            col(Proposal.state) == State.PUBLISHED,
            col(Proposal.id).is_distinct_from(besides),
            _has(" | ".join(_quoted(term) for term in new.terms)),
        )
        .subquery()
    )
    of_both = counted.c.size + len(new.title_trigrams) - counted.c.common
    likeness = (cast(counted.c.common, Float) / of_both).label("likeness")
    return select(counted.c.proposal_id, likeness).order_by(desc("likeness")).limit(CLOSEST_TITLES)


# --- the index


def _pieces(title: str, text: str, language: Language | None) -> Pieces:
    terms, rest = lemmas.lemmas(title, language), lemmas.lemmas(text, language)
    all_terms = list(dict.fromkeys([*terms, *rest]))
    return Pieces(terms, all_terms, lemmas.trigrams(terms), lemmas.trigrams(all_terms))


async def index(session: AsyncSession, proposal: Proposal) -> None:
    """Write what a published proposal is found by, of its text as it stands."""
    language = next(language for language in LANGUAGES if language == proposal.language)
    pieces = await asyncio.to_thread(_pieces, proposal.title, proposal.text, language)
    around = await asyncio.to_thread(lemmas.lemmas, f"{proposal.address}\n{proposal.organisation}", language)
    entry = {
        "lemmas": " ".join(_quoted(term) for term in dict.fromkeys([*pieces.all_terms, *around])),
        "title_trigrams": pieces.title_trigrams,
        "trigrams": pieces.trigrams,
        "lemma_version": lemmas.VERSION,
    }
    row = insert(SearchEntry).values(proposal_id=proposal.id, **entry)
    await session.exec(row.on_conflict_do_update(index_elements=["proposal_id"], set_=entry))


def _quoted(term: str) -> str:
    """For tsvector and tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
