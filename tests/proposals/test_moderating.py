"""What moderators decide on: a submitted proposal, and each later edit of a published one, before the public reads it."""

import pytest

from service.core.actor import Role
from service.core.errors import Forbidden, NotFound
from service.proposals import actions, queries, rules
from service.proposals.models import Idea, State
from tests import make
from tests.proposals.ideas import BENCHES, MORE_BENCHES


async def test_a_published_proposal_is_everybodys_and_its_history_begins(session, process, published):
    assert published.state is State.PUBLISHED
    assert published.published_at
    assert (await queries.seen_by(session, process, published.number, None)).id == published.id
    (first,) = await queries.versions(session, published)
    assert (first.number, first.title, first.text) == (1, BENCHES.title, BENCHES.text)


async def test_publishing_makes_the_cached_pages_anew_and_submitting_does_not(
    session, submitted, aino, moderator
):
    session.info.pop("publishes", None)
    await actions.take_back(session, submitted, by=aino)
    await actions.submit(session, submitted, by=aino)
    assert "publishes" not in session.info

    await actions.publish(session, submitted, version=submitted.version, by=moderator)

    assert session.info["publishes"]


async def test_a_returned_proposal_is_its_authors_to_mend(session, process, submitted, aino, moderator):
    await actions.return_to_author(session, submitted, version=submitted.version, by=moderator)

    assert submitted.state is State.RETURNED
    await actions.save(session, submitted, MORE_BENCHES, version=submitted.version, by=aino)
    await actions.submit(session, submitted, by=aino)
    await actions.publish(session, submitted, version=submitted.version, by=moderator)
    (first,) = await queries.versions(session, submitted)
    assert first.title == MORE_BENCHES.title


async def test_a_refused_proposal_is_not_public_and_can_be_put_back(
    session, process, submitted, aino, moderator
):
    await actions.refuse(session, submitted, version=submitted.version, by=moderator)

    assert submitted.state is State.NOT_PUBLISHED
    assert await queries.seen_by(session, process, submitted.number, aino)
    assert await queries.seen_by(session, process, submitted.number, moderator)
    with pytest.raises(NotFound):
        await queries.seen_by(session, process, submitted.number, None)

    await actions.publish(session, submitted, version=submitted.version, by=moderator)
    assert submitted.state is State.PUBLISHED


async def test_a_hidden_proposal_leaves_the_public_and_comes_back_with_the_same_history(
    session, process, published, moderator
):
    since = published.published_at
    await actions.hide(session, published, by=moderator)
    with pytest.raises(NotFound):
        await queries.seen_by(session, process, published.number, None)

    await actions.publish(session, published, version=published.version, by=moderator)

    assert published.published_at == since
    assert len(await queries.versions(session, published)) == 1


async def test_a_proposal_is_hidden_also_while_people_vote(session, published, moderator, open_voting):
    await open_voting()

    await actions.hide(session, published, by=moderator)

    assert published.state is State.NOT_PUBLISHED


async def test_a_withdrawn_proposal_is_hidden_and_comes_back_withdrawn(session, published, aino, moderator):
    await actions.withdraw(session, published, by=aino)
    await actions.hide(session, published, by=moderator)
    assert published.state is State.NOT_PUBLISHED

    await actions.publish(session, published, version=published.version, by=moderator)

    assert published.state is State.WITHDRAWN


async def test_a_merged_proposal_is_hidden_and_comes_back_on_its_own(
    session, process, published, moderator, editor
):
    target = await make.proposal(session, process)
    await actions.merge(session, target, [published], by=editor)
    await actions.hide(session, published, by=moderator)
    assert (await queries.detail(session, target, None)).sources == []

    await actions.publish(session, published, version=published.version, by=moderator)

    assert (published.state, published.merged_into_id) == (State.PUBLISHED, None)


