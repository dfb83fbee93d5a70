"""What people do, in the words of their day. Works in every language: a page has one primary button, and fields have names."""

import re

from playwright.async_api import Locator, Page

PRIMARY = "main button.ds-button:not([data-variant]), main a.ds-button:not([data-variant])"


async def press_primary(page: Page) -> None:
    """The page's one main button."""
    button = page.locator(PRIMARY).first
    async with page.expect_navigation():
        await button.click()


async def propose(page: Page, language: str, title: str, text: str) -> None:
    """Write a proposal and send it to the city, keeping the defaults of every step."""
    await page.goto(f"/{language}/processes/oma-kaupunki/proposals/new")
    await page.fill("[name=title]", title)
    await page.fill("[name=text]", text)
    for _ in range(10):
        if page.url.partition("#")[0].endswith("/picture"):
            async with page.expect_navigation():
                await page.locator(".p-actions a.ds-link").first.click()
        else:
            await press_primary(page)
        if re.search(r"/(sent|thanks)", page.url):
            return
    raise AssertionError(f"the proposal was never sent: {page.url}")


async def publish_oldest(page: Page, language: str) -> None:
    await page.goto(f"/{language}/desk/moderation")
    await press_primary(page)
    await page.locator("[name=kind][value=publish]").check(force=True)
    await press_primary(page)


async def vote_for(page: Page, language: str, *titles: str) -> str:
    """Choose the projects with these titles, review, cast; the receipt's code."""
    await page.goto(f"/{language}/processes/oma-kaupunki/ballot")
    for _ in range(4):
        if page.url.split("#")[0].endswith("/projects"):
            break
        area = page.locator("input[type=radio]").first
        if await area.count():
            await area.check(force=True)
        await press_primary(page)
    for title in titles:
        await row(page, title).locator("button[name=add]").click()
        await row(page, title).locator("button[name=remove]").wait_for()
    await page.goto(f"/{language}/processes/oma-kaupunki/ballot/review")
    await press_primary(page)
    await page.wait_for_url(re.compile("/receipt"))
    return str(await page.locator(".p-code").first.inner_text())


def row(page: Page, title: str) -> Locator:
    return page.locator(".p-row", has_text=title).first


async def has_no_sideways_scroll(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
