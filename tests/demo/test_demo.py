"""The demo city as it was played: the database holds what the story tells, and all of it went through actions."""

import os
import re
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service import migrate
from service.accounts.models import Account
from service.audit import actions as audit
from service.audit.models import Entry
from service.comments.models import Comment
from service.core import clock, deployment
from service.core.actor import System
from service.core.database import Database
from service.core.keys import KeyStore
from service.core.mail import DemoMail
from service.demo import player
from service.demo import story as told
from service.demo.calendar import Calendar
from service.demo.milestones import STATUS
from service.demo.player import Ground
from service.evaluation.models import Assignment, Evaluation
from service.moderation.models import Report, Ruling
from service.notifications.models import Notice
from service.pictures.models import Picture
from service.processes import queries as processes
from service.processes.models import Area, Category, Phase, Process
from service.processes.rounds import Round
from service.processes.timetable import Stage
from service.proposals.models import Proposal, State, Support, Version
from service.results import queries as results
from service.results.models import Milestone, Status
from service.voting import seal
from service.voting.models import Project, RollEntry, SealedBallot
from tests.demo.story import VOTES
from tests.demo_city import PUNTARI

LANGUAGES = {"fi", "sv", "en"}


async def all_of(session: AsyncSession, kind):
    return (await session.exec(select(kind))).all()


async def count(session: AsyncSession, kind, *where) -> int:
    return (await session.exec(select(func.count()).select_from(kind).where(*where))).one()


@pytest.fixture
async def story(city: AsyncSession) -> told.Story:
    calendar = Calendar(await clock.now(city))
    return told.read(calendar.today)


@pytest.fixture
async def proposals(city: AsyncSession, story: told.Story) -> dict[str, Proposal]:
    """By the story's keys: a title is found once, as it was first written or as it was changed."""
    titles = {script.title: key for key, script in story.proposals.items()}
    titles |= {
        event.title: key for key, script in story.proposals.items() for event in script.events if event.title
    }
    return {titles[proposal.title]: proposal for proposal in await all_of(city, Proposal)}


async def test_one_process_stands_in_each_phase(city: AsyncSession):
    now = await clock.now(city)
    found = [Round(*pair, now) for pair in await processes.rounds(city)]

    assert Counter((round_.standing.stage, round_.subject) for round_ in found) == {
        (Stage.OPEN, "propose"): 1,
        (Stage.OPEN, "evaluate"): 1,
        (Stage.OPEN, "vote"): 2,
        (Stage.OPEN, "balance"): 1,
        (Stage.BETWEEN, None): 1,  # the result is published, building has not begun
        (Stage.OPEN, "implement"): 1,
        (Stage.UPCOMING, None): 1,
    }


async def test_phases_open_and_close_as_clocks_in_helsinki_show(city: AsyncSession, story: told.Story):
    stored = Counter(
        opens_at.astimezone(clock.HELSINKI).timetz().replace(tzinfo=None)
        for opens_at in (await city.exec(select(Phase.opens_at))).all()
    )
    assert stored == Counter(phase.opens.time for one in story.processes.values() for phase in one.phases)


async def test_every_text_of_the_city_is_there_in_three_languages(city: AsyncSession):
    texts = [thing.name for kind in (Area, Category, Phase) for thing in await all_of(city, kind)]
    for process in await all_of(city, Process):
        texts += [process.title, process.summary, process.description, process.plain_summary]
        texts += [process.rules, process.voters, process.owner]
    texts += [one.reason for one in await all_of(city, Evaluation)]
    texts += [one.title for one in await all_of(city, Milestone)]
    texts += [one.text for one in await all_of(city, Milestone)]

    assert len(texts) > 200
    assert [text for text in texts if text.keys() != LANGUAGES or not all(text.values())] == []


ENDS = {
    "published": State.PUBLISHED,
    "edited": State.PUBLISHED,
    "overturned": State.PUBLISHED,
    "not_published": State.NOT_PUBLISHED,
    "merged": State.MERGED,
    "withdrawn": State.WITHDRAWN,
}


def end(script: told.Proposal) -> State:
    if script.stays:
        return State(script.stays)
    return ENDS[script.events[-1].event] if script.events else State.PUBLISHED


async def test_every_proposal_is_in_the_state_the_story_tells(story: told.Story, proposals):
    assert {key: proposal.state for key, proposal in proposals.items()} == {
        key: end(script) for key, script in story.proposals.items()
    }


async def test_texts_are_what_was_last_published_and_what_was_removed_is_gone(story: told.Story, proposals):
    for key, script in story.proposals.items():
        texts = [script.text, *(event.text for event in script.events if event.text)]
        assert proposals[key].text == texts[-1].strip(), key
        assert not [
            event for event in script.events if event.removed and event.removed in proposals[key].text
        ]


async def test_every_edit_is_a_public_version(city: AsyncSession, story: told.Story, proposals):
    versions = Counter(
        (await city.exec(select(Version.proposal_id).where(col(Version.published_at).is_not(None)))).all()
    )
    for key, script in story.proposals.items():
        edits = sum(event.event == "edited" for event in script.events)
        was_public = proposals[key].published_at is not None
        assert versions[proposals[key].id] == edits + was_public, key


