"""What the service tells of itself: accessibility, privacy, rules, open data. The facts are the city's own."""

from typing import Any

from litestar import Controller, Response, get

from service.accounts.rules import SESSION_LIFE
from service.web.page import page
from service.web.visit import ThisVisit, Visit


class AboutPages(Controller):
    path = "/about"

    @get("/accessibility")
    async def accessibility(self, visit: ThisVisit) -> Response[str]:
        return about(visit, "accessibility")

    @get("/privacy")
    async def privacy(self, visit: ThisVisit) -> Response[str]:
        return about(
            visit, "privacy", session_days=SESSION_LIFE.days, keys_days=visit.instance.settings.keys_kept_days
        )

    @get("/rules")
    async def rules(self, visit: ThisVisit) -> Response[str]:
        return about(visit, "rules")

    @get("/open-data")
    async def open_data(self, visit: ThisVisit) -> Response[str]:
        return about(visit, "open-data")


def about(visit: Visit, name: str, **context: Any) -> Response[str]:
    """The page as it is written in the visitor's language."""
    address = visit.instance.settings.address
    return page(visit, f"about/{visit.language}/{name}.html", address=address, **context)