async def test_a_moderator_decides_in_the_own_processes_alone(session, submitted):
    other = await make.process(session)
    stranger = await make.staff(session, Role.MODERATOR, other)

    for decide in (actions.publish, actions.return_to_author, actions.refuse):
        with pytest.raises(Forbidden):
            await decide(session, submitted, version=submitted.version, by=stranger)
    with pytest.raises(Forbidden):
        await actions.hide(session, submitted, by=stranger)


async def test_a_moderator_decides_on_what_was_read(session, submitted, aino, moderator):
    read = submitted.version
    await actions.take_back(session, submitted, by=aino)
    await actions.save(session, submitted, MORE_BENCHES, version=submitted.version, by=aino)
    await actions.submit(session, submitted, by=aino)

    for decide in (actions.publish, actions.return_to_author, actions.refuse):
        with pytest.raises(rules.EditedMeanwhile):
            await decide(session, submitted, version=read, by=moderator)
    assert submitted.state is State.SUBMITTED


async def test_what_does_not_wait_is_not_decided_on(session, draft, moderator):
    for decide in (actions.publish, actions.return_to_author, actions.refuse):
        with pytest.raises(rules.StateForbids):
            await decide(session, draft, version=draft.version, by=moderator)
    with pytest.raises(rules.StateForbids):
        await actions.hide(session, draft, by=moderator)


async def test_a_published_proposal_with_no_edit_is_not_decided_on_again(session, published, moderator):
    for decide in (actions.publish, actions.return_to_author, actions.refuse):
        with pytest.raises(rules.StateForbids):
            await decide(session, published, version=published.version, by=moderator)


@pytest.fixture
async def edited(session, published, aino):
    await actions.edit(
        session, published, MORE_BENCHES, version=published.version, note="Lisäsin torin.", by=aino
    )
    return published


async def test_an_edit_waits_and_the_public_reads_the_earlier_text(session, process, edited, moderator):
    waiting = await queries.waiting_edit(session, edited)

    assert (edited.title, waiting.title, waiting.note) == (
        BENCHES.title,
        MORE_BENCHES.title,
        "Lisäsin torin.",
    )
    assert [version.title for version in await queries.versions(session, edited)] == [BENCHES.title]
    assert [
        (found.id, edit.number)
        for found, edit in await queries.waiting_for_moderation(session, frozenset({process.id}))
    ] == [(edited.id, 2)]


async def test_a_published_edit_is_the_text_and_both_stay_in_the_history(session, edited, moderator):
    await actions.publish(session, edited, version=edited.version, by=moderator)

    newer, older = await queries.versions(session, edited)
    assert edited.title == newer.title == MORE_BENCHES.title
    assert (newer.number, newer.note, older.number, older.title) == (2, "Lisäsin torin.", 1, BENCHES.title)
    assert await queries.waiting_edit(session, edited) is None


async def test_the_history_says_what_changed(session, edited, moderator):
    await actions.publish(session, edited, version=edited.version, by=moderator)
    newer, older = await queries.versions(session, edited)

    changes = queries.changes(older, newer)

    assert [tuple(piece) for piece in changes.title] == [
        ("same", "Penkkejä "),
        ("removed", "Puistokadulle"),
        ("added", "Puistokadulle ja torille"),
    ]
    assert "".join(piece.text for piece in changes.text if piece.kind != "removed") == MORE_BENCHES.text
    assert changes.facts == []


def test_the_history_names_other_fields_that_changed():
    before = BENCHES.model_copy(update={"cost_wish_cents": 9_000_00})
    after = BENCHES.model_copy(update={"address": "Puistokatu 3"})

    assert queries.changes(before, after).facts == ["address", "cost_wish_cents"]
    assert {piece.kind for piece in queries.changes(None, after).text} == {"added"}


async def test_a_returned_edit_is_mended_and_waits_again(session, edited, aino, moderator):
    await actions.return_to_author(session, edited, version=edited.version, by=moderator)
    waiting = await queries.waiting_for(session, aino)
    assert [(own.number, own.edit_returned) for own in waiting.returned] == [(edited.number, True)]
    assert await queries.waiting_for_moderation(session, frozenset({edited.process_id})) == []
    with pytest.raises(rules.StateForbids):
        await actions.publish(session, edited, version=edited.version, by=moderator)

    better = MORE_BENCHES.model_copy(update={"title": "Penkkejä Puistokadulle ja torin laidalle"})
    await actions.edit(session, edited, better, version=edited.version, note="", by=aino)
    await actions.publish(session, edited, version=edited.version, by=moderator)

    assert edited.title == better.title
    assert len(await queries.versions(session, edited)) == 2


