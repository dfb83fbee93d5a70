"""What anybody may take away, in the forms people and programs use, and the API's own description and page."""

import csv
import io
import json
from datetime import timedelta

import pytest

from service.core import clock
from service.core.actor import Role, System
from service.core.text import Localized
from service.evaluation import actions as evaluation
from service.evaluation.models import Assessment
from service.opendata.tables import PROPOSALS, RESULTS, csv_lines
from service.processes.models import Activity
from service.results import actions
from service.tally.greedy import count
from service.tally.pabulib import read
from service.web.description import operations
from tests import make

BALLOTS = ([5, 4], [5, 4], [5, 3, 2], [5, 2], [1])
TRAPS = ["=1+1", "+358", "-5", "@sum", "\tx", "\rx", "＝1"]


@pytest.fixture
async def counted(session, instance):
    process, _ = await make.counted(session, instance.keys, *BALLOTS, slug="oma")
    return process


def rows(answer, **dialect):
    text = answer.content.decode("utf-8-sig" if dialect else "utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), **dialect))


@pytest.mark.parametrize("trap", TRAPS)
def test_no_text_is_a_formula_in_a_spreadsheet(trap):
    [_, line] = csv_lines(["title"], [{"title": trap}])
    [[cell]] = csv.reader([line])
    assert cell == f"'{trap}"


def test_numbers_stay_numbers():
    [_, line] = csv_lines(["a", "b", "c"], [{"a": -5, "b": None, "c": 2.5}])
    assert line == "-5,,2.5\r\n"
    [*_, line] = csv_lines(["a", "b"], [{"a": 2.5, "b": "ä;ö"}], excel=True)
    assert line == '2,5;"ä;ö"\r\n'


async def test_results_are_a_table_for_programs_and_one_for_excel(client, counted):
    plain = await client.get("/api/v1/processes/oma/results.csv")

    assert plain.headers["content-type"] == "text/csv; charset=utf-8"
    assert plain.headers["content-disposition"] == 'attachment; filename="oma-results.csv"'
    found = rows(plain)
    assert list(found[0]) == list(RESULTS)
    assert [row["number"] for row in found] == ["5", "2", "4", "1", "3"]
    fourth = found[2]
    assert (fourth["verdict"], fourth["money_left"], fourth["short_by"]) == ("did_not_fit", "30000", "1")
    excel = await client.get("/api/v1/processes/oma/results.csv?excel=true")
    assert excel.content.startswith(b"\xef\xbb\xbf")
    assert rows(excel, delimiter=";") == found


async def test_results_as_json_say_what_they_are_and_on_what_terms(client, counted):
    told = (await client.get("/api/v1/processes/oma/results.json")).json()

    assert told["licence"] == {
        "id": "CC-BY-4.0",
        "name": "Creative Commons Attribution 4.0",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert told["source"]["sv"] == "Lövsunds stad"
    assert [row["number"] for row in told["results"]] == [5, 2, 4, 1, 3]
    assert list(told["results"][0]) == list(RESULTS)


async def test_proposals_are_given_without_their_authors_names(client, session):
    process = await make.process(session, slug="ehdotukset")
    author = await make.resident(session, name="Salainen Nimi")
    await make.proposal(
        session, process, author=author, title="=Pyöräteline, torille", text="Teline *torille*, kiitos."
    )
    await make.proposal(session, process, author=author, state="draft", title="Luonnos jota kukaan ei näe")

    table = await client.get("/api/v1/processes/ehdotukset/proposals.csv")
    told = await client.get("/api/v1/processes/ehdotukset/proposals.json")

    [row] = rows(table)
    assert list(row) == list(PROPOSALS)
    assert (row["title"], row["state"], row["supports"]) == ("'=Pyöräteline, torille", "published", "0")
    assert row["url"].endswith(f"/fi/processes/ehdotukset/proposals/{row['number']}")
    [proposal] = told.json()["proposals"]
    assert proposal["title"] == "=Pyöräteline, torille"
    assert proposal["text"] == "Teline *torille*, kiitos."
    for answer in (table, told):
        assert "Salainen" not in answer.text
        assert "Luonnos" not in answer.text


async def test_what_evaluators_have_not_decided_is_given_to_nobody(client, session):
    process = await make.process(session, slug="arvioitavat", open_to=[Activity.EVALUATE])
    editor = await make.staff(session, Role.EDITOR, process)
    evaluator = await make.staff(session, Role.EVALUATOR, process)
    proposal = await make.proposal(session, process)
    await evaluation.assign(session, proposal, evaluator.id, by=editor)

    async def assessed(**values):
        given = Assessment(cost_low_cents=1_00, cost_high_cents=2_00, maintenance_cents=3_00, **values)
        version = 1 if values else 0
        await evaluation.assess(session, proposal, given, version=version, by=evaluator)
        [row] = (await client.get("/api/v1/processes/arvioitavat/proposals.json")).json()["proposals"]
        return [row[name] for name in ("feasibility", "cost_low", "cost_high", "maintenance")]

    assert await assessed() == ["undecided", None, None, None]
    assert await assessed(feasibility="feasible", reason=Localized(fi="Alue on kaupungin.")) == [
        "feasible",
        1,
        2,
        3,
    ]


async def test_a_process_without_proposals_gives_an_empty_table(client, session):
    await make.process(session, slug="tyhja")
    assert (await client.get("/api/v1/processes/tyhja/proposals.json")).json()["proposals"] == []
    assert rows(await client.get("/api/v1/processes/tyhja/proposals.csv")) == []
    assert (await client.get("/api/v1/processes/none/proposals.csv")).status_code == 404


async def test_the_ballots_given_away_count_to_the_published_winners(client, session, instance, counted):
    answer = await client.get("/api/v1/processes/oma/elections/city-wide.pb")

    document = read(answer.content)
    assert count(document.election).winners == ("5", "2", "1")
    assert document.election.voters == 5
    assert document.meta["unit"] == "Lehtosalmi"
    assert document.meta["rule"] == "greedy"
    assert document.details["5"] == {"name": "Project 5", "selected": "1"}
    assert document.notes == ()
    assert (await client.get("/api/v1/processes/oma/elections/city-wide")).status_code == 404
    assert (await client.get("/api/v1/processes/oma/elections/nowhere.pb")).status_code == 404


async def test_a_knapsack_vote_is_given_with_its_limit(client, session, instance):
    process = await make.vote(session, slug="reppu", ballot_type="knapsack", max_choices=None)
    await make.cast(session, process, instance.keys, [1, 2, 3])
    await clock.shift(session, timedelta(days=11))
    await actions.count(session, process, keys=instance.keys, by=System("test"))

    document = read((await client.get("/api/v1/processes/reppu/elections/city-wide.pb")).content)

    assert document.meta["max_sum_cost"] == "100000"
    assert document.election.max_length is None
    assert document.notes == ()


async def test_the_data_page_links_what_is_there(client, counted):
    page = (await client.get("/fi/processes/oma/results/data")).text
    for name in (
        "results.csv",
        "results.csv?excel=true",
        "results.json",
        "proposals.csv",
        "elections/city-wide.pb",
    ):
        assert f'href="/api/v1/processes/oma/{name}"' in page
        assert (await client.get(f"/api/v1/processes/oma/{name}")).status_code == 200


# --- the description


@pytest.fixture
async def description(client):
    return (await client.get("/api/v1/openapi.json")).json()


async def test_the_description_has_one_address(client):
    for address in ("/api/v1/openapi", "/api/v1/openapi/openapi.json", "/schema", "/schema/openapi.json"):
        assert (await client.get(address)).status_code == 404


async def test_every_operation_is_named_grouped_and_told_in_a_sentence(description):
    found = list(operations(description))
    assert len(found) > 60
    names = [operation.facts["operationId"] for operation in found]
    assert len(set(names)) == len(names)
    known = {tag["name"] for tag in description["tags"] if tag["description"]}
    for method, path, facts in found:
        assert set(facts["tags"]) <= known, (method, path)
        assert len(facts["summary"]) > 10, (method, path)


async def test_every_operation_tells_its_errors_as_problems_and_nothing_of_the_frameworks(description):
    refused = description["components"]["responses"]["Refused"]["content"]
    assert list(refused) == ["application/problem+json"]
    for method, path, facts in operations(description):
        assert facts["responses"]["4XX"] == {"$ref": "#/components/responses/Refused"}, (method, path)
        assert "400" not in facts["responses"], (method, path)
    assert set(description["components"]["securitySchemes"]) == {"token", "session"}


async def test_every_body_has_an_example_that_fits(description):
    schemas = description["components"]["schemas"]
    for method, path, facts in operations(description):
        body = facts.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            name = body["schema"].get("$ref", "").rpartition("/")[2]
            assert "example" in body, (method, path)
            assert set(schemas[name].get("required", [])) <= set(body["example"]), (method, path)
            json.dumps(body["example"])


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_api_can_be_browsed_without_script(client, description, language):
    page = await client.get(f"/{language}/about/api")
    assert page.status_code == 200
    for _, path, facts in operations(description):
        assert f'id="{facts["operationId"]}"' in page.text
        assert path in page.text
    assert "style=" not in page.text.partition("<main")[2]
    assert page.headers["cache-control"] == "private, no-cache"