async def test_support_is_as_told_and_a_merged_proposal_carries_that_of_its_originals(
    city: AsyncSession, story: told.Story, proposals
):
    by_key = {proposal.id: key for key, proposal in proposals.items()}
    people: dict[str, set] = {key: set() for key in proposals}
    for support in await all_of(city, Support):
        people[by_key[support.proposal_id]].add(support.account_id)
    for key, script in story.proposals.items():
        supporters = set().union(people[key], *(people[source] for source in script.merged_from))
        assert len(supporters) == script.supports, key
        assert proposals[key].author_id not in supporters


async def test_a_merged_proposal_has_the_author_and_coauthors_of_its_originals(proposals):
    merged = proposals["skeittiparkki-kuntoon"]
    assert merged.author_name == "Oskari P."
    assert {proposals[key].merged_into_id for key in ("skeittiparkin-valot", "skeittiparkin-katos")} == {
        merged.id
    }


async def test_the_count_gives_the_winners_votes_and_ties_of_the_story(
    city: AsyncSession, story: told.Story, proposals
):
    counted = {}
    for process in await all_of(city, Process):
        if result := await results.latest(city, process.id):
            counted[process.slug] = await results.outcome(city, result)
    closed = ("liikkuva", "oma-toteutus")
    assert counted.keys() == {story.processes[key].slug for key in closed}
    keys = {proposal.id: key for key, proposal in proposals.items()}
    for key in closed:
        vote, outcome = VOTES[key], counted[story.processes[key].slug]
        rows = {row.project.number: row for pot in outcome.pots for row in pot.rows}
        found = {number: keys[row.project.proposal_id] for number, row in rows.items()}
        ties = [tie for pot in outcome.pots for tie in pot.result.ties]
        assert outcome.result.ballots == sum(vote["voters"].values())
        assert {found[number]: row.result.votes for number, row in rows.items()} == vote["projects"]
        assert {found[row.project.number] for row in outcome.winners} == set(vote["expected"]["winners"])
        assert [found[number] for tie in ties for number in tie["projects"]] == vote["expected"]["tied"]


async def test_open_votes_have_their_ballots_each_cast_in_a_transaction_of_its_own(
    city: AsyncSession, story: told.Story
):
    slugs = {process.id: process.slug for process in await all_of(city, Process)}
    expected = {
        story.processes[key].slug: sum(VOTES[key]["voters"].values())
        for key in ("oma-aanestys", "satamapuisto")
    }
    boxes = Counter((await city.exec(select(SealedBallot.process_id))).all())
    cast = {
        slugs[process_id]: ballots for process_id, ballots in boxes.items() if slugs[process_id] in expected
    }
    transactions = text("select count(distinct xmin::text) from ballot_box")

    assert cast == expected
    assert (await city.exec(transactions)).scalar_one() == boxes.total()


async def test_one_resident_has_chosen_and_not_cast(city: AsyncSession, story: told.Story):
    process = story.processes["oma-aanestys"]
    stored = (await city.exec(select(Process).where(Process.slug == process.slug))).one()
    enrolled = await count(city, RollEntry, RollEntry.process_id == stored.id)
    assert enrolled == sum(VOTES[process.key]["voters"].values()) + 1


async def test_the_keys_of_last_years_vote_are_gone_and_those_of_open_votes_are_there(
    city: AsyncSession, demo: tuple[str, Path], story: told.Story
):
    ids = {process.slug: process.id for process in await all_of(city, Process)}
    keys = KeyStore(demo[1])

    def kept(process: str) -> set[str]:
        return {name for name in seal.KEYS if keys.exists(ids[story.processes[process].slug], name)}

    assert kept("oma-toteutus") == set()
    assert kept("liikkuva") == {"vote", "box"}
    assert kept("oma-aanestys") == kept("satamapuisto") == {"vote", "draft", "box"}


async def test_milestones_tell_of_every_winner_and_of_the_one_that_was_stopped(
    city: AsyncSession, story: told.Story
):
    stored = Counter(milestone.status for milestone in await all_of(city, Milestone))
    assert stored == Counter(STATUS[script.status] for script in story.milestones)
    stopped = [one for one in await all_of(city, Milestone) if one.status is Status.STOPPED]
    assert [str(one.decided_on.year) in one.decision_case for one in stopped] == [True]


async def test_pictures_are_there_with_their_words(city: AsyncSession, story: told.Story):
    scripts = [*story.proposals.values(), *story.milestones]
    shown = [*await all_of(city, Proposal), *await all_of(city, Milestone)]

    assert {one.picture_alt for one in shown if one.picture_id} == {
        script.picture.alt for script in scripts if script.picture
    }
    assert await count(city, Picture) == sum(script.picture is not None for script in scripts)


# --- all of it went through actions

