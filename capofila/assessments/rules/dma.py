"""One row of the Commission's digital maturity assessment, from answers to `eu-dma-*`.

Columns and encodings are data beside the instrument (`export.yaml`): a tick is 0 or 1; a matrix row
two digits and a bar, plan first; a scale row 0 to 10 in steps of 2; a tristate row 0, 5 or 10.
Source: domain notes on an open implementation of the form; the Commission documents no upload, so
the row is a helper for entry by hand.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from capofila.assessments.rules.answers import Answer, Answers
from capofila.instruments.rules.implied import Cell
from capofila.instruments.rules.shape import TRISTATE, Instrument, Question


@dataclass(frozen=True)
class ExportColumn:
    question: str
    part: str  # item of ticks, row of the other types
    name: str


@dataclass(frozen=True)
class Layout:
    leading: Sequence[str]
    columns: Sequence[ExportColumn]
    pairs: Mapping[str, Sequence[str]]  # matrix question -> its two columns in the order of the digits


def header(layout: Layout) -> list[str]:
    return [*layout.leading, *(column.name for column in layout.columns)]


def named(layout: Layout, cells: Collection[Cell]) -> str:
    """The columns in which these cells stand, in their order, with semicolons."""
    inside = {(cell.question, cell.row) for cell in cells}
    return ";".join(one.name for one in layout.columns if (one.question, one.part) in inside)


def row(
    layout: Layout,
    instrument: Instrument,
    answers: Answers,
    *,
    stage: str | None,
    day: date | None,
    company: str,
    vat: str | None,
) -> list[str]:
    """The cells under `header`; the cells of an unanswered question are empty."""
    leading = [stage or "", f"{day:%m/%d}/{day.year:04}" if day else "", company, vat or ""]
    return [*leading, *(_cell(column, layout, instrument, answers) for column in layout.columns)]


def _cell(column: ExportColumn, layout: Layout, instrument: Instrument, answers: Answers) -> str:
    answer = answers.get(column.question)
    if answer is None:
        return ""
    return _encoded(
        column, instrument.by_code[column.question], answer, layout.pairs.get(column.question, ())
    )


def _encoded(column: ExportColumn, question: Question, answer: Answer, pair: Sequence[str]) -> str:
    if question.type == "ticks":
        return str(int(isinstance(answer.value, tuple) and column.part in answer.value))
    value = answer.value if isinstance(answer.value, Mapping) else {}
    found = value.get(column.part)
    if question.type == "matrix":
        ticked = found if isinstance(found, tuple) else ()
        return "|".join(str(int(name in ticked)) for name in pair)
    if found is None:
        return ""
    return str(found * 2 if isinstance(found, int) else TRISTATE.index(str(found)) * 5)
