from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSVECTOR
from sqlmodel import Field, SQLModel

from service.core.database import moment_column


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class AuthorKind(StrEnum):
    PERSON = "person"
    ASSOCIATION = "association"
    COMPANY = "company"


class Idea(SQLModel):
    """What a resident writes. The limits stand here once, for form, API and column."""

    title: str = Field(min_length=5, max_length=120)
    text: str = Field(min_length=20, max_length=5_000, description="Markdown without HTML.")
    area_id: UUID | None = Field(default=None, description="Null: the whole city.")
    category_id: UUID | None = None
    address: str = Field(default="", max_length=200)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    cost_wish_cents: int | None = Field(
        default=None, ge=0, le=100_000_000_00, description="The author's guess.", sa_type=BigInteger
    )
    author_kind: AuthorKind = Field(default=AuthorKind.PERSON, sa_type=TEXT)
    organisation: str = Field(default="", max_length=120, description="Name of the association or company.")
    picture_alt: str = Field(default="", max_length=300)


class Proposal(SQLModel, table=True):
    """What the city keeps. A draft may still be short, so it takes `Idea`'s limits only when it is submitted."""

    __table_args__ = (
        UniqueConstraint("process_id", "number"),
        Index("ix_proposal_search", "search", postgresql_using="gin"),
        Index("ix_proposal_trigrams", "trigrams", postgresql_using="gin"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID = Field(foreign_key="process.id")
    number: int = Field(description="Within the process, in its address.")
    state: State = Field(default=State.DRAFT, sa_type=TEXT)
    language: str = Field(max_length=2)
    author_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    author_name: str = Field(default="", max_length=80, description="Empty: a former resident.")
    author_kind: AuthorKind = Field(default=AuthorKind.PERSON, sa_type=TEXT)
    organisation: str = Field(default="", max_length=120)
    title: str = Field(default="", max_length=120)
    text: str = Field(default="", max_length=5_000)
    area_id: UUID | None = Field(default=None, foreign_key="area.id", index=True)
    category_id: UUID | None = Field(default=None, foreign_key="category.id", index=True)
    address: str = Field(default="", max_length=200)
    latitude: float | None = None
    longitude: float | None = None
    cost_wish_cents: int | None = Field(default=None, sa_type=BigInteger)
    picture_id: UUID | None = Field(default=None, foreign_key="picture.id", index=True)
    picture_alt: str = Field(default="", max_length=300)
    thread_id: UUID = Field(foreign_key="thread.id", index=True)
    merged_into_id: UUID | None = Field(default=None, foreign_key="proposal.id", index=True)
    version: int = Field(default=1, description="Grows with every edit; guards against two editors.")
    nonce: UUID = Field(unique=True, description="A form sent twice makes one proposal.")
    created_at: datetime = moment_column(default_now=True)
    submitted_at: datetime | None = moment_column(nullable=True)
    published_at: datetime | None = moment_column(nullable=True)

    lemma_version: int = Field(default=0)
    search: str | None = Field(default=None, sa_type=TSVECTOR)
    trigrams: list[str] = Field(default_factory=list, sa_type=ARRAY(TEXT))


class Version(SQLModel, table=True):
    """A text as it once stood in public."""

    __tablename__ = "proposal_version"

    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    number: int = Field(primary_key=True)
    title: str = Field(max_length=120)
    text: str = Field(max_length=5_000)
    note: str = Field(default="", max_length=300, description="Why it was changed, in the author's words.")
    written_at: datetime = moment_column(default_now=True)


class Coauthor(SQLModel, table=True):
    """Asked by the author, shown once they have accepted."""

    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True)
    accepted_at: datetime | None = moment_column(nullable=True)


class Support(SQLModel, table=True):
    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True)
    given_at: datetime = moment_column(default_now=True)
