"""What the votes decided, as people and programs read it; and the editor's part in it, by both doors."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event

from service.core import clock
from service.core.actor import Role, System
from service.opendata import actions as opendata
from service.opendata.election import Source
from service.results import actions, queries
from service.tally.pabulib import read
from service.voting import jobs
from service.voting import queries as votes
from tests import make

# Costs 10, 20, 30, 40 and 50 thousand, and 100 thousand to spend: 5, 2 and 1 win.
BALLOTS = ([5, 4], [5, 4], [5, 3, 2], [5, 2], [1])
REASON = {"fi": "Hanke 2 peruttiin.", "sv": "Projekt 2 återtogs."}


def words(answer: httpx.Response) -> str:
    """The text of a page's main part, without marks."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"</?(strong|span|a)\b[^>]*>", "", main)
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").replace("&#39;", "’").split())


@pytest.fixture
async def counted(session, instance):
    process, _ = await make.counted(
        session, instance.keys, *BALLOTS, slug="oma", eligible_count=50, lot_seed="hauki"
    )
    return process


@pytest.fixture
async def editor(session, counted):
    return await make.staff(session, Role.EDITOR, counted)


@pytest.mark.parametrize(
    ("language", "turnout", "selected"),
    [
        ("fi", "Äänestäneitä 5, 10,0 % äänioikeutetuista.", "3 ehdotusta valittiin toteutettavaksi."),
        ("sv", "Antal som röstade 5, 10,0 % av de röstberättigade.", "3 förslag valdes att genomföras."),
        ("en", "5 people voted, 10.0% of those eligible.", "3 projects were selected to be carried out."),
    ],
)
async def test_the_result_tells_turnout_money_and_every_project(client, counted, language, turnout, selected):
    answer = await client.get(f"/{language}/processes/oma/results")

    assert answer.status_code == 200
    told = words(answer)
    assert turnout in told
    assert selected in told
    assert told.index("Project 5") < told.index("Project 2") < told.index("Project 4")
    assert "hauki" in told
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_where_the_money_ended_is_a_line_across_the_table_and_the_plot(client, counted):
    answer = await client.get("/en/processes/oma/results")

    table = answer.text[answer.text.index("<table", answer.text.index('id="projects"')) :]
    before, _, after = table.partition("data-cut")
    assert before.count('scope="row"') == 4
    assert "20,000" in after[:200]
    assert 'class="p-plot__cut"' in answer.text


@pytest.mark.parametrize(
    ("number", "first", "then"),
    [
        (4, "Ehdotus sai 2 ääntä ja maksaa 40 000 €. Kun sen vuoro tuli, rahaa oli jäljellä 30 000 €.", "1 ääni lisää"),
        (5, "Ehdotus sai 4 ääntä ja maksaa 50 000 €. Kun sen vuoro tuli, rahaa oli jäljellä 100 000 €.", "Siksi se valittiin."),
    ],
)  # fmt: skip
async def test_why_a_project_was_chosen_or_not_is_told_in_the_first_sentence(
    client, counted, number, first, then
):
    answer = await client.get(f"/fi/processes/oma/results/{number}")

    told = words(answer)
    assert first in told
    assert then in told[told.index(first) :]


async def test_a_tie_is_shown_step_by_step_and_a_loser_its_neighbours(client, counted):
    told = words(await client.get("/en/processes/oma/results/4"))

    assert "The cheaper project came first: Project 2, €20,000 Project 4, €40,000" in told
    assert "The order decided which of them were selected." in told
    assert "A cost lower by €10,000, that is at most €30,000" in told
    assert "3. Project 4 (this project) 2 €40,000 €30,000 Did not fit the budget" in told


async def test_the_lot_of_a_tie_can_be_drawn_again(client, session, instance):
    process = await make.vote(
        session, slug="arpa", pots=[(None, 10_000_00)], projects=[(None, 10_000_00), (None, 10_000_00)], lot_seed="hauki"
    )  # fmt: skip
    for number in (1, 2):
        await make.cast(session, process, instance.keys, [number])
    await clock.shift(session, timedelta(days=11))
    await actions.count(session, process, keys=instance.keys, by=System("test"))

    answer = await client.get("/en/processes/arpa/results/1")

    assert "printf &#39;%s&#39; &#39;hauki|2&#39; | sha256sum" in answer.text
    assert "drawn by the published lot hauki" in answer.text


