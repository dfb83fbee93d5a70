"""The desk's start page: what waits today."""

from litestar import Response, get

from service.web import desk
from service.web.visit import ThisVisit


@get("/desk")
async def today(visit: ThisVisit) -> Response[str]:
    links = desk.links(visit)
    return desk.page(
        visit,
        "desk/today.html",
        queues=[
            {
                "href": desk.address(visit, link.path),
                "text": visit.gettext(link.text),
                "count": queue.count,
                "days": (visit.now - queue.oldest).days if queue.oldest else None,
            }
            for link, queue in await desk.queues(visit)
        ],
        others=[
            {"href": desk.address(visit, link.path), "text": visit.gettext(link.text)}
            for link in links
            if link.queue is None
        ],
    )
