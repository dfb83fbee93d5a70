"""What stands in a picture. Each is drawn around the middle of its foot, which is (0, 0)."""

from collections.abc import Callable

from service.demo.canvas import (
    CLAY,
    CLAY_LIGHT,
    CLOTHES,
    HAZE,
    INK,
    INK_DARK,
    INK_LIGHT,
    LIGHT,
    MEADOW,
    MEADOW_DARK,
    MEADOW_LIGHT,
    PAPER,
    SAND,
    SEA_LIGHT,
    SKIN,
    STONE,
    SUN,
    WOOD,
    WOOD_DARK,
    Canvas,
)
from service.demo.scenery import SNOW

Thing = Callable[[Canvas], None]

# --- trees and houses, in the back


def tree(canvas: Canvas, x: float, y: float) -> None:
    size = canvas.dice.uniform(0.85, 1.15)
    canvas.box(x - 0.9 * size, y - 14 * size, x + 0.9 * size, y, WOOD_DARK)
    leaves, shade = (SNOW, "#DCE5E4") if canvas.snow else ("#5E9163", "#4B7D55")
    canvas.disc(x + 2.5 * size, y - 17 * size, 6.2 * size, shade)
    canvas.disc(x - 3 * size, y - 18 * size, 6.4 * size, leaves)
    canvas.disc(x + 0.5 * size, y - 22 * size, 6.4 * size, leaves)


def trees(canvas: Canvas) -> None:
    for shift in (-13, 12, 0):
        tree(canvas, shift + canvas.dice.uniform(-2, 2), canvas.dice.uniform(-2, 1))


def house(canvas: Canvas) -> None:
    wall = canvas.dice.choice((CLAY, "#D9B36C", "#C9D2CF"))
    canvas.box(-14, -17, 14, 0, wall)
    canvas.box(6, -30, 9.5, -20, "#6F4A3A")
    canvas.shape([(-16.5, -17), (16.5, -17), (0, -28)], INK_DARK)
    for left in (-10.5, -2.5, 5.5):
        _window(canvas, left, -13.5, 5, 6)
    canvas.box(-2, -6.5, 2.5, 0, WOOD_DARK)


def _window(canvas: Canvas, left: float, top: float, wide: float, high: float) -> None:
    canvas.box(left - 0.5, top - 0.5, left + wide + 0.5, top + high + 0.5, PAPER)
    canvas.box(left, top, left + wide, top + high, LIGHT if canvas.night else INK_LIGHT)
    if canvas.night:
        canvas.light(left + wide / 2, top + high / 2, wide)


def _public_building(canvas: Canvas, wall: str, roof: str) -> None:
    canvas.box(-26, -22, 26, 0, wall)
    canvas.box(-28, -24.5, 28, -21.5, roof)
    for left in range(-22, 23, 9):
        _window(canvas, left, -17.5, 5, 6.5)
    for left in (-22, -13, 14):
        _window(canvas, left, -7.5, 5, 4.5)
    canvas.box(-4, -9, 4, 0, INK_DARK)


def school(canvas: Canvas) -> None:
    _public_building(canvas, "#DDBB86", CLAY)
    canvas.shape([(-9, -24), (9, -24), (0, -31)], CLAY)
    canvas.disc(0, -26.6, 2, PAPER)
    canvas.line([(0, -26.6), (0, -28)], 0.4, INK_DARK)
    canvas.line([(0, -26.6), (1, -26.2)], 0.4, INK_DARK)


def library(canvas: Canvas) -> None:
    canvas.box(-27, -21, 27, 0, "#E6DECF")
    canvas.box(-29, -24, 29, -20.5, INK)
    canvas.box(-23, -17.5, 23, -3, LIGHT if canvas.night else SEA_LIGHT)
    if canvas.night:
        canvas.light(0, -10, 12)
    for shelf in (-12.5, -7.5):
        canvas.box(-23, shelf, -6, shelf + 0.7, WOOD_DARK)
        for book in range(10):
            left = -22.4 + book * 1.6
            canvas.box(left, shelf - canvas.dice.uniform(2, 3.2), left + 1.1, shelf, CLOTHES[book % 5])
    for post in range(-23, 24, 11):
        canvas.box(post - 0.5, -18, post + 0.5, 0, PAPER)
    canvas.box(3, -11, 9, 0, INK_DARK)


