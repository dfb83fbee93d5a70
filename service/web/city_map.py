"""The map: a picture of the municipality or tiles, from this service's own host, so that no page asks anybody else.

The city's file says where it lies (`[map] bounds`) and may name a picture beside itself. With TILE_URL there are tiles instead,
fetched once from there and kept until somebody empties var/tiles. With neither there are lists and addresses, and no map.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
from litestar import Request, Response, get
from litestar.params import FromPath

from service.core.errors import NotFound
from service.core.instance import DEMO_CITY, Instance

ZOOMS = range(8, 19)
LARGEST = 500_000  # bytes of a tile
KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
PICTURE_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class CityMap:
    bounds: tuple[float, float, float, float]  # south, west, north, east in degrees
    picture: Path | None
    tile_url: str
    attribution: str
    folder: Path  # of the tiles that are kept

    @property
    def on_page(self) -> dict[str, Any]:
        """What the island needs to know."""
        address = {"tiles": "/map/{z}/{x}/{y}"} if self.tile_url else {"picture": "/map/picture"}
        return {**address, "bounds": self.bounds, "attribution": self.attribution}

    def reaches(self, zoom: int, column: int, row: int) -> bool:
        """Is this tile of the municipality or beside it? Others are not fetched for anybody."""
        if zoom not in ZOOMS:
            return False
        south, west, north, east = self.bounds
        left, top = _tile_at(zoom, north, west)
        right, bottom = _tile_at(zoom, south, east)
        return left - 1 <= column <= right + 1 and top - 1 <= row <= bottom + 1

    async def tile(self, zoom: int, column: int, row: int) -> bytes:
        """Raises NotFound, also where the other host does not answer."""
        path = self.folder / str(zoom) / str(column) / str(row)
        if path.exists():
            return path.read_bytes()
        address = self.tile_url.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row))
        try:
            async with httpx.AsyncClient(timeout=5, headers={"User-Agent": "Puntari"}) as client:
                answer = await client.get(address)
            answer.raise_for_status()
        except httpx.HTTPError:
            raise NotFound from None
        if len(answer.content) > LARGEST or media_type(answer.content) is None:
            raise NotFound
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{row}.{token_hex(4)}")
        fresh.write_bytes(answer.content)
        fresh.rename(path)
        return answer.content


def of(instance: Instance) -> CityMap | None:
    settings, said = instance.settings, instance.city.facts.get("map")
    if said is None or not (said.get("picture") or settings.tile_url):
        return None
    beside = (Path(settings.city_file) if settings.city_file else DEMO_CITY).parent
    south, west, north, east = said["bounds"]
    return CityMap(
        bounds=(south, west, north, east),
        picture=beside / said["picture"] if said.get("picture") else None,
        tile_url=settings.tile_url,
        attribution=said.get("attribution", ""),
        folder=settings.var_folder / "tiles",
    )


def media_type(tile: bytes) -> str | None:
    """Of a picture by how it begins; anything else is no tile."""
    return next((kind for start, kind in KINDS.items() if tile.startswith(start)), None)


@get("/map/picture", include_in_schema=False, sync_to_thread=True)
def serve_map(request: Request) -> Response[bytes]:  # type: ignore[type-arg]
    city_map: CityMap | None = request.app.state.city_map
    if city_map is None or city_map.picture is None:
        raise NotFound
    return _kept_a_day(city_map.picture.read_bytes(), PICTURE_KINDS[city_map.picture.suffix])


@get("/map/{zoom:int}/{column:int}/{row:int}", include_in_schema=False)
async def serve_tile(
    request: Request,  # type: ignore[type-arg]
    zoom: FromPath[int],
    column: FromPath[int],
    row: FromPath[int],
) -> Response[bytes]:
    city_map: CityMap | None = request.app.state.city_map
    if city_map is None or not city_map.tile_url or not city_map.reaches(zoom, column, row):
        raise NotFound
    tile = await city_map.tile(zoom, column, row)
    return _kept_a_day(tile, media_type(tile) or "")


def _kept_a_day(content: bytes, kind: str) -> Response[bytes]:
    headers = {
        "Cache-Control": "public, max-age=86400",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
    return Response(content, media_type=kind, headers=headers)


def _tile_at(zoom: int, latitude: float, longitude: float) -> tuple[int, int]:
    """Column and row of the Web Mercator tile a place is on."""
    across = 2**zoom
    column = (longitude + 180) / 360 * across
    row = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * across
    return int(column), int(row)
