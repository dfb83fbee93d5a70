"""One answer as it was sent, made the plain value that `items.py` tells for its question, or refused. Pure."""

import re
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import Any

from service.core.errors import msgid
from service.surveys.condition import DECIMAL
from service.surveys.items import (
    Budget,
    Choice,
    Consent,
    DateQuestion,
    LongText,
    Matrix,
    Multiple,
    NumberQuestion,
    Question,
    Ranking,
    Scale,
    ShortText,
    Single,
    Validator,
    places,
)
from service.surveys.logic import is_empty

MOST_DIGITS = 40
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
SPACES = re.compile(r"[ \u00a0\u202f]")
WHOLE = re.compile(r"-?[0-9]{1,10}", re.ASCII)
FINNISH_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)
ISO_DAY = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)

UNREADABLE = msgid("This answer could not be read. Give it again.")
UNKNOWN_OPTION = msgid("This option is not among those of the question. Choose again.")
TOO_MANY = msgid("Choose at most %(most)s.")
TOO_FEW = msgid("Choose at least %(least)s.")
NOT_TOGETHER = msgid("One of the options you chose cannot be chosen together with others.")
NOT_A_NUMBER = msgid("Write a number in digits.")
NOT_WHOLE = msgid("Write a whole number in digits.")
DECIMALS = msgid("Write the number with at most %(decimals)s decimals.")
TOO_SMALL = msgid("The number must be at least %(least)s.")
TOO_LARGE = msgid("The number must be at most %(most)s.")
NOT_A_DAY = msgid("Write a day that exists: day, month and year.")
TOO_EARLY = msgid("The day must be %(least)s or later.")
TOO_LATE = msgid("The day must be %(most)s or earlier.")
NOT_A_PLACE = msgid("Write the place in digits, from 1 on.")
PLACE_TWICE = msgid("Two options have the place %(place)s. Give each place once.")
PLACE_MISSING = msgid("The place %(place)s is missing. Give the places from 1 on, leaving none out.")
NOT_A_SUM = msgid("Write the sum in digits, without decimals, 0 or more.")
NOT_IN_STEPS = msgid("Give the sum in steps of %(step)s.")
SUM_DIFFERS = msgid("The sums make %(sum)s together, but they should make %(total)s.")
SUM_EXCEEDS = msgid("The sums make %(sum)s together, which is more than %(total)s.")
TOO_LONG = msgid("The text is too long. It may have at most %(most)s characters.")
ODD_CHARACTER = msgid("The text has a character that cannot be stored. Remove it.")
NOT_IN_FORM = {
    Validator.POSTCODE: msgid("Write the postcode with five digits."),
    Validator.PHONE: msgid("Write the phone number in digits, such as 040 123 4567."),
    Validator.EMAIL: msgid("Write the e-mail address in the form name@example.fi."),
    Validator.BUSINESS_ID: msgid("Write the business ID in the form 1234567-8. Check the digits."),
}
FORMS = {
    Validator.POSTCODE: re.compile(r"[0-9]{5}", re.ASCII),
    Validator.PHONE: re.compile(r"\+?[0-9](?:[ -]?[0-9]){4,14}", re.ASCII),
    Validator.EMAIL: re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63}){1,8}"),
    Validator.BUSINESS_ID: re.compile(r"[0-9]{7}-[0-9]", re.ASCII),
}


class Wrong(Exception):
    """An answer that cannot be taken, on its way to becoming a fault."""

    def __init__(self, message: str, part: str = "", **parameters: object) -> None:
        super().__init__(message)
        self.message, self.part, self.parameters = message, part, parameters


@singledispatch
def read(question: Question, given: Any) -> object:
    """The answer as a plain value; None where it turns out to be none. Raises Wrong."""
    raise NotImplementedError(type(question))


@read.register
def _(question: Single, given: Any) -> object:
    return _option(question, given)


@read.register
def _(question: Multiple, given: Any) -> object:
    chosen = given if isinstance(given, list) else [given]
    if len(chosen) > len(question.options):
        raise Wrong(UNREADABLE)
    ids = {_option(question, each) for each in chosen}
    if len(ids) > 1 and any(question.by_id[each].is_exclusive for each in ids):
        raise Wrong(NOT_TOGETHER)
    if not any(question.by_id[each].is_exclusive for each in ids):
        _count(question, len(ids))
    return [option.id for option in question.options if option.id in ids]


@read.register
def _(question: Scale, given: Any) -> object:
    if isinstance(given, str) and given in question.by_id:
        return given
    number = _whole(given)
    if number is None or not question.least <= number <= question.most:
        raise Wrong(UNKNOWN_OPTION)
    return number


@read.register
def _(question: Matrix, given: Any) -> object:
    rows = _parts(given, {row.id for row in question.rows})
    return {row.id: _option(question, rows[row.id], row.id) for row in question.rows if row.id in rows}


@read.register
def _(question: Ranking, given: Any) -> object:
    ranked = {option: _place(option, place) for option, place in _parts(given, question.by_id.keys()).items()}
    order = sorted(ranked.items(), key=lambda each: each[1])
    for place, (option, actual) in enumerate(order, 1):
        if actual < place:
            raise Wrong(PLACE_TWICE, option, place=actual)
        if actual > place:
            raise Wrong(PLACE_MISSING, option, place=place)
    if ranked:
        _count(question, len(ranked))
    return dict(order)


