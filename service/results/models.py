"""Published counts, what an imported election's file says beside its ballots, and the milestones of the winners."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import field_validator
from sqlalchemy import BigInteger, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.core.database import Choice, json_column, moment_column
from service.core.text import Localized
from service.tally.ballots import VoteType

MOST_CENTS = 100_000_000_00


class Verdict(StrEnum):
    """How a project came out: the count's own verdicts, and one for what a correction took out of the count."""

    WON = "won"
    DID_NOT_FIT = "did_not_fit"
    NO_VOTES = "no_votes"
    LEFT_OUT = "left_out"


class Result(SQLModel, table=True):
    """One count of a whole process. The one with the highest number holds; a trigger refuses to change any."""

    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID = Field(foreign_key="process.id")
    number: int = Field(description="1 is the first count, each correction one more.")
    published_at: datetime = moment_column(default_now=True)
    rule: str
    lot_seed: str | None = None
    ballots: int
    enrolled: int | None = Field(default=None, description="How many had opened their ballot.")
    eligible: int | None = Field(default=None, description="How many could have voted.")
    reason: dict[str, str] = json_column()  # why it was counted again; empty for the first


class PotResult(SQLModel, table=True):
    """One pot of a count. `ties` are those it met, in the order of decision."""

    __tablename__ = "pot_result"

    result_id: UUID = Field(foreign_key="result.id", primary_key=True)
    pot_id: UUID = Field(foreign_key="budget_pot.id", primary_key=True, index=True)
    vote_type: VoteType = Field(sa_type=Choice(VoteType))
    voters: int
    budget_cents: int = Field(sa_type=BigInteger)
    spent_cents: int = Field(sa_type=BigInteger)
    ties: list[dict[str, Any]] = json_column()


class ProjectResult(SQLModel, table=True):
    """One project of a count, with the reason for what became of it (see tally/outcome.py)."""

    __tablename__ = "project_result"

    result_id: UUID = Field(foreign_key="result.id", primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", primary_key=True, index=True)
    pot_id: UUID = Field(foreign_key="budget_pot.id", index=True)
    place: int = Field(description="In which order its turn came; those without a turn follow.")
    verdict: Verdict = Field(sa_type=Choice(Verdict))
    votes: int
    score: Decimal = Field(sa_type=Numeric)
    cost_cents: int = Field(sa_type=BigInteger)
    money_left_cents: int | None = Field(default=None, sa_type=BigInteger)
    short_by: int | None = Field(default=None, sa_type=BigInteger)
    fits_at_cents: int | None = Field(default=None, sa_type=BigInteger)
    displaced_by: int | None = Field(default=None, description="A project's number.")


class ImportedPot(SQLModel, table=True):
    """What the file of an imported election says that projects and ballots do not hold."""

    __tablename__ = "imported_pot"

    pot_id: UUID = Field(foreign_key="budget_pot.id", primary_key=True)
    vote_type: VoteType = Field(sa_type=Choice(VoteType))
    max_length: int | None = None
    meta: dict[str, str] = json_column()
    details: dict[str, dict[str, str]] = json_column()  # by the project's id in the file


class Status(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    STOPPED = "stopped"


class Facts(SQLModel):
    """What an editor says of a milestone, beside its words: where it stands, when, and what it cost."""

    status: Status = Field(default=Status.PLANNED, sa_type=Choice(Status))
    planned_start: date | None = None
    planned_end: date | None = None
    actual_start: date | None = None
    actual_end: date | None = None
    spent_cents: int = Field(default=0, ge=0, le=MOST_CENTS, sa_type=BigInteger)
    decided_on: date | None = Field(default=None, description="Of the decision to stop.")
    decision_section: str = Field(default="", max_length=20, description="Section of the minutes (§).")
    decision_case: str = Field(default="", max_length=60, description="Register number.")
    decision_link: str = Field(default="", max_length=500, description="Address of the minutes.")

    @field_validator("decision_section", "decision_case", "decision_link", mode="before")
    @classmethod
    def _is_one_line(cls, value: object) -> object:
        return " ".join(value.split()) if isinstance(value, str) else value


class Step(Facts):
    """A milestone as an editor writes it. Days are Helsinki's, sums in cents."""

    title: Localized
    text: Localized | None = None
    delay_reason: Localized | None = Field(default=None, description="Why it is late, or was stopped.")
    decision_body: Localized | None = Field(default=None, description="Who decided to stop it.")


class Milestone(Facts, table=True):
    """A step of carrying out a winning project."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    title: dict[str, str] = json_column()
    text: dict[str, str] = json_column()
    delay_reason: dict[str, str] = json_column()
    decision_body: dict[str, str] = json_column()
    picture_id: UUID | None = Field(default=None, foreign_key="picture.id", index=True)
    picture_alt: str = Field(default="", max_length=300, description="What the picture shows, in words.")
    version: int = Field(default=1, description="Grows with every change; guards against two editors.")
    nonce: UUID = Field(unique=True, description="A form sent twice makes one milestone.")
    changed_at: datetime = moment_column(default_now=True)
