"""What holds of every plan, whatever is chosen: on the demo city's calculator, with all its rules and interactions."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.calculator.engine import Engine, NotInSpecification, share
from service.calculator.specification import CASH_LINES, LINES, RESULT_LINES, Line, Specification
from tests.calculator import small
from tests.calculator.example import engine, specification


def _choices(lever):
    return st.sampled_from([option.value for option in lever.options])


OPEN = {lever.key: _choices(lever) for lever in specification().levers if not lever.locked}
PLANS = st.fixed_dictionaries({}, optional=OPEN)


def changed(**parts):
    document = specification().model_dump(mode="json") | parts
    return Engine(Specification.model_validate(document))


BACKWARDS = changed(levers=[lever.model_dump(mode="json") for lever in reversed(specification().levers)])
WITHOUT_INTERACTIONS = changed(interactions=[])


@given(PLANS, st.randoms())
def test_the_order_of_choices_and_of_levers_does_not_matter(plan, chance):
    shuffled = list(plan.items())
    chance.shuffle(shuffled)
    assert engine().evaluate(dict(shuffled)) == engine().evaluate(plan) == BACKWARDS.evaluate(plan)


def test_no_choice_is_the_starting_point():
    outcome = engine().evaluate({})
    assert [year.lines for year in outcome.years] == [
        dict(year.lines) for year in specification().baseline.years
    ]


@given(st.sets(st.sampled_from(sorted(OPEN))))
def test_what_is_kept_on_purpose_changes_nothing(kept):
    plan = {key: specification().by_key[key].today for key in kept}
    assert engine().evaluate(plan) == engine().evaluate({})


@given(PLANS)
def test_without_interactions_effects_add_up_line_by_line(plan):
    outcome = WITHOUT_INTERACTIONS.evaluate(plan)
    for place, year in enumerate(outcome.years):
        for line in LINES:
            expected = specification().baseline.years[place].lines[line] + sum(
                effect.amounts[place]
                for key, value in plan.items()
                for effect in specification().by_key[key].option(value).effects
                if effect.line is line
            )
            assert year.lines[line] == expected


@given(PLANS)
def test_the_statement_follows_from_its_lines(plan):
    start = specification().baseline
    accumulated, loans = start.accumulated, start.loans
    for year in engine().evaluate(plan).years:
        assert year.interest == -share(loans, start.interest_rate, 10_000)
        assert (
            year.operating_margin == year.lines[Line.OPERATING_INCOME] + year.lines[Line.OPERATING_EXPENSES]
        )
        assert year.result == year.interest + sum(year.lines[line] for line in RESULT_LINES)
        assert (
            year.annual_margin + year.lines[Line.DEPRECIATION] + year.lines[Line.EXTRAORDINARY] == year.result
        )
        assert year.cash_flow == year.interest + sum(year.lines[line] for line in CASH_LINES)
        accumulated += year.result
        loans -= year.cash_flow
        assert (year.accumulated, year.loans) == (accumulated, loans)


@given(PLANS)
def test_the_target_is_tested_on_what_lasts(plan):
    outcome = engine().evaluate(plan)
    assert outcome.missing == max(0, -outcome.years[2].structural_result)
    assert outcome.is_balanced == (outcome.missing == 0)


@given(PLANS)
def test_every_step_of_the_income_tax_brings_more(plan):
    rates = [option.value for option in specification().by_key["tulovero"].options]
    outcomes = [engine().evaluate({**plan, "tulovero": rate}) for rate in rates]
    for place in range(4):
        results = [outcome.years[place].result for outcome in outcomes]
        assert results == sorted(set(results))


@given(PLANS)
def test_more_is_never_broken_by_choosing_less(plan):
    """Rules forbid what is chosen: today's option in place of another breaks none that was kept."""
    broken = set(engine().violations(plan))
    for key in plan:
        assert (
            set(engine().violations({other: value for other, value in plan.items() if other != key}))
            <= broken
        )


@pytest.mark.parametrize(
    "plan",
    [{"tulovero": "20.00"}, {"vesimaksu": "0"}, {"hospital": "1"}, {"tulovero": ""}, {"tulovero": "8.8"}],
)
def test_what_is_not_in_the_specification_is_refused(plan):
    with pytest.raises(NotInSpecification):
        engine().evaluate(plan)


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_rounded_half_away_from_zero(amount, numerator, denominator):
    exact = Fraction(amount * numerator, denominator)
    rounded = share(amount, numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    assert share(-amount, numerator, denominator) == -rounded
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


def test_counting_many_plans_leaves_the_engine_as_it_was():
    chance = random.Random(7)
    plan = {
        lever.key: chance.choice(lever.options).value for lever in specification().levers if not lever.locked
    }
    used = Engine(specification())
    first = used.evaluate(plan)
    for lever in specification().levers:
        used.evaluate({key: value for key, value in plan.items() if key != lever.key})
    assert used.evaluate(plan) == first == Engine(specification()).evaluate(plan)


def test_nothing_is_taken_back_where_one_of_the_two_costs():
    hours = small.lever("hours", "steps", "0", small.option("0"), small.option("10", -30_00, -31_00))
    levers = [hours if lever["key"] == "hours" else lever for lever in small.LEVERS]
    small_engine = Engine(small.specification(levers=levers, interactions=small.INTERACTIONS[1:2]))
    first, second = small_engine.evaluate({"school": "close", "hours": "10"}).years
    assert first.lines[Line.OPERATING_EXPENSES] == -11_600_00 + 50_00 - 30_00
    assert second.lines[Line.OPERATING_EXPENSES] == -11_600_00 + 120_00 - 31_00
