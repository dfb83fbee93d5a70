"""One person, one support, while supporting is open."""

import pytest

from service.processes.models import Activity
from service.proposals import actions, queries, rules
from service.proposals.models import State
from tests import make


async def supports(session, proposal, viewer=None):
    detail = await queries.detail(session, proposal, viewer)
    return detail.supports, detail.supported


async def test_a_person_supports_once(session, published, aino):
    irja = await make.resident(session)
    for _ in range(2):
        await actions.support(session, published, by=irja)
    await actions.support(session, published, by=aino)

    assert await supports(session, published, irja) == (2, True)
    assert await supports(session, published) == (2, False)
    entries = [entry.action for entry in await make.recorded(session, published.id)]
    assert entries.count("proposal.supported") == 2


async def test_support_is_taken_back(session, published):
    irja = await make.resident(session)
    await actions.support(session, published, by=irja)

    for _ in range(2):
        await actions.unsupport(session, published, by=irja)

    assert await supports(session, published, irja) == (0, False)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PUBLISHED])
async def test_a_published_proposal_alone_is_supported(session, process, state):
    target = await make.proposal(session, process)
    values = {"merged_into_id": target.id} if state is State.MERGED else {}
    proposal = await make.proposal(session, process, state=state, **values)

    with pytest.raises(rules.StateForbids):
        await actions.support(session, proposal, by=await make.resident(session))


async def test_support_is_neither_given_nor_taken_back_when_supporting_is_closed(session, published, close):
    irja, maija = await make.resident(session), await make.resident(session)
    await actions.support(session, published, by=irja)
    await close()

    with pytest.raises(rules.SupportIsClosed):
        await actions.support(session, published, by=maija)
    with pytest.raises(rules.SupportIsClosed):
        await actions.unsupport(session, published, by=irja)
    assert await supports(session, published, irja) == (1, True)


async def test_a_phase_for_proposing_alone_takes_no_support(session):
    process = await make.process(session, open_to=[Activity.PROPOSE])
    proposal = await make.proposal(session, process)

    with pytest.raises(rules.SupportIsClosed):
        await actions.support(session, proposal, by=await make.resident(session))
