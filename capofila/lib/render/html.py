"""A document as one HTML file: read on a phone, printed, or mailed; it asks the network for nothing.

The same tree as the PDF: same headings, same words, same charts as drawings with their text
alternative. The document's title is the first heading, a chapter's title the second level.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from capofila.lib import palette
from capofila.lib.charts import Chart
from capofila.lib.document import (
    Aside,
    BigFigure,
    Block,
    Bullets,
    Callout,
    Chapter,
    Contents,
    Cover,
    Document,
    Entries,
    Entry,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Run,
    Step,
    Steps,
    Table,
    TextBlock,
    Together,
)
from capofila.lib.problems import UNPRINTABLE

STYLE = Path(__file__).with_name("report.css")
WIDE = 480  # units of a chart; a wider one is moved aside on a phone rather than made too small to read


def render(document: Document) -> bytes:
    """The whole file, UTF-8; the same bytes for the same document."""
    body = _Page(document).body()
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(document.title)}</title>\n"
        f'<meta name="author" content="{_text(document.author)}">\n<style>\n{_style()}</style>\n'
        f"</head>\n<body>\n{body}</body>\n</html>\n"
    ).encode()


def _style() -> str:
    def tokens(colours: dict[palette.Token, str]) -> str:
        return " ".join(f"--{name}: {colour};" for name, colour in colours.items())

    cover = (
        f"--cover: {palette.COVER_GROUND}; --cover-on: {palette.COVER_FILLED}; "
        f"--cover-empty: {palette.COVER_EMPTY}; --cover-next: {palette.COVER_NEXT};"
    )
    charts = "\n".join(
        f".f-{name} {{ fill: var(--{name}); }} .s-{name} {{ stroke: var(--{name}); }}"
        for name in palette.LIGHT
    )
    return (
        f":root {{ color-scheme: light dark; {tokens(palette.LIGHT)} {cover} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {tokens(palette.DARK)} }} }}\n"
        f"{charts}\n{STYLE.read_text(encoding='utf-8')}"
    )


class _Page:
    def __init__(self, document: Document) -> None:
        self.document = document

    def body(self) -> str:
        document = self.document
        cover = "" if document.cover is None else _cover(document.cover, document.title)
        if document.cover is None:
            cover = f'<header class="plain"><h1>{_text(document.title)}</h1></header>\n'
        chapters = "".join(self.chapter(chapter) for chapter in document.chapters)
        return f"{cover}<main>\n{chapters}</main>\n<footer><p>{_text(document.foot)}</p></footer>\n"

    def chapter(self, chapter: Chapter) -> str:
        number = f'<span class="numeral">{_text(chapter.number)}</span> ' if chapter.number else ""
        kind = ' class="area"' if chapter.number else ""
        return (
            f'<section id="{escape(chapter.key)}"{kind}>\n<h2>{number}{_text(chapter.title)}</h2>\n'
            f"{self.blocks(chapter.blocks)}</section>\n"
        )

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                key = f' id="{escape(block.key)}"' if block.key else ""
                return f"<h{block.level + 1}{key}>{_text(block.text)}</h{block.level + 1}>\n"
            case Paragraph():
                style = "" if block.style == "body" else f' class="{block.style}"'
                return f"<p{style}>{_inline(block.text)}</p>\n"
            case Bullets():
                items = "".join(f"<li>{_inline(item)}</li>\n" for item in block.items)
                tag, kind = "ol" if block.ordered else "ul", ' class="small"' if block.small else ""
                return f"<{tag}{kind}>\n{items}</{tag}>\n" if items else ""
            case Table():
                return _table(block)
            case Figure():
                caption = f"<figcaption>{_inline(block.caption)}</figcaption>\n" if block.caption else ""
                wide = ' class="wide" tabindex="0"' if block.chart.width > WIDE else ""
                return f"<figure><div{wide}>{_chart(block.chart, block.alt)}</div>\n{caption}</figure>\n"
            case Steps():
                compact = " compact" if block.compact else ""
                return f'<ul class="steps{compact}">\n{"".join(map(_step, block.items))}</ul>\n'
            case BigFigure():
                return _big_figure(block)
            case Callout():
                title = f'<p class="title">{_text(block.title)}</p>\n' if block.title else ""
                return f'<div class="callout {block.kind}">\n{title}{self.blocks(block.blocks)}</div>\n'
            case Aside():
                note, main = self.blocks(block.note), self.blocks(block.main)
                return f'<div class="aside">\n<div class="note">\n{note}</div>\n<div>\n{main}</div>\n</div>\n'
            case TextBlock():
                return self.blocks(block.blocks)
            case Together():
                return f'<div class="together">\n{self.blocks(block.blocks)}</div>\n'
            case Contents():
                return self.contents(block)
            case Entries():
                return f'<div class="entries">\n{"".join(map(self.entry, block.items))}</div>\n'

    def contents(self, contents: Contents) -> str:
        items = []
        for chapter in self.document.chapters:
            if not chapter.in_contents:
                continue
            number = f"{_text(chapter.number)} " if chapter.number else ""
            inner = ""
            if contents.depth > 1:
                linked = [b for b in chapter.blocks if isinstance(b, Heading) and b.level == 2 and b.key]
                inner = "".join(
                    f'<li><a href="#{escape(h.key or "")}">{_text(h.text)}</a></li>' for h in linked
                )
                inner = f"<ol>{inner}</ol>" if inner else ""
            link = f'<a href="#{escape(chapter.key)}">{number}{_text(chapter.title)}</a>'
            items.append(f"<li>{link}{inner}</li>\n")
        name = _text(self.document.labels.contents)
        return f'<nav class="contents" aria-label="{name}">\n<ol>\n{"".join(items)}</ol>\n</nav>\n'

    def entry(self, entry: Entry) -> str:
        mark = entry.mark or ("" if entry.level else self.document.labels.not_applicable)
        details = "".join(f'<p class="small">{_inline(detail)}</p>\n' for detail in entry.details)
        said = f'<span class="mark">{_text(mark)}</span>' if mark else ""
        return (
            f'<div class="entry">\n<div class="note"><p>{_square(entry.level)} <strong>{_text(entry.title)}'
            f'</strong></p><p class="small">{_text(entry.code)} {said}</p></div>\n<div>'
            f'<p class="small">{_text(entry.question)}</p>\n<p>{_inline(entry.answer)}</p>\n{details}'
            "</div>\n</div>\n"
        )


def _cover(cover: Cover, title: str) -> str:
    chart = "" if cover.chart is None else f"<figure>{_chart(cover.chart, cover.alt)}</figure>\n"
    key = "".join(f"<p>{_text(line)}</p>\n" for line in cover.key)
    return (
        f'<header class="cover">\n<p class="hub">{_text(cover.hub)} <span>{_text(cover.day)}</span></p>\n'
        f'<h1>{_text(cover.title)}</h1>\n<p class="subtitle">{_text(cover.subtitle)}</p>\n'
        f"{chart}{key}</header>\n"
    )


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_figures(column.figures)}>{_text(column.head)}</th>' if column.head else "<td></td>"
        for column in table.columns
    )
    rows = "".join(
        _row(row, table, ' class="first"' if at < table.emphasis else "") for at, row in enumerate(table.rows)
    )
    foot = f"<tfoot>\n{_row(table.foot, table, '')}</tfoot>\n" if table.foot is not None else ""
    dense = ' class="dense"' if table.dense else ""
    caption = _text(table.caption)
    return (
        f'<div class="table" role="region" aria-label="{caption}" tabindex="0">\n<table{dense}>\n'
        f"<caption>{caption}</caption>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n{foot}"
        "</table>\n</div>\n"
    )


def _row(row: Sequence[Inline], table: Table, kind: str) -> str:
    cells = "".join(
        f"<td{_figures(column.figures)}>{_inline(cell)}</td>"
        for cell, column in zip(row, table.columns, strict=True)
    )
    return f"<tr{kind}>{cells}</tr>\n"


def _figures(figures: bool) -> str:
    return ' class="figures"' if figures else ""


def _step(step: Step) -> str:
    title = f"{step.title} ({step.code})" if step.title and step.code else step.title or step.code
    said = f"<strong>{_text(title)}</strong> " if title else ""
    return f"<li>{_square(step.level)} <span>{said}{_inline(step.text)}</span></li>\n"


def _square(level: int | None) -> str:
    kind, digit = ("none", "–") if level is None else (f"m{level}", str(level))
    return f'<span class="square {kind}">{digit}</span>'


def _big_figure(figure: BigFigure) -> str:
    chart = "" if figure.chart is None else _chart(figure.chart, figure.alt) + "\n"
    title = f'<p class="title">{_text(figure.title)}</p>\n' if figure.title else ""
    facts = "".join(f'<p class="small">{_inline(fact)}</p>\n' for fact in figure.facts)
    return f'<div class="big"><p class="value">{_text(figure.value)}</p>\n{chart}{title}{facts}</div>\n'


def _chart(chart: Chart, alt: str) -> str:
    """The drawing with the figure's own alternative in place of the chart's."""
    head, end, rest = chart.svg.partition(">")
    size = f'viewBox="0 0 {chart.width:g} {chart.height:g}" width="{chart.width:g}" height="{chart.height:g}"'
    family = head[head.index("font-family") :] if "font-family" in head else ""
    named = f'role="img" aria-label="{_text(alt)}"' if alt else 'aria-hidden="true"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named} {family}{end}{rest}'


def _inline(inline: Inline) -> str:
    if isinstance(inline, str):
        return _text(inline)
    return "".join(_text(run) if isinstance(run, str) else _run(run) for run in inline)


def _run(run: Run) -> str:
    text = _text(run.text)
    if run.emphasis:
        text = f"<em>{text}</em>"
    if run.strong:
        text = f"<strong>{text}</strong>"
    return text if run.link is None else f'<a href="#{escape(run.link)}">{text}</a>'


def _text(text: str | None) -> str:
    """Text as text: nothing in it is markup, lines stay lines."""
    lines = (text or "").replace("\r\n", "\n").split("\n")
    return "<br>".join(escape(UNPRINTABLE.sub(" ", line)) for line in lines)
