"""Reading, supporting, commenting and following, in English."""

import pytest

from tests.journeys.city import PROPOSING, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import press, press_primary

COMMENT = "Could it be open in winter too?"


@pytest.mark.parametrize(
    ("who", "order", "script"),
    [("Linh T.", "supports", True), ("Samuel O.", "newest", False)],
    ids=["script", "no-script"],
)
async def test_a_proposal_is_supported_commented_on_and_followed(
    demo_page: NewPage, who: str, order: str, script: bool
) -> None:
    page = await demo_page(width=320, height=640, script=script)
    await sign_in(page, who, "en")
    await page.goto(f"/en/{PROPOSING}/proposals?order={order}")
    await press(page, page.locator(".p-row a").first)
    title = await page.locator("h1").inner_text()

    await press_primary(page)
    assert await page.get_by_text("You support this", exact=True).is_visible()
    await press(page, page.get_by_role("button", name="Follow", exact=True))
    assert await page.get_by_role("button", name="Stop following").is_visible()
    await page.fill("[name=text]", COMMENT)
    await press(page, page.get_by_role("button", name="Send the comment"))
    assert await page.locator("article", has_text=COMMENT).get_by_text(who, exact=True).is_visible()

    await page.goto("/en/me")
    assert await page.get_by_role("link", name=title).first.is_visible()
    await press(page, page.get_by_role("link", name=title).first)
    await press(page, page.get_by_role("button", name="Take your support back"))
    assert await page.get_by_role("button", name="Support this proposal").is_visible()
