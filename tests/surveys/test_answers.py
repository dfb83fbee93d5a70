"""What is taken as an answer, and what is said where it cannot be."""

import random
from datetime import date
from decimal import Decimal

import pytest

from service.surveys import answers, reading
from service.surveys.answers import Fault, NotOnPage, check, check_all
from service.surveys.logic import kept
from tests.surveys import generated, small
from tests.surveys.small import definition, page, question

SURVEY = definition(page("p1", *small.every_type()))
RIGHT = [
    ("age", "o1", "o1"), ("uses", ["o3", "o1"], ["o1", "o3"]), ("uses", "o1", ["o1"]), ("uses", ["o8"], ["o8"]),
    ("uses", ["o1", "o1"], ["o1"]), ("mood", 3, 3), ("mood", "3", 3), ("mood", "o9", "o9"),
    ("view", {"r2": "o1", "r1": "o9"}, {"r1": "o9", "r2": "o1"}), ("view", {"r1": "o1", "r2": ""}, {"r1": "o1"}),
    ("best", {"o1": "2", "o3": 1, "o2": ""}, {"o3": 1, "o1": 2}),
    ("visits", "12,5", "12.5"), ("visits", 12, "12"), ("visits", "0", "0"), ("visits", "-0", "0"), ("visits", "007", "7"),
    ("moved", "2020-02-29", "2020-02-29"), ("moved", "1.3.2020", "2020-03-01"), ("moved", " 01.12.2020 ", "2020-12-01"),
    ("postcode", " 49400 ", "49400"), ("idea", " Two\r\nlines ", "Two\nlines"), ("agree", True, True), ("agree", "on", True),
    ("money", {"o1": 60, "o3": "40"}, {"o1": 60, "o2": 0, "o3": 40}),
]  # fmt: skip
EMPTY = [
    ("uses", []),
    ("view", {"r1": None}),
    ("best", {"o1": ""}),
    ("money", {"o1": 0}),
    ("agree", False),
    ("idea", " \n"),
]
WRONG = [
    ("age", "o4", reading.UNKNOWN_OPTION), ("age", ["o1"], reading.UNKNOWN_OPTION), ("age", 1, reading.UNKNOWN_OPTION),
    ("uses", ["o1", "o2", "o3"], reading.TOO_MANY), ("uses", ["o1", "o8"], reading.NOT_TOGETHER),
    ("uses", ["o8", "o9"], reading.NOT_TOGETHER), ("uses", ["o4"], reading.UNKNOWN_OPTION),
    ("uses", [["o1"]], reading.UNKNOWN_OPTION), ("uses", ["o1"] * 7, reading.UNREADABLE),
    ("mood", 6, reading.UNKNOWN_OPTION), ("mood", 0, reading.UNKNOWN_OPTION), ("mood", True, reading.UNKNOWN_OPTION),
    ("mood", 2.5, reading.UNKNOWN_OPTION), ("view", {"r3": "o1"}, reading.UNREADABLE), ("view", "o1", reading.UNREADABLE),
    ("best", {"o1": 1, "o2": 1}, reading.PLACE_TWICE), ("best", {"o1": 1, "o2": 3}, reading.PLACE_MISSING),
    ("best", {"o1": 2, "o2": 3}, reading.PLACE_MISSING), ("best", {"o1": 0, "o2": 1}, reading.NOT_A_PLACE),
    ("best", {"o1": "first"}, reading.NOT_A_PLACE), ("best", {"o4": 1}, reading.UNREADABLE),
    ("visits", "many", reading.NOT_A_NUMBER), ("visits", "1e3", reading.NOT_A_NUMBER), ("visits", "٣", reading.NOT_A_NUMBER),
    ("visits", True, reading.NOT_A_NUMBER), ("visits", "NaN", reading.NOT_A_NUMBER), ("visits", "9" * 50, reading.NOT_A_NUMBER),
    ("visits", "1.25", reading.DECIMALS), ("visits", "-0.1", reading.TOO_SMALL), ("visits", "99.6", reading.TOO_LARGE),
    ("moved", "2021-02-29", reading.NOT_A_DAY), ("moved", "yesterday", reading.NOT_A_DAY), ("moved", 2020, reading.NOT_A_DAY),
    ("moved", "1989-12-31", reading.TOO_EARLY), ("moved", "1.1.2027", reading.TOO_LATE),
    ("postcode", "4940", reading.NOT_IN_FORM["postcode"]), ("postcode", "４９４００", reading.NOT_IN_FORM["postcode"]),
    ("idea", "x" * 101, reading.TOO_LONG), ("idea", "x" * 1_000_000, reading.TOO_LONG), ("idea", " " * 999 + "x", reading.TOO_LONG),
    ("idea", "a\x00b", reading.ODD_CHARACTER), ("idea", "a\ud800b", reading.ODD_CHARACTER), ("idea", ["x"], reading.UNREADABLE),
    ("agree", "no", reading.UNREADABLE), ("money", {"o1": 90}, reading.SUM_DIFFERS),
    ("money", {"o1": 90, "o2": 20}, reading.SUM_EXCEEDS), ("money", {"o1": 95, "o2": 5}, reading.NOT_IN_STEPS),
    ("money", {"o1": -10, "o2": 110}, reading.NOT_A_SUM), ("money", {"o1": "ten"}, reading.NOT_A_SUM),
]  # fmt: skip


