"""The demo city's words and figures, read for the tests."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import service

Table = dict[str, Any]

STORY = Path(service.__file__).parent / "demo" / "story"
LANGUAGES = {"fi", "sv", "en"}
WHOLE_CITY = "whole_city"


def load(path: str) -> Table:
    return tomllib.loads((STORY / path).read_text())


def load_all(folder: str) -> list[Table]:
    return [tomllib.loads(file.read_text()) for file in sorted((STORY / folder).glob("*.toml"))]


CITY = load("city.toml")
PEOPLE = load("people.toml")
PROCESSES = {process["key"]: process for process in load_all("processes")}
PROPOSALS = {
    proposal["key"]: proposal | {"process": round_["process"]}
    for round_ in load_all("proposals")
    for proposal in round_["proposal"]
}
COMMENTS = load("comments.toml")["comment"]
RULINGS = {ruling["key"]: ruling for ruling in load("rulings.toml")["ruling"]}
MILESTONES = load("milestones.toml")["milestone"]
VOTES = {vote["process"]: vote for vote in load("votes.toml")["vote"]}

RESIDENTS = {person["key"]: person for person in PEOPLE["resident"]}
ORGANISATIONS = {one["key"]: one for one in PEOPLE["association"] + PEOPLE["company"]}
STAFF = {person["key"]: person for person in PEOPLE["staff"]}
AREAS = {area["key"]: area for area in CITY["area"]}
CATEGORIES = {category["key"] for category in CITY["category"]}


def role(key: str) -> str:
    return str(STAFF[key]["role"])


def on_ballot(process: str) -> list[Table]:
    return [
        proposal
        for proposal in PROPOSALS.values()
        if proposal["process"] == process and proposal.get("evaluation", {}).get("feasibility") == "feasible"
    ]


def pots(process: str) -> dict[str, int]:
    budget = PROCESSES[process]["budget"]
    return budget.get("areas", {}) | {key: budget[key] for key in (WHOLE_CITY,) if key in budget}


def may(process: str, activity: str, day: int) -> bool:
    return any(
        activity in one["activities"] and one["opens"]["day"] <= day <= one["closes"]["day"]
        for one in PROCESSES[process]["phase"]
    )


def published_on(proposal: Table) -> int | None:
    """The day the public first sees it; without events the day after it was submitted."""
    if proposal.get("stays"):
        return None
    if proposal.get("merged_from"):
        return int(proposal["day"])
    events = proposal.get("event", [])
    shown = [event["day"] for event in events if event["event"] in {"published", "overturned"}]
    if shown:
        return int(shown[0])
    held = {"returned", "not_published"} & {event["event"] for event in events}
    return None if held else int(proposal["day"]) + 1


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
