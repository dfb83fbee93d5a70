"""The database's address is read once, in one spelling, and told to nobody."""

from urllib.parse import unquote, urlsplit

import pytest
from pydantic import ValidationError

from service.core.settings import Settings


def settings(url: str) -> Settings:
    return Settings(_env_file=None, database_url=url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_a_password_may_be_written_as_it_is(scheme: str) -> None:
    read = urlsplit(settings(f"{scheme}://puntari:a/b#c?d@database:5433/city").database_url)

    assert read.scheme == "postgresql"
    assert (read.username, unquote(read.password or "")) == ("puntari", "a/b#c?d")
    assert (read.hostname, read.port, read.path) == ("database", 5433, "/city")


def test_what_is_quoted_already_stays() -> None:
    url = "postgresql://postgres:a%2Fb@/puntari?host=%2Frun%2Fpostgresql"
    assert settings(settings(url).database_url).database_url == url


@pytest.mark.parametrize("url", ["mysql://a:geheim@b/c", "geheim"])
def test_another_databases_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(url)
    assert "postgresql://user:password@host" in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_the_settings_do_not_show_a_password() -> None:
    assert "geheim" not in repr(settings("postgresql://a:geheim@b/c"))


def test_what_is_handed_over_empty_is_as_if_it_were_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WEB_PROCESSES", "DEFAULT_LANGUAGE", "MAIL_FROM"):
        monkeypatch.setenv(name, "")
    found = Settings(_env_file=None)
    assert (found.web_processes, found.default_language, found.mail_from) == (1, "fi", "puntari@localhost")
