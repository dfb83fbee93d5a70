"""A city's file says what the statutory pages have to say, or nothing starts."""

import re
from pathlib import Path

import pytest

from service.core.city import CityFileIncomplete, read
from service.core.instance import DEMO_CITY
from tests.test_operator import puntari

WHOLE = DEMO_CITY.read_text()


@pytest.fixture
def refusal(tmp_path: Path):
    def told(text: str) -> str:
        (tmp_path / "city.toml").write_text(text)
        with pytest.raises(CityFileIncomplete) as refused:
            read(tmp_path / "city.toml")
        return str(refused.value)

    return told


def without(name: str) -> str:
    text, count = re.subn(rf"(?ms)^{name} = .*?\n(?=\n|\w+ = |\[)", "", WHOLE, count=1)
    assert count
    return text


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("feedback_email", "accessibility.feedback_email"),
        ("phone", "contact.phone"),
        ("data_protection_officer_email", "privacy.data_protection_officer_email"),
    ],
)
def test_what_is_missing_is_named(refusal, name, place) -> None:
    assert refusal(without(name)).splitlines()[1:] == [f"  {place}: Field required"]


def test_a_text_that_is_missing_in_a_language_is_named(refusal) -> None:
    text = WHOLE.replace('sv = "Stadsstyrelsen i Lövsund"\n', "")
    assert refusal(text).splitlines()[1:] == ["  privacy.controller.sv: Field required"]


def test_a_name_alone_is_not_enough(refusal) -> None:
    told = refusal('name = "Koivuranta"\n')
    assert {"city_name", "contact", "accessibility", "privacy"} <= set(
        re.findall(r"^  (\w+):", told, re.MULTILINE)
    )


def test_no_city_claims_full_conformity_by_saying_nothing(refusal, tmp_path) -> None:
    silent, count = re.subn(r"\[accessibility\.shortcomings\]\n(.+\n)+", "", WHOLE)
    assert count == 1
    assert "fully_conformant" in refusal(silent)
    both = WHOLE.replace("[accessibility]\n", "[accessibility]\nfully_conformant = true\n")
    assert "fully_conformant" in refusal(both)
    (tmp_path / "city.toml").write_text(
        silent.replace("[accessibility]\n", "[accessibility]\nfully_conformant = true\n")
    )
    read(tmp_path / "city.toml")


def test_what_is_no_toml_or_is_not_there_is_told(refusal, tmp_path) -> None:
    assert "city.toml" in refusal("name = ")
    with pytest.raises(CityFileIncomplete, match="No such file"):
        read(tmp_path / "nowhere.toml")


async def test_nothing_starts_with_half_a_citys_file(own_url, tmp_path) -> None:
    (tmp_path / "city.toml").write_text('name = "Koivuranta"\n')
    for command in ("serve", "city"):
        done = puntari(tmp_path, command, DATABASE_URL=own_url, CITY_FILE=str(tmp_path / "city.toml"))
        assert done.returncode == 2
        assert "privacy: Field required" in done.stderr
        assert "Traceback" not in done.stderr
