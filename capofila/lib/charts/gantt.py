"""Actions over quarters: a bar from where each starts to where it ends, arrows to what waits for it.

A row has a number, a name (as many lines as it takes), a note such as its area, and its bar with a
word in or beside it. Under the rows, figures per quarter. On a phone the name stands above its bar
and arrows and figures are left to the table that goes with the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.draw import Place
from capofila.lib.charts.shapes import LANDSCAPE, NARROW, Chart, GanttRow, GanttTotal
from capofila.lib.palette import Token

NAMES = 0.395  # of the width
ROW, BAR = 24.0, 16.0
SIZE, LEADING, LABEL_SIZE = 14.0, 16.0, 12.5
HEAD, TOTAL = 44.0, 24.0
NUMBER, NAME = 22.0, 30.0  # where numbers end and names begin
NARROW_BAR = 20.0
Heads = Sequence[tuple[str, Sequence[str]]]
"""Each year's name with the names of its quarters."""


@dataclass(frozen=True)
class _Line:
    """A row with its place: name lines, top, height, middle of its bar."""

    row: GanttRow
    name: tuple[str, ...]
    top: float
    high: float
    middle: float


@dataclass(frozen=True)
class _Field:
    """Where quarters stand."""

    left: float
    width: float
    count: int

    @property
    def column(self) -> float:
        return (self.width - self.left) / self.count

    def x(self, quarter: int) -> float:
        """The left edge of a quarter, counted from 1."""
        return self.left + (quarter - 1) * self.column

    def ends(self, row: GanttRow) -> tuple[float, float]:
        """Left and right edge of a bar; what lies beyond the last quarter is cut."""
        last = min(row.start + row.quarters, self.count + 1)
        return self.x(row.start) + 2, max(self.x(last), self.x(row.start) + self.column) - 2


def gantt(
    rows: Sequence[GanttRow],
    heads: Heads,
    *,
    alt: str,
    totals: Sequence[GanttTotal] = (),
    width: float = LANDSCAPE,
) -> Chart:
    """Rows in the order given. Raises `ValueError` for a row that starts in no quarter."""
    quarters = [quarter for _, listed in heads for quarter in listed]
    for row in rows:
        if not 1 <= row.start <= len(quarters):
            raise ValueError(f"quarter {row.start} of {len(quarters)}")
    if width <= NARROW:
        return _narrow(rows, heads, _Field(0, width, len(quarters)), alt)
    field = _Field(width * NAMES, width, len(quarters))
    lines = _laid(rows, field.left)
    bottom = lines[-1].top + lines[-1].high if lines else HEAD
    end = bottom + (len(totals) * TOTAL + 10 if totals else 0)
    body = [
        *_quarters(heads, field, bottom, end),
        *(draw.line((0, line.top), (width, line.top), width=0.7) for line in lines),
        *_arrows(lines, field),
        *(mark for line in lines for mark in _row(line, field)),
        draw.line((0, bottom), (width, bottom), "ink", 1),
        *_totals(totals, field, bottom),
    ]
    return draw.svg(body, width, end + 1, alt)


