"""A document as PDF/A-3a and PDF/UA-1: the model becomes plain data that `report.typ` sets.

Text goes through JSON and stands in the template as strings, which typst never evaluates; `setting`
makes them fit. Lengths are millimetres, sizes of type are points.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from capofila.lib import charts, palette, typst
from capofila.lib.charts import Chart
from capofila.lib.charts import text as measure
from capofila.lib.document import (
    Aside,
    Attachment,
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
from capofila.lib.render.setting import POINT, Json, Room, Words, clean, named, plain, shown, words

TEMPLATE = Path(__file__).with_name("report.typ")

# The grid of LOOK.md section 6; report.typ has the same figures.
PAGE, LANDSCAPE, NOTE, GAP, TEXT = 166.0, 253.0, 40.0, 6.0, 120.0
PAGE_HIGH, LANDSCAPE_HIGH = 247.0, 165.0
TABLE_GAP, CALLOUT_INSET, VOICE_INSET, STEP_INDENT = 2.0, 5.0, 4.0, 8.0
HALF_PAGE = 120.0  # longer than this, an entry, a row or a callout may split
WHOLE_PAGE = 220.0  # longer than this, nothing is kept together


def render(document: Document, *, isolated: bool = True) -> bytes:
    """The PDF; the same bytes for the same document. `isolated` as in `typst.compile`, which raises."""
    data = json.dumps(tree(document), ensure_ascii=False, separators=(",", ":")).encode()
    return typst.compile(TEMPLATE, data, stamp=document.stamp, isolated=isolated)


def tree(document: Document) -> Json:
    """What `report.typ` reads. Raises `ValueError` for a link to nowhere: the composer's mistake."""
    _check_links(document)
    return {
        "title": named(document.title),
        "author": clean(document.author),
        "language": document.language,
        "foot": words(document.foot, Room(130, 8.5)),
        "page": clean(document.labels.page),
        "colours": {
            **palette.LIGHT,
            "cover": palette.COVER_GROUND,
            "cover-on": palette.COVER_FILLED,
            "cover-next": palette.COVER_NEXT,
        },
        "cover": None if document.cover is None else _cover(document.cover),
        "chapters": [_chapter(chapter, document) for chapter in document.chapters],
        "attachments": [_attachment(attachment) for attachment in document.attachments],
    }


def _check_links(document: Document) -> None:
    keys = [chapter.key for chapter in document.chapters]
    links: list[str] = []
    for chapter in document.chapters:
        for block in _every(chapter.blocks):
            if isinstance(block, Heading) and block.key is not None:
                keys.append(block.key)
            for inline in _inlines(block):
                if not isinstance(inline, str):
                    links += [run.link for run in inline if isinstance(run, Run) and run.link is not None]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"keys used twice: {sorted(twice)}")
    if nowhere := set(links) - set(keys):
        raise ValueError(f"links to no chapter or heading: {sorted(nowhere)}")


