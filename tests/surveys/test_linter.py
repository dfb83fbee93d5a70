"""What is found in a survey before it opens, and that it is found only where it is so."""

import random

import pytest

from service.surveys import linter
from service.surveys.answers import check_all
from service.surveys.linter import Finding, check, completeness, extent
from service.surveys.logic import kept, visible
from tests.surveys import generated, small
from tests.surveys.small import definition, last, page, question, words

YOUNG = {"op": "eq", "item": "age", "value": "o1"}
OLD = {"op": "eq", "item": "age", "value": "o3"}


def places(survey, message):
    return [finding.place for finding in check(survey) if finding.message == message]


def every(op, *branches):
    return {"op": op, "of": list(branches)}


def none(branch):
    return {"op": "not", "of": branch}


NEVER = [
    every("all", YOUNG, OLD),
    none({"op": "answered", "item": "age"}),
    every("all", YOUNG, {"op": "ne", "item": "age", "value": "o1"}),
    every("all", {"op": "includes", "item": "uses", "value": "o8"}, {"op": "includes", "item": "uses", "value": "o1"}),
    {"op": "count", "item": "uses", "least": 3},
    {"op": "gt", "item": "mood", "value": 5},
    {"op": "gt", "item": "visits", "value": "99.5"},
    every("all", {"op": "gt", "item": "visits", "value": "3"}, {"op": "lt", "item": "visits", "value": "3.1"}),
    {"op": "before", "item": "moved", "value": "1990-01-01"},
    every("all", {"op": "after", "item": "moved", "value": "2000-01-01"},
          {"op": "before", "item": "moved", "value": "2000-01-02"}),
    every("all", {"op": "eq", "item": "best", "part": "o1", "value": 1}, {"op": "eq", "item": "best", "part": "o2", "value": 1}),
    {"op": "gt", "item": "money", "part": "o1", "value": 100},
    every("all", {"op": "gt", "item": "money", "part": "o1", "value": 60}, {"op": "gt", "item": "money", "part": "o2", "value": 60}),
    every("all", none({"op": "answered", "item": "view"}), {"op": "eq", "item": "view", "part": "r1", "value": "o1"}),
]  # fmt: skip
SOMETIMES = [
    every("any", YOUNG, OLD),
    none({"op": "answered", "item": "mood"}),
    every("all", {"op": "includes", "item": "uses", "value": "o1"}, {"op": "count", "item": "uses", "least": 2}),
    every("all", {"op": "gt", "item": "visits", "value": "3"}, {"op": "lt", "item": "visits", "value": "3.2"}),
    {"op": "eq", "item": "moved", "value": "2016-02-29"},
    every("all", {"op": "gt", "item": "money", "part": "o1", "value": 40}, {"op": "gt", "item": "money", "part": "o2", "value": 40}),
    every("all", {"op": "answered", "item": "view"}, none({"op": "answered", "item": "view", "part": "r1"})),
    every("all", {"op": "eq", "item": "best", "part": "o1", "value": 3}, {"op": "eq", "item": "best", "part": "o2", "value": 1}),
]  # fmt: skip
ALWAYS = [
    {"op": "answered", "item": "age"},
    every("any", *({"op": "eq", "item": "age", "value": f"o{number}"} for number in (1, 2, 3))),
    every("any", YOUNG, none(YOUNG)),
    none(every("all", YOUNG, OLD)),
    every("any", none({"op": "answered", "item": "mood"}), {"op": "in", "item": "mood", "value": [1, 2, 3, 4, 5, "o9"]}),
]  # fmt: skip


@pytest.mark.parametrize("condition", NEVER, ids=str)
def test_what_nobody_can_see_is_found(condition):
    assert places(last(condition), linter.NEVER_SHOWN) == ["why"]


@pytest.mark.parametrize("condition", SOMETIMES, ids=str)
def test_what_some_see_and_some_do_not_is_as_it_should_be(condition):
    assert places(last(condition), linter.NEVER_SHOWN) == places(last(condition), linter.ALWAYS_SHOWN) == []


@pytest.mark.parametrize("condition", ALWAYS, ids=str)
def test_a_condition_that_hides_from_nobody_is_found(condition):
    assert places(last(condition), linter.ALWAYS_SHOWN) == ["why"]


def test_what_a_hidden_question_would_say_opens_nothing():
    survey = definition(
        page("p1", small.age()),
        page("p2", small.uses() | {"visible_if": YOUNG}),
        page(
            "p3",
            question("long_text", "why", visible_if=every("all", OLD, {"op": "answered", "item": "uses"})),
        ),
        page("p4", question("long_text", "how"), visible_if=every("all", OLD, YOUNG)),
    )
    assert places(survey, linter.NEVER_SHOWN) == ["why", "p4"]
    assert places(survey, linter.PAGE_EMPTY) == ["p3"]


