"""`puntari import budget` and `puntari import ktas`, as an operator types them."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.calculator import queries
from service.cli import app
from service.core.database import Database
from service.demo.story import FOLDER
from tests.calculator import small

BUDGET = FOLDER / "budget_2026.csv"
FIXTURES = Path(__file__).parent / "fixtures"
OPERATING_PART, KTAS = FIXTURES / "sample_budget_2026.csv", FIXTURES / "ktas_2026_hamina_heinola.csv"


@pytest.fixture
async def place(own_url, tmp_path):
    database = Database(own_url)
    async with database.transaction() as session:
        await small.calculator(session)
    yield {"DATABASE_URL": own_url, "KEY_FOLDER": str(tmp_path / "keys")}
    await database.close()


def puntari(place, *arguments):
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(CliRunner(env=place).invoke, app, [str(each) for each in arguments]).result()


async def drafted(place):
    database = Database(place["DATABASE_URL"])
    async with database.transaction(read_only=True) as session:
        calculator = await queries.find(session, "balance")
    await database.close()
    return queries.draft(calculator)


async def test_a_budget_becomes_a_calculators_starting_point_and_its_choices_stay(place):
    told = puntari(place, "import", "budget", BUDGET, "--calculator", "balance", "--json")
    assert told.exit_code == 0, told.output
    years = {each["year"]: each for each in json.loads(told.stdout)["years"]}
    assert round(years[2029]["result"] / 100_000) == -4_807
    draft = await drafted(place)
    assert draft.baseline.budget.year == 2026
    assert draft.levers == small.draft().levers


def test_without_a_calculator_a_file_is_only_checked(tmp_path):
    told = puntari({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "import", "budget", BUDGET)
    assert told.exit_code == 0
    assert "2029" in told.stdout


def test_the_operating_part_alone_needs_the_rest(place):
    alone = puntari(place, "import", "budget", OPERATING_PART)
    assert alone.exit_code == 2
    assert "tax_revenue" in alone.output
    assert puntari(place, "import", "budget", OPERATING_PART, "--rest", BUDGET).exit_code == 0


async def test_a_broken_file_is_named_by_line_and_column_and_nothing_changes(place, tmp_path):
    before = await drafted(place)
    lines = BUDGET.read_text().splitlines()
    lines[4] = lines[4].replace("350000", "=1+1").replace("-4300000", "=1+1")
    broken = tmp_path / "broken.csv"
    broken.write_text("\n".join(line.replace("350000", "=350000") for line in lines))
    told = puntari(place, "import", "budget", broken, "--calculator", "balance")
    assert told.exit_code == 2
    assert "amount_eur" in told.output
    assert await drafted(place) == before


def test_an_unknown_calculator_is_said(place):
    told = puntari(place, "import", "budget", BUDGET, "--calculator", "nowhere")
    assert told.exit_code == 2
    assert "nowhere" in told.output


async def test_official_totals_are_kept_and_what_follows_is_derived(place):
    told = json.loads(puntari(place, "import", "ktas", KTAS, "--json").stdout)
    margins = {
        (each["municipality"], each["year"]): each["cents"]
        for each in told["derived"]
        if each["line"] == "operating_margin" and each["phase"] == "budget"
    }
    assert margins["Hamina", 2026] == -46_052_100_00
    again = puntari(place, "import", "ktas", KTAS)
    assert again.exit_code == 0
    database = Database(place["DATABASE_URL"])
    async with database.transaction(read_only=True) as session:
        kept = await queries.official(session, "0242496-6")
    await database.close()
    assert len(kept) == told["figures"] / 2
