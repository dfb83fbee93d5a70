"""Broken .pb files: each is refused with the line, the column and a sentence, and nothing else ever escapes."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.tally.pabulib import PabulibError, read

FIXTURES = Path(__file__).parent / "fixtures"

APPROVAL = (FIXTURES / "approval.pb").read_text()
CHOOSE_ONE = (FIXTURES / "choose_one.pb").read_text()
CUMULATIVE = (FIXTURES / "cumulative.pb").read_text()
ORDINAL = (FIXTURES / "ordinal.pb").read_text()

# What is broken: the content, the row (by how it begins) where it is said to be, the column, and words of the sentence.
BROKEN = {
    "empty": ("", "", "1", "The file is empty."),
    "only blanks": (" \n\n", " ", "1", "The file is empty."),
    "no META": ("key;value\n" + APPROVAL, "key", "1", "does not begin with the section META"),
    "unknown section": (
        APPROVAL.replace("VOTES", "VOTERS"),
        "VOTERS",
        "1",
        "no section VOTERS in this format",
    ),
    "section twice": (APPROVAL + "Votes\n", "Votes", "1", "The section VOTES is there twice."),
    "sections out of order": (
        APPROVAL.replace("PROJECTS", "VOTES"),
        "VOTES",
        "1",
        "VOTES comes before the section PROJ",
    ),
    "section missing": (APPROVAL[: APPROVAL.index("VOTES")], "5;5", "1", "The section VOTES is missing."),
    "section without header": (
        APPROVAL[: APPROVAL.index("voter_id")],
        "VOTES",
        "1",
        "The section VOTES is missing.",
    ),
    "header of META missing": (
        APPROVAL.replace("key;value\n", ""),
        "description",
        "key",
        "META has no column key.",
    ),
    "cost column missing": (
        APPROVAL.replace(";cost;", ";price;"),
        "project_id",
        "cost",
        "PROJECTS has no column cost.",
    ),
    "vote column missing": (
        APPROVAL.replace("voter_id;vote", "voter_id"),
        "voter_id",
        "vote",
        "has no column vote.",
    ),
    "column twice": (
        APPROVAL.replace("cost;votes", "cost;cost"),
        "project_id",
        "3",
        "The column cost is there twice.",
    ),
    "row too long": (
        APPROVAL.replace("Bird boxes", "Bird; boxes"),
        "4;10",
        "5",
        "more values than the section has col",
    ),
    "key twice": (APPROVAL.replace("rule;", "unit;"), "unit;greedy", "unit", "The key unit is there twice."),
    "projects": (
        APPROVAL.replace("projects;5", "projects;6"),
        "num_projects",
        "num_projects",
        "says 6 but has 5",
    ),
    "votes": (APPROVAL.replace("num_votes;6", "num_votes;7"), "num_votes", "num_votes", "says 7 but has 6"),
    "half a vote": (
        APPROVAL.replace("num_votes;6", "num_votes;6.5"),
        "num_votes",
        "num_votes",
        "not a whole number",
    ),
    "cut off": (APPROVAL[:-4], "num_votes", "num_votes", "The file says 6 but has 5."),
    "vote type": (
        APPROVAL.replace("type;approval", "type;borda"),
        "vote_type",
        "vote_type",
        "“borda” is not a vote",
    ),
    "no room": (APPROVAL.replace("length;3", "length;0"), "max_length", "max_length", "room for a project"),
    "limit": (APPROVAL.replace("length;3", "length;many"), "max_length", "max_length", "is not a number"),
    "project twice": (
        APPROVAL.replace("3;40", "2;40"),
        "2;40",
        "project_id",
        "The project 2 is there twice.",
    ),
    "project without id": (APPROVAL.replace("3;40", ";40"), ";40", "project_id", "The value is missing."),
    "comma in id": (APPROVAL.replace("3;40", "3,4;40"), "3,4;40", "project_id", "cannot have a comma"),
    "voter twice": (APPROVAL.replace("6;4", "5;4"), "5;4", "voter_id", "The voter 5 is there twice."),
    "voter without id": (APPROVAL.replace("6;4", ";4"), ";4", "voter_id", "The value is missing."),
    "unknown project": (APPROVAL.replace("6;4", "6;4,44"), "6;4", "vote", "does not exist: “44”"),
    "comma at the end": (APPROVAL.replace("6;4", "6;4,"), "6;4", "vote", "does not exist: “”"),
    "over max_length": (
        APPROVAL.replace("6;4", "6;1,2,3,4"),
        "6;1",
        "vote",
        "names 4 projects; at most 3 are allowed",
    ),
    "two in choose-1": (CHOOSE_ONE.replace("v5;c", "v5;c,a"), "v5", "vote", "names 2 projects; at most 1"),
    "ranks": (ORDINAL.replace("1;a,b,c", "1;a,b,c,d"), "1;a", "vote", "names 4 projects; at most 3"),
    "no points": (
        CUMULATIVE.replace(";points", ";extra"),
        "voter_id",
        "points",
        "type cumulative need the column poin",
    ),
    "fewer points": (
        CUMULATIVE.replace("9,1", "9"),
        "1;a,c",
        "points",
        "names 2 projects, but points are given to 1.",
    ),
    "points without vote": (
        CUMULATIVE.replace("3;b;4", "3;;4"),
        "3;;4",
        "points",
        "names 0 projects, but points",
    ),
    "points not a number": (CUMULATIVE.replace("9,1", "9,x"), "1;a,c", "points", "“x” is not a number"),
    "points negative": (CUMULATIVE.replace("9,1", "9,-1"), "1;a,c", "points", "-1 is negative."),
    "NUL": (APPROVAL.replace("Bird", "Bi\0rd"), "4;10", "10", "There is a NUL character"),
    "quote not closed": (
        APPROVAL.replace("Library", '"Library'),
        "2;50",
        "4",
        "A quotation mark is not closed.",
    ),
    "a very long value": (APPROVAL.replace("Library", "L" * 200_000), "2;50", "1", "A value is too long."),
}


def line_of(content, row):
    return 1 + next(number for number, text in enumerate(content.split("\n")) if text.startswith(row))


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_line_column_and_sentence(case):
    content, row, column, sentence = BROKEN[case]
    line = line_of(content, row)
    with pytest.raises(PabulibError) as refused:
        read(content.encode())
    finding = refused.value.finding
    assert (finding.line, finding.column) == (line, column)
    assert sentence in finding.sentence
    assert str(refused.value) == f"Line {line}, column {column}: {finding.sentence}"


@pytest.mark.parametrize("key", ["num_projects", "num_votes", "budget", "vote_type"])
def test_without_a_key_that_the_count_needs_the_file_is_refused(key):
    content = "".join(row for row in APPROVAL.splitlines(keepends=True) if not row.startswith(key))
    with pytest.raises(PabulibError, match=rf"Line 1, column {key}: The section META has no key {key}\."):
        read(content.encode())


@pytest.mark.parametrize(
    ("money", "sentence"),
    [
        ("", "The value is missing."),
        ("None", "The value is missing."),
        ("NaN", "“NaN” is not a number."),
        ("inf", "“inf” is not a number."),
        ("-50", "-50 is negative."),
        ("−50", "−50 is negative."),
        ("5e1", "“5e1” is not a number."),
        ("0x32", "“0x32” is not a number."),
        ("५०", "“५०” is not a number."),
        ("50,00", "“50,00” is not a number."),
        ("1 000", "“1 000” is not a number."),
        ("about fifty euros, perhaps a few euros less", "“about fifty euros, perhaps a few euros …” is not"),
        ("1000000000000", "1000000000000 is too large."),
        ("1" * 5000, "… is too large."),
        ("0." + "1" * 21, "has too many decimals."),
    ],
)
@pytest.mark.parametrize(
    ("before", "sound", "column"), [("budget;", "100", "budget"), ("2;", "50;3", "cost")]
)
def test_what_is_no_amount_of_money_is_refused(before, sound, column, money, sentence):
    content = APPROVAL.replace(f"\n{before}{sound}", f"\n{before}{money}{sound.lstrip('1250')}")
    with pytest.raises(PabulibError) as refused:
        read(content.encode())
    line = line_of(content, f"{before}{money}")
    assert (refused.value.finding.line, refused.value.finding.column) == (line, column)
    assert sentence in refused.value.finding.sentence


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_is_not_utf_8_is_refused_where_it_stands(mark):
    content = mark + APPROVAL.encode().replace(b"Bird", b"Bi\xe4rd")
    with pytest.raises(PabulibError, match=r"Line 20, column 10: This is not text in UTF-8\."):
        read(content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_refused(encoding):
    with pytest.raises(PabulibError, match=r"Line 1, column 1: This is not text in UTF-8\."):
        read(APPROVAL.encode(encoding))


def test_a_sentence_is_kept_apart_from_its_parameters_for_the_translator():
    with pytest.raises(PabulibError) as refused:
        read(APPROVAL.replace("6;4", "6;44").encode())
    assert refused.value.finding.message == "The vote names a project that does not exist: “%(project)s”."
    assert refused.value.finding.parameters == {"project": "44"}


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else_escapes(content):
    with pytest.raises(PabulibError):
        read(content)


@pytest.mark.parametrize("text", [APPROVAL, CHOOSE_ONE, CUMULATIVE, ORDINAL])
def test_a_file_damaged_anywhere_is_read_or_refused_and_nothing_else_escapes(text):
    damage = random.Random(2027)
    refused = 0
    for _ in range(1500):
        content = bytearray(text.encode())
        start = damage.randrange(len(content))
        junk = damage.choice(
            [b"", b";", b'"', b"\n", b"\0", b"\xff", b",", b"-", b"9" * 30, b"META\n", b"%(x)s"]
        )
        content[start : start + damage.randrange(4)] = junk
        found = finding(bytes(content))
        if found:
            refused += 1
            assert 1 <= found.line <= content.count(b"\n") + 1
            assert found.sentence
    assert refused > 500


def finding(content):
    try:
        read(content)
    except PabulibError as error:
        return error.finding
    return None
