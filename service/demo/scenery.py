"""What a picture stands in: sky, hills, woods, water and land, painted from the back to the front."""

from collections.abc import Collection
from math import sin

from service.demo.canvas import (
    CLAY,
    CLAY_LIGHT,
    HAZE,
    HEIGHT,
    INK_DARK,
    LIGHT,
    MEADOW,
    MEADOW_DARK,
    MEADOW_LIGHT,
    PAPER,
    SAND,
    SEA,
    SEA_LIGHT,
    SKY,
    STONE,
    SUN,
    WIDTH,
    WOOD_DARK,
    Canvas,
    Point,
)

HORIZON = 46
SHORE = 64
FAR_HILLS, FAR_WOODS, WOODS = "#A9C0B8", "#86A892", "#4F7D5B"
SNOW, SNOW_SHADE = "#F4F5F1", "#DBE4E6"
WATER = frozenset({"sea", "beach", "pier", "boat", "ferry", "reeds", "lighthouse"})


def paint(canvas: Canvas, scene: Collection[str]) -> None:
    _sky(canvas, scene)
    _hills(canvas)
    if "forest" in scene:
        _forest(canvas)
    _land(canvas, scene)
    if WATER & set(scene):
        _sea(canvas, scene)
    for name, draw in LAYERS.items():
        if name in scene:
            draw(canvas)


def _sky(canvas: Canvas, scene: Collection[str]) -> None:
    canvas.box(0, 0, WIDTH, HEIGHT, SKY)
    canvas.box(0, 22, WIDTH, HEIGHT, "#E2E8E4")
    canvas.box(0, 36, WIDTH, HEIGHT, HAZE)
    x = canvas.dice.choice((30, 128)) + canvas.dice.uniform(-6, 6)
    if canvas.night:
        for _ in range(26):
            canvas.disc(
                canvas.dice.uniform(0, WIDTH),
                canvas.dice.uniform(2, 34),
                canvas.dice.uniform(0.2, 0.45),
                LIGHT,
            )
        canvas.disc(x, 15, 5.5, LIGHT)
    elif "sun" in scene:
        canvas.disc(x, 18, 10.5, "#F8DFA9")
        canvas.disc(x, 18, 7.5, SUN)
    else:
        for _ in range(2):
            _cloud(canvas, canvas.dice.uniform(15, 145), canvas.dice.uniform(10, 24))


def _cloud(canvas: Canvas, x: float, y: float) -> None:
    canvas.box(x - 12, y - 2, x + 12, y + 2, PAPER, rounded=2)
    canvas.disc(x - 4, y - 2, 4, PAPER)
    canvas.disc(x + 3, y - 3, 5, PAPER)


def _hills(canvas: Canvas) -> None:
    for colour, rise in ((FAR_HILLS, 9), (FAR_WOODS, 5)):
        for x in range(-10, WIDTH + 30, 34):
            canvas.oval(
                x + canvas.dice.uniform(-8, 8),
                HORIZON + 6,
                30,
                6 + rise * canvas.dice.uniform(0.5, 1),
                colour,
            )


def _forest(canvas: Canvas) -> None:
    for row, (colour, base) in enumerate(((FAR_WOODS, 50), (WOODS, 53))):
        for x in range(-4, WIDTH + 8, 6):
            height = canvas.dice.uniform(14, 24) - 4 * row
            spruce(canvas, x + canvas.dice.uniform(-2, 2), base, height, colour)


def spruce(canvas: Canvas, x: float, base: float, height: float, colour: str) -> None:
    for share, half in ((0.0, 0.24), (0.28, 0.2), (0.54, 0.14)):
        bottom = base - height * share
        canvas.shape(
            [(x - height * half, bottom), (x + height * half, bottom), (x, bottom - height * 0.46)], colour
        )


def _land(canvas: Canvas, scene: Collection[str]) -> None:
    back, middle, front = (MEADOW_LIGHT, "#98B98C", "#86AC7D")
    if canvas.snow:
        back, middle, front = SNOW_SHADE, SNOW, SNOW
    elif "beach" in scene:
        back, middle, front = SAND, SAND, "#E4D3B2"
    canvas.box(0, HORIZON + 2, WIDTH, HEIGHT, back)
    canvas.oval(40, 92, 110, 27, middle)
    canvas.oval(140, 104, 110, 27, front)


def _sea(canvas: Canvas, scene: Collection[str]) -> None:
    canvas.box(0, HORIZON, WIDTH, SHORE - 3, SEA)
    for _ in range(16):
        x, y = canvas.dice.uniform(0, WIDTH), canvas.dice.uniform(HORIZON + 2, SHORE - 5)
        canvas.line([(x, y), (x + canvas.dice.uniform(3, 9), y)], 0.5, SEA_LIGHT)
    for x in range(-6, WIDTH + 16, 14):  # the shore's line
        land = SNOW if canvas.snow else SAND
        canvas.oval(x + canvas.dice.uniform(-3, 3), SHORE, 12, canvas.dice.uniform(2, 4), land)
    for x, y, size in (
        (canvas.dice.uniform(10, 60), HORIZON + 1, 14),
        (canvas.dice.uniform(90, 150), HORIZON, 20),
    ):
        canvas.oval(x, y, size, 2.2, WOODS)
        for step in range(-2, 3):
            spruce(canvas, x + step * size / 4, y, canvas.dice.uniform(5, 8), WOODS)
    if "lighthouse" in scene:
        _lighthouse(canvas, canvas.dice.choice((34, 118)))


