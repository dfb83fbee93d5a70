from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.core.text import (
    LANGUAGES,
    Localized,
    Wording,
    capitalised,
    day,
    days,
    moment,
    number,
    percent,
    period,
    slug,
    sort_key,
    until,
    weekday_moment,
    wording,
)

EVENING = datetime(2027, 3, 14, 18, 0, tzinfo=UTC)
language = st.sampled_from(LANGUAGES)


def in_all(show, *arguments, **options):
    return [show(*arguments, language, **options) for language in LANGUAGES]


def test_a_day_is_written_without_leading_zeros():
    assert in_all(day, date(2027, 3, 5)) == ["5.3.2027", "5.3.2027", "5\xa0March 2027"]


def test_a_moment_is_shown_in_helsinki():
    assert in_all(moment, EVENING) == [
        "14.3.2027 klo\xa020.00",
        "14.3.2027 kl.\xa020.00",
        "14\xa0March 2027 at 20:00",
    ]
    assert moment(EVENING.astimezone(timezone(timedelta(hours=-8))), "fi") == "14.3.2027 klo\xa020.00"


def test_a_moment_late_in_utc_falls_on_the_helsinki_day():
    new_year = datetime(2026, 12, 31, 22, 5, tzinfo=UTC)
    assert moment(new_year, "fi") == "1.1.2027 klo\xa00.05"
    assert day(new_year, "sv") == "1.1.2027"


def test_the_hour_that_summer_time_skips_and_the_one_it_repeats():
    skipped = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert [moment(skipped + timedelta(minutes=step), "fi")[-4:] for step in (0, 1)] == ["2.59", "4.00"]
    repeated = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert [moment(repeated + timedelta(hours=step), "sv")[-4:] for step in (0, 1)] == ["3.30", "3.30"]


def test_a_moment_can_tell_its_weekday():
    assert in_all(weekday_moment, datetime(2026, 3, 29, 20, 0, tzinfo=UTC)) == [
        "su 29.3.2026 klo\xa023.00",
        "sön 29.3.2026 kl.\xa023.00",
        "Sun 29\xa0March 2026 at 23:00",
    ]


def test_closing_at_midnight_is_told_as_the_day_that_ends():
    midnight = datetime(2027, 2, 28, 22, 0, tzinfo=UTC)
    assert in_all(until, midnight) == [
        "28.2.2027 klo\xa024.00",
        "28.2.2027 kl.\xa024.00",
        "28\xa0February 2027 at midnight (24:00)",
    ]
    assert until(EVENING, "fi") == moment(EVENING, "fi")


def test_a_moment_without_a_time_zone_is_refused():
    for show in (day, moment, weekday_moment, until):
        with pytest.raises(ValueError, match="time zone"):
            show(datetime(2027, 3, 14, 20, 0), "fi")  # noqa: DTZ001 - the refused thing itself


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ((2027, 3, 5), (2027, 3, 8), ["5.–8.3.2027", "5–8.3.2027", "5–8\xa0March 2027"]),
        (
            (2027, 2, 28),
            (2027, 3, 3),
            ["28.2.–3.3.2027", "28.2–3.3.2027", "28\xa0February – 3\xa0March 2027"],
        ),
        (
            (2026, 12, 30),
            (2027, 1, 2),
            ["30.12.2026–2.1.2027", "30.12.2026–2.1.2027", "30\xa0December 2026 – 2\xa0January 2027"],
        ),
        ((2027, 3, 5), (2027, 3, 5), ["5.3.2027", "5.3.2027", "5\xa0March 2027"]),
    ],
)
def test_a_range_of_days_says_once_what_both_ends_share(first, last, shown):
    assert in_all(days, date(*first), date(*last)) == shown


def test_numbers_are_grouped_from_a_thousand():
    assert in_all(number, 999) == ["999", "999", "999"]
    assert in_all(number, 1000) == ["1\xa0000", "1\xa0000", "1,000"]
    assert in_all(number, 1234567.5, decimals=2) == [
        "1\xa0234\xa0567,50",
        "1\xa0234\xa0567,50",
        "1,234,567.50",
    ]
    assert in_all(number, -4.8, decimals=1) == ["−4,8", "−4,8", "−4.8"]
    assert number(3, "fi", signed=True) == "+3"


def test_numbers_round_half_away_from_zero_whatever_their_type():
    for half in (0.15, Decimal("0.15"), Fraction(15, 100)):
        assert number(half, "fi", decimals=1) == "0,2"
    assert number(-0.04, "fi", decimals=1) == "0,0"
    with pytest.raises(ValueError, match="nan"):
        number(float("nan"), "fi")


