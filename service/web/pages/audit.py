"""What staff did, for editors and administrators: when, in which role, what, where. Nobody's name."""

from uuid import UUID

from litestar import Response, get

from service.web import desk, trail
from service.web.visit import ThisVisit


@get("/desk/audit")
async def audit(visit: ThisVisit) -> Response[str]:
    asked, before = (visit.request.query_params.get(name, "") for name in ("process", "before"))
    read = await trail.read(visit, _id(asked), _number(before))
    return desk.page(
        visit,
        "desk/audit.html",
        current="audit",
        trail=read,
        words={action: visit.gettext(text) for action, text in trail.WORDS.items()},
        process=asked,
        is_first=not before,
    )


def _id(text: str) -> UUID | None:
    """An unknown filter is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
