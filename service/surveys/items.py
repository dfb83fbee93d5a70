"""What a survey can ask: closed types of questions, and how each is answered. Pure.

Ids are permanent and mean nothing; answers and conditions refer to them. A code is the name of a variable in exports.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from service.core.text import Localized
from service.surveys.condition import Closed, Condition, Day, Id, Number

MOST_OPTIONS, MOST_ROWS = 100, 40
MOST_TEXT = 5_000
"""Characters in one text of the city's in one language."""


def _short(text: Localized) -> Localized:
    if any(len(words) > MOST_TEXT for words in text.stored().values()):
        raise ValueError(f"a text has at most {MOST_TEXT} characters")
    return text


def _real(day: str) -> str:
    date.fromisoformat(day)
    return day


Text = Annotated[Localized, AfterValidator(_short)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
RealDay = Annotated[Day, AfterValidator(_real)]
Positive = Annotated[int, Field(strict=True, ge=1)]


class Role(StrEnum):
    """What an option is apart from its words. All but `other`, which opens a text, exclude every other option."""

    DONT_KNOW = "dont_know"
    PREFER_NOT = "prefer_not"
    NONE_OF_THESE = "none_of_these"
    OTHER = "other"


EVASIVE = {Role.DONT_KNOW, Role.PREFER_NOT}


class Sensitivity(StrEnum):
    """`personal` is guarded when a group is of one mind; `special` (GDPR, article 9) needs its ground in writing."""

    NORMAL = "normal"
    PERSONAL = "personal"
    SPECIAL = "special"


class Demographic(StrEnum):
    """A background question that weights and breakdowns may stand on."""

    AGE_BAND = "age_band"
    SEX = "sex"
    AREA = "area"
    LANGUAGE = "language"


class Validator(StrEnum):
    """The forms a short text may be asked for in; there are no others."""

    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    BUSINESS_ID = "business_id"


class Option(Closed):
    """`code` is the number in exports."""

    id: Id
    code: Annotated[int, Field(strict=True, ge=0, le=999)]
    text: Text
    role: Role | None = None

    @property
    def is_exclusive(self) -> bool:
        return self.role not in {None, Role.OTHER}


class Row(Closed):
    """A question of a matrix, with a variable of its own."""

    id: Id
    code: Code
    text: Text


class Item(Closed):
    id: Id
    text: Text
    help: Text | None = None
    visible_if: Condition | None = None


class Info(Item):
    """Says something and asks nothing."""

    type: Literal["info"] = "info"


class Question(Item):
    code: Code
    required: bool = False
    sensitivity: Sensitivity = Sensitivity.NORMAL
    ground: Text | None = Field(default=None, description="Why a special kind of data is needed.")

    @model_validator(mode="after")
    def _has_its_ground(self) -> Self:
        if self.sensitivity is Sensitivity.SPECIAL and self.ground is None:
            raise ValueError(f"{self.id} asks for a special kind of data without a ground")
        return self


class Choice(Question):
    """A question with options."""

    options: tuple[Option, ...] = Field(min_length=2, max_length=MOST_OPTIONS)

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        once(self.id, "option", [option.id for option in self.options])
        once(self.id, "option code", [option.code for option in self.options])
        once(self.id, "role", [option.role for option in self.options if option.role])
        return self

    @cached_property
    def by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options}


class Single(Choice):
    """Answer: an option's id; the words of `other` stand beside it under `other_key`."""

    type: Literal["single"] = "single"
    demographic: Demographic | None = None


class Multiple(Choice):
    """Answer: a list of option ids in the options' order."""

    type: Literal["multiple"] = "multiple"
    least: Positive | None = None
    most: Positive | None = None

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        free = sum(1 for option in self.options if not option.is_exclusive)
        _upwards(self.id, self.least, self.most, free)
        return self


class Scale(Question):
    """Answer: a whole number from `least` to `most`, or the id of an option that evades the question."""

    type: Literal["scale"] = "scale"
    least: Annotated[int, Field(strict=True, ge=-10, le=1)] = 1
    most: Annotated[int, Field(strict=True, ge=2, le=10)] = 5
    least_text: Text
    most_text: Text
    options: tuple[Option, ...] = Field(default=(), max_length=len(EVASIVE))

    @model_validator(mode="after")
    def _options_evade(self) -> Self:
        once(self.id, "option", [option.id for option in self.options])
        once(
            self.id, "option code", [*range(self.least, self.most + 1), *(each.code for each in self.options)]
        )
        once(self.id, "role", [option.role for option in self.options])
        if any(option.role not in EVASIVE for option in self.options):
            raise ValueError(f"beside its numbers {self.id} has only options that evade the question")
        return self

    @cached_property
    def by_id(self) -> dict[str, Option]:
        return {option.id: option for option in self.options}