def kiosk(canvas: Canvas) -> None:
    canvas.box(-11, -16, 11, 0, MEADOW_DARK)
    canvas.box(-8.5, -12.5, 8.5, -6.5, LIGHT if canvas.night else HAZE)
    canvas.box(-10, -6.5, 10, -5.3, WOOD)
    _awning(canvas, 0, -16, 13)


def _awning(canvas: Canvas, x: float, y: float, half: float) -> None:
    stripe = half / 4
    for number in range(8):
        left = x - half + number * stripe
        colour = CLAY if number % 2 else PAPER
        canvas.box(left, y - 3.5, left + stripe, y + 1.5, colour)
        canvas.disc(left + stripe / 2, y + 1.5, stripe / 2, colour)


def sauna(canvas: Canvas) -> None:
    canvas.box(-13, -13, 13, 0, WOOD_DARK)
    for board in range(1, 6):
        canvas.line([(-13, -board * 2.2), (13, -board * 2.2)], 0.25, "#74523A")
    canvas.shape([(-15.5, -12.5), (15.5, -12.5), (0, -22)], INK_DARK)
    canvas.box(6, -24, 8.5, -17, STONE)
    for puff, size in ((0, 1.6), (2, 2.2), (4.5, 2.8)):
        canvas.disc(7.5 + puff, -26.5 - puff * 1.4, size, PAPER)
    _window(canvas, -9, -9, 4.5, 4)
    canvas.box(1, -9, 6, 0, CLAY)


def shelter(canvas: Canvas) -> None:
    for post in (-13, 13):
        canvas.box(post - 0.8, -16, post + 0.8, 0, WOOD_DARK)
    canvas.shape([(-17, -15), (17, -15), (11, -22), (-11, -22)], MEADOW_DARK)
    canvas.box(-17, -15.6, 17, -14.2, WOOD)
    canvas.box(-10, -4, 10, -3, WOOD)
    for leg in (-8, 8):
        canvas.box(leg - 0.5, -3, leg + 0.5, 0, WOOD_DARK)
    if canvas.night:
        canvas.disc(0, -13, 1, LIGHT)
        canvas.light(0, -11, 9)


def bus_stop(canvas: Canvas) -> None:
    canvas.box(-14, -15, 10, -1, "#C6D7DB")
    for colour, left, top, size in ((CLAY, -10, -9, 3.2), (SUN, -3, -6, 2.6), (MEADOW, 3, -9, 3.4)):
        canvas.disc(left, top, size, colour)
    canvas.box(-15.5, -17.5, 11.5, -15, INK)
    for post in (-14, 10):
        canvas.box(post - 0.5, -15, post + 0.5, 0, INK_DARK)
    canvas.box(-9, -4, 5, -3, WOOD)
    canvas.box(15, -21, 15.8, 0, INK_DARK)
    canvas.box(12.6, -24, 18.2, -19.5, SUN, rounded=0.7)
    canvas.box(13.8, -22.8, 17, -20.8, INK_DARK, rounded=0.4)


def stage(canvas: Canvas) -> None:
    canvas.shape([(-20, -4), (20, -4), (16, -20), (-16, -20)], "#7D6A86")
    canvas.arc((0, -8), (19, 17), (180, 360), 2.2, WOOD)
    canvas.box(-22, -5, 22, 0, WOOD_DARK)
    canvas.box(-22, -5.6, 22, -4.4, WOOD)
    for lamp_x in range(-14, 15, 7):
        canvas.disc(lamp_x, -20 - (14 - abs(lamp_x)) / 5, 0.9, LIGHT)
        canvas.light(lamp_x, -18, 4)


def mural(canvas: Canvas) -> None:
    canvas.box(-22, -17, 22, 0, "#D9D3C5")
    canvas.box(-20, -15, 20, -1.5, INK)
    canvas.disc(11, -9.5, 4, SUN)
    canvas.shape(
        [
            (-20, -1.5),
            (-20, -6),
            (-9, -11),
            (2, -5),
            (20, -8),
            (20, -1.5),
        ],
        CLAY,
    )
    canvas.shape([(-20, -1.5), (-6, -7), (8, -1.5)], MEADOW_LIGHT)
    for bird in (-12, -7, -2):
        canvas.line([(bird - 1.6, -13.4), (bird, -12.6), (bird + 1.6, -13.4)], 0.5, PAPER)