def checked(given, before=None):
    return check(SURVEY, "p1", {"age": "o1"} | given, before or {})


@pytest.mark.parametrize(("item", "given", "taken"), RIGHT, ids=lambda value: str(value)[:40])
def test_an_answer_is_taken_as_a_plain_value(item, given, taken):
    result = checked({item: given})
    assert result.faults == ()
    assert result.answers == {"age": "o1"} | {item: taken}
    assert list(result.answers[item]) == list(taken) if isinstance(taken, dict) else True
    assert checked({item: taken}) == result, "what was taken is taken again"


@pytest.mark.parametrize(("item", "given"), EMPTY, ids=str)
def test_an_empty_answer_is_none(item, given):
    assert checked({item: given}, {item: "earlier"}).answers == {"age": "o1"}


@pytest.mark.parametrize(("item", "given", "message"), WRONG, ids=lambda value: str(value)[:40])
def test_what_cannot_be_taken_is_told_and_is_not_among_the_answers(item, given, message):
    result = checked({item: given})
    assert [(fault.item, fault.message) for fault in result.faults] == [(item, message)]
    assert item not in result.answers
    assert message % dict.fromkeys(["least", "most", "place", "sum", "total", "step", "decimals"], "1")


def test_a_fault_tells_its_figures_and_its_part():
    assert checked({"moved": "1.1.1970"}).faults == (
        Fault("moved", reading.TOO_EARLY, {"least": date(1990, 1, 1)}),
    )
    assert checked({"visits": "100"}).faults == (
        Fault("visits", reading.TOO_LARGE, {"most": Decimal("99.5")}),
    )
    assert checked({"money": {"o1": 60, "o2": 60}}).faults[0].parameters == {"sum": 120, "total": 100}
    assert checked({"view": {"r1": "o1", "r2": "o4"}}).faults[0].part == "r2"
    assert checked({"best": {"o1": 1, "o2": 3}}).faults[0].parameters == {"place": 2}


def test_of_a_budget_so_much_may_remain_as_it_permits():
    survey = definition(page("p1", small.money() | {"rest": True}))
    assert check(survey, "p1", {"money": {"o1": 90}}, {}).faults == ()
    assert check(survey, "p1", {"money": {"o1": 110}}, {}).faults[0].message == reading.SUM_EXCEEDS


def test_the_words_of_another_option_stand_beside_it():
    result = checked({"uses": ["o1", "o7"], "uses:other": " Skis "})
    assert result.answers == {"age": "o1", "uses": ["o1", "o7"], "uses:other": "Skis"}
    assert "uses:other" not in checked({"uses": ["o1"], "uses:other": "Skis"}).answers
    assert checked({"uses": ["o7"], "uses:other": "x" * 201}).faults == (
        Fault("uses", reading.TOO_LONG, {"most": 200}, "other"),
    )


