"""Nothing sent, then half: the page says so first, its links lead to the field, and what was typed is still there."""

import pytest
from playwright.async_api import Page

from tests.journeys.city import PROPOSING, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import has_focus, has_no_sideways_scroll, press, press_primary

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
SUMMARY = "#errors a"


async def send(page: Page, *, mistakes: int, script: bool) -> None:
    """Refused, and found by title, summary and links."""
    await press_primary(page)
    assert (await page.title()).startswith(("Virhe: ", "Fel: ", "Error: "))
    assert page.url.endswith("#errors")
    assert not script or await has_focus(page.locator("#errors"))
    assert await page.locator(SUMMARY).count() == mistakes
    for link in await page.locator(SUMMARY).all():
        place = str(await link.get_attribute("href"))
        await link.click()
        assert await has_focus(page.locator(place))
        assert await page.locator(f"{place}-error").inner_text() == await link.inner_text()
    assert await has_no_sideways_scroll(page)


@SCRIPT
async def test_signing_in(demo_page: NewPage, script: bool) -> None:
    page = await demo_page(width=320, height=640, script=script)
    await page.goto("/sv/sign-in")
    await send(page, mistakes=1, script=script)
    await page.fill("[name=email]", "veikko@")
    await send(page, mistakes=1, script=script)
    assert await page.input_value("[name=email]") == "veikko@"
    await page.fill("[name=email]", f"veikko{script}@posti.example")
    await press_primary(page)

    await send(page, mistakes=1, script=script)
    await page.fill("[name=code]", "12 3")
    await send(page, mistakes=1, script=script)
    assert await page.input_value("[name=code]") == "12 3"


@SCRIPT
async def test_a_proposal(demo_page: NewPage, script: bool) -> None:
    page = await demo_page(width=320, height=640, script=script)
    await sign_in(page, "Gun-Maj F.", "sv")
    await page.goto(f"/sv/{PROPOSING}/proposals/new")
    await send(page, mistakes=2, script=script)
    await page.fill("[name=text]", "Vid hållplatsen väntar man länge.\n\nDär finns ingen bänk – å ä ö š.")
    await send(page, mistakes=1, script=script)
    assert "bänk – å ä ö š" in await page.input_value("[name=text]")
    await page.fill("[name=title]", "En bänk vid hållplatsen")
    await press_primary(page)

    assert not (await page.title()).startswith("Fel: ")


@SCRIPT
async def test_an_evaluation(demo_page: NewPage, script: bool) -> None:
    page = await demo_page(script=script)
    await sign_in(page, "Antti J.", "fi")
    await page.goto("/fi/desk/evaluation")
    await press(page, page.locator("main .p-rows a, main tbody a").first)
    for name in ("cost_low", "cost_high", "maintenance", "reason_fi", "reason_sv", "reason_en", "note"):
        await page.fill(f"[name={name}]", "")
    await page.check("[name=feasibility][value=feasible]", force=True)
    await send(page, mistakes=2, script=script)
    await page.fill("[name=reason_fi]", "Paikka on kaupungin omaa maata.")
    await send(page, mistakes=1, script=script)
    await page.fill("[name=cost_low]", "noin tonni")
    await send(page, mistakes=1, script=script)
    assert await page.input_value("[name=cost_low]") == "noin tonni"
    assert await page.input_value("[name=reason_fi]") == "Paikka on kaupungin omaa maata."
    assert await page.is_checked("[name=feasibility][value=feasible]")
