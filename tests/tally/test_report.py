"""The JSON object of a count."""

import json
from pathlib import Path

import pytest

from service.tally.ballots import Election, Project, VoteType, approving
from service.tally.greedy import count
from service.tally.pabulib import read
from service.tally.report import report, report_by_area
from service.tally.rules import RULES

FIXTURES = Path(__file__).parent / "fixtures"

WINNERS = {
    "approval": ["1", "3"],
    "choose_one": ["a", "c"],
    "cumulative": ["b", "c"],
    "ordinal": ["a", "c"],
    "irregular": ["K-2", "K-3"],
}


@pytest.mark.parametrize("name", WINNERS)
def test_the_winners_of_each_fixture_stand_in_order_of_decision(name):
    document = read((FIXTURES / f"{name}.pb").read_bytes())
    printed = json.loads(json.dumps(report(RULES["greedy"](document.election, None))))
    assert printed["rule"] == "greedy"
    assert printed["winners"] == WINNERS[name]
    assert list(printed["reasons"]) == [project.id for project in document.election.projects]


def test_the_object_has_everything_a_page_needs_in_numbers_and_codes():
    printed = report(count(read((FIXTURES / "approval.pb").read_bytes()).election, seed="s"))
    assert printed["budget"] == 100
    assert printed["spent"] == 100
    assert printed["voters"] == 6
    assert printed["lot_seed"] == "s"
    assert printed["ties"] == [{"projects": ["3", "2"], "score": 3, "step": "cost", "decisive": False}]
    assert printed["reasons"]["1"] == {
        "verdict": "won", "votes": 4, "score": 4, "cost": 60, "money_left": 100,
        "extra_votes": None, "fits_at": None, "displaced_by": None,
    }  # fmt: skip
    assert printed["reasons"]["2"] == {
        "verdict": "did_not_fit", "votes": 3, "score": 3, "cost": 50, "money_left": 0,
        "extra_votes": 1, "fits_at": 40, "displaced_by": "1",
    }  # fmt: skip
    assert printed["reasons"]["5"]["verdict"] == "no_votes"


def test_points_are_asked_for_where_points_are_the_score():
    printed = report(count(read((FIXTURES / "cumulative.pb").read_bytes()).election))
    assert printed["reasons"]["a"]["extra_points"] == 1
    assert printed["reasons"]["c"]["score"] == 5.5
    assert "extra_votes" not in printed["reasons"]["a"]


def test_amounts_are_printed_as_the_file_writes_them():
    election = Election((Project("a", 77631403),), 77631403, VoteType.APPROVAL, {approving("a"): 1})
    assert '"spent": 776314.03' in json.dumps(report(count(election)))
    whole = Election((Project("a", 100),), 500, VoteType.APPROVAL, {approving("a"): 1})
    assert '"budget": 5, "spent": 1,' in json.dumps(report(count(whole)))


def test_a_process_with_areas_prints_each_area_with_the_same_keys():
    outcome = count(read((FIXTURES / "approval.pb").read_bytes()).election)
    printed = report_by_area({"Itä": outcome, "Länsi": outcome})
    assert [area["area"] for area in printed["areas"]] == ["Itä", "Länsi"]
    assert printed["areas"][0] == {"area": "Itä", **report(outcome)}
