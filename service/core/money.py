"""Money: integer cents, shown in whole euros as residents read it, and read as residents write it."""

import re
from fractions import Fraction
from typing import ClassVar

from service.core.errors import msgid
from service.core.text import DASH, MINUS, NBSP, Language, number

EURO = "EUR"
LARGEST_EUROS = 10**12
MILLIONS = {"fi": "milj.", "sv": "mn"}


class Cents(int):
    """A sum among an error's parameters, so that a door writes it as its language does."""


class NotMoney(ValueError):
    """A typed sum that cannot be taken; `reason` is for programs, `message` an msgid for people."""

    reason: ClassVar[str] = "not_a_number"
    message: ClassVar[str] = msgid("Write the sum in figures, for example 2500 or 8.90.")


class AmbiguousMoney(NotMoney):
    reason = "ambiguous"
    message = msgid(
        "It is not clear whether the sum is in thousands. Write it without a separator, for example 2500."
    )


class NegativeMoney(NotMoney):
    reason = "negative"
    message = msgid("The sum cannot be below zero.")


class TooMuchMoney(NotMoney):
    reason = "too_large"
    message = msgid("The sum is too large.")


def money(
    cents: int, language: Language, *, currency: str = EURO, exact: bool = False, signed: bool = False
) -> str:
    """12 500 € · 12 500 € · €12,500; another currency by its code: 12 500 PLN · 12 500 PLN · PLN 12,500.

    `exact` shows the cents where there are any, else they are rounded away.
    """
    decimals = 2 if exact and cents % 100 else 0
    figure = number(Fraction(cents, 100), language, decimals=decimals, signed=signed)
    if currency != EURO:
        return f"{currency}{NBSP}{figure}" if language == "en" else f"{figure}{NBSP}{currency}"
    return _with_euro(figure, language)


def money_words(cents: int, language: Language) -> str:
    """4,8 milj. € · 4,8 mn € · €4.8 million, for running text; what is less than a million is written out."""
    millions = Fraction(cents, 100_000_000)
    if abs(millions) < 1:
        return money(cents, language)
    figure = number(millions, language, decimals=1)
    return (
        f"{_with_euro(figure, language)} million"
        if language == "en"
        else f"{figure}{NBSP}{MILLIONS[language]}{NBSP}€"
    )


def money_range(low: int, high: int, language: Language) -> str:
    """35 000–60 000 € · 35 000–60 000 € · €35,000–60,000 of cents; one sum where both are the same."""
    if low == high:
        return money(high, language)
    figures = (number(Fraction(cents, 100), language) for cents in (low, high))
    return _with_euro(DASH.join(figures), language)


def parse_money(text: str, language: Language | None = None, *, negative: bool = False) -> int:
    """Cents of a sum in euros as people type it: "240 000", "8,9", "8.90", "1 234,50 €", "€1,234.50".

    "1,234" alone is thousands in English, also where the euro stands first; elsewhere it and "1.234" are refused, not guessed.

    Raises:
        NotMoney: with `reason` not_a_number, ambiguous, negative or too_large (above 10^12 euros).
    """
    match = _SUM.fullmatch(re.sub(r"\s", " ", text.strip()))
    if match is None or (match["point"] and match["point"] == match["group"]):
        raise NotMoney
    if match["group"] in {".", ","} and not (match["more"] or match["point"]):
        english = language == "en" or match["euro"]
        if not (english and match["group"] == ","):
            raise AmbiguousMoney
    digits = re.sub(r"[^0-9]", "", match["whole"]).lstrip("0")
    if len(digits) > len(str(LARGEST_EUROS)):
        raise TooMuchMoney
    cents = int(digits or "0") * 100 + int((match["cents"] or "").ljust(2, "0"))
    if cents > LARGEST_EUROS * 100:
        raise TooMuchMoney
    if cents and match["sign"] in _MINUSES:
        if not negative:
            raise NegativeMoney
        return -cents
    return cents


_MINUSES = {"-", MINUS, DASH}
_SUM = re.compile(
    r"(?P<sign>[-\u2212\u2013+])? ?(?P<euro>€)? ?"
    r"(?P<whole>[0-9]{1,3}(?P<group>[ .,])[0-9]{3}(?P<more>(?:(?P=group)[0-9]{3})*)|[0-9]+)"
    r"(?:(?P<point>[.,])(?P<cents>[0-9]{1,2}))? ?(?:€|eur|euroa?)?",
    re.IGNORECASE,
)


def _with_euro(figure: str, language: Language) -> str:
    if language != "en":
        return f"{figure}{NBSP}€"
    sign = figure[0] if figure[0] in {"+", MINUS} else ""
    return f"{sign}€{figure.removeprefix(sign)}"
