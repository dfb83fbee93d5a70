"""The real elections of Pabulib: read, written, read again, counted, and held against what the cities decided.

They carry no licence, so they are found by ELECTIONS and are no part of the project. Cite Faliszewski et al., "Participatory
Budgeting: Data, Tools, and Analysis" (IJCAI 2023). oracle.jsonl beside them holds winners by pabutools.
"""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from service.tally.greedy import count
from service.tally.outcome import Outcome
from service.tally.pabulib import read, write
from service.tally.ties import Step

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("ELECTIONS", ROOT.parent / "shared" / "data" / "pabulib"))

# The city took the dearer of two projects on a tie, by no written rule.
EXCEPTION = "Poland_Warszawa_2019_Targowek_Mieszkaniowy.pb"


@dataclass
class Counted:
    """`official` are the projects the file flags as selected, None where it flags none."""

    rule: str
    reads_back_equal: bool
    outcome: Outcome
    official: set[str] | None

    @property
    def decided_by_a_tie(self):
        return any(tie.decisive for tie in self.outcome.ties)


@pytest.fixture(scope="module")
def elections():
    """Every file by name. Ballots are let go at once, so that all of them never stand in memory together."""
    if not FOLDER.is_dir():
        message = f"The real elections are not at {FOLDER}; set ELECTIONS to their folder."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return {path.name: counted(path) for path in sorted(FOLDER.glob("*.pb"))}


def counted(path):
    document = read(path.read_bytes())
    again = read(write(document))
    outcome = count(document.election)
    selected = {
        project for project, details in document.details.items() if details.get("selected", "0") != "0"
    }
    flagged = any("selected" in details for details in document.details.values())
    return Counted(
        rule=document.meta["rule"],
        reads_back_equal=again == document and again.election.projects == document.election.projects,
        outcome=replace(outcome, election=replace(outcome.election, ballots={})),
        official=selected if flagged else None,
    )


def tell(capsys, sentence):
    with capsys.disabled():
        print(f"\n  {sentence}")  # noqa: T201 - how much was compared is part of the proof


def test_every_real_election_is_read_and_reads_back_equal(elections, capsys):
    unequal = [name for name, election in elections.items() if not election.reads_back_equal]
    tell(
        capsys,
        f"Real elections read, written and read back equal: {len(elections) - len(unequal)} of {len(elections)}",
    )
    assert elections
    assert unequal == []


def test_the_winners_are_those_the_cities_published(elections, capsys):
    greedy = {name: election for name, election in elections.items() if election.rule == "greedy"}
    flagged = {name: election for name, election in greedy.items() if election.official is not None}
    other = [name for name, election in flagged.items() if set(election.outcome.winners) != election.official]
    tell(
        capsys,
        f"Real elections by greedy: {len(greedy)}; with official winners: {len(flagged)}; same winners: "
        f"{len(flagged) - len(other)}; other: {', '.join(other) or 'none'}",
    )
    assert flagged
    assert other == [EXCEPTION] * (EXCEPTION in flagged)


def test_the_exception_turns_on_a_tie_that_the_written_order_decides(elections):
    if EXCEPTION not in elections:
        pytest.skip(f"{EXCEPTION} is not among the elections.")
    election = elections[EXCEPTION]
    assert [tie.step for tie in election.outcome.ties if tie.decisive] == [Step.COST]
    assert len(set(election.outcome.winners) ^ election.official) == 4


def test_winners_and_their_order_are_those_of_an_independent_implementation(elections, capsys):
    """pabutools calls it greedy by cost satisfaction; its ties go by project id, so ties that decide are left out."""
    oracle = FOLDER / "oracle.jsonl"
    if not oracle.is_file():
        pytest.skip(f"There is no {oracle}.")
    theirs = {
        line["file"]: line.get("greedy_cost") for line in map(json.loads, oracle.read_text().splitlines())
    }
    compared = [name for name, winners in theirs.items() if winners is not None and name in elections]
    tied = [name for name in compared if elections[name].decided_by_a_tie]
    untied = [name for name in compared if name not in tied]
    other = [name for name in untied if set(elections[name].outcome.winners) != set(theirs[name])]
    no_ties = [name for name in untied if not elections[name].outcome.ties]
    reordered = [name for name in no_ties if list(elections[name].outcome.winners) != theirs[name]]
    tell(
        capsys,
        f"Winners compared with pabutools: {len(untied)} (in order: {len(no_ties)}); left out as a tie decided: "
        f"{len(tied)}; other winners: {len(other)}; other order: {len(reordered)}",
    )
    assert untied
    assert other == []
    assert reordered == []
