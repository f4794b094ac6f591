"""The figure on the cover: one column of five squares per area, filled to its score.

It is the company's own: no two covers are alike. It stands on the dark ground of the page in both
themes, so its classes are its own and no stylesheet turns them over; an economy print is ink on
white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capofila.lib import palette
from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.shapes import DASH, PAGE, Chart, CoverColumn

SQUARES = 5
SQUARE, GAP = 60.0, 64 / 9  # ten columns fill 664 units: squares of 15 mm
SIZE = 13.6
MARGIN = 24.0  # of the ground around the squares


@dataclass(frozen=True)
class _Inks:
    ground: str
    filled: str
    empty: str
    next: str


ON_DARK = _Inks(palette.COVER_GROUND, palette.COVER_FILLED, palette.COVER_EMPTY, palette.COVER_NEXT)
ON_WHITE = _Inks(palette.LIGHT["paper"], palette.LIGHT["ink"], palette.LIGHT["wash2"], palette.COVER_NEXT)


def cover(
    areas: Sequence[CoverColumn],
    *,
    alt: str,
    high: float = 5,
    economy: bool = False,
    ground: bool = False,
) -> Chart:
    """Ten areas are 664 wide; fewer keep the size of the squares, more share the width.

    A column is full at `high` (5, or 100). `ground` draws the page's colour and a margin around it,
    for where the page has none. A withheld score is five hairline squares with an en dash.
    """
    inks = ON_WHITE if economy else ON_DARK
    count = max(len(areas), 1)
    size = min(1.0, PAGE / (count * (SQUARE + GAP) - GAP))
    square, step = SQUARE * size, (SQUARE + GAP) * size
    edge = MARGIN if ground else 0.0
    foot = edge + SQUARES * step
    width, height = count * step - (step - square) + 2 * edge, foot + 16 + (edge or 2)
    body = [_rect(0, 0, width, height, "ground", inks.ground)] if ground else []
    colour = f'class="f-cover-filled" fill="{inks.filled}"'
    for at, area in enumerate(areas):
        x = edge + at * step
        body += _column(area, x, edge, square, step, high, inks)
        body.append(draw.text_in(colour, x, foot + 12, area.digits, SIZE, words.STRONG, "start"))
    return draw.svg(body, width, height, alt)


def _column(
    area: CoverColumn, x: float, top: float, square: float, step: float, high: float, inks: _Inks
) -> list[str]:
    body: list[str] = []
    for row in range(SQUARES):
        y = top + (SQUARES - 1 - row) * step
        if area.value is None:
            body.append(_outline(x, y, square, inks))
            continue
        done = _part(area.value, row, high)
        then = _part(area.target, row, high) if area.target is not None else 0.0
        body.append(_rect(x, y, square, square, "empty", inks.empty))
        if done > 0:
            body.append(_rect(x, y + square * (1 - done), square, square * done, "filled", inks.filled))
        if then > done:
            y_next, tall = y + square * (1 - then), square * (then - done)
            body.append(_rect(x, y_next, square, tall, "next", inks.next))
    if area.value is None:
        colour = f'class="f-cover-filled" fill="{inks.filled}"'
        middle = top + (SQUARES - 1) * step + square / 2
        body.append(draw.text_in(colour, x + square / 2, middle + 5, DASH, SIZE, words.STRONG, "middle"))
    return body


def _part(value: float, row: int, high: float) -> float:
    """How much of square `row` (0 at the foot) a value fills, 0 to 1."""
    return min(max(value / high * SQUARES - row, 0.0), 1.0)


def _rect(x: float, y: float, wide: float, tall: float, part: str, colour: str) -> str:
    box = f'x="{draw.number(x)}" y="{draw.number(y)}"'
    size = f'width="{draw.number(wide)}" height="{draw.number(tall)}"'
    return f'<rect {box} {size} class="f-cover-{part}" fill="{colour}"/>'


def _outline(x: float, y: float, square: float, inks: _Inks) -> str:
    box = f'x="{draw.number(x + 0.5)}" y="{draw.number(y + 0.5)}"'
    side = draw.number(square - 1)
    stroke = f'class="s-cover-filled" stroke="{inks.filled}" stroke-width="0.8" stroke-opacity="0.5"'
    return f'<rect {box} width="{side}" height="{side}" fill="none" {stroke}/>'
