"""The web server: Granian with the application made anew in each of its processes."""

import gc
from socket import gethostbyname
from threading import Thread

from granian import Granian
from granian.constants import Interfaces, Loops
from litestar.types import ASGIApp

from service.app import create_app
from service.core import lemmas
from service.core.database import Database
from service.core.instance import make
from service.core.revision import Revisions
from service.core.settings import Settings
from service.lifeline import end_with_parent
from service.web.cache import PageCache
from service.web.head import HeadAsGet
from service.web.language import RememberLanguage


def application() -> ASGIApp:
    """What a web process runs; it reads its settings from the environment."""
    end_with_parent()
    settings = Settings()
    instance = make(settings, Database(settings.database_url))
    Thread(target=lemmas.warm, daemon=True).start()
    app = create_app(instance)
    gc.freeze()  # what lives as long as the server need not be looked through at each collection
    cached = PageCache(app, instance.database, Revisions(settings.database_url))
    return HeadAsGet(RememberLanguage(cached))


def serve(settings: Settings) -> None:
    Granian(
        "service.serve:application",
        factory=True,
        interface=Interfaces.ASGI,
        address=gethostbyname(settings.host),  # it takes numbers alone
        port=settings.port,
        workers=settings.web_processes,
        loop=Loops.uvloop,
        log_access=False,
        websockets=False,
        backpressure=128,
    ).serve()
