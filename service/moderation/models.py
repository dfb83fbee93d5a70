"""Rulings, reports of what is already public, and appeals to a second moderator."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from pydantic import BaseModel
from pydantic import Field as InputField
from sqlmodel import Field, SQLModel

from service.core.database import Choice, moment_column


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
    UNLAWFUL = "unlawful"
    FALSE_NAME = "false_name"
    OTHER = "other"


class Decision(BaseModel):
    """What a moderator decides. The reason is read by the author; publishing needs none."""

    kind: Kind
    ground: Ground | None = None
    reason: str = InputField(default="", max_length=2_000)


class Complaint(BaseModel):
    """What a person finds wrong with something public."""

    ground: Ground
    text: str = InputField(default="", max_length=1_000)


class Ruling(SQLModel, table=True):
    """Of exactly one proposal or comment (constraint). Never altered: another ruling follows it."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID | None = Field(default=None, foreign_key="process.id", index=True)
    proposal_id: UUID | None = Field(default=None, foreign_key="proposal.id", ondelete="CASCADE", index=True)
    comment_id: UUID | None = Field(default=None, foreign_key="comment.id", ondelete="CASCADE", index=True)
    kind: Kind = Field(sa_type=Choice(Kind))
    of_edit: bool = Field(
        default=False, description="Of a change to a published proposal, not of the proposal."
    )
    ground: Ground | None = Field(default=None, sa_type=Choice(Ground))
    reason: str = Field(default="", max_length=2_000)
    moderator_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    ruled_at: datetime = moment_column(default_now=True, index=True)


class Report(SQLModel, table=True):
    """Open until a ruling on the same thing closes it."""

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
    """A request for a second review: one of each ruling, decided by another moderator than the first (constraint)."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    ruling_id: UUID = Field(foreign_key="ruling.id", ondelete="CASCADE", unique=True)
    author_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    text: str = Field(max_length=2_000)
    made_at: datetime = moment_column(default_now=True)
    second_ruling_id: UUID | None = Field(default=None, foreign_key="ruling.id", index=True)
