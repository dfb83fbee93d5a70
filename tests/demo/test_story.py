"""The demo city and its processes: whole in three languages, and one in each phase today."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.demo.story import (
    AREAS,
    CITY,
    COMMENTS,
    LANGUAGES,
    MILESTONES,
    ORGANISATIONS,
    PEOPLE,
    PROCESSES,
    PROPOSALS,
    RESIDENTS,
    RULINGS,
    STAFF,
    WHOLE_CITY,
    Table,
    pots,
    texts,
)

SAME_IN_TWO_LANGUAGES = {"Lehtosalmi", "Metsola"}


def localized(value: object) -> Iterator[Table]:
    """Every table that is one text in several languages."""
    if isinstance(value, list):
        for inner in value:
            yield from localized(inner)
    elif isinstance(value, dict):
        if value.keys() & LANGUAGES:
            yield value
        else:
            for inner in value.values():
                yield from localized(inner)


def city_texts() -> list[Table]:
    evaluations = [proposal.get("evaluation", {}) for proposal in PROPOSALS.values()]
    everything = [CITY, PEOPLE, *PROCESSES.values(), *RULINGS.values(), *MILESTONES, *evaluations]
    return list(localized(everything))


def test_the_city_says_everything_in_three_languages():
    for text in city_texts():
        assert text.keys() == LANGUAGES, text
        assert all(isinstance(words, str) and words.strip() for words in text.values()), text
        if text["fi"] not in SAME_IN_TWO_LANGUAGES and not text["fi"].startswith("http"):
            assert len(set(text.values())) == 3, text


def test_the_city_writes_numbers_money_and_times_without_a_break():
    broken = re.compile(r"\d [€%§]|(?:klo|kl\.) \d|(?<![\d ])(?!05)\d{1,3} \d{3}(?![\d ])|[\"']")
    for text in city_texts():
        for language in ("fi", "sv"):
            assert not broken.search(text[language]), text[language]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", r"mikäli|taholta|kyseinen|toimesta|aloite(?!t)|hylät|vaalit|voittaja|asukasbudjet|osallistav"),
        (
            "sv",
            r"beträffande|samt\b|erhålla|tjänsteman|fasen|medborgar|vinnare|yttrande|skatteintäkt|utvärdering",
        ),
    ],
    ids=["fi", "sv"],
)
def test_the_city_keeps_to_the_words_of_the_glossary(language: str, words: str):
    avoided = re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for text in city_texts():
        assert not avoided.search(text[language]), text[language]


def test_easy_language_has_short_lines():
    for process in PROCESSES.values():
        for words in process["plain_summary"].values():
            assert all(len(line.split()) <= 11 for line in words.splitlines()), words


def test_no_text_names_a_real_town():
    real = re.compile(
        r"\b(?:Helsin|Kotka|Hamina|Fredrikshamn|Loviisa|Lovisa|Porvoo|Borgå|Turku|Åbo|Espoo|Tallin)"
    )
    stories = [PEOPLE, *PROCESSES.values(), *PROPOSALS.values(), *COMMENTS, *MILESTONES, *RULINGS.values()]
    assert not [text for text in texts(stories) if real.search(text)]


def test_people_are_invented_and_can_be_told_apart():
    accounts = PEOPLE["resident"] + PEOPLE["staff"] + PEOPLE["council_member"]
    assert len({person["key"] for person in accounts}) == len(accounts)
    assert len({person["email"] for person in accounts}) == len(accounts)
    for person in accounts:
        assert re.fullmatch(r"\S+ \w\.", person["name"])
        assert re.fullmatch(r"[a-z.-]+@(?:posti|lehtosalmi)\.example", person["email"])
        assert person["language"] in LANGUAGES
    for person in RESIDENTS.values():
        assert person["area"] in AREAS
        assert 12 <= person["age"] <= 100
    assert all(one["representative"] in RESIDENTS for one in ORGANISATIONS.values())
    assert {m["group"] for m in PEOPLE["council_member"]} == {g["key"] for g in PEOPLE["council_group"]}
    assert Counter(person["role"] for person in STAFF.values()) == {
        "moderator": 2,
        "evaluator": 3,
        "editor": 1,
        "administrator": 1,
    }


def test_the_areas_together_are_the_city():
    assert sum(area["population"] for area in AREAS.values()) == CITY["population"]


def moment(point: Table) -> tuple[int, object]:
    return point["day"], point["time"]


def test_phases_follow_each_other():
    for process in PROCESSES.values():
        end = None
        for one in process["phase"]:
            assert moment(one["opens"]) < moment(one["closes"])
            assert end is None or end <= moment(one["opens"])
            end = moment(one["closes"])


def test_one_process_stands_in_each_phase_today():
    def today(process: Table) -> str:
        open_now = [p["key"] for p in process["phase"] if p["opens"]["day"] < 0 < p["closes"]["day"]]
        begun = [p["key"] for p in process["phase"] if p["opens"]["day"] < 0]
        return open_now[0] if open_now else f"after {begun[-1]}" if begun else "upcoming"

    assert {key: today(process) for key, process in PROCESSES.items()} == {
        "oma-ehdotukset": "proposing",
        "nuorten": "evaluating",
        "oma-aanestys": "voting",
        "satamapuisto": "voting",
        "liikkuva": "after counting",
        "oma-toteutus": "implementing",
        "kulttuuri": "upcoming",
        "talous": "balancing",
    }


def votes():
    """Without the round in which the budget is weighed: no money is shared in it and nothing is voted on."""
    return [(key, process) for key, process in PROCESSES.items() if key != "talous"]


def test_rules_of_the_vote_are_whole():
    for key, process in votes():
        assert process["slug"] == process["slug"].lower()
        assert (process["ballot_type"] == "approval") == ("max_choices" in process)
        assert (process["area_rule"] == "none") == ("areas" not in process["budget"])
        assert set(process["eligible"]) == (set(AREAS) if "areas" in process["budget"] else {WHOLE_CITY})
        assert all(
            not AREAS.get(area) or count < AREAS[area]["population"]
            for area, count in process["eligible"].items()
        )
        assert all(euros > 0 for euros in pots(key).values())


def test_moderators_reasons_fit_an_act():
    acts = {"published", "returned", "not_published", "overturned", "hidden", "kept"}
    for ruling in RULINGS.values():
        assert set(ruling["acts"]) <= acts
        assert {"title", "reason", "register"} <= ruling.keys()
