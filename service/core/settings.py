"""What an operator decides, read once from the environment (or a .env file) and passed on as a value."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

CHECKOUT = Path(__file__).resolve().parents[2]
NO_ADDRESS = "It must be an address such as postgresql://user:password@host:5432/database."
PROPOSALS_A_DAY, COMMENTS_A_DAY, REPORTS_A_DAY = (
    5,
    30,
    20,
)  # of one person, where the operator says nothing else
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: str = Field(
        default="",
        repr=False,
        description="PostgreSQL 16 or newer. Empty: an embedded server that keeps its data in var/.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the web server listens on.")
    public_url: str = Field(
        default="", description="Address people use, for links in mails. Empty: http://HOST:PORT."
    )
    web_processes: int = Field(default=1, ge=1, le=64, description="Web server processes.")
    city_file: str = Field(
        default="",
        description="TOML file of the municipality's names, contacts and areas. Empty: the demo city.",
    )
    default_language: Literal["fi", "sv", "en"] = Field(
        default="fi", description="Language where a visitor shows none of their own."
    )
    key_folder: Path = Field(
        default=CHECKOUT / "var" / "keys",
        description="Secret keys (0600 files). Outside the database, its folder and its backups.",
    )
    var_folder: Path = Field(
        default=CHECKOUT / "var", description="Where the embedded server keeps its data."
    )
    keys_kept_days: int = Field(
        default=30, ge=1, le=365, description="Days from the count of a vote to the end of its keys."
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mail server, smtp://user:password@host:587. Empty: mails wait; in a demo they are a page.",
    )
    mail_from: str = Field(default="puntari@localhost", description="Sender of the mails.")
    tile_url: str = Field(
        default="",
        description="Map tiles, fetched once and kept: https://tiles.example/{z}/{x}/{y}.png. Empty: the city file's map.",
    )
    proposals_a_day: int = Field(
        default=PROPOSALS_A_DAY, ge=1, le=10_000, description="How many one person may begin in 24 hours."
    )
    comments_a_day: int = Field(
        default=COMMENTS_A_DAY, ge=1, le=10_000, description="How many one person may write in 24 hours."
    )
    reports_a_day: int = Field(
        default=REPORTS_A_DAY, ge=1, le=10_000, description="How many one person may make in 24 hours."
    )
    demo_public: bool = Field(
        default=False,
        description="Let a demo answer on another address than loopback. Anyone can act as anyone.",
    )

    @field_validator("database_url")
    @classmethod
    def _one_spelling(cls, url: str) -> str:
        """As PostgreSQL's own programs take it, also where a password has been written with its slashes and hashes."""
        if not url:
            return url
        try:
            read = make_url(url)
        except ArgumentError:
            raise ValueError(NO_ADDRESS) from None
        if read.get_backend_name() not in {"postgresql", "postgres"}:
            raise ValueError(NO_ADDRESS)
        return read.set(drivername="postgresql").render_as_string(hide_password=False)

    @property
    def may_show_a_demo(self) -> bool:
        """In a demo anyone can act as anyone."""
        return self.host in LOOPBACK or self.demo_public

    @property
    def address(self) -> str:
        """The service's own absolute address without a trailing slash."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"
