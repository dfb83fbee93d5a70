"""Accounts, sign-in codes and sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import BaseModel, StringConstraints
from pydantic import Field as Value
from sqlalchemy.dialects.postgresql import TEXT
from sqlmodel import Field, SQLModel

from service.core.database import moment_column
from service.core.text import Language

OneLine = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]


class OwnSettings(BaseModel):
    """What a person says about themselves."""

    name: OneLine = Value(default="", max_length=80, description="As shown beside own texts.")
    language: Language = Value(description="Of the mails.")
    birth_year: int | None = Value(default=None, ge=1890, description="For votes with an age limit.")


class Account(SQLModel, table=True):
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    sign_in_digest: bytes = Field(
        unique=True, description="HMAC of the address: what the electoral roll knows."
    )
    name: str = Field(default="", max_length=80, description="As shown beside own texts.")
    language: Language = Field(sa_type=TEXT)
    birth_year: int | None = Field(default=None)
    created_at: datetime = moment_column(default_now=True)


class SignInCode(SQLModel, table=True):
    """One request for a code. The code itself is made when the mail is sent and kept only as a digest."""

    __tablename__ = "sign_in_code"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str
    sign_in_digest: bytes = Field(index=True)
    language: Language = Field(sa_type=TEXT)
    code_digest: bytes | None = Field(default=None)
    wrong_attempts: int = Field(default=0)
    requested_at: datetime = moment_column(default_now=True, index=True)
    expires_at: datetime = moment_column()
    used_at: datetime | None = moment_column(nullable=True)


class Session(SQLModel, table=True):
    """A signed-in browser or program. Never touched after it is made: a touch beside a cast would link the two."""

    __tablename__ = "session"

    id: UUID = Field(
        default_factory=uuid4, primary_key=True, description="To name it without its token's digest."
    )
    token_digest: bytes = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    created_at: datetime = moment_column(default_now=True)
    expires_at: datetime = moment_column()
