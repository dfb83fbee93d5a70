"""Reading and writing .pb files: what is read, what is told as a note, what is written."""

from fractions import Fraction
from pathlib import Path

import pytest

from service.tally.ballots import Ballot, Election, Project, VoteType, approving, giving
from service.tally.pabulib import Document, Finding, read, write

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(name):
    return (FIXTURES / f"{name}.pb").read_bytes()


def test_a_file_is_read_into_projects_ballots_and_words():
    document = read(fixture("approval"))
    assert document.election == Election(
        projects=(
            Project("1", 6000),
            Project("2", 5000),
            Project("3", 4000),
            Project("4", 1000),
            Project("5", 500),
        ),
        budget=10000,
        vote_type=VoteType.APPROVAL,
        ballots={Ballot(b): 1 for b in (("1", "2"), ("1", "2", "3"), ("1", "3"), ("1",), ("2", "3"), ("4",))},
        max_length=3,
        decimals=2,
    )
    assert document.meta["unit"] == "Koivuranta"
    assert "budget" not in document.meta
    assert document.details["2"] == {"name": "Library boat"}
    assert document.notes == ()


def test_what_real_files_do_is_survived():
    document = read(fixture("irregular"))
    assert document.election == Election(
        projects=(Project("K-1", 400_000), Project("K-2", 600_505), Project("K-3", 500)),
        budget=1_000_500,
        vote_type=VoteType.APPROVAL,
        ballots={approving(["K-1", "K-2"]): 1, approving(["K-3"]): 1, approving(["K-2"]): 1},
        max_length=3,
        decimals=3,
    )
    assert document.meta["description"] == 'A "quoted" text; with a semicolon'
    assert document.meta["weather"] == "sunny"
    assert "max_sum_cost" not in document.meta
    assert document.details["K-1"] == {
        "name": "Two\r\nlines",
        "beneficiaries": "children,youth",
        "planet": "Earth",
    }
    assert document.details["K-2"] == {"name": "Odkupmy i my"}
    assert "K-3" not in document.details
    assert [(note.line, note.column, note.parameters) for note in document.notes] == [
        (27, "vote", {"count": 1})
    ]


@pytest.mark.parametrize("name", ["approval", "choose_one", "cumulative", "ordinal", "irregular"])
def test_each_fixture_reads_back_equal_in_whatever_line_ends(name):
    document = read(fixture(name))
    written = write(document)
    assert read(written) == document
    assert read(written.replace(b"\r\n", b"\n").rstrip()).election == document.election
    assert read(fixture(name).replace(b"\r\n", b"\n").replace(b"\n", b"\r")).election == document.election


def test_points_keep_their_exact_value():
    document = read(fixture("cumulative"))
    assert document.election.ballots[giving([("b", 5), ("c", Fraction(9, 2))])] == 1
    assert b'"b,c";"5,4.5"' not in write(document)
    assert b"b,c;5,4.5\r\n" in write(document)


def test_the_written_file_tells_nothing_of_voters_or_of_when_they_voted():
    document = read(fixture("irregular"))
    written = write(document).decode()
    votes = written[written.index("VOTES") :].splitlines()
    assert votes == ["VOTES", "voter_id;vote", "1;K-1,K-2", "2;K-2", "3;K-3"]
    rows = fixture("approval").decode().splitlines(keepends=True)
    at = rows.index("VOTES\n") + 2
    turned = "".join(rows[:at] + [f"{n};{row.split(';')[1]}" for n, row in enumerate(reversed(rows[at:]))])
    assert write(read(turned.encode())) == write(read(fixture("approval")))


def test_the_written_file_has_votes_and_scores_counted_and_exact_money():
    written = write(read(fixture("ordinal"))).decode()
    assert "project_id;cost;votes;score\r\na;40;3;7\r\nb;40;2;5\r\n" in written
    assert "\r\nmax_length;3\r\n" in written
    election = Election((Project("a", 77631403), Project("b", 50)), 100_00, VoteType.APPROVAL, {})
    written = write(Document(election)).decode()
    assert "a;776314.03;0\r\nb;0.5;0\r\n" in written
    assert "budget;100\r\n" in written