def _every(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks and the blocks in them."""
    for block in blocks:
        yield block
        if isinstance(block, Aside):
            yield from _every(block.note)
            yield from _every(block.main)
        elif isinstance(block, Callout | TextBlock | Together):
            yield from _every(block.blocks)


def _inlines(block: Block) -> list[Inline]:
    match block:
        case Paragraph():
            return [block.text]
        case Bullets():
            return list(block.items)
        case Table():
            return [cell for row in [*block.rows, block.foot or ()] for cell in row]
        case Figure():
            return [block.caption]
        case Steps():
            return [step.text for step in block.items]
        case BigFigure():
            return list(block.facts)
        case Entries():
            return [line for entry in block.items for line in (entry.answer, *entry.details)]
        case _:
            return []


# The parts of a document


def _cover(cover: Cover) -> Json:
    return {
        "hub": words(cover.hub, Room(100, 16, serif=True)),
        "day": words(cover.day, Room(40, 11)),
        "title": words(named(cover.title), Room(PAGE, 22, serif=True)),
        "parts": named(cover.title).split(),
        "subtitle": words(cover.subtitle, Room(PAGE, 18, serif=True)),
        "chart": _chart(cover.chart, cover.alt, PAGE, 100) if cover.chart else None,
        "key": [words(line, Room(PAGE, 10)) for line in cover.key],
    }


def _chapter(chapter: Chapter, document: Document) -> Json:
    width = LANDSCAPE if chapter.landscape else PAGE
    frame = Frame(width, LANDSCAPE_HIGH if chapter.landscape else PAGE_HIGH, document, chapter)
    running = chapter.running or " ".join(filter(None, (chapter.number, chapter.title)))
    title = named(chapter.title)
    return {
        "key": chapter.key,
        "title": words(
            title, Room(width, 27, serif=True) if chapter.number is None else Room(TEXT, 22, serif=True)
        ),
        "parts": title.split(),
        "number": None if chapter.number is None else clean(chapter.number),
        "running": words(running, Room(120, 8.5)),
        "comb": None if chapter.position is None else charts.comb(chapter.position, chapter.of).svg,
        "landscape": chapter.landscape,
        "in_contents": chapter.in_contents,
        "blocks": frame.blocks(chapter.blocks),
    }


def _attachment(attachment: Attachment) -> Json:
    """Text travels as text, anything else as numbers: JSON knows no bytes."""
    try:
        data: str | list[int] = attachment.data.decode()
    except UnicodeDecodeError:
        data = list(attachment.data)
    return {
        "name": clean(attachment.name),
        "data": data,
        "mime": attachment.mime,
        "description": named(attachment.description),
    }


def _chart(chart: Chart, alt: str, width: float, height: float) -> Json:
    """A picture no wider and no higher than its place."""
    wide = min(width, height * chart.width / chart.height)
    svg = "".join(shown(character) for character in chart.svg) if not chart.svg.isascii() else chart.svg
    return {"svg": svg, "alt": named(alt), "width": wide}


@dataclass(frozen=True)
class Frame:
    """Where blocks stand; knows how wide text is there, and in which size it is set."""

    width: float
    height: float
    document: Document
    chapter: Chapter
    place: str = "page"  # page, text, note, callout

    @property
    def text(self) -> Room:
        if self.place == "note":
            return Room(self.width, 9)
        if self.place == "callout":
            return Room(self.width, 10.5, serif=True)
        return Room(min(self.width, TEXT), 10.5, serif=True, hyphens=True)

    def within(self, width: float, place: str) -> "Frame":
        return Frame(width, self.height, self.document, self.chapter, place)

    def blocks(self, blocks: Sequence[Block]) -> list[Json]:
        made: list[Json] = []
        for at, block in enumerate(blocks):
            after = blocks[at + 1] if at + 1 < len(blocks) else None
            before = blocks[at - 1] if at else None
            made += self._block(block, before, after)
        return made

    def _block(self, block: Block, before: Block | None, after: Block | None) -> list[Json]:
        match block:
            case TextBlock():
                return self.blocks(block.blocks)
            case Heading():
                room = Room(self.width, 14, serif=True)
                in_column = block.level == 3 and isinstance(after, Paragraph | Bullets | Steps | TextBlock)
                text = words(named(block.text), room)
                heading = {"level": block.level, "key": block.key, "column": in_column, "text": text}
                return [{"is": "heading", **heading}]
            case Paragraph():
                sticky = block.style != "body" and isinstance(after, Figure | Table | Steps | Entries)
                text = words(block.text, self._room_of(block))
                return [{"is": "paragraph", "style": block.style, "sticky": sticky, "text": text}]
            case Bullets():
                items = [words(item, self._room_in(block)) for item in block.items]
                return [{"is": "bullets", "ordered": block.ordered, "small": block.small, "items": items}]
            case Table():
                return [self._table(block)]
            case Figure():
                return [self._figure(block)]
            case Steps():
                steps = [self._step(step, block.compact) for step in block.items]
                return [{"is": "steps", "compact": block.compact, "items": steps}]
            case BigFigure():
                return [self._big_figure(block)]
            case Callout():
                return [self._callout(block)]
            case Aside():
                return [self._aside(block)]
            case Together():
                whole = self.estimate(block.blocks) < min(WHOLE_PAGE, self.height)
                return [{"is": "together", "whole": whole, "blocks": self.blocks(block.blocks)}]
            case Contents():
                announced = isinstance(before, Heading) or self.chapter.title == self.document.labels.contents
                title = (
                    None
                    if announced
                    else words(self.document.labels.contents, Room(self.width, 14, serif=True))
                )
                return [{"is": "contents", "depth": block.depth, "title": title}]
            case Entries():
                return [{"is": "entries", "items": [self._entry(entry) for entry in block.items]}]

    def _room_of(self, paragraph: Paragraph) -> Room:
        if paragraph.style == "lead":
            return replace(self.text, size=13.5, hyphens=False)
        return self.text if paragraph.style == "body" else Room(self.text.width, 9)

    def _room_in(self, bullets: Bullets) -> Room:
        room = Room(self.text.width, 9.5) if bullets.small else self.text
        return replace(room, width=room.width - 6)

    def _table(self, table: Table) -> Json:
        size = 9.0 if table.dense else 9.5
        shares = sum(column.share for column in table.columns)
        free = self.width - TABLE_GAP * (len(table.columns) - 1)
        rooms = [Room(free * column.share / shares, size) for column in table.columns]
        rows = [list(row) for row in table.rows]
        return {
            "is": "table",
            "caption": named(table.caption),
            "dense": table.dense,
            "emphasis": table.emphasis,
            "shares": [column.share for column in table.columns],
            "figures": [column.figures for column in table.columns],
            "heads": [words(column.head, room) for column, room in zip(table.columns, rooms, strict=True)],
            "rows": [_cells(row, rooms) for row in rows],
            "long": [max(map(_height, row, rooms)) > HALF_PAGE for row in rows],
            "foot": None if table.foot is None else _cells(table.foot, rooms),
        }

    def _figure(self, figure: Figure) -> Json:
        beside = Room(min(max(figure.width, 80), self.width, 140), 9)
        caption = words(figure.caption, beside)
        room = self.height - 30 - _height(figure.caption, beside)
        chart = _chart(figure.chart, figure.alt, min(figure.width, self.width), max(room, 40))
        shown = caption if plain(figure.caption) else None
        return {"is": "figure", **chart, "caption": shown, "caption-width": beside.width}

    def _step(self, step: Step, compact: bool) -> Json:
        width = self.text.width - STEP_INDENT
        room = Room(width, 9) if compact else replace(self.text, width=width)
        title = f"{step.title} ({step.code})" if step.title and step.code else step.title or step.code
        if title and title[-1] not in ".?!:…":
            title += "."
        long = _height(step.text, room) + _height(title, room) > HALF_PAGE
        text = words(step.text, room)
        return {"level": step.level, "title": words(title, room), "text": text, "long": long}

    def _big_figure(self, figure: BigFigure) -> Json:
        width = min(self.width, NOTE)
        wide = measure.width(figure.value, 44 * POINT) * 1.24
        room = Room(width, 9)
        return {
            "is": "big-figure",
            "value": clean(figure.value),
            "size": 44 * min(1.0, width / wide) if wide else 44,
            "chart": None if figure.chart is None else _chart(figure.chart, figure.alt, width, 60),
            "title": words(figure.title, room) if figure.title else None,
            "facts": [words(fact, room) for fact in figure.facts],
        }

    def _callout(self, callout: Callout) -> Json:
        inset = 2 * CALLOUT_INSET if callout.kind == "do" else VOICE_INSET
        width = self.width if callout.kind == "do" else min(self.width, TEXT)
        inner = self.within(width - inset, "callout")
        return {
            "is": "callout",
            "kind": callout.kind,
            "whole": inner.estimate(callout.blocks) < HALF_PAGE,
            "title": words(callout.title, Room(inner.width, 10.5)) if callout.title else None,
            "blocks": inner.blocks(callout.blocks),
        }

    def _aside(self, aside: Aside) -> Json:
        main = self.width - NOTE - GAP
        return {
            "is": "aside",
            "note": self.within(NOTE, "note").blocks(aside.note),
            "main": self.within(main, "text").blocks(aside.main),
            "width": main,
        }

    def _entry(self, entry: Entry) -> Json:
        mark = entry.mark or ("" if entry.level else self.document.labels.not_applicable)
        lines = [(entry.question, Room(TEXT, 9)), (entry.answer, Room(TEXT, 9.5, serif=True, hyphens=True))]
        lines += [(detail, Room(TEXT, 8.5)) for detail in entry.details]
        return {
            "code": words(entry.code, Room(NOTE, 9)),
            "title": words(entry.title, Room(NOTE, 9)),
            "level": entry.level,
            "mark": words(mark, Room(NOTE, 8.5)),
            "question": words(entry.question, Room(TEXT, 9)),
            "answer": words(entry.answer, Room(TEXT, 9.5, serif=True, hyphens=True)),
            "details": [words(detail, Room(TEXT, 8.5)) for detail in entry.details],
            "long": sum(_height(line, room) for line, room in lines) > HALF_PAGE,
        }

    def estimate(self, blocks: Iterable[Block]) -> float:
        """About how high blocks become, on the high side."""
        return sum(self._estimate(block) for block in blocks)

    def _estimate(self, block: Block) -> float:
        match block:
            case Figure():
                return min(block.width, self.width) * block.chart.height / block.chart.width + 20
            case BigFigure():
                return 60
            case Aside():
                note = self.within(NOTE, "note").estimate(block.note)
                return max(note, self.within(self.width - NOTE - GAP, "text").estimate(block.main)) + 12
            case Callout() | TextBlock() | Together():
                return self.estimate(block.blocks) + 16
            case Contents():
                return self.height
            case Table():
                room = Room(self.width / max(len(block.columns), 1), 9)
                return 14 + sum(4 + max(_height(cell, room) for cell in row) for row in block.rows)
            case Entries():
                return sum(
                    20 + _height(entry.answer, Room(TEXT, 9.5, serif=True, hyphens=True))
                    for entry in block.items
                )
            case Heading():
                return 17
            case Paragraph():
                return 4 + _height(block.text, self._room_of(block))
            case Bullets():
                return 4 + sum(2 + _height(item, self._room_in(block)) for item in block.items)
            case _:
                return sum(4 + _height(inline, self.text) for inline in _inlines(block))


def _cells(row: Sequence[Inline], rooms: Sequence[Room]) -> list[Words]:
    return [words(cell, room) for cell, room in zip(row, rooms, strict=True)]


def _height(inline: Inline, room: Room) -> float:
    return room.height(plain(inline))
