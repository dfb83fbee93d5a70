"""Residents' ideas for the city's money, from draft to ballot."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import field_validator
from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSVECTOR
from sqlmodel import Field, SQLModel

from service.core.database import Choice, moment_column


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


class Content(SQLModel):
    """What an author has written so far. The largest sizes stand here once, for form, API and columns."""

    title: str = Field(default="", max_length=120)
    text: str = Field(default="", max_length=5_000, description="Markdown without HTML.")
    area_id: UUID | None = Field(
        default=None, foreign_key="area.id", index=True, description="Null: the whole city."
    )
    category_id: UUID | None = Field(default=None, foreign_key="category.id", index=True)
    address: str = Field(default="", max_length=200)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    cost_wish_cents: int | None = Field(
        default=None, ge=0, le=100_000_000_00, description="The author's guess.", sa_type=BigInteger
    )
    author_kind: AuthorKind = Field(default=AuthorKind.PERSON, sa_type=Choice(AuthorKind))
    organisation: str = Field(default="", max_length=120, description="Name of the association or company.")
    picture_alt: str = Field(default="", max_length=300, description="What the picture shows, in words.")

    @field_validator("title", "address", "organisation", "picture_alt", mode="before")
    @classmethod
    def _is_one_line(cls, value: object) -> object:
        return " ".join(value.split()) if isinstance(value, str) else value

    @field_validator("text", mode="before")
    @classmethod
    def _has_no_margin(cls, value: object) -> object:
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value

    def content(self) -> dict[str, Any]:
        """What the author wrote, without what a proposal or a version adds."""
        return {name: getattr(self, name) for name in Content.model_fields}


class Idea(Content):
    """What may be sent to the city: content that says enough."""

    title: str = Field(min_length=5, max_length=120)
    text: str = Field(min_length=20, max_length=5_000, description="Markdown without HTML.")


class Proposal(Content, table=True):
    """What the city keeps. Once published, its content is what the public reads; an edit waits as a `Version`."""

    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID = Field(foreign_key="process.id")
    number: int = Field(description="Within the process, in its address.")
    state: State = Field(default=State.DRAFT, sa_type=Choice(State))
    language: str = Field(max_length=2)
    author_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    author_name: str = Field(
        default="", max_length=80, description="Empty without author: a former resident."
    )
    picture_id: UUID | None = Field(default=None, foreign_key="picture.id", index=True)
    thread_id: UUID = Field(foreign_key="thread.id", index=True)
    merged_into_id: UUID | None = Field(default=None, foreign_key="proposal.id", index=True)
    version: int = Field(default=1, description="Grows with every change; guards against two editors.")
    nonce: UUID = Field(unique=True, description="A form sent twice makes one proposal.")
    created_at: datetime = moment_column(default_now=True)
    submitted_at: datetime | None = moment_column(nullable=True)
    returned_at: datetime | None = moment_column(nullable=True)
    published_at: datetime | None = moment_column(nullable=True)
    withdrawn_at: datetime | None = moment_column(nullable=True)


class Version(Content, table=True):
    """A published proposal as it once stood in public, or the one edit that still waits for moderation."""

    __tablename__ = "proposal_version"
    __table_args__ = (
        Index(
            "uq_proposal_version_waiting",
            "proposal_id",
            unique=True,
            postgresql_where=text("published_at is null"),
        ),
    )

    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    number: int = Field(primary_key=True, description="1: as first published.")
    picture_id: UUID | None = Field(default=None, foreign_key="picture.id", ondelete="SET NULL", index=True)
    note: str = Field(default="", max_length=300, description="Why it was changed, in the author's words.")
    written_at: datetime = moment_column(default_now=True)
    returned_at: datetime | None = moment_column(nullable=True)
    published_at: datetime | None = moment_column(nullable=True)


class SearchEntry(SQLModel, table=True):
    """What a published proposal is found by: the terms and word pieces that `core.lemmas` takes from its text."""

    __tablename__ = "proposal_search"
    __table_args__ = (Index("ix_proposal_search_lemmas", "lemmas", postgresql_using="gin"),)

    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    lemmas: str = Field(sa_type=TSVECTOR)
    title_trigrams: list[str] = Field(sa_type=ARRAY(TEXT))
    trigrams: list[str] = Field(sa_type=ARRAY(TEXT), description="Of title and text.")
    lemma_version: int = Field(index=True)


class Coauthor(SQLModel, table=True):
    """Asked by the author by e-mail address, shown once they have accepted.

    Only the address's digest is kept, so asking tells nobody whether an account has it. A refusal stays, so that nobody
    is asked twice.
    """

    __table_args__ = (UniqueConstraint("proposal_id", "sign_in_digest"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE")
    sign_in_digest: bytes = Field(index=True)
    account_id: UUID | None = Field(
        default=None,
        foreign_key="account.id",
        ondelete="CASCADE",
        index=True,
        description="Null until accepted.",
    )
    name: str = Field(default="", max_length=80)
    asked_at: datetime = moment_column(default_now=True)
    accepted_at: datetime | None = moment_column(nullable=True)
    declined_at: datetime | None = moment_column(nullable=True)


class Support(SQLModel, table=True):
    """One person finds one proposal good. Not a vote."""

    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True)
    given_at: datetime = moment_column(default_now=True)