def bridge(canvas: Canvas) -> None:
    canvas.box(-34, -3, 34, 2, SEA_LIGHT)
    canvas.arc((0, 1), (30, 13), (180, 360), 3, WOOD)
    canvas.arc((0, -6), (30, 13), (180, 360), 1, WOOD_DARK)
    for post in range(-24, 25, 8):
        rise = 13 * (1 - (post / 30) ** 2) ** 0.5
        canvas.box(post - 0.4, -6 - rise, post + 0.4, 2 - rise, WOOD_DARK)


def ferry(canvas: Canvas) -> None:
    canvas.shape([(-22, -5), (24, -5), (18, 1), (-19, 1)], INK)
    canvas.box(-17, -11, 13, -5, PAPER)
    for left in range(-15, 11, 5):
        _window(canvas, left, -9.6, 3, 2.6)
    canvas.box(-6, -15.5, 8, -11, PAPER)
    _window(canvas, 1.5, -14.4, 5, 2.2)
    canvas.box(-4, -19, -0.5, -15.5, CLAY)


def boat(canvas: Canvas) -> None:
    canvas.line([(0, -3), (0, -23)], 0.7, WOOD_DARK)
    canvas.shape([(0.8, -22), (0.8, -5), (12, -5)], PAPER)
    canvas.shape([(-0.8, -19), (-0.8, -5), (-8, -5)], HAZE)
    canvas.shape([(-11, -4), (13, -4), (9, 0), (-8, 0)], CLAY)


# --- what the city builds, in front


def bench(canvas: Canvas) -> None:
    for plank in (-9.6, -7.6):
        canvas.box(-10, plank, 10, plank + 1.4, WOOD, rounded=0.3)
    canvas.box(-10.5, -4.8, 10.5, -3.2, WOOD, rounded=0.3)
    for leg in (-8.6, 8.6):
        canvas.box(leg - 0.6, -9.8, leg + 0.6, 0, INK_DARK)
        canvas.line([(leg, -6.4), (leg + (2 if leg < 0 else -2), -6.4)], 0.8, INK_DARK)


def table(canvas: Canvas) -> None:
    canvas.box(-11, -8, 11, -6.4, WOOD, rounded=0.4)
    canvas.line([(-8, 0), (-4, -6.6)], 1, WOOD_DARK)
    canvas.line([(8, 0), (4, -6.6)], 1, WOOD_DARK)
    for side in (-13, 13):
        canvas.box(side - 4, -4.2, side + 4, -3, WOOD, rounded=0.3)


def lamp(canvas: Canvas) -> None:
    for shift in (-9, 9):
        foot = shift
        canvas.box(foot - 0.45, -28, foot + 0.45, 0, INK_DARK)
        canvas.line([(foot, -28), (foot + 4, -28.6)], 0.8, INK_DARK)
        canvas.box(foot + 2, -28.8, foot + 6, -27.4, LIGHT if canvas.night else PAPER, rounded=0.6)
        canvas.light(foot + 4, -24, 8)


def sign(canvas: Canvas) -> None:
    for leg in (-5, 5):
        canvas.box(leg - 0.5, -14, leg + 0.5, 0, WOOD_DARK)
    canvas.box(-8, -15.5, 8, -6, PAPER, rounded=0.6)
    canvas.box(-8, -15.5, 8, -13, INK, rounded=0.6)
    for line, long in ((-11.4, 11), (-9.6, 8), (-7.8, 10)):
        canvas.line([(-6, line), (-6 + long, line)], 0.5, STONE)


def fence(canvas: Canvas) -> None:
    for rail in (-7, -3.4):
        canvas.box(-17, rail, 17, rail + 0.8, WOOD)
    for post in range(-16, 17, 4):
        canvas.box(post - 0.6, -9, post + 0.6, 0, WOOD)


