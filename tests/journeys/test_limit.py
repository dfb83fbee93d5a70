"""One choice too many, and choices that cost too much: both say what to do, and nothing that was chosen is lost."""

import pytest
from playwright.async_api import Page

from tests.journeys.city import SPENDING, VOTING, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    choose_some,
    has_focus,
    has_no_sideways_scroll,
    open_ballot,
    press,
    press_primary,
)

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@SCRIPT
async def test_one_more_than_may_be_chosen_is_answered_with_what_to_remove(
    demo_page: NewPage, script: bool
) -> None:
    page = await demo_page(script=script)
    await sign_in(page, "Eero L." if script else "Samuel O.")
    await open_ballot(page, "fi", VOTING)
    chosen = await choose_some(page, 3)

    await press(page, page.locator("button[name=add]").first)

    await tells(page, "Voit valita enintään 3 ehdotusta.", focused=script)
    refused = page.locator("#errors")
    assert set(await refused.locator(".p-row strong").all_inner_texts()) == set(chosen)
    await press(page, refused.locator("button[name=remove]").first)
    assert await page.locator("[data-chosen]").count() == 2


@SCRIPT
async def test_choices_that_cost_too_much_stand_until_one_votes(demo_page: NewPage, script: bool) -> None:
    page = await demo_page(width=320, height=640, script=script)
    await sign_in(page, "Birgitta N." if script else "Carola Ö.", "sv")
    await open_ballot(page, "sv", SPENDING)
    chosen = await choose_some(page, await page.locator("button[name=add]").count())
    assert "Överskridning" in await page.locator(".p-ballotbar__bar").inner_text()
    await press_primary(page)

    await press_primary(page)

    await tells(page, "Dina val kostar för mycket sammanlagt.", focused=script)
    assert await has_no_sideways_scroll(page)
    assert await page.locator(".p-ballot .p-row").count() == len(chosen)
    while await (could_go := page.locator("#errors button[name=remove]")).count():
        await press(page, could_go.first)
        await press_primary(page)
    assert await page.locator(".p-code").is_visible()


async def tells(page: Page, sentence: str, *, focused: bool) -> None:
    """The refusal is the first thing read, by title, place and focus."""
    assert (await page.title()).startswith(("Virhe: ", "Fel: "))
    assert sentence in await page.locator("#errors").inner_text()
    assert page.url.endswith("#errors")
    assert not focused or await has_focus(page.locator("#errors"))
