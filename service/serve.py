"""The web server: Granian with the application made anew in each of its processes."""

from granian import Granian
from granian.constants import Interfaces, Loops
from litestar import Litestar

from service.app import create_app
from service.core.database import Database
from service.core.instance import make
from service.core.settings import Settings


def application() -> Litestar:
    """What a web process runs; it reads its settings from the environment."""
    settings = Settings()
    return create_app(make(settings, Database(settings.database_url)))


def serve(settings: Settings) -> None:
    Granian(
        "service.serve:application",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.web_processes,
        loop=Loops.uvloop,
        log_access=False,
        websockets=False,
        backpressure=128,
    ).serve()
