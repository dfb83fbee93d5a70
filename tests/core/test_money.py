from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.money import (
    LARGEST_EUROS,
    AmbiguousMoney,
    NegativeMoney,
    NotMoney,
    TooMuchMoney,
    money,
    money_words,
    parse_money,
)
from service.core.text import LANGUAGES

any_sum = st.integers(min_value=-LARGEST_EUROS * 100, max_value=LARGEST_EUROS * 100)
language = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(
    ("cents", "fi", "sv", "en"),
    [
        (0, "0\xa0€", "0\xa0€", "€0"),
        (99_900, "999\xa0€", "999\xa0€", "€999"),
        (1_250_000, "12\xa0500\xa0€", "12\xa0500\xa0€", "€12,500"),
        (123_456_700, "1\xa0234\xa0567\xa0€", "1\xa0234\xa0567\xa0€", "€1,234,567"),
        (-12_000_000, "−120\xa0000\xa0€", "−120\xa0000\xa0€", "−€120,000"),
    ],
)
def test_money_is_written_as_each_language_writes_it(cents, fi, sv, en):
    assert (money(cents, "fi"), money(cents, "sv"), money(cents, "en")) == (fi, sv, en)


def test_a_change_has_its_sign():
    assert money(44_000_000, "fi", signed=True) == "+440\xa0000\xa0€"
    assert money(44_000_000, "en", signed=True) == "+€440,000"
    assert money(-12_000_000, "sv", signed=True) == "−120\xa0000\xa0€"
    assert money(0, "fi", signed=True) == "0\xa0€"


def test_cents_are_shown_only_where_asked_and_only_where_there_are_any():
    assert money(123_450, "fi") == "1\xa0235\xa0€"
    assert money(123_450, "fi", exact=True) == "1\xa0234,50\xa0€"
    assert money(123_405, "en", exact=True) == "€1,234.05"
    assert money(123_400, "fi", exact=True) == "1\xa0234\xa0€"


def test_half_a_euro_rounds_away_from_zero_and_less_has_no_minus():
    assert money(50, "fi") == "1\xa0€"
    assert money(-50, "fi") == "−1\xa0€"
    assert money(-49, "fi") == "0\xa0€"


@given(any_sum, language, st.booleans())
def test_a_sum_reads_back_as_it_was_shown(cents, language, signed):
    shown = money(cents, language, exact=True, signed=signed)

    assert parse_money(shown, negative=True) == cents
    assert parse_money(shown, language, negative=True) == cents


@given(any_sum, language)
def test_a_shown_sum_is_within_half_a_euro_of_the_real_one(cents, language):
    assert abs(parse_money(money(cents, language), negative=True) - cents) <= 50


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("240 000", 24_000_000),
        ("240000", 24_000_000),
        ("240 000 €", 24_000_000),
        ("240\xa0000\xa0€", 24_000_000),
        ("240\u2009000\u202f€", 24_000_000),
        ("8,9", 890),
        ("8.90", 890),
        ("1 234,50 €", 123_450),
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1,234,567", 123_456_700),
        ("1.234.567 €", 123_456_700),
        ("€1,234", 123_400),
        ("€ 500", 50_000),
        ("+440 000", 44_000_000),
        ("300 euroa", 30_000),
        ("300 EUR", 30_000),
        (" 12\n", 1_200),
        ("007", 700),
        ("-0", 0),
        ("1000000000000", 100_000_000_000_000),
    ],
)
def test_sums_are_read_as_people_type_them(typed, cents):
    assert parse_money(typed) == cents


@pytest.mark.parametrize("typed", ["-120 000", "−120 000", "–120000", "− 120 000 €", "−€120,000"])
def test_any_minus_counts_where_a_sum_may_be_below_zero(typed):
    assert parse_money(typed, negative=True) == -12_000_000
    with pytest.raises(NegativeMoney):
        parse_money(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "€", "-", ",", "NaN", "nan", "inf", "-Infinity", "1e6", "0x10", "1_000", "abc", "12 abc", "8,", ",9", "8,905 1",
        "24 0000", "1 23", "1 2 3", "1,234,50", "1.234.56", "1 234.567,8", "1..2", "--1", "+-1", "€€1", "1 € €", "٣٠٠", "½", "1\x00",
        "2,8 milj. €", "10 000 000,000",
    ],
)  # fmt: skip
def test_what_is_no_sum_is_refused(typed):
    with pytest.raises(NotMoney) as refusal:
        parse_money(typed, negative=True)
    assert refusal.value.reason == "not_a_number"


@pytest.mark.parametrize("typed", ["1,234", "1.234", "240.000 €", "-1,234"])
def test_an_unclear_separator_is_refused_rather_than_guessed(typed):
    for language in (None, "fi", "sv"):
        with pytest.raises(AmbiguousMoney):
            parse_money(typed, language, negative=True)


def test_in_english_a_comma_divides_thousands():
    assert parse_money("12,500", "en") == 1_250_000
    with pytest.raises(AmbiguousMoney):
        parse_money("12.500", "en")


@pytest.mark.parametrize("typed", ["1000000000000,01", "1000000000001", "9" * 10_000, "1 000 000 000 001"])
def test_more_than_a_million_million_is_refused(typed):
    with pytest.raises(TooMuchMoney) as refusal:
        parse_money(typed)
    assert refusal.value.reason == "too_large"


@given(st.text(max_size=40))
def test_any_text_gives_a_sum_or_a_refusal(typed):
    with suppress(NotMoney):
        assert 0 <= parse_money(typed) <= LARGEST_EUROS * 100


def test_a_refusal_has_a_reason_for_programs_and_a_sentence_for_people():
    for refusal in (NotMoney, AmbiguousMoney, NegativeMoney, TooMuchMoney):
        assert issubclass(refusal, ValueError)
        assert refusal.reason.islower()
        assert refusal.message.endswith(".")


def test_another_currency_stands_by_its_code():
    assert money(1_250_000, "fi", currency="PLN") == "12\xa0500\xa0PLN"
    assert money(1_250_000, "en", currency="PLN") == "PLN\xa012,500"
    assert money(1_250_050, "sv", currency="PLN", exact=True) == "12\xa0500,50\xa0PLN"


@pytest.mark.parametrize(
    ("cents", "fi", "sv", "en"),
    [
        (99_999_900, "999\xa0999\xa0€", "999\xa0999\xa0€", "€999,999"),
        (480_734_500, "4,8\xa0milj.\xa0€", "4,8\xa0mn\xa0€", "€4.8 million"),
        (-480_734_500, "−4,8\xa0milj.\xa0€", "−4,8\xa0mn\xa0€", "−€4.8 million"),
    ],
)
def test_large_sums_in_running_text_are_millions(cents, fi, sv, en):
    assert [money_words(cents, language) for language in ("fi", "sv", "en")] == [fi, sv, en]
