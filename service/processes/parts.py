"""What an editor hands in, part by part; each part is changed by an action of its own."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from service.core.errors import Invalid, msgid
from service.core.text import Localized
from service.processes.models import Activity, AreaRule, BallotType, LegalBasis

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
LARGEST_BUDGET = 100_000_000_000_00
"""Cents; the sum of a thousand areas still fits the column."""


class TextTooLong(Invalid, ValueError):
    message = msgid("Write at most %(limit)s characters.")


class YearOutOfReach(Invalid, ValueError):
    message = msgid("The year must be between 1990 and 2200.")


class ClosesBeforeItOpens(Invalid, ValueError):
    message = msgid("The phase must close after it opens. Check both moments.")


class SlugUnreadable(Invalid, ValueError):
    message = msgid("Write the address with letters a–z, digits and hyphens, for example oma-kaupunki-2027.")


class SlugReserved(Invalid, ValueError):
    message = msgid("This address is used by the service itself. Choose another.")


def _check_slug(slug: str) -> str:
    if not re.fullmatch(SLUG, slug):
        raise SlugUnreadable
    if slug == "new":
        raise SlugReserved
    return slug


def _check_moment(moment: datetime) -> datetime:
    """Years that a calendar can show in any time zone."""
    if not 1990 <= moment.year <= 2200:
        raise YearOutOfReach
    return moment


def _up_to(limit: int) -> Callable[[Localized], Localized]:
    def check(words: Localized) -> Localized:
        if any(len(text) > limit for text in words.stored().values()):
            raise TextTooLong(limit=limit)
        return words

    return check


Title = Annotated[Localized, AfterValidator(_up_to(120))]
Sentence = Annotated[Localized, AfterValidator(_up_to(400))]
Story = Annotated[Localized, AfterValidator(_up_to(20_000))]
Slug = Annotated[
    str, Field(max_length=60, json_schema_extra={"pattern": f"^{SLUG}$"}), AfterValidator(_check_slug)
]
Moment = Annotated[AwareDatetime, AfterValidator(_check_moment)]
Age = Annotated[int, Field(ge=0, le=120)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Beginning(Part):
    """What a process needs to exist; everything else has a beginning value and is changed later."""

    title: Title
    slug: Slug = Field(description="The process's place in the address.", examples=["oma-kaupunki-2027"])


class Settings(Part):
    slug: Slug = Field(description="Cannot change once the process is published.")
    owner: Title = Field(description="The unit or person responsible for the process.")
    legal_basis: LegalBasis
    categories: list[UUID] = Field(
        default_factory=list, max_length=100, description="The topics a proposal can belong to."
    )


class Texts(Part):
    title: Title
    summary: Sentence | None = None
    description: Story | None = Field(default=None, description="Markdown without HTML.")
    plain_summary: Story | None = Field(default=None, description="In plain language; Markdown without HTML.")
    rules: Story | None = Field(default=None, description="Markdown without HTML.")
    voters: Sentence | None = Field(
        default=None, description="Who may vote, as the rest of a sentence: “people who live in …”."
    )


class VotingRules(Part):
    """Fixed when voting opens, except for the number of people who may vote."""

    ballot_type: BallotType
    max_choices: int | None = Field(default=None, ge=1, le=100, description="Of an approval ballot.")
    area_rule: AreaRule
    minimum_age: Age | None = Field(default=None, description="Turned during the year of the vote.")
    maximum_age: Age | None = Field(default=None, description="Turned during the year of the vote.")
    eligible_count: int | None = Field(default=None, ge=0, le=100_000_000)


class Budget(Part):
    area_id: UUID | None = Field(default=None, description="Null: the whole municipality.")
    cents: int = Field(ge=0, le=LARGEST_BUDGET)


class PhasePlan(Part):
    name: Title
    activities: frozenset[Activity] = Field(min_length=1)
    opens_at: Moment
    closes_at: Moment

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        if self.closes_at <= self.opens_at:
            raise ClosesBeforeItOpens("closes_at")
        return self


class Named(BaseModel):
    """An area of the municipality or a topic; the city's file tells more of it than is kept."""

    key: Slug
    name: Title
    population: int | None = Field(default=None, ge=0, description="Of an area.")
