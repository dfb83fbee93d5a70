"""Which page of a long list a visitor asks for."""

from math import ceil

from service.web.visit import Visit


def of(visit: Visit, count: int, per_page: int) -> tuple[int, int]:
    """The page of `?page=`, always one that is there, and how many there are."""
    pages = max(1, ceil(count / per_page))
    asked = visit.request.query_params.get("page", "1")
    return (min(max(1, int(asked)), pages) if asked.isdecimal() and len(asked) < 8 else 1), pages
