"""What a proposal can be about."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.processes.models import Area, Pot, ProcessCategory


@dataclass(frozen=True, slots=True)
class Places:
    """What a proposal of a process can be about: areas that have money (any, where it is not divided), topics of the process."""

    areas: frozenset[UUID]
    categories: frozenset[UUID]


async def places(session: AsyncSession, process_id: UUID) -> Places:
    with_money = select(Pot.area_id).where(Pot.process_id == process_id, col(Pot.area_id).is_not(None))
    areas = (await session.exec(with_money)).all() or (await session.exec(select(Area.id))).all()
    categories = select(ProcessCategory.category_id).where(ProcessCategory.process_id == process_id)
    return Places(
        frozenset(area for area in areas if area), frozenset((await session.exec(categories)).all())
    )
