"""A document as Word: real styles and headings, a table of contents, charts as pictures with words.

The same tree as the PDF, in one column so that it can be edited. The same bytes for the same
document: what python-docx and the ZIP would take from the clock is fixed. Lengths are millimetres.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from capofila.lib import typst
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
from capofila.lib.palette import COVER_GROUND
from capofila.lib.problems import UNPRINTABLE
from capofila.lib.render import docx_styles as styles
from capofila.lib.render.setting import plain

TEMPLATE = Path(__file__).with_name("charts.typ")
PAGE, LANDSCAPE, BIG = 166.0, 253.0, 60.0
DOTS = 200  # per inch, of pictures
FIRST = (1980, 1, 1, 0, 0, 0)  # the day a ZIP's clock begins


def render(document: Document, *, isolated: bool = True) -> bytes:
    """The file; the same bytes for the same document. `isolated` as in `typst.compile`, which raises."""
    word = _Writer(document, _pictures(document, isolated)).write()
    made = io.BytesIO()
    word.save(made)
    return _fixed(made.getvalue())


def _fixed(data: bytes) -> bytes:
    """The same ZIP with fixed times, entries in one order."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, FIRST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name), compresslevel=6)
    return made.getvalue()


# Charts become pictures


def _pictures(document: Document, isolated: bool) -> dict[str, bytes]:
    """PNG by drawing, each drawing once."""
    drawn: dict[str, tuple[Chart, float]] = {}
    cover = document.cover.chart if document.cover is not None else None
    if cover is not None:
        drawn[cover.svg] = (cover, PAGE)
    for chapter in document.chapters:
        for block in _every(chapter.blocks):
            if isinstance(block, Figure):
                drawn[block.chart.svg] = (block.chart, min(block.width, LANDSCAPE))
            elif isinstance(block, BigFigure) and block.chart is not None:
                drawn[block.chart.svg] = (block.chart, BIG)
    if not drawn:
        return {}
    asked = [
        {
            "svg": chart.svg,
            "width": width,
            "height": width * chart.height / chart.width,
            "ground": COVER_GROUND if chart is cover else None,
        }
        for chart, width in drawn.values()
    ]
    made = typst.pictures(TEMPLATE, json.dumps(asked).encode(), dots=DOTS, isolated=isolated)
    return dict(zip(drawn, made, strict=True))


def _every(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Aside):
            yield from _every(block.note)
            yield from _every(block.main)
        elif isinstance(block, Callout | TextBlock | Together):
            yield from _every(block.blocks)