async def test_a_refused_edit_is_gone_and_the_published_text_stays(session, edited, moderator):
    await actions.refuse(session, edited, version=edited.version, by=moderator)

    assert (edited.state, edited.title) == (State.PUBLISHED, BENCHES.title)
    assert await queries.waiting_edit(session, edited) is None


async def test_an_author_drops_an_edit(session, edited, aino):
    await actions.discard_edit(session, edited, by=aino)
    await actions.discard_edit(session, edited, by=aino)

    assert await queries.waiting_edit(session, edited) is None
    assert edited.title == BENCHES.title


async def test_an_edit_changed_after_a_moderator_read_it_is_not_published(session, edited, aino, moderator):
    read = edited.version
    sly = MORE_BENCHES.model_copy(update={"title": "Halpoja lainoja"})
    await actions.edit(session, edited, sly, version=edited.version, note="", by=aino)

    with pytest.raises(rules.EditedMeanwhile) as conflict:
        await actions.publish(session, edited, version=read, by=moderator)
    assert conflict.value.current.title == "Halpoja lainoja"


async def test_two_editors_of_a_published_proposal_see_each_other(session, edited, aino):
    with pytest.raises(rules.EditedMeanwhile) as conflict:
        await actions.edit(session, edited, BENCHES, version=edited.version - 1, note="", by=aino)
    assert conflict.value.current.title == MORE_BENCHES.title


async def test_the_same_edit_sent_twice_is_one(session, edited, aino):
    version = edited.version

    await actions.edit(session, edited, MORE_BENCHES, version=version - 1, note="Lisäsin torin.", by=aino)

    assert edited.version == version


async def test_an_edit_is_held_to_the_same_rules(session, published, aino):
    with pytest.raises(rules.OrganisationMissing):
        await actions.edit(
            session,
            published,
            Idea.model_validate({**BENCHES.content(), "author_kind": "company"}),
            version=published.version,
            note="",
            by=aino,
        )


async def test_a_published_proposal_is_edited_while_proposing_is_open(session, published, aino, close):
    await close()

    with pytest.raises(rules.ProposingIsClosed):
        await actions.edit(session, published, MORE_BENCHES, version=published.version, note="", by=aino)


async def test_an_edit_in_time_is_published_after_proposing_has_closed_and_not_into_a_vote(
    session, edited, moderator, close, open_voting
):
    await close()
    await open_voting()
    with pytest.raises(rules.TextsAreFixed):
        await actions.publish(session, edited, version=edited.version, by=moderator)
    assert edited.title == BENCHES.title

    await actions.refuse(session, edited, version=edited.version, by=moderator)


async def test_a_draft_is_saved_and_not_edited(session, draft, aino):
    with pytest.raises(rules.StateForbids):
        await actions.edit(session, draft, MORE_BENCHES, version=draft.version, note="", by=aino)


async def test_withdrawing_takes_the_waiting_edit_along(session, edited, aino):
    await actions.withdraw(session, edited, by=aino)

    assert await queries.waiting_edit(session, edited) is None


async def test_each_step_is_in_the_audit_trail_without_a_word_of_the_text(session, edited, moderator):
    await actions.publish(session, edited, version=edited.version, by=moderator)

    entries = await make.recorded(session, edited.id)
    assert [entry.action for entry in entries] == [
        "proposal.started",
        "proposal.submitted",
        "proposal.published",
        "proposal.edited",
        "proposal.edit_published",
    ]
    assert {str(entry.details) for entry in entries} == {str({"number": edited.number})}
    assert {entry.process_id for entry in entries} == {edited.process_id}
