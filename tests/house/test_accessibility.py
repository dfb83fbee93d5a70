"""axe-core finds nothing on any page, as each role that may see it, in all three languages, forms in their error state too.

`make test` walks in all languages as nobody and in one as each role; FULL=1 (`make prove`) in all as everybody. A page is not
looked at where one of the same shape was.
"""

import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from playwright.async_api import Page as Tab
from playwright.async_api import async_playwright

from service.core.settings import CHECKOUT
from service.core.text import LANGUAGES, Language
from tests import FULL
from tests import browser as chromium
from tests.database import TestServer
from tests.demo_city import demo_copy
from tests.house import rounds
from tests.house.acts import ACTS
from tests.house.crawl import Walker, routes
from tests.house.page import Page
from tests.live import LiveService

AXE = (CHECKOUT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
LOOK = """async rules => {
  for (const each of document.querySelectorAll("main details")) each.open = true;
  scrollTo(0, 0);
  return (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations;
}"""
STYLED = "[...document.querySelectorAll('link[rel=stylesheet]')].every(link => link.sheet)"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WHO = ("anonymous", "resident", "moderator", "evaluator", "editor", "administrator", "council_member")
WALKS = [
    (who, language)
    for place, who in enumerate(WHO)
    for language in LANGUAGES
    if FULL or who == "anonymous" or language == LANGUAGES[place % len(LANGUAGES)]
]
WINDOWS: dict[str, dict[str, Any]] = {
    "fi": {"viewport": {"width": 1280, "height": 900}},
    "sv": {"viewport": {"width": 320, "height": 256}, "color_scheme": "dark"},
    "en": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
SAMPLES = 12  # addresses of each route
STARTS = ("/", "/me", "/desk", "/council-room", "/demo")


@dataclass(repr=False)
class Seen:
    """By all walks so far. `languages` in which a shape was looked at or a form refused."""

    walks: set[tuple[str, str]] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    languages: dict[object, set[str]] = field(default_factory=lambda: defaultdict(set))

    def has(self, thing: object, who: str, language: str) -> bool:
        languages = self.languages[thing]
        return language in languages if FULL or who == "anonymous" else bool(languages)


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@pytest.fixture(scope="module")
async def live(server: TestServer) -> AsyncIterator[LiveService]:
    async with demo_copy(server) as (url, keys):
        await rounds.found(url)
        service = LiveService(url, keys, worker=False)
        service.start()
        yield service
        service.stop()


@pytest.fixture(scope="module")
async def tabs(live: LiveService) -> AsyncIterator[dict[str, Tab]]:
    """One for each language, filled again and again: that spares loading styles, islands and axe for every page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        tabs = {
            language: await browser.new_page(base_url=live.url, reduced_motion="reduce", **WINDOWS[language])
            for language in LANGUAGES
        }
        for language, tab in tabs.items():
            await tab.goto(f"/{language}/")
            await tab.evaluate(AXE)
        yield tabs
        await browser.close()


@pytest.mark.parametrize(("who", "language"), WALKS)
async def test_no_page_has_a_violation(
    app: Litestar,
    live: LiveService,
    tabs: dict[str, Tab],
    seen: Seen,
    who: str,
    language: Language,
    capsys: pytest.CaptureFixture[str],
) -> None:
    started = time.monotonic()
    walker = Walker(app, live.url, language)
    async with walker.client:
        await walker.sign_in(who)
        for act in ACTS.get(who, ()):
            await act(walker)
        await walker.go(*STARTS, samples=SAMPLES)
        await leave_empty(walker, seen, who)
    walked = time.monotonic()
    new = [page for page in walker.shown if is_new(page, seen, who, language)]
    faults = [fault for page in new for fault in await violations(tabs[language], page)]
    seen.routes |= walker.visited
    seen.walks.add((who, language))
    with capsys.disabled():
        print(  # noqa: T201 - what was walked is wanted
            f"\n{who} in {language}: {len(walker.shown)} pages in {walked - started:.0f} s, "
            f"{len(new)} looked at in {time.monotonic() - walked:.0f} s"
        )
    assert not walker.broken, "\n".join(walker.broken)
    assert not faults, "\n".join(faults)


def test_no_page_is_left_out(app: Litestar, seen: Seen) -> None:
    """A route that no link and no act leads to is named with its reason, or it is dead."""
    if seen.walks != set(WALKS):
        pytest.skip("not everybody has walked")
    assert {route.path for route in routes(app)} - seen.routes == reasons("not_linked")


def test_every_form_was_refused(seen: Seen) -> None:
    """A form that refuses nothing is named with its reason."""
    if seen.walks != set(WALKS):
        pytest.skip("not everybody has walked")
    assert seen.forms - seen.refused == reasons("never_refused")


def reasons(name: str) -> set[str]:
    """The paths of the file; behind each stands why."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text().splitlines()
    return {line.split(" ", 1)[0] for line in lines}


async def leave_empty(walker: Walker, seen: Seen, who: str) -> None:
    """Every form with something to fill in is sent with nothing, until it was refused once."""
    for form in [form for page in walker.shown for form in page.forms if form.to_fill_in]:
        target = walker.target(form)
        seen.forms.add(target)
        if not seen.has((target, form.to_fill_in), who, walker.language):
            page = await walker.leave_empty(form)
            if page.answer.status_code == 422:
                seen.refused.add(target)
                seen.languages[target, form.to_fill_in].add(walker.language)


def is_new(page: Page, seen: Seen, who: str, language: str) -> bool:
    """Its main part, or what stands around it."""
    known = [seen.has(shape, who, language) for shape in (page.main, page.frame)]
    for shape in (page.main, page.frame):
        seen.languages[shape].add(language)
    return not all(known)


async def violations(tab: Tab, page: Page) -> list[str]:
    """Of the page as it was shown to the walker, with styles and islands."""
    await tab.set_content(page.answer.text)
    await tab.wait_for_function(STYLED)
    return [
        f"{page.answer.status_code} {page.answer.url}: {found['id']} ({found['help']}): {found['nodes'][0]['html'][:160]}"
        for found in await tab.evaluate(LOOK, RULES)
    ]