async def test_a_page_reads_what_was_published_and_never_a_ballot(client, session, counted):
    statements = []
    connection = (await session.connection()).sync_connection

    def listen(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", listen)
    for part in ("", "/4", "/city-wide"):
        statements.clear()
        assert (await client.get(f"/fi/processes/oma/results{part}")).status_code == 200
        assert not [statement for statement in statements if "counted_ballot" in statement]
        assert len([statement for statement in statements if "savepoint" not in statement.lower()]) <= 9
    event.remove(connection, "before_cursor_execute", listen)


async def test_before_the_close_and_before_the_count_no_figure_is_shown(client, session, instance):
    process = await make.vote(session, slug="auki")
    await make.cast(session, process, instance.keys, [1])

    open_still = await client.get("/en/processes/auki/results")
    assert "Voting closes on" in words(open_still)
    assert (await client.get("/api/v1/processes/auki/results")).status_code == 404
    assert (await client.get("/api/v1/processes/auki/elections/city-wide.pb")).status_code == 404
    assert (await client.get("/api/v1/processes/auki/results.csv")).status_code == 404
    await make.process(session, slug="ilman")
    assert (await client.get("/en/processes/ilman/results")).status_code == 404


@pytest.mark.parametrize("part", ["7", "nowhere", "99999999999999999999", "4x", "%00", "city-wide?result=1"])
async def test_what_is_not_there_is_404(client, counted, part):
    expected = 200 if part.startswith("city-wide") else 404
    assert (await client.get(f"/fi/processes/oma/results/{part}")).status_code == expected
    for number in ("2", "0", "x", "99999999999"):
        assert (await client.get(f"/fi/processes/oma/results?result={number}")).status_code == 404


async def test_areas_have_pages_and_files_of_their_own(client, session, instance):
    harbour = await make.area(session, "Harbour")
    process = await make.vote(
        session, slug="alueet", area_rule="chosen", pots=[(harbour, 10_000_00), (None, 5_000_00)],
        projects=[(harbour, 8_000_00), (None, 5_000_00), (None, 4_000_00)],
    )  # fmt: skip
    await make.cast(session, process, instance.keys, [1, 3], harbour)
    await clock.shift(session, timedelta(days=11))
    await actions.count(session, process, keys=instance.keys, by=System("test"))

    whole = await client.get("/en/processes/alueet/results")
    assert f"/en/processes/alueet/results/{harbour.key}" in whole.text
    part = words(await client.get(f"/en/processes/alueet/results/{harbour.key}"))
    assert "1 person voted here." in part
    assert "Project 3" not in part
    data = await client.get("/en/processes/alueet/results/data")
    assert f"/api/v1/processes/alueet/elections/{harbour.key}.pb" in data.text
    found = await client.get(f"/api/v1/processes/alueet/elections/{harbour.key}.pb")
    election = read(found.content).election
    assert ([project.id for project in election.projects], election.voters, election.budget) == (
        ["1"],
        1,
        10_000_00,
    )


async def test_the_index_tells_of_every_counted_round_and_of_those_being_counted(
    client, session, instance, counted
):
    other = await make.vote(session, slug="toinen", title=make.words("Second round"))
    await clock.shift(session, timedelta(days=22))
    assert other

    told = words(await client.get("/en/results"))

    assert "5 people voted, 10.0% of those eligible." in told
    assert "3 projects selected" in told
    assert "€80,000 of €100,000" in told


async def test_an_imported_election_is_shown_in_its_own_currency_and_says_so(client, session, instance):
    document = read(b"META\nkey;value\ndescription;PB\ncountry;Poland\nunit;Warszawa\ninstance;2026\nnum_projects;1\n"
                    b"num_votes;1\nbudget;1000\nvote_type;approval\nrule;greedy\ndate_begin;2025\ndate_end;2025\n"
                    b"currency;PLN\nlanguage;pl\nPROJECTS\nproject_id;cost;name\nA-1;600;\xc5\x81\xc4\x85ka\nVOTES\nvoter_id;vote\n1;A-1\n")  # fmt: skip
    await opendata.import_election(
        session, [Source(document)], slug="pb", title="PB", keys=instance.keys, by=System("test")
    )

    answer = await client.get("/fi/processes/pb/results")

    assert "600 PLN" in words(answer)
    assert "€" not in words(answer)
    assert "tuotu tänne" in words(answer)
    assert '<a class="ds-link" href="/fi/processes/pb/results/1" lang="pl">Łąka</a>' in answer.text
    assert (await client.get("/api/v1/processes/pb/results")).json()["pots"][0]["projects"][0]["id"] == "A-1"


# --- the editor's part


async def test_a_program_counts_once_voting_has_closed_and_not_before(client, session, instance):
    process = await make.vote(session, slug="ohjelma")
    for numbers in BALLOTS:
        await make.cast(session, process, instance.keys, numbers)
    address = "/api/v1/processes/ohjelma/results"
    anybody = await client.post(address)
    assert anybody.status_code == 401
    resident = {"X-CSRF-Token": await make.signed_in(client, session, await make.resident(session))}
    assert (await client.post(address, headers=resident)).status_code == 403
    editor = await make.staff(session, Role.EDITOR, process)
    headers = {"X-CSRF-Token": await make.signed_in(client, session, editor)}

    early = await client.post(address, headers=headers)
    assert early.status_code == 409
    assert early.json()["type"].endswith("VoteIsOpen")
    assert early.headers["content-type"].startswith("application/problem+json")
    assert (await client.get(address)).status_code == 404

    await clock.shift(session, timedelta(days=11))
    headers = {"X-CSRF-Token": await make.signed_in(client, session, editor)}
    done = await client.post(address, headers=headers)
    again = await client.post(address, headers=headers)

    assert done.status_code == 200, done.text
    assert done.json() == again.json() == (await client.get(address)).json()
    told = done.json()
    assert (told["result"], told["ballots"], told["rule"], told["lot_seed"]) == (1, 5, "greedy", None)
    [pot] = told["pots"]
    assert (pot["pot"], pot["winners"], pot["spent_cents"]) == ("city-wide", [5, 2, 1], 80_000_00)
    assert pot["ties"][0] == {"projects": [2, 4], "score": 2.0, "step": "cost", "decisive": True}
    loser = next(project for project in pot["projects"] if project["number"] == 4)
    assert (loser["verdict"], loser["short_by"], loser["fits_at_cents"]) == ("did_not_fit", 1, 30_000_00)


async def test_the_desk_counts_in_two_steps_and_only_after_the_close(client, session, instance):
    process = await make.vote(session, slug="laskettava", open_now=True)
    editor = await make.staff(session, Role.EDITOR, process)
    proof = await make.signed_in(client, session, editor)
    here = "/en/desk/voting/laskettava"

    assert "Nobody can count them before." in words(await client.get(f"{here}/count"))
    early = await client.post(f"{here}/count", data={"csrf": proof})
    assert early.status_code == 409
    assert await queries.latest(session, process.id) is None
    assert 'name="csrf"' not in (await client.get(f"{here}/count")).text.partition("<main")[2]

    await clock.shift(session, timedelta(days=11))
    proof = await make.signed_in(client, session, editor)
    asked = await client.get(f"{here}/count")
    assert await queries.latest(session, process.id) is None
    assert "No lot has been published." in words(asked)
    assert "waits for the count" in words(await client.get("/en/desk/voting")).lower()
    done = await client.post(f"{here}/count", data={"csrf": proof})
    assert (done.status_code, done.headers["location"]) == (303, f"{here}?done=counted")
    assert "The votes are counted and the result is published." in words(
        await client.get(f"{here}?done=counted")
    )
    assert "Nobody voted." in words(await client.get("/en/processes/laskettava/results"))


async def test_a_lot_is_published_at_the_desk_and_by_the_api(client, session, instance):
    for slug in ("poyta", "ohjelma"):
        process = await make.vote(session, slug=slug)
    editor = await make.staff(session, Role.EDITOR)
    proof = await make.signed_in(client, session, editor)

    empty = await client.post("/fi/desk/voting/poyta/lot", data={"csrf": proof, "seed": ""})
    assert empty.status_code == 422
    assert "Kirjoita arpa" in empty.text
    done = await client.post("/fi/desk/voting/poyta/lot", data={"csrf": proof, "seed": "Lotto 1 2 3"})
    assert (done.status_code, done.headers["location"]) == (303, "/fi/desk/voting/poyta?done=lot")
    again = await client.post("/fi/desk/voting/poyta/lot", data={"csrf": proof, "seed": "another one"})
    assert again.status_code == 409
    headers = {"X-CSRF-Token": proof}
    put = await client.put("/api/v1/processes/ohjelma/lot", json={"seed": "Lotto 1 2 3"}, headers=headers)
    assert put.json() == {"seed": "Lotto 1 2 3"}
    refused = await client.put("/api/v1/processes/ohjelma/lot", json={"seed": "Lotto 4 5 6"}, headers=headers)
    assert refused.status_code == 409
    assert process


async def test_a_result_is_corrected_at_the_desk_and_the_earlier_one_stays(client, session, counted, editor):
    proof = await make.signed_in(client, session, editor)
    here = "/fi/desk/voting/oma/correct"
    form = {"csrf": proof, "seen": "1", "without": "2", "reason_fi": REASON["fi"], "reason_sv": REASON["sv"]}

    nothing = await client.post(here, data=form | {"reason_fi": "", "reason_sv": ""})
    assert nothing.status_code == 422
    assert 'value="2"' in nothing.text
    wrong = await client.post(here, data=form | {"without": "kaksi"})
    assert (wrong.status_code, "pilkuilla" in wrong.text) == (422, True)
    unknown = await client.post(here, data=form | {"without": "77"})
    assert (unknown.status_code, "numero 77" in unknown.text) == (422, True)
    done = await client.post(here, data=form)
    assert done.status_code == 303

    now = await client.get("/sv/processes/oma/results")
    assert "Projekt 2 återtogs." in words(now)
    assert words(now).count("Utelämnat ur räkningen") == 1
    assert "/sv/processes/oma/results?result=1" in now.text
    earlier = words(await client.get("/sv/processes/oma/results?result=1"))
    assert "Det gäller inte längre." in earlier
    assert "Utelämnat" not in earlier


async def test_a_program_corrects_too(client, session, counted, editor):
    headers = {"X-CSRF-Token": await make.signed_in(client, session, editor)}
    body = {"seen": 1, "without": [2], "reason": REASON}

    made = await client.post("/api/v1/processes/oma/results/corrections", json=body, headers=headers)

    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["result"], told["left_out"], told["earlier"]) == (2, [2], [1])
    first = (await client.get("/api/v1/processes/oma/results?result=1")).json()
    assert first["pots"][0]["winners"] == [5, 2, 1]
    late = body | {"reason": {"en": "Other."}}
    refused = await client.post("/api/v1/processes/oma/results/corrections", json=late, headers=headers)
    assert refused.status_code == 409