class Matrix(Choice):
    """Answer: for each row an option's id."""

    type: Literal["matrix"] = "matrix"
    rows: tuple[Row, ...] = Field(min_length=1, max_length=MOST_ROWS)

    @model_validator(mode="after")
    def _rows_differ(self) -> Self:
        once(self.id, "row", [row.id for row in self.rows])
        if any(option.role is Role.OTHER for option in self.options):
            raise ValueError(f"a row of {self.id} has no room for a text")
        return self


class Ranking(Choice):
    """Answer: for each ranked option its place, from 1 on without a gap."""

    type: Literal["ranking"] = "ranking"
    least: Positive | None = None
    most: Positive | None = None

    @model_validator(mode="after")
    def _can_be_ranked(self) -> Self:
        _without_roles(self)
        _upwards(self.id, self.least, self.most, len(self.options))
        return self


class NumberQuestion(Question):
    """Answer: the number written out with a point, as text."""

    type: Literal["number"] = "number"
    least: Number | None = None
    most: Number | None = None
    decimals: Annotated[int, Field(strict=True, ge=0, le=4)] = 0
    unit: Text | None = None

    @model_validator(mode="after")
    def _goes_upwards(self) -> Self:
        for bound in (self.least, self.most):
            if bound is not None and places(bound) > self.decimals:
                raise ValueError(f"a limit of {self.id} has more decimals than its answers")
        if self.least is not None and self.most is not None and Decimal(self.least) >= Decimal(self.most):
            raise ValueError(f"the numbers of {self.id} go from more to less")
        return self


class DateQuestion(Question):
    """Answer: YYYY-MM-DD."""

    type: Literal["date"] = "date"
    least: RealDay | None = None
    most: RealDay | None = None

    @model_validator(mode="after")
    def _goes_forwards(self) -> Self:
        if self.least is not None and self.most is not None and self.least >= self.most:
            raise ValueError(f"the days of {self.id} go backwards")
        return self


class ShortText(Question):
    type: Literal["short_text"] = "short_text"
    most: Annotated[int, Field(strict=True, ge=1, le=500)] = 200
    validator: Validator | None = None


class LongText(Question):
    type: Literal["long_text"] = "long_text"
    most: Annotated[int, Field(strict=True, ge=1, le=20_000)] = 4_000


class Consent(Question):
    """Answer: true, or none."""

    type: Literal["consent"] = "consent"


class Budget(Choice):
    """Answer: for each option a sum in whole units, 0 where nothing. All of `total` is shared out, unless `rest` may remain."""

    type: Literal["budget"] = "budget"
    total: Annotated[int, Field(strict=True, ge=1, le=10**9)]
    step: Positive = 1
    rest: bool = False
    unit: Text

    @model_validator(mode="after")
    def _can_be_shared(self) -> Self:
        _without_roles(self)
        if self.total % self.step:
            raise ValueError(f"the sum of {self.id} is not made of its steps")
        return self


AnyQuestion = (
    Single | Multiple | Scale | Matrix | Ranking | NumberQuestion | DateQuestion | ShortText | LongText | Consent | Budget
)  # fmt: skip
AnyItem = Annotated[Info | AnyQuestion, Field(discriminator="type")]


def other_key(question: str) -> str:
    """Where the words of an option `other` stand among the answers."""
    return f"{question}:other"


def places(number: str) -> int:
    """Decimals written."""
    return len(number.partition(".")[2])


def once(where: str, what: str, names: Sequence[object]) -> None:
    if len(set(names)) < len(names):
        raise ValueError(f"{where} has one {what} twice")


def _upwards(where: str, least: int | None, most: int | None, all_: int) -> None:
    if (least or 1) > (most or all_) or (most or 1) > all_:
        raise ValueError(f"{where} asks for more options than it has, or for more at least than at most")


def _without_roles(question: Ranking | Budget) -> None:
    if any(option.role for option in question.options):
        raise ValueError(f"the options of {question.id} are all of one kind")
