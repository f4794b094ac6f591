"""Actions by effort and gain, both from zero: what is high and left comes first.

Nothing touches: circles that would cover each other are set apart (a hairline leads back to the
true place), and a label that finds no room is left out, its number stays. The table that goes with
the picture has every name and number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, hypot, log10, pi, sin

from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.draw import Anchor, Place
from capofila.lib.charts.shapes import PAGE, Chart, Locale, Point
from capofila.lib.palette import Token

RADIUS = 12.0
APART = 2 * RADIUS + 3  # least distance of two centres
SIZE, LEADING, NUMBER_SIZE = 14.0, 16.0, 13.5
TICK_SIZE, NAME_SIZE, NAME_LEADING = 13.0, 13.5, 17.0
LABEL_ROOMS = (240.0, 130.0)  # one line, else wrapped into a short block
MOST_LINES = 3
LEAST = 0.0001  # an axis that ends lower is drawn up to 1
AIR = 3.0  # around a label
ABOVE_AND_BELOW: tuple[tuple[float, Anchor], ...] = (
    (0, "middle"),
    (-RADIUS, "start"),
    (RADIUS, "end"),
)
CORNERS: tuple[Anchor, ...] = ("start", "end")


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def near(self, centre: Place, radius: float) -> bool:
        x = min(max(centre[0], self.left), self.right)
        y = min(max(centre[1], self.top), self.bottom)
        return hypot(centre[0] - x, centre[1] - y) < radius


@dataclass(frozen=True)
class _Block:
    """Lines of text and the box they fill, air included."""

    x: float
    first: float
    lines: tuple[str, ...]
    anchor: Anchor
    weight: int
    box: Box

    def drawn(self, size: float, leading: float, colour: Token = "ink") -> str:
        return draw.lines(self.x, self.first, self.lines, size, leading, colour, self.weight, self.anchor)


@dataclass(frozen=True)
class _Ticks:
    """From zero to `top`, a tick every `step`."""

    step: float
    top: float

    @classmethod
    def for_values(cls, values: Sequence[float], span: float) -> _Ticks:
        """Four to six ticks, and room for a whole circle beyond the highest value."""
        highest = max([*values, 0.0])
        highest = highest if highest >= LEAST else 1.0
        step = _nice(highest / 5)
        top = ceil(highest / step - 1e-9) * step
        while (top - highest) / top * span < RADIUS + 2:
            top += step / 2
        return cls(step, top)

    @property
    def values(self) -> list[float]:
        return [at * self.step for at in range(floor(self.top / self.step + 1e-9) + 1)]

    @property
    def decimals(self) -> int:
        """Enough for the step: none for 5, two for 0.02, three for 0.025."""
        return next((n for n in range(7) if abs(self.step - round(self.step, n)) < self.step / 1e6), 7)

    def text(self, value: float, locale: Locale, prefix: str = "") -> str:
        return prefix + locale.fixed(value, self.decimals) if value else "0"

    def widest(self, locale: Locale, prefix: str = "") -> float:
        return max(words.width(self.text(tick, locale, prefix), TICK_SIZE) for tick in self.values)


@dataclass(frozen=True)
class _Plot:
    area: Box
    across: _Ticks
    up: _Ticks

    def x(self, value: float) -> float:
        return self.area.left + value / self.across.top * (self.area.right - self.area.left)

    def y(self, value: float) -> float:
        return self.area.bottom - value / self.up.top * (self.area.bottom - self.area.top)

    def inside(self, place: Place) -> Place:
        """The nearest place at which a whole circle is inside."""
        far = RADIUS + 1
        x = min(max(place[0], self.area.left + far), self.area.right - far)
        return x, min(max(place[1], self.area.top + far), self.area.bottom - far)


def priority_matrix(
    points: Sequence[Point],
    *,
    alt: str,
    locale: Locale,
    x_name: str,
    y_name: str,
    quadrant_name: str | None = None,
    quadrant: tuple[float, float] | None = None,
    y_prefix: str = "+",
    width: float = PAGE,
    height: float = 420,
) -> Chart:
    """Circles with their numbers; hot ones are filled and bold, and are placed first.

    `quadrant` is (most effort, least gain) of the ground called `quadrant_name`; None takes the
    left 40 % and the upper half.
    """
    plot, heads, height = _plot(points, x_name, y_name, y_prefix, locale, width, height)
    order = sorted(points, key=lambda point: (not point.hot, point.number))
    centres = _set_apart(order, plot)
    ground = _ground(plot, quadrant) if quadrant_name is not None else None
    title = _title(quadrant_name or "", ground, centres) if ground else None
    field = Box(plot.area.left, plot.area.top - 4, width, plot.area.bottom - 1)
    labels = _labels(order, centres, field, title, ground)
    taken = [each.box for each in [*labels, title] if each]
    body = [
        *([_filled(ground)] if ground else []),
        *_grid(plot, taken),
        *_axes(plot, y_prefix, locale),
        *heads,
        *([title.drawn(NAME_SIZE, LEADING, "ink2")] if title else []),
        *_leaders(order, centres, plot),
        *_circles(order, centres),
        *(label.drawn(SIZE, LEADING) for label in labels if label),
    ]
    return draw.svg(body, width, height, alt)


def _nice(rough: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten: the next one at or above `rough`."""
    power = 10.0 ** floor(log10(rough))
    return next((n * power for n in (1, 2, 2.5, 5) if rough <= n * power * (1 + 1e-9)), 10 * power)


