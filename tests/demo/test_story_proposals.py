"""What the demo city's people write and what happens to it: complete, in order, pointing at what exists."""

import re
from collections import Counter

from tests.demo.story import (
    AREAS,
    CATEGORIES,
    COMMENTS,
    LANGUAGES,
    MILESTONES,
    ORGANISATIONS,
    PROPOSALS,
    RESIDENTS,
    RULINGS,
    WHOLE_CITY,
    load_all,
    may,
    on_ballot,
    pots,
    published_on,
    role,
)

LAST_EVENT_BEFORE = {
    "published": {None, "resubmitted"},
    "returned": {None, "resubmitted"},
    "resubmitted": {"returned"},
    "not_published": {None, "resubmitted"},
    "appealed": {"not_published"},
    "overturned": {"appealed"},
    "edited": {None, "published", "overturned"},
    "withdrawn": {None, "published"},
    "merged": {None, "published"},
}


def test_there_is_enough_to_read():
    proposals = Counter(proposal["process"] for proposal in PROPOSALS.values())
    evaluated = [p for p in PROPOSALS.values() if p.get("evaluation", {}).get("reason")]
    assert proposals["oma-ehdotukset"] >= 30
    assert len([p for p in evaluated if p["process"] == "nuorten"]) >= 15
    assert len(on_ballot("oma-aanestys")) == 26
    assert len(on_ballot("satamapuisto")) == 8
    assert len(on_ballot("liikkuva")) == 20
    assert len(on_ballot("oma-toteutus")) == 14
    assert len(COMMENTS) >= 80
    languages = Counter(proposal["language"] for proposal in PROPOSALS.values())
    assert languages["sv"] >= 0.25 * len(PROPOSALS)
    assert languages["fi"] >= 0.6 * len(PROPOSALS)


def test_proposals_say_enough_and_point_at_what_exists():
    ideas = list(PROPOSALS.values())
    assert len(ideas) == sum(len(round_["proposal"]) for round_ in load_all("proposals"))
    for idea in ideas:
        for words in [idea, *(event for event in idea.get("event", []) if event["event"] == "edited")]:
            assert 5 <= len(words.get("title", idea["title"])) <= 120, idea["key"]
            assert 60 <= len(words["text"].split()) <= 250, idea["key"]
        assert idea["author"] in RESIDENTS.keys() | ORGANISATIONS.keys()
        assert set(idea.get("coauthors", [])) <= RESIDENTS.keys() - {idea["author"]}
        assert idea["area"] in AREAS.keys() | {WHOLE_CITY}
        assert idea["category"] in CATEGORIES
        assert idea["language"] in LANGUAGES
        assert 0 <= idea["supports"] <= len(RESIDENTS) - 1 - len(idea.get("coauthors", []))
        if "latitude" in idea:
            assert abs(idea["latitude"] - 60.55) < 0.06
            assert abs(idea["longitude"] - 27.05) < 0.06
    assert len({idea["title"] for idea in ideas}) == len(ideas)


def test_pictures_have_an_alternative_in_words_and_things_to_draw():
    pictures = [owner["picture"] for owner in [*PROPOSALS.values(), *MILESTONES] if "picture" in owner]
    assert len(pictures) >= 30
    for picture in pictures:
        assert 20 <= len(picture["alt"]) <= 200
        assert 2 <= len(set(picture["scene"])) == len(picture["scene"]) <= 6
        assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", thing) for thing in picture["scene"])


def test_proposals_are_made_while_proposing_is_open():
    for idea in PROPOSALS.values():
        activity = "evaluate" if idea.get("merged_from") else "propose"
        assert may(idea["process"], activity, idea["day"]), idea["key"]
        assert idea["day"] <= 0


