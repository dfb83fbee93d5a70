"""The description of this API, for programs."""

from typing import Any

from litestar import get

from service.web.description import describe
from service.web.visit import AnyRequest


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: AnyRequest) -> dict[str, Any]:
    return describe(request.app)
