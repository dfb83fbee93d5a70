"""Goes about the service as one person, by its own links and forms. Whatever is shown on the way is kept."""

import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx
from litestar import Litestar

from service.core.text import LANGUAGES, Language
from tests.house.page import Form, Page

NOT_FOUND = 404
IN_A_LANGUAGE = re.compile(rf"^/({'|'.join(LANGUAGES)})(?=/|$)")
KINDS = {"str": r"[^/]+", "int": r"\d+", "uuid": r"[0-9a-f-]{36}", "path": r".+"}


@dataclass(frozen=True)
class Route:
    """A page or a form of the route table, without its language."""

    path: str
    pattern: re.Pattern[str]

    @property
    def parameters(self) -> int:
        return self.path.count("{")


def routes(app: Litestar, method: str = "GET") -> list[Route]:
    """Those with fewer parameters first, so that `/new` is not taken for a number."""
    found = []
    for route in app.routes:
        if method in getattr(route, "methods", ()) and route.path.startswith("/fi"):
            path = route.path.removeprefix("/fi") or "/"
            pattern = re.sub(
                r"\\\{\w+:(\w+)\\\}", lambda match: KINDS[match[1]], re.escape(path).replace(r"\:", ":")
            )
            found.append(Route(path, re.compile(f"^{pattern}/?$")))
    return sorted(found, key=lambda route: (route.parameters, route.path))


@dataclass
class Walker:
    """One person in one language."""

    app: Litestar
    url: str
    language: Language
    shown: list[Page] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = httpx.AsyncClient(base_url=self.url, timeout=30, follow_redirects=True)
        self.pages, self.forms = routes(self.app), routes(self.app, "POST")

    @property
    def here(self) -> Page:
        return self.shown[-1]

    @asynccontextmanager
    async def another(self, who: str, which: int = 0) -> AsyncIterator["Walker"]:
        """Somebody else, whose pages are not kept."""
        other = Walker(self.app, self.url, self.language)
        async with other.client:
            await other.sign_in(who, which)
            yield other

    async def sign_in(self, who: str, which: int = 0) -> None:
        """With one press on the demo's page; `which` of those with the role, residents being others in each language."""
        if who == "anonymous":
            return
        if who == "resident":
            which = which * len(LANGUAGES) + LANGUAGES.index(self.language)
        page = await self.open("/demo")
        section = page.answer.text.split(f'id="{"residents" if who == "resident" else who}"')[1]
        await self.send("/demo/sign-in", account=section.split('name="account" value="')[1 + which][:36])

    async def open(self, address: str) -> Page:
        home = f"/{self.language}"
        return self._keep(await self.client.get(home + address.removeprefix(home)))

    async def follow(self, part: str) -> Page:
        """The first link here with this in its address."""
        found = [link for link in self.links(self.here) if part in link]
        assert found, f"no link with {part} on {self.here.answer.url}"
        return await self.open(found[0])

    async def send(self, action: str, **typed: str) -> Page:
        """The form here whose address ends so, as it is shown but for what is typed."""
        forms = [form for form in self.here.forms if self._path(form).endswith(action)]
        assert forms, f"no form for {action} on {self.here.answer.url}"
        page = await self._send(forms[0], forms[0].as_shown(**typed))
        assert page.answer.is_success, f"{page.answer.status_code} {page.answer.url}"
        return page

    async def go(self, *starts: str, samples: int) -> None:
        """To what was shown so far leads, and from there on; of each route so many addresses."""
        waiting = deque([*(link for page in self.shown for link in self.links(page)), *starts])
        known, seen = set(waiting), Counter[str]()
        while waiting:
            address = waiting.popleft()
            route = self._route(self.pages, address)
            if not route or seen[route] >= samples:
                continue
            page = await self.open(address)
            seen[self._route(self.pages, page.answer.url.path)] += 1
            if page.answer.is_error and address not in starts:
                self.broken.append(f"{page.answer.status_code} {address}")
            for link in self.links(page):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def links(self, page: Page) -> list[str]:
        """The addresses in this language, unless the page is a refusal."""
        here = f"/{self.language}"
        return [] if page.answer.is_error else [link for link in self._own(page) if link.startswith(here)]

    async def leave_empty(self, form: Form) -> Page:
        return await self._send(form, form.left_empty())

    def target(self, form: Form) -> str:
        """The route of the form's answer."""
        return self._route(self.forms, self._path(form))

    async def _send(self, form: Form, fields: dict[str, list[str]]) -> Page:
        return self._keep(await self.client.post(self._path(form), data=fields))

    def _keep(self, answer: httpx.Response) -> Page:
        page = Page(answer)
        if answer.is_server_error:
            self.broken.append(f"{answer.status_code} {answer.url}")
        if answer.is_success and answer.request.method == "GET":
            self.visited.add(self._route(self.pages, answer.url.path))
        if page.main:
            self.shown.append(page)
        if answer.status_code != NOT_FOUND:
            self.broken += [
                f"{link} on {answer.url}" for link in self._own(page) if not self._route(self.pages, link)
            ]
        return page

    def _own(self, page: Page) -> Iterator[str]:
        """The addresses here of pages of the service, in any language."""
        for address in page.links:
            parts = urlsplit(urljoin(str(page.answer.url), address))
            if parts.netloc == page.answer.url.netloc.decode() and IN_A_LANGUAGE.match(parts.path):
                yield parts.path + (f"?{parts.query}" if parts.query else "")

    def _path(self, form: Form) -> str:
        return urlsplit(form.action)._replace(scheme="", netloc="", fragment="").geturl()

    def _route(self, table: list[Route], address: str) -> str:
        """Empty where there is none."""
        path = IN_A_LANGUAGE.sub("", urlsplit(address).path) or "/"
        return next((route.path for route in table if route.pattern.match(path)), "")
