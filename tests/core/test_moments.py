from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.clock import HELSINKI
from service.core.moments import MomentUnreadable, NoSuchMoment, parse_moment, typed_moment

EVENING = datetime(2027, 3, 14, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "2027-03-14T20:00", "2027-03-14 20:00", "2027-03-14T20:00:00", "2027-03-14T20:00:59.999", " 14.3.2027  20.00 ",
        "14.3.2027 klo 20.00", "14.3.2027 kl. 20.00", "14.03.2027 20:00", "14.3.2027, klo\xa020.00", "14.3.2027 KLO 20.00",
        "14.3.2027 klo20.00", "14.3.2027 at 20:00",
    ],
)  # fmt: skip
def test_a_moment_is_read_as_people_and_browsers_write_it(typed):
    assert parse_moment(typed) == EVENING


@pytest.mark.parametrize(
    "typed",
    [
        "", "huomenna", "14.3.2027", "20.00", "14.3.27 20.00", "2027-14-03T20:00", "30.2.2027 12.00", "14.3.2027 24.01",
        "14.3.2027 25.00", "14.3.2027 20.60", "14.3.2027 20", "0000-01-01T00:00", "0001-01-01T00:00", "9999-12-31T24:00",
        "2027-03-14T20:00Z", "2027-03-14T20:00+02:00", "1" * 500, "2027-03-14T20:00\x00", "٢٠٢٧-03-14T20:00",
    ],
)  # fmt: skip
def test_what_is_no_day_and_time_is_refused(typed):
    with pytest.raises(MomentUnreadable):
        parse_moment(typed)


def test_midnight_written_as_24_is_the_end_of_the_day():
    assert parse_moment("31.12.2026 24.00") == parse_moment("1.1.2027 0.00")


def test_the_hour_that_spring_skips_is_refused_and_of_the_one_that_autumn_repeats_the_first_is_meant():
    with pytest.raises(NoSuchMoment):
        parse_moment("2027-03-28T03:30")
    assert parse_moment("2027-03-28T04:00") == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert parse_moment("2027-10-31T03:30") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware below
def test_what_a_form_shows_is_what_it_reads(typed):
    moment = typed.replace(second=0, microsecond=0, tzinfo=HELSINKI).astimezone(UTC)
    assert parse_moment(typed_moment(moment)) in {moment, moment - timedelta(hours=1)}
    if moment.astimezone(HELSINKI).fold == 0:
        assert parse_moment(typed_moment(moment)) == moment
