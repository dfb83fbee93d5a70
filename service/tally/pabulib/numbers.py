"""Exact decimal numbers as the format writes them: digits, with a point before decimals."""

import re
from fractions import Fraction
from typing import NamedTuple

from service.tally.ballots import Points
from service.tally.pabulib.findings import PabulibError, msgid, shown

MOST_DIGITS = 12
MOST_DECIMALS = 20

_NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]*))?")


class Amount(NamedTuple):
    """`units` of 10 ** -decimals."""

    units: int
    decimals: int

    def at(self, decimals: int) -> int:
        return self.units * int(10 ** (decimals - self.decimals))

    def __str__(self) -> str:
        if self.decimals == 0:
            return str(self.units)
        digits = str(self.units).rjust(self.decimals + 1, "0")
        decimals = digits[-self.decimals :].rstrip("0")
        return digits[: -self.decimals] + (f".{decimals}" if decimals else "")


def amount(text: str, line: int, column: str) -> Amount:
    """Raises PabulibError for what is missing, negative, not a number or too large."""
    if not text:
        raise PabulibError(line, column, msgid("The value is missing."))
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise _not_a_number(text, line, column)
    whole, decimals = match[1].lstrip("0"), (match[2] or "").rstrip("0")
    if len(whole) > MOST_DIGITS:
        raise PabulibError(line, column, msgid("%(value)s is too large."), value=shown(text))
    if len(decimals) > MOST_DECIMALS:
        raise PabulibError(line, column, msgid("%(value)s has too many decimals."), value=shown(text))
    return Amount(int(whole + decimals or "0"), len(decimals))


def _not_a_number(text: str, line: int, column: str) -> PabulibError:
    if text.startswith(("-", "\N{MINUS SIGN}")) and _NUMBER.fullmatch(text[1:]):
        return PabulibError(line, column, msgid("%(value)s is negative."), value=shown(text))
    message = msgid("“%(value)s” is not a number. Use digits, with a point before decimals.")
    return PabulibError(line, column, message, value=shown(text))


def points(text: str, line: int, column: str) -> Points:
    number = amount(text, line, column)
    return number.units if number.decimals == 0 else Fraction(number.units, 10**number.decimals)


def whole(text: str, line: int, column: str) -> int:
    number = amount(text, line, column)
    if number.decimals:
        raise PabulibError(line, column, msgid("%(value)s is not a whole number."), value=shown(text))
    return number.units
