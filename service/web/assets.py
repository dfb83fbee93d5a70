"""Built files under /assets: names carry a hash, so a browser keeps them for good; compressed at build, never per request."""

import json
import mimetypes
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from litestar import Request, Response, get
from litestar.params import FromPath

from service.core.errors import NotFound
from service.core.settings import CHECKOUT

BUILT = CHECKOUT / "frontend" / "dist"


@dataclass(frozen=True, slots=True)
class Asset:
    media_type: str
    bodies: dict[str, bytes]  # by content coding: "", "gzip", "br"


class Assets:
    """All built files in memory (under 1 MB)."""

    def __init__(self, folder: Path = BUILT) -> None:
        self.manifest: dict[str, str] = json.loads((folder / "manifest.json").read_text())
        self._files: dict[str, Asset] = {}
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix not in {".br", ".gz"} and path.name != "manifest.json":
                name = path.relative_to(folder).as_posix()
                bodies = {"": path.read_bytes()}
                for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
                    compressed = path.with_name(path.name + suffix)
                    if compressed.exists():
                        bodies[coding] = compressed.read_bytes()
                media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
                self._files[name] = Asset(media_type, bodies)

    def url(self, name: str) -> str:
        return f"/assets/{self.manifest[name]}"

    def get(self, name: str) -> Asset:
        try:
            return self._files[name]
        except KeyError:
            raise NotFound from None


def best_coding(accepted: str, offered: Container[str]) -> str:
    """Brotli before gzip before plain, as far as offered and accepted."""
    codings = {
        part.partition(";")[0].strip()
        for part in accepted.lower().split(",")
        if "q=0" not in part.split(";")[1:]
    }
    return next((coding for coding in ("br", "gzip") if coding in codings and coding in offered), "")


@get("/assets/{name:path}", include_in_schema=False, sync_to_thread=False)
def serve_asset(request: Request, name: FromPath[str]) -> Response[bytes]:  # type: ignore[type-arg]
    asset = request.app.state.assets.get(name.lstrip("/"))
    coding = best_coding(request.headers.get("accept-encoding", ""), asset.bodies)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if coding:
        headers["Content-Encoding"] = coding
    return Response(asset.bodies[coding], media_type=asset.media_type, headers=headers)
