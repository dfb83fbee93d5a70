"""What search engines are told: every public page in its three languages, and what not to look at."""

from litestar import Response, get

from service.core import deployment
from service.core.deployment import Kind
from service.core.text import LANGUAGES
from service.processes import queries, timetable
from service.web.visit import ThisVisit

ABOUT = ("accessibility", "privacy", "rules", "open-data", "api")
PRIVATE = ("desk", "me", "sign-in")


@get("/sitemap.xml", include_in_schema=False)
async def sitemap(visit: ThisVisit) -> Response[str]:
    pages = ["/", "/processes", "/results", *(f"/about/{name}" for name in ABOUT)]
    for process, phases in await queries.rounds(visit.session):
        address = f"/processes/{process.slug}"
        pages += [
            address,
            *(f"{address}/{section}" for section in timetable.sections(phases, at=visit.now)),
        ]
    settings = visit.instance.settings
    body = visit.request.app.state.templates.render(
        "sitemap.xml",
        settings.default_language,
        {
            "pages": pages,
            "languages": LANGUAGES,
            "address": settings.address,
            "default_language": settings.default_language,
        },
    )
    return Response(body, media_type="application/xml; charset=utf-8")


@get("/robots.txt", include_in_schema=False)
async def robots(visit: ThisVisit) -> Response[str]:
    """A demo is not to be found: its city is invented."""
    if await deployment.kind(visit.session) is Kind.DEMO:
        return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")
    lines = ["User-agent: *", "Disallow: /api/"]
    lines += [f"Disallow: /{language}/{path}" for language in LANGUAGES for path in PRIVATE]
    lines.append(f"Sitemap: {visit.instance.settings.address}/sitemap.xml")
    return Response("\n".join(lines) + "\n", media_type="text/plain")
