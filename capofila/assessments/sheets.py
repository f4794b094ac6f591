"""The answers of an assessment as a spreadsheet, and back; the columns are those of docs/formats.md."""

import json
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from capofila.assessments import answers_file, queries
from capofila.assessments.implying import Filled
from capofila.assessments.rules.answers import Answer
from capofila.assessments.rules.entries import Said
from capofila.assessments.rules.fold import Side
from capofila.assessments.rules.sheet import HEADER, NONE
from capofila.assessments.screen import Sheet
from capofila.instruments.rules.shape import Question

DEVICE = "spreadsheet"
SAID_IN_A_SHEET = uuid.UUID("c2f7a6b2-5a44-4f0b-9d43-2d3c8d8f9b60")
IMPLIED_HEADER = ("question", "item", "column", "value", "implied_by", "uncertain")
FIXED = datetime(2000, 1, 1, tzinfo=UTC)  # so that the same answers are the same bytes
Line = tuple[str, str, object, str, str]


def written(found: Sheet, implied: Filled | None = None) -> bytes:
    """A sheet "answers": a line for each answer or part of one, and for each question to do.

    `implied`: beside it a sheet "implied" with what is not confirmed, which nobody takes for an answer.
    """
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = FIXED.replace(tzinfo=None)
    page = book.create_sheet("answers")
    page.append([_text(page, name) for name in HEADER])
    for question in found.shown:
        for line in _lines(question, found.answers.get(question.code)):
            page.append([_text(page, cell) if isinstance(cell, str) else cell for cell in line])
    if implied is not None and implied.proposed:
        _append_implied(book.create_sheet("implied"), implied)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _append_implied(page: Any, implied: Filled) -> None:
    page.append([_text(page, name) for name in IMPLIED_HEADER])
    for one in implied.questions.values():
        for (item, column), mark in one.marks.items():
            if mark.value is None:
                continue
            by = "; ".join(f"{question} {level}" for question, level in mark.by)
            value = _text(page, mark.value) if isinstance(mark.value, str) else int(mark.value)
            uncertain = 1 if mark.kind == "uncertain" else None
            texts = [_text(page, text) for text in (one.code, item, column)]
            page.append([*texts, value, _text(page, f"{implied.source.name} {by}"), uncertain])


def _text(page: Any, text: str) -> Any:
    """Text stays text: what begins with = is no formula."""
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"
    return cell


def _lines(question: Question, answer: Answer | None) -> Iterator[Line]:
    if answer is None:
        yield question.code, "", None, "", ""
        return
    note = answer.note
    if not answer.applicable:
        yield question.code, "", None, answer.reason, note
        return
    for place, (item, value) in enumerate(_parts(question, queries.as_stored(answer))):
        yield question.code, item, value, "", note if place == 0 else ""


def _parts(question: Question, value: object) -> Iterator[tuple[str, object]]:
    if question.type == "ticks" and isinstance(value, list):
        yield from ((item, 1) for item in value)
        if not value:
            yield "", NONE
    elif question.type == "matrix" and isinstance(value, Mapping):
        pairs = [(row, column) for row, columns in value.items() for column in columns]
        yield from pairs or [("", NONE)]
    elif isinstance(value, Mapping):
        yield from value.items()
    else:
        yield "", value


def said(found: Sheet, name: str, data: bytes, *, side: Side, at: datetime) -> list[Said]:
    """What a spreadsheet says otherwise than what holds on this side; lines without a value say nothing.

    Raises `Problem` or `Refused` for anything wrong in it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"answers{Path(name).suffix.lower()}"
        path.write_bytes(data)
        assessment = found.assessment
        facts = answers_file.Facts(
            instrument=assessment.instrument, version=assessment.version, profile=found.profile
        )
        read = answers_file.read(path, facts).answers
    listed = (_said(found, code, answer, side, at) for code, answer in read.items())
    return [one for one in listed if one is not None]


def _said(found: Sheet, code: str, answer: Answer, side: Side, at: datetime) -> Said | None:
    current = found.holding.get(code)
    held = None if current is None else current.company if side == "company" else current.consultant
    state = "answered" if answer.applicable else "not_applicable"
    content = (state, queries.as_stored(answer), answer.reason, answer.note)
    if held is not None and not held.rivals:
        entry = held.entry
        if (entry.state, entry.value, entry.reason, entry.note) == content:
            return None
    replaces = tuple(sorted(entry.id for entry in (held.entry, *held.rivals))) if held is not None else ()
    whole = json.dumps([found.assessment.pk, code, *content, [str(one) for one in replaces]], default=str)
    return Said(
        id=uuid.uuid5(SAID_IN_A_SHEET, whole),
        question=code,
        state="answered" if answer.applicable else "not_applicable",
        device_time=at,
        value=content[1],
        reason=answer.reason,
        note=answer.note,
        replaces=replaces,
        device=DEVICE,
    )
