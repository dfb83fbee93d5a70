"""Pictures as files, outside languages: /pictures/{id}.webp and /pictures/{id}-small.webp."""

import re
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from service.core.errors import NotFound
from service.pictures import queries as pictures
from service.proposals import queries as proposals
from service.results import queries as results
from service.web.visit import ThisVisit

NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(-small)?\.webp")


@get("/pictures/{name:str}", include_in_schema=False)
async def serve_picture(visit: ThisVisit, name: FromPath[str]) -> Response[bytes]:
    """A picture never changes under its address but may be hidden, so it is kept for a day; one not public yet is kept nowhere."""
    asked = NAME.fullmatch(name)
    if asked is None:
        raise NotFound
    picture_id = UUID(asked[1])
    is_public = await results.shows_picture(visit.session, picture_id) or await proposals.shows_picture(
        visit.session, picture_id, visit.viewer
    )
    if is_public is None:
        raise NotFound
    content = await pictures.content(visit.session, picture_id, "small" if asked[2] else "full")
    return Response(
        content,
        media_type="image/webp",
        headers={
            "Cache-Control": "public, max-age=86400, immutable" if is_public else "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
        },
    )
