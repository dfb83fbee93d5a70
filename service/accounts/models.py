"""Accounts, sign-in codes and sessions."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from service.core.database import moment_column


class Account(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str
    sign_in_digest: bytes = Field(
        unique=True, description="HMAC of the address: what the electoral roll knows."
    )
    name: str = Field(default="", max_length=80, description="As shown beside own texts.")
    language: str = Field(default="fi", max_length=2)
    birth_year: int | None = Field(default=None)
    created_at: datetime = moment_column(default_now=True)


class SignInCode(SQLModel, table=True):
    """One request for a code. The code itself is made when the mail is sent and kept only as a digest."""

    __tablename__ = "sign_in_code"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str
    sign_in_digest: bytes = Field(index=True)
    language: str = Field(max_length=2)
    code_digest: bytes | None = Field(default=None)
    wrong_attempts: int = Field(default=0)
    requested_at: datetime = moment_column(default_now=True)
    expires_at: datetime = moment_column()
    used_at: datetime | None = moment_column(nullable=True)


class Session(SQLModel, table=True):
    """A signed-in browser or program. Never touched after it is made: a touch beside a cast would link the two."""

    __tablename__ = "session"

    token_digest: bytes = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    created_at: datetime = moment_column(default_now=True)
    expires_at: datetime = moment_column()
