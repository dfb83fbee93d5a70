"""One list of what waits, the oldest first, and only what this moderator may decide."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import col, update

from service.core import clock
from service.core.actor import Role
from service.moderation import actions, queue
from service.moderation.models import Appeal, Complaint, Decision, Ground, Kind, Plea, Report
from service.moderation.queue import Matter
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals.models import Idea, State
from tests import make

REFUSE = Decision(kind=Kind.REFUSE, ground=Ground.ADVERTISING, reason="Teksti on mainos.")


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE])


@pytest.fixture
async def moderator(session, process):
    return await make.staff(session, Role.MODERATOR, process)


async def refused(session, process, by):
    author = await make.resident(session)
    proposal = await make.proposal(session, process, author, state=State.SUBMITTED, title="Hylätty ajatus")
    ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=by)
    return await actions.appeal(session, ruling, Plea(text="Ei ole mainos."), by=author)


async def test_all_that_waits_stands_in_one_list_the_oldest_first(session, process, moderator):
    now = await clock.now(session)
    days = [now - timedelta(days=count) for count in range(5)]
    await make.proposal(session, process, state=State.SUBMITTED, submitted_at=days[3], title="Uusi ehdotus")
    author = await make.resident(session)
    changed = await make.proposal(session, process, author, title="Vanha otsikko")
    idea = Idea(title="Muutettu otsikko", text="Torilta terveysasemalle on kilometri, ja on istuttava.")
    edit = await proposals.edit(session, changed, idea, version=changed.version, note="", by=author)
    edit.written_at = days[1]
    comment = await make.comment(session, changed.thread_id, text="**Hölmö** ehdotus " + "sana " * 60)
    report = await actions.report_comment(
        session, comment.id, Complaint(ground=Ground.INSULTING), nonce=uuid4(), by=author
    )
    await session.exec(update(Report).where(col(Report.id) == report.id).values(reported_at=days[4]))
    appeal = await refused(session, process, await make.staff(session, Role.MODERATOR, process))
    await session.exec(update(Appeal).where(col(Appeal.id) == appeal.id).values(made_at=days[2]))

    lines = await queue.waiting(session, moderator)

    assert [(line.matter, line.title) for line in lines[1:]] == [
        (Matter.PROPOSAL, "Uusi ehdotus"),
        (Matter.APPEAL, "Hylätty ajatus"),
        (Matter.EDIT, "Muutettu otsikko"),
    ]
    assert lines[0].matter is Matter.REPORT
    assert lines[0].title.startswith("Hölmö ehdotus sana")
    assert len(lines[0].title) <= 80
    assert {line.process.slug for line in lines} == {process.slug}


async def test_reports_of_one_thing_are_one_line_with_the_ground_of_the_oldest(session, process, moderator):
    proposal = await make.proposal(session, process)
    for ground in (Ground.UNLAWFUL, Ground.OFF_TOPIC, Ground.OFF_TOPIC):
        complaint = Complaint(ground=ground)
        await actions.report(session, proposal, complaint, nonce=uuid4(), by=await make.resident(session))

    [line] = await queue.waiting(session, moderator)

    assert (line.reports, line.ground, line.proposal_id) == (3, Ground.UNLAWFUL, proposal.id)


async def test_a_moderator_sees_neither_other_processes_nor_own_texts_nor_appeals_of_own_rulings(
    session, process, moderator
):
    other = await make.process(session, open_to=[Activity.PROPOSE])
    stranger = await make.staff(session, Role.MODERATOR, other)
    everywhere = await make.staff(session, Role.MODERATOR)
    await make.proposal(session, other, state=State.SUBMITTED)
    own = make.Resident(moderator.id, moderator.name, "fi")
    await make.proposal(session, process, own, state=State.SUBMITTED)
    mine = await make.proposal(session, process, own)
    complaint = Complaint(ground=Ground.UNLAWFUL)
    await actions.report(session, mine, complaint, nonce=uuid4(), by=await make.resident(session))
    await refused(session, process, moderator)
    common = [
        await make.proposal(session, process, state=state) for state in (State.SUBMITTED, State.PUBLISHED)
    ]
    for proposal in common:
        await make.coauthor(session, proposal, moderator)
    await actions.report(session, common[1], complaint, nonce=uuid4(), by=await make.resident(session))

    assert await queue.waiting(session, moderator) == []
    assert [line.matter for line in await queue.waiting(session, stranger)] == [Matter.PROPOSAL]
    assert len(await queue.waiting(session, everywhere)) == 6


async def test_the_queue_takes_four_statements_however_long_it_is(session, process, moderator):
    for _ in range(6):
        proposal = await make.proposal(session, process, state=State.SUBMITTED)
        public = await make.proposal(session, process)
        for thing in (proposal, public):
            comment = await make.comment(session, thing.thread_id)
            session.add(
                Report(process_id=process.id, comment_id=comment.id, ground=Ground.INSULTING, nonce=uuid4())
            )
    await session.flush()
    statements = []
    engine = (await session.connection()).sync_connection

    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    lines = await queue.waiting(session, moderator)
    event.remove(engine, "before_cursor_execute", count)

    assert len(lines) == 18
    assert len(statements) == 4