def test_what_happens_to_a_proposal_happens_in_order():
    for idea in PROPOSALS.values():
        last, day = None, idea["day"]
        for event in idea.get("event", []):
            assert last in LAST_EVENT_BEFORE[event["event"]], idea["key"]
            assert day <= event["day"] <= 0, idea["key"]
            if "ruling" in event:
                assert event["event"] in RULINGS[event["ruling"]]["acts"], idea["key"]
                assert event["reason"]
            if event["event"] in {"published", "returned", "not_published", "overturned"}:
                assert role(event["by"]) == "moderator"
            if event["event"] == "returned":
                assert event["removed"] not in idea["text"]
            if event["event"] == "merged":
                assert idea["key"] in PROPOSALS[event["into"]]["merged_from"]
                assert role(event["by"]) == "editor"
            last, day = event["event"], event["day"]
        refusals = [event["by"] for event in idea.get("event", []) if event["event"] == "not_published"]
        second = [event["by"] for event in idea.get("event", []) if event["event"] == "overturned"]
        assert not set(refusals) & set(second), "an appeal goes to another moderator"


def test_every_fate_is_told():
    fates = Counter(event["event"] for idea in PROPOSALS.values() for event in idea.get("event", []))
    assert fates["returned"] == fates["resubmitted"] >= 3
    assert fates["not_published"] >= 2
    assert fates["appealed"] == fates["overturned"] >= 1
    assert fates["withdrawn"] >= 1
    assert fates["merged"] == 2
    assert fates["edited"] >= 5
    assert Counter(idea.get("stays") for idea in PROPOSALS.values())["draft"] >= 1


def test_evaluations_are_sound():
    for idea in PROPOSALS.values():
        if "evaluation" not in idea:
            continue
        evaluation, process = idea["evaluation"], idea["process"]
        assert role(evaluation["evaluator"]) == "evaluator"
        assert may(process, "evaluate", evaluation["day"]), idea["key"]
        if evaluation["feasibility"] == "undecided":
            assert not evaluation.keys() & {"reason", "cost_low", "cost_high"}
            continue
        assert 0 < evaluation["cost_low"] <= evaluation["cost_high"]
        assert evaluation["maintenance"] >= 0
        if evaluation["feasibility"] == "feasible":
            assert evaluation["cost_high"] <= pots(process)[idea["area"]], idea["key"]
        else:
            assert evaluation["feasibility"] == "not_feasible"


def test_comments_answer_what_was_written_before_them():
    keyed = {comment["key"]: comment for comment in COMMENTS if "key" in comment}
    assert len(keyed) == sum("key" in comment for comment in COMMENTS)
    for comment in COMMENTS:
        idea = PROPOSALS[comment["proposal"]]
        seen = published_on(idea)
        assert comment["author"] in RESIDENTS.keys() | ORGANISATIONS.keys()
        assert may(idea["process"], "comment", comment["day"]), comment["text"]
        assert seen is not None, comment["text"]
        assert seen <= comment["day"] <= 0, comment["text"]
        parent = keyed.get(comment.get("reply_to", ""))
        assert (parent is None) == ("reply_to" not in comment)
        if parent:
            assert parent["proposal"] == comment["proposal"]
            assert parent["day"] <= comment["day"]
            grandparent = keyed.get(parent.get("reply_to", ""), {})
            assert "reply_to" not in grandparent, "at most two levels of answers"


def test_two_reports_have_been_ruled_on_and_one_waits():
    reports = [comment["report"] | {"written": comment["day"]} for comment in COMMENTS if "report" in comment]
    waiting = [report for report in reports if "outcome" not in report]
    assert all(report["by"] in RESIDENTS and report["written"] <= report["day"] <= 0 for report in reports)
    assert len(waiting) == 1
    ruled = [report for report in reports if report not in waiting]
    assert sorted(report["outcome"]["event"] for report in ruled) == ["hidden", "kept"]
    for report in ruled:
        outcome = report["outcome"]
        assert role(outcome["by"]) == "moderator"
        assert outcome["event"] in RULINGS[outcome["ruling"]]["acts"]
        assert report["written"] <= report["day"] <= outcome["day"]
