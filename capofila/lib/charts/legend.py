"""How to read a chart: what its marks mean, and which colour is which band."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.shapes import PAGE, WIDE, Bands, Chart, Key, Locale, Mark

SIZE, LEADING = 14.0, 18.0
SPACE, MARK_SPACE = 24.0, 8.0  # between keys; from a mark to its words
BAND_SIZE, BAND_LEADING = 12.5, 15.5


def legend(keys: Sequence[Key], *, width: float = WIDE, alt: str | None = None) -> Chart:
    """Marks with their words, one after the other, going on in the next line at `width`.

    Without `alt` the words are the text alternative. The drawing is as wide as what it holds.
    """
    body: list[str] = []
    x = y = widest = 0.0
    tall = 20.0  # of the line of keys being set
    for key in keys:
        mark, mark_width = _MARKS[key.mark]
        indent = mark_width + MARK_SPACE if mark_width else 0.0
        lines = words.wrap(key.text, width - indent, SIZE)
        wide = indent + max(words.width(each, SIZE) for each in lines)
        if x and x + wide > width:
            x, y, tall = 0.0, y + tall + 4, 20.0
        body.append(mark(x, y + 10))
        body.append(draw.lines(x + indent, y + 14.75, lines, SIZE, LEADING))
        widest, tall = max(widest, x + wide), max(tall, 20 + (len(lines) - 1) * LEADING)
        x += wide + SPACE
    return draw.svg(body, widest, y + tall, "; ".join(k.text for k in keys) if alt is None else alt)


def band_key(
    names: Sequence[str],
    bands: Bands,
    *,
    locale: Locale,
    width: float = PAGE,
    alt: str | None = None,
) -> Chart:
    """One piece per band, 10 high, under it the lower edge and the name.

    Where the names do not fit side by side (a phone), bands stand below each other.
    """
    if len(names) != bands.count:
        raise ValueError(f"{len(names)} names for {bands.count} bands")
    edges = [locale.plain(edge) for edge in bands.edges[:-1]]
    step = width / bands.count
    indents = [words.width(edge, BAND_SIZE, words.STRONG) + 6 for edge in edges]
    fits = all(
        words.longest_word(name, BAND_SIZE) <= step - indent - 6
        for name, indent in zip(names, indents, strict=True)
    )
    lay = _beside if fits else _below
    body, height = lay(names, edges, indents, bands, width)
    said = "; ".join(f"{edge} {name}" for edge, name in zip(edges, names, strict=True))
    return draw.svg(body, width, height, said if alt is None else alt)


def _beside(
    names: Sequence[str], edges: Sequence[str], indents: Sequence[float], bands: Bands, width: float
) -> tuple[list[str], float]:
    step, body, most = width / bands.count, list[str](), 1
    for at, (name, edge, indent) in enumerate(zip(names, edges, indents, strict=True)):
        x = at * step
        wide = step - (1.5 if at + 1 < bands.count else 0)
        lines = words.wrap(name, step - indent - 6, BAND_SIZE)
        body.append(draw.cell(x, 0, wide, 10, bands.colour(at)))
        body.append(draw.text(x, 26, edge, BAND_SIZE, "ink3", words.STRONG))
        body.append(draw.lines(x + indent, 26, lines, BAND_SIZE, BAND_LEADING, "ink2"))
        most = max(most, len(lines))
    return body, 30 + (most - 1) * BAND_LEADING


def _below(
    names: Sequence[str], edges: Sequence[str], indents: Sequence[float], bands: Bands, width: float
) -> tuple[list[str], float]:
    body, y, left = list[str](), 0.0, 42 + max(indents)
    for at, (name, edge) in enumerate(zip(names, edges, strict=True)):
        lines = words.wrap(name, width - left, SIZE)
        body.append(draw.cell(0, y + 4, 26, 12, bands.colour(at)))
        body.append(draw.text(34, y + 14.75, edge, SIZE, "ink3", words.STRONG))
        body.append(draw.lines(left, y + 14.75, lines, SIZE, LEADING, "ink2"))
        y += len(lines) * LEADING + 3
    return body, y + 1


def _own_line(x: float, y: float) -> str:
    return draw.line((x, y), (x + 26, y), "brand", 2.4) + draw.circle((x + 13, y), 4.6, "brand")


def _peers_line(x: float, y: float) -> str:
    dotted = draw.line((x, y), (x + 26, y), "ink2", 1.4, "2 4")
    return dotted + draw.circle((x + 13, y), 3, "paper", "ink2")


def _own_bar(x: float, y: float) -> str:
    return draw.rect(x, y - 4.5, 26, 9, "brand")


def _peers_band(x: float, y: float) -> str:
    return draw.rect(x, y - 8, 28, 16, "wash2") + draw.line((x + 14, y - 9), (x + 14, y + 9), "ink", 2.2)


def _median(x: float, y: float) -> str:
    return draw.line((x + 5, y - 9), (x + 5, y + 9), "ink", 2.2)


def _next(x: float, y: float) -> str:
    return draw.hollow(x, y - 8, 26, 16, "next", line=2)


def _withheld(x: float, y: float) -> str:
    box = draw.hollow(x, y - 8, 26, 16, "rule-strong")
    return box + draw.text(x + 13, y + 4.5, "–", 13, "ink2", anchor="middle")


def _not_applicable(x: float, y: float) -> str:
    return draw.hollow(x, y - 8, 26, 16, "rule-strong", line=1, dash="3 3")


def _first(x: float, y: float) -> str:
    return draw.circle((x + 8, y), 8, "next-text")


def _other(x: float, y: float) -> str:
    return draw.circle((x + 8, y), 7.3, "paper", "ink", 1.4)


def _none(x: float, y: float) -> str:
    return ""


_MARKS: dict[Mark, tuple[Callable[[float, float], str], float]] = {
    "own line": (_own_line, 26),
    "peers line": (_peers_line, 26),
    "own bar": (_own_bar, 26),
    "peers band": (_peers_band, 28),
    "median": (_median, 10),
    "next": (_next, 26),
    "withheld": (_withheld, 26),
    "not applicable": (_not_applicable, 26),
    "first": (_first, 16),
    "other": (_other, 16),
    "none": (_none, 0),
}