RECORDED = {
    Account: {"account.opened"},
    Process: {"process.created"},
    Proposal: {"proposal.started", "proposal.combined"},
    Comment: {"comment.added"},
    Project: {"project.selected"},
}
STATE_RECORDED = {
    State.DRAFT: {"proposal.started"},
    State.SUBMITTED: {"proposal.submitted"},
    State.PUBLISHED: {"proposal.published", "proposal.combined"},
    State.NOT_PUBLISHED: {"proposal.refused"},
    State.MERGED: {"proposal.merged"},
    State.WITHDRAWN: {"proposal.withdrawn"},
}


async def recorded(city: AsyncSession, actions: set[str]) -> set:
    statement = select(Entry.subject_id).where(col(Entry.action).in_(actions))
    return set((await city.exec(statement)).all())


@pytest.mark.parametrize("kind", RECORDED, ids=lambda kind: kind.__name__)
async def test_the_making_of_everything_is_on_record(city: AsyncSession, kind):
    made = {thing.id for thing in await all_of(city, kind)}
    assert made
    assert made <= await recorded(city, RECORDED[kind])


async def test_every_proposal_came_to_its_state_by_an_action(city: AsyncSession, proposals):
    for state, actions in STATE_RECORDED.items():
        found = {proposal.id for proposal in proposals.values() if proposal.state is state}
        assert found, state
        assert found <= await recorded(city, actions), state


async def test_supports_rulings_and_evaluations_are_on_record_one_by_one(city: AsyncSession):
    entries = Counter((await city.exec(select(Entry.action))).all())
    assert await count(city, Support) == entries["proposal.supported"]
    assert await count(city, Ruling) == entries["ruling.made"] + entries["ruling.overturned"]
    assert await count(city, Evaluation) == entries["proposal.evaluated"]
    steps = [milestone.version for milestone in await all_of(city, Milestone)]
    assert sum(steps) == entries["milestone.changed"] + entries["milestone.illustrated"]


async def test_everything_happened_in_order_and_nothing_in_the_future(city: AsyncSession):
    entries = (await city.exec(select(Entry.at).order_by(col(Entry.id)))).all()
    assert entries == sorted(entries)
    assert entries[-1] <= await clock.now(city)
    assert entries[0] < entries[-1] - timedelta(days=450)


# --- what a newcomer finds to do


async def test_there_is_work_waiting_for_moderators_and_evaluators(city: AsyncSession, proposals):
    assert sum(proposal.state is State.SUBMITTED for proposal in proposals.values()) >= 3
    assert await count(city, Report, col(Report.ruling_id).is_(None)) == 1
    assert await count(city, Assignment) > await count(city, Evaluation)


async def test_authors_have_been_told_at_the_time(city: AsyncSession):
    notices = await all_of(city, Notice)
    mails = await all_of(city, DemoMail)
    told_at = {notice.made_at.date() for notice in notices}
    assert len(mails) == len(notices) > 300
    assert max(told_at) - min(told_at) > timedelta(days=400)
    assert {mail.to for mail in mails} <= {account.email for account in await all_of(city, Account)}


async def test_only_people_with_something_to_tell_have_a_name(city: AsyncSession, story: told.Story):
    named = [account for account in await all_of(city, Account) if account.name]
    assert len(named) == len(story.residents) + len(story.staff)


# --- the command


async def test_a_database_with_anything_in_it_stays_as_it_is(demo: tuple[str, Path], city: AsyncSession):
    environment = {**os.environ, "DATABASE_URL": demo[0], "KEY_FOLDER": str(demo[1])}
    before = await count(city, Entry)

    again = subprocess.run([PUNTARI, "demo"], env=environment, capture_output=True, text=True, check=False)

    assert again.returncode == 3
    assert "empty database" in again.stderr
    assert again.stdout == ""
    assert await count(city, Entry) == before
    assert await player.ground(city) is Ground.PLAYED


async def test_a_database_with_anything_on_record_is_taken(session: AsyncSession):
    assert await player.ground(session) is Ground.EMPTY
    await audit.record(session, "city.founded", by=System("test"))
    assert await player.ground(session) is Ground.TAKEN


async def test_an_interrupted_play_is_known_and_can_be_cleared(own_url: str, tmp_path: Path):
    environment = {**os.environ, "DATABASE_URL": own_url, "KEY_FOLDER": str(tmp_path / "keys")}
    with subprocess.Popen([PUNTARI, "demo"], env=environment, stderr=subprocess.PIPE, text=True) as play:
        assert play.stderr is not None
        line = next(line for line in play.stderr if " of " in line)
        play.kill()
    assert re.fullmatch(r"\d{4}-\d\d: \d+ of \d+\n", line)
    assert await ground_of(own_url) is Ground.INTERRUPTED

    await migrate.downgrade(own_url, "base")
    await migrate.upgrade(own_url)

    assert await ground_of(own_url) is Ground.EMPTY


async def ground_of(url: str) -> Ground:
    database = Database(url)
    try:
        async with database.transaction(read_only=True) as session:
            return await player.ground(session)
    finally:
        await database.close()


async def test_a_demo_is_a_demo(city: AsyncSession):
    assert await deployment.kind(city) is deployment.Kind.DEMO
