"""A document of ours as HTML and CSS pages for WeasyPrint: the same words, tables, charts and grid.

A peer for a benchmark, no renderer of the product: it is made to be fair, not to be complete.
"""

from base64 import b64encode
from collections.abc import Sequence
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
    Steps,
    Table,
    TextBlock,
    Together,
)

STYLES = {
    "": (400, "normal"),
    "It": (400, "italic"),
    "Semibold": (600, "normal"),
    "SemiboldIt": (600, "italic"),
}
CSS = """
@page { size: A4; margin: 20mm 22mm 20mm 22mm;
  @top-left { content: string(running); font: 8.5pt Grotesk }
  @bottom-left { content: FOOT; font: 8.5pt Grotesk }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8.5pt Grotesk } }
@page landscape { size: A4 landscape; margin: 22mm }
html { font: 10.5pt/1.3 Roman; hyphens: auto; text-align: justify; color: INK }
h1, h2, h3, table, figure, .note, .small, .head { text-align: left; hyphens: manual }
section { break-before: page }
section.landscape { page: landscape }
h1 { font: 600 27pt/1.15 Roman; margin: 0 0 6mm; string-set: running content(); bookmark-level: 1 }
h2 { font: 600 14pt/1.25 Roman; margin: 5mm 0 2mm; break-after: avoid }
h3 { font: 600 10.5pt/1.3 Roman; margin: 3mm 0 1mm; break-after: avoid }
p { margin: 0 0 1.2mm; orphans: 2; widows: 2 }
.column { margin-left: 46mm }
.lead { font-size: 13pt; line-height: 1.35 }
.small, .note { font: 9pt/1.3 Grotesk }
.aside > .note { float: left; width: 40mm; text-align: left }
.aside > .main { margin-left: 46mm }
.aside::after { content: ""; display: block; clear: both }
table { width: 100%; border-collapse: collapse; font: 9pt/1.3 Grotesk; margin: 1mm 0 3mm }
thead { display: table-header-group }
th, td { vertical-align: top; padding: 1mm 1.5mm 1mm 0; border-bottom: 0.3pt solid RULE; text-align: left }
th { font-weight: 400; border-top: 0.8pt solid INK }
tr { break-inside: avoid }
ol, ul { margin: 0 0 1.5mm; padding-left: 5mm }
.dense td { padding: 0.5mm 1.5mm 0.5mm 0 }
.figures { text-align: right }
figure { margin: 2mm 0 3mm; break-inside: avoid }
figcaption { font: 9pt/1.3 Grotesk }
.big { font: 34pt/1 Roman; margin: 0 0 2mm }
.step { padding-left: 8mm; margin: 0 0 1.6mm; break-inside: avoid }
.square { float: left; margin-left: -8mm; width: 4.5mm; font: 600 8pt/4.5mm Grotesk;
  text-align: center; background: RULE }
.callout { background: GROUND; padding: 4mm; margin: 3mm 0; break-inside: avoid; font: 9.5pt/1.35 Grotesk }
.together { break-inside: avoid }
.entry { border-bottom: 0.3pt solid RULE; padding: 1.2mm 0; break-inside: avoid }
.entry .head { float: left; width: 42mm; font: 9pt/1.3 Grotesk }
.entry .body { margin-left: 46mm }
.entry p { margin: 0 }
.contents p { margin: 0 0 1.5mm }
.contents a::after { content: leader(" ") target-counter(attr(href), page) }
.cover { background: COVER; color: white; height: 230mm; padding: 8mm }
a { color: inherit; text-decoration: none }
"""


def html(document: Document) -> str:
    """The whole page, its style and charts in it."""
    cover = [] if document.cover is None else [_cover(document.cover)]
    chapters = [_chapter(chapter, document) for chapter in document.chapters]
    return (
        f'<!DOCTYPE html><html lang="{document.language}"><head><meta charset="utf-8">'
        f"<title>{escape(document.title)}</title><style>{_css(document)}</style></head>"
        f"<body>{''.join([*cover, *chapters])}</body></html>"
    )


def _css(document: Document) -> str:
    colours = {
        "INK": palette.LIGHT["ink"],
        "RULE": palette.LIGHT["rule"],
        "GROUND": palette.LIGHT["wash"],
        "COVER": palette.COVER_GROUND,
        "FOOT": '"' + document.foot.replace("\\", "").replace('"', "") + '"',
    }
    css = "".join(_font_faces()) + CSS
    for name, colour in colours.items():
        css = css.replace(name, colour)
    return css


def _font_faces() -> list[str]:
    """Our fonts under names of their own: “Sans” would be whatever the system takes for it."""
    import font_source_sans_pro  # noqa: PLC0415 (only the peer's own process needs them)
    import font_source_serif_pro  # noqa: PLC0415

    faces = []
    for family, package, prefix in (
        ("Grotesk", font_source_sans_pro, "SourceSansPro"),
        ("Roman", font_source_serif_pro, "SourceSerifPro"),
    ):
        for style, (weight, slant) in STYLES.items():
            file = Path(package.font_files_ttf[prefix + style]).as_uri()
            faces.append(
                f"@font-face {{ font-family: {family}; font-weight: {weight}; "
                f"font-style: {slant}; src: url({file}) }}"
            )
    return faces


