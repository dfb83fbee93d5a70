"""Every SELECT about pictures."""

from typing import Any, Literal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.core.errors import NotFound
from service.pictures.models import Picture

Size = Literal["full", "small"]


async def content(session: AsyncSession, picture_id: UUID, size: Size) -> bytes:
    """WebP. Raises NotFound. Whether a viewer may see it is asked of the slice it belongs to."""
    column = Picture.content if size == "full" else Picture.thumbnail
    found = (await session.exec(select(column).where(Picture.id == picture_id))).one_or_none()
    if found is None:
        raise NotFound
    return found


async def of_person(session: AsyncSession, account_id: UUID) -> list[dict[str, Any]]:
    """The pictures a person has sent that are still kept, as JSON can say it: their addresses, sizes and moments."""
    statement = (
        select(Picture.id, Picture.width, Picture.height, Picture.uploaded_at)
        .where(Picture.uploader_id == account_id)
        .order_by(col(Picture.uploaded_at))
    )
    return [
        {
            "address": f"/pictures/{row[0]}.webp",
            "width": row[1],
            "height": row[2],
            "uploaded_at": row[3].isoformat(),
        }
        for row in (await session.exec(statement)).all()
    ]
