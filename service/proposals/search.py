"""Finding proposals: by words in any inflection, by filters, in a fair order, and by likeness to what is being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from service.proposals.models import AuthorKind, State

ALL_ON_ONE_PAGE = 200
PER_PAGE = 60
WHOLE_CITY = "whole_city"


class Order(StrEnum):
    RANDOM = "random"
    NEWEST = "newest"
    SUPPORTS = "supports"


class Search(BaseModel):
    """What a visitor looks for. Areas and categories by their keys; `whole_city` for what belongs to no area."""

    q: str = Field(default="", max_length=200)
    area: list[str] = Field(default_factory=list, max_length=100)
    category: list[str] = Field(default_factory=list, max_length=100)
    state: list[Literal["published", "merged", "withdrawn"]] = Field(
        default_factory=list, description="Empty: published ones."
    )
    order: Order = Order.RANDOM
    seed: str = Field(default="", max_length=40, description="Empty: the order of the day.")
    page: int = Field(default=1, ge=1, le=10_000)


@dataclass(frozen=True, slots=True)
class Row:
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
    """Two statements. Up to 200 found proposals stand on one page, more on pages of 60."""
    raise NotImplementedError


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
    """Published proposals of the process that may say the same, likest first, at most five."""
    raise NotImplementedError