def playground(canvas: Canvas) -> None:
    canvas.oval(0, -0.5, 21, 3, SAND)
    for post in (-9, 1):
        canvas.box(post - 0.6, -17, post + 0.6, 0, WOOD_DARK)
    canvas.box(-10, -10.6, 2, -9.2, WOOD)
    canvas.shape([(-11.5, -17), (3.5, -17), (-4, -23)], CLAY)
    canvas.line([(1.5, -10), (6, -7), (13, -1.6), (16, -1.2)], 2, INK_LIGHT)
    for rung in range(4):
        canvas.line([(-13 + rung * 0.8, -1.5 - rung * 2.4), (-9.5, -1.5 - rung * 2.4)], 0.5, WOOD)


def slide(canvas: Canvas) -> None:
    for post in (-10, -5):
        canvas.box(post - 0.5, -15, post + 0.5, 0, INK_DARK)
    for rung in range(5):
        canvas.line([(-10, -2 - rung * 2.6), (-5, -2 - rung * 2.6)], 0.6, INK_DARK)
    canvas.line([(-5, -13), (1, -9), (9, -2), (13, -1.4)], 2.4, CLAY)


def swing(canvas: Canvas) -> None:
    for side in (-1, 1):
        canvas.line([(side * 14, 0), (side * 11, -22)], 1, WOOD_DARK)
        canvas.line([(side * 8, 0), (side * 11, -22)], 1, WOOD_DARK)
    canvas.line([(-12, -22), (12, -22)], 1.3, WOOD)
    for seat in (-5, 4):
        swung = seat + canvas.dice.uniform(-1.5, 1.5)
        for rope in (-1.6, 1.6):
            canvas.line([(seat + rope, -22), (swung + rope, -6)], 0.3, INK_DARK)
        canvas.box(swung - 2.4, -6.4, swung + 2.4, -5.2, CLAY, rounded=0.4)


def climbing(canvas: Canvas) -> None:
    canvas.oval(0, -0.4, 17, 2.4, SAND)
    for left, right in ((-13, -2), (13, 2), (-3, 3)):
        canvas.line([(left, 0), (right * 0.4, -22)], 1, WOOD)
    for height in range(4, 20, 4):
        half = 12.5 * (1 - height / 23)
        canvas.line([(-half, -height), (half, -height)], 0.5, CLAY)
    for start in (-8, -4, 4, 8):
        canvas.line([(start, -1), (0, -22)], 0.4, CLAY)


def gym(canvas: Canvas) -> None:
    for post in (-14, -5, 4, 13):
        canvas.box(post - 0.6, -19 + abs(post) / 3, post + 0.6, 0, INK)
    canvas.line([(-14, -14), (-5, -17)], 0.9, SUN)
    canvas.line([(-5, -17), (4, -17)], 0.9, SUN)
    for ring in (-1.6, 1.8):
        canvas.line([(ring, -17), (ring, -12)], 0.3, INK_DARK)
        canvas.ring(ring, -10.8, 1.4, 0.5, WOOD_DARK)
    canvas.box(4, -5.5, 14, -4.2, WOOD)
    canvas.line([(4, -12), (13, -12)], 0.9, SUN)


def ball_court(canvas: Canvas) -> None:
    canvas.shape([(-27, -9), (27, -9), (38, 3), (-38, 3)], CLAY_LIGHT)
    canvas.line([(-24, -8), (24, -8), (33, 2), (-33, 2), (-24, -8)], 0.6, PAPER)
    canvas.line([(0, -8), (0, 2)], 0.6, PAPER)
    canvas.arc((0, -3), (7, 2.4), (0, 360), 0.6, PAPER)
    canvas.disc(11, -3.4, 1.5, SUN)


def basketball_hoop(canvas: Canvas) -> None:
    canvas.box(-0.7, -27, 0.7, 0, INK_DARK)
    canvas.box(-5.5, -34, 5.5, -26, PAPER, rounded=0.5)
    canvas.box(-1.8, -31, 1.8, -28, CLAY)
    canvas.line([(-2.6, -26.6), (2.6, -26.6)], 0.7, CLAY)
    for cord in (-2, 0, 2):
        canvas.line([(cord, -26.4), (cord * 0.6, -23.4)], 0.25, PAPER)


