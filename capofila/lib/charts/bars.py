"""Bars beside similar companies: own value in petrol, their middle half grey, their median black.

Bars begin at the low end of the scale. A withheld value is a dashed hairline with an en dash; where
there are no peers, band and median are simply absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.draw import Anchor
from capofila.lib.charts.names import Names
from capofila.lib.charts.shapes import DASH, LEVELS, NARROW, WIDE, BarRow, Chart, Locale, Scale

ROW, SIZE = 32.0, 14.5
TICK_SIZE = 13.0
BAND, BAR, MEDIAN = 0.72, 0.34, 0.80  # heights, of the row
STUB = 2.0  # what a value at the low end of the scale is drawn with, so that it is seen
NARROW_ROW, NARROW_SIZE = 46.0, 15.0
BAR_PART = 24.0  # of a narrow row: what is under the name


@dataclass(frozen=True)
class _Track:
    """Where values stand, from left to right."""

    left: float
    right: float
    scale: Scale

    def x(self, value: float) -> float:
        return self.left + self.scale.share(value) * (self.right - self.left)

    def marks(self, row: BarRow, middle: float, band: float, bar: float, median: float) -> list[str]:
        """Band, bar and median around `middle`; `band`, `bar`, `median` are their heights."""
        body: list[str] = []
        if row.quartiles is not None:
            low, high = sorted(map(self.x, row.quartiles))
            body.append(draw.rect(low, middle - band / 2, max(high - low, STUB), band, "wash2"))
        if row.value is None:
            body.append(draw.line((self.left, middle), (self.right, middle), "rule-strong", dash="2 4"))
        else:
            long = max(self.x(row.value) - self.left, STUB)
            body.append(draw.rect(self.left, middle - bar / 2, long, bar, "brand"))
        if row.peer is not None:
            x = min(max(self.x(row.peer), self.left + 1.1), self.right - 1.1)
            ends = (x, middle - median / 2), (x, middle + median / 2)
            body += [draw.line(*ends, "paper", 5), draw.line(*ends, "ink", 2.2)]
        return body


def bars(
    rows: Sequence[BarRow],
    *,
    alt: str,
    locale: Locale,
    scale: Scale = LEVELS,
    ordered: bool = True,
    width: float = WIDE,
    narrow: bool = False,
) -> Chart:
    """One row each, highest value first and withheld ones last unless `ordered` is False.

    `narrow` is 343 wide: name and value above, bar below.
    """
    shown = sorted(rows, key=_highest_first) if ordered else list(rows)
    return _narrow(shown, alt, locale, scale) if narrow else _wide(shown, alt, locale, scale, width)


def _highest_first(row: BarRow) -> tuple[bool, float]:
    return row.value is None, -(row.value or 0.0)


def _wide(rows: Sequence[BarRow], alt: str, locale: Locale, scale: Scale, width: float) -> Chart:
    left = width * 0.365
    names = Names.beside([row.digits for row in rows], room=left - 14, size=SIZE, least=28)
    track = _Track(left, width - max(46, _values_width(rows, locale) + 12), scale)
    top, body = 24.0, list[str]()
    heights = [names.height(row.name, ROW) for row in rows]
    bottom = top + sum(heights)
    body += _axis(track, locale, top - 6, bottom)
    y = top
    for row, high in zip(rows, heights, strict=True):
        middle = y + high / 2
        body.append(names.drawn(middle, row.digits, row.name))
        body += track.marks(row, middle, ROW * BAND, ROW * BAR, ROW * MEDIAN)
        body.append(_value(row, width, middle + SIZE * draw.DIGIT_RISE, SIZE, locale))
        y += high
    return draw.svg(body, width, bottom + 2, alt)


def _axis(track: _Track, locale: Locale, top: float, bottom: float) -> list[str]:
    body: list[str] = []
    for tick in track.scale.ticks:
        x = track.x(tick)
        body.append(draw.line((x, top), (x, bottom)))
        body.append(draw.text(x, top - 5, locale.plain(tick), TICK_SIZE, "ink3", anchor="middle"))
    return body


def _narrow(rows: Sequence[BarRow], alt: str, locale: Locale, scale: Scale) -> Chart:
    room = NARROW - _values_width(rows, locale) - 12
    names = Names.beside([row.digits for row in rows], room=room, size=NARROW_SIZE, least=26)
    track = _Track(0, NARROW, scale)
    body, y = _ends(track, locale), 16.0
    for row in rows:
        high = max(22.0, len(names.wrapped(row.name)) * NARROW_SIZE * 1.22 + 3)
        body.append(names.drawn(y + high / 2, row.digits, row.name))
        first = draw.first_baseline(
            y + high / 2, len(names.wrapped(row.name)), NARROW_SIZE, NARROW_SIZE * 1.22
        )
        body.append(_value(row, NARROW, first, NARROW_SIZE, locale))
        middle = y + high + 9
        if row.value is not None:
            body.append(draw.line((0, middle), (NARROW, middle)))
        body += track.marks(row, middle, 16, 8, 18)
        y += high + BAR_PART
    return draw.svg(body, NARROW, y - 4, alt)


def _ends(track: _Track, locale: Locale) -> list[str]:
    ends: tuple[tuple[float, float, Anchor], ...] = (
        (track.left, track.scale.low, "start"),
        (track.right, track.scale.high, "end"),
    )
    return [draw.text(x, 11, locale.plain(value), 12.5, "ink3", anchor=to) for x, value, to in ends]


def _values_width(rows: Sequence[BarRow], locale: Locale) -> float:
    numbers = [locale.number(row.value) for row in rows if row.value is not None]
    return max((words.width(each, NARROW_SIZE, words.STRONG) for each in numbers), default=12.0)


def _value(row: BarRow, right: float, baseline: float, size: float, locale: Locale) -> str:
    if row.value is None:
        return draw.text(right, baseline, DASH, size, "ink3", words.STRONG, "end")
    return draw.text(right, baseline, locale.number(row.value), size, "ink", words.STRONG, "end")
