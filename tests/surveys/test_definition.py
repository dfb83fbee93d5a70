"""What is a survey and what is not: names, references and limits."""

import json
import re

import pytest
from pydantic import ValidationError

from service.surveys.definition import Definition
from tests.surveys import small
from tests.surveys.small import definition, last, option, page, question, words


def refused(*pages):
    with pytest.raises(ValidationError) as refusal:
        definition(*pages)
    return str(refusal.value)


def test_every_type_of_question_fits_in_one_survey():
    made = definition(page("p1", *small.every_type()))
    assert len({item.type for item in made.items}) == 12
    assert [item.id for item in made.items if item.id not in made.by_id] == ["info"]


def test_the_digest_is_of_the_canonical_form_and_of_nothing_else():
    made = last({"op": "answered", "item": "age"})
    document = json.loads(made.canonical())
    again = Definition.model_validate(dict(reversed(document.items())))
    assert again.digest == made.digest
    assert re.fullmatch(r"[0-9a-f]{64}", made.digest)
    document["pages"][0]["items"][0]["text"]["sv"] = "Hur gammal är du?"
    assert Definition.model_validate(document).digest != made.digest


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "two words"}, {"code": "Ä"}, {"code": "A" * 33}, {"id": "Q1"}, {"id": "q" * 17}, {"id": "1q"},
        {"type": "javascript"}, {"text": {}}, {"text": words("x" * 5_001)}, {"script": "alert(1)"},
        {"sensitivity": "special"}, {"options": [option("o1", 1)]}, {"options": [option("o1", 1), option("o1", 2)]},
        {"options": [option("o1", 1), option("o2", 1)]}, {"demographic": "income"},
        {"options": [option("o1", 1, "other"), option("o2", 2, "other")]},
    ],
)  # fmt: skip
def test_a_question_out_of_form_is_refused(changed):
    definition(page("p1", small.age()))
    refused(page("p1", small.age() | changed))


@pytest.mark.parametrize(
    ("maker", "changed"),
    [
        (small.uses, {"most": 6}), (small.uses, {"least": 3}), (small.uses, {"least": 0}),
        (small.mood, {"least": 5}), (small.mood, {"options": [option("o1", 7)]}),
        (small.mood, {"options": [option("o9", 5, "dont_know")]}), (small.mood, {"most": 11}),
        (small.view, {"rows": []}), (small.view, {"rows": [small.ROWS[0], small.ROWS[0]]}),
        (small.view, {"options": [*small.OPTIONS, option("o7", 97, "other")]}),
        (small.best, {"least": 4}), (small.best, {"options": [*small.OPTIONS, small.DONT_KNOW]}),
        (small.visits, {"least": "100"}), (small.visits, {"least": "0.55"}), (small.visits, {"least": "1e5"}),
        (small.moved, {"most": "1989-12-31"}), (small.moved, {"least": "1990-02-30"}),
        (small.postcode, {"validator": "(a+)+"}), (small.postcode, {"pattern": "(a+)+"}),
        (small.idea, {"most": 20_001}), (small.money, {"step": 30}), (small.money, {"total": 0}),
    ],
)  # fmt: skip
def test_what_a_type_cannot_be_is_refused(maker, changed):
    definition(page("p1", maker()))
    refused(page("p1", maker() | changed))


def test_names_are_given_once():
    one, other = question("long_text", "one"), question("long_text", "other")
    assert "id twice" in refused(page("p1", one, other | {"id": "one"}))
    assert "id twice" in refused(page("one", one))
    assert "code twice" in refused(page("p1", one, other | {"code": "oNe"}))
    assert "code twice" in refused(page("p1", small.view(), other | {"code": "ROW_r1"}))
    assert "background question twice" in refused(
        page("p1", small.age(), small.age() | {"id": "b", "code": "B"})
    )


@pytest.mark.parametrize("where", ["item", "page"])
def test_a_condition_looks_back_alone_so_there_is_no_cycle(where):
    one, other = question("long_text", "one"), question("long_text", "two")
    looks = {"visible_if": {"op": "answered", "item": "two"}}
    if where == "item":
        assert "not asked before" in refused(page("p1", one | looks, other))
        assert "not asked before" in refused(page("p1", other | looks))
    else:
        assert "not asked before" in refused(page("p1", one), page("p2", other, **looks))
        definition(page("p1", other), page("p2", one, **looks))


