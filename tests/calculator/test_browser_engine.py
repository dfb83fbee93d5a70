"""The browser's engine is the server's: the module that is shipped, run in Chromium, leads each plan to the same cents."""

import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Page, async_playwright

from service.calculator.engine import Engine, Outcome, share
from service.calculator.specification import LINES, Specification
from service.web.assets import BUILT
from service.web.figures import lean
from tests import browser as chromium
from tests.calculator import example, small

PLANS = 200  # of each specification
EVALUATE = """([module, figures, plans]) => import(module).then(({ Engine }) => {
  const engine = new Engine(figures);
  return plans.map(plan => ({...engine.evaluate(plan), applied: engine.applied(plan)}));
})"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@contextmanager
def served() -> Iterator[str]:
    """The built files over HTTP."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=BUILT))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
async def tab() -> AsyncIterator[Page]:
    with served() as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium.executable(), args=chromium.ARGUMENTS
            )
            page = await browser.new_page(base_url=address)
            await page.goto("/manifest.json")
            yield page
            await browser.close()


def module() -> str:
    return "/" + json.loads((BUILT / "manifest.json").read_text())["engine.js"]


def mixed() -> Specification:
    """What the others do not have: shares of one-offs and of other lines than the result's, odd cents, every kind of rule."""
    odd = small.lever(
        "odd", "choice", "no", small.option("no"),
        small.option("yes", effects=[
            {"line": "operating_income", "amounts": [-33, 77], "one_off": True},
            {"line": "gross_investments", "amounts": [1_01, -99], "one_off": True},
            {"line": "depreciation", "amounts": [5, -5]},
        ], person_years=7),
        small.option("more", 1, 10**12, person_years=9),
    )  # fmt: skip
    return small.specification(
        levers=[*small.LEVERS, odd],
        rules=[
            *small.RULES,
            {"type": "requires", "when": {"lever": "odd", "options": ["yes"]},
             "then": {"lever": "tax", "options": ["8.80"]}, "why": small.words("So.")},
            {"type": "person_years", "most": 8, "why": small.words("So.")},
        ],
        interactions=[
            *small.INTERACTIONS,
            {"type": "scale", "when": [{"lever": "shares", "options": ["0"]}], "lever": "odd", "percent": 37,
             "why": small.words("So.")},
            {"type": "overlap", "levers": ["odd", "school"], "percent": 50, "line": "gross_investments",
             "why": small.words("So.")},
        ],
    )  # fmt: skip


def generated(specification: Specification) -> list[dict[str, str]]:
    """Empty, each option alone, and many at random, so that each rule and interaction is met."""
    dice = random.Random(1)
    movable = [lever for lever in specification.levers if not lever.locked]
    alone = [{lever.key: option.value} for lever in movable for option in lever.options]
    return [
        {},
        *alone,
        *(
            {
                lever.key: dice.choice(lever.options).value
                for lever in movable
                if dice.random() < dice.choice([0.2, 0.6, 1])
            }
            for _ in range(PLANS)
        ),
    ]


def as_told(outcome: Outcome, applied: tuple[int, ...]) -> dict[str, object]:
    """As the module tells it."""
    years = [
        {_camel(name): value for name, value in asdict(year).items()}
        | {"lines": [year.lines[line] for line in LINES]}
        for year in outcome.years
    ]
    return {
        "years": years,
        "violations": list(outcome.violations),
        "missing": outcome.missing,
        "applied": list(applied),
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


@pytest.mark.parametrize(
    "specification", [example.specification, small.specification, mixed], ids=["city", "small", "mixed"]
)
async def test_every_line_of_every_year_is_the_same_to_the_cent(tab, specification):
    made = specification()
    engine, plans = Engine(made), generated(made)
    expected = [as_told(engine.evaluate(plan), engine.applied(plan)) for plan in plans]

    told = await tab.evaluate(EVALUATE, [module(), lean(made), plans])

    assert [plan for plan, one, other in zip(plans, told, expected, strict=True) if one != other] == []
    assert {number for one in told for number in one["violations"]} == set(range(len(made.rules)))
    assert {number for one in told for number in one["applied"]} == set(range(len(made.interactions)))


async def test_shares_are_rounded_half_away_from_zero_also_where_floats_would_not(tab):
    cases = [
        (1, 1, 2),
        (-1, 1, 2),
        (-3, 1, 2),
        (10**12 - 1, 199, 100),
        (123_456_789_012, 9_999, 10_000),
        (0, 5, 7),
    ]
    told = await tab.evaluate(
        "([module, cases]) => import(module).then(({ share }) => cases.map(each => share(...each)))",
        [module(), cases],
    )
    assert told == [share(*case) for case in cases]


@pytest.mark.parametrize("plan", [{"nothing": "1"}, {"school": "burn"}, {"water": "now"}])
async def test_what_cannot_be_chosen_is_refused_there_too(tab, plan):
    refused = await tab.evaluate(
        "([module, figures, plan]) => import(module).then(({ Engine }) => "
        "{ try { new Engine(figures).evaluate(plan); } catch (error) { return error.message; } })",
        [module(), lean(small.specification()), plan],
    )
    assert refused == "=".join(*plan.items())
