"""The groups of the council, and committees and boards that work as they do."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from service.core.database import json_column, moment_column


class CouncilGroup(SQLModel, table=True):
    __tablename__ = "council_group"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True, max_length=60)
    name: dict[str, str] = json_column()
    position: int = Field(default=0, description="In lists, as the council sits.")


class GroupMember(SQLModel, table=True):
    """Who sees the group's room and works in it. Nobody else does, whatever the role."""

    __tablename__ = "group_member"

    group_id: UUID = Field(foreign_key="council_group.id", ondelete="CASCADE", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True)
    since: datetime = moment_column(default_now=True)
