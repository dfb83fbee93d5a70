"""The public register of moderators' rulings: what, when, why and where; nobody's name and nobody's words."""

from litestar import Response, get

from service.moderation import register
from service.moderation.models import Kind
from service.web import paging
from service.web.page import page
from service.web.visit import ThisVisit

PER_PAGE = 60


@get("/moderation")
async def rulings(visit: ThisVisit) -> Response[str]:
    counts = await register.counts(visit.session)
    asked = visit.request.query_params.get("kind", "")
    kinds = frozenset({Kind(asked)} if asked in set(Kind) else ())
    count = sum(counts.get(kind, 0) for kind in kinds or Kind)
    current, pages = paging.of(visit, count, PER_PAGE)
    return page(
        visit,
        "moderation/register.html",
        lines=await register.registered(
            visit.session, kinds=kinds, limit=PER_PAGE, offset=(current - 1) * PER_PAGE
        ),
        counts={kind.value: counts[kind] for kind in Kind if counts.get(kind)},
        kind=asked if kinds else "",
        total=sum(counts.values()),
        page=current,
        pages=pages,
    )
