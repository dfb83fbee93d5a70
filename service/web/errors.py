"""A domain error becomes a status code once: a problem (RFC 9457) for the API, a page for people."""

import logging
from traceback import format_tb
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException
from litestar.response import Redirect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.core.database import DatabaseAway
from service.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    SignInNeeded,
    TooManyAttempts,
    Unavailable,
    msgid,
)
from service.core.text import Language
from service.web import forms, onward
from service.web.language import of_path, of_request, written
from service.web.page import Stranger, language_links, render
from service.web.visit import READING, AnyRequest

log = logging.getLogger("puntari")

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    SignInNeeded: 401,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    TooManyAttempts: 429,
    Unavailable: 503,
}
UNAVAILABLE = msgid(
    "The service is not available right now. Votes and answers already received are safe. "
    "Try again in a few minutes."
)
BROKEN = msgid("Something went wrong on our side. What you had saved is safe. Try again in a few minutes.")
UNREADABLE = msgid("Some of what was sent could not be read. Check it and send it again.")
TOO_LARGE = msgid("What you sent is too large. What you had saved before is safe.")


def status_of(error: Exception) -> int:
    for kind, status in STATUS.items():
        if isinstance(error, kind):
            return status
    if isinstance(error, HTTPException):
        return error.status_code
    if _database_is_away(error):
        return 503
    if _is_data_error(error):
        return 422
    return 500


def problem(request: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    status = status_of(error)
    _log(error, status)
    body: dict[str, Any] = {
        "type": f"urn:puntari:problem:{_name(error, status)}",
        "title": _sentence(request, error, status),
        "status": status,
    }
    if isinstance(error, Invalid) and error.field:
        body["field"] = error.field
    if isinstance(error, DomainError) and error.parameters:
        body["parameters"] = {name: str(value) for name, value in error.parameters.items()}
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        body["errors"] = [
            {"field": str(item.get("key", "")), "message": str(item.get("message", ""))}
            for item in error.extra
            if isinstance(item, dict)
        ]
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **_allowed(error)}
    if status == 503:
        headers["Retry-After"] = "10"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status_code=status, media_type="application/problem+json", headers=headers)


def error_page(request: AnyRequest, error: Exception) -> Response[Any]:
    status = status_of(error)
    language = of_request(request, request.app.state.instance.settings.default_language)
    if isinstance(error, SignInNeeded) and request.method in READING:
        return Redirect(onward.sign_in_address(request, language), status_code=303)
    if isinstance(error, SignInNeeded):
        return _sign_in_first(request, language)
    _log(error, status)
    answer = render(
        request,
        Stranger(language),
        "unavailable.html" if status == 503 else "error.html",
        status=status,
        code=status,
        message=_sentence(request, error, status),
        form_address=request.url.path if status == 413 else "",
    )
    answer.headers |= _allowed(error)
    if status == 503:
        answer.headers["Retry-After"] = "10"
    return answer


def _sign_in_first(request: AnyRequest, language: Language) -> Response[Any]:
    """The session ended while a form was written, or there was none: the sign-in page carries the form along."""
    act = onward.interrupted(request)
    form = forms.Form()
    if act is None:
        gettext = request.app.state.instance.translations.gettext(language)
        form.mistakes[forms.TOP] = gettext(onward.TOO_LARGE_TO_CARRY)
    return render(
        request,
        Stranger(language),
        "accounts/address.html",
        status=401,
        languages=language_links("/sign-in", language),  # this address may answer to nothing but a form
        form=form,
        act=act,
        next_path="",
    )


def answer(request: AnyRequest, error: Exception) -> Response[Any]:
    """For what no router caught: an unknown address, a broken body."""
    return problem(request, error) if request.url.path.startswith("/api/") else error_page(request, error)


def _sentence(request: AnyRequest, error: Exception, status: int) -> str:
    translations = request.app.state.instance.translations
    language = of_request(request, "en" if of_path(request.url.path) is None else "fi")
    gettext = translations.gettext(language)
    if isinstance(error, DomainError):
        return str(gettext(error.message)) % written(error.parameters, language)
    fixed = {404: NotFound.message, 403: Forbidden.message, 413: TOO_LARGE, 503: UNAVAILABLE}
    if status in fixed:
        return str(gettext(fixed[status]))
    return str(gettext(UNREADABLE if status < 500 else BROKEN))


def _allowed(error: Exception) -> dict[str, str]:
    """The methods an address answers to, where it was asked by another one."""
    return dict(error.headers or {}) if isinstance(error, MethodNotAllowedException) else {}


def _name(error: Exception, status: int) -> str:
    return type(error).__name__ if isinstance(error, DomainError) else f"http-{status}"


def _log(error: Exception, status: int) -> None:
    """Only what is our own fault: its kind and where it was. An error's own text would carry what somebody typed."""
    name = type(_cause(error) or error).__name__
    if isinstance(error, Unavailable):
        log.error("%s", name)
    elif status == 503:
        log.warning("database away: %s", name)
    elif status >= 500:
        told = f" ({error.strerror}: {error.filename})" if isinstance(error, OSError) else ""
        log.error("unexpected %s%s\n%s", name, told, "".join(format_tb(error.__traceback__)))


def _cause(error: Exception) -> BaseException | None:
    """What the driver said."""
    if isinstance(error, DBAPIError) and error.orig:
        return error.orig.__cause__
    return error.__cause__ if isinstance(error, DatabaseAway) else None


def _database_is_away(error: Exception) -> bool:
    if isinstance(error, (DatabaseAway, PoolTimeout, ConnectionError, TimeoutError)):
        return True
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated
        or (isinstance(error, (OperationalError, InterfaceError)) and not _is_data_error(error))
    )


def _is_data_error(error: Exception) -> bool:
    """A value PostgreSQL cannot hold: a NUL in a text, a number out of its range (SQLSTATE class 22)."""
    if not isinstance(error, DBAPIError):
        return False
    code = str(getattr(error.orig, "sqlstate", "") or "")
    return (
        code.startswith("22") or "DataError" in type(error.orig.__cause__).__name__ if error.orig else False
    )
