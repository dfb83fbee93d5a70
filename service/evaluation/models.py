"""Assignments, evaluations and the experts' notes among themselves."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from pydantic import Field as InputField
from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from service.core.database import Choice, json_column, moment_column
from service.core.text import Localized, Words

MOST_CENTS = 100_000_000_00


class Feasibility(StrEnum):
    UNDECIDED = "undecided"
    FEASIBLE = "feasible"
    NOT_FEASIBLE = "not_feasible"


class Assessment(BaseModel):
    """What an evaluator says. Sums in cents; the ballot uses the upper bound of the cost."""

    feasibility: Feasibility = Feasibility.UNDECIDED
    reason: Localized | None = InputField(default=None, description="Public: why.")
    cost_low_cents: int | None = InputField(default=None, ge=0, le=MOST_CENTS)
    cost_high_cents: int | None = InputField(default=None, ge=0, le=MOST_CENTS)
    maintenance_cents: int | None = InputField(
        default=None, ge=0, le=MOST_CENTS, description="Upkeep per year."
    )

    def stored(self) -> dict[str, Any]:
        """As the table has it."""
        return {**self.model_dump(exclude={"reason"}), "reason": self.reason.stored() if self.reason else {}}


class Remark(BaseModel):
    """What colleagues tell each other about a proposal."""

    text: Annotated[Words, InputField(min_length=1, max_length=3_000)]


class Assignment(SQLModel, table=True):
    """This evaluator looks at this proposal."""

    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    evaluator_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True)
    assigned_at: datetime = moment_column(default_now=True)


class Evaluation(SQLModel, table=True):
    """What stands about a proposal now, public once it is decided. Who changed it and when is in the audit trail."""

    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True)
    feasibility: Feasibility = Field(default=Feasibility.UNDECIDED, sa_type=Choice(Feasibility))
    reason: dict[str, str] = json_column()
    cost_low_cents: int | None = Field(default=None, sa_type=BigInteger)
    cost_high_cents: int | None = Field(default=None, sa_type=BigInteger)
    maintenance_cents: int | None = Field(default=None, sa_type=BigInteger)
    version: int = Field(default=1, description="Grows with every change; guards against two evaluators.")
    evaluated_at: datetime = moment_column(default_now=True)


class InternalNote(SQLModel, table=True):
    """Seen by the process's staff alone."""

    __tablename__ = "internal_note"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", index=True)
    author_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    author_name: str = Field(default="", max_length=80)
    text: str = Field(max_length=3_000)
    nonce: UUID = Field(unique=True, description="A form sent twice makes one note.")
    written_at: datetime = moment_column(default_now=True)
