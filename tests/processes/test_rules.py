"""What an editor may change when, at the moments where it turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.processes import rules
from service.processes.models import Activity, AreaRule, BallotType, LegalBasis
from service.processes.parts import ClosesBeforeItOpens, PhasePlan, Texts, TextTooLong, VotingRules
from tests.processes.test_timetable import INSTANT, ROUND, at, phase

NAME = {"fi": "Äänestys"}
VOTE = phase(25, 30, Activity.VOTE)


def plan(opens: float, closes: float, *activities: Activity) -> PhasePlan:
    return PhasePlan.model_validate(
        {"name": NAME, "activities": activities, "opens_at": at(opens), "closes_at": at(closes)}
    )


def voting_rules(**values: object) -> VotingRules:
    return VotingRules.model_validate(
        {"ballot_type": "approval", "max_choices": 5, "area_rule": AreaRule.HOME, **values}
    )


@pytest.mark.parametrize(
    ("basis", "asked", "age"),
    [
        (LegalBasis.PUBLIC_TASK, None, None),
        (LegalBasis.PUBLIC_TASK, 0, 0),
        (LegalBasis.PUBLIC_TASK, 12, 12),
        (LegalBasis.CONSENT, None, 13),
        (LegalBasis.CONSENT, 13, 13),
        (LegalBasis.CONSENT, 18, 18),
    ],
)
def test_the_minimum_age_follows_from_the_legal_basis(basis, asked, age):
    assert rules.minimum_age(basis, asked) == age


@pytest.mark.parametrize("asked", [0, 12])
def test_consent_is_not_asked_of_those_under_13(asked):
    with pytest.raises(rules.TooYoungForConsent) as refusal:
        rules.minimum_age(LegalBasis.CONSENT, asked)
    assert refusal.value.field == "minimum_age"


@given(st.sampled_from(LegalBasis), st.none() | st.integers(0, 120))
def test_a_raised_age_is_always_one_the_basis_permits(basis, age):
    raised = rules.raised_age(basis, age)
    assert rules.minimum_age(basis, raised) == raised
    assert raised == age or (basis is LegalBasis.CONSENT and raised == 13)


def test_an_approval_ballot_needs_its_number_of_choices():
    with pytest.raises(rules.ChoicesMissing):
        rules.check_voting_rules(voting_rules(max_choices=None), LegalBasis.PUBLIC_TASK)
    rules.check_voting_rules(
        voting_rules(max_choices=None, ballot_type=BallotType.KNAPSACK), LegalBasis.PUBLIC_TASK
    )


@pytest.mark.parametrize(
    ("low", "high", "basis"),
    [(14, 13, LegalBasis.PUBLIC_TASK), (None, 12, LegalBasis.CONSENT)],
)
def test_ages_that_let_nobody_vote_are_refused(low, high, basis):
    with pytest.raises(rules.AgesCrossed):
        rules.check_voting_rules(voting_rules(minimum_age=low, maximum_age=high), basis)


def test_ages_may_be_the_same():
    rules.check_voting_rules(voting_rules(minimum_age=15, maximum_age=15), LegalBasis.PUBLIC_TASK)


def test_a_process_has_one_vote():
    with pytest.raises(rules.OnlyOneVote):
        rules.check_plan(plan(40, 50, Activity.VOTE), None, [VOTE], at=at(0))
    with pytest.raises(rules.OnlyOneVote):
        rules.check_plan(plan(0, 10, Activity.VOTE), ROUND[0], ROUND, at=at(0))


def test_phases_may_overlap_and_leave_gaps():
    rules.check_plan(plan(26, 28, Activity.COMMENT), None, [VOTE], at=at(0))
    rules.check_plan(plan(300, 310, Activity.IMPLEMENT), None, [VOTE], at=at(0))


@pytest.mark.parametrize(
    "moved", [plan(24, 30, Activity.VOTE), plan(26, 31, Activity.VOTE), plan(25, 30, Activity.COMMENT)]
)
def test_a_vote_moves_freely_until_it_opens_and_its_opening_stays_from_then_on(moved):
    rules.check_plan(moved, VOTE, [VOTE], at=at(25) - INSTANT)
    with pytest.raises(rules.VotingRulesAreFixed):
        rules.check_plan(moved, VOTE, [VOTE], at=at(25))


@pytest.mark.parametrize("closes", [27.5, 35])
def test_an_open_vote_may_close_earlier_or_later_but_not_backwards(closes):
    rules.check_plan(plan(25, closes, Activity.VOTE), VOTE, [VOTE], at=at(27))
    with pytest.raises(rules.ClosingIsPast):
        rules.check_plan(plan(25, 26.9, Activity.VOTE), VOTE, [VOTE], at=at(27))


def test_a_vote_that_has_closed_is_not_opened_again():
    rules.check_plan(plan(25, 31, Activity.VOTE), VOTE, [VOTE], at=at(30) - INSTANT)
    with pytest.raises(rules.VotingHasClosed):
        rules.check_plan(plan(25, 31, Activity.VOTE), VOTE, [VOTE], at=at(30))


def test_what_else_an_open_vote_permits_may_change():
    rules.check_plan(plan(25, 30, Activity.VOTE, Activity.COMMENT), VOTE, [VOTE], at=at(27))
    rules.check_plan(plan(25, 30, Activity.VOTE), VOTE, [VOTE], at=at(300))


def test_a_vote_is_removed_only_before_it_opens_and_another_phase_at_any_time():
    rules.check_removal(VOTE, at=at(25) - INSTANT)
    with pytest.raises(rules.VotingRulesAreFixed):
        rules.check_removal(VOTE, at=at(25))
    rules.check_removal(ROUND[0], at=at(5))


@pytest.mark.parametrize("closes", [10, 9])
def test_a_phase_closes_after_it_opens(closes):
    with pytest.raises(ValidationError) as refusal:
        plan(10, closes, Activity.PROPOSE)
    (error,) = refusal.value.errors()
    assert isinstance(error["ctx"]["error"], ClosesBeforeItOpens)


def test_a_phase_permits_something():
    with pytest.raises(ValidationError):
        plan(1, 2)


def test_a_moment_without_a_time_zone_is_not_taken():
    with pytest.raises(ValidationError):
        PhasePlan.model_validate(
            {
                "name": NAME,
                "activities": ["vote"],
                "opens_at": "2027-03-01T09:00",
                "closes_at": "2027-04-01T09:00",
            }
        )


def test_a_text_has_its_length_in_every_language():
    with pytest.raises(ValidationError) as refusal:
        Texts.model_validate({"title": {"fi": "Kierros", "sv": "x" * 121}})
    (error,) = refusal.value.errors()
    assert isinstance(error["ctx"]["error"], TextTooLong)
    assert error["ctx"]["error"].parameters == {"limit": 120}


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 60), st.booleans())
def test_no_permitted_plan_moves_the_opening_of_a_vote_that_has_opened(opens, closes, moment, votes):
    activities = [Activity.VOTE] if votes else [Activity.COMMENT]
    try:
        given_plan = plan(opens, closes, *activities)
        rules.check_plan(given_plan, VOTE, [VOTE], at=at(moment))
    except (ValidationError, rules.VotingRulesAreFixed, rules.VotingHasClosed, rules.ClosingIsPast):
        return
    if VOTE.opens_at <= at(moment):
        assert votes
        assert given_plan.opens_at == VOTE.opens_at


def test_what_is_fixed_is_what_decides_the_vote():
    assert set(VotingRules.model_fields) - rules.FIXED_BY_VOTING == {"eligible_count"}
