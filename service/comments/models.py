from datetime import datetime
from uuid import UUID, uuid4

from pydantic import field_validator
from sqlmodel import Field, SQLModel

from service.core.database import moment_column


class Words(SQLModel):
    """What a person writes."""

    text: str = Field(min_length=2, max_length=3_000, description="Markdown without HTML.")

    @field_validator("text", mode="before")
    @classmethod
    def _has_no_margin(cls, value: object) -> object:
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class Thread(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    process_id: UUID | None = Field(
        default=None, foreign_key="process.id", index=True, description="Whose moderators look after it."
    )


class Comment(Words, table=True):
    """`hidden_at`: by a moderator; `withdrawn_at`: by its author. Either way its place in the thread stays."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    thread_id: UUID = Field(foreign_key="thread.id", ondelete="CASCADE", index=True)
    parent_id: UUID | None = Field(default=None, foreign_key="comment.id", index=True)
    author_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    author_name: str = Field(
        default="", max_length=80, description="Empty without author: a former resident."
    )
    language: str = Field(max_length=2)
    nonce: UUID = Field(unique=True, description="A form sent twice makes one comment.")
    written_at: datetime = moment_column(default_now=True)
    hidden_at: datetime | None = moment_column(nullable=True)
    withdrawn_at: datetime | None = moment_column(nullable=True)
