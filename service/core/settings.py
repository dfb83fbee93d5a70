"""What an operator decides, read once from the environment (or a .env file) and passed on as a value."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[2]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        default="",
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
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mail server, smtp://user:password@host:587. Empty: mails wait; in a demo they are a page.",
    )
    mail_from: str = Field(default="puntari@localhost", description="Sender of the mails.")
    tile_url: str = Field(
        default="",
        description="Map tiles, fetched once and kept: https://tiles.example/{z}/{x}/{y}.png. Empty: the city file's map.",
    )
    demo_public: bool = Field(
        default=False,
        description="Let a demo answer on another address than loopback. Anyone can act as anyone.",
    )

    @property
    def may_show_a_demo(self) -> bool:
        """In a demo anyone can act as anyone."""
        return self.host in LOOPBACK or self.demo_public

    @property
    def address(self) -> str:
        """The service's own absolute address without a trailing slash."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"
