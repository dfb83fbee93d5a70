"""What a round still lacks, part by part, and what keeps it from being published."""

from uuid import uuid4

import pytest

from service.core.actor import Role
from service.processes import readiness
from service.processes.models import Activity, AreaRule, Pot, Process
from service.processes.readiness import Part
from tests.processes.test_timetable import phase

EVERYWHERE = {"fi": "x", "sv": "x", "en": "x"}
TEAM = [Role.EDITOR, Role.MODERATOR, Role.EVALUATOR]


def process(**values: object) -> Process:
    texts = dict.fromkeys((*readiness.WRITTEN, "plain_summary"), EVERYWHERE)
    return Process(**{"slug": "oma", "area_rule": AreaRule.NONE, "eligible_count": 100, **texts, **values})


def pot(area_id=None) -> Pot:
    return Pot(process_id=uuid4(), area_id=area_id, cents=100)


PHASES = [phase(0, 5, Activity.PROPOSE), phase(6, 9, Activity.VOTE)]
for each in PHASES:
    each.name = EVERYWHERE


def states(this: Process, *, phases=PHASES, pots=None, categories=True, team=TEAM, frozen=False):
    found = readiness.states(
        this,
        phases,
        [pot()] if pots is None else pots,
        has_categories=categories,
        team=team,
        frozen=frozen,
    )
    return {state.part: state for state in found}


def test_a_whole_round_lacks_nothing_and_can_be_published():
    assert [state.count for state in states(process()).values()] == [0] * len(Part)
    assert readiness.hindrances(process(), PHASES, [pot()], bilingual=True) == []


@pytest.mark.parametrize(
    ("part", "missing", "given"),
    [
        (Part.SETTINGS, readiness.NO_TOPICS, {"categories": False}),
        (Part.PHASES, readiness.NO_PHASES, {"phases": []}),
        (Part.PHASES, readiness.NO_VOTE, {"phases": PHASES[:1]}),
        (Part.PHASES, readiness.NO_PROPOSING, {"phases": PHASES[1:]}),
        (Part.AREAS, readiness.NO_MONEY, {"pots": []}),
        (Part.PEOPLE, readiness.NO_EDITOR, {"team": TEAM[1:]}),
        (Part.PEOPLE, readiness.NO_MODERATOR, {"team": [Role.EDITOR, Role.EVALUATOR]}),
        (Part.PEOPLE, readiness.NO_EVALUATOR, {"team": TEAM[:2]}),
    ],
)
def test_what_is_missing_is_named_in_its_part(part, missing, given):
    state = states(process(), **given)[part]
    assert (state.missing, state.count) == ((missing,), 1)


def test_an_area_rule_needs_an_area_with_money():
    home = process(area_rule=AreaRule.HOME)
    assert states(home)[Part.AREAS].missing == (readiness.NO_AREA_MONEY,)
    assert states(home, pots=[pot(uuid4())])[Part.AREAS].missing == ()


def test_texts_are_counted_by_text_and_language_but_plain_language_is_the_citys_choice():
    lacking = process(title={"fi": "x"}, rules={}, plain_summary={})
    assert states(lacking)[Part.TEXTS].count == 5
    assert readiness.missing_texts(lacking)[:2] == [("title", "sv"), ("title", "en")]


def test_a_phase_named_in_one_language_lacks_the_others():
    one = phase(0, 5, Activity.PROPOSE)
    assert states(process(), phases=[one, PHASES[1]])[Part.PHASES].texts == 2


def test_money_and_rules_are_frozen_with_the_ballot():
    for frozen, parts in ((False, set()), (True, {Part.AREAS, Part.BALLOT})):
        assert {part for part, state in states(process(), frozen=frozen).items() if state.frozen} == parts


@pytest.mark.parametrize(
    ("this", "phases", "pots", "hindrance"),
    [
        (process(owner={}), PHASES, [pot()], readiness.NO_OWNER),
        (process(summary={}), PHASES, [pot()], readiness.NO_SUMMARY),
        (process(), [], [pot()], readiness.NO_PHASES),
        (process(), PHASES, [], readiness.NO_MONEY),
    ],
)
def test_what_keeps_a_round_from_being_published(this, phases, pots, hindrance):
    assert readiness.hindrances(this, phases, pots, bilingual=False) == [hindrance]


def test_a_round_without_a_vote_needs_no_money():
    assert readiness.hindrances(process(), PHASES[:1], [], bilingual=True) == []


@pytest.mark.parametrize("text", ["title", "summary"])
@pytest.mark.parametrize("lacking", ["fi", "sv"])
def test_a_bilingual_citys_round_has_its_name_and_summary_in_both_languages(text, lacking):
    this = process(**{text: {language: "x" for language in ("fi", "sv", "en") if language != lacking}})
    assert readiness.hindrances(this, PHASES, [pot()], bilingual=True) == [readiness.NOT_BILINGUAL]
    assert readiness.hindrances(this, PHASES, [pot()], bilingual=False) == []
