from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accounts import rules
from service.accounts.models import SignInCode

NOON = datetime(2027, 3, 14, 12, tzinfo=UTC)
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Aino.K@Posti.Example ", "aino.k@posti.example"),
        ("aino@työ.fi", "aino@xn--ty-gka.fi"),
        ("AINO@TYÖ.FI", "aino@xn--ty-gka.fi"),
        ("aino+kylä@posti.example".replace("ä", "a"), "aino+kyla@posti.example"),
    ],
)
def test_an_address_has_one_spelling(typed, kept):
    assert rules.normalised(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "@", "aino", "aino@", "@posti.example", "aino@posti", "a b@posti.example", "a@b@posti.example", "a..b@posti.example",
        ".a@posti.example", "a@-b.fi", "a@b..fi", "a@b.fi.", "a\0b@posti.example", "a@posti\0.example", "a@b.fi\r\nBcc: x@y.fi",
        "äiti@posti.example", '"a b"@posti.example', "a@" + "b" * 64 + ".fi", "a" * 65 + "@b.fi", "a@" + "b." * 130 + "fi",
        "x" * 1_000_000 + "@" + "ö." * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(rules.AddressUnreadable) as refusal:
        rules.normalised(typed)

    assert refusal.value.field == "email"


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused_and_a_kept_address_stays_as_it_is(typed):
    try:
        kept = rules.normalised(typed)
    except rules.AddressUnreadable:
        return
    assert rules.normalised(kept) == kept
    assert kept.isascii()


def test_an_address_is_shown_without_most_of_its_name():
    assert rules.masked("aino.k@posti.example") == "a…@posti.example"


@pytest.mark.parametrize(
    "typed", ["123456", " 123 456 ", "123-456", "1 2 3 4 5 6", "123\u00a0456", "123456\n"]
)
def test_a_code_may_be_typed_with_spaces(typed):
    assert rules.typed_code(typed) == "123456"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123456\0", "9" * 100_000])
def test_what_is_not_six_digits_is_no_code(typed):
    with pytest.raises(rules.CodeUnreadable):
        rules.typed_code(typed)


def test_codes_have_six_digits_and_differ():
    codes = {rules.new_code() for _ in range(200)}

    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 190


def request(**values):
    return SignInCode(
        **{
            "id": uuid4(),
            "email": "a@b.fi",
            "sign_in_digest": b"d",
            "language": "fi",
            "wrong_attempts": 0,
            "requested_at": NOON,
            "expires_at": NOON + rules.CODE_LIFE,
            **values,
        }
    )


def test_a_code_can_be_tried_for_ten_minutes_five_times_and_once_with_success():
    assert rules.may_be_tried(request(), at=NOON + timedelta(minutes=9, seconds=59))
    assert not rules.may_be_tried(request(), at=NOON + timedelta(minutes=10))
    assert rules.may_be_tried(request(wrong_attempts=4), at=NOON)
    assert not rules.may_be_tried(request(wrong_attempts=5), at=NOON)
    assert not rules.may_be_tried(request(used_at=NOON), at=NOON)


def test_a_code_fits_its_own_request_and_key_alone():
    asked = request()
    asked.code_digest = rules.code_digest(KEY, asked, "123456")

    assert rules.matches(asked, "123456", KEY)
    assert not rules.matches(asked, "123457", KEY)
    assert not rules.matches(asked, "123456", b"x" * 32)
    other = request(code_digest=asked.code_digest)
    assert not rules.matches(other, "123456", KEY)


def test_before_its_mail_is_sent_no_code_fits():
    assert not rules.matches(request(), "000000", KEY)


def test_a_sixth_code_within_an_hour_is_refused_until_the_first_is_an_hour_old():
    asked = [NOON + timedelta(minutes=minute) for minute in range(5)]
    rules.check_frequency(asked[:4], 0, at=NOON + timedelta(minutes=5))

    with pytest.raises(rules.CodesAskedTooOften) as refusal:
        rules.check_frequency(asked, 0, at=NOON + timedelta(minutes=5))

    assert refusal.value.parameters == {"minutes": 55}


def test_all_addresses_together_have_a_limit_too():
    rules.check_frequency([], rules.CODES_IN_ALL - 1, at=NOON)

    with pytest.raises(rules.CodesAskedTooOften):
        rules.check_frequency([], rules.CODES_IN_ALL, at=NOON)


def test_a_year_of_birth_is_not_in_the_future():
    rules.check_birth_year(None, at=NOON)
    rules.check_birth_year(2027, at=NOON)

    with pytest.raises(rules.BirthYearInFuture):
        rules.check_birth_year(2028, at=NOON)
