"""The three renderings of one document say the same; what Word and HTML promise besides."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn

from capofila.lib import charts
from capofila.lib.document import (
    Aside,
    BigFigure,
    Bullets,
    Callout,
    Chapter,
    Column,
    Contents,
    Cover,
    Document,
    Entries,
    Entry,
    Figure,
    Heading,
    Labels,
    Paragraph,
    Run,
    Step,
    Steps,
    Table,
    TextBlock,
    Together,
)
from capofila.lib.render import docx as word
from capofila.lib.render import html, pdf

CHART = charts.bars(
    [charts.BarRow("01", "Quality", 2.5, None)],
    alt="bars",
    locale=charts.Locale(number=lambda value: f"{value:.2f}", decimal="."),
)
NASTY = "a <script>alert('1')</script> & \"b\"\x07 \ud800\n second line"


def a_document(language: str = "en") -> Document:
    """One block of every kind, with texts that would hurt if they were markup."""
    return Document(
        title="Report <1>",
        author="Hub & sons",
        language=language,
        foot="Report, 2026",
        labels=Labels("Page {page} of {pages}", "Contents", "not applicable"),
        cover=Cover("Hub", "1 March", "Company <i>", "Where you are", CHART, "cover chart", ["A key."]),
        chapters=[
            Chapter("contents", "Contents", [Contents(depth=2)], in_contents=False),
            Chapter(
                "one",
                "Findings",
                [
                    Paragraph("Lead 12.34", "lead"),
                    Heading("Where you are", key="where"),
                    Paragraph(["See ", Run("the next", link="two"), Run(" now", strong=True), NASTY]),
                    Figure(CHART, "Quality is 2.50", "Read it so."),
                    Heading("Smaller", level=3),
                    Bullets(["first", [Run("second", emphasis=True)]]),
                    Table(
                        [Column("Name", 2), Column("", 1), Column("Score", 1, figures=True)],
                        [["Quality", "x", "2.50"], ["Data", NASTY, "1.75"]],
                        "Scores by area",
                        foot=["Mean", "", "2.13"],
                        emphasis=1,
                    ),
                ],
                number="01",
                position=1,
                of=2,
            ),
            Chapter(
                "two",
                "Next",
                [
                    Aside([BigFigure("2.31", CHART, "band", "Basic", ["136 answers"])], [Paragraph("Main.")]),
                    Bullets(["count", "write"], ordered=True, small=True),
                    Paragraph("Between."),
                    Bullets(["once", "again"], ordered=True),
                    Callout("Do this", [Bullets(["call"]), Paragraph("today")]),
                    Callout("They said", [Paragraph("we wait")], "voice"),
                    TextBlock("summary", [Paragraph("Over-ridable.")]),
                    Together([Steps([Step(3, "Defined", "One way.", "1.01"), Step(None, "", "Nothing")])]),
                    Entries([Entry("1.01", "Plan", "How?", 2, "", "On paper.", ["Note: none"])]),
                ],
                landscape=True,
            ),
        ],
    )


class Headings(HTMLParser):
    """Headings with their level, ids, links and sources of an HTML file."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.outside: list[str] = []
        self.text: list[str] = []
        self.open: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.outside += [
            value or ""
            for name, value in attrs
            if name in {"src", "href"} and not (value or "").startswith("#")
        ]
        if re.fullmatch("h[1-6]", tag):
            self.open = int(tag[1])
            self.found.append((self.open, ""))

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.open = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.open is not None:
            level, text = self.found[-1]
            self.found[-1] = (level, text + data)


def read_html(document: Document) -> Headings:
    parser = Headings()
    parser.feed(html.render(document).decode())
    return parser


def read_word(document: Document) -> Any:
    return docx.Document(io.BytesIO(word.render(document)))


def word_headings(made: Any) -> list[tuple[int, str]]:
    styled = [(p.style.name, p.text) for p in made.paragraphs]
    return [
        (1 if name == "Title" else int(name[-1]) + 1, text)
        for name, text in styled
        if name == "Title" or name.startswith("Heading ")
    ]


