"""The questions of an area, by dimension: five cells each, filled up to the level of the answer.

The next level is outlined for the questions that weigh most. A question that does not apply is a
dashed hollow with the caller's words; one without an answer has five empty cells and an en dash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capofila.lib import palette
from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.shapes import (
    DASH,
    NARROW,
    PAGE,
    Chart,
    Locale,
    Question,
    QuestionGroup,
)

ROW, SIZE, LEADING = 25.0, 14.5, 17.5
CODE_SIZE, SMALL = 13.5, 12.5
CELL, GAP = 19.0, 3.0  # height of a cell, space to the next
LEVELS = 5


@dataclass(frozen=True)
class _Frame:
    width: float
    names: float  # where names begin
    names_end: float
    means_end: float
    cells: float  # where cells begin
    narrow: bool
    not_applicable: str

    @property
    def cell(self) -> float:
        """From one cell to the next; the last has no gap after it, so cells end at the margin."""
        return (self.width - self.cells + GAP) / LEVELS


def questions(
    groups: Sequence[QuestionGroup],
    *,
    alt: str,
    locale: Locale,
    not_applicable: str,
    width: float = PAGE,
    narrow: bool = False,
) -> Chart:
    """Groups and their questions in the order given; `narrow` is 343 wide, cells under the name."""
    codes = [question.code for group in groups for question in group.questions]
    frame = _frame(codes, NARROW if narrow else width, narrow, not_applicable)
    body = _level_numbers(frame)
    y = 18.0
    for at, group in enumerate(groups):
        y += 7 if at else 0
        drawn, y = _head(frame, group, y, locale)
        body += drawn
        for question in group.questions:
            drawn, y = _question(frame, question, y)
            body += drawn
    return draw.svg(body, frame.width, y, alt)


def _frame(codes: Sequence[str], width: float, narrow: bool, not_applicable: str) -> _Frame:
    widest = max((words.width(code, CODE_SIZE, words.STRONG) for code in codes), default=0.0)
    names = max(widest + 10, 38) if widest else 0.0
    if narrow:
        return _Frame(width, names, width, width, 0, True, not_applicable)
    return _Frame(width, names, width * 0.60 - 14, width * 0.56, width * 0.60, False, not_applicable)


def _level_numbers(frame: _Frame) -> list[str]:
    middles = [frame.cells + at * frame.cell + (frame.cell - GAP) / 2 for at in range(LEVELS)]
    return [draw.text(x, 11, str(at + 1), 13, "ink3", anchor="middle") for at, x in enumerate(middles)]


def _head(frame: _Frame, group: QuestionGroup, y: float, locale: Locale) -> tuple[list[str], float]:
    mean = DASH if group.mean is None else locale.number(group.mean)
    room = frame.means_end - words.width(mean, SIZE, words.STRONG) - 12
    name = words.wrap(group.name, room, SIZE, words.STRONG)
    colour: palette.Token = "ink" if group.mean is not None else "ink3"
    body = [
        draw.line((0, y), (frame.width, y), "ink", 1),
        draw.lines(0, y + 19, name, SIZE, LEADING, "ink", words.STRONG),
        draw.text(frame.means_end, y + 19, mean, SIZE, colour, words.STRONG, "end"),
    ]
    return body, y + 27 + (len(name) - 1) * LEADING


def _question(frame: _Frame, question: Question, y: float) -> tuple[list[str], float]:
    """One row, and where the next one begins."""
    name = words.wrap(question.name, frame.names_end - frame.names, SIZE)
    tall = len(name) * LEADING + 7.5
    cells_tall = _cells_height(frame, question)
    if frame.narrow:
        top, end = y + tall - 1.5, y + tall + cells_tall + 6
        middle = y + tall / 2 - 1
    else:
        end = y + max(ROW, tall, cells_tall + 6)
        middle = (y + end) / 2
        top = middle - cells_tall / 2
    first = draw.first_baseline(middle, len(name), SIZE, LEADING)
    body = [
        draw.text(0, first, question.code, CODE_SIZE, "ink3", words.STRONG),
        draw.lines(frame.names, first, name, SIZE, LEADING),
    ]
    return body + _cells(frame, question, top, cells_tall), end


def _cells_height(frame: _Frame, question: Question) -> float:
    if question.state != "not applicable":
        return CELL
    return max(CELL, len(_reason(frame)) * 15.0 + 4)


def _reason(frame: _Frame) -> tuple[str, ...]:
    return words.wrap(frame.not_applicable, frame.width - frame.cells - 12, SMALL)


def _cells(frame: _Frame, question: Question, top: float, tall: float) -> list[str]:
    if question.state == "not applicable":
        return _hollow(frame, top, tall)
    level = question.level if question.state == "answered" else None
    wide = frame.cell - GAP
    body: list[str] = []
    for at in range(LEVELS):
        x = frame.cells + at * frame.cell
        if level is not None and at < level:
            body.append(draw.cell(x, top, wide, tall, level))
        elif level is not None and at < (question.target or 0):
            body.append(draw.hollow(x, top, wide, tall, "next", line=2))
        else:
            body.append(draw.hollow(x, top, wide, tall, "rule"))
    body.append(_sign(frame.cells + wide / 2, top + tall / 2, level, frame.cell))
    return body


def _sign(x: float, middle: float, level: int | None, step: float) -> str:
    """The level in the last filled cell, so that colour does not speak alone; else an en dash."""
    baseline = middle + 13 * draw.DIGIT_RISE
    if level is None:
        return draw.text(x, baseline, DASH, 13, "ink2", anchor="middle")
    at = x + (level - 1) * step
    return draw.text(at, baseline, str(level), 13, palette.on_level(level), words.STRONG, "middle")


def _hollow(frame: _Frame, top: float, tall: float) -> list[str]:
    reason, middle = _reason(frame), frame.cells + (frame.width - frame.cells) / 2
    first = draw.first_baseline(top + tall / 2, len(reason), SMALL, 15)
    return [
        draw.hollow(frame.cells, top, frame.width - frame.cells, tall, "rule-strong", line=1, dash="3 3"),
        draw.lines(middle, first, reason, SMALL, 15, "ink2", anchor="middle"),
    ]
