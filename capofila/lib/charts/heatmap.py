"""Areas by dimensions: each cell in the colour of its band, with its number.

A withheld cell has no ground, only a hairline, the caller's sign and what was covered. On a phone
there is no column of totals: names are short ones and columns are letters, both the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capofila.lib import palette
from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.names import Names
from capofila.lib.charts.shapes import DASH, NARROW, PAGE, Bands, Chart, HeatRow, Locale

GAP = 1.5
HEAD_SIZE, HEAD_LEADING = 13.5, 16.0
SIZE, NOTE_SIZE = 14.5, 12.5


@dataclass(frozen=True)
class _Grid:
    names: Names
    left: float  # where cells begin
    cell: float  # from one column to the next
    row: float  # least height
    total: float  # width of the column of totals, 0 where there is none
    columns: int

    @property
    def right(self) -> float:
        return self.left + self.columns * self.cell

    @property
    def width(self) -> float:
        return self.right + self.total

    def middle(self, column: int) -> float:
        """Of what is drawn, which ends a gap before the next column."""
        return self.left + column * self.cell + (self.cell - GAP) / 2


def heatmap(
    rows: Sequence[HeatRow],
    columns: Sequence[str],
    *,
    bands: Bands,
    alt: str,
    locale: Locale,
    total_name: str = "",
    foot: HeatRow | None = None,
    withheld: str = DASH,
    width: float = PAGE,
    narrow: bool = False,
) -> Chart:
    """Rows from the top; `foot` (means) under an ink line; `narrow` is 343 wide and has no totals.

    The column of totals is there when `total_name` is given. The drawing is wider than `width`
    only when the numbers do not fit into the cells otherwise.
    """
    for row in [*rows, *([foot] if foot else [])]:
        if len(row.values) != len(columns):
            raise ValueError(f"{len(row.values)} values for {len(columns)} columns")
    every = [*rows, *([foot] if foot else [])]
    grid = _grid(every, columns, locale, withheld, total_name, NARROW if narrow else width, narrow)
    body, y = _heads(grid, columns, total_name)
    for row in rows:
        high = grid.names.height(row.name, grid.row)
        body += _row(grid, row, y, high, bands, locale, withheld)
        y += high
    if foot:
        y += 6
        body.append(draw.line((0, y), (grid.width, y), "ink", 1))
        high = grid.names.height(foot.name, grid.row, words.STRONG)
        body += _foot(grid, foot, y + high / 2, locale)
        y += high
    return draw.svg(body, grid.width, y, alt)


def _grid(
    rows: Sequence[HeatRow],
    columns: Sequence[str],
    locale: Locale,
    withheld: str,
    total_name: str,
    width: float,
    narrow: bool,
) -> _Grid:
    digits = [row.digits for row in rows]
    total = 0.0 if narrow or not total_name else max(width * 0.09, _total_width(rows, total_name, locale))
    heads = max((words.longest_word(name, HEAD_SIZE) for name in columns), default=0.0) + 6
    room = width * (0.34 if narrow else 0.357)
    if not narrow:  # names of rows give way to whole words over the columns, up to a point
        room = min(room, max(width - total - len(columns) * heads, width * 0.26))
    names = Names.beside(digits, room=room - 6, size=SIZE, least=24 if narrow else 28)
    needed = max(_cell_width(row, locale, withheld) for row in rows) if rows else 0.0
    cell = max((width - room - total) / max(len(columns), 1), needed)
    return _Grid(names, room, cell, 42 if narrow else 34, total, len(columns))


def _total_width(rows: Sequence[HeatRow], name: str, locale: Locale) -> float:
    numbers = [locale.number(row.total) for row in rows if row.total is not None]
    widest = max((words.width(each, SIZE, words.STRONG) for each in numbers), default=0.0)
    return max(widest, words.longest_word(name, HEAD_SIZE, words.STRONG)) + 12


def _cell_width(row: HeatRow, locale: Locale, withheld: str) -> float:
    texts = [withheld if value is None else locale.number(value) for value in row.values]
    widths = [words.width(each, SIZE, words.STRONG) for each in texts]
    notes = [words.width(note, NOTE_SIZE) for note in row.notes]
    return max([*widths, *notes], default=0.0) + 8


def _heads(grid: _Grid, columns: Sequence[str], total_name: str) -> tuple[list[str], float]:
    """Names of the columns on their common last line, and where the first row begins."""
    wrapped = [words.balanced(name, grid.cell - 4, HEAD_SIZE) for name in columns]
    total = words.wrap(total_name, max(grid.total - 6, 1), HEAD_SIZE, words.STRONG) if grid.total else ()
    most = max([len(each) for each in wrapped] + [len(total)], default=1)
    last = 3 + most * HEAD_LEADING
    body = [
        draw.lines(
            grid.middle(at), last - (len(each) - 1) * HEAD_LEADING, each, HEAD_SIZE, HEAD_LEADING,
            "ink2", anchor="middle",
        )
        for at, each in enumerate(wrapped)
    ]  # fmt: skip
    first = last - (len(total) - 1) * HEAD_LEADING
    body.append(draw.lines(grid.width, first, total, HEAD_SIZE, HEAD_LEADING, "ink", words.STRONG, "end"))
    return body, last + 11


def _row(
    grid: _Grid, row: HeatRow, y: float, high: float, bands: Bands, locale: Locale, withheld: str
) -> list[str]:
    middle = y + (high - GAP) / 2
    body = [grid.names.drawn(middle, row.digits, row.name)]
    for at, value in enumerate(row.values):
        x, wide, tall = grid.left + at * grid.cell, grid.cell - GAP, high - GAP
        if value is None:
            note = row.notes[at] if at < len(row.notes) else ""
            body.append(draw.hollow(x, y, wide, tall, "rule"))
            body.append(_withheld(grid.middle(at), middle, wide, withheld, note))
        else:
            level = bands.level(value)
            body.append(draw.cell(x, y, wide, tall, level))
            baseline = middle + SIZE * draw.DIGIT_RISE
            body.append(
                draw.text(
                    grid.middle(at), baseline, locale.number(value), SIZE,
                    palette.on_level(level), anchor="middle",
                )
            )  # fmt: skip
    if grid.total:
        body.append(_total(grid, row, middle, locale))
    return body


def _withheld(x: float, middle: float, room: float, sign: str, note: str) -> str:
    """Sign and coverage on one line, or one above the other where the cell is small."""
    both = f"{sign} {note}".strip()
    if not note or words.width(both, NOTE_SIZE) <= room - 6:
        size = NOTE_SIZE if note else SIZE
        return draw.text(x, middle + size * draw.DIGIT_RISE, both, size, "ink3", anchor="middle")
    first = draw.first_baseline(middle, 2, NOTE_SIZE, 14)
    return draw.lines(x, first, (sign, note), NOTE_SIZE, 14, "ink3", anchor="middle")


def _total(grid: _Grid, row: HeatRow, middle: float, locale: Locale) -> str:
    shown = DASH if row.total is None else locale.number(row.total)
    colour: palette.Token = "ink3" if row.total is None else "ink"
    baseline = middle + SIZE * draw.DIGIT_RISE
    return draw.text(grid.width, baseline, shown, SIZE, colour, words.STRONG, "end")


def _foot(grid: _Grid, foot: HeatRow, middle: float, locale: Locale) -> list[str]:
    baseline = middle + SIZE * draw.DIGIT_RISE
    body = [grid.names.drawn(middle, foot.digits, foot.name, words.STRONG)]
    for at, value in enumerate(foot.values):
        shown = DASH if value is None else locale.number(value)
        colour: palette.Token = "ink3" if value is None else "ink"
        body.append(draw.text(grid.middle(at), baseline, shown, SIZE, colour, words.STRONG, "middle"))
    if grid.total:
        body.append(_total(grid, foot, middle, locale))
    return body
