"""`puntari import pabulib`, `export pabulib` and `tally`, as an operator types them."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from service.cli import app
from service.core.database import Database
from service.processes.models import Activity
from service.tally.greedy import count
from service.tally.pabulib import read
from service.tally.report import report
from tests import make
from tests.database import TestServer
from tests.live import PUNTARI

FIXTURES = Path(__file__).parents[1] / "tally" / "fixtures"
APPROVAL, ORDINAL, CUMULATIVE = (
    str(FIXTURES / f"{name}.pb") for name in ("approval", "ordinal", "cumulative")
)


@pytest.fixture(scope="module")
async def place(server: TestServer, tmp_path_factory):
    """A database and a key folder of one's own, as an operator has them."""
    async with server.copy() as url:
        yield {"DATABASE_URL": url, "KEY_FOLDER": str(tmp_path_factory.mktemp("keys"))}


def puntari(place, *arguments):
    """Run here, in a thread: a process of its own takes seconds to start."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(CliRunner(env=place).invoke, app, arguments).result()


def with_a_negative_budget(path):
    """Write such a file; the line that is wrong in it."""
    lines = Path(APPROVAL).read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("budget;"))
    lines[place] = lines[place].replace(";", ";-")
    Path(path).write_text("\n".join(lines))
    return place + 1


async def processes_in(place):
    database = Database(place["DATABASE_URL"])
    async with database.transaction(read_only=True) as session:
        found = (await session.exec(text("select count(*) from process"))).scalar_one()
    await database.close()
    return found


def test_a_file_is_counted_without_any_database(tmp_path):
    nowhere = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "VAR_FOLDER": str(tmp_path),
    }

    command = [PUNTARI, "tally", APPROVAL, "--rule", "greedy", "--json"]
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == json.loads(json.dumps(report(count(read(Path(APPROVAL).read_bytes()).election))))
    assert {"rule", "budget", "spent", "winners", "ties", "reasons"} <= set(told)
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tally", "{broken}", "--json"], "Line 8, column budget"),
        (["import", "pabulib", "{broken}"], "Line 8, column budget"),
        (["import", "pabulib", APPROVAL, "{broken}", "--slug", "two"], "Line 8, column budget"),
        (["tally", "no-such.pb", "--json"], "no-such.pb"),
        (["tally", APPROVAL, "--rule", "dice"], "greedy"),
        (["import", "pabulib", "no-such.pb"], "no-such.pb"),
        (["import", "pabulib", str(FIXTURES / "irregular.pb")], "finer than a cent"),
        (["import", "pabulib", APPROVAL, ORDINAL], "--area"),
        (["export", "pabulib", "no-such-process"], "no-such-process"),
        (["tally", "no-such-process"], "no-such-process"),
    ],
)
async def test_bad_input_is_told_and_nothing_is_imported(place, tmp_path, arguments, said):
    broken = str(tmp_path / "broken.pb")
    line = with_a_negative_budget(broken)
    before = await processes_in(place)

    done = puntari(place, *(part.format(broken=broken) for part in arguments))

    assert done.exit_code == 2, done.stderr
    assert said.replace("Line 8", f"Line {line}") in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert await processes_in(place) == before


def test_an_imported_election_is_exported_equal_and_counted_as_its_file(place, tmp_path):
    brought = puntari(
        place, "import", "pabulib", CUMULATIVE, "--slug", "points", "--title", "Points", "--json"
    )
    assert brought.exit_code == 0, brought.stderr
    told = json.loads(brought.stdout)
    assert (told["process"], told["address"]) == (
        "points",
        "http://127.0.0.1:8000/fi/processes/points/results",
    )
    assert brought.stderr == ""

    document = read(Path(CUMULATIVE).read_bytes())
    assert read(puntari(place, "export", "pabulib", "points").stdout_bytes) == document
    puntari(place, "export", "pabulib", "points", "-o", str(tmp_path / "points.pb"))
    assert read((tmp_path / "points.pb").read_bytes()) == document

    counted = json.loads(puntari(place, "tally", "points", "--json").stdout)
    of_file = json.loads(puntari(place, "tally", CUMULATIVE, "--json").stdout)
    assert {key: counted[key] for key in of_file} == of_file
    assert counted["process"] == "points"

    again = puntari(place, "import", "pabulib", CUMULATIVE, "--slug", "points")
    assert (again.exit_code, "points" in again.stderr) == (2, True)


def test_pots_come_from_and_go_to_files_of_their_own(place, tmp_path):
    puntari(
        place, "import", "pabulib", APPROVAL, ORDINAL, "--area", "Satama", "--area", "", "--slug", "pots",
    )  # fmt: skip

    refused = puntari(place, "export", "pabulib", "pots")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "satama" in refused.stderr
    puntari(place, "export", "pabulib", "pots", "-o", str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pots-city-wide.pb", "pots-satama.pb"]
    assert read((tmp_path / "pots-satama.pb").read_bytes()) == read(Path(APPROVAL).read_bytes())
    alone = puntari(place, "export", "pabulib", "pots", "--area", "city-wide")
    assert read(alone.stdout_bytes) == read(Path(ORDINAL).read_bytes())

    areas = json.loads(puntari(place, "tally", "pots", "--json").stdout)["areas"]
    assert [area["area"] for area in areas] == ["satama", "city-wide"]
    assert all({"rule", "budget", "spent", "winners", "ties", "reasons"} <= set(area) for area in areas)


async def test_an_open_vote_is_not_counted_and_not_exported(place):
    database = Database(place["DATABASE_URL"])
    async with database.transaction() as session:
        await make.process(session, slug="open", pots=[(None, 100_00)], open_to=[Activity.VOTE])
        early = await make.process(session, slug="early")
        await make.phase(session, early, [Activity.VOTE], opens_in=timedelta(days=1))
    await database.close()

    for slug in ("open", "early"):
        for command in (["tally", slug, "--json"], ["export", "pabulib", slug]):
            done = puntari(place, *command)
            assert (done.exit_code, done.stdout) == (3, ""), done.stderr
            assert done.stderr.strip()
