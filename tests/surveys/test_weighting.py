"""Weights against weightipy's, and what holds of them whatever the sample."""

import json
import math
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.surveys.weighting import CategoryTooSmall, NoShare, TooFewToWeigh, rake

SAMPLES = json.loads(Path(__file__).with_name("fixtures").joinpath("raking.json").read_text())["samples"]
AGES = {"young": 0.3, "middle": 0.4, "old": 0.3}
SEXES = {"woman": 0.51, "man": 0.49}
MARGINS = {"age": AGES, "sex": SEXES}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_weights_are_weightipys(name):
    sample = SAMPLES[name]
    counts = {tuple(profile): count for *profile, count, _ in sample["profiles"]}
    weights = rake(counts, sample["margins"], heaviest=None)
    assert [
        profile
        for *profile, _, weight in sample["profiles"]
        if not math.isclose(weights.by_profile[tuple(profile)], weight, rel_tol=0, abs_tol=1e-9)
    ] == []
    assert weights.residual < 1e-12
    assert 100 / weights.design_effect == pytest.approx(sample["efficiency"], abs=1e-9)


def test_by_hand_one_margin():
    """30 of 120 are young and should be half: 2 each; the others 60 / 90."""
    weights = rake({("young",): 30, ("old",): 90}, {"age": {"young": 50, "old": 50}})
    assert weights.by_profile == pytest.approx({("young",): 2.0, ("old",): 2 / 3})
    assert weights.design_effect == pytest.approx(4 / 3)
    assert weights.effective == pytest.approx(90)
    assert not weights.is_strained


@st.composite
def samples(draw):
    profiles = [(age, sex) for age in [*AGES, None] for sex in [*SEXES, "other"]]
    return {profile: draw(st.integers(30, 200)) for profile in profiles}


def shares(weights, counts, place, categories):
    totals = Counter()
    for profile, weight in weights.by_profile.items():
        totals[profile[place]] += weight * counts[profile]
    known = sum(totals[category] for category in categories)
    return {category: totals[category] / known for category in categories}


@given(samples())
def test_each_margin_is_met_by_those_whose_category_is_known_and_the_mean_is_one(counts):
    weights = rake(counts, MARGINS, heaviest=None)
    for place, margin in enumerate(MARGINS.values()):
        assert shares(weights, counts, place, margin) == pytest.approx(margin, abs=1e-9)
    mean = sum(weights.by_profile[profile] * count for profile, count in counts.items()) / weights.answers
    assert mean == pytest.approx(1)
    assert weights.residual < 1e-9
    assert weights.design_effect + 1e-12 >= 1
    assert 0 < weights.effective <= weights.answers + 1e-9


@given(samples(), st.floats(1.2, 5))
def test_none_weighs_more_than_is_allowed_and_what_is_left_unmatched_is_told(counts, heaviest):
    free, held = rake(counts, MARGINS, heaviest=None), rake(counts, MARGINS, heaviest=heaviest)
    assert max(held.by_profile.values()) <= heaviest * (1 + 1e-6)
    assert min(held.by_profile.values()) >= (1 - 1e-6) / heaviest
    worst = max(
        abs(share - margin[category])
        for place, margin in enumerate(MARGINS.values())
        for category, share in shares(held, counts, place, margin).items()
    )
    assert held.residual == pytest.approx(worst, abs=1e-12)
    if not held.trimmed:
        assert held.by_profile == pytest.approx(free.by_profile, abs=1e-9)


def test_who_is_known_in_no_margin_keeps_their_weight_before_the_mean():
    weights = rake(
        {("young",): 50, ("old",): 50, (None,): 20, ("else",): 20}, {"age": {"young": 9, "old": 1}}
    )
    assert weights.by_profile[None,] == weights.by_profile["else",] == pytest.approx(1)


def test_the_order_of_respondents_and_the_scale_of_the_shares_do_not_matter():
    counts = {
        (age, sex): 20 + 37 * place for place, (age, sex) in enumerate((a, s) for a in AGES for s in SEXES)
    }
    items = list(counts.items())
    random.Random(1).shuffle(items)
    thousands = {name: {key: 1000 * share for key, share in each.items()} for name, each in MARGINS.items()}
    assert rake(dict(items), thousands).by_profile == pytest.approx(rake(counts, MARGINS).by_profile)


def test_what_cannot_be_weighed_is_refused_with_its_figures():
    margins = {"age": {"young": 0.5, "old": 0.5}}
    with pytest.raises(TooFewToWeigh) as few:
        rake({("young",): 49, ("old",): 50}, margins)
    assert few.value.parameters == {"least": 100, "count": 99}
    for counts in ({("young",): 19, ("old",): 81}, {("young",): 25, ("old",): 500}, {("old",): 500}):
        with pytest.raises(CategoryTooSmall) as small:
            rake(counts, margins)
        assert small.value.field == "age"
        assert small.value.parameters == {"category": "young", "count": counts.get(("young",), 0)}
    with pytest.raises(NoShare):
        rake({("young",): 50, ("old",): 50}, {"age": {"young": 1, "old": 0}})


def test_a_strained_weight_says_so():
    counts = {(age, sex): 5 + 400 * (age == "old") + 200 * (sex == "woman") for age in AGES for sex in SEXES}
    counts[("young", "man")] = 60
    weights = rake(counts, MARGINS)
    assert weights.is_strained == (weights.design_effect > 2 or weights.trimmed)
    assert weights.trimmed
    assert rake(counts, MARGINS, heaviest=None).design_effect > weights.design_effect
