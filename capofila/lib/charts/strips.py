"""Small drawings that go with a figure or a heading: band scale, comb, ticks, count per level."""

from __future__ import annotations

from collections.abc import Sequence

from capofila.lib import palette
from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.shapes import DASH, WIDE, Bands, Chart, Locale, Scale, Tick

SMALL = 12.5


def band_scale(value: float | None, bands: Bands, *, alt: str, locale: Locale, width: float = 160) -> Chart:
    """All bands, a triangle and a line at `value`, the two ends of the scale in figures; 46 high.

    It fills its width, so that it stands flush with the text around it; at either end the
    triangle is cut. None leaves the bands unfilled and without a mark.
    """
    scale = Scale(bands.edges[0], bands.edges[-1], ())
    xs = [scale.share(edge) * width for edge in bands.edges]
    body: list[str] = []
    for at in range(bands.count):
        wide = xs[at + 1] - xs[at] - (1.2 if at + 1 < bands.count else 0)
        if value is None:
            body.append(draw.hollow(xs[at], 16, wide, 12, "rule-strong"))
        else:
            body.append(draw.cell(xs[at], 16, wide, 12, bands.colour(at)))
    if value is not None:
        body += _pointer(scale.share(value) * width, width)
    body.append(draw.text(0, 43, locale.plain(bands.edges[0]), SMALL, "ink3"))
    body.append(draw.text(width, 43, locale.plain(bands.edges[-1]), SMALL, "ink3", anchor="end"))
    return draw.svg(body, width, 46, alt)


def _pointer(x: float, width: float) -> list[str]:
    at = min(max(x, 1.0), width - 1)
    left, right = max(at - 7, 0.0), min(at + 7, width)
    low_left, low_right = 13 - (at - left) * 12 / 7, 13 - (right - at) * 12 / 7
    triangle = [(left, 1), (right, 1), (right, low_right), (at, 13), (left, low_left)]
    return [
        draw.path(triangle, fill="ink"),
        draw.line((at, 16), (at, 28), "paper", 4),
        draw.line((at, 12), (at, 28), "ink", 2),
    ]


def comb(
    current: int | None,
    count: int = 10,
    *,
    alt: str | None = None,
    width: float = 80,
    height: float = 10.4,
) -> Chart:
    """`count` bars, the `current` one (counted from 1) tall; none is tall when it is None.

    At its default size it prints 20 by 2.6 mm. The last bar ends at the right edge.
    """
    if current is not None and not 1 <= current <= count:
        raise ValueError(f"bar {current} of {count}")
    wide = width / (count + (count - 1))
    low = height * 0.36
    body: list[str] = []
    for at in range(count):
        here = at + 1 == current
        tall = height if here else low
        colour: palette.Token = "next" if here else "brand-strong"
        body.append(draw.rect(2 * at * wide, height - tall, wide, tall, colour))
    return draw.svg(body, width, height, alt)


def ticks(
    levels: Sequence[Tick],
    current: int | None = None,
    *,
    alt: str,
    width: float = 168,
    height: float = 12,
) -> Chart:
    """One mark per question: level colour, hollow half for not applicable, low line for to do.

    `current`, counted from 1, is drawn in `next` whatever its level.
    """
    gap = 2.0
    step = (width + gap) / max(len(levels), 1)
    body = [
        _tick(level, at * step, step - gap, height, here=at + 1 == current) for at, level in enumerate(levels)
    ]
    return draw.svg(body, width, height, alt)


def _tick(level: Tick, x: float, wide: float, high: float, *, here: bool) -> str:
    if here:
        return draw.rect(x, 0, wide, high, "next")
    if level is None:
        return draw.rect(x, high - 3, wide, 3, "rule-strong")
    if level == "not applicable":
        return draw.hollow(x, high / 2, wide, high / 2, "rule-strong", line=1)
    return draw.cell(x, 0, wide, high, level)


