import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms

from service.core import pictures
from service.core.pictures import PictureRefused, TooLarge, read

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def saved(image, type_, **options):
    buffer = BytesIO()
    image.save(buffer, type_, **options)
    return buffer.getvalue()


def opened(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image


def noise(width, height):
    grey = Image.effect_noise((width, height), 90)
    return Image.merge("RGB", [grey, grey.transpose(Image.Transpose.ROTATE_180), ImageChops.invert(grey)])


def corners():
    """Red at the left above, green right above, blue left below, white right below; twice as wide as high."""
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (0, 0, 200, 100))
    image.paste("green", (200, 0, 400, 100))
    image.paste("blue", (0, 100, 200, 200))
    return image


def close(pixel, colour):
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=False))


def from_a_telephone(orientation=6):
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = orientation, "Puhelinmerkki"
    exif.get_ifd(GPS).update({1: "N", 2: (60.0, 10.0, 15.0), 3: "E", 4: (24.0, 56.0, 15.0)})
    return saved(
        corners(),
        "JPEG",
        exif=exif,
        comment=b"salainen huomautus",
        xmp=b"<x:xmpmeta>tekija</x:xmpmeta>",
        quality=95,
    )


def png_header(width, height):
    """A PNG that says how large it is and holds nothing."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def webp_header(width, height):
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size


@pytest.mark.parametrize("type_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_webp_in_two_sizes(type_):
    picture = read(saved(corners().resize((1200, 600)), type_))

    content, thumbnail = opened(picture.content), opened(picture.thumbnail)
    assert (
        (content.format, content.size) == ("WEBP", (1200, 600)) == ("WEBP", (picture.width, picture.height))
    )
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (480, 240))


def test_a_small_picture_is_not_made_larger():
    picture = read(saved(corners(), "PNG"))
    assert (picture.width, picture.height) == (400, 200) == opened(picture.thumbnail).size


def test_a_large_picture_is_made_smaller():
    picture = read(saved(Image.new("RGB", (5000, 8000), "green"), "JPEG"))
    assert (picture.width, picture.height) == (1000, 1600)
    assert opened(picture.thumbnail).size == (480, 768)


@pytest.mark.parametrize("size", [(1600, 1600), (3000, 400), (700, 2100)])
def test_even_the_busiest_picture_stays_within_its_weight(size):
    picture = read(saved(noise(*size), "JPEG", quality=70))
    assert len(picture.content) <= 400_000
    assert len(picture.thumbnail) <= 35_000
    assert opened(picture.thumbnail).width <= 480


def test_where_and_with_what_a_picture_was_taken_is_gone():
    original = from_a_telephone()
    assert opened(original).getexif().get_ifd(GPS)

    picture = read(original)

    for data in (picture.content, picture.thumbnail):
        image = opened(data)
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert not any(
            word in data for word in (b"EXIF", b"XMP ", b"ICCP", b"Puhelinmerkki", b"huomautus", b"tekija")
        )


@pytest.mark.parametrize(
    ("orientation", "size", "left_above"),
    [
        (1, (400, 200), (255, 0, 0)),
        (2, (400, 200), (0, 128, 0)),
        (3, (400, 200), (255, 255, 255)),
        (4, (400, 200), (0, 0, 255)),
        (5, (200, 400), (255, 0, 0)),
        (6, (200, 400), (0, 0, 255)),
        (7, (200, 400), (255, 255, 255)),
        (8, (200, 400), (0, 128, 0)),
    ],
)
def test_a_picture_is_turned_upright(orientation, size, left_above):
    picture = read(from_a_telephone(orientation))
    assert (picture.width, picture.height) == size
    assert close(opened(picture.content).getpixel((20, 20)), left_above)


def test_colours_of_a_profile_are_kept_as_they_were_meant():
    swapped = Image.merge("RGB", [corners().getchannel(band) for band in "GRB"])
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"

    picture = read(saved(swapped, "PNG", icc_profile=bytes(profile)))

    assert close(opened(picture.content).getpixel((20, 20)), (255, 0, 0))


def test_a_broken_profile_is_left_out():
    assert read(saved(corners(), "PNG", icc_profile=b"not a profile")).width == 400


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(mode):
    image = (
        Image.new("I;16", (60, 40), 40_000) if mode == "I;16" else corners().resize((60, 40)).convert(mode)
    )
    assert read(saved(image, "PNG")).width == 60


def test_a_deep_grey_picture_keeps_its_greys():
    picture = read(saved(Image.new("I;16", (60, 40), 0x8080), "PNG"))
    assert close(opened(picture.content).getpixel((5, 5)), (128, 128, 128))


def test_print_colours_become_screen_colours():
    assert close(
        opened(read(saved(corners().convert("CMYK"), "JPEG")).content).getpixel((20, 20)), (255, 0, 0)
    )


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA"])
def test_what_is_see_through_stays_so(mode):
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste("white", (0, 0, 30, 40))
    content = opened(read(saved(image.convert(mode), "PNG")).content)
    assert [content.getpixel((x, 20))[3] for x in (10, 50)] == [255, 0]


def test_of_moving_pictures_the_first_is_taken():
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    for data in (
        saved(frames[0], type_, save_all=True, append_images=frames[1:]) for type_ in ("PNG", "WEBP", "MPO")
    ):
        content = opened(read(data).content)
        assert getattr(content, "n_frames", 1) == 1
        assert close(content.getpixel((5, 5)), (255, 0, 0))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_a_picture"),
        (b"not a picture", "not_a_picture"),
        (b"\x00" * 1_000, "not_a_picture"),
        (b"\xff\xd8\xff\xe0", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
        (b"<html><script>alert(1)</script>", "not_a_picture"),
        (b"PK\x03\x04" + bytes(100), "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "unsupported"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<SVG/>', "unsupported"),
        (b"%PDF-1.7", "unsupported"),
        (b"\x00\x00\x00\x18ftypavif", "unsupported"),
        (b"\x00\x00\x00\x18ftypheic", "unsupported"),
    ],
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused_with_a_reason(data, reason):
    with pytest.raises(PictureRefused) as refusal:
        read(data)
    assert refusal.value.reason == reason
    assert refusal.value.message % refusal.value.parameters
    assert refusal.value.field == "picture"


@pytest.mark.parametrize("type_", ["GIF", "BMP", "TIFF", "ICO", "AVIF"])
def test_pictures_of_other_types_are_refused(type_):
    with pytest.raises(PictureRefused, check=lambda refusal: refusal.reason == "unsupported"):
        read(saved(corners(), type_))


def test_a_heic_picture_is_refused_with_what_to_do():
    with pytest.raises(PictureRefused) as refusal:
        read(b"\x00\x00\x00\x18ftypmif1" + bytes(100))
    assert "Save the picture as JPEG" in refusal.value.message


@pytest.mark.parametrize(
    "header",
    [
        png_header(20_000, 20_000), png_header(8_000, 5_001), png_header(2**31 - 1, 2**31 - 1), png_header(20_001, 1),
        png_header(1, 20_001), webp_header(16_000, 16_000),
    ],
)  # fmt: skip
def test_a_picture_that_would_be_too_large_is_refused_before_it_is_decoded(header, monkeypatch):
    monkeypatch.setattr(pictures, "_decoded", pytest.fail)
    assert len(header) < 100
    with pytest.raises(PictureRefused, check=lambda refusal: refusal.reason == "too_many_pixels"):
        read(header)


def test_a_picture_of_just_forty_million_pixels_is_read():
    assert read(saved(Image.new("L", (8_000, 5_000)), "PNG")).width == 1600


def test_an_upload_above_ten_megabytes_is_refused_unseen(monkeypatch):
    monkeypatch.setattr(pictures, "_opened", pytest.fail)
    with pytest.raises(TooLarge) as refusal:
        read(bytes(10 * 1024 * 1024 + 1))
    assert refusal.value.message % refusal.value.parameters == "The picture is too large. The limit is 10 MB."


@pytest.mark.parametrize("type_", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_cut_short_is_refused(type_, share):
    data = saved(noise(200, 200), type_)
    with pytest.raises(PictureRefused, check=lambda refusal: refusal.reason == "not_a_picture"):
        read(data[: int(len(data) * share)])


@pytest.mark.parametrize("type_", ["JPEG", "PNG", "WEBP"])
def test_nothing_hidden_in_or_behind_a_picture_is_kept(type_):
    hidden = b"<script>alert(1)</script>"
    picture = read(saved(corners(), type_) + hidden + b"PK\x03\x04")
    assert hidden not in picture.content + picture.thumbnail
    assert b"PK\x03\x04" not in picture.content + picture.thumbnail


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_picture_is_read_or_refused(data):
    sound = data.draw(st.sampled_from(SOUND))
    place = data.draw(st.integers(min_value=0, max_value=len(sound) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=12))
    try:
        picture = read(sound[:place] + damage + sound[place + len(damage) :])
    except PictureRefused:
        return
    assert opened(picture.content).format == "WEBP"


SOUND = [from_a_telephone(), *(saved(noise(40, 30), type_) for type_ in ("JPEG", "PNG", "WEBP"))]
