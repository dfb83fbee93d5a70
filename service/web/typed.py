"""A form of many fields, read one by one: what cannot be taken is a mistake beside its field, and everything typed is kept."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from litestar.datastructures import UploadFile

from service.core.errors import msgid
from service.core.money import NotMoney, TooMuchMoney, parse_money
from service.core.text import LANGUAGES, MINUS, Language, Localized, number
from service.web.forms import SENTENCES, Form
from service.web.visit import Visit

Choice = TypeVar("Choice", bound=StrEnum)

MOST_CENTS = 10**12
NO_NUMBER = msgid("Write a number, for example 2.5.")


@dataclass
class Typed:
    """Reads `form.typed` and fills `form.mistakes`. What is refused is read as None, so that all mistakes are found at once."""

    visit: Visit
    form: Form

    def text(self, name: str) -> str:
        return str(self.form.value(name)).strip()

    def list(self, name: str) -> list[str]:
        given = self.form.value(name, [])
        return [text for text in (given if isinstance(given, list) else [given]) if text]

    def is_ticked(self, name: str) -> bool:
        return bool(self.text(name))

    def words(self, name: str, missing: str = "", *, limit: int = 400) -> Localized | None:
        """Of three inputs; `missing` is the msgid where a text is needed."""
        texts = {language: self.text(f"{name}_{language}") for language in LANGUAGES}
        if any(len(text) > limit for text in texts.values()):
            self.refuse(name, SENTENCES["string_too_long"], max_length=limit)
            return None
        if any("\x00" in text for text in texts.values()):
            self.refuse(name, msgid("This could not be read. Check it."))
            return None
        if any(texts.values()):
            return Localized(**texts)
        if missing:
            self.refuse(name, missing)
        return None

    def cents(self, name: str, missing: str = "") -> int | None:
        """A sum in euros, below zero too; one left empty is 0 unless it is needed."""
        text = self.text(name)
        if not text and missing:
            self.refuse(name, missing)
            return None
        if not text:
            return 0
        try:
            cents = parse_money(text, self.visit.language, negative=True)
            if abs(cents) > MOST_CENTS:
                raise TooMuchMoney
        except NotMoney as error:
            self.refuse(name, error.message)
            return None
        return cents

    def whole(self, name: str, *, least: int = 0, most: int = 10_000, missing: str = "") -> int | None:
        """A whole number; one left empty is 0 unless it is needed."""
        text = self.text(name)
        if not text and not missing:
            return 0
        if not text:
            self.refuse(name, missing)
            return None
        if not re.fullmatch(r"[-+−]?[0-9]{1,15}", text):
            self.refuse(name, SENTENCES["int_parsing"])
            return None
        return self._between(name, int(text.replace(MINUS, "-")), least, most)

    def hundredths(self, name: str, *, least: int, most: int) -> int | None:
        """A per cent as people write it ("2,5"), in hundredths of a per cent; one left empty is 0."""
        text = self.text(name).replace(" ", "").replace("%", "").replace("\u00a0", "")
        if not text:
            return 0
        if not re.fullmatch(r"[-+−]?[0-9]{1,6}([.,][0-9]{1,2})?", text):
            self.refuse(name, NO_NUMBER)
            return None
        value = int(Fraction(text.replace(MINUS, "-").replace(",", ".")) * 100)
        return value if self._between(name, value, least, most, shown=100) is not None else None

    def one_of(self, name: str, kind: type[Choice], missing: str) -> Choice | None:
        try:
            return kind(self.text(name))
        except ValueError:
            self.refuse(name, missing)
            return None

    def refuse(self, name: str, message: str, **parameters: object) -> None:
        self.form.mistakes.setdefault(name, self.visit.gettext(message, **parameters))

    def _between(self, name: str, value: int, least: int, most: int, shown: int = 1) -> int | None:
        if value < least:
            self.refuse(name, SENTENCES["greater_than_equal"], ge=self._figure(least, shown))
            return None
        if value > most:
            self.refuse(name, SENTENCES["less_than_equal"], le=self._figure(most, shown))
            return None
        return value

    def _figure(self, value: int, shown: int) -> str:
        return number(Fraction(value, shown), self.visit.language)


async def sent(visit: Visit, *, many: frozenset[str] = frozenset()) -> Typed:
    """What was sent; `many` names fields that are lists."""
    given = await visit.form()
    values: dict[str, object] = {}
    for name in {key for key, _ in given.multi_items()}:
        texts = [str(value) for value in given.getall(name) if not isinstance(value, UploadFile)]
        if texts:
            values[name] = texts if name in many else texts[0]
    return Typed(visit, Form(typed=values))


def typed_cents(cents: int, language: Language) -> str:
    """As an input shows a sum."""
    return number(Fraction(cents, 100), language, decimals=2 if cents % 100 else 0)


def typed_hundredths(value: int, language: Language) -> str:
    return number(Fraction(value, 100), language, decimals=2 if value % 10 else (1 if value % 100 else 0))
