"""A round from idea to built: resident, moderator, evaluator, editor, voters, result, milestone."""

import pytest

from tests.journeys.city import City, sign_in
from tests.journeys.conftest import NewPage
from tests.journeys.steps import (
    ROUND,
    add_milestone,
    assign_all,
    count_votes,
    evaluate,
    freeze_ballot,
    has_no_sideways_scroll,
    propose,
    publish_oldest,
    text_of,
    vote_for,
)

BENCHES, LIGHTS = "Penkkejä rantaraitille", "Valot Metsäpolulle"
TEXT = "Rantaraitti on kaksi kilometriä pitkä, eikä sen varrella ole yhtään penkkiä. Ehdotan kuutta."
WAY = pytest.mark.parametrize(
    ("language", "width", "script"), [("fi", 1280, True), ("sv", 320, False)], ids=["desktop", "phone"]
)


@WAY
async def test_an_idea_is_voted_for_and_built(
    city: City, new_page: NewPage, language: str, width: int, script: bool
) -> None:
    aino, mats = [await new_page(width=width, script=script) for _ in range(2)]
    await sign_in(aino, "Aino K.", language)
    await propose(aino, language, BENCHES, TEXT)
    await sign_in(mats, "Mats L.", language)
    await propose(mats, language, LIGHTS, TEXT)

    moderator = await new_page(script=script)
    await sign_in(moderator, "Moderator", language)
    await publish_oldest(moderator, language)
    await publish_oldest(moderator, language)
    assert BENCHES in await text_of(aino, f"/{language}/{ROUND}/proposals")
    assert await has_no_sideways_scroll(aino)

    editor, evaluator = await new_page(script=script), await new_page(script=script)
    await sign_in(editor, "Editor", language)
    await assign_all(editor, language, "Evaluator")
    await sign_in(evaluator, "Evaluator", language)
    await evaluate(evaluator, language, BENCHES, cost="12 000")
    await evaluate(evaluator, language, LIGHTS, cost="60 000")
    await freeze_ballot(editor, language, BENCHES, LIGHTS)

    await city.days_pass(20)
    receipts = {await vote_for(aino, language, BENCHES), await vote_for(mats, language, BENCHES, LIGHTS)}
    assert len(receipts) == 2

    await city.days_pass(10)
    await sign_in(editor, "Editor", language)
    await count_votes(editor, language)
    result = await text_of(aino, f"/{language}/{ROUND}/results")
    assert BENCHES in result
    assert await has_no_sideways_scroll(aino)

    await add_milestone(editor, language, BENCHES, "Planning")
    assert "Planning" in await text_of(aino, f"/{language}/{ROUND}/implementation")
