"""A visitor finds in five seconds what is open, and gets in."""

from tests.journeys.city import City, sign_in
from tests.journeys.conftest import NewPage


async def test_a_visitor_sees_what_is_open_and_signs_in(city: City, new_page: NewPage) -> None:
    page = await new_page(width=320, height=640)

    await page.goto("/")
    assert await page.locator("h1").count() == 1
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320

    await sign_in(page, "Aino K.")
    assert "/me" in page.url
