"""The styles of a Word document: real ones, so that whoever edits it changes one place.

Sizes are points, lengths millimetres. Fonts are those that every word processor has or replaces well.
"""

from collections.abc import Mapping
from typing import Any

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from capofila.lib.palette import LIGHT, Token

SERIF, SANS = "Georgia", "Calibri"
REGIONS = {"it": "it-IT", "en": "en-GB"}
TABLE = "Capofila Table"

# name: (based on, font, size, bold, colour, space before, space after)
PARAGRAPHS: Mapping[str, tuple[str, str, float, bool, Token, float, float]] = {
    "Title": ("Normal", SERIF, 34, True, "ink", 60, 12),
    "Subtitle": ("Normal", SERIF, 16, False, "ink2", 0, 30),
    "Heading 1": ("Normal", SERIF, 22, True, "ink", 0, 14),
    "Heading 2": ("Normal", SERIF, 14, True, "ink", 18, 6),
    "Heading 3": ("Normal", SANS, 11.5, True, "ink", 12, 4),
    "Lead": ("Normal", SERIF, 13, False, "ink", 0, 10),
    "Small": ("Normal", SANS, 9.5, False, "ink2", 0, 5),
    "Note": ("Normal", SANS, 10, False, "ink2", 0, 4),
    "Big Figure": ("Normal", SERIF, 40, True, "ink", 0, 4),
    "Caption": ("Normal", SANS, 9.5, False, "ink2", 2, 12),
    "Level": ("Normal", SERIF, 10.5, False, "ink", 0, 5),
    "Question": ("Normal", SANS, 10.5, True, "ink", 10, 2),
    "Cell": ("Normal", SANS, 10, False, "ink", 2, 2),
    "Cell Head": ("Cell", SANS, 9, True, "ink2", 2, 2),
    "List Bullet": ("Normal", SERIF, 10.5, False, "ink", 0, 4),
    "List Number": ("Normal", SERIF, 10.5, False, "ink", 0, 4),
    "Callout": ("Normal", SANS, 10.5, False, "ink", 0, 0),
    "Callout Bullet": ("List Bullet", SANS, 10.5, False, "ink", 0, 0),
    "Quote": ("Normal", SERIF, 10.5, False, "ink2", 0, 6),
    "TOC 1": ("Normal", SANS, 10.5, False, "ink", 0, 4),
    "TOC 2": ("Normal", SANS, 9.5, False, "ink2", 0, 2),
    "Header": ("Normal", SANS, 8.5, False, "ink2", 0, 0),
    "Footer": ("Normal", SANS, 8.5, False, "ink2", 0, 0),
}
SHADED = {"Callout", "Callout Bullet"}
LISTS = {"List Bullet", "List Number"}  # keep what they stand on: it numbers and indents them
KEPT_WITH_NEXT = {"Heading 1", "Heading 2", "Heading 3", "Question"}


def colour(token: Token) -> str:
    return LIGHT[token].lstrip("#")


def prepare(word: Word, language: str) -> None:
    """Page, language and styles of an empty document."""
    page(word.sections[0], landscape=False)
    styles = word.styles
    normal: Any = styles["Normal"]
    _font(normal, SERIF, 10.5, False, "ink")
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    normal.paragraph_format.line_spacing = 1.25
    for name, (base, font, size, bold, token, before, after) in PARAGRAPHS.items():
        style: Any = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name not in LISTS:
            style.base_style = styles[base]
        style.quick_style = True
        style.hidden = False
        _font(style, font, size, bold, token)
        for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
            border.getparent().remove(border)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = name in KEPT_WITH_NEXT
        if size > 12:
            form.line_spacing = 1.05
        if name in SHADED:
            fill = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour("wash")}"/>'
            style.element.get_or_add_pPr().append(parse_xml(fill))
    _after(styles["Quote"].element, "next-text")
    styles["Quote"].font.italic = True
    styles["TOC 2"].paragraph_format.left_indent = Mm(6)
    styles.element.append(parse_xml(_table_style()))
    _language(word, language)


def page(section: Any, *, landscape: bool) -> None:
    """A4 with the margins of the report."""
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = int(landscape)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(27), Mm(23)


def _font(style: Any, name: str, size: float, bold: bool, token: Token) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = name, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour(token))
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def _after(element: Any, token: Token) -> None:
    """A bar at the left of a paragraph."""
    bar = f'w:val="single" w:sz="16" w:space="10" w:color="{colour(token)}"'
    element.get_or_add_pPr().append(parse_xml(f"<w:pBdr {nsdecls('w')}><w:left {bar}/></w:pBdr>"))


def _table_style() -> str:
    """Hairlines between rows, an ink line under the head and above the foot."""
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{colour("rule")}"'
    ink = f'w:val="single" w:sz="8" w:space="0" w:color="{colour("ink")}"'
    return (
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="CapofilaTable">'
        f'<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr>'
        f"<w:tblBorders><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
        "</w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:tcPr>'
        f"<w:tcBorders><w:bottom {ink}/></w:tcBorders></w:tcPr></w:tblStylePr>"
        '<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
        f"<w:tcBorders><w:top {ink}/></w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
    )


def _language(word: Word, language: str) -> None:
    properties = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert properties is not None
    for found in properties.findall(qn("w:lang")):
        properties.remove(found)
    region = REGIONS.get(language, language)
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{region}" w:eastAsia="{region}"/>'))
