"""Pictures people send, made small and anonymous: upright, in sRGB, without metadata, as WebP in two sizes.

`read` keeps a core busy for up to two seconds: call it in a thread (`asyncio.to_thread`), never on the event loop. The largest
pictures take 0.6 GB while they are decoded, so one is read at a time.
"""

import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import ClassVar

from PIL import Image, ImageCms, ImageOps

from service.core.errors import Invalid, msgid

UPLOAD_MEGABYTES = 10
MEGAPIXELS = 40
LARGEST_SIDE = 20_000
FORMATS = ("JPEG", "PNG", "WEBP")

SIDE = 1_600
CONTENT_BYTES = 400_000
THUMBNAIL_WIDTH = 480
THUMBNAIL_BYTES = 35_000
QUALITIES = (82, 68, 54, 40)
SHRINK = 0.8

# Pillow's own guard, which a WebP meets before its decoder takes memory. Twice this raises, this itself warns.
Image.MAX_IMAGE_PIXELS = MEGAPIXELS * 1_000_000


class PictureRefused(Invalid):
    """A file not taken as a picture; `reason` is for programs, the message with its limits for people."""

    reason: ClassVar[str]
    limits: ClassVar[Mapping[str, object]] = {}

    def __init__(self) -> None:
        super().__init__("picture", **self.limits)


class NotAPicture(PictureRefused):
    reason = "not_a_picture"
    message = msgid("The file could not be read as a picture. Choose a JPEG, PNG or WebP picture.")


class UnsupportedPicture(PictureRefused):
    reason = "unsupported"
    message = msgid("Pictures of this type cannot be used. Choose a JPEG, PNG or WebP picture.")


class HeicPicture(UnsupportedPicture):
    message = msgid(
        "HEIC pictures cannot be used. Save the picture as JPEG, or take a screenshot of it, and send that instead."
    )


class TooLarge(PictureRefused):
    reason = "too_large"
    message = msgid("The picture is too large. The limit is %(max)s MB.")
    limits: ClassVar = {"max": UPLOAD_MEGABYTES}


class TooManyPixels(PictureRefused):
    reason = "too_many_pixels"
    message = msgid(
        "The picture has too many pixels. The limit is %(max)s million. Make it smaller and send it again."
    )
    limits: ClassVar = {"max": MEGAPIXELS}


@dataclass(frozen=True, slots=True)
class Picture:
    """WebP of at most 400 kB and 1,600 px a side, and a thumbnail of at most 35 kB and 480 px in width."""

    width: int
    height: int
    content: bytes
    thumbnail: bytes


def read(data: bytes) -> Picture:
    """Re-encode a JPEG, PNG or WebP file; of an animation, its first picture.

    Raises:
        PictureRefused: with `reason` not_a_picture, unsupported, too_large or too_many_pixels. Sizes are refused by the header,
            before anything is decoded.
    """
    if len(data) > UPLOAD_MEGABYTES * 1024 * 1024:
        raise TooLarge
    with _ONE_AT_A_TIME:
        image = _decoded(_opened(data))
        content, (width, height) = _encoded(image, CONTENT_BYTES)
        image.thumbnail((THUMBNAIL_WIDTH, LARGEST_SIDE))
        thumbnail, _ = _encoded(image, THUMBNAIL_BYTES)
    return Picture(width, height, content, thumbnail)


def _opened(data: bytes) -> Image.Image:
    _refuse_other_types(data)
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels from bomb
    except _BROKEN as error:
        raise NotAPicture from error
    if image.width * image.height > MEGAPIXELS * 1_000_000 or max(image.size) > LARGEST_SIDE:
        raise TooManyPixels
    return image


def _refuse_other_types(data: bytes) -> None:
    if data[4:8] == b"ftyp":
        raise HeicPicture if data[8:12] in _HEIC_BRANDS else UnsupportedPicture
    if data.startswith(_OTHER_TYPES) or b"<svg" in data[:1024].lower():
        raise UnsupportedPicture


def _decoded(image: Image.Image) -> Image.Image:
    try:
        image.draft(None, (SIDE, SIDE))  # a JPEG is decoded no larger than is needed
        image.load()
        if image.mode.startswith("I;16"):
            image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        elif image.mode in {"1", "P"}:
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        image.thumbnail((SIDE, SIDE))
    except _BROKEN as error:
        raise NotAPicture from error
    with suppress(*_BROKEN):
        image = ImageOps.exif_transpose(image)
    with suppress(*_BROKEN, ImageCms.PyCMSError):
        image = _in_srgb(image)
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    """The colours as meant: a telephone's wide-gamut profile goes with the metadata, and unlabelled it would look pale."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    meant = ImageCms.ImageCmsProfile(BytesIO(profile))
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    return ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode=mode) or image


def _encoded(image: Image.Image, most_bytes: int) -> tuple[bytes, tuple[int, int]]:
    while True:
        for quality in QUALITIES:
            buffer = BytesIO()
            image.save(buffer, "WEBP", quality=quality)
            if buffer.tell() <= most_bytes:
                return buffer.getvalue(), image.size
            if buffer.tell() > 2 * most_bytes:
                break  # quality alone will not do
        image = image.resize((max(1, int(image.width * SHRINK)), max(1, int(image.height * SHRINK))))


_ONE_AT_A_TIME = Lock()
# What Pillow's readers raise on damaged files (tried with 4,500 of them); it warns of damaged EXIF, which a test run makes an error.
_BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, UserWarning, struct.error, zlib.error,
)  # fmt: skip
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHER_TYPES = (
    b"GIF8", b"BM", b"II*\0", b"MM\0*", b"%PDF", b"8BPS", b"\0\0\1\0", b"\0\0\0\x0cjP  ", b"\xff\x0a", b"\0\0\0\x0cJXL ",
)  # fmt: skip
