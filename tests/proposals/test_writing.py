"""From the first words to the city: drafts saved at each step, sending, taking back, stepping back."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from service.core.errors import NotFound, SentBefore
from service.processes.models import Activity
from service.proposals import actions, queries, rules
from service.proposals.models import AuthorKind, Content, Proposal, State, Version
from tests import make
from tests.proposals.ideas import BENCHES, MORE_BENCHES


async def test_a_draft_may_be_a_single_word(session, process, aino):
    draft = await actions.start(session, process, Content(title="Pe"), nonce=uuid4(), by=aino)

    assert (draft.state, draft.title, draft.author_name, draft.language) == (
        State.DRAFT,
        "Pe",
        "Aino K.",
        "fi",
    )


async def test_a_draft_is_in_the_language_it_is_written_in(session, process, aino):
    by = replace(aino, language="sv")

    draft = await actions.start(session, process, BENCHES, nonce=uuid4(), by=by)

    assert draft.language == "sv"


async def test_proposals_of_a_process_are_numbered_from_one_and_each_process_has_its_own(
    session, process, aino
):
    other = await make.process(session, open_to=[Activity.PROPOSE])
    numbers = [
        (await actions.start(session, where, BENCHES, nonce=uuid4(), by=aino)).number
        for where in (process, process, other)
    ]

    assert numbers == [1, 2, 1]


async def test_a_form_sent_twice_is_one_draft(session, process, aino):
    nonce = uuid4()
    first = await actions.start(session, process, BENCHES, nonce=nonce, by=aino)
    again = await actions.start(session, process, BENCHES, nonce=nonce, by=aino)

    assert again.id == first.id
    assert len(await make.recorded(session, first.id)) == 1


async def test_another_persons_nonce_opens_nothing(session, process, draft):
    other = await make.resident(session)

    with pytest.raises(SentBefore):
        await actions.start(session, process, BENCHES, nonce=draft.nonce, by=other)


async def test_no_draft_is_begun_where_proposals_are_not_taken(session, aino):
    process = await make.process(session, open_to=[Activity.COMMENT, Activity.SUPPORT])

    with pytest.raises(rules.ProposingIsClosed):
        await actions.start(session, process, BENCHES, nonce=uuid4(), by=aino)


async def test_each_step_saves_what_is_written(session, draft, aino):
    for title in ("", "Penkkejä", "Penkkejä Puistokadulle ja torille"):
        await actions.save(session, draft, Content(title=title), version=draft.version, by=aino)
        assert (draft.title, draft.text) == (title, "")


async def test_an_area_and_a_topic_must_be_the_processs_own(session, aino):
    harbour, village, parks, culture = (
        await make.area(session, "Harbour"),
        await make.area(session, "Village"),
        await make.category(session, "Parks"),
        await make.category(session, "Culture"),
    )
    process = await make.process(
        session, open_to=[Activity.PROPOSE], pots=[(harbour, 1_000_00)], categories=[parks]
    )
    known = Content(area_id=harbour.id, category_id=parks.id)
    draft = await actions.start(session, process, known, nonce=uuid4(), by=aino)

    for content, error in (
        (Content(area_id=village.id), rules.AreaUnknown),
        (Content(area_id=uuid4()), rules.AreaUnknown),
        (Content(category_id=culture.id), rules.CategoryUnknown),
        (Content(category_id=uuid4()), rules.CategoryUnknown),
    ):
        with pytest.raises(error):
            await actions.save(session, draft, content, version=draft.version, by=aino)
    assert (draft.area_id, draft.category_id) == (harbour.id, parks.id)


async def test_where_money_is_not_divided_by_area_any_area_may_be_meant(session, process, aino):
    harbour = await make.area(session, "Harbour")

    draft = await actions.start(session, process, Content(area_id=harbour.id), nonce=uuid4(), by=aino)

    assert draft.area_id == harbour.id


async def test_a_second_editor_is_shown_what_the_first_one_wrote(session, draft, aino):
    seen = draft.version
    await actions.save(session, draft, MORE_BENCHES, version=seen, by=aino)

    with pytest.raises(rules.EditedMeanwhile) as conflict:
        await actions.save(session, draft, Content(title="Toinen"), version=seen, by=aino)

    assert conflict.value.current.title == MORE_BENCHES.title
    await actions.save(session, draft, Content(title="Toinen"), version=conflict.value.version, by=aino)
    assert draft.title == "Toinen"


async def test_the_same_step_sent_twice_is_no_conflict(session, draft, aino):
    seen = draft.version
    await actions.save(session, draft, MORE_BENCHES, version=seen, by=aino)

    await actions.save(session, draft, MORE_BENCHES, version=seen, by=aino)

    assert draft.version == seen + 1


async def test_the_database_keeps_one_change_that_waits_at_most(session, published, aino):
    await actions.edit(session, published, MORE_BENCHES, version=published.version, note="", by=aino)
    second = Version(**MORE_BENCHES.content(), proposal_id=published.id, number=9)

    with pytest.raises(IntegrityError, match="uq_proposal_version_waiting"):
        async with session.begin_nested():
            session.add(second)


async def test_what_is_submitted_waits_for_moderation(session, process, submitted):
    assert submitted.state is State.SUBMITTED
    assert submitted.submitted_at
    assert submitted.published_at is None
    assert [
        (found.id, edit)
        for found, edit in await queries.waiting_for_moderation(session, frozenset({process.id}))
    ] == [(submitted.id, None)]


async def test_submitting_twice_changes_nothing(session, submitted, aino):
    version = submitted.version

    await actions.submit(session, submitted, by=aino)

    assert submitted.version == version


async def test_a_proposal_that_says_too_little_stays_a_draft(session, process, aino):
    draft = await actions.start(session, process, Content(title="Pe"), nonce=uuid4(), by=aino)

    with pytest.raises(rules.TitleIsShort):
        await actions.submit(session, draft, by=aino)
    assert draft.state is State.DRAFT


async def test_a_company_is_named(session, process, aino):
    content = BENCHES.model_copy(update={"author_kind": AuthorKind.COMPANY})
    draft = await actions.start(session, process, content, nonce=uuid4(), by=aino)
    with pytest.raises(rules.OrganisationMissing):
        await actions.submit(session, draft, by=aino)

    named = content.model_copy(update={"organisation": "Köysi ja ankkuri Oy"})
    await actions.save(session, draft, named, version=draft.version, by=aino)

    assert (await actions.submit(session, draft, by=aino)).organisation == "Köysi ja ankkuri Oy"


async def test_a_draft_is_safe_when_proposing_closes_while_it_is_written(session, draft, aino, close):
    await close()

    await actions.save(session, draft, MORE_BENCHES, version=draft.version, by=aino)
    with pytest.raises(rules.ProposingIsClosed):
        await actions.submit(session, draft, by=aino)

    assert (draft.state, draft.title) == (State.DRAFT, MORE_BENCHES.title)


async def test_a_returned_proposal_is_completed_also_after_proposing_has_closed(
    session, submitted, aino, moderator, close
):
    await actions.return_to_author(session, submitted, version=submitted.version, by=moderator)
    await close()

    await actions.save(session, submitted, MORE_BENCHES, version=submitted.version, by=aino)
    await actions.submit(session, submitted, by=aino)

    assert (submitted.state, submitted.title) == (State.SUBMITTED, MORE_BENCHES.title)


async def test_what_waits_is_taken_back_to_be_mended_and_not_before(session, process, submitted, aino):
    with pytest.raises(rules.StateForbids):
        await actions.save(session, submitted, MORE_BENCHES, version=submitted.version, by=aino)

    await actions.take_back(session, submitted, by=aino)
    await actions.save(session, submitted, MORE_BENCHES, version=submitted.version, by=aino)

    assert (submitted.state, submitted.title) == (State.DRAFT, MORE_BENCHES.title)
    assert await queries.waiting_for_moderation(session, frozenset({process.id})) == []


async def test_anothers_draft_is_not_there(session, process, draft, moderator):
    stranger = await make.resident(session)

    for viewer in (None, stranger, moderator):
        with pytest.raises(NotFound):
            await queries.seen_by(session, process, draft.number, viewer)
    with pytest.raises(NotFound):
        await queries.written_by(session, process, draft.number, stranger)
    for act in (
        actions.save(session, draft, MORE_BENCHES, version=draft.version, by=stranger),
        actions.submit(session, draft, by=stranger),
        actions.withdraw(session, draft, by=stranger),
        actions.discard(session, draft, by=stranger),
        actions.remove_picture(session, draft, by=stranger),
    ):
        with pytest.raises(NotFound):
            await act


async def test_the_author_sees_the_own_draft(session, process, draft, aino):
    assert (await queries.seen_by(session, process, draft.number, aino)).id == draft.id
    assert (await queries.written_by(session, process, draft.number, aino)).id == draft.id


async def test_a_number_that_is_not_there_is_not_found(session, process, aino):
    with pytest.raises(NotFound):
        await queries.seen_by(session, process, 999, aino)


async def test_an_unsent_draft_is_deleted_without_a_trace(session, process, draft, aino):
    await actions.discard(session, draft, by=aino)

    assert await session.get(Proposal, draft.id) is None
    with pytest.raises(NotFound):
        await queries.written_by(session, process, draft.number, aino)


async def test_what_a_moderator_has_seen_is_withdrawn_and_not_deleted(session, submitted, aino):
    await actions.take_back(session, submitted, by=aino)
    with pytest.raises(rules.StateForbids):
        await actions.discard(session, submitted, by=aino)

    await actions.withdraw(session, submitted, by=aino)

    assert submitted.state is State.WITHDRAWN


async def test_a_withdrawn_proposal_that_was_public_stays_readable(session, process, published, aino):
    await actions.withdraw(session, published, by=aino)
    await actions.withdraw(session, published, by=aino)

    assert (await queries.seen_by(session, process, published.number, None)).state is State.WITHDRAWN


async def test_a_withdrawn_proposal_that_never_was_public_is_its_authors_alone(
    session, process, submitted, aino, moderator
):
    await actions.withdraw(session, submitted, by=aino)

    assert await queries.seen_by(session, process, submitted.number, aino)
    for viewer in (None, moderator):
        with pytest.raises(NotFound):
            await queries.seen_by(session, process, submitted.number, viewer)


async def test_nobody_withdraws_from_a_vote_that_has_begun(session, published, aino, open_voting):
    await open_voting()

    with pytest.raises(rules.TextsAreFixed):
        await actions.withdraw(session, published, by=aino)


async def test_a_hidden_proposal_cannot_come_back_by_being_withdrawn(session, published, aino, moderator):
    await actions.hide(session, published, by=moderator)

    with pytest.raises(rules.StateForbids):
        await actions.withdraw(session, published, by=aino)


async def test_what_waits_for_a_person_is_drafts_and_what_was_returned(
    session, process, draft, aino, moderator
):
    returned = await actions.start(session, process, MORE_BENCHES, nonce=uuid4(), by=aino)
    await actions.submit(session, returned, by=aino)
    await actions.return_to_author(session, returned, version=returned.version, by=moderator)

    waiting = await queries.waiting_for(session, aino)

    assert [own.number for own in waiting.drafts] == [draft.number]
    assert [(own.number, bool(own.returned_at)) for own in waiting.returned] == [(returned.number, True)]
    assert [own.number for own in await queries.of_author(session, aino.id)] == [2, 1]
