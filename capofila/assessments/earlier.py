"""What the assessment before said, to be shown beside each question; nothing of it is copied."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from capofila.assessments import queries, screen
from capofila.assessments.models import Assessment
from capofila.assessments.rules import fold
from capofila.instruments import library
from capofila.instruments.rules.shape import TRISTATE, Question, QuestionWords


@dataclass(frozen=True)
class Earlier:
    """`levels` are the tags on the cards; `words` say the rest: other answers, reasons, notes."""

    name: str = ""  # as the tags say it: the year
    levels: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


NOTHING = Earlier()


def of(assessment: Assessment, language: str) -> Earlier:
    """By the same instrument, of the last earlier stage that is complete; else nothing."""
    found = screen.previous(assessment)
    if found is None:
        return NOTHING
    instrument, words = library.load(found.name), library.spoken(found.name, language)
    levels: dict[str, object] = {}
    said: dict[str, str] = {}
    for code, held in queries.current(found).items():
        question = instrument.by_code.get(code)
        if question is None or held.holds is None:
            continue
        level, answer = _level(question, held.entry), ""
        if level is None:
            answer = _answer(question, held.entry, words.of(code, found.profile or None))
        else:
            levels[code] = level
        said[code] = ". ".join(text for text in (answer, held.entry.note) if text)
    return Earlier(str(found.day.year), levels, {code: text for code, text in said.items() if text})


def _level(question: Question, entry: fold.Entry) -> int | None:
    if question.type != "level" or entry.state != "answered":
        return None
    return entry.value if isinstance(entry.value, int) else None


def _answer(question: Question, entry: fold.Entry, words: QuestionWords) -> str:
    """An answer that is no level, in the words of the questionnaire."""
    if entry.state == "not_applicable":
        return _("not applicable: %(reason)s") % {"reason": entry.reason}
    value = entry.value
    if isinstance(value, list):
        return "; ".join(words.items.get(item, item) for item in value) or _("nothing ticked")
    if isinstance(value, Mapping):
        rows = (f"{words.rows.get(row, row)}: {_cell(cell, words)}" for row, cell in value.items())
        return "; ".join(rows) or _("nothing ticked")
    return words.items.get(str(value), str(value)) if question.type == "choice" else str(value)


def _cell(cell: object, words: QuestionWords) -> str:
    if isinstance(cell, list):
        return ", ".join(words.columns.get(column, column) for column in cell) or "–"
    place = cell if isinstance(cell, int) else TRISTATE.index(str(cell)) if cell in TRISTATE else None
    return words.points[place] if words.points and place is not None else str(cell)