@read.register
def _(question: Budget, given: Any) -> object:
    shared = dict.fromkeys(question.by_id, 0)
    for option, amount in _parts(given, question.by_id.keys()).items():
        number = _whole(amount)
        if number is None or number < 0:
            raise Wrong(NOT_A_SUM, option)
        if number % question.step:
            raise Wrong(NOT_IN_STEPS, option, step=question.step)
        shared[option] = number
    together = sum(shared.values())
    if together > question.total:
        raise Wrong(SUM_EXCEEDS, sum=together, total=question.total)
    if 0 < together < question.total and not question.rest:
        raise Wrong(SUM_DIFFERS, sum=together, total=question.total)
    return shared if together else None


@read.register
def _(question: NumberQuestion, given: Any) -> object:
    written = _digits(given).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    if not DECIMAL.fullmatch(written):
        raise Wrong(NOT_A_NUMBER)
    if places(written) > question.decimals:
        raise Wrong(DECIMALS, decimals=question.decimals) if question.decimals else Wrong(NOT_WHOLE)
    number = Decimal(written) + 0  # never −0
    if question.least is not None and number < Decimal(question.least):
        raise Wrong(TOO_SMALL, least=Decimal(question.least))
    if question.most is not None and number > Decimal(question.most):
        raise Wrong(TOO_LARGE, most=Decimal(question.most))
    return format(number, "f")


@read.register
def _(question: DateQuestion, given: Any) -> object:
    day = _day(given)
    if question.least is not None and day < question.least:
        raise Wrong(TOO_EARLY, least=date.fromisoformat(question.least))
    if question.most is not None and day > question.most:
        raise Wrong(TOO_LATE, most=date.fromisoformat(question.most))
    return day


@read.register
def _(question: ShortText, given: Any) -> object:
    words = text(given, question.most)
    if question.validator is None:
        return " ".join(words.split())
    right = FORMS[question.validator].fullmatch(words)
    if not right or (question.validator is Validator.BUSINESS_ID and not _checks(words)):
        raise Wrong(NOT_IN_FORM[question.validator])
    return words


@read.register
def _(question: LongText, given: Any) -> object:
    return text(given, question.most)


@read.register
def _(_: Consent, given: Any) -> object:
    if given is not True and given not in ("true", "on"):
        raise Wrong(UNREADABLE)
    return True


def _option(question: Choice, given: Any, part: str = "") -> str:
    if not isinstance(given, str) or given not in question.by_id:
        raise Wrong(UNKNOWN_OPTION, part)
    return given


def _count(question: Multiple | Ranking, count: int) -> None:
    if question.most is not None and count > question.most:
        raise Wrong(TOO_MANY, most=question.most)
    if question.least is not None and count < question.least:
        raise Wrong(TOO_FEW, least=question.least)


def _place(option: str, given: Any) -> int:
    place = _whole(given)
    if place is None or place < 1:
        raise Wrong(NOT_A_PLACE, option)
    return place


def _parts(given: Any, known: AbstractSet[str]) -> dict[str, object]:
    """The parts that are answered, by id."""
    if not isinstance(given, dict) or given.keys() - known:
        raise Wrong(UNREADABLE)
    return {part: answer for part, answer in given.items() if not is_empty(answer)}


def _digits(given: Any) -> str:
    """What may be a number as it is written, without spaces between the digits; empty where it cannot be one."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    written = str(given) if not isinstance(given, str) else given
    return SPACES.sub("", written) if len(written) <= MOST_DIGITS else ""


def _whole(given: Any) -> int | None:
    written = _digits(given)
    return int(written) if WHOLE.fullmatch(written) else None


def _day(given: Any) -> str:
    written = given.strip() if isinstance(given, str) and len(given) <= MOST_DIGITS else ""
    if finnish := FINNISH_DAY.fullmatch(written):
        day, month, year = finnish.groups()
        written = f"{year}-{month:0>2}-{day:0>2}"
    try:
        if ISO_DAY.fullmatch(written):
            return date.fromisoformat(written).isoformat()
    except ValueError:
        pass
    raise Wrong(NOT_A_DAY)


def text(given: Any, most: int, part: str = "") -> str:
    """Without blanks around it, with one kind of line end."""
    if not isinstance(given, str):
        raise Wrong(UNREADABLE, part)
    if len(given) > 4 * most:  # not even read
        raise Wrong(TOO_LONG, part, most=most)
    words = given.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(words) > most:
        raise Wrong(TOO_LONG, part, most=most)
    if UNSTORABLE.search(words):
        raise Wrong(ODD_CHARACTER, part)
    return words


def _checks(business_id: str) -> bool:
    """The last digit of a Finnish business ID follows from the others: weights 7, 9, 10, 5, 8, 4, 2, modulo 11."""
    digits = [int(digit) for digit in business_id.replace("-", "")]
    rest = sum(weight * digit for weight, digit in zip((7, 9, 10, 5, 8, 4, 2), digits, strict=False)) % 11
    return digits[-1] == (11 - rest if rest else 0)  # after a rest of 1 no digit is right
