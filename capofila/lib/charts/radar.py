"""The shape of a company on three to twelve axes; for its shape only, never for two companies.

A value that is withheld leaves a gap: its axis is dashed, its neighbours are not joined across it,
its label reads an en dash. Long names wrap; the drawing grows where that is not enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin

from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.draw import Anchor, Place
from capofila.lib.charts.shapes import DASH, RADAR_LEVELS, WIDE, Axis, Chart, Locale, Scale
from capofila.lib.palette import Token

RADIUS_SHARE = 0.315  # of the width
HEIGHT_SHARE = 0.93
SIZE, VALUE_SIZE, LEADING = 14.5, 15.0, 17.0
OFF_RING = 14.0  # from the outer ring to a label
EDGE, MARGIN = 2.0, 48.0  # least and most paper around the labels
MOST_LINES = 3


@dataclass(frozen=True)
class _Label:
    """Name over value; places count from the centre of the radar, downwards and to the right."""

    x: float
    first: float  # baseline of the first line of the name
    anchor: Anchor
    name: tuple[str, ...]
    value: str
    known: bool

    @property
    def width(self) -> float:
        names = (words.width(each, SIZE, words.STRONG) for each in self.name)
        return max(*names, words.width(self.value, VALUE_SIZE, words.STRONG))

    @property
    def left(self) -> float:
        return self.x - self.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.first - 12

    @property
    def bottom(self) -> float:
        return self.first + len(self.name) * LEADING + 4

    def moved(self, down: float) -> _Label:
        return replace(self, first=self.first + down)


def radar(
    axes: Sequence[Axis],
    peers: Sequence[float | None] | None = None,
    *,
    alt: str,
    locale: Locale,
    scale: Scale = RADAR_LEVELS,
    width: float = WIDE,
) -> Chart:
    """`axes` clockwise from the top; `peers` has one median for each of them, in their order.

    Rings are `scale.ticks`, the centre is `scale.low`. At 620 wide it is 577 high unless long
    names ask for more.
    """
    if not 3 <= len(axes) <= 12:
        raise ValueError(f"a radar has 3 to 12 axes, not {len(axes)}")
    if peers is not None and len(peers) != len(axes):
        raise ValueError(f"{len(peers)} peers for {len(axes)} axes")
    radius = width * RADIUS_SHARE
    labels = _labels(axes, radius, width / 2, locale)
    half = max(width / 2, *(max(-each.left, each.right) + EDGE for each in labels))
    above = _room(max(-each.top for each in labels), width)
    below = _room(max(each.bottom for each in labels), width)
    web = _Web(half, above, radius, len(axes), scale)
    values = [axis.value for axis in axes]
    body = [
        *web.grid(values),
        *web.own_ground(values),
        *web.ring_numbers(locale, values),
        *(web.peers_line(peers) if peers is not None else ()),
        *web.own_line(values),
        *(web.points(peers, own=False) if peers is not None else ()),
        *web.points(values, own=True),
        *(_drawn(label, half, above) for label in labels),
    ]
    return draw.svg(body, 2 * half, above + below, alt)


def _room(reach: float, width: float) -> float:
    """Above or below the centre, for labels that reach so far: the usual half, less if it is empty."""
    return min(max(width * HEIGHT_SHARE / 2, reach + EDGE), reach + MARGIN)


@dataclass(frozen=True)
class _Web:
    x: float  # of the centre
    y: float
    radius: float
    count: int
    scale: Scale

    def place(self, axis: int, value: float) -> Place:
        s, c = _direction(axis, self.count)
        far = self.radius * self.scale.share(value)
        return self.x + s * far, self.y - c * far

    def grid(self, values: Sequence[float | None]) -> list[str]:
        ticks = self.scale.ticks
        rings = [
            draw.path(
                [self.place(axis, tick) for axis in range(self.count)],
                stroke="rule-strong" if tick == ticks[-1] else "rule",
            )
            for tick in ticks
        ]
        spokes = [
            draw.line(
                self.place(axis, ticks[0]),
                self.place(axis, ticks[-1]),
                "rule" if values[axis] is not None else "rule-strong",
                dash="" if values[axis] is not None else "2 4",
            )
            for axis in range(self.count)
        ]
        return rings + spokes

    def peers_line(self, values: Sequence[float | None]) -> list[str]:
        return [
            draw.path(self._places(run), stroke="ink2", width=1.4, dash="2 4", closed=closed)
            for run, closed in _runs(values)
            if len(run) > 1
        ]

    def own_ground(self, values: Sequence[float | None]) -> list[str]:
        """Of a run with gaps it reaches in to the centre."""
        grounds = [
            self._places(run) if closed else [(self.x, self.y), *self._places(run)]
            for run, closed in _runs(values)
            if len(run) > 1
        ]
        return [draw.path(ground, fill="m3", opacity=0.28) for ground in grounds]

    def own_line(self, values: Sequence[float | None]) -> list[str]:
        return [
            draw.path(self._places(run), stroke="brand", width=2.4, closed=closed)
            for run, closed in _runs(values)
            if len(run) > 1
        ]

    def points(self, values: Sequence[float | None], *, own: bool) -> list[str]:
        places = [self.place(at, value) for at, value in enumerate(values) if value is not None]
        if own:
            return [draw.circle(place, 4.6, "brand") for place in places]
        return [draw.circle(place, 3, "paper", "ink2") for place in places]

    def ring_numbers(self, locale: Locale, values: Sequence[float | None]) -> list[str]:
        """Beside the first axis, on the side where the own line crosses fewer; a crossed one is left out."""
        sides = {to: [tick for tick in self.scale.ticks if self._crossed(tick, to, values)] for to in (1, -1)}
        side = 1 if len(sides[1]) <= len(sides[-1]) else -1
        anchor: Anchor = "start" if side > 0 else "end"
        body: list[str] = []
        for tick in self.scale.ticks:
            if tick in sides[side]:
                continue
            shown = locale.plain(tick)
            x, y = self.place(0, tick)
            wide = words.width(shown, 12.5) + 4.5
            body.append(_veil(x + 4 if side > 0 else x - 4 - wide, y - 6.5, wide, 13))
            body.append(draw.text(x + 6 * side, y + 4.25, shown, 12.5, "ink3", anchor=anchor))
        return body

    def _crossed(self, tick: float, side: int, values: Sequence[float | None]) -> bool:
        """Whether the own line runs through the number of a ring."""
        here, there = values[0], values[side]
        if here is None or there is None:
            return False
        (x0, y0), (x1, y1) = self.place(0, here), self.place(side % self.count, there)
        run = abs(x1 - x0)
        at = [y0 + (y1 - y0) * min(far / run, 1.0) if run else y0 for far in (5, 9, 13)]
        return any(abs(y - self.place(0, tick)[1]) < 6.5 for y in at)

    def _places(self, run: Sequence[tuple[int, float]]) -> list[Place]:
        return [self.place(axis, value) for axis, value in run]


def _direction(axis: int, count: int) -> tuple[float, float]:
    angle = 2 * pi * axis / count
    return sin(angle), cos(angle)


def _veil(x: float, y: float, width: float, height: float) -> str:
    places = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return draw.path(places, fill="paper", opacity=0.85)


def _runs(values: Sequence[float | None]) -> list[tuple[list[tuple[int, float]], bool]]:
    """Axes that follow one another and have a value; True when they go all the way round."""
    known = [(axis, value) for axis, value in enumerate(values) if value is not None]
    if len(known) == len(values):
        return [(known, True)]
    runs: list[list[tuple[int, float]]] = []
    start = next(axis for axis, value in enumerate(values) if value is None)
    for step in range(1, len(values) + 1):
        axis = (start + step) % len(values)
        value = values[axis]
        if value is None:
            continue
        if values[axis - 1] is None:
            runs.append([])
        runs[-1].append((axis, value))
    return [(run, False) for run in runs]


def _labels(axes: Sequence[Axis], radius: float, half: float, locale: Locale) -> list[_Label]:
    placed = [_label(at, len(axes), axis, radius, half, locale) for at, axis in enumerate(axes)]
    sides = [
        *_apart([each for each in placed if each.anchor == "start"]),
        *_apart([each for each in placed if each.anchor == "end"]),
    ]
    poles = [_clear_of(each, sides) for each in placed if each.anchor == "middle"]
    return poles + sides


def _label(at: int, count: int, axis: Axis, radius: float, half: float, locale: Locale) -> _Label:
    s, c = _direction(at, count)
    x, y = s * (radius + OFF_RING), -c * (radius + OFF_RING)
    pole = abs(s) < 0.1
    room = radius if pole else half - abs(x) - EDGE
    name = _name_lines(axis, room)
    value = locale.number(axis.value) if axis.value is not None else DASH
    anchor: Anchor = "middle" if pole else "start" if s > 0 else "end"
    return _Label(x, _first(y, c, pole, len(name)), anchor, name, value, axis.value is not None)


def _first(y: float, c: float, pole: bool, lines: int) -> float:
    """Names grow away from the web: upwards above, downwards below, both ways at the sides."""
    more = (lines - 1) * LEADING
    if pole:
        return y - 20 - more if c > 0 else y + 16
    if abs(c) <= 0.3:
        return y - more / 2
    return y - more if c > 0 else y


def _name_lines(axis: Axis, room: float) -> tuple[str, ...]:
    """At most three lines: a name that needs more gets the width instead."""
    name = words.HARD_SPACE.join(part for part in (axis.digits, words.clean(axis.name)) if part)
    room = max(room, min(words.longest_word(name, SIZE, words.STRONG), 240))
    while len(words.wrap(name, room, SIZE, words.STRONG)) > MOST_LINES:
        room *= 1.1
    return words.balanced(name, room, SIZE, words.STRONG)


def _apart(side: list[_Label]) -> list[_Label]:
    """Labels of one side, moved away from the middle until none touches the next."""
    upper = sorted((each for each in side if each.first < 0), key=lambda each: -each.first)
    lower = sorted((each for each in side if each.first >= 0), key=lambda each: each.first)
    done: list[_Label] = []
    for each in upper:
        limit = min((other.top for other in done), default=each.bottom)
        done.append(each.moved(min(limit - 3 - each.bottom, 0.0) if done else 0.0))
    floor = max((other.bottom for other in done), default=None)
    for each in lower:
        down = 0.0 if floor is None else max(floor + 3 - each.top, 0.0)
        done.append(each.moved(down))
        floor = done[-1].bottom
    return done


def _clear_of(pole: _Label, sides: Sequence[_Label]) -> _Label:
    """The label at the top or bottom, beyond those of the sides that reach under or over it."""
    beside = [each for each in sides if each.left < pole.right + 6 and each.right > pole.left - 6]
    if pole.first < 0:
        near = [each.top for each in beside if each.first < 0]
        return pole.moved(min(min(near, default=pole.bottom + 3) - 3 - pole.bottom, 0.0))
    near = [each.bottom for each in beside if each.first >= 0]
    return pole.moved(max(max(near, default=pole.top - 3) + 3 - pole.top, 0.0))


def _drawn(label: _Label, x: float, y: float) -> str:
    name = draw.lines(
        x + label.x, y + label.first, label.name, SIZE, LEADING, "ink", words.STRONG, label.anchor
    )
    below = y + label.first + len(label.name) * LEADING
    colour: Token = "brand" if label.known else "ink3"
    return name + draw.text(x + label.x, below, label.value, VALUE_SIZE, colour, words.STRONG, label.anchor)
