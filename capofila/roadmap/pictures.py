"""The drawings of the roadmap's pages: the map with its links, a bar, money and days by quarter.

Units and colours as in `lib.charts`. The map is drawn here and not there because every point of
it is a link, which print has no use for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import ceil, cos, pi, sin
from statistics import median

from django.utils.safestring import SafeString, mark_safe

from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.draw import Place
from capofila.lib.charts.shapes import Locale
from capofila.lib.palette import Token
from capofila.roadmap.rules.shape import QUARTERS

BIG, SMALL = 11.0, 6.5
COLUMN = 20.0  # units of a quarter in a bar
BAR_HEIGHT = 18.0
TEXT = 13.0


@dataclass(frozen=True)
class Dot:
    """One action in the map."""

    url: str
    told: str  # name and figures, in one sentence
    days: int
    gain: float
    number: int | None = None  # of the first twelve in the plan
    planned: bool = True
    hot: bool = False


@dataclass(frozen=True)
class Corners:
    """The names of the four fields: little effort first, high gain first."""

    quick: str
    big: str
    small: str
    long: str


def priority_map(
    dots: Sequence[Dot], *, alt: str, x_name: str, y_name: str, corners: Corners, locale: Locale, narrow: bool
) -> SafeString:
    """Effort across, gain upwards, both from zero; the fields meet at the medians."""
    width, height = (343.0, 430.0) if narrow else (920.0, 530.0)
    left, top, right, bottom = 46.0, 46.0, width - 12, height - 62
    most_days = _top([dot.days for dot in dots], (5, 10, 15, 20, 25, 30, 40, 50, 100))
    most_gain = _top(
        [dot.gain for dot in dots], (0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.1, 0.2, 0.5, 1)
    )

    def x(days: float) -> float:
        return left + days / most_days * (right - left)

    def y(gain: float) -> float:
        return bottom - gain / most_gain * (bottom - top)

    middle = x(median([dot.days for dot in dots] or [most_days / 2]))
    half = y(median([dot.gain for dot in dots] or [most_gain / 2]))
    body = [
        draw.rect(left, top, middle - left, half - top, "wash"),
        draw.line((middle, top), (middle, bottom), width=0.8),
        draw.line((left, half), (right, half), width=0.8),
        draw.line((left, bottom), (right, bottom), "ink", 1),
        draw.text(0, 13, y_name, TEXT, "ink2"),
        draw.text(right, height - 6, x_name, TEXT, "ink2", anchor="end"),
        draw.text(left, top - 8, corners.quick, TEXT, "ink2", words.STRONG),
        draw.text(right, top - 8, corners.big, TEXT, "ink2", words.STRONG, "end"),
        draw.text(left, bottom + 38, corners.small, TEXT, "ink2", words.STRONG),
        draw.text(right, bottom + 38, corners.long, TEXT, "ink2", words.STRONG, "end"),
    ]
    for step in range(1, 5):
        share = step / 4
        days, gain = most_days * share, most_gain * share
        body.append(draw.text(x(days), bottom + 18, locale.plain(days), TEXT, "ink3", anchor="middle"))
        body.append(
            draw.text(left - 7, y(gain) + 4.4, locale.plain(round(gain, 4)), TEXT, "ink3", anchor="end")
        )
    # The first ones are placed first, and drawn last, so that they lie where they belong and on top.
    order = sorted(dots, key=lambda dot: (dot.number is None, not dot.planned, dot.number or 0))
    sizes = [BIG if dot.number is not None else SMALL for dot in order]
    wanted = tuple((x(dot.days), y(dot.gain), size) for dot, size in zip(order, sizes, strict=True))
    places = _set_apart(wanted, (left, top, right, bottom))
    drawn = [_dot(dot, place, size) for dot, place, size in zip(order, places, sizes, strict=True)]
    chart = draw.svg([*body, *reversed(drawn)], width, height, alt)
    return mark_safe(chart.svg.replace('role="img"', 'role="group"', 1))  # it holds links


def _top(values: Sequence[float], steps: Sequence[float]) -> float:
    highest = max(values, default=0) or steps[0]
    step = next((step for step in steps if highest <= 4 * step), steps[-1])
    return ceil(highest / step - 1e-9) * step if highest > 4 * step else 4 * step


@lru_cache(maxsize=64)
def _set_apart(
    wanted: tuple[tuple[float, float, float], ...], edges: tuple[float, float, float, float]
) -> tuple[Place, ...]:
    """A place for each circle (x, y, radius), as near to its own as those before it leave free."""
    left, top, right, bottom = edges
    taken = _Field()
    places = []
    for x, y, radius in wanted:
        inside = (left + radius, top + radius, right - radius, bottom - radius)
        places.append(taken.nearest((x, y), radius, inside))
        taken.put(places[-1], radius)
    return tuple(places)


# Rings around a place, the nearest first.
_AROUND = [(0.0, 0.0)] + [
    (3.5 * ring * cos(2 * pi * turn / 12 + ring / 5), 3.5 * ring * sin(2 * pi * turn / 12 + ring / 5))
    for ring in range(1, 60)
    for turn in range(12)
]


class _Field:
    """Circles that are placed, in every cell of a coarse grid from which one could be touched."""

    CELL = 2 * BIG + 2  # no two circles touch that are two cells apart

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], list[tuple[float, float, float]]] = {}

    def put(self, place: Place, radius: float) -> None:
        column, row = int(place[0] // self.CELL), int(place[1] // self.CELL)
        for near in product((column - 1, column, column + 1), (row - 1, row, row + 1)):
            self.cells.setdefault(near, []).append((*place, radius))

    def nearest(self, wanted: Place, radius: float, inside: tuple[float, float, float, float]) -> Place:
        """The nearest place, in rings around the true one, where a circle covers no other.

        Thousands of places are tried: what was in the way of the last one is looked at first.
        """
        left, top, right, bottom = inside
        there_x = there_y = too_near = 0.0
        for across, down in _AROUND:
            x, y = wanted[0] + across, wanted[1] - down
            if not (left <= x <= right and top <= y <= bottom):
                x, y = min(max(x, left), right), min(max(y, top), bottom)
            if (x - there_x) ** 2 + (y - there_y) ** 2 < too_near:
                continue
            for there_x, there_y, other in self.cells.get((int(x // self.CELL), int(y // self.CELL)), ()):
                too_near = (radius + other + 1) ** 2
                if (x - there_x) ** 2 + (y - there_y) ** 2 < too_near:
                    break
            else:
                return x, y
        return wanted


def _dot(dot: Dot, place: Place, radius: float) -> str:
    told = words.escape(dot.told)
    if dot.hot:
        mark = draw.circle(place, radius, "next-text")
    elif dot.number is not None or dot.planned:
        mark = draw.circle(place, radius, "brand")
    else:
        mark = draw.circle(place, radius - 0.7, "paper", "ink3", 1.4)
    number = ""
    if dot.number is not None:
        colour: Token = "paper" if dot.hot else "on-brand"
        number = draw.text(
            place[0], place[1] + 13 * draw.DIGIT_RISE, str(dot.number), 13, colour, words.STRONG, "middle"
        )
    return (
        f'<a href="{words.escape(dot.url)}" class="dot" data-told="{told}" aria-label="{told}">'
        f"<title>{told}</title>{mark}{number}</a>"
    )


def bar(quarter: int, quarters: int, *, hot: bool, begun: bool, pinned: bool) -> SafeString:
    """One action in its row of twelve quarters; decoration, since the row says it in words."""
    wide = COLUMN * QUARTERS
    left, right = (quarter - 1) * COLUMN + 1, (quarter - 1 + quarters) * COLUMN - 1
    body = []
    if begun:
        body.append(draw.hollow(left, 2, right - left, BAR_HEIGHT - 4, "brand", line=2, fill="paper"))
    else:
        body.append(draw.rect(left, 2, right - left, BAR_HEIGHT - 4, "next-text" if hot else "brand"))
    if pinned:
        body.append(draw.rect(left, 2, 3, BAR_HEIGHT - 4, "ink"))
    made = draw.svg(body, wide, BAR_HEIGHT, None).svg
    return mark_safe(made.replace("<svg ", '<svg preserveAspectRatio="none" ', 1))


def levels_by_quarter(
    spent: Sequence[float], limits: Sequence[float] | None, *, alt: str, added: bool
) -> SafeString:
    """Bars per quarter under a dashed line of what there is. `added`: both are sums since the beginning."""
    wide, high, ground = COLUMN * QUARTERS * 2, 70.0, 66.0
    most = max([*spent, *(limits or ()), 1])
    step = COLUMN * 2

    def y(value: float) -> float:
        return ground - value / most * (ground - 6)

    body = [draw.line((0, ground), (wide, ground), "ink", 1)]
    for at, value in enumerate(spent):
        if value:
            body.append(
                draw.rect(at * step + 2, y(value), step - 4, ground - y(value), "m3" if added else "m2")
            )
    if limits:
        points = [
            point
            for at, value in enumerate(limits)
            for point in ((at * step, y(value)), ((at + 1) * step, y(value)))
        ]
        body.append(draw.path(points, stroke="ink", width=1.6, dash="5 4", closed=False))
    made = draw.svg(body, wide, high, alt).svg
    return mark_safe(made.replace("<svg ", '<svg preserveAspectRatio="none" ', 1))
