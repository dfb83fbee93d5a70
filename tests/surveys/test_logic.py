"""Who is shown what: each comparison with an answer, with another and with none, as docs/decisions/0007-surveys.md says."""

import random

import pytest

from service.surveys.logic import kept, visible
from tests.surveys import generated, small
from tests.surveys.small import definition, last, page, question

CASES = [
    ({"op": "eq", "item": "age", "value": "o1"}, ["o1"], ["o2", None, ""]),
    ({"op": "ne", "item": "age", "value": "o1"}, ["o2"], ["o1", None, ""]),
    ({"op": "in", "item": "age", "value": ["o1", "o3"]}, ["o1", "o3"], ["o2", None]),
    ({"op": "answered", "item": "mood"}, [1, "o9"], [None]),
    ({"op": "ne", "item": "mood", "value": 1}, [2, "o9"], [1, None]),
    ({"op": "gte", "item": "mood", "value": 4}, [4, 5], [3, "o9", None]),
    ({"op": "lt", "item": "mood", "value": 4}, [1, 3], [4, "o9", None]),
    ({"op": "includes", "item": "uses", "value": "o1"}, [["o1"], ["o1", "o2"]], [["o2"], [], None]),
    ({"op": "count", "item": "uses", "least": 2}, [["o1", "o2"], ["o1", "o2", "o3"]], [["o1"], [], None]),
    ({"op": "count", "item": "uses", "least": 1, "most": 1}, [["o1"]], [["o1", "o2"], [], None]),
    ({"op": "eq", "item": "view", "part": "r1", "value": "o1"}, [{"r1": "o1"}], [{"r2": "o1"}, {"r1": "o2"}, {}]),
    ({"op": "answered", "item": "view", "part": "r1"}, [{"r1": "o9"}], [{"r2": "o1"}, {}, None]),
    ({"op": "lte", "item": "best", "part": "o1", "value": 1}, [{"o1": 1, "o2": 2}], [{"o2": 1, "o1": 2}, {"o2": 1}]),
    ({"op": "includes", "item": "best", "value": "o1"}, [{"o1": 3}], [{"o2": 1}, None]),
    ({"op": "eq", "item": "visits", "value": "2.50"}, ["2.5", "2.50"], ["2.51", "25", None]),
    ({"op": "gt", "item": "visits", "value": 9}, ["10", "9.1"], ["9", "9.0", "2", None]),
    ({"op": "lte", "item": "visits", "value": "9"}, ["9", "-1"], ["10", None]),
    ({"op": "before", "item": "moved", "value": "2020-01-01"}, ["2019-12-31"], ["2020-01-01", None]),
    ({"op": "after", "item": "moved", "value": "2020-01-01"}, ["2020-01-02"], ["2020-01-01", None]),
    ({"op": "answered", "item": "agree"}, [True], [False, None]),
    ({"op": "gt", "item": "money", "part": "o1", "value": 0}, [{"o1": 100, "o2": 0}], [{"o1": 0, "o2": 100}, None]),
    ({"op": "lt", "item": "money", "part": "o1", "value": 50}, [{"o1": 0, "o2": 100}], [{"o1": 50}, None]),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "meeting", "failing"), CASES, ids=lambda value: str(value)[:60])
def test_a_comparison_with_an_answer_with_another_and_with_none(condition, meeting, failing):
    survey = last(condition)
    assert [each for each in meeting if "why" not in visible(survey, {condition["item"]: each}).items] == []
    assert [each for each in failing if "why" in visible(survey, {condition["item"]: each}).items] == []
    assert visible(survey, {}).pages == ("p1",), "a page with nothing to show is passed over"


YES, NO = {"op": "answered", "item": "age"}, {"op": "answered", "item": "mood"}


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ({"op": "all", "of": [YES, NO]}, False), ({"op": "any", "of": [YES, NO]}, True),
        ({"op": "not", "of": YES}, False), ({"op": "not", "of": NO}, True),
        ({"op": "all", "of": [YES, {"op": "not", "of": {"op": "any", "of": [NO, NO]}}]}, True),
    ],
)  # fmt: skip
def test_comparisons_are_combined(condition, shown):
    assert ("why" in visible(last(condition), {"age": "o1"}).items) is shown


CHAIN = definition(
    page("p1", small.age()),
    page("p2", small.uses() | {"visible_if": {"op": "eq", "item": "age", "value": "o1"}}),
    page("p3", question("long_text", "why", visible_if={"op": "includes", "item": "uses", "value": "o1"}),
         question("long_text", "whynot", visible_if={"op": "not", "of": {"op": "answered", "item": "uses"}})),
)  # fmt: skip


def test_a_hidden_answer_is_no_answer_and_is_not_sent():
    answers = {"age": "o2", "uses": ["o1", "o7"], "uses:other": "Skis", "why": "Because", "whynot": " "}
    assert visible(CHAIN, answers).items == ("age", "whynot")
    assert kept(CHAIN, answers) == {"age": "o2"}
    answers["age"] = "o1"
    assert visible(CHAIN, answers).items == ("age", "uses", "why")
    assert kept(CHAIN, answers) == {"age": "o1", "uses": ["o1", "o7"], "uses:other": "Skis", "why": "Because"}


def test_words_beside_an_option_that_is_not_chosen_are_not_sent():
    assert kept(CHAIN, {"age": "o1", "uses": ["o1"], "uses:other": "Skis"}) == {"age": "o1", "uses": ["o1"]}


def test_a_page_is_hidden_with_all_that_is_on_it():
    survey = definition(
        page("p1", small.age()),
        page("p2", small.mood(), visible_if={"op": "eq", "item": "age", "value": "o1"}),
        page("p3", question("long_text", "why", visible_if={"op": "answered", "item": "mood"})),
    )
    assert visible(survey, {"age": "o2", "mood": 3}).pages == ("p1",)
    assert visible(survey, {"age": "o1", "mood": 3}).pages == ("p1", "p2", "p3")


def test_what_is_sent_leads_to_the_same_survey_again():
    dice = random.Random(5)
    for _ in range(200):
        survey = generated.survey(dice)
        answers = generated.answers(dice, survey)
        sent = kept(survey, answers)
        assert visible(survey, sent) == visible(survey, answers)
        assert kept(survey, sent) == sent
        assert sent.keys() <= set(visible(survey, answers).items)
