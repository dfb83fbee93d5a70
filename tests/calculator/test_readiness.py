"""What an author is told before a calculator may open."""

import pytest

from service.calculator.engine import Engine
from service.calculator.readiness import check
from service.calculator.specification import Specification
from tests.calculator.small import INTERACTIONS, LEVERS, lever, option, specification, words

GAP = Engine(specification()).evaluate({}).missing


def rule(**parts):
    return {"why": words("So it is."), **parts}


def condition(lever, *options):
    return {"lever": lever, "options": list(options)}


def messages(*, blocks, **changed):
    return [
        (finding.lever, finding.message % finding.parameters)
        for finding in check(specification(**changed))
        if finding.blocks == blocks
    ]


def blocking(**changed):
    return messages(blocks=True, **changed)


def advice(**changed):
    return messages(blocks=False, **changed)


def test_a_sound_calculator_is_ready():
    assert blocking() == []
    assert advice() == []


def only(*levers):
    return {"levers": list(levers), "rules": [], "interactions": []}


def saving(cents, key="tax"):
    return lever(key, "choice", "no", option("no"), option("yes", 0, cents))


@pytest.mark.parametrize(
    ("most", "blocks", "advises"),
    [
        (-(-GAP * 150 // 100) - 1, True, False),
        (-(-GAP * 150 // 100), False, True),
        (2 * GAP - 1, False, True),
        (2 * GAP, False, False),
    ],
)
def test_there_must_be_enough_to_choose_between(most, blocks, advises):
    changed = only(saving(most // 2), saving(most - most // 2, "other"))
    assert any("per cent of the gap" in text for _, text in blocking(**changed)) == blocks
    assert any("per cent of the gap" in text for _, text in advice(**changed)) == advises


def test_what_happens_once_does_not_count_as_enough():
    once = option("yes", effects=[{"line": "operating_expenses", "amounts": [0, 1_000_00], "one_off": True}])
    assert blocking(**only(lever("sale", "choice", "no", option("no"), once)))


def test_there_should_be_more_than_one_way():
    assert advice(**only(saving(2 * GAP), saving(GAP - 1, "other"))) == [
        ("tax", "Without this choice the gap cannot be closed.")
    ]
    assert advice(**only(saving(2 * GAP), saving(GAP, "other"))) == []


def test_todays_choices_must_keep_the_rules():
    rules = [rule(type="requires", when=condition("school", "keep"), then=condition("library", "1"))]
    found = blocking(rules=rules)
    assert ("", "Today’s choices break rule 1.") in found


@pytest.mark.parametrize(
    ("rules", "never"),
    [
        ([rule(type="requires", when=condition("school", "merge"), then=condition("school", "keep"))], {("school", "merge")}),
        (
            [
                rule(type="requires", when=condition("school", "merge"), then=condition("library", "1")),
                rule(type="at_most", number=1, of=[condition("school", "merge"), condition("library", "1")]),
            ],
            {("school", "merge")},
        ),
        (
            [
                rule(type="requires", when=condition("school", "merge"), then=condition("library", "1")),
                rule(type="requires", when=condition("library", "1"), then=condition("school", "close")),
            ],
            {("school", "merge")},
        ),
        ([rule(type="requires", when=condition("school", "merge"), then=condition("water", "now"))], set()),
        ([rule(type="requires", when=condition("school", "merge"), then=condition("library", "1"))], set()),
        ([rule(type="at_most", number=1, of=[condition("school", "merge"), condition("library", "1")])], set()),
    ],
)  # fmt: skip
def test_an_option_that_no_plan_may_have_is_found(rules, never):
    found = {
        (finding.lever, finding.parameters["option"])
        for finding in check(specification(rules=rules))
        if "never be chosen" in finding.message
    }
    assert found == never


def test_more_posts_than_there_may_be_can_never_go():
    shrink = lever(
        "posts",
        "steps",
        "0",
        option("0"),
        option("10", 0, 500_00, person_years=10),
        option("20", 0, 900_00, person_years=20),
    )
    changed = {"levers": [*LEVERS, shrink], "rules": [rule(type="person_years", most=15)]}
    assert blocking(**changed) == [("posts", "The option 20 can never be chosen: rule 1 forbids it.")]


def test_a_service_cannot_save_more_than_it_costs():
    levers = [each for each in LEVERS if each["key"] != "library"]
    dear = lever("library", "toggle", "0", option("0"), option("1", 0, 400_01))
    cheap = lever("library", "toggle", "0", option("0"), option("1", 0, 400_00))
    sentence = ("library", "The option 1 saves more than the service costs.")
    assert sentence in blocking(levers=[*levers, dear])
    assert sentence not in blocking(levers=[*levers, cheap])


def test_a_missing_translation_blocks():
    school = {**LEVERS[1], "name": {"en": "School", "fi": "Koulu"}}
    levers = [school if each["key"] == "school" else each for each in LEVERS]
    assert blocking(levers=levers) == [("school", "Texts missing in the language sv: 1.")]
    quiet = [{**each, "why": {"fi": "Koska."}} for each in INTERACTIONS]
    assert blocking(interactions=quiet) == [
        ("", "Texts missing in the language sv: 3."),
        ("", "Texts missing in the language en: 3."),
    ]


def test_an_option_that_changes_nothing_is_pointed_out():
    idle = lever("idle", "choice", "now", option("now"), option("then"))
    assert advice(levers=[*LEVERS, idle]) == [("idle", "The option then changes nothing.")]


def test_texts_should_be_of_one_length_and_not_judge():
    def told(consequence):
        loud = option("yes", 0, 90_00, consequence={"fi": "Näin.", "sv": "Så här.", "en": consequence})
        calm = option("no", consequence={"fi": "Näin.", "sv": "Så här.", "en": "Stays as it is."})
        return advice(levers=[*LEVERS, lever("park", "choice", "no", calm, loud)])

    assert told("Goes as it does.") == []
    assert told("Goes, and " + "so on " * 20) == [
        ("park", "The consequences are of unequal length in the language en.")
    ]
    assert told("Only this goes.") == [("park", "A word that judges instead of telling: only.")]


def test_more_levers_than_one_reads_are_many():
    levers = [saving(100_00, f"lever_{number}") for number in range(26)]
    assert advice(**only(*levers)) == [("", "There are 26 choices. More than 25 are many for one sitting.")]
    assert advice(**only(*levers[:25])) == []


@pytest.mark.parametrize(
    "broken",
    [
        option("yes", 1, 1, range=[[0, 1]]),
        option("yes", 1, 1, range=[[1, 0], [0, 1]]),
    ],
)
def test_a_range_goes_upwards_and_has_every_year(broken):
    with pytest.raises(ValueError, match="range"):
        specification(**only(lever("tax", "choice", "no", option("no"), broken)))


def test_steps_are_numbers():
    with pytest.raises(ValueError, match="not a number"):
        specification(**only(lever("tax", "steps", "no", option("no"), option("-10", 1, 1))))
    assert isinstance(
        specification(**only(lever("tax", "rate", "8.80", option("8.80"), option("9", 1, 1)))), Specification
    )
