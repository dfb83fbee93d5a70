"""A page: a template with what every page needs, as an answer with its safety headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.datastructures import Cookie
from markupsafe import Markup

from service.accounts.models import Account
from service.core.text import LANGUAGES, Language
from service.web import csrf, onward
from service.web.language import OWN_NAMES, of_path
from service.web.visit import AnyRequest, Visit

SAFETY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

PUBLIC_NAVIGATION = ("processes", "results")


@dataclass(frozen=True, slots=True)
class Stranger:
    """What a page knows of a visitor when no transaction could be opened or kept: their language."""

    language: Language
    account: Account | None = None
    has_desk: bool = False
    has_council_room: bool = False


def page(
    visit: Visit,
    template: str,
    *,
    status: int = 200,
    cookies: list[Cookie] | None = None,
    secret: str | None = None,
    **context: Any,
) -> Response[str]:
    """Render within the transaction, so that a template's mistake rolls back too.

    `secret` is the cookie that this answer gives the browser, where its forms are to be believed by the new one already.
    """
    return render(visit.request, visit, template, status=status, cookies=cookies, secret=secret, **context)


def told(visit: Visit, notices: Mapping[str, str]) -> dict[str, str] | None:
    """What was done on the page before, which the address says as `?done=…`."""
    text = notices.get(visit.request.query_params.get("done", ""))
    return {"text": visit.gettext(text)} if text else None


def render(
    request: AnyRequest,
    visit: Visit | Stranger,
    template: str,
    *,
    status: int = 200,
    cookies: list[Cookie] | None = None,
    secret: str | None = None,
    **context: Any,
) -> Response[str]:
    secret = secret or csrf.browser_secret(request)
    made = [] if secret else [cookie(request, csrf.VISITOR_COOKIE, csrf.new_secret())]
    asked = _Asked()

    def csrf_field() -> Markup:
        asked.proof = True
        return Markup('<input type="hidden" name="{}" value="{}">').format(
            csrf.FIELD, csrf.proof_for(secret or str(made[0].value))
        )

    context = {
        "visit": visit,
        "languages": language_links(_rest(request) + _asked_for(request), visit.language),
        "alternates": _alternates(request),
        "sign_in_address": onward.sign_in_address(request, visit.language),
        "navigation": _navigation(request, visit.language),
        "notice": None,
        "unfinished_ballots": [],
        "csrf_field": csrf_field,
        "errors": context["form"].errors if "form" in context else [],
        "file_lost": "form" in context and context["form"].file_lost,
        **context,
    }
    body = request.app.state.templates.render(template, visit.language, context)
    kept = visit.account is None and not asked.proof and status == 200
    return Response(
        body,
        media_type="text/html",
        status_code=status,
        headers={
            **SAFETY,
            "Cache-Control": "private, no-cache" if kept else "no-store",
            "Content-Language": visit.language,
        },
        cookies=[*(cookies or []), *(made if asked.proof else [])],
    )


@dataclass
class _Asked:
    """Did the template ask for a form's proof? Then the page is for this browser alone."""

    proof: bool = False


def cookie(
    request: AnyRequest, name: str, value: str, *, path: str = "/", max_age: int | None = None
) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path=path,
        httponly=True,
        samesite="lax",
        # Behind a proxy that ends TLS the request itself comes as http, so the service's own address decides.
        secure=request.app.state.instance.settings.address.startswith("https:"),
        max_age=max_age,
    )


def language_links(rest: str, current: Language) -> list[dict[str, Any]]:
    """The same page in each language; `rest` is its address after the language."""
    return [
        {
            "code": language,
            "name": OWN_NAMES[language],
            "href": f"/{language}{rest}",
            "current": language == current,
        }
        for language in LANGUAGES
    ]


def _asked_for(request: AnyRequest) -> str:
    query = request.url.query
    return f"?{query}" if query and request.method == "GET" else ""


def _alternates(request: AnyRequest) -> list[dict[str, str]]:
    address, rest = request.app.state.instance.settings.address, _rest(request)
    default = request.app.state.instance.settings.default_language
    links = [{"hreflang": language, "href": f"{address}/{language}{rest}"} for language in LANGUAGES]
    fallback = f"{address}/" if rest in {"", "/"} else f"{address}/{default}{rest}"
    return [*links, {"hreflang": "x-default", "href": fallback}]


def _rest(request: AnyRequest) -> str:
    """The path after its language."""
    path = request.url.path
    return path[3:] if of_path(path) else path


def _navigation(request: AnyRequest, language: Language) -> list[dict[str, Any]]:
    gettext = request.app.state.instance.translations.gettext(language)
    texts = {"processes": gettext("Rounds"), "results": gettext("Results")}
    first = _rest(request).strip("/").partition("/")[0]
    return [
        {"href": f"/{language}/{name}", "text": texts[name], "current": first == name}
        for name in PUBLIC_NAVIGATION
    ]
