"""Who follows what, what they were told, and who wants no mail."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.core.database import moment_column


class Follow(SQLModel, table=True):
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", primary_key=True, index=True)
    since: datetime = moment_column(default_now=True)


class Notice(SQLModel, table=True):
    """One person is told of one audit entry once: the constraint holds however often a job runs."""

    __table_args__ = (UniqueConstraint("account_id", "entry_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    entry_id: int = Field(foreign_key="audit_entry.id", ondelete="CASCADE")
    action: str
    proposal_id: UUID = Field(foreign_key="proposal.id", ondelete="CASCADE", index=True)
    is_author: bool
    made_at: datetime = moment_column(default_now=True)
    mailed_at: datetime | None = moment_column(nullable=True)


class NoMail(SQLModel, table=True):
    """This person reads news on the own page only."""

    __tablename__ = "no_mail"

    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