def test_nobody_looks_at_what_is_only_told():
    told = {"visible_if": {"op": "answered", "item": "info"}}
    assert "not asked before" in refused(page("p1", small.info(), small.age() | told))


FITS = [
    {"op": "eq", "item": "age", "value": "o1"}, {"op": "in", "item": "age", "value": ["o1", "o2"]},
    {"op": "includes", "item": "uses", "value": "o8"}, {"op": "count", "item": "uses", "least": 2},
    {"op": "gte", "item": "mood", "value": 4}, {"op": "ne", "item": "mood", "value": "o9"},
    {"op": "eq", "item": "view", "part": "r1", "value": "o1"}, {"op": "answered", "item": "view"},
    {"op": "lte", "item": "best", "part": "o1", "value": 1}, {"op": "includes", "item": "best", "value": "o1"},
    {"op": "gt", "item": "visits", "value": "12.5"}, {"op": "eq", "item": "visits", "value": 3},
    {"op": "before", "item": "moved", "value": "2020-01-01"}, {"op": "answered", "item": "agree"},
    {"op": "gt", "item": "money", "part": "o1", "value": 50}, {"op": "answered", "item": "idea"},
]  # fmt: skip
FITS_NOT = [
    {"op": "eq", "item": "age", "value": "o4"}, {"op": "eq", "item": "age", "value": 1},
    {"op": "in", "item": "age", "value": []}, {"op": "includes", "item": "age", "value": "o1"},
    {"op": "eq", "item": "uses", "value": "o1"}, {"op": "includes", "item": "uses", "value": "o4"},
    {"op": "count", "item": "uses", "least": 3, "most": 2}, {"op": "count", "item": "best", "least": 4},
    {"op": "eq", "item": "mood", "value": 6}, {"op": "gte", "item": "mood", "value": "o9"},
    {"op": "eq", "item": "view", "value": "o1"}, {"op": "eq", "item": "view", "part": "r3", "value": "o1"},
    {"op": "eq", "item": "age", "part": "o1", "value": "o1"}, {"op": "lt", "item": "best", "value": 1},
    {"op": "gt", "item": "visits", "value": "many"}, {"op": "gt", "item": "visits", "value": 2.5},
    {"op": "eq", "item": "visits", "value": "o1"}, {"op": "before", "item": "moved", "value": "2021-02-29"},
    {"op": "before", "item": "visits", "value": "2021-02-28"}, {"op": "lt", "item": "moved", "value": "2021-02-28"},
    {"op": "eq", "item": "agree", "value": 1}, {"op": "eq", "item": "idea", "value": "o1"},
    {"op": "matches", "item": "idea", "value": ".*"}, {"op": "answered", "item": "age", "why": 1},
    {"op": "all", "of": []}, {"op": "not", "of": []}, {"op": "includes", "item": "best", "part": "o1", "value": "o1"},
]  # fmt: skip


@pytest.mark.parametrize("condition", FITS, ids=str)
def test_a_condition_asks_what_its_question_can_tell(condition):
    last(condition)


@pytest.mark.parametrize("condition", FITS_NOT, ids=str)
def test_a_condition_of_another_type_is_refused_and_not_guessed(condition):
    with pytest.raises(ValidationError):
        last(condition)


def nested(levels):
    condition = {"op": "answered", "item": "age"}
    for _ in range(levels - 1):
        condition = {"op": "not", "of": condition}
    return condition


def test_a_condition_has_eight_levels_and_two_hundred_parts_at_most():
    leaf = {"op": "answered", "item": "age"}
    last(nested(8))
    last({"op": "any", "of": [leaf] * 199})
    for too_much in (nested(9), nested(100_000), {"op": "any", "of": [leaf] * 200}):
        with pytest.raises(ValidationError, match="at most 8 levels and 200 parts"):
            last(too_much)


def test_a_survey_has_its_limits():
    texts = [question("long_text", f"q{number}") for number in range(201)]
    definition(page("p1", *texts[:200]))
    assert "200 items" in refused(page("p1", *texts))
    refused(page("p1"))
    refused()