def _plot(
    points: Sequence[Point],
    x_name: str,
    y_name: str,
    y_prefix: str,
    locale: Locale,
    width: float,
    height: float,
) -> tuple[_Plot, list[str], float]:
    """The field, the names of the axes, and the height: more when those need several lines."""
    above = words.wrap(y_name, width, NAME_SIZE)
    below = words.wrap(x_name, width - 40, NAME_SIZE)
    extra_above, extra_below = ((len(each) - 1) * NAME_LEADING for each in (above, below))
    height += extra_above + extra_below
    top, bottom = 26 + extra_above, height - 44 - extra_below
    up = _Ticks.for_values([point.y for point in points], bottom - top)
    left = max(up.widest(locale, y_prefix) + 9, 52)
    efforts = [point.x for point in points]
    right = width - max(_Ticks.for_values(efforts, width - left).widest(locale) / 2 + 6, 14)
    across = _Ticks.for_values(efforts, right - left)
    heads = [
        draw.lines(0, 12, above, NAME_SIZE, NAME_LEADING, "ink2"),
        draw.lines(right, bottom + 38, below, NAME_SIZE, NAME_LEADING, "ink2", anchor="end"),
    ]
    return _Plot(Box(left, top, right, bottom), across, up), heads, height


def _set_apart(points: Sequence[Point], plot: _Plot) -> list[Place]:
    """A place for each circle, as near to its own as those before it leave free."""
    taken: list[Place] = []
    for point in points:
        true = plot.inside((plot.x(point.x), plot.y(point.y)))
        free = (place for place in _around(true, plot) if _is_free(place, taken))
        taken.append(next(free, true))
    return taken


def _around(place: Place, plot: _Plot) -> Iterator[Place]:
    yield place
    for ring in range(1, 120):
        for turn in range(24):
            angle = 2 * pi * turn / 24
            yield plot.inside((place[0] + 4 * ring * cos(angle), place[1] - 4 * ring * sin(angle)))


def _is_free(place: Place, taken: Sequence[Place]) -> bool:
    return all(hypot(place[0] - x, place[1] - y) >= APART for x, y in taken)


def _ground(plot: _Plot, quadrant: tuple[float, float] | None) -> Box:
    most, least = quadrant or (plot.across.top * 0.4, plot.up.top * 0.5)
    right = min(plot.x(most), plot.area.right)
    return Box(plot.area.left, plot.area.top, right, min(plot.y(least), plot.area.bottom))


def _filled(box: Box) -> str:
    return draw.rect(box.left, box.top, box.right - box.left, box.bottom - box.top, "wash")


def _title(name: str, ground: Box, centres: Sequence[Place]) -> _Block | None:
    """Name of the quadrant, in the first corner of it that no circle needs; else nowhere."""
    lines = words.wrap(name, max(ground.right - ground.left - 20, 1), NAME_SIZE, words.STRONG)
    for low in (False, True):
        tall = len(lines) * LEADING
        first = ground.bottom - 10 - tall + LEADING if low else ground.top + 19
        for anchor in CORNERS:
            x = ground.left + 10 if anchor == "start" else ground.right - 10
            block = _block(x, first, lines, anchor, words.STRONG, NAME_SIZE)
            clear = not any(block.box.near(centre, RADIUS + 2) for centre in centres)
            if clear and ground.holds(block.box):
                return block
    return None


def _block(
    x: float, first: float, lines: tuple[str, ...], anchor: Anchor, weight: int, size: float
) -> _Block:
    wide = max(words.width(line, size, weight) for line in lines)
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    bottom = first + (len(lines) - 1) * LEADING + size * 0.28
    box = Box(left - AIR, first - size * 0.78, left + wide + AIR, bottom)
    return _Block(x, first, lines, anchor, weight, box)


