"""The description of this API, for programs."""

from typing import Any

from litestar import get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service.core.errors import NotFound
from service.web.description import describe
from service.web.visit import AnyRequest


def nowhere(_connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Litestar would serve its own description, which lacks what ours says, at addresses beside it."""
    raise NotFound


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: AnyRequest) -> dict[str, Any]:
    return describe(request.app)
