"""Flat shapes in the city's colours. One unit is a 160th of the picture's width; y grows downwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from random import Random

from PIL import Image, ImageColor, ImageDraw, ImageFilter

WIDTH, HEIGHT = 160, 100
PIXELS = 8  # of the finished picture in one unit
FINER = 2  # drawn so much larger, so that edges come out smooth

INK, INK_DARK, INK_LIGHT = "#0B4F6C", "#12394A", "#8FB2BF"
MEADOW, MEADOW_DARK, MEADOW_LIGHT = "#6E9A6B", "#2F6B3A", "#A9C39A"
CLAY, CLAY_LIGHT = "#A8451F", "#D08A62"
PAPER, SAND, STONE = "#FAF5EA", "#EBDDC2", "#B9B4A6"
WOOD, WOOD_DARK = "#C79A6B", "#8C6544"
SKY, HAZE, SUN = "#D5E3E6", "#F3EBDC", "#F0BE63"
SEA, SEA_LIGHT = "#5C8EA3", "#8DB3C1"
SKIN = ("#F0CDB0", "#D9A47C", "#8D5B3E", "#F3D9C2")
CLOTHES = (INK, CLAY, MEADOW_DARK, "#D7A23A", "#7A4B6B", INK_LIGHT, CLAY_LIGHT, PAPER)
NIGHT = "#0E2A45"
DUSK = 0.42  # how much of a colour is seen at night
LIGHT = "#FBE3A4"

Point = tuple[float, float]


class Canvas:
    """`dice` decides what is left to chance. Drawing begins at the upper left corner; see `at`."""

    def __init__(self, dice: Random, *, night: bool = False, snow: bool = False) -> None:
        self.dice = dice
        self.night = night
        self.snow = snow
        self.image = Image.new("RGB", (WIDTH * PIXELS * FINER, HEIGHT * PIXELS * FINER))
        self._draw = ImageDraw.Draw(self.image)
        self._origin, self._zoom = (0.0, 0.0), 1.0
        self._lights: list[tuple[Point, float]] = []

    @contextmanager
    def at(self, origin: Point, zoom: float) -> Iterator[None]:
        """What is drawn in here has its (0, 0) there and is so many times larger."""
        self._origin, self._zoom = origin, zoom
        yield
        self._origin, self._zoom = (0.0, 0.0), 1.0

    def shape(self, points: Sequence[Point], colour: str) -> None:
        self._draw.polygon([self._at(*point) for point in points], fill=self._tone(colour))

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: str, *, rounded: float = 0
    ) -> None:
        corners = (*self._at(left, top), *self._at(right, bottom))
        self._draw.rounded_rectangle(corners, radius=self._length(rounded), fill=self._tone(colour))

    def oval(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        self._draw.ellipse(self._around(x, y, wide, high), fill=self._tone(colour))

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self.oval(x, y, radius, radius, colour)

    def ring(self, x: float, y: float, radius: float, width: float, colour: str) -> None:
        around = self._around(x, y, radius, radius)
        self._draw.ellipse(around, outline=self._tone(colour), width=round(self._length(width)))

    def line(self, points: Sequence[Point], width: float, colour: str) -> None:
        """With round ends and corners."""
        pixels = [self._at(*point) for point in points]
        self._draw.line(pixels, fill=self._tone(colour), width=round(self._length(width)), joint="curve")
        for point in points:
            self.disc(*point, width / 2, colour)

    def arc(
        self, centre: Point, radii: Point, angles: tuple[float, float], width: float, colour: str
    ) -> None:
        """Part of an oval's outline; angles in degrees, clockwise from the right."""
        around = self._around(*centre, *radii)
        self._draw.arc(around, *angles, fill=self._tone(colour), width=round(self._length(width)))

    def light(self, x: float, y: float, radius: float) -> None:
        """Shines at night."""
        left, top = self._at(x, y)
        self._lights.append(((left, top), self._length(radius)))

    def png(self) -> bytes:
        if self.night:
            self._shine()
        file = BytesIO()
        self.image.reduce(FINER).save(file, "PNG", compress_level=1)
        return file.getvalue()

    def _shine(self) -> None:
        coarse = PIXELS * FINER  # a glow needs no sharpness
        glow = Image.new("L", (WIDTH, HEIGHT))
        draw = ImageDraw.Draw(glow)
        for (x, y), radius in self._lights:
            around = (
                (x - radius) / coarse,
                (y - radius) / coarse,
                (x + radius) / coarse,
                (y + radius) / coarse,
            )
            draw.ellipse(around, fill=110)
        mask = glow.filter(ImageFilter.GaussianBlur(5)).resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", self.image.size, LIGHT), mask=mask)

    def _at(self, x: float, y: float) -> Point:
        left, top = self._origin
        unit = PIXELS * FINER
        return (left + x * self._zoom) * unit, (top + y * self._zoom) * unit

    def _around(self, x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
        return *self._at(x - wide, y - high), *self._at(x + wide, y + high)

    def _length(self, units: float) -> float:
        return units * self._zoom * PIXELS * FINER

    def _tone(self, colour: str) -> tuple[int, ...]:
        """The colour by day; at night everything but lights turns towards dark blue."""
        by_day = ImageColor.getrgb(colour)
        if not self.night or colour == LIGHT:
            return by_day
        dark = ImageColor.getrgb(NIGHT)
        return tuple(round(DUSK * day + (1 - DUSK) * night) for day, night in zip(by_day, dark, strict=True))
