"""A round that takes proposals, its people, and a proposal on its way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from service.core import clock
from service.core.actor import Role
from service.processes.models import Activity, Phase
from service.proposals import actions
from tests import make
from tests.proposals.ideas import BENCHES


@pytest.fixture
async def process(session):
    return await make.process(session, open_to=[Activity.PROPOSE, Activity.SUPPORT, Activity.COMMENT])


@pytest.fixture
async def aino(session):
    return await make.resident(session, name="Aino K.")


@pytest.fixture
async def moderator(session, process):
    return await make.staff(session, Role.MODERATOR, process, name="Katri M.")


@pytest.fixture
async def editor(session, process):
    return await make.staff(session, Role.EDITOR, process, name="Laura E.")


@pytest.fixture
async def draft(session, process, aino):
    return await actions.start(session, process, BENCHES, nonce=uuid4(), by=aino)


@pytest.fixture
async def submitted(session, draft, aino):
    return await actions.submit(session, draft, by=aino)


@pytest.fixture
async def published(session, submitted, moderator):
    return await actions.publish(session, submitted, version=submitted.version, by=moderator)


@pytest.fixture
def close(session, process):
    """The phase is over."""

    async def close():
        phase = (await session.exec(select(Phase).where(Phase.process_id == process.id))).one()
        phase.closes_at = await clock.now(session)
        await session.flush()

    return close


@pytest.fixture
def open_voting(session, process):
    async def open_voting():
        await make.phase(session, process, [Activity.VOTE], opens_in=timedelta())

    return open_voting
