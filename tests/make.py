"""The smallest true thing of each kind, for tests."""

from datetime import timedelta
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from service.core import clock
from service.processes.models import Activity, Phase, Process


def words(text: str) -> dict[str, str]:
    return {"fi": f"{text} (fi)", "sv": f"{text} (sv)", "en": text}


async def process(
    session: AsyncSession, *, open_to: list[Activity] | None = None, slug: str = "", **values: object
) -> Process:
    """A published process; with `open_to` one phase that opened yesterday and closes in ten days."""
    now = await clock.now(session)
    made = Process(
        slug=slug or f"process-{uuid4().hex[:8]}",
        title=words("Our city 2027"),
        summary=words("Residents decide on 500 000 euros."),
        description=words("How it goes."),
        plain_summary={},
        owner=words("Participation unit"),
        **{"published_at": now, **values},
    )
    session.add(made)
    await session.flush()
    if open_to is not None:
        session.add(
            Phase(
                process_id=made.id,
                name=words("Phase"),
                activities=[activity.value for activity in open_to],
                opens_at=now - timedelta(days=1),
                closes_at=now + timedelta(days=10),
            )
        )
        await session.flush()
    return made
