"""The moderators' lists: what waits, the oldest first, and what was decided."""

from collections.abc import Callable
from typing import Any

from litestar import Controller, Response, get

from service.core.errors import msgid
from service.moderation import queue, register
from service.moderation.queue import Matter, Waiting
from service.web import desk, paging
from service.web.page import told
from service.web.visit import ThisVisit, Visit

PER_PAGE = 50
NOTICES = {
    "next": msgid("Your decision is saved. This is the next one."),
    "last": msgid("Your decision is saved. Nothing else is waiting."),
}
ORDERS: dict[str, Callable[[Waiting], Any]] = {
    "since": lambda line: line.since,
    "matter": lambda line: list(Matter).index(line.matter),
    "process": lambda line: line.process.slug if line.process else "",
}


class ModerationPages(Controller):
    path = "/desk/moderation"

    @get()
    async def queue(self, visit: ThisVisit) -> Response[str]:
        lines = await queue.waiting(visit.session, visit.moderator)
        order = visit.request.query_params.get("order", "since")
        name, falling = order.removeprefix("-"), order.startswith("-")
        page, pages = paging.of(visit, len(lines), PER_PAGE)
        listed = sorted(lines, key=ORDERS.get(name, ORDERS["since"]), reverse=falling)
        return desk.page(
            visit,
            "desk/moderation/queue.html",
            current="moderation",
            notice=notice(visit),
            lines=[
                (line, address_of(visit, line), (visit.now - line.since).days)
                for line in listed[(page - 1) * PER_PAGE : page * PER_PAGE]
            ],
            total=len(lines),
            oldest=address_of(visit, lines[0]) if lines else "",
            order=order,
            sorted_by={name: "descending" if falling else "ascending"},
            page=page,
            pages=pages,
        )

    @get("/decided")
    async def decided(self, visit: ThisVisit) -> Response[str]:
        moderator = visit.moderator
        page, pages = paging.of(visit, await register.count_decided(visit.session, moderator), PER_PAGE)
        lines = await register.decided(visit.session, moderator, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        return desk.page(
            visit, "desk/moderation/decided.html", current="moderation", lines=lines, page=page, pages=pages
        )


def address_of(visit: Visit, line: Waiting) -> str:
    """The page where a line of the queue is decided."""
    match line.matter:
        case Matter.APPEAL:
            path = f"appeals/{line.appeal_id}"
        case Matter.REPORT if line.comment_id:
            path = f"comments/{line.comment_id}"
        case Matter.REPORT:
            path = f"proposals/{line.proposal_id}/public"
        case _:
            path = f"proposals/{line.proposal_id}"
    return desk.address(visit, f"moderation/{path}")


def notice(visit: Visit) -> dict[str, str] | None:
    return told(visit, NOTICES)