def skate_ramp(canvas: Canvas) -> None:
    left = [(-25, 0), (-25, -11), (-20, -11)]
    curve = [(-20 + 14 * share, -11 * (1 - share) ** 2) for share in (0.2, 0.4, 0.6, 0.8, 1)]
    canvas.shape([*left, *curve], STONE)
    canvas.shape([(-px, py) for px, py in [*left, *curve]], STONE)
    canvas.box(-8, -0.8, 8, 0, STONE)
    for side in (-1, 1):
        canvas.line(
            [
                (side * 25, -11),
                (side * 25, -16),
                (side * 20.5, -16),
                (side * 20.5, -11),
            ],
            0.5,
            INK_DARK,
        )


def pump_track(canvas: Canvas) -> None:
    points = [(-34 + step * 2, -3 - 3.4 * abs(((step * 2) % 17) / 8.5 - 1)) for step in range(35)]
    canvas.shape([(-36, 1), *points, (36, 1)], "#A98A66")
    canvas.line(points, 1.2, "#C9AE86")


def hammock(canvas: Canvas) -> None:
    for side in (-15, 15):
        canvas.box(side - 0.9, -19, side + 0.9, 0, WOOD_DARK)
    canvas.arc((0, -15), (15, 9), (8, 172), 2.4, CLAY)
    canvas.arc((0, -15.6), (15, 9), (30, 150), 0.8, CLAY_LIGHT)


def disc_golf_basket(canvas: Canvas) -> None:
    canvas.box(-0.6, -22, 0.6, 0, INK_DARK)
    canvas.box(-5.5, -22.5, 5.5, -20.6, SUN, rounded=0.6)
    for chain in (-4.4, -2.4, 2.4, 4.4):
        canvas.line([(chain, -20.6), (chain * 0.3, -11)], 0.35, STONE)
    canvas.shape([(-6, -11), (6, -11), (5, -7), (-5, -7)], INK)
    canvas.oval(-12, -17, 2.6, 0.7, CLAY)


def steps(canvas: Canvas) -> None:
    for step in range(5):
        half, top = 15 + step * 2, -13 + step * 2.8
        canvas.box(-half, top, half, top + 1.6, WOOD)
        canvas.box(-half, top + 1.6, half, top + 2.8, WOOD_DARK)


def platform(canvas: Canvas) -> None:
    canvas.shape([(-22, -3), (22, -3), (26, 1.5), (-26, 1.5)], WOOD)
    for board in range(-20, 23, 5):
        canvas.line([(board, -3), (board * 1.18, 1.5)], 0.3, WOOD_DARK)
    for post in (-21, -10.5, 0, 10.5, 21):
        canvas.box(post - 0.5, -11, post + 0.5, -2.6, WOOD_DARK)
    canvas.box(-22, -11.4, 22, -10.2, WOOD)
    canvas.box(-22, -7, 22, -6.3, WOOD)


def pier(canvas: Canvas) -> None:
    top, far = -26, 4
    canvas.shape([(far - 4, top), (far + 4, top), (13, 4), (-13, 4)], WOOD)
    for board in range(1, 10):
        share = board / 10
        line = top + (4 - top) * share
        middle = far * (1 - share)
        half = 4 + 9 * share
        canvas.line([(middle - half, line), (middle + half, line)], 0.25, WOOD_DARK)
    for share in (0.15, 0.5, 0.9):
        middle, half, line = far * (1 - share), 4.4 + 9 * share, top + (4 - top) * share
        for side in (-1, 1):
            canvas.box(
                middle + side * half - 0.6, line - 3.4, middle + side * half + 0.6, line + 2.4, WOOD_DARK
            )


def lifebuoy(canvas: Canvas) -> None:
    canvas.box(-0.6, -17, 0.6, 0, WOOD_DARK)
    canvas.box(-5, -18, 5, -7, PAPER, rounded=0.6)
    canvas.ring(0, -12.5, 4.2, 1.8, CLAY)
    for side in (-1, 1):
        canvas.box(side * 3.3 - 1, -13.2, side * 3.3 + 1, -11.8, PAPER)


