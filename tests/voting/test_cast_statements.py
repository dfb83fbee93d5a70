"""The bench's file holds the statements of a real cast, and the cast writes nothing but the box."""

import re
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.database import TestServer
from tests.voting.booth import Booth, booth

CAST_SQL = Path(__file__).parents[1] / "benchmarks" / "cast.sql"


def in_the_file() -> list[str]:
    """What pgbench sends for each cast: not the lines that give a client its values once."""
    lines = CAST_SQL.read_text().partition("\\endif\n")[2].splitlines()
    return [shape(line.rstrip(";")) for line in lines]


def shape(statement: str) -> str:
    """With every value the same, whether it is $1 or :pseudonym."""
    words = " ".join(statement.rstrip(";").split())
    return re.sub(r"\$\d+|(?<!:):[a-z_]+", "?", words)


async def heard(made: Booth) -> list[str]:
    """The statements of a cast, and what begins and ends its transaction, as they leave for the server."""
    voter = await made.voter()
    await voter.open()
    await voter.choose(1, 2)
    said: list[str] = []
    engine = made.instance.database.engine.sync_engine

    @event.listens_for(engine, "before_cursor_execute")
    def statement(_c: object, _cursor: object, words: str, *_rest: object) -> None:
        said.append(words)

    connection = await made.instance.database.engine.raw_connection()
    driver = connection.driver_connection
    driver.add_query_logger(lambda record: said.append(record.query))
    connection.close()
    await voter.cast(1, 2)
    event.remove(engine, "before_cursor_execute", statement)
    return [shape(words) for words in said]


@pytest.fixture
async def said(server: TestServer, tmp_path: Path) -> list[str]:
    async with booth(server, tmp_path / "keys") as made:
        return await heard(made)


async def test_the_benchmark_says_what_a_real_cast_says(said: list[str]) -> None:
    control = {"BEGIN", "COMMIT"}

    assert [words for words in said if words not in control] == [
        words for words in in_the_file() if words not in control
    ]
    assert sorted(words for words in said if words in control) == ["BEGIN", "COMMIT"]
    assert in_the_file()[0] == "BEGIN"
    assert in_the_file()[-1] == "COMMIT"


async def test_a_cast_writes_to_the_box_in_one_statement_and_nowhere_else(said: list[str]) -> None:
    writing = [words for words in said if not words.lower().startswith(("select", "begin", "commit"))]

    assert len(writing) == 1
    assert writing[0].startswith("insert into ballot_box")
    assert not [words for words in said if re.search(r"for (update|share|no key)|nextval|pg_notify", words)]
