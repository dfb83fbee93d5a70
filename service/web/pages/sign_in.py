"""Signing in: the address, then the code that was mailed to it; on to where one came from. And signing out."""

from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect
from pydantic import BaseModel

from service.accounts import actions, queries
from service.accounts.actions import SignedIn
from service.accounts.models import SignInCode
from service.accounts.rules import CodesAskedTooOften, masked
from service.core import deployment
from service.core.errors import Invalid, msgid
from service.web import csrf, forms, onward
from service.web.page import cookie, page, told
from service.web.visit import ThisVisit, Visit

REQUEST_COOKIE = "sign_in"  # which request for a code this browser made; the address is in no address
REQUEST_COOKIE_LIFE = 3600

NOTICES = {
    "signed-out": msgid("You have signed out."),
    "signed-out-everywhere": msgid("You have signed out everywhere."),
    "deleted": msgid("Your account and your personal data have been deleted."),
}


class AddressForm(BaseModel):
    email: str


class CodeForm(BaseModel):
    code: str


SENTENCES = {
    "email": msgid("Write your e-mail address in full, for example name@example.com."),
    "code": msgid("The code has six digits. Write all of them."),
}


class SignInPages(Controller):
    path = ""

    @get("/sign-in")
    async def ask_address(self, visit: ThisVisit) -> Response[str] | Redirect:
        next_path = onward.own_path(visit.request.query_params.get("next", ""))
        if visit.account:
            return Redirect(_after(visit, next_path), status_code=303)
        return _address_page(visit, forms.Form(), next_path, None, notice=told(visit, NOTICES))

    @post("/sign-in", status_code=200)
    async def send_code(self, visit: ThisVisit) -> Response[str] | Redirect:
        next_path, act = await _onward(visit)
        filled = await forms.read(visit, AddressForm, sentences=SENTENCES)
        if filled.value is None:
            return _address_page(visit, filled.form, next_path, act, status=422)
        return await _send(visit, filled.value.email, filled.form, next_path, act)

    @get("/sign-in/code")
    async def ask_code(self, visit: ThisVisit) -> Response[str] | Redirect:
        request = await _request(visit)
        if request is None:
            return Redirect(f"/{visit.language}/sign-in", status_code=303)
        next_path = onward.own_path(visit.request.query_params.get("next", ""))
        return await _code_page(visit, request, forms.Form(), next_path, None)

    @post("/sign-in/code", status_code=200)
    async def check_code(self, visit: ThisVisit) -> Response[str] | Redirect:
        next_path, act = await _onward(visit)
        request = await _request(visit)
        filled = await forms.read(visit, CodeForm, sentences=SENTENCES)
        if request is None:
            return _address_page(visit, forms.Form(), next_path, act, status=422)
        if "again" in await visit.form():
            return await _send(visit, request.email, forms.Form(), next_path, act)
        if filled.value is None:
            return await _code_page(visit, request, filled.form, next_path, act, status=422)
        outcome = await _sign_in(visit, request, filled.value.code)
        if isinstance(outcome, Invalid):
            form = filled.form.refuse(visit, outcome)
            return await _code_page(visit, request, form, next_path, act, status=422)
        return _go_on(visit, outcome, next_path, act)

    @post("/sign-out")
    async def sign_out(self, visit: ThisVisit) -> Redirect:
        """Also where the session has ended by itself: whoever wants to be out is out."""
        if visit.account and visit.token:
            current = await queries.session_of(visit.session, visit.token)
            await actions.end_session(visit.session, current.id, by=visit.resident)
        return signed_out(visit, "signed-out")


def signed_out(visit: Visit, done: str) -> Redirect:
    """To the sign-in page, with the browser's session cookie gone."""
    gone = cookie(visit.request, csrf.SESSION_COOKIE, "", max_age=0)
    return Redirect(f"/{visit.language}/sign-in?done={done}", status_code=303, cookies=[gone])


def session_cookie(visit: Visit, done: SignedIn) -> Cookie:
    seconds = int((done.expires_at - visit.now).total_seconds())
    return cookie(visit.request, csrf.SESSION_COOKIE, done.token, max_age=seconds)


async def _onward(visit: Visit) -> tuple[str, onward.Act | None]:
    sent = await visit.form()
    return onward.own_path(str(sent.get("next", ""))), onward.carried(sent)


def _after(visit: Visit, next_path: str) -> str:
    return next_path or f"/{visit.language}/me"


async def _request(visit: Visit) -> SignInCode | None:
    try:
        request_id = UUID(visit.request.cookies.get(REQUEST_COOKIE, ""))
    except ValueError:
        return None
    return await queries.code_request(visit.session, request_id)


async def _send(
    visit: Visit, address: str, form: forms.Form, next_path: str, act: onward.Act | None
) -> Response[str] | Redirect:
    """Ask for a code and go to the page for it; with an act to carry, the page is this answer, for an address cannot carry it."""
    try:
        request = await actions.request_code(
            visit.session, visit.instance.keys, address, language=visit.language
        )
    except Invalid as error:
        return _address_page(visit, form.refuse(visit, error), next_path, act, status=422)
    except CodesAskedTooOften as error:
        form.mistakes["email"] = visit.gettext(error.message, **error.parameters)
        return _address_page(visit, form, next_path, act, status=429)
    made = cookie(visit.request, REQUEST_COOKIE, str(request.id), max_age=REQUEST_COOKIE_LIFE)
    if act:
        return await _code_page(visit, request, forms.Form(), next_path, act, cookies=[made])
    query = f"?{urlencode({'next': next_path})}" if next_path else ""
    return Redirect(f"/{visit.language}/sign-in/code{query}", status_code=303, cookies=[made])


async def _sign_in(visit: Visit, request: SignInCode, code: str) -> SignedIn | Invalid:
    try:
        return await actions.sign_in(
            visit.session, visit.instance.keys, request.id, code, instead_of=visit.token
        )
    except Invalid as error:
        return error


def _go_on(visit: Visit, done: SignedIn, next_path: str, act: onward.Act | None) -> Response[str] | Redirect:
    cookies = [session_cookie(visit, done), cookie(visit.request, REQUEST_COOKIE, "", max_age=0)]
    if act is None:
        return Redirect(_after(visit, next_path), status_code=303, cookies=cookies)
    visit.account = done.account
    return page(visit, "accounts/go_on.html", cookies=cookies, secret=done.token, act=act)


def _address_page(
    visit: Visit,
    form: forms.Form,
    next_path: str,
    act: onward.Act | None,
    *,
    status: int = 200,
    notice: dict[str, str] | None = None,
) -> Response[str]:
    return page(
        visit, "accounts/address.html", status=status, form=form, next_path=next_path, act=act, notice=notice
    )


async def _code_page(
    visit: Visit,
    request: SignInCode,
    form: forms.Form,
    next_path: str,
    act: onward.Act | None,
    *,
    status: int = 200,
    cookies: list[Cookie] | None = None,
) -> Response[str]:
    return page(
        visit,
        "accounts/code.html",
        status=status,
        cookies=cookies,
        form=form,
        next_path=next_path,
        act=act,
        sent_to=masked(request.email),
        expires_at=request.expires_at,
        is_demo=visit.instance.settings.may_show_a_demo
        and await deployment.kind(visit.session) is deployment.Kind.DEMO,
    )