def _lighthouse(canvas: Canvas, x: float) -> None:
    canvas.oval(x, HORIZON + 2, 12, 2.5, STONE)
    canvas.shape([(x - 3.2, HORIZON + 1), (x + 3.2, HORIZON + 1), (x + 2, 20), (x - 2, 20)], PAPER)
    canvas.shape([(x - 2.7, 36), (x + 2.7, 36), (x + 2.4, 29), (x - 2.4, 29)], CLAY)
    canvas.box(x - 2.8, 18.6, x + 2.8, 20, INK_DARK)
    canvas.box(x - 1.6, 14.5, x + 1.6, 18.6, LIGHT)
    canvas.shape([(x - 2.4, 14.5), (x + 2.4, 14.5), (x, 11.5)], CLAY)
    canvas.light(x, 16.5, 9)


def _pond(canvas: Canvas) -> None:
    x = canvas.dice.choice((48, 112))
    canvas.oval(x, 65, 46, 6.5, SAND)
    canvas.oval(x, 64.6, 44, 5.6, SEA)
    for _ in range(7):
        left, y = x + canvas.dice.uniform(-32, 24), 64.6 + canvas.dice.uniform(-3, 3)
        canvas.line([(left, y), (left + canvas.dice.uniform(3, 7), y)], 0.5, SEA_LIGHT)


def _hill(canvas: Canvas) -> None:
    x, colour = canvas.dice.choice((44, 116)), SNOW if canvas.snow else "#98B98C"
    canvas.oval(x, 84, 62, 40, SNOW_SHADE if canvas.snow else MEADOW_LIGHT)
    canvas.oval(x + 4, 88, 66, 40, colour)


def _path(canvas: Canvas) -> None:
    """Winds towards the reader."""
    side, bends = canvas.dice.choice((-1, 1)), canvas.dice.uniform(14, 22)
    edges: tuple[list[Point], list[Point]] = ([], [])
    for step in range(25):
        near = step / 24
        middle = 80 + side * bends * sin(near * 4.2) * (0.4 + near)
        half = 0.8 + 15 * near**1.6
        for edge, sign in zip(edges, (-1, 1), strict=True):
            edge.append((middle + sign * half, 66 + (HEIGHT - 65) * near))
    canvas.shape([*edges[0], *reversed(edges[1])], SNOW_SHADE if canvas.snow else SAND)


def _flowers(canvas: Canvas) -> None:
    for _ in range(70):
        x, y = canvas.dice.uniform(2, WIDTH - 2), canvas.dice.uniform(72, 98)
        size = 0.5 + (y - 70) / 40
        canvas.line([(x, y), (x, y + 2.4 * size)], 0.3, MEADOW_DARK)
        canvas.disc(x, y, size, canvas.dice.choice((CLAY, CLAY_LIGHT, SUN, PAPER, "#8C6C8E")))


def _meadow(canvas: Canvas) -> None:
    for _ in range(150):
        x, y = canvas.dice.uniform(0, WIDTH), canvas.dice.uniform(66, 99)
        blade = 2 + (y - 62) / 12
        canvas.line(
            [(x, y), (x + canvas.dice.uniform(-1, 1), y - blade)],
            0.4,
            canvas.dice.choice((MEADOW, MEADOW_DARK)),
        )


def _reeds(canvas: Canvas) -> None:
    for _ in range(60):
        x = canvas.dice.choice((canvas.dice.uniform(0, 46), canvas.dice.uniform(112, WIDTH)))
        base, high = canvas.dice.uniform(62, 70), canvas.dice.uniform(9, 17)
        top = x + canvas.dice.uniform(-2, 2)
        canvas.line([(x, base), (top, base - high)], 0.5, "#A9A05A")
        canvas.line([(top, base - high), (top + 0.3, base - high + 3)], 1.1, WOOD_DARK)


def _snow(canvas: Canvas) -> None:
    for _ in range(70):
        canvas.disc(
            canvas.dice.uniform(0, WIDTH), canvas.dice.uniform(0, HEIGHT), canvas.dice.uniform(0.3, 0.7), SNOW
        )


def _birds(canvas: Canvas) -> None:
    """Some in the air, and swans where there is water is left to the reader."""
    x, y = canvas.dice.uniform(50, 90), canvas.dice.uniform(10, 18)
    for step in range(5):
        left, top = x + step * 8 + canvas.dice.uniform(-2, 2), y + abs(step - 2) * 2.4
        canvas.line([(left - 2.6, top - 1.2), (left, top), (left + 2.6, top - 1.2)], 0.6, INK_DARK)


LAYERS = {
    "pond": _pond,
    "hill": _hill,
    "path": _path,
    "meadow": _meadow,
    "flowers": _flowers,
    "reeds": _reeds,
    "snow": _snow,
    "birds": _birds,
}
