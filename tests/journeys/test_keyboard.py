"""Tab, Enter and Space are enough: to sign in, to vote, to propose."""

import pytest
from playwright.async_api import Page

from tests.journeys.city import PROPOSING, code_from_mailbox, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import PRIMARY, focus_is_well, has_focus, press_by_key, tab_to

SCREENS = pytest.mark.parametrize(("width", "height"), [(1280, 720), (320, 640)], ids=["desktop", "phone"])


async def press_primary(page: Page) -> None:
    await press_by_key(page, page.locator(PRIMARY).first)


async def type_into(page: Page, name: str, words: str) -> None:
    await tab_to(page, page.locator(f"[name={name}]"))
    await page.keyboard.type(words)


@SCREENS
async def test_a_resident_votes_without_a_mouse(demo_page: NewPage, width: int, height: int) -> None:
    page = await demo_page(width=width, height=height)
    address = f"nappain{width}@posti.example"
    await page.goto("/fi/")
    await press_primary(page)
    await press_primary(page)
    await type_into(page, "email", address)
    await press_primary(page)
    code = await code_from_mailbox(await demo_page(), address)
    await type_into(page, "code", code)
    await press_primary(page)

    await press_primary(page)
    await press_primary(page)
    assert await has_focus(page.locator("#errors"))
    await focus_is_well(page)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await has_focus(page.locator("#area_id"))
    await page.keyboard.press("Space")
    await type_into(page, "birth_year", "1980")
    await press_primary(page)

    await choose_two(page)
    await press_primary(page)
    await press_primary(page)
    await press_primary(page)
    assert await page.locator(".p-code").is_visible()


async def choose_two(page: Page) -> None:
    """The focus stays with the project, on the button that now takes it away."""
    for key in ("Enter", "Space"):
        project = page.locator(".p-row:has(button[name=add])").first
        number = await project.get_attribute("id")
        await tab_to(page, project.locator("button"))
        await page.keyboard.press(key)
        await page.locator(f"#{number}[data-chosen]").wait_for()
        assert await has_focus(page.locator(f"#{number} button[name=remove]"))
        await focus_is_well(page)


@SCREENS
async def test_a_resident_proposes_without_a_mouse(demo_page: NewPage, width: int, height: int) -> None:
    page = await demo_page(width=width, height=height)
    await sign_in(page, "Amina H.")
    await page.goto("/fi/")
    await press_by_key(page, page.locator(f"main a[href$='{PROPOSING}']"))
    await press_primary(page)

    await press_primary(page)
    assert await has_focus(page.locator("#errors"))
    await type_into(page, "title", f"Penkki pysäkille {width}")
    await type_into(page, "text", "Pysäkillä odotetaan usein kauan, eikä siellä voi istua.")
    while "/sent" not in page.url:
        if page.url.partition("#")[0].endswith("/picture"):
            await press_by_key(page, page.locator(".p-actions a.ds-link"))
        else:
            await press_primary(page)