def _labels(
    points: Sequence[Point], centres: Sequence[Place], field: Box, title: _Block | None, ground: Box | None
) -> list[_Block | None]:
    """A label for each point where it fits, in the order of the points.

    Of the places that are free, the first that does not stand across the edge of `ground`.
    """
    taken = [title.box] if title else []
    labels: list[_Block | None] = []
    for point, centre in zip(points, centres, strict=True):
        free = [
            block
            for block in _candidates(point, centre)
            if field.holds(block.box)
            and not any(block.box.meets(other) for other in taken)
            and not any(block.box.near(other, RADIUS + 1) for other in centres)
        ]
        whole = (block for block in free if ground is None or _is_whole(block.box, ground))
        label = next(whole, free[0] if free else None)
        labels.append(label)
        taken += [label.box] if label else []
    return labels


def _is_whole(box: Box, ground: Box) -> bool:
    return ground.holds(box) or not ground.meets(box)


def _candidates(point: Point, centre: Place) -> Iterator[_Block]:
    """Right, left, above, below on one line; then the same as a block of two or three."""
    weight = words.STRONG if point.hot else words.REGULAR
    x, y = centre
    beside = RADIUS + AIR + 2
    for room in LABEL_ROOMS:
        lines = words.balanced(point.label, room, SIZE, weight)
        if not lines[0] or len(lines) > (1 if room == LABEL_ROOMS[0] else MOST_LINES):
            continue
        more = (len(lines) - 1) * LEADING
        middle = draw.first_baseline(y, len(lines), SIZE, LEADING)
        yield _block(x + beside, middle, lines, "start", weight, SIZE)
        yield _block(x - beside, middle, lines, "end", weight, SIZE)
        for shift, anchor in ABOVE_AND_BELOW:
            yield _block(x + shift, y - beside - 1.5 - more, lines, anchor, weight, SIZE)
            yield _block(x + shift, y + beside + 9, lines, anchor, weight, SIZE)


def _grid(plot: _Plot, taken: Sequence[Box]) -> list[str]:
    """Hairlines at the ticks above zero, broken where text stands."""
    body: list[str] = []
    for tick in plot.up.values[1:]:
        y, x = plot.y(tick), plot.area.left
        gaps = sorted((box.left, box.right) for box in taken if box.top < y < box.bottom)
        for left, right in [*gaps, (plot.area.right, plot.area.right)]:
            if left - x > 2:
                body.append(draw.line((x, y), (min(left, plot.area.right), y), width=0.7))
            x = max(x, right)
    return body


def _axes(plot: _Plot, y_prefix: str, locale: Locale) -> list[str]:
    floor_, left = plot.area.bottom, plot.area.left
    body = [
        draw.text(
            left - 8, plot.y(tick) + 4.4, plot.up.text(tick, locale, y_prefix), TICK_SIZE,
            "ink3", anchor="end",
        )
        for tick in plot.up.values[1:]
    ]  # fmt: skip
    body.append(draw.line((left, floor_), (plot.area.right, floor_), "ink", 1))
    for tick in plot.across.values:
        x, shown = plot.x(tick), plot.across.text(tick, locale)
        body.append(draw.line((x, floor_), (x, floor_ + 5), "ink", 1))
        body.append(draw.text(x, floor_ + 20, shown, TICK_SIZE, "ink3", anchor="middle"))
    return body


def _leaders(points: Sequence[Point], centres: Sequence[Place], plot: _Plot) -> list[str]:
    pairs = [((plot.x(point.x), plot.y(point.y)), at) for point, at in zip(points, centres, strict=True)]
    return [
        draw.line(true, at, "ink3", 1)
        for true, at in pairs
        if hypot(true[0] - at[0], true[1] - at[1]) > RADIUS + 2
    ]


def _circles(points: Sequence[Point], centres: Sequence[Place]) -> list[str]:
    body: list[str] = []
    for point, centre in zip(points, centres, strict=True):
        if point.hot:
            body.append(draw.circle(centre, RADIUS, "next-text"))
        else:
            body.append(draw.circle(centre, RADIUS - 0.7, "paper", "ink", 1.4))
        x, y = centre[0], centre[1] + NUMBER_SIZE * draw.DIGIT_RISE
        colour: Token = "paper" if point.hot else "ink"
        body.append(draw.text(x, y, str(point.number), NUMBER_SIZE, colour, words.STRONG, "middle"))
    return body
