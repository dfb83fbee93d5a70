"""What stands on the ballot, who may vote, and what was voted.

The tables of the secret part have no key to one another, no time and no number that grows: docs/decisions/0002-secrecy.md.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Integer, LargeBinary, Numeric, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from service.core.database import moment_column


class Vote(SQLModel, table=True):
    """The vote of a process: from its freezing the key that ballots are sealed to, from its count the numbers that stay."""

    process_id: UUID = Field(foreign_key="process.id", primary_key=True)
    box_public_key: bytes = Field(description="X25519. Its private half is a key file.")
    frozen_at: datetime = moment_column(default_now=True)
    counted_at: datetime | None = moment_column(nullable=True)
    enrolled: int | None = Field(default=None, description="How many had opened their ballot.")
    ballots: int | None = Field(default=None, description="How many are counted.")
    refused: int | None = Field(default=None, description="How many could not be counted.")
    emptied_at: datetime | None = moment_column(nullable=True)  # roll, box and drafts; then the keys go
    keys_destroyed_at: datetime | None = moment_column(nullable=True)


class Project(SQLModel, table=True):
    """A proposal on the ballot, as it was when it was selected. A trigger refuses every change once voting has opened."""

    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID = Field(foreign_key="process.id")
    number: int = Field(description="The proposal's, where there is one.")
    proposal_id: UUID | None = Field(default=None, foreign_key="proposal.id", unique=True)
    pot_id: UUID = Field(foreign_key="budget_pot.id", index=True)
    category_id: UUID | None = Field(default=None, foreign_key="category.id", index=True)
    title: str = Field(max_length=500)
    text: str = Field(default="", max_length=500, description="The beginning of it, without Markdown.")
    language: str = Field(max_length=8)
    cost_cents: int = Field(sa_type=BigInteger)
    code: str | None = Field(
        default=None, max_length=200, description="Its id in the file an imported election came from."
    )

    def without_words(self) -> "Project":
        """A copy to show where the proposal is hidden: what it said, and the way to it, are left out."""
        hidden = {"proposal_id": None, "title": "", "text": "", "language": ""}
        return Project(**self.model_dump() | hidden)


class RollEntry(SQLModel, table=True):
    """Who may vote, and where the rule says so. Written when the ballot is opened; says nothing of who voted."""

    __tablename__ = "electoral_roll"

    process_id: UUID = Field(primary_key=True)
    sign_in_digest: bytes = Field(primary_key=True)
    area_id: UUID | None = None


class BallotDraft(SQLModel, table=True):
    __tablename__ = "ballot_draft"

    draft_pseudonym: bytes = Field(primary_key=True)
    sealed: bytes


class SealedBallot(SQLModel, table=True):
    __tablename__ = "ballot_box"

    process_id: UUID = Field(primary_key=True)
    pseudonym: bytes = Field(primary_key=True)
    nonce: bytes
    commitment: bytes
    sealed: bytes


class CountedBallot(SQLModel, table=True):
    """An opened ballot. A trigger refuses to change it."""

    __tablename__ = "counted_ballot"

    process_id: UUID = Field(foreign_key="process.id", primary_key=True)
    receipt_digest: bytes = Field(sa_type=LargeBinary, primary_key=True)
    area_id: UUID | None = Field(default=None, sa_type=Uuid, description="Whose projects it could choose.")
    projects: list[int] = Field(sa_type=ARRAY(Integer), description="Numbers, in the voter's order if any.")
    points: list[Decimal] | None = Field(
        default=None,
        sa_type=ARRAY(Numeric),
        description="One a project, in imported elections that have them.",
    )