def gantt_parts(
    rows: Sequence[GanttRow], height: float, width: float = LANDSCAPE
) -> list[Sequence[GanttRow]]:
    """The rows in parts about as long as each other, none drawn higher than `height` without totals."""
    high = [line.high for line in _laid(rows, width * NAMES)]
    for count in range(1, len(rows) + 1):
        most = -(-len(rows) // count)
        starts = range(0, len(rows), most)
        if most == 1 or all(HEAD + sum(high[at : at + most]) <= height for at in starts):
            return [rows[at : at + most] for at in starts]
    return []


def _laid(rows: Sequence[GanttRow], left: float) -> list[_Line]:
    lines: list[_Line] = []
    top = HEAD
    for row in rows:
        room = left - NAME - 16 - words.width(row.note, SIZE, words.STRONG)
        name = words.wrap(row.name, max(room, SIZE * 2), SIZE, _weight(row))
        high = max(ROW, len(name) * LEADING + 10)
        lines.append(_Line(row, name, top, high, top + high / 2))
        top += high
    return lines


def _weight(row: GanttRow) -> int:
    return words.STRONG if row.hot else words.REGULAR


def _quarters(heads: Heads, field: _Field, bottom: float, end: float) -> Iterator[str]:
    """Lines between quarters, those between years in ink, and the names above."""
    quarter = 1
    for year, listed in heads:
        x = field.x(quarter)
        yield draw.line((x, 0), (x, end), "ink", 0.9)
        room = len(listed) * field.column - 8
        if words.width(year, SIZE, words.STRONG) <= room:
            yield draw.text(x + 4, 14, year, SIZE, "ink", words.STRONG)
        for at, name in enumerate(listed):
            if at:
                across = field.x(quarter)
                yield draw.line((across, 24), (across, bottom), width=0.7)
            if words.width(name, LABEL_SIZE, words.STRONG) <= field.column - 2:
                middle = field.x(quarter) + field.column / 2
                yield draw.text(middle, HEAD - 10, name, LABEL_SIZE, "ink2", words.STRONG, "middle")
            quarter += 1


def _row(line: _Line, field: _Field) -> Iterator[str]:
    row = line.row
    first = draw.first_baseline(line.middle, len(line.name), SIZE, LEADING)
    baseline = draw.first_baseline(line.middle, 1, SIZE, LEADING)
    colour: Token = "next-text" if row.hot else "ink"
    yield draw.text(NUMBER, baseline, row.number, SIZE, colour, words.STRONG, "end")
    yield draw.lines(NAME, first, line.name, SIZE, LEADING, "ink", _weight(row))
    yield draw.text(field.left - 10, baseline, row.note, SIZE, "ink3", words.STRONG, "end")
    yield from _bar(row, field, line.middle, BAR)


def _bar(row: GanttRow, field: _Field, middle: float, high: float) -> Iterator[str]:
    """The bar, its word inside where it fits, else beside it on clear ground."""
    left, right = field.ends(row)
    yield draw.rect(left, middle - high / 2, right - left, high, "next-text" if row.hot else "brand")
    wide = words.width(row.label, LABEL_SIZE)
    baseline = middle + LABEL_SIZE * draw.DIGIT_RISE
    if wide + 10 <= right - left:
        yield draw.text(left + 6, baseline, row.label, LABEL_SIZE, "on-brand")
        return
    beside = right + 6 if right + 6 + wide <= field.width else left - 6 - wide
    if row.label and beside >= field.left + 4:
        yield draw.rect(beside - 2, middle - high / 2, wide + 4, high, "paper")
        yield draw.text(beside, baseline, row.label, LABEL_SIZE, "ink2")


def _arrows(lines: Sequence[_Line], field: _Field) -> Iterator[str]:
    """From the end of what comes first, down its last quarter, to the start of what waits."""
    places = {line.row.number: line for line in lines}
    for line in lines:
        for number in line.row.after:
            before = places.get(number)
            if before is not None and before is not line:
                down, to = field.ends(before.row)[1] - 5, field.ends(line.row)[0]
                bend: list[Place] = [(down, before.middle), (down, line.middle), (to - 5, line.middle)]
                yield draw.path(bend, stroke="ink", width=1.3, closed=False)
                tip = [(to - 6, line.middle - 4), (to, line.middle), (to - 6, line.middle + 4)]
                yield draw.path(tip, fill="ink")


def _totals(totals: Sequence[GanttTotal], field: _Field, bottom: float) -> Iterator[str]:
    """A row of figures for each total, a figure under each quarter that it fits."""
    for at, total in enumerate(totals):
        baseline = bottom + 20 + at * TOTAL
        name = words.wrap(total.name, field.left - NAME - 6, SIZE, words.STRONG)[0]
        yield draw.text(NAME, baseline, name, SIZE, "ink", words.STRONG)
        for quarter, value in enumerate(total.values[: field.count], start=1):
            if words.width(value, SIZE) <= field.column - 2:
                middle = field.x(quarter) + field.column / 2
                yield draw.text(middle, baseline, value, SIZE, "ink", anchor="middle")


def _narrow(rows: Sequence[GanttRow], heads: Heads, field: _Field, alt: str) -> Chart:
    """Name above bar; a phone has no room for arrows and figures."""
    lines: list[_Line] = []
    top = HEAD
    for row in rows:
        name = words.wrap(f"{row.number}  {row.name}".strip(), field.width, SIZE, _weight(row))
        above = len(name) * LEADING + 8
        lines.append(_Line(row, name, top, above + NARROW_BAR + 8, top + above + NARROW_BAR / 2))
        top += above + NARROW_BAR + 8
    body = [
        *_quarters(heads, field, HEAD, top),
        *(
            draw.rect(0, line.top, field.width, line.middle - NARROW_BAR / 2 - line.top, "paper")
            for line in lines
        ),
        *(draw.line((0, line.top), (field.width, line.top), width=0.7) for line in lines),
        *(mark for line in lines for mark in _narrow_row(line, field)),
        draw.line((0, top), (field.width, top), "ink", 1),
    ]
    return draw.svg(body, field.width, top + 1, alt)


def _narrow_row(line: _Line, field: _Field) -> Iterator[str]:
    colour: Token = "next-text" if line.row.hot else "ink"
    yield draw.lines(0, line.top + 17, line.name, SIZE, LEADING, colour, _weight(line.row))
    yield from _bar(line.row, field, line.middle, NARROW_BAR)