def pdf_headings(document: Document) -> list[str]:
    """The chapters' and headings' texts of the PDF, by its structure."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(pdf.render(document))) as made:
        outline = made.open_outline()

        def walk(items: Any) -> None:
            for item in items:
                found.append(str(item.title))
                walk(item.children)

        walk(outline.root)
    return found


def spaced(text: str) -> str:
    return " ".join(text.split())


def test_word_and_html_have_the_same_headings() -> None:
    document = a_document()

    in_html = [(level, spaced(text)) for level, text in read_html(document).found]

    assert in_html == [(level, spaced(text)) for level, text in word_headings(read_word(document))]
    assert in_html[0] == (1, "Company <i>")
    listed = pdf_headings(document)
    assert [spaced(text).removeprefix("01 ") for text in listed] == [
        text.removeprefix("01 ") for level, text in in_html[1:] if text in listed or text[3:] in listed
    ]


NUMBER = re.compile(r"\d+[.,]\d+")


def test_word_and_html_have_the_same_numbers() -> None:
    document = a_document()
    made = read_word(document)
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    in_word = sorted(NUMBER.findall(" ".join([*(p.text for p in made.paragraphs), *cells])))

    in_html = sorted(
        NUMBER.findall(" ".join(text for text in read_html(document).text if "font" not in text))
    )

    drawn = sorted(NUMBER.findall(" ".join(re.findall(">([^<]*)<", CHART.svg))) * 3)
    assert in_html == sorted([*in_word, *drawn])
    assert {"12.34", "2.31", "2.13", "1.75"} <= set(in_word)


def test_nothing_in_a_text_is_markup() -> None:
    made = html.render(a_document()).decode()

    assert "<script" not in made
    assert "&lt;script&gt;" in made
    assert "<script>alert('1')</script>" in "".join(p.text for p in read_word(a_document()).paragraphs)


def test_html_stands_alone() -> None:
    found = read_html(a_document())

    assert found.outside == []
    assert len(found.ids) == len(set(found.ids))
    assert "url(" not in html.render(a_document()).decode()


def test_every_picture_in_word_says_what_it_shows() -> None:
    made = read_word(a_document())

    named = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]

    assert named == ["cover chart", "Quality is 2.50", "band"]


def test_word_has_contents_styles_and_table_heads() -> None:
    made = read_word(a_document("it"))
    xml = made.element.xml

    assert 'TOC \\o "1-2"' in xml
    assert [p.text for p in made.paragraphs if p.style.name == "TOC 1"] == ["01 Findings", "Next"]
    assert xml.count("<w:tblHeader") == 1
    assert {"List Bullet", "Caption", "Quote", "Callout", "Lead"} <= {p.style.name for p in made.paragraphs}
    language = made.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "it-IT"
    anchors = set(re.findall(r'w:anchor="([^"]+)"', xml))
    assert anchors <= set(re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    assert [section.orientation for section in made.sections] == [0, 1]


def test_word_carries_no_time_of_its_own() -> None:
    with zipfile.ZipFile(io.BytesIO(word.render(a_document()))) as made:
        assert {entry.date_time for entry in made.infolist()} == {word.FIRST}
        assert b"2013-12-23" not in made.read("docProps/core.xml")  # that of python-docx's template


@pytest.mark.parametrize("module", ["docx", "html"])
def test_the_same_document_gives_the_same_bytes_in_another_process(module: str) -> None:
    here = {"docx": word.render, "html": html.render}[module](a_document())
    script = (
        "import sys; from capofila.lib.tests.test_render_all import a_document;"
        f"from capofila.lib.render import {module} as r; sys.stdout.buffer.write(r.render(a_document()))"
    )

    there = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout

    assert here == there


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(word.render(a_document()))
    home = f"-env:UserInstallation=file://{tmp_path}/home"

    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "pdf", "report.docx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    with pikepdf.open(tmp_path / "report.pdf") as made:
        assert len(made.pages) >= 4


def test_a_document_without_cover_or_charts_is_rendered_too() -> None:
    bare = Document(
        "Letter",
        "Hub",
        "en",
        "",
        Labels("{page}", "Contents", "n/a"),
        [Chapter("a", "A", [Paragraph("Text.")])],
    )

    assert [text for _, text in word_headings(read_word(bare))] == ["A"]
    assert read_html(bare).found == [(1, "Letter"), (2, "A")]


def test_each_numbered_list_begins_with_one() -> None:
    written = read_word(a_document())

    lists = [
        (paragraph.text, paragraph._p.pPr.numPr.numId.val)
        for paragraph in written.paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert [text for text, _ in lists] == ["count", "write", "once", "again"]
    assert lists[0][1] == lists[1][1] != lists[2][1] == lists[3][1]
    assert html.render(a_document()).decode().count("<ol>\n<li>once</li>") == 1
