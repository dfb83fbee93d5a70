"""Public pages kept in memory, compressed, for as long as they are true to the letter.

A page is kept for visitors without a session or a plan of their own and only where it carries no form proof. It is true until something public changes
(the revision), a phase or a calculator opens or closes, or Helsinki's day ends. The revision is asked of the database for each visitor, so a
change is there for the next one in every web process.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from urllib.parse import parse_qsl, urlencode

import brotli
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.calculator import queries as calculators
from service.core.clock import HELSINKI
from service.core.database import Database
from service.core.revision import Revisions
from service.processes import queries as processes
from service.web import csrf, own_plan
from service.web.assets import best_coding
from service.web.language import of_path

ROOM = 64_000_000  # bytes
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, compresslevel=6),
    "br": partial(brotli.compress, quality=5),
}

OWN = (csrf.SESSION_COOKIE, own_plan.PLAN_COOKIE, own_plan.CODE_COOKIE)
"""Cookies of a browser that pages show something of its own."""

Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    revision: int
    until: datetime
    headers: list[Header]
    body: bytes
    coded: dict[str, bytes] = field(default_factory=dict)  # a twentieth of the body each

    def as_coded(self, coding: str) -> bytes:
        """Compressed when a visitor first takes it so."""
        if not coding:
            return self.body
        if coding not in self.coded:
            self.coded[coding] = CODINGS[coding](self.body)
        return self.coded[coding]


@dataclass(frozen=True, slots=True)
class Boundary:
    """When the next phase or calculator opens or closes, as it stands at a revision."""

    revision: int
    at: datetime | None


class PageCache:
    def __init__(self, app: ASGIApp, database: Database, revisions: Revisions) -> None:
        self.app = app
        self.database = database
        self.revisions = revisions
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0
        self._boundary = Boundary(revision=-1, at=None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = key_of(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        try:
            revision, now = await self.revisions.current()
        except Exception:  # noqa: BLE001 - the database is away: the page itself says so
            await self.app(scope, receive, send)
            return
        kept = self._kept.get(key)
        if kept is None or kept.revision != revision or kept.until <= now:
            kept = await self._make(scope, receive, send, revision, now)
            if kept is None:
                return
            self._keep(key, kept)
        await _send(kept, _header(scope, b"accept-encoding"), send)

    async def _make(
        self, scope: Scope, receive: Receive, send: Send, revision: int, now: datetime
    ) -> Kept | None:
        """Let the service answer. An answer that is for this visitor alone is passed on and None returned."""
        start: list[Message] = []
        body: list[bytes] = []

        async def listen(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.append(message)
            elif message["type"] == "http.response.body":
                body.append(message.get("body", b""))

        await self.app(scope, receive, listen)
        headers: list[Header] = list(start[0]["headers"])  # type: ignore[typeddict-item]
        whole = b"".join(body)
        if start[0]["status"] != 200 or not _may_be_kept(headers):  # type: ignore[typeddict-item]
            await send(start[0])
            await send({"type": "http.response.body", "body": whole, "more_body": False})
            return None
        boundary = await self._next_boundary(revision, now)
        midnight = (now.astimezone(HELSINKI) + timedelta(days=1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return Kept(
            revision=revision,
            until=min(boundary, midnight) if boundary else midnight,
            headers=[pair for pair in headers if pair[0].lower() != b"content-length"],
            body=whole,
        )

    async def _next_boundary(self, revision: int, now: datetime) -> datetime | None:
        """Asked once a revision: what opens and closes is public, so what is moved makes a new one."""
        known = self._boundary
        if known.revision != revision or (known.at and known.at <= now):
            async with self.database.transaction(read_only=True) as session:
                moments = [
                    await processes.next_boundary(session, now),
                    await calculators.next_boundary(session, now),
                ]
            known = Boundary(revision, min((at for at in moments if at), default=None))
            self._boundary = known
        return known.at

    def _keep(self, key: str, kept: Kept) -> None:
        """Forget the oldest when there is no room."""
        old = self._kept.pop(key, None)
        self._size += len(kept.body) - (len(old.body) if old else 0)
        self._kept[key] = kept
        while self._size > ROOM and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest.body)


def key_of(scope: Scope) -> str | None:
    """Path and normalised query of an anonymous GET of a page; None for anything else."""
    if scope.get("method") != "GET" or of_path(scope["path"]) is None:
        return None
    cookies = _header(scope, b"cookie")
    if any(f"{name}=" in cookies for name in OWN) or _header(scope, b"authorization"):
        return None
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = urlencode(sorted(pairs, key=itemgetter(0)))  # of one name the order counts
    return f"{scope['path']}?{query}"


def _may_be_kept(headers: list[Header]) -> bool:
    names = {name.lower(): value for name, value in headers}
    return b"set-cookie" not in names and names.get(b"cache-control") == b"private, no-cache"


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _send(kept: Kept, accepted: str, send: Send) -> None:
    coding = best_coding(accepted, CODINGS)
    body = kept.as_coded(coding)
    headers = [*kept.headers, (b"content-length", str(len(body)).encode()), (b"vary", b"Accept-Encoding")]
    if coding:
        headers.append((b"content-encoding", coding.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