def _cover(cover: Cover) -> str:
    chart = "" if cover.chart is None else _picture(cover.chart, cover.alt, 150)
    lines = "".join(f"<p>{escape(line)}</p>" for line in cover.key)
    return (
        f'<div class="cover"><p>{escape(cover.hub)}</p><p>{escape(cover.day)}</p>'
        f'<p class="lead">{escape(cover.title)}</p><p>{escape(cover.subtitle)}</p>{chart}{lines}</div>'
    )


def _chapter(chapter: Chapter, document: Document) -> str:
    number = "" if chapter.number is None else f"{escape(chapter.number)} "
    kind = ' class="landscape"' if chapter.landscape else ""
    return (
        f'<section{kind}><h1 id="{chapter.key}">{number}{escape(chapter.title)}</h1>'
        f"{_blocks(chapter.blocks, document)}</section>"
    )


def _blocks(blocks: Sequence[Block], document: Document, column: bool = True) -> str:
    return "".join(_block(block, document, column) for block in blocks)


def _block(block: Block, document: Document, column: bool) -> str:
    """`column`: text stands in the wide column of the page, not in one of its own."""
    place = " column" if column else ""
    match block:
        case Heading():
            key = "" if block.key is None else f' id="{block.key}"'
            return f"<h{block.level}{key}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            return f'<p class="{block.style}{place}">{_inline(block.text)}</p>'
        case Bullets():
            tag, small = "ol" if block.ordered else "ul", " small" if block.small else ""
            items = "".join(f"<li>{_inline(item)}</li>" for item in block.items)
            return f'<{tag} class="{place}{small}">{items}</{tag}>'
        case Table():
            return _table(block)
        case Figure():
            caption = f"<figcaption>{_inline(block.caption)}</figcaption>" if block.caption else ""
            return f"<figure>{_picture(block.chart, block.alt, block.width)}{caption}</figure>"
        case Steps():
            kind = f"step{place} small" if block.compact else f"step{place}"
            return "".join(
                f'<div class="{kind}"><span class="square">{step.level or ""}</span>'
                f"<b>{escape(step.title)}</b> {_inline(step.text)}</div>"
                for step in block.items
            )
        case BigFigure():
            chart = "" if block.chart is None else _picture(block.chart, block.alt, 40)
            facts = "".join(f"<p>{_inline(fact)}</p>" for fact in block.facts)
            return (
                f'<p class="big">{escape(block.value)}</p>{chart}<p><b>{escape(block.title)}</b></p>{facts}'
            )
        case Callout():
            inside = _blocks(block.blocks, document, False)
            return f'<div class="callout"><h3>{escape(block.title)}</h3>{inside}</div>'
        case Aside():
            note, main = _blocks(block.note, document, False), _blocks(block.main, document, False)
            return f'<div class="aside"><div class="note">{note}</div><div class="main">{main}</div></div>'
        case TextBlock():
            return _blocks(block.blocks, document, column)
        case Together():
            return f'<div class="together">{_blocks(block.blocks, document, column)}</div>'
        case Contents():
            return _contents(document)
        case Entries():
            return "".join(_entry(entry) for entry in block.items)


def _table(table: Table) -> str:
    total = sum(column.share for column in table.columns)
    kinds = [' class="figures"' if column.figures else "" for column in table.columns]
    heads = "".join(
        f'<th{kind} style="width: {100 * column.share / total:.1f}%">{escape(column.head)}</th>'
        for column, kind in zip(table.columns, kinds, strict=True)
    )
    rows = [*table.rows, *([table.foot] if table.foot else [])]
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{_inline(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    dense = ' class="dense"' if table.dense else ""
    return f"<table{dense}><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _entry(entry: Entry) -> str:
    details = "".join(f'<p class="small">{_inline(line)}</p>' for line in entry.details)
    return (
        f'<div class="entry"><div class="head">{entry.level or escape(entry.mark)} {escape(entry.code)}<br>'
        f'<b>{escape(entry.title)}</b></div><div class="body"><p class="small">{escape(entry.question)}</p>'
        f"<p>{_inline(entry.answer)}</p>{details}</div></div>"
    )


def _contents(document: Document) -> str:
    lines = "".join(
        f'<p><a href="#{chapter.key}">{escape(chapter.title)}</a></p>'
        for chapter in document.chapters
        if chapter.in_contents
    )
    return f'<div class="contents">{lines}</div>'


def _inline(inline: Inline) -> str:
    if isinstance(inline, str):
        return escape(inline)
    return "".join(escape(piece) if isinstance(piece, str) else _run(piece) for piece in inline)


def _run(run: Run) -> str:
    text = escape(run.text)
    if run.strong:
        text = f"<b>{text}</b>"
    if run.emphasis:
        text = f"<i>{text}</i>"
    return text if run.link is None else f'<a href="#{run.link}">{text}</a>'


def _picture(chart: Chart, alt: str, width: float) -> str:
    """A chart at its width in mm, with its words for those who cannot see it."""
    data = b64encode(chart.svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}" style="width: {width:g}mm">'
