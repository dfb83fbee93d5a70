"""Taking part by consent: who has told no year of birth, or is too young, is told so, and nothing is lost."""

import pytest

from service.core import clock
from service.core.clock import HELSINKI
from service.processes.models import Activity, LegalBasis
from service.processes.rules import BirthYearNeeded, TooYoungToConsent
from service.proposals import actions
from tests import make

OPEN = [Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT]


@pytest.fixture
async def published(session):
    process = await make.process(
        session, slug="young", legal_basis=LegalBasis.CONSENT, minimum_age=13, open_to=OPEN
    )
    return await make.proposal(session, process)


async def aged(session, years):
    """Somebody who turns so many this year; None: who has not told."""
    now = (await clock.now(session)).astimezone(HELSINKI)
    return await make.resident(session, birth_year=now.year - years if years is not None else None)


@pytest.mark.parametrize(("years", "refusal"), [(None, BirthYearNeeded), (13, TooYoungToConsent), (14, None)])
async def test_supporting(session, published, years, refusal):
    by = await aged(session, years)
    if refusal is None:
        await actions.support(session, published, by=by)
        return
    with pytest.raises(refusal):
        await actions.support(session, published, by=by)


async def test_a_comment_stays_in_its_form_until_the_year_is_told(client, session, published):
    by = await aged(session, None)
    proof = await make.signed_in(client, session, by)
    address = f"/fi/processes/young/proposals/{published.number}"
    answer = await client.post(
        f"{address}/comments", data={"csrf": proof, "text": "Minustakin.", "name": "Aino"}
    )
    assert answer.status_code == 409
    assert "13 vuotta täyttäneet" in answer.text
    assert "Minustakin." in answer.text


async def test_where_it_is_a_public_task_nobody_is_asked(session):
    process = await make.process(session, slug="all", open_to=OPEN)
    await actions.support(session, await make.proposal(session, process), by=await aged(session, None))