def water_pump(canvas: Canvas) -> None:
    canvas.box(-1.2, -13, 1.2, 0, INK)
    canvas.line([(0, -13.4), (-7, -16.5)], 0.9, INK_DARK)
    canvas.line([(0, -11), (4, -11), (4, -9.4)], 1.1, INK)
    canvas.line([(4, -8.6), (4, -3.4)], 0.7, SEA_LIGHT)
    canvas.oval(5, -1.6, 7.5, 1.8, SEA_LIGHT)


def cabinet(canvas: Canvas) -> None:
    canvas.box(-0.8, -8, 0.8, 0, INK_DARK)
    canvas.box(-5, -19, 5, -7, MEADOW_DARK, rounded=0.8)
    canvas.box(-3.6, -17.6, 3.6, -8.4, HAZE, rounded=0.4)
    canvas.disc(-1.1, -13.8, 1.3, CLAY)
    canvas.disc(1.1, -13.8, 1.3, CLAY)
    canvas.shape([(-2.3, -13.2), (2.3, -13.2), (0, -10.2)], CLAY)


def birdhouse(canvas: Canvas) -> None:
    canvas.box(-1.3, -30, 1.3, 0, WOOD_DARK)
    canvas.box(-4, -22, 4, -12, WOOD)
    canvas.shape([(-5.5, -21.4), (5.5, -21.4), (0, -26)], CLAY)
    canvas.disc(0, -17.6, 1.5, INK_DARK)
    canvas.line([(0, -15), (0, -14.8)], 0.6, INK_DARK)


def traffic_light(canvas: Canvas) -> None:
    canvas.box(-0.6, -14, 0.6, 0, INK_DARK)
    canvas.box(-2.4, -24, 2.4, -13, INK_DARK, rounded=0.8)
    for height, colour in ((21.6, CLAY), (18.4, SUN), (15.3, "#7CB07A")):
        canvas.disc(0, -height, 1.2, colour)


def bicycle(canvas: Canvas) -> None:
    for wheel in (-6.5, 6.5):
        canvas.ring(wheel, -4.6, 4.6, 0.6, INK_DARK)
    canvas.line([(-6.5, -4.6), (-2.4, -10.4), (4.4, -10.4), (6.5, -4.6)], 0.8, CLAY)
    canvas.line([(-2.4, -10.4), (-0.4, -4.6), (4.4, -10.4)], 0.8, CLAY)
    canvas.line([(-0.4, -4.6), (-6.5, -4.6)], 0.8, CLAY)
    canvas.line([(-2.4, -10.4), (-3, -12)], 0.8, CLAY)
    canvas.box(-5, -12.6, -1, -11.6, INK_DARK, rounded=0.4)
    canvas.line([(4.4, -10.4), (3.8, -13), (6.4, -13.4)], 0.7, INK_DARK)


def pedal_car(canvas: Canvas) -> None:
    canvas.box(-9, -7, 9, -2.4, CLAY, rounded=2)
    canvas.box(-4, -10.4, 2, -6, CLAY, rounded=1)
    canvas.line([(2.4, -6.5), (4, -10)], 0.6, INK_DARK)
    for wheel in (-5.6, 5.6):
        canvas.disc(wheel, -2.2, 2.4, INK_DARK)
        canvas.disc(wheel, -2.2, 0.9, PAPER)
    person(canvas, -1, -5, 0.55)


def fire(canvas: Canvas) -> None:
    for stone in range(-6, 7, 3):
        canvas.oval(stone, -0.6, 1.7, 1.2, STONE)
    canvas.line([(-4, -1.4), (4, -2.6)], 1, WOOD_DARK)
    canvas.line([(-4, -2.6), (4, -1.4)], 1, WOOD_DARK)
    canvas.shape(
        [
            (-3.4, -2.4),
            (-2, -7),
            (-0.6, -5),
            (0.6, -11),
            (2.2, -6),
            (3.4, -2.4),
        ],
        CLAY,
    )
    canvas.shape([(-1.8, -2.4), (0, -7), (1.8, -2.4)], LIGHT)
    canvas.light(0, -5, 9)


