"""Editors merge what says the same. Every original stays readable, and nobody's support is moved or counted twice."""

from uuid import uuid4

import pytest

from service.core.actor import Role
from service.core.errors import Forbidden
from service.proposals import actions, queries, rules, search
from service.proposals.models import Idea, State
from tests import make

COMMON = Idea(
    title="Skeittiparkille valot ja katos",
    text="Skeittiparkki on syksyllä pimeä ja märkä. Valot ja katos tekevät siitä käyttökelpoisen.",
)


@pytest.fixture
async def lights(session, process):
    return await make.proposal(session, process, title="Valot skeittiparkille")


@pytest.fixture
async def roof(session, process):
    return await make.proposal(session, process, title="Katos skeittiparkille")


@pytest.fixture
async def whole(session, process):
    return await make.proposal(session, process, title="Skeittiparkki kuntoon")


async def test_originals_stay_readable_and_both_sides_point_to_each_other(
    session, process, whole, lights, roof, editor
):
    await actions.merge(session, whole, [lights, roof], by=editor)

    for source in (lights, roof):
        assert (await queries.seen_by(session, process, source.number, None)).state is State.MERGED
        assert (await queries.detail(session, source, None)).target.number == whole.number
    sources = (await queries.detail(session, whole, None)).sources
    assert [(link.number, link.state) for link in sources] == [
        (lights.number, State.MERGED),
        (roof.number, State.MERGED),
    ]


async def test_lists_leave_originals_out_unless_asked(session, process, whole, lights, editor):
    await actions.merge(session, whole, [lights], by=editor)

    async def numbers(**wanted):
        found = await search.listed(session, process.id, search.Search(**wanted))
        return [row.number for row in found.rows]

    assert await numbers() == [whole.number]
    assert await numbers(state=["merged"]) == [lights.number]


async def test_support_stays_with_the_text_it_was_given_to_and_is_shown_beside_the_merged_one(
    session, process, whole, lights, roof, editor
):
    everywhere, once, own = [await make.resident(session) for _ in range(3)]
    for proposal, people in ((lights, [everywhere, once]), (roof, [everywhere]), (whole, [own])):
        for person in people:
            await actions.support(session, proposal, by=person)

    await actions.merge(session, whole, [lights, roof], by=editor)

    detail = await queries.detail(session, whole, once)
    assert (detail.supports, detail.carried_supports, detail.supported) == (1, 2, False)
    assert (await queries.detail(session, lights, once)).supports == 2

    await actions.support(session, whole, by=everywhere)
    detail = await queries.detail(session, whole, everywhere)
    assert (detail.supports, detail.carried_supports, detail.supported) == (2, 1, True)
    row = (await search.listed(session, process.id, search.Search())).rows[0]
    assert (row.number, row.supports) == (whole.number, 3)

    await actions.unsupport(session, lights, by=once)
    assert (await queries.detail(session, whole, None)).carried_supports == 0


async def test_there_are_no_chains_of_merges(session, whole, lights, roof, editor):
    await actions.merge(session, lights, [roof], by=editor)
    await actions.merge(session, whole, [lights], by=editor)

    sources = (await queries.detail(session, whole, None)).sources
    assert {link.number for link in sources} == {lights.number, roof.number}
    assert (await queries.detail(session, lights, None)).sources == []


async def test_what_is_not_public_not_here_or_merged_already_is_not_merged(
    session, process, whole, lights, editor
):
    elsewhere = await make.process(session)
    foreign = await make.proposal(session, elsewhere)
    hidden = await make.proposal(session, process, state=State.NOT_PUBLISHED)
    everywhere = await make.staff(session, Role.EDITOR)
    for sources in ([], [whole], [foreign], [hidden], [lights, whole]):
        with pytest.raises(rules.CannotBeMerged):
            await actions.merge(session, whole, sources, by=everywhere)
    await actions.merge(session, whole, [lights], by=editor)
    with pytest.raises(rules.CannotBeMerged):
        await actions.merge(session, whole, [lights], by=editor)
    with pytest.raises(rules.CannotBeMerged):
        await actions.merge(session, lights, [whole], by=editor)


