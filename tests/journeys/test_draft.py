"""A ballot left half done is reminded of, and nothing of it is lost."""

import pytest

from tests.journeys.city import VOTING, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import choose_some, has_no_sideways_scroll, open_ballot, press


@pytest.mark.parametrize(
    ("who", "language", "reminder", "script"),
    [
        ("Bojan Ž.", "fi", "Et ole vielä äänestänyt.", True),
        ("Carola Ö.", "sv", "Du har inte röstat än.", False),
    ],
    ids=["script", "no-script"],
)
async def test_the_front_page_leads_back_to_it_in_one_press(
    demo_page: NewPage, who: str, language: str, reminder: str, script: bool
) -> None:
    before = await demo_page(width=320, height=640, script=script)
    await sign_in(before, who, language)
    await open_ballot(before, language, VOTING)
    chosen = await choose_some(before, 2)
    await before.context.close()

    page = await demo_page(width=320, height=640, script=script)
    await sign_in(page, who, language)
    await page.goto(f"/{language}/")
    line = page.locator(".ds-alert", has_text=reminder)
    assert await line.is_visible()
    assert await has_no_sideways_scroll(page)
    await press(page, line.get_by_role("link"))

    assert page.url.endswith("/ballot/review")
    assert set(await page.locator(".p-row strong").all_inner_texts()) == set(chosen)
