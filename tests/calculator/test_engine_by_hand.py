"""Sums that a person can follow with a pencil."""

import pytest

from service.calculator.engine import Engine, NotInSpecification, share
from tests.calculator.small import specification

ENGINE = Engine(specification())


def second_year(**plan: str):
    return ENGINE.evaluate(plan).years[1]


def test_nothing_chosen_is_the_starting_point():
    first, second = ENGINE.evaluate({}).years
    # 2 020 − 11 600 + 9 000 + 1 000 − 3 % of 1 000 = 390; − 600 of depreciation = −210
    assert (first.annual_margin, first.interest, first.result) == (390_00, -30_00, -210_00)
    # 390 − 700 of investments = −310, so the loans grow to 1 310 and cost 39,30 the year after
    assert (first.cash_flow, first.loans, first.accumulated) == (-310_00, 1_310_00, -200_00)
    assert (second.interest, second.result) == (-39_30, -199_30)
    assert ENGINE.evaluate({}).missing == 199_30


def test_what_is_set_to_today_changes_nothing():
    assert ENGINE.evaluate({"tax": "8.80", "school": "keep"}) == ENGINE.evaluate({})


def test_a_one_off_moves_the_result_and_not_the_structural_one():
    first, second = ENGINE.evaluate({"shares": "1"}).years
    assert (first.result, first.structural_result) == (290_00, -210_00)
    assert second.structural_result == second.result == -199_30 - 40_00 + 15_00  # the interest on 500 less


def test_depreciation_moves_no_cash():
    lighter = specification(
        levers=[
            {
                "key": "tax", "group": "taxes", "name": {"en": "Less"}, "kind": "toggle", "duty": "tax", "today": "0",
                "source": {"en": "x"}, "owner": {"en": "x"},
                "options": [
                    {"value": "0", "label": {"en": "No"}, "consequence": {"en": "No"}},
                    {"value": "1", "label": {"en": "Yes"}, "consequence": {"en": "Yes"},
                     "effects": [{"line": "depreciation", "amounts": [100_00, 100_00]}]},
                ],
            }
        ],
        rules=[], interactions=[],
    )  # fmt: skip
    first, second = Engine(lighter).evaluate({"tax": "1"}).years
    assert (first.result, first.annual_margin, first.loans) == (-110_00, 390_00, 1_310_00)
    assert second.interest == -39_30


def test_interactions_scale_first_then_take_back_then_add():
    # school closes: hours −20 keeps 33 % of 61,00 = 20,13; overlap 15 % of the smaller (20,13) = 3,02
    both = second_year(school="close", hours="-20").lines
    assert both["operating_expenses"] - -11_600_00 == 120_00 + 20_13 - 3_02
    # library with hours −20: 7,00 come on top of 61,00 − 25,00
    helped = second_year(library="1", hours="-20").lines
    assert helped["operating_expenses"] - -11_600_00 == 61_00 - 25_00 + 7_00


def test_where_one_of_two_costs_nothing_is_counted_twice():
    assert ENGINE.evaluate({"hours": "-10"}).years[1].lines["operating_expenses"] == -11_600_00 + 31_00


def test_a_broken_rule_is_named_by_its_number():
    assert ENGINE.evaluate({"school": "merge", "library": "1"}).violations == (0,)
    assert ENGINE.evaluate({"school": "merge"}).violations == ()


def test_the_target_is_met_without_one_offs():
    assert not ENGINE.evaluate({"shares": "1"}).is_balanced
    assert ENGINE.evaluate({"tax": "9.00"}).is_balanced


@pytest.mark.parametrize(
    ("lever", "value"), [("tax", "9.90"), ("none", "1"), ("water", "now"), ("tax", "NaN"), ("tax", "1e400")]
)
def test_what_cannot_be_chosen_is_refused(lever, value):
    with pytest.raises(NotInSpecification) as refused:
        ENGINE.evaluate({lever: value})
    assert (refused.value.lever, refused.value.value) == (lever, value)


@pytest.mark.parametrize(
    ("amount", "numerator", "denominator", "rounded"),
    [
        (5, 1, 2, 3),
        (-5, 1, 2, -3),
        (4, 1, 8, 1),
        (3, 1, 8, 0),
        (-3, 1, 8, 0),
        (10**13, 2000, 10_000, 2 * 10**12),
    ],
)
def test_a_share_is_rounded_half_away_from_zero(amount, numerator, denominator, rounded):
    assert share(amount, numerator, denominator) == rounded


def test_the_digest_is_of_the_content_alone():
    assert specification().digest == specification().digest != specification(rules=[]).digest
