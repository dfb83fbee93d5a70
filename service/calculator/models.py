"""Calculators, what they count with, and the plans people made. The plans have no key to a person and no time."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKeyConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from service.core.database import Choice, json_column, moment_column


class Calculator(SQLModel, table=True):
    """One balancing of one budget. Open while opens_at <= now < closes_at, once a specification is published."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID = Field(foreign_key="process.id", index=True)
    slug: str = Field(unique=True, max_length=60)
    version: int = Field(default=1, description="Grows with each change; an editor says which one was seen.")
    title: dict[str, str] = json_column()
    summary: dict[str, str] = json_column()
    opens_at: datetime = moment_column()
    closes_at: datetime = moment_column()
    draft: dict[str, Any] = json_column()
    specification: str | None = Field(default=None, description="The digest of the published one.")
    created_at: datetime = moment_column(default_now=True)

    def is_open(self, at: datetime) -> bool:
        return self.specification is not None and self.opens_at <= at < self.closes_at


class PublishedSpecification(SQLModel, table=True):
    """A specification as it was published. A trigger refuses every change."""

    __tablename__ = "calculator_specification"

    calculator_id: UUID = Field(foreign_key="calculator.id", primary_key=True)
    digest: str = Field(primary_key=True)
    body: dict[str, Any] = json_column()
    published_at: datetime = moment_column(default_now=True)


class CommentState(StrEnum):
    """What a comment is for the public. Staff read it in any state."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REJECTED = "rejected"


class SubmittedPlan(SQLModel, table=True):
    """What somebody would do. `key` is the digest of the receipt, which nobody but that person has."""

    __tablename__ = "plan_box"

    key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    calculator_id: UUID = Field(index=True)
    specification: str
    choices: dict[str, str] = json_column()
    missing: int = Field(sa_type=BigInteger, description="Cents the target's year lacks; 0 where it is met.")
    result: int = Field(sa_type=BigInteger, description="Structural result of the target's year, cents.")
    reason: str = Field(default="", max_length=2000, description="Why it was submitted with a deficit.")
    comment: str = Field(default="", max_length=2000)
    comment_state: CommentState | None = Field(default=None, sa_type=Choice(CommentState), nullable=True)


class SavedPlan(SQLModel, table=True):
    """A plan in the making, sealed with a key derived from the code that only its maker has."""

    __tablename__ = "saved_plan"

    key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    calculator_id: UUID = Field(index=True)
    sealed: bytes


class PlanRelease(SQLModel, table=True):
    """What is published of the plans: counted at one moment, small numbers hidden."""

    __tablename__ = "plan_release"
    __table_args__ = (
        ForeignKeyConstraint(
            ["calculator_id", "specification"],
            ["calculator_specification.calculator_id", "calculator_specification.digest"],
            name="fk_plan_release_specification",
        ),
    )

    calculator_id: UUID = Field(foreign_key="calculator.id", primary_key=True)
    specification: str = Field(primary_key=True)
    released_at: datetime = moment_column(default_now=True)
    plans: int
    counts: dict[str, Any] = json_column()


class GroupPlan(SQLModel, table=True):
    """A council group's own plan. Nobody outside the group sees it before the group publishes it."""

    __tablename__ = "group_plan"

    calculator_id: UUID = Field(foreign_key="calculator.id", primary_key=True)
    group_id: UUID = Field(foreign_key="council_group.id", primary_key=True, index=True)
    version: int = 1
    specification: str
    choices: dict[str, str] = json_column()
    reason: dict[str, str] = json_column()
    published_at: datetime | None = moment_column(nullable=True)


class OfficialFigure(SQLModel, table=True):
    """A total the municipality reported to the State Treasury."""

    __tablename__ = "official_figure"

    business_id: str = Field(primary_key=True, max_length=9)
    line: str = Field(primary_key=True, max_length=60)
    year: int = Field(primary_key=True)
    phase: str = Field(primary_key=True, max_length=20)
    municipality: str = Field(max_length=80)
    amount: int = Field(sa_type=BigInteger, description="Cents, signed as reported.")
