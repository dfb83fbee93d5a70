"""People tell the moderators what is wrong with something public."""

from uuid import uuid4

import pytest
from sqlmodel import select

from service.core.actor import Role
from service.core.errors import NotFound, SentBefore
from service.moderation import actions, queries, rules
from service.moderation.models import Complaint, Decision, Ground, Kind, Report
from service.proposals.models import State
from tests import make

INSULTING = Complaint(ground=Ground.INSULTING)


@pytest.fixture
async def proposal(session):
    return await make.proposal(session, await make.process(session))


async def reports(session):
    return (await session.exec(select(Report))).all()


async def test_a_report_waits_with_its_ground_and_words(session, proposal):
    complaint = Complaint(ground=Ground.PERSONAL_DATA, text=" Puhelinnumero. ")

    await actions.report(session, proposal, complaint, nonce=uuid4(), by=await make.resident(session))

    [report] = await queries.reports_on(session, proposal_id=proposal.id)
    assert (report.ground, report.text, report.process_id) == (
        Ground.PERSONAL_DATA,
        "Puhelinnumero.",
        proposal.process_id,
    )


async def test_another_ground_needs_words(session, proposal):
    by = await make.resident(session)

    with pytest.raises(rules.ComplaintMissing) as refused:
        await actions.report(session, proposal, Complaint(ground=Ground.OTHER), nonce=uuid4(), by=by)

    assert refused.value.field == "text"


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED, State.NOT_PUBLISHED])
async def test_what_is_not_public_cannot_be_reported(session, state):
    proposal = await make.proposal(session, await make.process(session), state=state)
    comment = await make.comment(session, proposal.thread_id)

    with pytest.raises(NotFound):
        await actions.report(session, proposal, INSULTING, nonce=uuid4(), by=await make.resident(session))
    with pytest.raises(NotFound):
        await actions.report_comment(
            session, comment.id, INSULTING, nonce=uuid4(), by=await make.resident(session)
        )


async def test_a_comment_that_cannot_be_read_cannot_be_reported(session, proposal):
    by = await make.resident(session)
    comment = await make.comment(session, proposal.thread_id)
    for mark in ("hidden_at", "withdrawn_at"):
        setattr(comment, mark, comment.written_at)
        await session.flush()
        with pytest.raises(NotFound):
            await actions.report_comment(session, comment.id, INSULTING, nonce=uuid4(), by=by)
        setattr(comment, mark, None)
    with pytest.raises(NotFound):
        await actions.report_comment(session, uuid4(), INSULTING, nonce=uuid4(), by=by)


async def test_a_form_sent_twice_is_one_report(session, proposal):
    by, nonce = await make.resident(session), uuid4()

    first = await actions.report(session, proposal, INSULTING, nonce=nonce, by=by)
    second = await actions.report(session, proposal, INSULTING, nonce=nonce, by=by)

    assert first.id == second.id
    assert len(await reports(session)) == 1


async def test_a_person_has_one_open_report_of_a_thing_so_that_a_count_counts_people(session, proposal):
    by = await make.resident(session)
    comment = await make.comment(session, proposal.thread_id)

    first = await actions.report(session, proposal, INSULTING, nonce=uuid4(), by=by)
    again = await actions.report(session, proposal, Complaint(ground=Ground.UNLAWFUL), nonce=uuid4(), by=by)
    await actions.report_comment(session, comment.id, INSULTING, nonce=uuid4(), by=by)
    await actions.report(session, proposal, INSULTING, nonce=uuid4(), by=await make.resident(session))

    assert again.id == first.id
    assert len(await queries.reports_on(session, proposal_id=proposal.id)) == 2
    assert len(await reports(session)) == 3


async def test_after_a_ruling_a_person_can_report_again(session, proposal):
    by = await make.resident(session)
    moderator = await make.staff(session, Role.MODERATOR)
    first = await actions.report(session, proposal, INSULTING, nonce=uuid4(), by=by)
    await actions.decide(session, proposal, Decision(kind=Kind.KEEP), version=proposal.version, by=moderator)

    second = await actions.report(session, proposal, INSULTING, nonce=uuid4(), by=by)

    assert second.id != first.id


async def test_anothers_nonce_shows_nothing_of_theirs(session, proposal):
    nonce = uuid4()
    await actions.report(session, proposal, INSULTING, nonce=nonce, by=await make.resident(session))

    with pytest.raises(SentBefore):
        await actions.report(session, proposal, INSULTING, nonce=nonce, by=await make.resident(session))


async def test_one_who_leaves_takes_their_words_along_and_the_report_still_waits(session, proposal):
    by = await make.resident(session)
    complaint = Complaint(ground=Ground.FALSE_NAME, text="En ole kirjoittanut tätä.")
    await actions.report(session, proposal, complaint, nonce=uuid4(), by=by)
    assert (await queries.of_person(session, by.id))["reports"][0]["text"] == complaint.text

    proposal_id = proposal.id
    await actions.forget(session, by.id)

    session.expire_all()
    [report] = await queries.reports_on(session, proposal_id=proposal_id)
    assert (report.text, report.reporter_id, report.ground) == ("", None, Ground.FALSE_NAME)
