"""Who may vote where."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from service.processes.models import AreaRule, LegalBasis, Phase, Process
from service.voting import rules

NEW_YEAR_IN_HELSINKI = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
BEFORE_IT = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)


def process(**values: object) -> Process:
    return Process(slug="x", **values)


def test_whoever_turns_the_age_during_helsinkis_year_may_vote() -> None:
    thirteen = process(minimum_age=13)

    rules.check_age(thirteen, 2013, at=BEFORE_IT)
    rules.check_age(thirteen, 2014, at=NEW_YEAR_IN_HELSINKI)
    with pytest.raises(rules.TooYoung) as refusal:
        rules.check_age(thirteen, 2014, at=BEFORE_IT)

    assert refusal.value.parameters == {"age": 13}


def test_who_consents_has_to_be_thirteen_for_certain_whatever_day_they_were_born() -> None:
    """Source: Data Protection Act (1050/2018), section 5."""
    youth = process(minimum_age=13, legal_basis=LegalBasis.CONSENT)

    rules.check_age(youth, 2012, at=BEFORE_IT)
    with pytest.raises(rules.TooYoung) as refusal:
        rules.check_age(youth, 2013, at=BEFORE_IT)

    assert refusal.value.parameters == {"age": 14}
    rules.check_age(process(minimum_age=16, legal_basis=LegalBasis.CONSENT), 2010, at=BEFORE_IT)


def test_an_upper_age_is_a_limit_too() -> None:
    youth = process(minimum_age=13, maximum_age=29)

    rules.check_age(youth, 1997, at=BEFORE_IT)
    with pytest.raises(rules.TooOld):
        rules.check_age(youth, 1996, at=BEFORE_IT)


def test_the_year_of_birth_is_asked_only_where_it_matters() -> None:
    rules.check_age(process(), None, at=BEFORE_IT)
    with pytest.raises(rules.BirthYearMissing):
        rules.check_age(process(minimum_age=13), None, at=BEFORE_IT)


def test_the_home_area_is_asked_only_where_it_matters() -> None:
    home = uuid4()

    assert rules.fixed_area(process(area_rule=AreaRule.HOME), home) == home
    assert rules.fixed_area(process(area_rule=AreaRule.CHOSEN), home) is None
    assert rules.fixed_area(process(area_rule=AreaRule.NONE), None) is None
    with pytest.raises(rules.HomeAreaMissing):
        rules.fixed_area(process(area_rule=AreaRule.HOME), None)


def test_voting_is_open_from_its_first_moment_and_not_at_its_last() -> None:
    opens, closes = datetime(2027, 3, 1, 7, tzinfo=UTC), datetime(2027, 3, 14, 18, tzinfo=UTC)
    vote = Phase(process_id=uuid4(), name={}, activities=["vote"], opens_at=opens, closes_at=closes)

    rules.check_open(vote, at=opens)
    with pytest.raises(rules.VotingHasNotOpened):
        rules.check_open(vote, at=opens.replace(hour=6))
    with pytest.raises(rules.VotingIsClosed) as refusal:
        rules.check_open(vote, at=closes)
    assert refusal.value.parameters == {"when": closes}
