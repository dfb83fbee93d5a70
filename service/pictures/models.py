from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from service.core.database import moment_column


class Picture(SQLModel, table=True):
    """WebP at full size (at most 400 kB) and as a 480 px thumbnail."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    uploader_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL", index=True)
    width: int
    height: int
    content: bytes
    thumbnail: bytes
    uploaded_at: datetime = moment_column(default_now=True)