BUSINESS_IDS = [
    ("0201256-6", True),
    ("0201256-5", False),
    ("0000001-9", True),
    ("0000006-0", False),
    ("201256-6", False),
]


def one_text(validator):
    return definition(page("p1", question("short_text", "q", validator=validator)))


@pytest.mark.parametrize(
    ("validator", "written", "right"),
    [
        *(("business_id", *each) for each in BUSINESS_IDS),
        ("phone", "040 123 4567", True), ("phone", "+358401234567", True), ("phone", "call me", False), ("phone", "0 " * 90, False),
        ("email", "asukas@hamina.example", True), ("email", "asukas@hamina", False), ("email", "a@b.c\nd", False),
        ("email", "a@" + "b." * 90 + "@", False),
    ],
)  # fmt: skip
def test_a_named_form_is_kept_to(validator, written, right):
    result = check(one_text(validator), "p1", {"q": written}, {})
    assert (result.faults == ()) is right
    assert right or result.faults[0].message == reading.NOT_IN_FORM[validator]


def test_what_is_required_is_asked_for_where_it_is_shown():
    asked = {"visible_if": {"op": "eq", "item": "age", "value": "o1"}, "required": True}
    survey = definition(page("p1", small.age(), small.view() | asked, small.idea() | asked))
    assert check(survey, "p1", {"age": "o2"}, {}).faults == ()
    faults = check(survey, "p1", {"age": "o1", "view": {"r1": "o9"}, "idea": "  "}, {}).faults
    assert faults == (
        Fault("view", answers.ROW_MISSING, {}, "r2"),
        Fault("idea", answers.MISSING),
    )
    assert check(survey, "p1", {}, {}).faults == (Fault("age", answers.MISSING),)


def test_a_wrong_answer_to_what_is_not_shown_is_no_fault_and_a_right_one_stays_in_the_draft():
    asked = {"visible_if": {"op": "eq", "item": "age", "value": "o1"}}
    survey = definition(page("p1", small.age(), small.visits() | asked, small.idea() | asked))
    result = check(survey, "p1", {"age": "o2", "visits": "many", "idea": "Swings"}, {})
    assert result == answers.Checked({"age": "o2", "idea": "Swings"}, ())
    assert kept(survey, result.answers) == {"age": "o2"}


def test_a_question_of_another_page_or_survey_is_not_taken():
    survey = definition(page("p1", small.age()), page("p2", small.mood()))
    for strange in ("mood", "o1", "age:o1", "other"):
        with pytest.raises(NotOnPage):
            check(survey, "p1", {strange: 1}, {})
    with pytest.raises(KeyError):
        check(survey, "p3", {}, {})


def test_the_answers_of_other_pages_stay():
    survey = definition(page("p1", small.age()), page("p2", small.mood()))
    assert check(survey, "p2", {"mood": 2}, {"age": "o1", "mood": 1}).answers == {"age": "o1", "mood": 2}
    assert check(survey, "p2", {}, {"age": "o1", "mood": 1}).answers == {"age": "o1"}


def test_before_sending_every_page_is_looked_at():
    survey = definition(
        page("p1", small.age()),
        page("p2", small.mood() | {"required": True}, visible_if={"op": "eq", "item": "age", "value": "o1"}),
    )
    assert check_all(survey, {"age": "o2"}) == ()
    assert check_all(survey, {"age": "o1", "mood": 9}) == (Fault("mood", reading.UNKNOWN_OPTION),)
    assert [fault.item for fault in check_all(survey, {})] == ["age"]


def test_whatever_is_sent_the_answers_that_are_taken_are_taken_again():
    dice = random.Random(6)
    faults = 0
    for _ in range(200):
        survey = generated.survey(dice)
        taken = {}
        for each in survey.pages:
            own = {item.id for item in each.items if item.type != "info"}
            sent = {key: value for key, value in generated.answers(dice, survey).items() if key in own}
            result = check(survey, each.id, sent, taken)
            taken, faults = result.answers, faults + len(result.faults)
        right = {fault.item for fault in check_all(survey, taken) if fault.message != answers.MISSING}
        assert right == set()
    assert faults > 50
