"""The least a Litestar handler can do: what the list is measured against."""

from litestar import Litestar, get
from litestar.response import Response


@get("/", sync_to_thread=False)
def hello() -> Response[dict[str, str]]:
    return Response({"hello": "world"})


def application() -> Litestar:
    return Litestar([hello], openapi_config=None, logging_config=None)