@given(st.integers(min_value=-(10**15), max_value=10**15), language)
def test_a_number_shows_all_its_digits(value, language):
    shown = number(value, language)
    assert int(shown.replace("\xa0", "").replace(",", "").replace("−", "-")) == value


def test_a_share_is_shown_in_per_cent():
    assert in_all(percent, 0.081) == ["8,1\xa0%", "8,1\xa0%", "8.1%"]
    assert percent(Fraction(1, 3), "fi", decimals=0) == "33\xa0%"
    assert percent(0.285, "en", decimals=0) == "29%"


def test_words_missing_in_a_language_are_shown_in_the_next_one_and_it_is_said_which():
    title = Localized(fi="Sinun kaupunkisi", sv="Din stad")
    assert title.text("sv") == Wording("Din stad", "sv")
    assert title.text("en") == ("Sinun kaupunkisi", "fi")
    assert Localized(en="Your city").text("fi") == ("Your city", "en")
    assert Localized(sv="Din stad", en="Your city").text("fi") == ("Din stad", "sv")
    assert wording({"fi": "", "sv": "Din stad"}, "fi") == ("Din stad", "sv")
    assert wording({}, "sv") == ("", "sv")


def test_words_are_stored_without_the_languages_nobody_wrote():
    title = Localized(fi=" Sinun kaupunkisi ", sv="  ")
    assert title.stored() == {"fi": "Sinun kaupunkisi"}
    assert Localized.model_validate(title.stored()) == title
    assert TypeAdapter(Localized).json_schema()["properties"].keys() == set(LANGUAGES)


@pytest.mark.parametrize("words", [{}, {"fi": " "}, {"de": "Stadt"}, {"fi": 1}, {"fi": "a\x00b"}])
def test_words_in_no_known_language_are_refused(words):
    with pytest.raises(ValidationError):
        Localized.model_validate(words)


def test_names_are_sorted_in_the_finnish_and_swedish_alphabet():
    alphabet = [
        "2. kaupunginosa",
        "Aalto",
        "Itä-Pasila",
        "itäharju",
        "Lundqvist",
        "Müller",
        "Mylläri",
        "Šamaani",
        "Suomi",
        "Varis",
        "Virtanen",
        "Wallenberg",
        "Wirtanen",
        "Zetterberg",
        "Åbo",
        "Ähtäri",
        "Öhman",
    ]
    assert sorted(set(alphabet), key=sort_key) == alphabet


def test_of_names_otherwise_alike_the_one_without_marks_comes_first():
    names = ["Hoffren", "Hoffren Aino", "Hoffrén Aino", "Hoffren Eino"]
    assert sorted(set(names), key=sort_key) == names


@given(st.text(max_size=30))
def test_a_sort_key_can_be_stored_and_does_not_know_upper_case_or_composition(name):
    assert "\x00" not in sort_key(name)
    assert sort_key("Åbo" + name) == sort_key("A\u030abo" + name) == sort_key("ÅBO" + name)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Lisää penkkejä Öölantiin!", "lisaa-penkkeja-oolantiin"),
        ("Ljusare Åboväg – nu", "ljusare-abovag-nu"),
        ("  Šakki & Übung: œuvre, Łódź, Straße, Æbleskiver ", "sakki-ubung-oeuvre-lodz-strasse-aebleskiver"),
        ("Парк", ""),
        ("../../etc/passwd", "etc-passwd"),
        ("", ""),
    ],
)
def test_a_slug_is_plain_letters(title, expected):
    assert slug(title) == expected


def test_a_long_slug_ends_at_a_word():
    assert slug("lisää valoa " * 10) == "lisaa-valoa-lisaa-valoa-lisaa-valoa-lisaa-valoa-lisaa-valoa"
    assert slug("a" * 100) == "a" * 60


@given(st.text(max_size=200))
def test_a_slug_fits_an_address(title):
    assert len(slug(title)) <= 60
    assert set(slug(title)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug(title).startswith("-")
    assert not slug(title).endswith("-")


def test_a_period_that_closes_at_midnight_ends_on_the_day_before():
    opens_at, midnight = datetime(2027, 3, 1, 7, tzinfo=UTC), datetime(2027, 3, 8, 22, tzinfo=UTC)
    assert in_all(period, opens_at, midnight) == ["1.–8.3.2027", "1–8.3.2027", "1–8\xa0March 2027"]
    assert period(opens_at, midnight + timedelta(hours=9), "fi") == "1.–9.3.2027"


def test_the_beginning_of_a_line_is_large_and_names_stay_as_they_are() -> None:
    assert capitalised("hela Lövsund") == "Hela Lövsund"
    assert capitalised("") == ""
