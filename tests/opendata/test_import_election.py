"""A real election comes in with every choice and goes out equal; nothing of its voters comes with it."""

import os
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from service.core.actor import System
from service.core.city import City
from service.opendata import actions, queries, rules
from service.opendata.election import Source
from service.processes import queries as processes
from service.processes.models import AreaRule, Process
from service.processes.timetable import Section, sections
from service.results import queries as results
from service.tally.greedy import count
from service.tally.pabulib import read, write
from service.voting.models import CountedBallot
from tests import make

FIXTURES = Path(__file__).parents[1] / "tally" / "fixtures"
ELECTIONS = Path(os.environ.get("ELECTIONS", Path(__file__).parents[3] / "shared" / "data" / "pabulib"))
OPERATOR = System("test")
CITY = City({"name": {"fi": "Koivuranta", "sv": "Björkstrand", "en": "Koivuranta"}})


@pytest.fixture
def bring(session, instance):
    async def bring(*sources, slug="from-elsewhere", progress=None):
        return await actions.import_election(
            session,
            [source if isinstance(source, Source) else Source(source) for source in sources],
            slug=slug,
            title="A vote elsewhere",
            keys=instance.keys,
            by=OPERATOR,
            progress=progress,
        )

    return bring


def fixture(name):
    return read((FIXTURES / f"{name}.pb").read_bytes())


def real(vote_type):
    if not ELECTIONS.is_dir():
        message = f"The real elections are not at {ELECTIONS}; set ELECTIONS to their folder."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    contents = [path.read_bytes() for path in sorted(ELECTIONS.glob("*.pb")) if path.stat().st_size < 150_000]
    of_type = [content for content in contents if f"vote_type;{vote_type}".encode() in content]
    if not of_type:
        pytest.skip(f"There is no small election of the type {vote_type} in {ELECTIONS}.")
    return read(max(of_type, key=len))


async def taken_out(session, process):
    """What an export gives, read from its bytes."""
    found = await queries.documents(session, process, CITY)
    return {key: read(write(document)) for key, document in found.items()}


@pytest.mark.parametrize("name", ["approval", "choose_one", "cumulative", "ordinal"])
async def test_an_election_of_every_type_goes_out_equal(session, bring, name):
    document = fixture(name)

    process = await bring(document)

    out = (await taken_out(session, process))["city-wide"]
    assert out == document
    assert out.election.projects == document.election.projects


@pytest.mark.parametrize("vote_type", ["approval", "choose-1", "cumulative", "ordinal"])
async def test_a_real_election_of_every_type_goes_out_equal_and_is_counted_the_same(
    session, bring, vote_type, capsys
):
    document = real(vote_type)

    process = await bring(document)

    out = (await taken_out(session, process))["city-wide"]
    assert out == document
    assert out.election.projects == document.election.projects
    outcome = await results.outcome(session, await results.latest(session, process.id))
    counted = count(document.election)
    assert [row.project.code for row in outcome.winners] == list(counted.winners)
    assert outcome.spent_cents == counted.spent
    assert outcome.result.ballots == document.election.voters
    with capsys.disabled():
        print(  # noqa: T201 - how much was compared is part of the proof
            f"\n  {vote_type}: {document.election.voters} ballots, {len(document.election.projects)} projects, equal"
        )


async def test_the_process_is_over_counted_and_public(session, bring):
    told = []

    process = await bring(fixture("approval"), progress=lambda done, total: told.append((done, total)))

    phases = await processes.phases(session, process.id)
    assert Section.RESULTS in sections(phases, at=process.published_at)
    assert all(phase.closes_at <= process.published_at for phase in phases)
    assert process.published_at is not None
    assert process.area_rule is AreaRule.NONE
    assert process.eligible_count is None
    voters = fixture("approval").election.voters
    assert told[-1] == (voters, voters)


async def test_of_a_voter_nothing_but_the_choice_is_kept(session, bring):
    process = await bring(fixture("approval"))

    stored = (await session.exec(select(CountedBallot).where(CountedBallot.process_id == process.id))).all()
    assert set(CountedBallot.model_fields) == {
        "process_id",
        "receipt_digest",
        "area_id",
        "projects",
        "points",
    }
    assert len({ballot.receipt_digest for ballot in stored}) == len(stored)
    imported = await results.imported(session, process.id)
    kept = str([row.meta for row in imported.values()] + [row.details for row in imported.values()])
    assert "voter" not in kept


async def test_several_files_become_pots_of_one_process(session, bring):
    documents = {"Satama": fixture("approval"), "Keskusta": fixture("ordinal"), None: fixture("choose_one")}

    process = await bring(*(Source(document, area) for area, document in documents.items()))

    out = await taken_out(session, process)
    assert set(out) == {"satama", "keskusta", "city-wide"}
    assert out["satama"] == documents["Satama"]
    assert out["keskusta"] == documents["Keskusta"]
    assert out["city-wide"] == documents[None]
    outcome = await results.outcome(session, await results.latest(session, process.id))
    assert [pot.key for pot in outcome.pots] == ["satama", "keskusta", "city-wide"]
    assert process.area_rule is AreaRule.CHOSEN


def with_blank_ballots(blank):
    votes = "".join(f"b{number};\n" for number in range(blank))
    return read(
        f"META\nkey;value\ndescription;PB\ncountry;x\nunit;x\ninstance;2026\nnum_projects;1\nnum_votes;{blank + 1}\n"
        "budget;100\nvote_type;approval\nrule;greedy\ndate_begin;2025\ndate_end;2025\nPROJECTS\nproject_id;cost\nA;5\n"
        f"VOTES\nvoter_id;vote\nv;A\n{votes}".encode()
    )


async def test_a_blank_ballot_stays_with_its_own_pot(session, bring):
    process = await bring(Source(with_blank_ballots(2), "Satama"), Source(with_blank_ballots(3)))

    out = await taken_out(session, process)

    assert {key: document.election.voters for key, document in out.items()} == {"satama": 3, "city-wide": 4}
    assert out["satama"] == with_blank_ballots(2)
    assert out["city-wide"] == with_blank_ballots(3)


async def test_an_area_of_the_city_with_the_same_name_is_used(session, bring):
    harbour = await make.area(session, "Harbour")

    process = await bring(Source(fixture("approval"), "harbour"))

    pots = await processes.pots(session, process.id)
    assert [pot.area_id for pot, _ in pots] == [harbour.id]


@pytest.mark.parametrize(
    ("sources", "slug", "refused"),
    [
        ([Source(fixture("irregular"))], "fine", rules.FinerThanCents),
        ([Source(fixture("approval")), Source(fixture("approval"))], "fine", rules.AreaNotTold),
        ([Source(fixture("approval"))], "Not an address", rules.SlugNotUsable),
        ([Source(fixture("approval"))], "a" * 61, rules.SlugNotUsable),
        ([Source(fixture("approval"))], "taken", rules.SlugTaken),
    ],
)
async def test_what_cannot_be_imported_leaves_nothing_behind(session, bring, sources, slug, refused):
    await bring(fixture("choose_one"), slug="taken")
    before = (await session.exec(select(func.count()).select_from(Process))).one()

    with pytest.raises(refused):
        await bring(*sources, slug=slug)

    assert (await session.exec(select(func.count()).select_from(Process))).one() == before