def food(canvas: Canvas) -> None:
    canvas.box(-15, -9, 15, -7.4, PAPER, rounded=0.3)
    canvas.box(-14.4, -7.6, 14.4, -5, CLAY_LIGHT)
    for leg in (-13, 13):
        canvas.box(leg - 0.5, -7, leg + 0.5, 0, WOOD_DARK)
    for plate, colour in ((-10, CLAY), (-3.4, MEADOW), (3.4, SUN), (10, CLAY)):
        canvas.oval(plate, -9.4, 2.8, 0.8, INK_LIGHT)
        canvas.disc(plate, -10.6, 1.4, colour)


# --- who is there


def person(canvas: Canvas, x: float, y: float, size: float) -> None:
    top, trousers = canvas.dice.choice(CLOTHES), canvas.dice.choice((INK_DARK, INK, "#5D5147", MEADOW_DARK))
    for leg in (-1, 1):
        canvas.line(
            [(x + leg * size, y - 0.6 * size), (x + leg * 0.7 * size, y - 7 * size)], 1.5 * size, trousers
        )
    canvas.box(x - 2.5 * size, y - 14 * size, x + 2.5 * size, y - 6 * size, top, rounded=1.6 * size)
    for arm in (-1, 1):
        reach = canvas.dice.uniform(2.6, 4.4) * size
        canvas.line(
            [(x + arm * 2 * size, y - 12.4 * size), (x + arm * reach, y - canvas.dice.uniform(7, 11) * size)],
            1.3 * size,
            top,
        )
    canvas.disc(x, y - 16.4 * size, 2.2 * size, canvas.dice.choice(SKIN))
    hair = canvas.dice.choice(("#4A3527", "#8A5A33", "#D9C08A", "#6E6A66", CLAY))
    canvas.arc((x, y - 16.6 * size), (2.3 * size, 2.3 * size), (175, 365), 1.1 * size, hair)


def people(canvas: Canvas) -> None:
    for shift, size in ((-8, 0.95), (0, 0.62), (8.5, 1.0)):
        person(canvas, shift + canvas.dice.uniform(-1.5, 1.5), canvas.dice.uniform(-1, 1.5), size)


def dog(canvas: Canvas) -> None:
    coat = canvas.dice.choice((WOOD, "#5D5147", PAPER))
    canvas.box(-4.4, -6, 3, -3, coat, rounded=1.4)
    for leg in (-3.6, -2, 1, 2.4):
        canvas.box(leg - 0.4, -4, leg + 0.4, 0, coat)
    canvas.disc(4.2, -6.6, 1.9, coat)
    canvas.box(4.4, -6.8, 7, -5.4, coat, rounded=0.6)
    canvas.line([(-4.2, -5.4), (-6.4, -8)], 0.8, coat)


def bees(canvas: Canvas) -> None:
    for _ in range(5):
        left, top = canvas.dice.uniform(-20, 20), -canvas.dice.uniform(6, 24)
        canvas.oval(left - 0.4, top - 1.1, 0.9, 0.6, PAPER)
        canvas.oval(left, top, 1.5, 0.9, SUN)
        canvas.line([(left, top - 0.7), (left, top + 0.7)], 0.4, INK_DARK)


BACK: dict[str, Thing] = {
    "trees": trees,
    "house": house,
    "school": school,
    "library": library,
    "kiosk": kiosk,
    "sauna": sauna,
    "shelter": shelter,
    "bus-stop": bus_stop,
    "stage": stage,
    "mural": mural,
    "bridge": bridge,
    "ferry": ferry,
    "boat": boat,
}
FRONT: dict[str, Thing] = {
    "ball-court": ball_court,
    "pier": pier,
    "platform": platform,
    "pump-track": pump_track,
    "steps": steps,
    "basketball-hoop": basketball_hoop,
    "bench": bench,
    "bicycle": bicycle,
    "birdhouse": birdhouse,
    "cabinet": cabinet,
    "climbing": climbing,
    "disc-golf-basket": disc_golf_basket,
    "fence": fence,
    "fire": fire,
    "food": food,
    "gym": gym,
    "hammock": hammock,
    "lamp": lamp,
    "lifebuoy": lifebuoy,
    "pedal-car": pedal_car,
    "playground": playground,
    "sign": sign,
    "skate-ramp": skate_ramp,
    "slide": slide,
    "swing": swing,
    "table": table,
    "traffic-light": traffic_light,
    "water-pump": water_pump,
    "people": people,
    "dog": dog,
    "bees": bees,
}
