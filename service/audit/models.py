"""The audit trail: one entry per change, written in the transaction of the change, never altered and kept a year at least (a trigger refuses)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.core.database import json_column, moment_column


class Entry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment_column(default_now=True, index=True)
    action: str = Field(index=True, description="noun.past_participle: proposal.submitted")
    actor_role: str
    actor_id: UUID | None = Field(
        default=None, index=True, description="No foreign key: the trail outlives the account."
    )
    process_id: UUID | None = Field(default=None, index=True)
    subject_id: UUID | None = Field(default=None, index=True)
    details: dict[str, Any] = json_column()
