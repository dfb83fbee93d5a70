"""Dates, numbers and names as fi, sv and en write them, and the city's own words in the three languages.

The patterns are our own: for Swedish, CLDR has Sweden's forms (2027-03-05, 18:05) and not Finland's, and its minus is a hyphen.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from service.core.clock import HELSINKI

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"

WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(value: date, language: Language) -> str:
    """14.3.2027 · 14.3.2027 · 14 March 2027. A moment is taken on its Helsinki day."""
    here = _on_day(value)
    if language == "en":
        return f"{_english_day(here)} {here.year}"
    return f"{here.day}.{here.month}.{here.year}"


def moment(value: datetime, language: Language) -> str:
    """14.3.2027 klo 20.00 · 14.3.2027 kl. 20.00 · 14 March 2027 at 20:00, in Helsinki's time."""
    here = _in_helsinki(value)
    return f"{day(here, language)} {_at(f'{here.hour}:{here:%M}', language)}"


def weekday_moment(value: datetime, language: Language) -> str:
    """A moment with its day: su 29.3.2026 klo 23.00 · sön 29.3.2026 kl. 23.00 · Sun 29 March 2026 at 23:00."""
    return f"{WEEKDAYS[language][_in_helsinki(value).weekday()]} {moment(value, language)}"


def until(value: datetime, language: Language) -> str:
    """A closing moment. Midnight is told as the end of the day before, which is what people take it for."""
    here = _in_helsinki(value)
    if (here.hour, here.minute) != (0, 0):
        return moment(value, language)
    last_day = day(here.date() - timedelta(days=1), language)
    if language == "en":
        return f"{last_day} at midnight (24:00)"
    return f"{last_day} {_at('24:00', language)}"


def days(first: date, last: date, language: Language) -> str:
    """5.–8.3.2027 · 5–8.3.2027 · 5–8 March 2027; what both ends share is said once."""
    first, last = _on_day(first), _on_day(last)
    end = day(last, language)
    if first == last:
        return end
    if first.year != last.year:
        return f"{day(first, language)}{_dash(language)}{end}"
    if first.month != last.month:
        start = _english_day(first) if language == "en" else f"{first.day}.{first.month}"
        return f"{start}{'.' if language == 'fi' else ''}{_dash(language)}{end}"
    return f"{first.day}{'.' if language == 'fi' else ''}{DASH}{end}"


def period(opens_at: datetime, closes_at: datetime, language: Language) -> str:
    """The days from an opening to a closing; midnight belongs to the day that ends."""
    return days(opens_at, closes_at - timedelta(microseconds=1), language)


def number(
    value: float | Decimal | Fraction, language: Language, *, decimals: int = 0, signed: bool = False
) -> str:
    """1 234,5 · 1 234,5 · 1,234.5, rounded half away from zero; `signed` shows the plus of a change too."""
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    units = int(abs(exact) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(units, 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    if language != "en":
        text = text.translate({ord(","): NBSP, ord("."): ","})
    return _sign(exact if units else Fraction(), signed=signed) + text


def percent(
    share: float | Decimal | Fraction, language: Language, *, decimals: int = 1, signed: bool = False
) -> str:
    """8,1 % · 8,1 % · 8.1% of a share of one (0.081)."""
    exact = Fraction(str(share)) if isinstance(share, float) else Fraction(share)
    text = number(exact * 100, language, decimals=decimals, signed=signed)
    return f"{text}%" if language == "en" else f"{text}{NBSP}%"


class Wording(NamedTuple):
    """A text and the language it is really in, for the page's `lang` attribute."""

    text: str
    language: Language


def wording(texts: Mapping[str, str | None], language: Language) -> Wording:
    """The text in this language; where the city has not written it, in Finnish, Swedish or English, said openly."""
    for candidate in (language, *LANGUAGES):
        if text := texts.get(candidate):
            return Wording(text, candidate)
    return Wording("", language)


# PostgreSQL cannot keep a NUL.
Words = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]


class Localized(BaseModel):
    """The city's own words in up to three languages, at least one. Stored as JSONB by `stored()`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fi: Words = ""
    sv: Words = ""
    en: Words = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.stored():
            raise ValueError("a text is needed in at least one language")
        return self

    def stored(self) -> dict[str, str]:
        return {language: text for language, text in self if text}

    def text(self, language: Language) -> Wording:
        return wording(self.stored(), language)


# Letters that are no letter-with-a-mark in Unicode, or whose place in the alphabet is not that of their base letter.
_ALPHABET = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "õ": "}", "ő": "}", "ü": "y", "ű": "y"}
_BASE_LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ŋ": "n", "ı": "i"}


def sort_key(name: str) -> str:
    """A key whose plain order of code points is the alphabet's: … v w x y z å ä ö (a column of it needs COLLATE "C").

    W is a letter of its own after v: SFS 4600 (4th edition, 14.10.2022), so also Kielitoimiston ohjepankki ("Aakkostus:
    vieraat kirjaimet") and Swedish. Ü goes as y, š as s, ž as z; of names otherwise alike the one without marks is first.
    """
    folded = unicodedata.normalize("NFC", name).casefold()
    letters = "".join(_ALPHABET.get(letter) or _plain(letter) for letter in folded)
    primary = " ".join(re.sub(r"[^\w{|}]+", " ", letters).split())
    return f"{primary}\x01{folded.replace(chr(0), '')}"


def capitalised(words: str) -> str:
    """At the beginning of a line: the first letter large, the others as they are, for a city's name is among them."""
    return words[:1].upper() + words[1:]


def slug(title: str, *, limit: int = 60) -> str:
    """Decoration for an address, in a-z, 0-9 and hyphens; empty where the title has no Latin letter or digit."""
    plain = "".join(map(_plain, unicodedata.normalize("NFC", title).casefold()))
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    if len(words) <= limit:
        return words
    whole_words, _, _ = words[: limit + 1].rpartition("-")
    return whole_words or words[:limit]


def _plain(letter: str) -> str:
    if letter in _BASE_LETTERS:
        return _BASE_LETTERS[letter]
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))


def _sign(value: Fraction, *, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""


def _in_helsinki(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return value.astimezone(HELSINKI)


def _on_day(value: date) -> date:
    return _in_helsinki(value).date() if isinstance(value, datetime) else value


def _english_day(value: date) -> str:
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]}"


def _at(time: str, language: Language) -> str:
    if language == "en":
        return f"at {time}"
    return f"{'klo' if language == 'fi' else 'kl.'}{NBSP}{time.replace(':', '.')}"


def _dash(language: Language) -> str:
    return f" {DASH} " if language == "en" else DASH
