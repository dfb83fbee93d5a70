"""A proposal on the ballot, while people vote on it and once they have, by both doors."""

from datetime import timedelta

import pytest

from service.core import clock
from service.core.actor import Role
from service.core.text import Localized
from service.processes.models import Activity
from service.results import actions as results
from service.voting import actions as voting
from tests import make
from tests.web.visitor import Visitor, words


@pytest.fixture
async def process(session):
    made = await make.process(session, pots=[(None, 100_000_00)], area_rule="none")
    await make.phase(session, made, [Activity.VOTE], opens_in=timedelta(days=1))
    return made


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process)


@pytest.fixture
async def listed(session, process, editor):
    """One that will win and one that will lose, on a ballot that may still change."""
    made = [await make.proposal(session, process, title=f"Penkkejä rantaan {n}") for n in (1, 2)]
    for proposal, cost_cents in zip(made, (100_000_00, 24_000_00), strict=True):
        await make.evaluation(session, proposal, cost_cents)
        await voting.select(session, process, proposal, by=editor)
    return made


@pytest.fixture
def visitor(client, session, process):
    return Visitor(client, session, f"/fi/processes/{process.slug}/proposals")


@pytest.fixture
def freeze(session, instance, process, editor):
    async def freeze():
        await voting.freeze(session, process, keys=instance.keys, by=editor)

    return freeze


@pytest.fixture
def count(session, instance, process, editor, listed):
    async def count():
        await clock.shift(session, timedelta(days=2))
        await make.cast(session, process, instance.keys, [listed[0].number])
        await clock.shift(session, timedelta(days=20))
        await results.count(session, process, keys=instance.keys, by=editor)

    return count


async def on_ballot(client, process, proposal):
    return (await client.get(f"/api/v1/processes/{process.slug}/proposals/{proposal.number}")).json()[
        "on_ballot"
    ]


async def test_a_ballot_that_may_still_change_is_not_told_of(client, process, visitor, listed):
    shown = words(await visitor.get(f"/{listed[1].number}"))

    assert "Mukana äänestyksessä" not in shown
    assert await on_ballot(client, process, listed[1]) is None


async def test_a_final_ballot_tells_number_cost_and_when_voting_opens(
    client, process, visitor, listed, freeze
):
    await freeze()

    page = await visitor.get(f"/{listed[1].number}")

    assert f"Mukana äänestyksessä numero {listed[1].number}, hinta 24 000 €. Äänestys alkaa" in words(page)
    assert "/results/" not in page.text
    assert "/ballot/projects" not in page.text
    assert await on_ballot(client, process, listed[1]) == {
        "number": listed[1].number,
        "cost_cents": 24_000_00,
        "result": None,
        "verdict": None,
    }


async def test_while_people_vote_the_page_leads_to_its_row_of_the_ballot_also_where_nobody_froze_it(
    session, process, visitor, listed
):
    await clock.shift(session, timedelta(days=2))

    page = await visitor.get(f"/{listed[1].number}")

    assert f'href="/fi/processes/{process.slug}/ballot/projects#p{listed[1].number}"' in page.text
    assert "Äänestys alkaa" not in words(page)


async def test_once_counted_the_page_leads_to_why_it_was_selected_or_not(
    client, process, visitor, listed, count
):
    await count()
    here = f"/fi/processes/{process.slug}"
    expected = {
        "won": ("Katso, miksi ehdotus valittiin", "Valittiin äänestyksessä"),
        "no_votes": ("Katso, miksi ehdotusta ei valittu", "Ei tullut valituksi äänestyksessä"),
    }
    for proposal, (verdict, sentences) in zip(listed, expected.items(), strict=True):
        page = await visitor.get(f"/{proposal.number}")
        address = f"{here}/results/{proposal.number}"
        assert f'<a class="ds-button" href="{address}">{sentences[0]}</a>' in page.text
        assert f'<a class="ds-link" href="{address}">{sentences[1]}</a>' in page.text
        assert (f"{here}/implementation#p{proposal.number}" in page.text) is (verdict == "won")
        assert (await visitor.get(address)).status_code == 200
        told = await on_ballot(client, process, proposal)
        assert (told["result"], told["verdict"]) == (1, verdict)


async def test_a_corrected_result_is_the_one_told(session, client, process, editor, visitor, listed, count):
    await count()
    reason = Localized(fi="Ehdotus peruttiin.", sv="Förslaget återtogs.")
    await results.correct(session, process, reason, without=[listed[0].number], seen=1, by=editor)

    page = await visitor.get(f"/{listed[0].number}")

    assert "Katso, miksi ehdotusta ei valittu" in words(page)
    told = await on_ballot(client, process, listed[0])
    assert (told["result"], told["verdict"]) == (2, "left_out")


async def test_a_proposal_that_was_not_put_on_the_ballot_says_nothing_of_it(
    session, client, process, visitor, count
):
    other = await make.proposal(session, process)
    await count()

    page = await visitor.get(f"/{other.number}")

    assert "Mukana äänestyksessä" not in words(page)
    assert "/results/" not in page.text
    assert await on_ballot(client, process, other) is None
