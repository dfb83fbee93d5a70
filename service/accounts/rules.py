"""How one signs in by mail. Pure: no session, no clock of its own."""

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

import idna

from service.accounts.models import SignInCode
from service.core.errors import Conflict, Invalid, NotFound, TooManyAttempts, msgid
from service.core.keys import digest

CODE_LIFE = timedelta(minutes=10)  # ASVS 5.0, 6.5.5: an out-of-band code lives at most so long
WRONG_ATTEMPTS = 5
SESSION_LIFE = timedelta(days=30)

CODES_PER_ADDRESS = 5
ADDRESS_WINDOW = timedelta(hours=1)
CODES_IN_ALL = 1_200
WINDOW_IN_ALL = timedelta(minutes=10)

WARNED = "account.warned"

LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
CODE = re.compile(r"[0-9]{6}")
BETWEEN_DIGITS = re.compile(r"[\s-]+")


class AddressUnreadable(Invalid):
    message = msgid("Write your e-mail address in full, for example name@example.com.")


class CodeUnreadable(Invalid):
    message = msgid("The code has six digits. Write all of them.")


class CodeWrong(Invalid):
    message = msgid("That code does not match. Check it or ask for a new one. Attempts left: %(n)s.")


class CodeExpired(Invalid):
    message = msgid("This code has expired. Ask for a new one.")


class BirthYearInFuture(Invalid):
    message = msgid("The year of birth cannot be in the future.")


class CodesAskedTooOften(TooManyAttempts):
    pass


class SessionUnknown(NotFound):
    pass


class NotADemo(NotFound):
    pass


class DeletionNotConfirmed(Conflict):
    message = msgid("The account was not deleted, because the deletion was not confirmed.")


def normalised(address: str) -> str:
    """The one spelling of an address: lower case, the domain in IDNA's ASCII form. Raises AddressUnreadable.

    Takes the dot-atom form of RFC 5321. Quoted local parts and letters beyond ASCII in them are refused: mail servers do too.
    """
    local, at, domain = address.strip().lower().rpartition("@")
    if not at or len(local) > 64 or len(domain) > 255 or not LOCAL_PART.fullmatch(local):
        raise AddressUnreadable("email")
    try:
        domain = idna.encode(domain, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        raise AddressUnreadable("email") from None
    if "." not in domain.rstrip(".") or domain.endswith(".") or len(local) + len(domain) > 253:
        raise AddressUnreadable("email")
    return f"{local}@{domain}"


def masked(address: str) -> str:
    """a…@posti.example: enough to see a slip of the pen, not enough for who looks over a shoulder."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"


def sign_in_digest(key: bytes, address: str) -> bytes:
    """What stands for a normalised address wherever the address itself must not: `key` is the instance's `identity`."""
    return digest(key, b"email", address.encode())


def new_code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def typed_code(typed: str) -> str:
    """The six digits, with or without spaces between. Raises CodeUnreadable."""
    code = BETWEEN_DIGITS.sub("", typed)
    if not CODE.fullmatch(code):
        raise CodeUnreadable("code")
    return code


def code_digest(key: bytes, request: SignInCode, code: str) -> bytes:
    """`key` is the instance's `codes`: who reads the database alone cannot try a million codes against it."""
    return digest(key, request.id.bytes, code.encode())


def may_be_tried(request: SignInCode, *, at: datetime) -> bool:
    return request.used_at is None and at < request.expires_at and request.wrong_attempts < WRONG_ATTEMPTS


def matches(request: SignInCode, code: str, key: bytes) -> bool:
    return request.code_digest is not None and hmac.compare_digest(
        request.code_digest, code_digest(key, request, code)
    )


def check_frequency(of_address: Sequence[datetime], in_all: int, *, at: datetime) -> None:
    """Raises CodesAskedTooOften. `of_address` are the moments of the address's own requests within its window, oldest first."""
    if len(of_address) >= CODES_PER_ADDRESS:
        free_at = of_address[-CODES_PER_ADDRESS] + ADDRESS_WINDOW
        raise CodesAskedTooOften(minutes=max(1, ceil((free_at - at) / timedelta(minutes=1))))
    if in_all >= CODES_IN_ALL:
        raise CodesAskedTooOften(minutes=WINDOW_IN_ALL // timedelta(minutes=1))


def check_birth_year(birth_year: int | None, *, at: datetime) -> None:
    if birth_year is not None and birth_year > at.year:
        raise BirthYearInFuture("birth_year")
