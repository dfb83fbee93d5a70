"""Everything that changes a picture. Who may, and where it is shown, is decided by the slice whose thing it belongs to."""

import asyncio
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.audit import actions as audit
from service.core import pictures
from service.core.actor import Actor
from service.pictures.models import Picture


async def store(session: AsyncSession, data: bytes, *, by: Actor) -> Picture:
    """Re-encode a file and keep it. Raises core.pictures.PictureRefused."""
    made = await asyncio.to_thread(pictures.read, data)
    picture = Picture(
        uploader_id=by.id,
        width=made.width,
        height=made.height,
        content=made.content,
        thumbnail=made.thumbnail,
    )
    session.add(picture)
    await audit.record(session, "picture.stored", picture.id, by=by, public=False)
    return picture


async def remove(session: AsyncSession, picture_id: UUID, *, by: Actor) -> None:
    """Its owner has let go of it before."""
    picture = await session.get_one(Picture, picture_id)
    await session.delete(picture)
    await audit.record(session, "picture.removed", picture_id, by=by, public=False)
