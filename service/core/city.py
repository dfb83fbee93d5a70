"""The municipality this Puntari serves: its names, contacts and the fields of its statements, read from a TOML file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class City:
    """The file's tables as they stand; texts in three languages are tables with the keys fi, sv and en."""

    facts: dict[str, Any]

    def in_language(self, language: str) -> "CityWords":
        return CityWords({key: _in_language(value, language) for key, value in self.facts.items()})


class CityWords(dict[str, Any]):
    """One language's view for templates: `city.name`, `city.contact_email`."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name, "")


def read(path: Path) -> City:
    with path.open("rb") as file:
        return City(tomllib.load(file))


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, dict):
        if language in value and set(value) <= {"fi", "sv", "en"}:
            return value[language]
        return CityWords({key: _in_language(inner, language) for key, inner in value.items()})
    if isinstance(value, list):
        return [_in_language(item, language) for item in value]
    return value