async def test_an_editor_merges_in_the_own_processes_alone(session, whole, lights):
    stranger = await make.staff(session, Role.EDITOR, await make.process(session))

    with pytest.raises(Forbidden):
        await actions.merge(session, whole, [lights], by=stranger)
    with pytest.raises(Forbidden):
        await actions.combine(session, [lights], COMMON, nonce=uuid4(), by=stranger)


async def test_nothing_is_merged_once_voting_has_begun(session, whole, lights, roof, editor, open_voting):
    await actions.merge(session, whole, [lights], by=editor)
    await open_voting()

    with pytest.raises(rules.TextsAreFixed):
        await actions.merge(session, whole, [roof], by=editor)
    with pytest.raises(rules.TextsAreFixed):
        await actions.separate(session, lights, by=editor)


async def test_a_merge_is_undone(session, whole, lights, editor):
    await actions.merge(session, whole, [lights], by=editor)

    await actions.separate(session, lights, by=editor)

    assert (lights.state, lights.merged_into_id) == (State.PUBLISHED, None)
    assert (await queries.detail(session, whole, None)).sources == []
    with pytest.raises(rules.StateForbids):
        await actions.separate(session, lights, by=editor)


async def test_originals_stand_alone_and_say_nothing_of_what_was_hidden(
    session, process, whole, lights, roof, editor, moderator
):
    await actions.merge(session, whole, [lights, roof], by=editor)

    await actions.hide(session, whole, by=moderator)

    for source in (lights, roof):
        await session.refresh(source)
        assert (source.state, source.merged_into_id) == (State.PUBLISHED, None)
        assert (await queries.detail(session, source, None)).target is None
    assert (await queries.detail(session, whole, moderator)).sources == []


async def test_nobody_is_led_to_what_is_not_public(session, whole, lights, editor):
    await actions.merge(session, whole, [lights], by=editor)
    whole.state = State.NOT_PUBLISHED
    await session.flush()

    assert (await queries.detail(session, lights, None)).target is None


async def test_a_waiting_edit_of_an_original_goes_with_the_merge(
    session, process, whole, published, aino, editor
):
    await actions.edit(session, published, COMMON, version=published.version, note="", by=aino)

    await actions.merge(session, whole, [published], by=editor)

    assert await queries.waiting_edit(session, published) is None
    assert await queries.waiting_for_moderation(session, frozenset({process.id})) == []


async def test_proposals_are_combined_into_a_new_text_of_the_first_author_also_after_proposing(
    session, process, editor, close
):
    oskari, onni = await make.resident(session, name="Oskari"), await make.resident(session, name="Onni")
    lights = await make.proposal(session, process, oskari, title="Valot skeittiparkille")
    roof = await make.proposal(session, process, onni, title="Katos skeittiparkille")
    await close()
    nonce = uuid4()

    common = await actions.combine(session, [lights, roof], COMMON, nonce=nonce, by=editor)
    again = await actions.combine(session, [lights, roof], COMMON, nonce=nonce, by=editor)

    assert again.id == common.id
    assert (common.state, common.title, common.author_name) == (State.PUBLISHED, COMMON.title, "Oskari")
    assert {lights.merged_into_id, roof.merged_into_id} == {common.id}
    assert [version.number for version in await queries.versions(session, common)] == [1]
    found = await search.listed(session, process.id, search.Search(q="skeittiparkin katokset"))
    assert [row.number for row in found.rows] == [common.number]


async def test_the_other_authors_of_a_combined_proposal_are_asked_and_not_signed_up(session, process, editor):
    oskari, onni = await make.resident(session, name="Oskari"), await make.resident(session, name="Onni")
    sources = [
        await make.proposal(session, process, person, title=f"Skeittiparkki {person.name}")
        for person in (oskari, onni, onni)
    ]

    common = await actions.combine(session, sources, COMMON, nonce=uuid4(), by=editor)

    assert (await queries.detail(session, common, None)).coauthors == []
    assert await queries.invitations(session, oskari.id) == []
    (invitation,) = await queries.invitations(session, onni.id)
    await actions.accept(session, invitation.coauthor_id, by=onni)
    assert (await queries.detail(session, common, None)).coauthors == ["Onni"]


async def test_nothing_is_combined_of_nothing(session, editor):
    with pytest.raises(rules.CannotBeMerged):
        await actions.combine(session, [], COMMON, nonce=uuid4(), by=editor)
