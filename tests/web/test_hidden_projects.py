"""What moderators hide after the ballot is final stays on the ballot and in the count, and its words are shown nowhere."""

from datetime import timedelta

import pytest

from service.core import clock
from service.core.actor import Role, System
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.results import actions as results
from service.voting import queries
from tests import make

SLANDER = "Naapurin koira on varas"


@pytest.fixture
async def process(session, instance):
    """A vote that is open; project 1 is a proposal that a moderator hides once two people have voted for it."""
    process = await make.vote(session, slug="oma", open_now=False)
    await make.phase(
        session, process, [Activity.IMPLEMENT], opens_in=timedelta(days=10), closes_in=timedelta(days=90)
    )
    proposal = await make.proposal(session, process, title=SLANDER)
    project = await queries.project(session, process.id, 1)
    project.proposal_id, project.title, project.text = proposal.id, SLANDER, f"Se siitä: {SLANDER}."
    await session.flush()
    vote = await queries.phase(session, process.id)
    vote.opens_at = await clock.now(session) - timedelta(hours=1)
    await session.flush()
    for _ in range(2):
        await make.cast(session, process, instance.keys, [1])
    await proposals.hide(session, proposal, by=await make.staff(session, Role.MODERATOR, process))
    return process


async def told(client, *addresses):
    """Each page or file, without the words that are hidden."""
    texts = []
    for address in addresses:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert "varas" not in answer.text, address
        assert "naapurin-koira" not in answer.text, address
        texts.append(answer.text)
    return texts


async def test_the_ballot_shows_its_number_in_the_visitors_language(client, session, process):
    proof = await make.signed_in(client, session, await make.resident(session))
    assert (await client.post("/sv/processes/oma/ballot", data={"csrf": proof})).status_code == 303
    pressed = await client.post("/sv/processes/oma/ballot/projects", data={"csrf": proof, "add": "1"})
    assert pressed.status_code == 303

    at = "processes/oma/ballot"
    pages = await told(client, f"/fi/{at}/projects", f"/sv/{at}/review", f"/en/{at}/projects")

    for page, name in zip(
        pages, ("Ehdotus 1 (poistettu", "Förslag 1 (borttaget", "Proposal 1 (removed"), strict=True
    ):
        assert name in page
    [listed] = [
        row for row in (await client.get("/api/v1/processes/oma/projects")).json() if row["number"] == 1
    ]
    assert (listed["title"], listed["text"], listed["proposal_id"]) == ("", "", None)
    assert listed["cost_cents"] == 10_000_00


async def test_the_result_counts_it_and_leaves_its_words_out(client, session, instance, process):
    await clock.shift(session, timedelta(days=11))
    await results.count(session, process, keys=instance.keys, by=System("test"))

    here, data = "/fi/processes/oma", "/api/v1/processes/oma"
    pages = await told(
        client,
        f"{here}/results",
        f"{here}/results/1",
        f"{here}/results/city-wide",
        f"{here}/implementation",
        "/fi/",
    )
    assert all("Ehdotus 1 (poistettu näkyvistä)" in page for page in pages[:4])
    files = await told(
        client, f"{data}/results.csv", f"{data}/results.json", f"{data}/elections/city-wide.pb"
    )
    assert all("Proposal 1 (removed from view)" in file for file in files)
    await told(client, f"{data}/results", f"{data}/implementation")
    await make.signed_in(client, session, await make.staff(session, Role.EDITOR, process))
    await told(client, "/fi/desk/processes/oma/implementation")


async def test_what_comes_back_is_shown_again(client, session, process):
    proposal = (await queries.candidates(session, process.id))[0]
    moderator = await make.staff(session, Role.MODERATOR, process)
    await proposals.publish(session, proposal, version=proposal.version, by=moderator)

    assert "varas" in (await client.get("/api/v1/processes/oma/projects")).text