def test_an_item_is_looked_at_within_its_page():
    survey = definition(
        page("p1", small.age()),
        page("p2", question("long_text", "why", visible_if=YOUNG), visible_if=YOUNG),
        page("p3", question("long_text", "how", visible_if=OLD), small.mood(), visible_if=YOUNG),
    )
    assert places(survey, linter.ALWAYS_SHOWN) == ["why"]
    assert places(survey, linter.NEVER_SHOWN) == ["how"]


def test_no_finding_is_untrue_of_any_answers():
    dice = random.Random(8)
    found = {linter.NEVER_SHOWN: 0, linter.ALWAYS_SHOWN: 0}
    for _ in range(150):
        survey = generated.survey(dice)
        never, always = (set(places(survey, message)) for message in found)
        found[linter.NEVER_SHOWN] += len(never)
        found[linter.ALWAYS_SHOWN] += len(always)
        for _ in range(20):
            answers = kept(survey, generated.answers(dice, survey))
            if check_all(survey, answers):
                continue
            shown = visible(survey, answers)
            assert never.isdisjoint({*shown.items, *shown.pages})
            for each in survey.pages:
                if each.id in shown.pages:
                    assert {item.id for item in each.items} & always <= set(shown.items)
    assert min(found.values()) > 10


def test_what_must_be_answered_behind_what_need_not_is_told():
    survey = definition(
        page("p1", small.age(), small.mood()),
        page(
            "p2",
            question("long_text", "why", required=True, visible_if={"op": "lt", "item": "mood", "value": 3}),
        ),
        page("p3", question("long_text", "how", required=True, visible_if=YOUNG)),
    )
    assert check(survey) == [Finding(linter.REQUIRED_OFF_THE_WAY, {"code": "MOOD"}, "why", blocks=False)]


def test_texts_are_counted_by_language_to_the_last_option():
    lacking = small.age()
    lacking["options"] = [*small.OPTIONS[:2], small.OPTIONS[2] | {"text": {"fi": "Kolmas"}}]
    rows = [small.ROWS[0], small.ROWS[1] | {"text": {"fi": "Toinen", "sv": "Andra"}}]
    survey = definition(
        page("p1", lacking, small.view() | {"rows": rows}, title={"fi": "Sivu", "en": "Page"})
    )
    assert completeness(survey) == {
        "p1": {"fi": (1, 1), "sv": (0, 1), "en": (1, 1)},
        "age": {"fi": (4, 4), "sv": (3, 4), "en": (3, 4)},
        "view": {"fi": (7, 7), "sv": (7, 7), "en": (6, 7)},
    }
    untranslated = [
        (each.place, each.parameters) for each in check(survey) if each.message == linter.UNTRANSLATED
    ]
    assert untranslated == [
        ("p1", {"language": "sv", "count": 1}),
        ("age", {"language": "sv", "count": 1}), ("age", {"language": "en", "count": 1}),
        ("view", {"language": "en", "count": 1}),
    ]  # fmt: skip


def test_a_whole_survey_has_nothing_to_mend():
    assert check(definition(page("p1", *small.every_type()))) == []


def test_routes_are_counted_and_the_longest_and_shortest_told():
    survey = definition(
        page("p1", small.age()),
        page(
            "p2",
            question("long_text", "why", visible_if=YOUNG),
            question("short_text", "how", visible_if=OLD),
        ),
        page("p3", small.mood(), visible_if=none(OLD)),
    )
    found = extent(survey)
    assert (found.routes, found.complete) == (3, True)
    assert found.longest == ("age", "why", "mood")
    assert found.shortest == ("age", "mood")
    assert (found.least_minutes, found.most_minutes) == (1, 1)


def test_a_long_text_to_read_takes_its_time_in_the_longest_language():
    long = small.info() | {"text": words("short") | {"fi": "sana " * 360}}
    assert extent(definition(page("p1", long))).most_minutes == 2


def branching(count):
    pages = []
    for number in range(count):
        ask = question("single", f"q{number}", options=small.OPTIONS[:2], required=True)
        then = question("consent", f"t{number}", visible_if={"op": "eq", "item": f"q{number}", "value": "o1"})
        pages.append(page(f"p{number}", ask, then))
    return definition(*pages)


def test_routes_are_walked_up_to_ten_thousand():
    assert (extent(branching(5)).routes, extent(branching(5)).complete) == (32, True)
    many = extent(branching(20))
    assert (many.routes, many.complete) == (10_000, False)
    assert check(branching(20)) == []


def test_what_is_too_much_to_try_is_no_finding():
    options = [small.option(f"o{number}", number) for number in range(1, 41)]
    survey = definition(
        page("p1", question("ranking", "q", options=options)),
        page(
            "p2",
            question("long_text", "why", visible_if={"op": "eq", "item": "q", "part": "o1", "value": 41}),
        ),
    )
    assert check(survey) == []
    assert not extent(survey).complete
