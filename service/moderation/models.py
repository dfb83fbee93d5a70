"""Rulings, reports of what is already public, and appeals to a second moderator."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import BaseModel
from pydantic import Field as InputField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.core.database import Choice, moment_column
from service.core.text import Words


class Kind(StrEnum):
    PUBLISH = "publish"
    RETURN = "return"
    REFUSE = "refuse"
    HIDE = "hide"
    KEEP = "keep"
    RESTORE = "restore"


class Ground(StrEnum):
    """Why. The public register shows this and never the moderator's own words."""

    PERSONAL_DATA = "personal_data"
    UNCLEAR = "unclear"
    ADVERTISING = "advertising"
    INSULTING = "insulting"
    OFF_TOPIC = "off_topic"
    NOT_THE_CITYS = "not_the_citys"
    REPEATED = "repeated"
    PICTURE = "picture"
    UNLAWFUL = "unlawful"
    FALSE_NAME = "false_name"
    OTHER = "other"


class Decision(BaseModel):
    """What a moderator decides. The reason is read by the author; publishing needs none."""

    kind: Kind
    ground: Ground | None = None
    reason: Annotated[Words, InputField(max_length=2_000)] = ""


class Complaint(BaseModel):
    """What a person finds wrong with something public."""

    ground: Ground
    text: Annotated[Words, InputField(max_length=1_000)] = ""


class Plea(BaseModel):
    """Why an author thinks that a ruling should be changed."""

    text: Annotated[Words, InputField(min_length=1, max_length=2_000)]


class SecondLook(BaseModel):
    """What the other moderator says: the first ruling stands, or the text comes back. The author reads the reason."""

    upheld: bool
    reason: Annotated[Words, InputField(max_length=2_000)] = ""


class Ruling(SQLModel, table=True):
    """Of exactly one proposal or comment (constraint). Never altered (trigger): another ruling follows it, and none goes in its first year."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID | None = Field(default=None, foreign_key="process.id", index=True)
    proposal_id: UUID | None = Field(default=None, foreign_key="proposal.id", index=True)
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", index=True)
    kind: Kind = Field(sa_type=Choice(Kind))
    of_edit: bool = Field(
        default=False, description="Of a change to a published proposal, not of the proposal."
    )
    ground: Ground | None = Field(default=None, sa_type=Choice(Ground))
    reason: str = Field(default="", max_length=2_000)
    moderator_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    ruled_at: datetime = moment_column(default_now=True, index=True)


class Report(SQLModel, table=True):
    """Open until a ruling on what is public closes it. A person has one open report of a thing (constraint)."""

    __table_args__ = (
        Index(
            "uq_report_person",
            "reporter_id",
            "proposal_id",
            "comment_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ruling_id is null and reporter_id is not null"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID | None = Field(default=None, foreign_key="process.id", index=True)
    proposal_id: UUID | None = Field(default=None, foreign_key="proposal.id", ondelete="CASCADE", index=True)
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE", index=True)
    reporter_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    ground: Ground = Field(sa_type=Choice(Ground))
    text: str = Field(default="", max_length=1_000)
    nonce: UUID = Field(unique=True, description="A form sent twice makes one report.")
    reported_at: datetime = moment_column(default_now=True)
    ruling_id: UUID | None = Field(default=None, foreign_key="ruling.id", index=True)


class Appeal(SQLModel, table=True):
    """A request for a second review: one of each ruling, decided by another moderator than the first (trigger)."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    ruling_id: UUID = Field(foreign_key="ruling.id", unique=True)
    author_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    text: str = Field(max_length=2_000)
    made_at: datetime = moment_column(default_now=True)
    second_ruling_id: UUID | None = Field(default=None, foreign_key="ruling.id", unique=True)
