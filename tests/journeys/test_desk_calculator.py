"""Staff make a calculator of a file, publish it and close it; meanwhile a council group makes its own plan and publishes it."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Page

from service.core.actor import System
from service.core.text import Localized
from service.council import actions as council
from tests import make
from tests.calculator import small
from tests.journeys.city import City, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    has_no_sideways_scroll,
    press,
    press_primary,
    text_of,
)

OPENS, CLOSES = "2020-01-01T08:00", "2199-12-31T16:00"
DESK = "desk/calculator/talous"
ROOM = "council-room/vihreat"
REASON = "Koulut yhdistetään, jotta kirjasto säilyy."
WAY = pytest.mark.parametrize(
    ("language", "width", "script"), [("fi", 1280, True), ("sv", 320, False)], ids=["desktop", "phone"]
)


@WAY
async def test_staff_publish_and_close_a_calculator_and_a_group_publishes_its_plan(
    city: City, new_page: NewPage, tmp_path: Path, language: str, width: int, script: bool
) -> None:
    await gather_a_group(city)
    editor, member, stranger = [await new_page(width=width, script=script) for _ in range(3)]
    await sign_in(editor, "Editor", language)
    await make_calculator(editor, language, tmp_path)
    await editor.goto(f"/{language}/{DESK}")
    assert await has_no_sideways_scroll(editor)
    assert (await stranger.goto(f"/{language}/calculator/talous")).status == 404
    await publish(editor, language)

    await sign_in(member, "Venla V.", language)
    await make_plan(member, language)
    assert await has_no_sideways_scroll(member)
    shown = f"/{language}/calculator/talous/results/vihreat"
    assert (await stranger.goto(shown)).status == 404
    assert (await editor.goto(f"/{language}/{ROOM}")).status == 404
    await member.goto(f"/{language}/{ROOM}/plan/talous/publish")
    await press_primary(member)
    assert REASON in await text_of(stranger, shown)

    await editor.goto(f"/{language}/{DESK}/close")
    await press_primary(editor)
    await stranger.goto(f"/{language}/calculator/talous/plan")
    assert not await stranger.locator("main button[name=go]").count()


async def gather_a_group(city: City) -> None:
    by = System("test")
    async with city.database.transaction() as session:
        group = await council.found(session, "vihreat", Localized(fi="Vihreät", sv="De gröna"), by=by)
        venla = await make.account(session, email="venla.v@posti.example", name="Venla V.")
        await council.add_member(session, group, venla, by=by)


async def make_calculator(page: Page, language: str, folder: Path) -> None:
    """Named and timed by hand, its figures from a file."""
    file = folder / "figures.json"
    file.write_text(json.dumps(small.draft().model_dump(mode="json")))
    await page.goto(f"/{language}/desk/calculator/new")
    await page.select_option("[name=process]", index=1)
    for code in ("fi", "sv", "en"):
        await page.fill(f"[name=title_{code}]", f"Talous {code}")
        await page.fill(f"[name=summary_{code}]", f"Kokeile {code}")
    await page.fill("[name=slug]", "talous")
    await page.fill("[name=opens_at]", OPENS)
    await page.fill("[name=closes_at]", CLOSES)
    await press_primary(page)
    await page.goto(f"/{language}/{DESK}/file")
    await page.set_input_files("[name=file]", str(file))
    await press_primary(page)
    await press_primary(page)


async def publish(page: Page, language: str) -> None:
    """The price of one option is changed first, so that what is written by hand is what counts."""
    await page.goto(f"/{language}/{DESK}/levers/school")
    await page.locator("details").nth(2).evaluate("each => each.open = true")
    await page.fill("[name=o2_e0_2028]", "250,02")
    await press_primary(page)
    await page.goto(f"/{language}/{DESK}")
    await press_primary(page)
    await press_primary(page)


async def make_plan(page: Page, language: str) -> None:
    await page.goto(f"/{language}/council-room")
    await press(page, page.locator(".p-row a").first)
    await press(page, page.locator(".p-row a").first)
    await page.locator("[name='lever.school'][value=close]").check(force=True)
    await page.wait_for_timeout(1000)  # nothing is stored before the member saves
    await page.locator("[name='lever.school'][value=merge]").check(force=True)
    for code in ("fi", "sv", "en"):
        await page.fill(f"[name=reason_{code}]", REASON)
    await press(page, page.locator("button[name=go][value=save]"))
    assert await page.locator("[name='lever.school'][value=merge]").is_checked()