def levels_strip(
    counts: Sequence[int],
    *,
    alt: str,
    names: Sequence[str] = (),
    unanswered: int = 0,
    unanswered_name: str = "",
    width: float = WIDE,
) -> Chart:
    """How many answers have each level: one stacked bar, and under it level, count and name.

    `counts` has levels 1 to 5 in order; `unanswered` ends the bar as a hollow piece.
    """
    pieces = [*counts, *([unanswered] if unanswered else [])]
    titles = [*(names or [""] * len(counts)), *([unanswered_name] if unanswered else [])]
    step = width / len(pieces)
    fits = all(
        max(words.longest_word(title, 13), 27 + words.width(str(count), 14.5, words.STRONG)) <= step - 8
        for count, title in zip(pieces, titles, strict=True)
    )
    lay = _counts_beside if fits else _counts_below
    keys, bottom = lay(pieces, titles, len(counts), width)
    return draw.svg([*_stack(pieces, len(counts), width), *keys], width, bottom, alt)


def _stack(pieces: Sequence[int], levels: int, width: float) -> list[str]:
    """Pieces in proportion, a gap after each; a piece is never thinner than two units."""
    shown = [(at, count) for at, count in enumerate(pieces) if count]
    if not shown:
        return [draw.hollow(0, 0, width, 18, "rule-strong")]
    gap, total = 1.5, sum(count for _, count in shown)
    room = width - gap * (len(shown) - 1)
    wide = [max(room * count / total, 2.0) for _, count in shown]
    shrink = room / sum(wide)
    body, x = list[str](), 0.0
    for (at, _), each in zip(shown, wide, strict=True):
        body.append(_piece(x, 0, each * shrink, 18, at, levels))
        x += each * shrink + gap
    return body


def _piece(x: float, y: float, wide: float, high: float, at: int, levels: int) -> str:
    if at >= levels:
        return draw.hollow(x, y, wide, high, "rule-strong")
    return draw.cell(x, y, wide, high, at + 1)


def _counts_beside(
    pieces: Sequence[int], titles: Sequence[str], levels: int, width: float
) -> tuple[list[str], float]:
    """One column each, the name under the count; and where all that ends."""
    step = width / len(pieces)
    body: list[str] = []
    bottom = 48.0
    for at, (count, title) in enumerate(zip(pieces, titles, strict=True)):
        body.append(_count(at * step, 28, count, at, levels))
        lines = words.wrap(title, step - 8, 13) if title else ()
        body.append(draw.lines(at * step, 64, lines, 13, 16, "ink2"))
        bottom = max(bottom, 68.0 + (len(lines) - 1) * 16 if lines else 0)
    return body, bottom


def _counts_below(
    pieces: Sequence[int], titles: Sequence[str], levels: int, width: float
) -> tuple[list[str], float]:
    """One row each, for where columns would be too narrow."""
    left = 27 + max(words.width(str(count), 14.5, words.STRONG) for count in pieces) + 10
    body: list[str] = []
    y = 28.0
    for at, (count, title) in enumerate(zip(pieces, titles, strict=True)):
        lines = words.wrap(title, width - left, 14)
        body.append(_count(0, y, count, at, levels))
        body.append(draw.lines(left, y + 15, lines, 14, 17, "ink2"))
        y += 25 + (len(lines) - 1) * 17
    return body, y - 4


def _count(x: float, y: float, count: int, at: int, levels: int) -> str:
    """A square with the level in it, and the count beside it."""
    sign = str(at + 1) if at < levels else DASH
    colour: palette.Token = palette.on_level(at + 1) if at < levels else "ink2"
    square = _piece(x, y, 20, 20, at, levels)
    level = draw.text(x + 10, y + 14.6, sign, 13.5, colour, words.STRONG, "middle")
    return square + level + draw.text(x + 27, y + 15, str(count), 14.5, "ink", words.STRONG)
