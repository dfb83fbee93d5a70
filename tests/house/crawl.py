"""Walks the service as one kind of person by its own links, so that what is visited is what can be reached."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
from litestar import Litestar

KINDS = {"str": r"[^/]+", "int": r"\d+", "uuid": r"[0-9a-f-]{36}", "path": r".+"}
SAMPLES = 2  # addresses of one route that are looked at


@dataclass(frozen=True)
class Route:
    """A page of the route table, without its language."""

    path: str
    pattern: re.Pattern[str]

    @property
    def parameters(self) -> int:
        return self.path.count("{")


def routes(app: Litestar) -> list[Route]:
    """GET pages; those with fewer parameters first, so that `/new` is not taken for a number."""
    found = []
    for route in app.routes:
        if "GET" in getattr(route, "methods", ()) and route.path.startswith("/fi"):
            path = route.path.removeprefix("/fi") or "/"
            pattern = re.sub(
                r"\\\{\w+:(\w+)\\\}", lambda match: KINDS[match[1]], re.escape(path).replace(r"\:", ":")
            )
            found.append(Route(path, re.compile(f"^{pattern}/?$")))
    return sorted(found, key=lambda route: (route.parameters, route.path))


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses += [value for name, value in attributes if name == "href" and value]


@dataclass
class Walk:
    """What one person reached in one language."""

    table: list[Route]
    language: str
    visited: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    broken: list[str] = field(default_factory=list)

    async def go(self, client: httpx.AsyncClient, *starts: str) -> None:
        waiting, known = list(starts), set(starts)
        while waiting:
            address = waiting.pop(0)
            route = self.route_of(address)
            if route is None or len(self.visited[route.path]) >= SAMPLES:
                continue
            answer = await client.get(address, follow_redirects=True)
            if answer.status_code >= 400:
                self.broken.append(f"{answer.status_code} {address}")
                continue
            if "text/html" not in answer.headers["content-type"]:
                continue
            self.visited[route.path].append(address)
            for link in self.links(answer):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def links(self, answer: httpx.Response) -> list[str]:
        parser = Links()
        parser.feed(answer.text)
        found = []
        for address in parser.addresses:
            parts = urlsplit(urljoin(str(answer.url), address))
            if parts.netloc == answer.url.netloc.decode() and parts.path.startswith(f"/{self.language}"):
                found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return found

    def route_of(self, address: str) -> Route | None:
        path = urlsplit(address).path.removeprefix(f"/{self.language}") or "/"
        return next((route for route in self.table if route.pattern.match(path)), None)
