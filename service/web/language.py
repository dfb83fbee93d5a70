"""Which language a visit is in: the address says it, or the cookie, or the browser, or the city's default."""

from babel import Locale, negotiate_locale
from litestar import Request

from service.core.text import LANGUAGES, Language

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
