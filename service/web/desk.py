"""The desk's frame: which links a staff member has, and what waits behind them. Its links are `LINKS`.

`return desk.page(visit, "desk/staff.html", current="staff", …)` for a template that extends `desk/base.html`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response

from service.calculator import queries as calculators
from service.core.actor import Role
from service.core.errors import Forbidden, SignInNeeded, msgid
from service.evaluation import queries as evaluation
from service.moderation import queue as moderation
from service.processes import queries as processes
from service.processes.queries import Roles
from service.voting import candidates
from service.web import page as pages
from service.web import steward
from service.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Queue:
    """Work that waits for this person: how much, and since when the oldest of it."""

    count: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """`path` is the address after /desk/; `queue` counts what waits there, for the page of today.

    `everywhere`: for those alone who have the role in all processes.
    """

    path: str
    text: str
    roles: frozenset[Role]
    queue: Callable[[Visit], Awaitable[Queue]] | None = None
    everywhere: bool = False

    def is_for(self, roles: Roles) -> bool:
        held = [roles[role] for role in self.roles & roles.keys()]
        return None in held if self.everywhere else bool(held)


async def _moderation(visit: Visit) -> Queue:
    lines = await moderation.waiting(visit.session, visit.moderator)
    return Queue(len(lines), lines[0].since if lines else None)


async def _evaluation(visit: Visit) -> Queue:
    """What an evaluator was asked; for an editor who is none, what nobody looks at yet."""
    if visit.has_role(Role.EVALUATOR):
        waiting = await evaluation.waiting_for(visit.session, visit.evaluator)
        return Queue(waiting.count, waiting.oldest)
    progress = await evaluation.progress(visit.session, visit.editor.processes)
    return Queue(sum(process.unassigned for process in progress))


async def _rounds(visit: Visit) -> Queue:
    """What has changed since it was put on a ballot that is not final yet."""
    mine = await processes.looked_after(visit.session, steward.reach(visit))
    return Queue(len(await candidates.changed(visit.session, mine)))


async def _votes(visit: Visit) -> Queue:
    """Those that have closed and are not counted."""
    votes = await steward.votes(visit)
    closed = [
        phase.closes_at for _, phase, result in votes if result is None and phase.closes_at <= visit.now
    ]
    return Queue(len(closed), min(closed, default=None))


async def _comments_on_plans(visit: Visit) -> Queue:
    """Those that wait for a moderator."""
    if not visit.has_role(Role.MODERATOR):
        return Queue(0)
    return Queue(await calculators.comments_waiting(visit.session, visit.moderator.processes))


LINKS: list[Link] = [
    Link("moderation", msgid("Review queue"), frozenset({Role.MODERATOR}), _moderation),
    Link("evaluation", msgid("Evaluation"), frozenset({Role.EVALUATOR, Role.EDITOR}), _evaluation),
    Link("processes", msgid("Rounds"), frozenset({Role.EDITOR, Role.ADMINISTRATOR}), _rounds),
    Link("voting", msgid("Votes and results"), frozenset({Role.EDITOR, Role.ADMINISTRATOR}), _votes),
    Link(
        "calculator",
        msgid("Balancing calculators"),
        frozenset({Role.EDITOR, Role.ADMINISTRATOR, Role.MODERATOR}),
        _comments_on_plans,
    ),
    Link("audit", msgid("Audit trail"), frozenset({Role.EDITOR, Role.ADMINISTRATOR})),
    Link("staff", msgid("Staff"), frozenset({Role.ADMINISTRATOR})),
    Link("groups", msgid("Council groups"), frozenset({Role.ADMINISTRATOR}), everywhere=True),
]


def page(visit: Visit, template: str, *, current: str = "", **context: Any) -> Response[str]:
    """A page of the desk, for staff alone; `current` is the path of the link it belongs to, empty for today's."""
    return pages.page(visit, template, desk_navigation=_navigation(visit, current), **context)


def links(visit: Visit) -> list[Link]:
    """Raises SignInNeeded, and Forbidden for who is not staff."""
    if visit.account is None:
        raise SignInNeeded
    if not visit.is_staff:
        raise Forbidden
    return [link for link in LINKS if link.is_for(visit.roles)]


async def queues(visit: Visit) -> list[tuple[Link, Queue]]:
    return [(link, await link.queue(visit)) for link in links(visit) if link.queue]


def address(visit: Visit, path: str) -> str:
    return f"/{visit.language}/desk" + (f"/{path}" if path else "")


def _navigation(visit: Visit, current: str) -> list[dict[str, Any]]:
    today = {"href": address(visit, ""), "text": visit.gettext("Today"), "current": current == ""}
    return [
        today,
        *(
            {
                "href": address(visit, link.path),
                "text": visit.gettext(link.text),
                "current": link.path == current,
            }
            for link in links(visit)
        ),
    ]
