"""A place is chosen on a map, by keyboard too, and is seen on one by whoever presses for it."""

from playwright.async_api import Page

from tests.journeys.city import City, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import ROUND, press_primary

TITLE = "Bänkar vid strandpromenaden"
PINS = ".p-map__pin"


async def open_map(page: Page) -> None:
    await page.locator("area-map button").first.press("Enter")
    await page.locator(".p-map .leaflet-overlay-pane img").wait_for()


async def test_a_place_is_chosen_on_the_map_and_found_there(city: City, new_page: NewPage) -> None:
    mats = await new_page(width=320)
    outside: list[str] = []
    mats.on("request", lambda request: request.url.startswith(city.live.url) or outside.append(request.url))
    await sign_in(mats, "Mats L.", "sv")
    await mats.goto(f"/sv/{ROUND}/proposals/new")
    await mats.fill("[name=title]", TITLE)
    await mats.fill(
        "[name=text]", "Strandpromenaden är två kilometer lång, och längs den finns inte en enda bänk."
    )
    await press_primary(mats)
    await open_map(mats)
    await mats.locator(".p-map + .p-actions button").first.press("Enter")
    assert await mats.locator("area-map [role=status]").inner_text() == "Platsen är utmärkt på kartan."
    await press_primary(mats)
    await mats.go_back()
    assert (await mats.input_value("[name=latitude]"), await mats.input_value("[name=longitude]")) != ("", "")
    await open_map(mats)
    assert await mats.locator(PINS).count() == 1
    assert outside == []
