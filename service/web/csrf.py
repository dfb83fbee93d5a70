"""A form is believed when it carries the proof that only a page of ours, shown to this browser, can hold.

The proof is an HMAC of the browser's own secret cookie (of the session where there is one, else of the visitor), so
nothing is stored and a page cached for everybody carries none.
"""

import hmac
import secrets

from litestar import Request

from service.core.errors import Forbidden, msgid
from service.core.keys import digest

SESSION_COOKIE = "session"
VISITOR_COOKIE = "visitor"
FIELD = "csrf"
HEADER = "X-CSRF-Token"


class NotFromOurPage(Forbidden):
    message = msgid(
        "We could not be sure that this form came from our own page, so nothing was done. "
        "Go back, reload the page and send the form again."
    )


def proof_for(cookie: str) -> str:
    """A proof that looks new each time: a page may be compressed without its proof leaking by its length (BREACH)."""
    proof = digest(cookie.encode(), b"form")
    mask = secrets.token_bytes(len(proof))
    return (mask + _xor(mask, proof)).hex()


def browser_secret(request: Request) -> str | None:  # type: ignore[type-arg]
    return request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISITOR_COOKIE)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def check(request: Request, given: str) -> None:  # type: ignore[type-arg]
    """Refuse a POST without the proof."""
    secret = browser_secret(request)
    if secret is None or not hmac.compare_digest(digest(secret.encode(), b"form"), _unmasked(given)):
        raise NotFromOurPage


def _unmasked(given: str) -> bytes:
    try:
        masked = bytes.fromhex(given)
    except ValueError:
        return b""
    half = len(masked) // 2
    return _xor(masked[:half], masked[half:])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
