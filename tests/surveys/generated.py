"""Surveys, conditions and answers at random, the same ones each time."""

import random
from typing import Any

from service.surveys.definition import Definition
from tests.surveys import small

Json = dict[str, Any]
MAKERS = [
    small.age, small.uses, small.mood, small.view, small.best, small.visits, small.moved, small.idea, small.agree,
    small.money,
]  # fmt: skip
OPTIONS = ["o1", "o2", "o3"]
NUMBERS = ["0", "-1", "2", "2.0", "2.5", "10", "99.5", 2, 0]
DAYS = ["1990-01-01", "2010-02-28", "2010-03-01", "2026-12-31"]
EMPTY: list[Any] = [None, "", "  \n", [], {}, False]
STRANGE: list[Any] = ["o0", "abc", 3, ["o1"], {"o1": 1}, True, "2e1"]


def survey(dice: random.Random) -> Definition:
    """Some pages of some questions; about half of all things have a condition over what came before."""
    pages: list[Json] = []
    asked: list[Json] = []
    for number in range(dice.randint(2, 5)):
        page = small.page(f"p{number}")
        if asked and dice.random() < 0.4:
            page["visible_if"] = condition(dice, asked, 3)
        for place in range(dice.randint(1, 5)):
            item = dice.choice(MAKERS)() if dice.random() < 0.95 else small.info()
            item |= {"id": f"q{number}x{place}"}
            item.pop("demographic", None)
            if "code" in item:
                item["code"] = item["id"]
            if "rows" in item:
                item["rows"] = [row | {"code": f"{item['id']}_{row['id']}"} for row in item["rows"]]
            if asked and dice.random() < 0.6:
                item["visible_if"] = condition(dice, asked, dice.randint(1, 5))
            page["items"].append(item)
            if item["type"] != "info":
                asked.append(item)
        pages.append(page)
    return small.definition(*pages)


def condition(dice: random.Random, asked: list[Json], depth: int) -> Json:
    if depth > 1 and dice.random() < 0.6:
        if dice.random() < 0.3:
            return {"op": "not", "of": condition(dice, asked, depth - 1)}
        branches = [condition(dice, asked, depth - 1) for _ in range(dice.randint(1, 3))]
        return {"op": dice.choice(["all", "any"]), "of": branches}
    item = dice.choice(asked)
    part, comparisons = _comparisons(dice, item["type"])
    leaf = dice.choice([{"op": "answered"}, *comparisons, *comparisons])
    if leaf["op"] in {"includes", "count"}:
        part = {}
    return {"item": item["id"], **part, **leaf}


def _comparisons(dice: random.Random, type_: str) -> tuple[Json, list[Json]]:
    """Which part is meant, and what may be asked of it."""
    options = [_equal(dice, OPTIONS), _in(dice, OPTIONS)]
    chosen: list[Json] = [
        {"op": "includes", "value": dice.choice(OPTIONS)},
        {"op": "count", "least": (least := dice.randint(1, 2)), "most": dice.choice([None, least, 3])},
    ]
    scale, numbers = [1, 2, 3, 5, "o9"], [1, 2, 3, 0, 10, 50]
    compared = [_equal(dice, numbers), _in(dice, numbers), _ordered(dice, numbers)]
    dated = {"op": dice.choice(["before", "after"]), "value": dice.choice(DAYS)}
    by_type: dict[str, tuple[Json, list[Json]]] = {
        "single": ({}, options),
        "multiple": ({}, chosen),
        "scale": ({}, [_equal(dice, scale), _in(dice, scale), _ordered(dice, [2, 3, 4])]),
        "matrix": ({"part": dice.choice(["r1", "r2"])}, options),
        "ranking": ({"part": dice.choice(OPTIONS)}, compared + chosen),
        "budget": ({"part": dice.choice(OPTIONS)}, compared),
        "number": ({}, [_equal(dice, NUMBERS), _in(dice, NUMBERS), _ordered(dice, NUMBERS)]),
        "date": ({}, [_equal(dice, DAYS), _in(dice, DAYS), dated]),
    }
    return by_type.get(type_, ({}, []))


def _equal(dice: random.Random, values: list[Any]) -> Json:
    return {"op": dice.choice(["eq", "ne"]), "value": dice.choice(values)}


def _in(dice: random.Random, values: list[Any]) -> Json:
    return {"op": "in", "value": dice.sample(values, dice.randint(1, 2))}


def _ordered(dice: random.Random, values: list[Any]) -> Json:
    return {"op": dice.choice(["lt", "lte", "gt", "gte"]), "value": dice.choice(values)}


def answers(dice: random.Random, definition: Definition) -> Json:
    """To most questions, also to hidden ones; some are empty in one of the ways there are, a few of another type."""
    found: Json = {}
    for question in definition.questions:
        chance = dice.random()
        if chance < 0.75:
            found[question.id] = answer(dice, question.type)
        elif chance < 0.82:
            found[question.id] = dice.choice(EMPTY)
        elif chance < 0.86:
            found[question.id] = dice.choice(STRANGE)
    return found


def answer(dice: random.Random, type_: str) -> Any:
    some = dice.sample(OPTIONS, dice.randint(1, 3))
    made: dict[str, Any] = {
        "single": dice.choice(OPTIONS),
        "multiple": sorted(some),
        "scale": dice.choice([1, 2, 3, 4, 5, "o9"]),
        "matrix": {
            row: dice.choice([*OPTIONS, "o9"]) for row in dice.sample(["r1", "r2"], dice.randint(1, 2))
        },
        "ranking": {option: place for place, option in enumerate(some, 1)},
        "number": dice.choice([str(number) for number in NUMBERS]),
        "date": dice.choice(DAYS),
        "long_text": "Words",
        "consent": True,
        "budget": dice.choice([{"o1": 0, "o2": 50, "o3": 50}, {"o1": 100, "o2": 0, "o3": 0}]),
    }
    return made[type_]