class _Writer:
    """Writes one document from top to bottom; `style` is that of plain paragraphs where it stands."""

    def __init__(self, document: Document, pictures: dict[str, bytes]) -> None:
        self.document = document
        self.pictures = pictures
        self.word = docx.Document()
        self.marks = 0  # bookmarks so far
        self.width = PAGE
        self.style = "Normal"
        self.bullet = "List Bullet"
        self.ids: dict[str | None, str] = {}  # of styles, by name

    def write(self) -> Any:
        document, word = self.document, self.word
        styles.prepare(word, document.language)
        self.ids = {style.name: style.style_id for style in word.styles}
        self.properties()
        if document.cover is not None:
            self.cover(document.cover)
        for at, chapter in enumerate(document.chapters):
            self.chapter(chapter, first=at == 0)
        self.foot()
        return word

    def properties(self) -> None:
        properties, day = self.word.core_properties, self.document.stamp or typst.NO_STAMP
        properties.title, properties.author = self.document.title, self.document.author
        properties.language = styles.REGIONS.get(self.document.language, self.document.language)
        properties.created = properties.modified = datetime(day.year, day.month, day.day)
        properties.last_modified_by, properties.comments, properties.revision = self.document.author, "", 1

    def cover(self, cover: Cover) -> None:
        self.paragraph(" · ".join(filter(None, (cover.hub, cover.day))), "Small")
        self.paragraph(cover.title, "Title")
        self.paragraph(cover.subtitle, "Subtitle")
        if cover.chart is not None:
            self.picture(cover.chart, cover.alt, PAGE)
        for line in cover.key:
            self.paragraph(line, "Small")

    def chapter(self, chapter: Chapter, first: bool) -> None:
        landscape = chapter.landscape
        turned = landscape != (self.width == LANDSCAPE)
        if turned:
            styles.page(self.word.add_section(WD_SECTION.NEW_PAGE), landscape=landscape)
            self.width = LANDSCAPE if landscape else PAGE
        title = f"{chapter.number} {chapter.title}" if chapter.number else chapter.title
        heading = self.paragraph(title, "Heading 1")
        heading.paragraph_format.page_break_before = not turned and not (
            first and self.document.cover is None
        )
        if not chapter.in_contents:
            level = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="9"/>')
            heading._p.get_or_add_pPr().append(level)  # stays a heading, leaves the contents
        self.bookmark(heading, chapter.key)
        self.blocks(chapter.blocks)

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                heading = self.paragraph(block.text, f"Heading {block.level}")
                if block.key:
                    self.bookmark(heading, block.key)
            case Paragraph():
                style = {"lead": "Lead", "small": "Small"}.get(block.style, self.style)
                self.paragraph(block.text, style)
            case Bullets(ordered=True):
                self.numbered(block.items)
            case Bullets():
                for item in block.items:
                    self.paragraph(item, self.bullet)
            case Table():
                self.table(block)
            case Figure():
                captioned = bool(plain(block.caption))
                self.picture(block.chart, block.alt, min(block.width, self.width), with_next=captioned)
                if captioned:
                    self.paragraph(block.caption, "Caption")
            case Steps():
                for step in block.items:
                    self.step(step, "Small" if block.compact else "Level")
            case BigFigure():
                self.big_figure(block)
            case Callout():
                self.callout(block)
            case Aside():
                self.within("Note", block.note)
                self.blocks(block.main)
            case TextBlock() | Together():
                self.blocks(block.blocks)
            case Contents():
                self.contents(block)
            case Entries():
                for entry in block.items:
                    self.entry(entry)

    def within(self, style: str, blocks: Iterable[Block], bullet: str = "List Bullet") -> None:
        before = self.style, self.bullet
        self.style, self.bullet = style, bullet
        self.blocks(blocks)
        self.style, self.bullet = before

    def numbered(self, items: Sequence[Inline]) -> None:
        """A list of its own, so that its numbers begin with 1."""
        style = self.word.styles["List Number"].element.pPr.numPr.numId.val
        numbering = self.word.part.numbering_part.numbering_definitions._numbering
        listed = numbering.add_num(numbering.num_having_numId(style).abstractNumId.val)
        listed.add_lvlOverride(0).add_startOverride(1)
        for item in items:
            number = self.paragraph(item, "List Number")._p.get_or_add_pPr().get_or_add_numPr()
            number.get_or_add_ilvl().val, number.get_or_add_numId().val = 0, listed.numId

    # Text

    def new(self, style: str) -> Any:
        """An empty paragraph of a style; by its id, since python-docx looks through all styles for a name."""
        paragraph = self.word.add_paragraph()
        paragraph._p.style = self.ids[style]
        return paragraph

    def paragraph(self, inline: Inline, style: str) -> Any:
        paragraph = self.new(style)
        self.runs(paragraph, inline)
        return paragraph

    def runs(self, paragraph: Any, inline: Inline) -> None:
        for run in [inline] if isinstance(inline, str) else inline:
            self.run(paragraph, Run(run) if isinstance(run, str) else run)

    def run(self, paragraph: Any, run: Run) -> None:
        parent = paragraph
        if run.link is not None:
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), _anchor(run.link))
            paragraph._p.append(link)
        for at, line in enumerate(run.text.replace("\r\n", "\n").split("\n")):
            made = parent.add_run(UNPRINTABLE.sub(" ", line))
            made.bold, made.italic = run.strong or None, run.emphasis or None
            if at:
                made._r.insert(1 if made._r.rPr is not None else 0, OxmlElement("w:br"))
            if run.link is not None:
                made.font.color.rgb = RGBColor.from_string(styles.colour("brand"))
                link.append(made._r)

    def bookmark(self, paragraph: Any, key: str) -> None:
        self.marks += 1
        for tag, name in (("w:bookmarkStart", _anchor(key)), ("w:bookmarkEnd", None)):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(self.marks))
            if name is None:
                paragraph._p.append(mark)
            else:
                mark.set(qn("w:name"), name)
                paragraph._p.insert(1, mark)

    def level(self, paragraph: Any, level: int | None) -> None:
        """A square with its number, as a shaded run."""
        run = paragraph.add_run(f" {level or '–'} ")
        run.bold = True
        if level is not None:
            fill, on = styles.colour(f"m{level}"), styles.colour(f"m{level}-on")  # type: ignore[arg-type]
            run.font.color.rgb = RGBColor.from_string(on)
            shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'
            run._r.get_or_add_rPr().append(parse_xml(shade))
        paragraph.add_run(" ")

    def step(self, step: Step, style: str) -> None:
        title = f"{step.title} ({step.code})" if step.title and step.code else step.title or step.code
        if title and title[-1] not in ".?!:…":
            title += "."
        paragraph = self.new(style)
        self.level(paragraph, step.level)
        self.runs(paragraph, [Run(f"{title} ", strong=True)] if title else "")
        self.runs(paragraph, step.text)

    def entry(self, entry: Entry) -> None:
        mark = entry.mark or ("" if entry.level else self.document.labels.not_applicable)
        paragraph = self.new("Question")
        self.level(paragraph, entry.level)
        self.runs(paragraph, f"{entry.code}  {entry.title}" + (f"  ({mark})" if mark else ""))
        self.paragraph(entry.question, "Small")
        self.paragraph(entry.answer, "Normal")
        for detail in entry.details:
            self.paragraph(detail, "Small")

    def big_figure(self, figure: BigFigure) -> None:
        self.paragraph(figure.value, "Big Figure")
        if figure.chart is not None:
            self.picture(figure.chart, figure.alt, BIG)
        if figure.title:
            self.paragraph([Run(figure.title, strong=True)], "Note")
        for fact in figure.facts:
            self.paragraph(fact, "Note")

    def callout(self, callout: Callout) -> None:
        style, bullet = ("Callout", "Callout Bullet") if callout.kind == "do" else ("Quote", "List Bullet")
        if callout.title:
            title = self.paragraph([Run(callout.title, strong=True)], style)
            title.paragraph_format.keep_with_next = True
        self.within(style, callout.blocks, bullet)
        self.word.paragraphs[-1].paragraph_format.space_after = Pt(12)

    # Pictures and tables

    def picture(self, chart: Chart, alt: str, width: float, *, with_next: bool = True) -> None:
        paragraph = self.new("Normal")
        paragraph.paragraph_format.keep_with_next = with_next
        shape = paragraph.add_run().add_picture(io.BytesIO(self.pictures[chart.svg]), width=Mm(width))
        named = shape._inline.docPr
        named.set("descr", " ".join(UNPRINTABLE.sub(" ", alt).split()))
        named.set("name", f"Chart {named.get('id')}")

    def table(self, table: Table) -> None:
        rows = [[column.head for column in table.columns], *table.rows, *([table.foot] if table.foot else [])]
        made = self.word.add_table(rows=len(rows), cols=len(table.columns), style=styles.TABLE)
        made.autofit = False
        look = made._tbl.tblPr
        caption = OxmlElement("w:tblCaption")
        caption.set(qn("w:val"), " ".join(table.caption.split()))
        look.append(caption)
        bits = {"firstRow": 1, "lastRow": int(table.foot is not None), "noHBand": 1, "noVBand": 1}
        marks = look.find(qn("w:tblLook"))
        if marks is not None:
            for bit in ("firstRow", "lastRow", "firstColumn", "lastColumn", "noHBand", "noVBand"):
                marks.set(qn(f"w:{bit}"), str(bits.get(bit, 0)))
            marks.attrib.pop(qn("w:val"), None)
        shares = sum(column.share for column in table.columns)
        widths = [Mm(self.width * column.share / shares) for column in table.columns]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        for at, (row, cells) in enumerate(zip(made.rows, rows, strict=True)):
            self.row(row, cells, table, widths, head=at == 0, first=0 < at <= table.emphasis)
        self.new("Cell")

    def row(
        self, row: Any, cells: Sequence[Inline], table: Table, widths: list[Any], *, head: bool, first: bool
    ) -> None:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        for at, (cell, inline, column) in enumerate(zip(row.cells, cells, table.columns, strict=True)):
            cell.width = widths[at]
            paragraph = cell.paragraphs[0]
            paragraph._p.style = self.ids["Cell Head" if head else "Cell"]
            self.runs(paragraph, inline)
            if column.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if first and at == 0:
                for run in paragraph.runs:
                    run.bold = True
                    run.font.color.rgb = RGBColor.from_string(styles.colour("next-text"))

    # Fields

    def contents(self, contents: Contents) -> None:
        """A field that Word updates, with the list already in it."""
        listed: list[tuple[str, str, int]] = []
        for chapter in self.document.chapters:
            if chapter.in_contents:
                title = f"{chapter.number} {chapter.title}" if chapter.number else chapter.title
                listed.append((title, chapter.key, 1))
                if contents.depth > 1:
                    for block in _every(chapter.blocks):
                        if isinstance(block, Heading) and block.level == 2 and block.key:
                            listed.append((block.text, block.key, 2))
        for at, (title, key, depth) in enumerate(listed):
            paragraph = self.new(f"TOC {depth}")
            if at == 0:
                _field(paragraph, f'TOC \\o "1-{contents.depth}" \\h \\z \\u', "begin")
            self.run(paragraph, Run(title, link=key))
            if at == len(listed) - 1:
                _field(paragraph, "", "end")

    def foot(self) -> None:
        """What stands at the foot of each page, in every section."""
        section = self.word.sections[0]
        paragraph = section.footer.paragraphs[0]
        paragraph.style = self.word.styles["Footer"]
        self.runs(paragraph, f"{self.document.foot}   ")
        for at, part in enumerate(self.document.labels.page.replace("{pages}", "{page}").split("{page}")):
            if at:
                name = "PAGE" if at == 1 else "NUMPAGES"
                _field(paragraph, name, "begin")
                paragraph.add_run("1")
                _field(paragraph, "", "end")
            paragraph.add_run(part)
        section.different_first_page_header_footer = self.document.cover is not None


def _field(paragraph: Any, instruction: str, kind: str) -> None:
    """The beginning of a field, with what it shows after it, or its end."""
    run = paragraph.add_run()
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run._r.append(mark)
    if kind == "begin":
        if instruction.startswith("TOC"):
            mark.set(qn("w:dirty"), "true")
        told = OxmlElement("w:instrText")
        told.set(qn("xml:space"), "preserve")
        told.text = f" {instruction} "
        paragraph.add_run()._r.append(told)
        separate = OxmlElement("w:fldChar")
        separate.set(qn("w:fldCharType"), "separate")
        paragraph.add_run()._r.append(separate)


def _anchor(key: str) -> str:
    """A bookmark's name: letters, digits and underlines, at most 40."""
    return "".join(letter if letter.isalnum() else "_" for letter in f"_{key}")[:40]
