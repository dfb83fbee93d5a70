"""The municipality this Puntari serves: its names, contacts and the fields of its statements, read from a TOML file."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

WARNED_MONTHS = 1
LEAST_AUDIT_MONTHS = 12  # the database refuses to let younger entries and rulings go

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class CityFileIncomplete(Exception):
    """The file cannot be read, or lacks what the statutory pages must say. Its text names each field."""


class Told(BaseModel):
    """A table of the file. What is named here must be there; the file may say more."""

    model_config = ConfigDict(extra="allow")


class InEachLanguage(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fi: Words
    sv: Words
    en: Words


Text = InEachLanguage | Words
"""A plain text is the same in each language: a name, an address."""


class Contact(Told):
    email: Words
    phone: Words
    phone_hours: Text


class Supervisor(Told):
    name: Text
    website: Text


class Accessibility(Told):
    feedback_email: Words
    answer_within_days: int = Field(ge=1)
    prepared_on: date
    reviewed_on: date
    method: Text
    supervisor: Supervisor
    shortcomings: Text | None = None
    fully_conformant: bool = False

    @model_validator(mode="after")
    def _claims_nothing_unsaid(self) -> Self:
        if (self.shortcomings is None) is not self.fully_conformant:
            raise ValueError("tell the shortcomings, or say fully_conformant = true where there are none")
        return self


class Kept(StrEnum):
    """What the city promises to keep no longer than so many months. service/retention.py holds each promise."""

    ACCOUNT = "account"  # since it was last used
    DRAFT = "draft"  # since it was last changed
    NEWS = "news"  # since a person was told
    MODERATION = "moderation"  # since a ruling
    ELECTORAL_ROLL = "electoral_roll"  # since the count
    AUDIT = "audit"  # since the act


class Retention(Told):
    key: Kept
    months: int = Field(ge=1, le=600)
    what: Text


class Privacy(Told):
    data_protection_officer_email: Words
    data_protection_officer_phone: Words
    updated_on: date
    controller: Text
    contact_unit: Text
    purpose: Text
    legal_basis: Text
    retention: list[Retention]

    @model_validator(mode="after")
    def _promises_what_can_be_kept(self) -> Self:
        months = {each.key: each.months for each in self.retention}
        if len(self.retention) != len(Kept) or months.keys() != set(Kept):
            raise ValueError(f"retention: tell once of each of {', '.join(Kept)}")
        if months[Kept.ACCOUNT] < WARNED_MONTHS + 1:
            raise ValueError("retention: people are warned a month before an unused account goes")
        if months[Kept.AUDIT] < max(LEAST_AUDIT_MONTHS, months[Kept.ACCOUNT], months[Kept.DRAFT]):
            raise ValueError(
                "retention: audit is kept a year at least, and as long as account and draft: it tells when they were used"
            )
        if months[Kept.MODERATION] < LEAST_AUDIT_MONTHS:
            raise ValueError("retention: moderation is kept a year at least")
        return self


class Named(Told):
    key: Words
    name: Text


class CityFile(Told):
    name: Text
    city_name: Text
    whole_city: Text
    bilingual: bool = False
    contact: Contact
    accessibility: Accessibility
    privacy: Privacy
    area: list[Named] = []
    category: list[Named] = []


@dataclass(frozen=True, slots=True)
class City:
    """The file's tables as they stand; texts in three languages are tables with the keys fi, sv and en."""

    facts: dict[str, Any]

    @property
    def bilingual(self) -> bool:
        """What it tells the public must be in Finnish and in Swedish (Language Act 423/2003, 32 §)."""
        return bool(self.facts.get("bilingual"))

    def months(self, kept: Kept) -> int:
        """For how long the city keeps it."""
        promises: list[dict[str, Any]] = self.facts["privacy"]["retention"]
        return next(int(each["months"]) for each in promises if each["key"] == kept)

    def in_language(self, language: str) -> "CityWords":
        return CityWords({key: _in_language(value, language) for key, value in self.facts.items()})


class CityWords(dict[str, Any]):
    """One language's view for templates: `city.name`, `city.contact_email`."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name, "")


def read(path: Path) -> City:
    """Raises CityFileIncomplete."""
    try:
        with path.open("rb") as file:
            facts = tomllib.load(file)
        CityFile.model_validate(facts)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CityFileIncomplete(f"CITY_FILE {path}: {error}") from None
    except ValidationError as error:
        raise CityFileIncomplete(f"CITY_FILE {path}:\n" + "\n".join(_mistakes(error))) from None
    return City(facts)


def _mistakes(error: ValidationError) -> list[str]:
    """`privacy.controller: Field required`. Of the two forms of a text, the one that was meant is told of."""
    told = []
    for mistake in error.errors():
        place, kind = mistake["loc"], str(mistake["loc"][-1])
        if kind == ("constrained-str" if isinstance(mistake["input"], dict) else "InEachLanguage"):
            continue
        name = ".".join(str(part) for part in place if part not in {"InEachLanguage", "constrained-str"})
        told.append(f"  {name}: {mistake['msg'].removeprefix('Value error, ')}")
    return told


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, dict):
        if language in value and set(value) <= {"fi", "sv", "en"}:
            return value[language]
        return CityWords({key: _in_language(inner, language) for key, inner in value.items()})
    if isinstance(value, list):
        return [_in_language(item, language) for item in value]
    return value
