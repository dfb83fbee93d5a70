"""Has someone proposed this already? Measured on the demo city's proposals and 62 of them said again in other words."""

import tomllib

import pytest

from service.core.settings import CHECKOUT
from service.proposals import search
from service.proposals.models import State
from tests import make
from tests.proposals.paraphrases import NEW, SAID_AGAIN

STORY = CHECKOUT / "service" / "demo" / "story" / "proposals"
# Three of the youth budget's proposals say one thing together.
SAME = {"skeittiparkin-valot", "skeittiparkin-katos", "skeittiparkki-kuntoon"}


@pytest.fixture(scope="module")
def story():
    """By key."""
    return {
        proposal["key"]: proposal
        for path in sorted(STORY.glob("*.toml"))
        for proposal in tomllib.loads(path.read_text())["proposal"]
    }


@pytest.fixture
async def keys(session, process, story):
    """The whole story in one process; the keys by the numbers."""
    author = await make.resident(session)
    for number, proposal in enumerate(story.values(), start=1):
        made = await make.proposal(
            session,
            process,
            author,
            number=number,
            title=proposal["title"],
            text=proposal["text"],
            language=proposal["language"],
        )
        await search.index(session, made)
    return dict(enumerate(story, start=1))


async def test_what_is_said_again_is_shown_first_and_what_is_new_seldom_is_likened(session, process, keys):
    for with_text, least_shown, most_misled in ((True, 54, 2), (False, 53, 4)):
        right = wrong = misled = 0
        for title, text, key in SAID_AGAIN:
            likest = await search.similar(session, process.id, title, text if with_text else "")
            if likest:
                is_right = keys[likest[0].number] == key or {keys[likest[0].number], key} <= SAME
                right, wrong = right + is_right, wrong + (not is_right)
        for title, text in NEW:
            misled += bool(await search.similar(session, process.id, title, text if with_text else ""))

        print(f"right {right} of {len(SAID_AGAIN)}, wrong {wrong}, misled {misled} of {len(NEW)}")  # noqa: T201
        assert right >= least_shown
        assert wrong <= 1
        assert misled <= most_misled


async def test_a_proposal_is_not_like_itself(session, process):
    own = await make.proposal(session, process, title="Penkkejä Puistokadulle")
    await search.index(session, own)

    assert await search.similar(session, process.id, own.title, own.text, besides=own.id) == []
    (other,) = await search.similar(session, process.id, own.title, own.text)
    assert other.number == own.number
    assert other.likeness > 0.8  # not 1: what is being written may be in another language


@pytest.mark.parametrize("state", [state for state in State if state is not State.PUBLISHED])
async def test_what_is_not_public_or_was_merged_is_not_shown(session, process, state):
    target = await make.proposal(session, process, title="Jotain muuta kokonaan")
    values = {"merged_into_id": target.id} if state is State.MERGED else {}
    own = await make.proposal(session, process, state=state, title="Penkkejä Puistokadulle", **values)
    await search.index(session, own)

    assert await search.similar(session, process.id, own.title, own.text) == []


async def test_another_rounds_proposals_are_not_shown(session, process):
    other = await make.process(session)
    own = await make.proposal(session, other, title="Penkkejä Puistokadulle")
    await search.index(session, own)

    assert await search.similar(session, process.id, own.title, own.text) == []


async def test_nothing_is_like_nothing(session, process):
    for title in ("", "  ", "!!!", "'\\"):
        assert await search.similar(session, process.id, title, "") == []


async def test_five_are_shown_at_most_the_likest_first(session, process):
    for number in range(7):
        made = await make.proposal(session, process, title=f"Penkkejä Puistokadulle {'ja ' * number}")
        await search.index(session, made)

    likest = await search.similar(session, process.id, "Penkkejä Puistokadulle", "")

    assert len(likest) == 5
    assert [one.likeness for one in likest] == sorted((one.likeness for one in likest), reverse=True)
