"""The document model: what a report or a letter says, before anybody decides how it looks.

A room composes a `Document` once from data; `lib.render` turns it into PDF (later DOCX and HTML
from the same tree). Nothing here knows a renderer. Text is plain: markup in somebody's note is
text like any other. Levels of headings never skip: a chapter's title is 1, then 2, then 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from capofila.lib.charts import Chart


@dataclass(frozen=True)
class Run:
    """A piece of text; `link` is the key of a chapter or heading in the same document."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str | None = None


Inline = str | Sequence[Run | str]
"""Text of one paragraph or cell: a string, or pieces of it."""


@dataclass(frozen=True)
class Heading:
    text: str
    level: Literal[2, 3] = 2
    key: str | None = None  # what a link points to


@dataclass(frozen=True)
class Paragraph:
    text: Inline
    style: Literal["body", "lead", "small"] = "body"


@dataclass(frozen=True)
class Bullets:
    """A list; `ordered` numbers it from 1, `small` sets it as side notes are."""

    items: Sequence[Inline]
    ordered: bool = False
    small: bool = False


@dataclass(frozen=True)
class Column:
    """`share` of the table's width relative to its neighbours; `figures` are right-aligned."""

    head: str
    share: float = 1.0
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells, one per column; heads repeat on each page and a row is never split.

    `foot` is a last row under an ink line (a sum, a mean). `emphasis` says how many first rows
    are what comes next, and carry the accent in their first cell. `caption` names it for
    somebody who cannot see it.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Inline]]
    caption: str
    foot: Sequence[Inline] | None = None
    emphasis: int = 0
    dense: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart; `alt` says its finding in words, `caption` how to read it, `width` is in mm."""

    chart: Chart
    alt: str
    caption: Inline = ""
    width: float = 166.0


@dataclass(frozen=True)
class Step:
    """A level of maturity 1-5 with what it looks like, drawn as a square with its number."""

    level: int | None
    title: str
    text: Inline
    code: str = ""


@dataclass(frozen=True)
class Steps:
    """A ladder of levels; `compact` for the annex."""

    items: Sequence[Step]
    compact: bool = False


@dataclass(frozen=True)
class BigFigure:
    """The one figure of a page, with the chart of its band and lines of facts."""

    value: str
    chart: Chart | None
    alt: str
    title: str
    facts: Sequence[Inline] = ()


@dataclass(frozen=True)
class Callout:
    """`do`: what to do, on a ground; `voice`: what somebody said, beside a bar. One per page at most."""

    title: str
    blocks: Sequence["Block"]
    kind: Literal["do", "voice"] = "do"


@dataclass(frozen=True)
class Aside:
    """A narrow column of notes beside a wide one of text."""

    note: Sequence["Block"]
    main: Sequence["Block"]


@dataclass(frozen=True)
class TextBlock:
    """Text that a consultant may override; `key` never changes, so that an override survives."""

    key: str
    blocks: Sequence["Block"]


@dataclass(frozen=True)
class Together:
    """Blocks that stay on one page."""

    blocks: Sequence["Block"]


@dataclass(frozen=True)
class Contents:
    """The table of contents, made by the renderer; `depth` 1 lists chapters."""

    depth: int = 1


@dataclass(frozen=True)
class Entry:
    """One question in an annex: code, what was asked, what was answered, and its effect.

    `level` is None where it is not answered or does not apply; then `mark` says so in a word.
    """

    code: str
    title: str
    question: str
    level: int | None
    mark: str
    answer: Inline
    details: Sequence[Inline] = ()  # note, reason, effect: a line each


@dataclass(frozen=True)
class Entries:
    items: Sequence[Entry]


Block = (
    Heading
    | Paragraph
    | Bullets
    | Table
    | Figure
    | Steps
    | BigFigure
    | Callout
    | Aside
    | TextBlock
    | Together
    | Contents
    | Entries
)


@dataclass(frozen=True)
class Chapter:
    """A chapter opens a new page.

    `number` ("03") makes it an area's chapter, opened by its numeral; `position` is then its place
    among `of` areas, drawn in the running head. `running` is the words of the running head.
    """

    key: str
    title: str
    blocks: Sequence[Block]
    running: str = ""
    number: str | None = None
    position: int | None = None
    of: int = 10
    landscape: bool = False
    in_contents: bool = True


@dataclass(frozen=True)
class Cover:
    hub: str
    day: str  # as words, empty when unknown
    title: str
    subtitle: str
    chart: Chart | None
    alt: str
    key: Sequence[str] = ()  # how to read the chart, a line each


@dataclass(frozen=True)
class Attachment:
    name: str
    data: bytes
    mime: str
    description: str


@dataclass(frozen=True)
class Labels:
    """The words a renderer itself needs; `page` holds {page} and {pages}."""

    page: str
    contents: str
    not_applicable: str


@dataclass(frozen=True)
class Document:
    """A whole document. `stamp` is the day its bytes carry: never the clock."""

    title: str
    author: str
    language: str
    foot: str
    labels: Labels
    chapters: Sequence[Chapter]
    cover: Cover | None = None
    stamp: date | None = None
    attachments: Sequence[Attachment] = field(default_factory=tuple)
