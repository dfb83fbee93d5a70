"""No page is pushed sideways: on a phone, and on a large screen at 400 per cent. What sticks leaves room to read."""

import pytest
from litestar import Litestar
from playwright.async_api import Page, ViewportSize

from service.core.text import LANGUAGES, Language
from tests.house.crawl import Walker
from tests.journeys.city import PROPOSING, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import has_no_sideways_scroll, press
from tests.live import LiveService

PHONE: ViewportSize = {"width": 320, "height": 640}
ZOOMED: ViewportSize = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %
SHARE_OF_THE_BAR = """[...document.querySelectorAll(".p-sticky")]
  .filter((one) => getComputedStyle(one).position === "sticky")
  .reduce((share, one) => Math.max(share, one.getBoundingClientRect().height / innerHeight), 0)"""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_page_of_a_resident_scrolls_sideways(
    app: Litestar, demo: LiveService, demo_page: NewPage, language: Language
) -> None:
    page = await demo_page(**PHONE)
    await sign_in(page, "Aino K.", language)
    await leave_a_draft(page, language)
    walker = Walker(app, demo.url, language)
    for cookie in await page.context.cookies():
        walker.client.cookies.set(cookie["name"], cookie["value"])
    async with walker.client:
        await walker.go("/", "/me", "/sign-in", samples=2)

    assert walker.broken == []
    assert len(walker.visited) > 30
    faults = []
    for address in dict.fromkeys(str(shown.answer.url) for shown in walker.shown):
        await page.goto(address)
        for size in (PHONE, ZOOMED):
            await page.set_viewport_size(size)
            if not await has_no_sideways_scroll(page):
                faults.append(f"{address} is too wide at {size}")
            if await page.evaluate(SHARE_OF_THE_BAR) > 1 / 4:
                faults.append(f"the bar of {address} is too high at {size}")
    assert faults == []


async def leave_a_draft(page: Page, language: Language) -> None:
    """So that the pages of writing are there to visit."""
    await page.goto(f"/{language}/{PROPOSING}/proposals/new")
    await page.fill("[name=title]", "Epäjärjestelmällisyydettömyydellään yllättävä pysäkkikatos")
    await page.fill("[name=text]", "Pysäkillä ei ole katosta.")
    await press(page, page.locator("button[name=later]"))
