"""Which language a visit is in: the address says it, or the cookie, or the browser, or the city's default."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from babel import Locale, negotiate_locale
from litestar import Request
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.core.money import Cents, money
from service.core.text import LANGUAGES, Language, moment

OWN_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
COOKIE = "lang"


def of_path(path: str) -> Language | None:
    first = path.lstrip("/").partition("/")[0]
    return first if first in LANGUAGES else None


def of_request(request: Request, default: Language) -> Language:  # type: ignore[type-arg]
    return (
        of_path(request.url.path)
        or _known(request.cookies.get(COOKIE))
        or _accepted(request.headers.get("accept-language", ""))
        or default
    )


def written(parameters: Mapping[str, object], language: Language) -> dict[str, object]:
    """A sentence's values as this language writes them: moments and sums of money; the rest as it is."""
    return {name: _written(value, language) for name, value in parameters.items()}


def _written(value: object, language: Language) -> object:
    if isinstance(value, datetime):
        return moment(value, language)
    return money(value, language) if isinstance(value, Cents) else value


def _known(code: str | None) -> Language | None:
    return code if code in LANGUAGES else None


def _accepted(header: str) -> Language | None:
    """The best of Accept-Language by its weights; what cannot be read counts as nothing said."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            Locale.parse(tag, sep="-")
            weighted.append((float(weight or 1), tag.replace("-", "_")))
        except (ValueError, TypeError, LookupError):
            continue
    preferred = [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]
    return _known(negotiate_locale(preferred, list(LANGUAGES)))


class RememberLanguage:
    """Sets the language cookie when somebody switches: a page that is reached from its sister in another language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        language = of_path(scope.get("path", ""))
        if language is None or not _comes_from_another_language(scope, language):
            await self.app(scope, receive, send)
            return

        async def remember(message: Message) -> None:
            if message["type"] == "http.response.start":
                value = f"{COOKIE}={language}; Path=/; Max-Age=31536000; SameSite=Lax"
                message["headers"] = [*message["headers"], (b"set-cookie", value.encode())]
            await send(message)

        await self.app(scope, receive, remember)


def _comes_from_another_language(scope: Scope, language: Language) -> bool:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    try:
        referrer = urlsplit(headers.get(b"referer", ""))
    except ValueError:
        return False
    before = of_path(referrer.path)
    return referrer.netloc == headers.get(b"host") and before not in {None, language}
