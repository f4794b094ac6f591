"""The questions of one area as the interview draws them: a card each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from capofila.assessments.rules import fold
from capofila.assessments.screen import AreaRow, Progress, Rail, Sheet, progress, rail, strip
from capofila.instruments.rules.shape import TRISTATE, Question, QuestionWords
from capofila.lib import charts

SCALE_POINTS = 6  # a scale is answered 0 to 5
NOT_APPLICABLE, CLEAR, VALUE = "na", "clear", "value"


@dataclass(frozen=True)
class Option:
    value: str
    text: str


@dataclass(frozen=True)
class Row:
    """A row of a matrix, scale or tristate; `inputs` are checkboxes in a matrix, else radio buttons."""

    code: str
    text: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Card:
    """One question as the page draws it. `seen` are the ids that hold on this person's own side."""

    code: str
    number: str
    type: str
    dimension: str
    ask: str
    why: str
    evidence: str
    options: Sequence[Option]
    rows: Sequence[Row]
    may_not_apply: bool
    own: fold.Held | None
    current: fold.Current | None
    seen: str
    before: str

    @property
    def chosen(self) -> str:
        """What the radio buttons `answer` hold: a level, value, na, or empty."""
        entry = self.own.entry if self.own is not None else None
        if entry is None or entry.state == "cleared":
            return ""
        if entry.state == "not_applicable":
            return NOT_APPLICABLE
        return str(entry.value) if self.type == "level" else VALUE

    @property
    def value(self) -> object:
        return self.own.entry.value if self.own is not None and self.own.entry.state == "answered" else None

    @property
    def counted(self) -> fold.Entry | None:
        """What counts, for the row of a closed question."""
        found = self.current
        return found.entry if found is not None and found.holds is not None else None


@dataclass(frozen=True)
class AreaPage:
    sheet: Sheet
    progress: Progress
    area: AreaRow
    strip: SafeString
    cards: Sequence[Card]
    rail: Rail
    before: AreaRow | None
    after: AreaRow | None


def area_page(
    found: Sheet, code: str, *, side: str | None, before: Mapping[str, object], at: datetime
) -> AreaPage | None:
    """One area to answer; None for one the questionnaire does not have, or that is not open here."""
    whole = progress(found, current=code)
    places = [row.code for row in whole.rows]
    if code not in places:
        return None
    place = places.index(code)
    # Hidden questions are on the page too: a condition may come true without a network.
    inside = [question for question in found.applicable if question.area == code]
    return AreaPage(
        sheet=found,
        progress=whole,
        area=whole.rows[place],
        strip=strip(found, found.inside(code), width=charts.NARROW, height=14),
        cards=[card(found, question, side=side, before=before) for question in inside],
        rail=rail(found, code, at=at),
        before=whole.rows[place - 1] if place else None,
        after=whole.rows[place + 1] if place + 1 < len(places) else None,
    )


def card(found: Sheet, question: Question, *, side: str | None, before: Mapping[str, object]) -> Card:
    words = found.of(question.code)
    current = found.holding.get(question.code)
    own = None
    if current is not None:
        own = current.company if side == "company" else current.consultant
    seen = () if own is None else (own.entry, *own.rivals)
    return Card(
        code=question.code,
        number=found.numbers[question.code],
        type=question.type,
        dimension=found.words.names[question.dimension] if question.dimension else "",
        ask=words.ask,
        why=words.why,
        evidence=words.evidence,
        options=_options(question, words),
        rows=_rows(question, words),
        may_not_apply=found.instrument.not_applicable != "refused",
        own=own,
        current=current,
        seen=",".join(str(entry.id) for entry in seen),
        before=str(before.get(question.code, "")),
    )


def _options(question: Question, words: QuestionWords) -> list[Option]:
    if question.type == "level":
        return [Option(str(level), text) for level, text in enumerate(words.levels, start=1)]
    return [Option(item, words.items.get(item, item)) for item in question.items]


def _rows(question: Question, words: QuestionWords) -> list[Row]:
    if question.type == "matrix":
        options = [Option(column, words.columns.get(column, column)) for column in question.columns]
    elif question.type == "scale":
        options = [
            Option(str(point), f"{point} {words.points[point]}" if words.points else str(point))
            for point in range(SCALE_POINTS)
        ]
    else:
        options = [
            Option(point, words.points[place] if words.points else point)
            for place, point in enumerate(TRISTATE)
        ]
    return [Row(row, words.rows.get(row, row), options) for row in question.rows]