@pytest.mark.parametrize("project", ["", "a,b", " a"])
def test_an_id_that_the_format_cannot_hold_is_not_written(project):
    with pytest.raises(ValueError, match="cannot hold"):
        write(Document(Election((Project(project, 1),), 1, VoteType.APPROVAL, {})))


def test_reading_tells_how_far_it_is():
    projects = (Project("a", 1),)
    election = Election(projects, 1, VoteType.APPROVAL, {approving("a"): 2100, approving(""): 400})
    told = []
    read(write(Document(election)), lambda done, total: told.append((done, total)))
    assert told == [(0, 2500), (1000, 2500), (2000, 2500), (2500, 2500)]


CUMULATIVE = fixture("cumulative").decode()
APPROVAL = fixture("approval").decode()
ORDINAL = fixture("ordinal").decode()


@pytest.mark.parametrize(
    ("content", "row", "column", "sentence"),
    [
        (
            APPROVAL.replace("2;1,2,3", "2;1,2,2"),
            "2;1,2,2",
            "vote",
            "Ballots that name a project more than once: 1. ",
        ),
        (APPROVAL.replace("6;4", "6;"), "6;", "vote", "Ballots that name no project: 1."),
        (
            APPROVAL.replace("max_", "min_"),
            "1;1,2",
            "vote",
            "Ballots with fewer projects than min_length: 5.",
        ),
        (
            APPROVAL.replace("max_length;3", "max_sum_cost;99.5"),
            "1;1,2",
            "vote",
            "Ballots whose projects cost more",
        ),
        (CUMULATIVE.replace("4.5", "5.5"), "2;b,c", "vote", "Ballots with more points than allowed: 1."),
        (
            CUMULATIVE.replace("sum_points;10", "points;8"),
            "1;a,c",
            "vote",
            "Ballots with more points than allowed: 1.",
        ),
        (APPROVAL.replace("unit;", "town;"), "META", "unit", "The section META should have the key unit."),
        (
            ORDINAL.replace("max_length;3\n", ""),
            "META",
            "max_length",
            "Without max_length, a first place is worth",
        ),
        (
            CUMULATIVE.replace("cumulative", "scoring").replace("max_sum_points;10", "default_score;1"),
            *("default_score", "default_score", "Projects that a ballot leaves out get no points"),
        ),
        (APPROVAL.replace("4;10;1", "4;0;1"), "4;0", "cost", "Projects that cost nothing: 1."),
        (
            APPROVAL.replace("2;50;3", "2;50;four"),
            "2;50",
            "votes",
            "Projects where the file states another number",
        ),
        (
            CUMULATIVE.replace("a;80;1;9", "a;80;1;8"),
            "a;80",
            "score",
            "Projects where the file states another number",
        ),
    ],
)
def test_what_breaks_only_the_files_own_promises_is_counted_and_told(content, row, column, sentence):
    line = 1 + next(number for number, text in enumerate(content.split("\n")) if text.startswith(row))
    told = [
        (note.line, note.column)
        for note in read(content.encode()).notes
        if note.sentence.startswith(sentence)
    ]
    assert told == [(line, column)]


def test_a_note_counts_every_voter_with_the_same_ballot():
    content = APPROVAL.replace("4;1\n", "4;2,2\n").replace("1;1,2\n", "1;2,2\n")
    told = {note.message: note.parameters for note in read(content.encode()).notes if note.column == "vote"}
    assert list(told.values()) == [{"count": 2}]


def test_a_finding_says_where_and_what():
    finding = Finding(3, "cost", "%(value)s is too large.", {"value": "9"})
    assert str(finding) == "Line 3, column cost: 9 is too large."
