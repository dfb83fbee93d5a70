"""A round from idea to built: resident, moderator, evaluator, editor, voters, result, milestone."""

import pytest

from tests.journeys.city import City, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import propose, publish_oldest

TITLE = "Penkkejä rantaraitille"
TEXT = "Rantaraitti on kaksi kilometriä pitkä, eikä sen varrella ole yhtään penkkiä. Ehdotan kuutta."


@pytest.mark.parametrize(("language", "width", "script"), [("fi", 1280, True), ("sv", 320, False)])
async def test_a_resident_proposes_and_a_moderator_publishes(
    city: City, new_page: NewPage, language: str, width: int, script: bool
) -> None:
    aino = await new_page(width=width, script=script)
    await sign_in(aino, "Aino K.", language)
    await propose(aino, language, TITLE, TEXT)

    moderator = await new_page(script=script)
    await sign_in(moderator, "Moderator", language)
    await publish_oldest(moderator, language)

    await aino.goto(f"/{language}/processes/oma-kaupunki/proposals")
    assert TITLE in await aino.locator("main").inner_text()
