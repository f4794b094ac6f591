"""The few marks all charts are made of, as SVG elements.

Each carries the colour of the light theme and the class that the stylesheet overrides: a PDF reads
the first, a page the second. Hollow shapes keep their stroke inside the size they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from capofila.lib import palette
from capofila.lib.charts import text as words
from capofila.lib.charts.shapes import Chart
from capofila.lib.palette import LIGHT, Token

Anchor: TypeAlias = Literal["start", "middle", "end"]
Place: TypeAlias = tuple[float, float]

HAIR = 0.8
DIGIT_RISE = 0.34  # of the size: from the middle of a line of figures to its baseline


def number(value: float) -> str:
    """At most two decimals, no trailing zeros, no minus before zero."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def svg(body: Iterable[str], width: float, height: float, alt: str | None) -> Chart:
    """The finished drawing; None for `alt` hides a decoration from screen readers."""
    w, h = number(width), number(height)
    role = 'aria-hidden="true"' if alt is None else f'role="img" aria-label="{words.escape(alt)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" {role}'
    return Chart(f'{head} font-family="{words.FAMILY}">{"".join(body)}</svg>', float(w), float(h))


def rect(x: float, y: float, width: float, height: float, fill: Token) -> str:
    return f"<rect {_box(x, y, width, height)} {_fill(fill)}/>"


def hollow(
    x: float,
    y: float,
    width: float,
    height: float,
    stroke: Token,
    *,
    line: float = HAIR,
    dash: str = "",
    fill: Token | None = None,
) -> str:
    box = _box(x + line / 2, y + line / 2, width - line, height - line)
    return f"<rect {box} {_paint(fill, stroke, line, dash)}/>"


def cell(x: float, y: float, width: float, height: float, level: int) -> str:
    """A field in the colour of a level; the palest has a hairline, or it would be lost on paper."""
    if level == 1:
        return hollow(x, y, width, height, "rule", fill="m1")
    return rect(x, y, width, height, palette.level(level))


def line(a: Place, b: Place, stroke: Token = "rule", width: float = HAIR, dash: str = "") -> str:
    ends = f'x1="{number(a[0])}" y1="{number(a[1])}" x2="{number(b[0])}" y2="{number(b[1])}"'
    return f"<line {ends} {_stroke(stroke, width, dash)}/>"


def circle(centre: Place, radius: float, fill: Token, stroke: Token | None = None, width: float = 1.2) -> str:
    place = f'cx="{number(centre[0])}" cy="{number(centre[1])}" r="{number(radius)}"'
    return f"<circle {place} {_paint(fill, stroke, width)}/>"


def path(
    places: Sequence[Place],
    *,
    fill: Token | None = None,
    stroke: Token | None = None,
    width: float = HAIR,
    dash: str = "",
    closed: bool = True,
    opacity: float | None = None,
) -> str:
    steps = "L".join(f"{number(x)},{number(y)}" for x, y in places)
    join = ' stroke-linejoin="round"' if stroke else ""
    veil = f' fill-opacity="{number(opacity)}"' if opacity is not None else ""
    return f'<path d="M{steps}{"Z" if closed else ""}" {_paint(fill, stroke, width, dash)}{join}{veil}/>'


def text(
    x: float,
    baseline: float,
    string: str,
    size: float,
    fill: Token = "ink",
    weight: int = words.REGULAR,
    anchor: Anchor = "start",
) -> str:
    return text_in(f"{_fill(fill)}", x, baseline, string, size, weight, anchor)


def text_in(
    colour: str, x: float, baseline: float, string: str, size: float, weight: int, anchor: Anchor
) -> str:
    """Text with colour attributes of its own; nothing at all for an empty string."""
    if not words.clean(string):
        return ""
    type_ = f'font-size="{number(size)}" font-weight="{weight}"'
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    place = f'x="{number(x)}" y="{number(baseline)}"'
    return f"<text {place} {colour} {type_}{at}>{words.escape(string)}</text>"


def lines(
    x: float,
    baseline: float,
    strings: Sequence[str],
    size: float,
    leading: float,
    fill: Token = "ink",
    weight: int = words.REGULAR,
    anchor: Anchor = "start",
) -> str:
    """Lines of text downwards; `baseline` is the first one's."""
    return "".join(
        text(x, baseline + at * leading, string, size, fill, weight, anchor)
        for at, string in enumerate(strings)
    )


def first_baseline(middle: float, count: int, size: float, leading: float) -> float:
    """Where `count` lines begin so that they stand around `middle`."""
    return middle - (count - 1) * leading / 2 + size * DIGIT_RISE


def _box(x: float, y: float, width: float, height: float) -> str:
    w, h = max(width, 0.0), max(height, 0.0)
    return f'x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}"'


def _fill(fill: Token) -> str:
    return f'class="f-{fill}" fill="{LIGHT[fill]}"'


def _stroke(stroke: Token, width: float, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'class="s-{stroke}" stroke="{LIGHT[stroke]}" stroke-width="{number(width)}"{dashes}'


def _paint(fill: Token | None, stroke: Token | None, width: float, dash: str = "") -> str:
    if stroke is None:
        return _fill(fill) if fill else 'fill="none"'
    if fill is None:
        return f'fill="none" {_stroke(stroke, width, dash)}'
    both = f'class="f-{fill} s-{stroke}" fill="{LIGHT[fill]}"'
    return f"{both} {_stroke(stroke, width, dash).partition(' ')[2]}"
