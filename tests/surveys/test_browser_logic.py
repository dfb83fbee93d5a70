"""The browser decides as the server does: the module that is shipped, run in Chromium, shows the same pages and items."""

import json
import random
from dataclasses import asdict

from service.surveys.condition import leaves
from service.surveys.logic import visible
from service.web.assets import BUILT
from tests.calculator.test_browser_engine import tab  # noqa: F401 - a page of Chromium on the built files
from tests.surveys import generated

SURVEYS, EACH = 80, 10
VISIBLE = """([module, vectors]) => import(module).then(({ visible }) =>
  vectors.map(([definition, answers]) => visible(definition, answers)))"""


async def test_the_same_is_shown_of_every_survey_with_every_answer(tab):  # noqa: F811
    dice = random.Random(4)
    surveys = [generated.survey(dice) for _ in range(SURVEYS)]
    vectors = [(survey, generated.answers(dice, survey)) for survey in surveys for _ in range(EACH)]
    expected = [json.loads(json.dumps(asdict(visible(*vector)))) for vector in vectors]

    module = "/" + json.loads((BUILT / "manifest.json").read_text())["logic.js"]
    sent = [(survey.model_dump(mode="json"), answers) for survey, answers in vectors]
    told = await tab.evaluate(VISIBLE, [module, sent])

    assert [sent[place] for place, one in enumerate(told) if one != expected[place]] == []
    assert asked(surveys) == {
        "answered", "eq", "ne", "in", "includes", "count", "lt", "lte", "gt", "gte", "before", "after",
    }  # fmt: skip
    some_hidden = [
        one
        for one, (survey, _) in zip(expected, vectors, strict=True)
        if len(one["items"]) < len(survey.items)
    ]
    assert len(some_hidden) > len(vectors) / 4


def asked(surveys):
    return {
        leaf.op for survey in surveys for _, condition in survey.conditions() for leaf in leaves(condition)
    }
