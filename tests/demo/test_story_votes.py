"""The demo city's votes can be cast and give the story's winners; every winner has milestones."""

from collections import Counter

import pytest

from tests.demo.story import (
    AREAS,
    CITY,
    MILESTONES,
    PROCESSES,
    PROPOSALS,
    VOTES,
    WHOLE_CITY,
    Table,
    on_ballot,
    pots,
)


def greedy(process: str) -> list[str]:
    """Most votes first, then lower cost; what does not fit is passed over."""
    votes, winners = VOTES[process]["projects"], []
    for area, money in pots(process).items():
        left = money
        projects = [idea for idea in on_ballot(process) if idea["area"] == area]
        for idea in sorted(projects, key=lambda p: (-votes[p["key"]], p["evaluation"]["cost_high"])):
            if idea["evaluation"]["cost_high"] <= left:
                left -= idea["evaluation"]["cost_high"]
                winners.append(idea["key"])
    return winners


def test_every_vote_is_for_a_project_and_can_be_dealt():
    for key, vote in VOTES.items():
        process, projects = PROCESSES[key], {idea["key"]: idea for idea in on_ballot(key)}
        approval = process["ballot_type"] == "approval"
        assert (vote["projects"] if approval else vote["weight"]).keys() == projects.keys()
        assert all(vote["voters"][area] <= process["eligible"][area] for area in vote["voters"])
        if not approval:
            continue
        assert vote["voters"].keys() == AREAS.keys()
        for area in pots(key):
            voters = sum(vote["voters"].values()) if area == WHOLE_CITY else vote["voters"][area]
            counts = [vote["projects"][idea["key"]] for idea in projects.values() if idea["area"] == area]
            assert max(counts) <= voters, area
            assert sum(counts) <= process["max_choices"] * voters, area
            assert sum(counts) >= voters, "everyone has chosen something"


@pytest.mark.parametrize("process", ["liikkuva", "oma-toteutus"])
def test_the_count_gives_the_winners_of_the_story(process: str):
    assert sorted(greedy(process)) == sorted(VOTES[process]["expected"]["winners"])


def test_a_tie_is_decided_by_cost_and_a_cheaper_later_project_fits():
    vote = VOTES["liikkuva"]
    first, second = vote["expected"]["tied"]
    assert vote["projects"][first] == vote["projects"][second]
    assert PROPOSALS[first]["area"] == PROPOSALS[second]["area"]
    winners = set(greedy("liikkuva"))
    assert first in winners
    assert second not in winners
    skipped = PROPOSALS["kuntoportaat-myllyojalle"]
    later = PROPOSALS["valinelaatikot"]
    assert skipped["area"] == later["area"]
    assert vote["projects"][skipped["key"]] > vote["projects"][later["key"]]
    assert skipped["key"] not in winners
    assert later["key"] in winners


def phase(process: str, activity: str) -> Table:
    return next(one for one in PROCESSES[process]["phase"] if activity in one["activities"])


def test_milestones_tell_what_became_of_each_winner():
    winners = VOTES["oma-toteutus"]["expected"]["winners"]
    assert {milestone["project"] for milestone in MILESTONES} == set(winners)
    begun = phase("oma-toteutus", "implement")["opens"]["day"]
    for milestone in MILESTONES:
        start, end = milestone.get("actual_start"), milestone.get("actual_end")
        assert begun <= milestone["planned_start"] <= milestone["planned_end"]
        assert (start is not None) == (milestone["status"] in {"in_progress", "completed"})
        assert (end is not None) == (milestone["status"] == "completed")
        assert begun <= (start or 0) <= (end or 0) <= 0
        assert ("cancellation" in milestone) == (milestone["status"] == "cancelled")
        assert milestone["spent"] == 0 or start is not None
    for winner in winners:
        spent = sum(milestone["spent"] for milestone in MILESTONES if milestone["project"] == winner)
        assert spent <= PROPOSALS[winner]["evaluation"]["cost_high"], winner


def test_something_is_built_something_is_late_and_one_thing_was_cancelled():
    statuses = Counter(milestone["status"] for milestone in MILESTONES)
    assert statuses["cancelled"] == 1
    assert min(statuses["planned"], statuses["in_progress"], statuses["completed"]) >= 2
    assert sum("delay_reason" in milestone for milestone in MILESTONES) >= 3
    (cancelled,) = (m["cancellation"] for m in MILESTONES if m["status"] == "cancelled")
    assert cancelled["body"] in CITY["bodies"]
    assert cancelled["day"] < 0
    assert cancelled["section"] > 0
