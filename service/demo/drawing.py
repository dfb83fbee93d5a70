"""A picture from a few words: calm, flat, in the city's colours, and always the same for the same key."""

from collections.abc import Mapping, Sequence

from service.demo import scenery, things
from service.demo.calendar import chance
from service.demo.canvas import WIDTH, Canvas
from service.demo.things import Thing

WIDE = frozenset({"ball-court", "pump-track", "skate-ramp"})
BACK, FRONT = (68, 1.2), (92, 1.45)  # where a row stands, and how large what stands there is


def draw(key: str, scene: Sequence[str]) -> bytes:
    """A PNG file, 1280 × 800 pixels."""
    canvas = Canvas(chance("picture", key), night="night" in scene, snow="snow" in scene)
    scenery.paint(canvas, scene)
    _place(canvas, scene, things.BACK, BACK)
    _place(canvas, scene, things.FRONT, FRONT)
    return canvas.png()


def _place(canvas: Canvas, scene: Sequence[str], drawn: Mapping[str, Thing], row: tuple[int, float]) -> None:
    """Side by side in an order of chance; what lies on the ground is drawn first."""
    names = [name for name in drawn if name in scene]
    places = [WIDTH * (number + 0.5) / len(names) for number in range(len(names))]
    dice = canvas.dice
    dice.shuffle(places)
    for name, place in zip(names, places, strict=True):
        middle = (place + WIDTH / 2) / 2 if name in WIDE else place  # not cut by the edge
        x, y = middle + dice.uniform(-5, 5), row[0] + dice.uniform(-1, 1)
        with canvas.at((x, y), row[1]):
            drawn[name](canvas)
