"""Processes, phases, areas, budgets and teams. What the city writes is in three languages (`Localized`)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Field, SQLModel

from service.core.actor import Role
from service.core.database import Choice, json_column, moment_column

AGE_OF_CONSENT = 13


class Activity(StrEnum):
    """What a phase permits. A phase is a set of these between two moments."""

    PROPOSE = "propose"
    SUPPORT = "support"
    COMMENT = "comment"
    EVALUATE = "evaluate"
    VOTE = "vote"
    BALANCE = "balance"
    COUNT = "count"
    IMPLEMENT = "implement"


class BallotType(StrEnum):
    APPROVAL = "approval"
    KNAPSACK = "knapsack"


class AreaRule(StrEnum):
    """Which area's projects a resident votes on, beside the city-wide ones."""

    HOME = "home"
    CHOSEN = "chosen"
    NONE = "none"


class LegalBasis(StrEnum):
    PUBLIC_TASK = "public_task"
    CONSENT = "consent"


class Area(SQLModel, table=True):
    """A part of the municipality, the same in every process."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=60)
    name: dict[str, str] = json_column()
    position: int = 0
    population: int | None = Field(default=None, ge=0)


class Category(SQLModel, table=True):
    """A topic a proposal can belong to."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=60)
    name: dict[str, str] = json_column()
    position: int = 0


class Process(SQLModel, table=True):
    """One round. What decides the vote cannot change once voting has opened: the action refuses, and so does a trigger."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True, max_length=60)
    version: int = Field(default=1, description="Grows with each change; an editor says which one was seen.")
    title: dict[str, str] = json_column()
    summary: dict[str, str] = json_column()
    description: dict[str, str] = json_column()
    plain_summary: dict[str, str] = json_column()
    rules: dict[str, str] = json_column()
    voters: dict[str, str] = json_column()
    owner: dict[str, str] = json_column()
    legal_basis: LegalBasis = Field(default=LegalBasis.PUBLIC_TASK, sa_type=Choice(LegalBasis))
    published_at: datetime | None = moment_column(nullable=True)
    created_at: datetime = moment_column(default_now=True)

    ballot_type: BallotType = Field(default=BallotType.APPROVAL, sa_type=Choice(BallotType))
    max_choices: int | None = Field(
        default=5, description="k of k-approval: on the area's ballot and again on the city-wide one."
    )
    area_rule: AreaRule = Field(default=AreaRule.CHOSEN, sa_type=Choice(AreaRule))
    minimum_age: int | None = Field(default=None, description="Turned during the year of the vote.")
    maximum_age: int | None = Field(default=None, description="Turned during the year of the vote.")
    eligible_count: int | None = Field(
        default=None, ge=0, description="People who may vote, for the turnout."
    )
    lot_seed: str | None = Field(
        default=None, max_length=200, description="Published lot that breaks last ties."
    )
    currency: str = Field(
        default="EUR",
        max_length=3,
        description="Another one only where an election of elsewhere was imported.",
    )

    @property
    def least_turned(self) -> int | None:
        """Who turns this in the year of the vote, or more, may vote.

        Consent needs 13 completed years (Data Protection Act 1050/2018, section 5), and a year of birth shows them only of those
        who turn 14.
        """
        if self.legal_basis is not LegalBasis.CONSENT:
            return self.minimum_age
        return max(self.minimum_age or 0, AGE_OF_CONSENT + 1)


class Phase(SQLModel, table=True):
    """A set of permitted activities, open while opens_at <= now < closes_at. At most one phase of a process is the vote."""

    __table_args__ = (
        Index("uq_phase_vote", "process_id", unique=True, postgresql_where=text("'vote' = any (activities)")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID = Field(foreign_key="process.id", ondelete="CASCADE", index=True)
    version: int = 1
    name: dict[str, str] = json_column()
    activities: list[str] = Field(default_factory=list, sa_type=ARRAY(TEXT))
    opens_at: datetime = moment_column()
    closes_at: datetime = moment_column()

    def is_open(self, at: datetime) -> bool:
        return self.opens_at <= at < self.closes_at


class Pot(SQLModel, table=True):
    """A sum of money: of one area, or city-wide where `area_id` is null. At most one of each in a process."""

    __tablename__ = "budget_pot"
    __table_args__ = (UniqueConstraint("process_id", "area_id", postgresql_nulls_not_distinct=True),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID = Field(foreign_key="process.id", ondelete="CASCADE")
    area_id: UUID | None = Field(default=None, foreign_key="area.id", index=True)
    cents: int = Field(ge=0, sa_type=BigInteger)


class ProcessCategory(SQLModel, table=True):
    __tablename__ = "process_category"

    process_id: UUID = Field(foreign_key="process.id", ondelete="CASCADE", primary_key=True)
    category_id: UUID = Field(foreign_key="category.id", primary_key=True, index=True)


class TeamMember(SQLModel, table=True):
    """A role of a person: in one process, or in all where `process_id` is null."""

    __tablename__ = "team_member"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "process_id", postgresql_nulls_not_distinct=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    role: Role = Field(sa_type=Choice(Role))
    process_id: UUID | None = Field(default=None, foreign_key="process.id", ondelete="CASCADE", index=True)
    appointed_at: datetime = moment_column(default_now=True)


class Residence(SQLModel, table=True):
    """Where a resident says to live. Asked only where a process needs it."""

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    area_id: UUID = Field(foreign_key="area.id", index=True)
