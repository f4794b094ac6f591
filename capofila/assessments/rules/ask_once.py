"""Ask once: what the answers to one questionnaire imply for another, there and back.

`forward` proposes cells of the form from levels; `backward` narrows levels from cells of the form.
Both give proposals, never answers: each names what it comes from and stays marked until a
consultant confirms it. In words: docs/rules/ask-once.md
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from capofila.assessments.rules.answers import Answer, Answers, Value
from capofila.assessments.rules.interview import visible
from capofila.instruments.rules.implied import Cell, Implication, Implied, Mark
from capofila.instruments.rules.shape import LEVELS, Instrument, Question


@dataclass(frozen=True)
class Proposal:
    """One cell as the answers imply it; `sources` are questions with the level that speaks for it."""

    cell: Cell
    mark: Mark
    sources: tuple[tuple[str, int], ...]
    uncertain: bool = False


def forward(
    implied: Implied, instrument: Instrument, answers: Answers, profile: str | None
) -> dict[Cell, Proposal]:
    """The cells that the answers to `instrument` imply.

    Hidden, not applicable or unanswered, a deciding question implies nothing, unless a supporting
    one speaks.
    """
    levels = {
        question.code: answer.value
        for question in visible(instrument, profile, answers)
        if (answer := answers.get(question.code)) is not None and isinstance(answer.value, int)
    }
    rows = [row for row in implied.rows if not row.profiles or profile in row.profiles]
    found = {row.cell: proposal for row in rows if (proposal := _proposal(row, levels)) is not None}
    for row in rows:
        if row.negative and row.cell in found and found[row.cell].mark is True and _others(row.cell, found):
            del found[row.cell]  # "none of this" beside something: a person must say
    return found


def _proposal(row: Implication, levels: Mapping[str, int]) -> Proposal | None:
    supporting = [
        (s.question, levels[s.question], s.mark) for s in row.supports if levels.get(s.question, 0) >= s.at
    ]
    decided = levels.get(row.question)
    if decided is None and not supporting:
        return None
    marks = [mark for _, _, mark in supporting]
    if decided is not None:
        marks.append(row.marks[decided - 1])
    mark = max(marks, key=_height)
    sources = tuple((code, level) for code, level, given in supporting if given == mark)
    if decided is not None and (row.marks[decided - 1] == mark):
        sources = ((row.question, decided), *sources)
    return Proposal(row.cell, mark, sources, row.uncertain or (row.cell.question == "q1" and mark is False))


def _height(mark: Mark) -> int:
    return ("no", "partly", "yes").index(mark) if isinstance(mark, str) else int(mark)


def _others(cell: Cell, found: Mapping[Cell, Proposal]) -> bool:
    return any(
        other.question == cell.question and other != cell and found[other].mark is True for other in found
    )


def proposed_answers(instrument: Instrument, proposals: Iterable[Proposal]) -> dict[str, Answer]:
    """The proposals as answers to the form, as far as they go: question -> the value they fill in.

    A question of ticks or a matrix takes the marked cells; of a scale or tristate the rows known.
    """
    by_question: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        by_question[proposal.cell.question].append(proposal)
    return {
        code: Answer(_value(instrument.by_code[code], by_question[code]))
        for code in instrument.by_code
        if code in by_question
    }


def _value(question: Question, proposals: list[Proposal]) -> Value:
    marked = {(p.cell.row, p.cell.column) for p in proposals if p.mark is True}
    if question.type == "ticks":
        return tuple(item for item in question.items if (item, "") in marked)
    if question.type == "matrix":
        return {
            row: columns
            for row in question.rows
            if (columns := tuple(column for column in question.columns if (row, column) in marked))
        }
    if question.type == "tristate":
        return {p.cell.row: str(p.mark) for p in proposals}
    return {p.cell.row: int(p.mark) for p in proposals if not isinstance(p.mark, str)}


def cells(instrument: Instrument) -> list[Cell]:
    """Every cell of a form, in its order."""
    return [
        Cell(question.code, row, column)
        for question in instrument.questions
        for row in (question.items or question.rows)
        for column in (question.columns or ("",))
    ]


def filled_in(
    form: Instrument, answers: Answers, proposals: Mapping[Cell, Proposal]
) -> tuple[Answers, tuple[Cell, ...]]:
    """The answers with what is implied where nobody answered, and the cells that are so, in the form's order.

    A question of ticks or a matrix is filled in where every cell is implied, since one that is not ticked
    is said too; a scale or tristate row by row.
    """
    found, taken = dict(answers), []
    for question in form.questions:
        inside = [cell for cell in cells(form) if cell.question == question.code]
        said = answers.get(question.code)
        by_row = question.type in ("scale", "tristate")
        known = said.value if said is not None and isinstance(said.value, Mapping) else {}
        missing = [cell for cell in inside if said is None or (by_row and cell.row not in known)]
        implied = [proposals[cell] for cell in missing if cell in proposals]
        if not implied or (not by_row and len(implied) < len(inside)):
            continue
        value: Any = proposed_answers(form, implied)[question.code].value
        joined = {**value, **known} if by_row else value
        found[question.code] = Answer(joined) if said is None else replace(said, value=joined)
        taken += [one.cell for one in implied]
    return found, tuple(taken)


@dataclass(frozen=True)
class Narrowed:
    """What a form says of a level question: the levels left, and the cells that say so."""

    question: str
    levels: tuple[int, ...]  # ascending, never all five; empty: the cells contradict each other
    sources: tuple[Cell, ...]


def backward(
    implied: Implied, form: Instrument, answers: Answers, instrument: Instrument, profile: str | None
) -> dict[str, Narrowed]:
    """The levels that are left for each question of `instrument` after the answers to `form`.

    A cell that a supporting question may have marked says nothing of the deciding one; a cell that
    is not marked rules out every level that would have marked it. What is uncertain is left out.
    """
    left: dict[str, set[int]] = {}
    sources: dict[str, list[Cell]] = defaultdict(list)
    asked = {question.code for question in instrument.applicable(profile)}
    for row in implied.rows:
        if row.uncertain or row.negative or (row.profiles and profile not in row.profiles):
            continue
        mark = _marked(form.by_code[row.cell.question], row.cell, answers)
        if mark is None or (row.cell.question == "q1" and mark is False):
            continue  # money may have been spent, or not, whatever is in use
        for question, levels in _levels(row, mark):
            if question in asked and len(levels) < len(LEVELS):
                left[question] = left.get(question, set(LEVELS)) & levels
                sources[question].append(row.cell)
    return {
        code: Narrowed(code, tuple(sorted(left[code])), tuple(sources[code]))
        for code in instrument.by_code
        if code in left
    }


def _marked(question: Question, cell: Cell, answers: Answers) -> Mark | None:
    """How a form's cell is answered; None where it is not."""
    answer = answers.get(question.code)
    if answer is None or answer.value is None:
        return None
    value = answer.value
    if isinstance(value, tuple):
        return cell.row in value
    if not isinstance(value, Mapping):
        return None
    found = value.get(cell.row)
    if question.type == "matrix":
        return isinstance(found, tuple) and cell.column in found
    return found if isinstance(found, int | str) else None


def _levels(row: Implication, mark: Mark) -> list[tuple[str, set[int]]]:
    """Which levels of the deciding and of the supporting questions fit a mark."""
    height = _height(mark)
    fitting = {level for level in LEVELS if _height(row.marks[level - 1]) == height}
    raised = height > 0 and any(_height(support.mark) == height for support in row.supports)
    deciding = set(LEVELS) if raised or not fitting else fitting
    return [
        (row.question, deciding),
        *(
            (support.question, {level for level in LEVELS if level < support.at})
            for support in row.supports
            if _height(support.mark) > height
        ),
    ]