async def test_the_keys_go_after_the_count_by_both_doors(client, session, instance, counted, editor):
    proof = await make.signed_in(client, session, editor)
    assert "Destroy the keys" in words(await client.get("/en/desk/voting/oma/keys"))

    done = await client.post("/en/desk/voting/oma/keys", data={"csrf": proof})

    assert done.status_code == 303
    vote = await votes.vote(session, counted.id)
    await session.refresh(vote)
    assert vote.emptied_at
    assert "The keys are being destroyed." in words(await client.get("/en/desk/voting/oma/keys"))
    await jobs.destroy_keys(instance, session, process=str(counted.id))
    await session.flush()
    assert "The keys were destroyed on" in words(await client.get("/en/desk/voting/oma/keys"))
    gone = await client.delete("/api/v1/processes/oma/keys", headers={"X-CSRF-Token": proof})
    assert gone.status_code == 204


async def test_the_desk_of_a_vote_is_for_its_own_editors(client, session, counted):
    stranger = await make.staff(session, Role.EDITOR, await make.process(session))
    await make.signed_in(client, session, stranger)
    for page in ("", "/count", "/correct", "/keys"):
        assert (await client.get(f"/fi/desk/voting/oma{page}")).status_code == 403
    assert "Our city" not in words(await client.get("/en/desk/voting"))
    await make.signed_in(client, session, await make.staff(session, Role.MODERATOR))
    assert (await client.get("/fi/desk/voting")).status_code == 403


async def test_a_vote_that_waits_for_its_count_waits_at_the_desk(client, session, counted):
    editor = await make.staff(session, Role.EDITOR)
    await make.signed_in(client, session, editor)
    assert "Votes and results 1 waiting" not in words(await client.get("/en/desk"))
    await make.vote(session)
    await clock.shift(session, timedelta(days=22))
    await make.signed_in(client, session, editor)

    assert "Votes and results 1 waiting" in words(await client.get("/en/desk"))
    assert "Counted Result published on" in words(await client.get("/en/desk/voting"))
