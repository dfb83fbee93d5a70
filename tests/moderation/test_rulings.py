"""A moderator decides on what waits and on what is public; each sentence of the rules, and nothing altered afterwards."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service.audit.models import Entry
from service.core.actor import Role
from service.core.errors import Forbidden, NotFound
from service.moderation import actions, queries, rules
from service.moderation.models import Complaint, Decision, Ground, Kind, Ruling
from service.processes.models import Activity
from service.proposals import actions as proposals
from service.proposals import queries as proposals_queries
from service.proposals.models import Idea, State
from service.proposals.rules import EditedMeanwhile, StateForbids
from tests import make

HIDE = Decision(kind=Kind.HIDE, ground=Ground.INSULTING, reason="Teksti haukkuu ihmistä.")
KEEP = Decision(kind=Kind.KEEP)
PUBLISH = Decision(kind=Kind.PUBLISH)
REFUSE = Decision(kind=Kind.REFUSE, ground=Ground.ADVERTISING, reason="Teksti on mainos.")
RETURN = Decision(kind=Kind.RETURN, ground=Ground.UNCLEAR, reason="Kerro, missä paikassa.")
RESTORE = Decision(kind=Kind.RESTORE)


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE, Activity.COMMENT])


@pytest.fixture
async def moderator(session, process):
    return await make.staff(session, Role.MODERATOR, process)


async def submitted(session, process, **values):
    return await make.proposal(session, process, state=State.SUBMITTED, **values)


async def rulings(session):
    return (await session.exec(select(Ruling))).all()


async def edited(session, process):
    """A published proposal whose change waits."""
    author = await make.resident(session)
    proposal = await make.proposal(session, process, author)
    idea = Idea(title="Penkkejä ja pöytiä", text="Torilta terveysasemalle on kilometri, ja on istuttava.")
    await proposals.edit(session, proposal, idea, version=proposal.version, note="", by=author)
    return proposal


# --- what waits


@pytest.mark.parametrize(
    ("decision", "state"),
    [(PUBLISH, State.PUBLISHED), (RETURN, State.RETURNED), (REFUSE, State.NOT_PUBLISHED)],
)
async def test_a_decision_moves_a_submitted_proposal_and_is_kept_with_its_reason(
    session, process, moderator, decision, state
):
    proposal = await submitted(session, process)

    ruling = await actions.decide(session, proposal, decision, version=proposal.version, by=moderator)

    assert proposal.state is state
    assert (ruling.kind, ruling.ground, ruling.reason) == (decision.kind, decision.ground, decision.reason)
    assert (await queries.latest_of(session, proposal.id)).id == ruling.id


@pytest.mark.parametrize("kind", [Kind.RETURN, Kind.REFUSE, Kind.HIDE])
async def test_what_is_not_shown_needs_a_ground_and_a_reason(session, process, moderator, kind):
    proposal = await submitted(session, process)
    version = proposal.version

    with pytest.raises(rules.GroundMissing) as no_ground:
        await actions.decide(
            session, proposal, Decision(kind=kind, reason="x"), version=version, by=moderator
        )
    with pytest.raises(rules.ReasonMissing) as no_reason:
        await actions.decide(
            session,
            proposal,
            Decision(kind=kind, ground=Ground.OTHER, reason="  "),
            version=version,
            by=moderator,
        )

    assert (no_ground.value.field, no_reason.value.field) == ("ground", "reason")
    assert proposal.state is State.SUBMITTED
    assert await rulings(session) == []


async def test_the_database_too_refuses_a_ruling_without_its_reason(session, process):
    proposal = await submitted(session, process)
    session.add(Ruling(proposal_id=proposal.id, kind=Kind.REFUSE, ground=Ground.OTHER, reason=""))

    with pytest.raises(DBAPIError, match="ck_ruling_has_reason"):
        await session.flush()


async def test_the_database_refuses_a_ruling_of_two_things_and_of_none(session, process):
    proposal = await make.proposal(session, process)
    comment = await make.comment(session, proposal.thread_id)
    for things in ({"proposal_id": proposal.id, "comment_id": comment.id}, {}):
        with pytest.raises(DBAPIError, match="ck_ruling_one_thing"):
            async with session.begin_nested():
                session.add(Ruling(kind=Kind.KEEP, **things))


async def test_nobody_decides_on_a_text_they_have_not_read(session, process, moderator):
    author = await make.resident(session)
    proposal = await submitted(session, process, author=author)
    seen = proposal.version
    await proposals.take_back(session, proposal, by=author)
    await proposals.submit(session, proposal, by=author)

    with pytest.raises(EditedMeanwhile):
        await actions.decide(session, proposal, PUBLISH, version=seen, by=moderator)


async def test_a_change_of_a_published_proposal_is_decided_on_apart_from_it(session, process, moderator):
    for decision in (PUBLISH, RETURN, REFUSE):
        proposal = await edited(session, process)

        ruling = await actions.decide(session, proposal, decision, version=proposal.version, by=moderator)

        assert ruling.of_edit
        assert proposal.state is State.PUBLISHED
        assert (proposal.title == "Penkkejä ja pöytiä") is (decision is PUBLISH)


async def test_a_decision_on_a_change_leaves_the_reports_of_the_public_text_open(session, process, moderator):
    proposal = await edited(session, process)
    complaint = Complaint(ground=Ground.INSULTING)
    await actions.report(session, proposal, complaint, nonce=uuid4(), by=await make.resident(session))

    await actions.decide(session, proposal, PUBLISH, version=proposal.version, by=moderator)

    assert len(await queries.reports_on(session, proposal_id=proposal.id)) == 1


@pytest.mark.parametrize("decision", [PUBLISH, RETURN, REFUSE])
async def test_what_does_not_wait_cannot_be_published_returned_or_refused(
    session, process, moderator, decision
):
    for state in (State.PUBLISHED, State.NOT_PUBLISHED, State.RETURNED):
        proposal = await make.proposal(session, process, state=state)
        with pytest.raises((rules.DoesNotFit, StateForbids)):
            await actions.decide(session, proposal, decision, version=proposal.version, by=moderator)
    assert await rulings(session) == []


# --- what is public


async def test_a_hidden_proposal_is_gone_from_public_and_comes_back_by_another_ruling(
    session, process, moderator
):
    proposal = await make.proposal(session, process)

    await actions.decide(session, proposal, HIDE, version=proposal.version, by=moderator)
    with pytest.raises(NotFound):
        await proposals_queries.seen_by(session, process, proposal.number, None)

    await actions.decide(session, proposal, RESTORE, version=proposal.version, by=moderator)
    assert (await proposals_queries.seen_by(session, process, proposal.number, None)).id == proposal.id
    assert [ruling.kind for ruling in await queries.of_proposal(session, proposal.id)] == [
        Kind.RESTORE,
        Kind.HIDE,
    ]


async def test_a_proposal_is_hidden_once(session, process, moderator):
    proposal = await make.proposal(session, process)
    await actions.decide(session, proposal, HIDE, version=proposal.version, by=moderator)

    with pytest.raises(StateForbids):
        await actions.decide(session, proposal, HIDE, version=proposal.version, by=moderator)


async def test_only_what_was_taken_away_is_put_back(session, process, moderator):
    proposal = await make.proposal(session, process)

    with pytest.raises(rules.DoesNotFit):
        await actions.decide(session, proposal, RESTORE, version=proposal.version, by=moderator)


async def test_keeping_answers_reports_and_needs_one(session, process, moderator):
    proposal = await make.proposal(session, process)
    with pytest.raises(rules.DoesNotFit):
        await actions.decide(session, proposal, KEEP, version=proposal.version, by=moderator)

    complaint = Complaint(ground=Ground.OFF_TOPIC)
    report = await actions.report(
        session, proposal, complaint, nonce=uuid4(), by=await make.resident(session)
    )
    ruling = await actions.decide(session, proposal, KEEP, version=proposal.version, by=moderator)

    await session.refresh(report)
    assert report.ruling_id == ruling.id
    assert proposal.state is State.PUBLISHED
    with pytest.raises(rules.DoesNotFit):
        await actions.decide(session, proposal, KEEP, version=proposal.version, by=moderator)


async def test_hiding_closes_every_open_report_of_the_thing_and_no_other(session, process, moderator):
    proposal, other = [await make.proposal(session, process) for _ in range(2)]
    comment = await make.comment(session, proposal.thread_id)
    complaint = Complaint(ground=Ground.INSULTING)
    for _ in range(2):
        await actions.report(session, proposal, complaint, nonce=uuid4(), by=await make.resident(session))
    await actions.report(session, other, complaint, nonce=uuid4(), by=await make.resident(session))
    await actions.report_comment(
        session, comment.id, complaint, nonce=uuid4(), by=await make.resident(session)
    )

    await actions.decide(session, proposal, HIDE, version=proposal.version, by=moderator)

    assert await queries.reports_on(session, proposal_id=proposal.id) == []
    assert len(await queries.reports_on(session, proposal_id=other.id)) == 1
    assert len(await queries.reports_on(session, comment_id=comment.id)) == 1


# --- comments


async def test_a_comment_is_hidden_once_and_shown_again(session, process, moderator):
    comment = await make.comment(session, (await make.proposal(session, process)).thread_id)

    await actions.decide_on_comment(session, comment.id, HIDE, by=moderator)
    assert comment.hidden_at
    with pytest.raises(rules.DoesNotFit):
        await actions.decide_on_comment(session, comment.id, HIDE, by=moderator)

    await actions.decide_on_comment(session, comment.id, RESTORE, by=moderator)
    assert comment.hidden_at is None
    with pytest.raises(rules.DoesNotFit):
        await actions.decide_on_comment(session, comment.id, RESTORE, by=moderator)


@pytest.mark.parametrize("decision", [PUBLISH, RETURN, REFUSE, KEEP])
async def test_a_comment_without_reports_is_hidden_or_left_alone(session, process, moderator, decision):
    comment = await make.comment(session, (await make.proposal(session, process)).thread_id)

    with pytest.raises(rules.DoesNotFit):
        await actions.decide_on_comment(session, comment.id, decision, by=moderator)


async def test_a_report_of_a_comment_that_its_author_took_back_is_closed_by_keeping(
    session, process, moderator
):
    comment = await make.comment(session, (await make.proposal(session, process)).thread_id)
    complaint = Complaint(ground=Ground.INSULTING)
    await actions.report_comment(
        session, comment.id, complaint, nonce=uuid4(), by=await make.resident(session)
    )
    comment.withdrawn_at = comment.written_at
    await session.flush()

    with pytest.raises(rules.DoesNotFit):
        await actions.decide_on_comment(session, comment.id, HIDE, by=moderator)
    await actions.decide_on_comment(session, comment.id, KEEP, by=moderator)

    assert await queries.reports_on(session, comment_id=comment.id) == []


# --- who


async def test_a_moderator_of_another_process_decides_nothing(session, process):
    stranger = await make.staff(session, Role.MODERATOR, await make.process(session))
    proposal = await submitted(session, process)
    comment = await make.comment(session, proposal.thread_id)

    with pytest.raises(Forbidden):
        await actions.decide(session, proposal, PUBLISH, version=proposal.version, by=stranger)
    with pytest.raises(Forbidden):
        await actions.decide_on_comment(session, comment.id, HIDE, by=stranger)
    assert await rulings(session) == []


async def test_nobody_decides_on_their_own_text(session, process):
    account = await make.account(session)
    moderator = make.STAFF[Role.MODERATOR](account.id, account.name, None)
    author = make.Resident(account.id, account.name, "fi")
    proposal = await submitted(session, process, author=author)
    comment = await make.comment(session, proposal.thread_id, author)

    with pytest.raises(rules.OwnText):
        await actions.decide(session, proposal, PUBLISH, version=proposal.version, by=moderator)
    with pytest.raises(rules.OwnText):
        await actions.decide_on_comment(session, comment.id, HIDE, by=moderator)


async def test_nobody_decides_on_what_they_are_coauthor_of(session, process, moderator):
    proposal = await submitted(session, process)
    await make.coauthor(session, proposal, moderator)

    with pytest.raises(rules.OwnText):
        await actions.decide(session, proposal, PUBLISH, version=proposal.version, by=moderator)


# --- what stays


async def test_a_ruling_is_never_altered_nor_deleted(session, process, moderator):
    proposal = await submitted(session, process)
    await actions.decide(session, proposal, REFUSE, version=proposal.version, by=moderator)

    for statement in (
        "update ruling set reason = 'toinen'",
        "update ruling set kind = 'publish'",
        "delete from ruling",
    ):
        with pytest.raises(DBAPIError, match="never altered"):
            async with session.begin_nested():
                await session.exec(text(statement))


async def test_a_ruling_outlives_its_moderators_account_without_a_name(session, process, moderator):
    proposal = await submitted(session, process)
    ruling = await actions.decide(session, proposal, REFUSE, version=proposal.version, by=moderator)

    await session.exec(text("delete from account where id = :id").bindparams(id=moderator.id))

    await session.refresh(ruling)
    assert ruling.moderator_id is None
    assert ruling.reason == REFUSE.reason


async def test_each_ruling_is_on_record_with_its_kind_and_ground_and_without_words(
    session, process, moderator
):
    proposal = await submitted(session, process)
    await actions.decide(session, proposal, REFUSE, version=proposal.version, by=moderator)

    entry = (await session.exec(select(Entry).where(Entry.action == "ruling.made"))).one()
    assert (entry.actor_role, entry.actor_id, entry.subject_id) == ("moderator", moderator.id, proposal.id)
    assert entry.details == {"kind": "refuse", "ground": "advertising", "number": proposal.number}
