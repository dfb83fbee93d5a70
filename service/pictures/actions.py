"""Everything that changes a picture. The thing it belongs to decides who may and where it is shown, and records it."""

import asyncio
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

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
    await session.flush()  # the thing that shows it comes next
    return picture


async def remove(session: AsyncSession, picture_id: UUID) -> None:
    """After the thing it belonged to has let go of it."""
    await session.exec(delete(Picture).where(col(Picture.id) == picture_id))
