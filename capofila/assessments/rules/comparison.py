"""Two assessments of one instrument, before and after, on what both can say.

Comparable is a question that the crosswalk keeps, rewords, or merges with a map of levels, and
that both sides answered. Both sides are scored on that subset alone, by the questions, areas and
weights of the newer version, so that the difference is a difference of answers and nothing else.
A question merged from several is, on the earlier side, their mean. In words, with numbers worked
out: docs/rules/comparison.md
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from capofila.assessments.rules.answers import Answer, Answers, Value
from capofila.assessments.rules.interview import visible
from capofila.assessments.rules.scoring import Scores, score
from capofila.instruments.rules.crosswalk import Crosswalk, Row
from capofila.instruments.rules.shape import Instrument, Question

Why = Literal["unanswered", "not-applicable", "hidden", "level", "split", "merged", "retired", "new"]
When = Literal["before", "after", "both"]


@dataclass(frozen=True)
class Round:
    """One of the two assessments: its version, profile and answers."""

    instrument: Instrument
    profile: str | None
    answers: Answers


@dataclass(frozen=True)
class Change:
    """One comparable question, by its newer code; `before` in the terms of the newer version."""

    question: str
    before: Value | Fraction  # a mean where several questions were merged
    after: Value


@dataclass(frozen=True)
class Apart:
    """A question that cannot be compared, and why."""

    question: str
    why: Why
    when: When = "both"  # on which side it is unanswered, not applicable or hidden


@dataclass(frozen=True)
class Comparison:
    compared: tuple[Change, ...]  # every comparable question, in the order of the newer interview
    before: Scores  # of the comparable part
    after: Scores
    apart: tuple[Apart, ...]

    @property
    def changed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.compared if change.before != change.after)


def compare(before: Round, after: Round, crosswalk: Crosswalk) -> Comparison:
    """What changed between two rounds of one instrument."""
    shown = (_shown(before), _shown(after))
    pairs: list[tuple[Row, Change]] = []
    apart: list[Apart] = []
    for row in crosswalk.rows:
        found = _pair(row, before, after, shown)
        if isinstance(found, Change):
            pairs.append((row, found))
        else:
            apart += found
    order = {code: at for at, code in enumerate(after.instrument.by_code)}
    pairs.sort(key=lambda pair: order[pair[1].question])
    return Comparison(
        compared=tuple(change for _, change in pairs),
        before=_earlier_scores(after.instrument, before, pairs),
        after=_scores(
            after.instrument,
            [after.instrument.by_code[change.question] for _, change in pairs],
            {change.question: after.answers[change.question] for _, change in pairs},
        ),
        apart=tuple(apart),
    )


def _shown(side: Round) -> dict[str, Question]:
    return {
        question.code: question
        for question in visible(side.instrument, side.profile, side.answers)
        if question.scored
    }


def _pair(
    row: Row, before: Round, after: Round, shown: tuple[Mapping[str, Question], Mapping[str, Question]]
) -> Change | list[Apart]:
    if not _scored(row, before.instrument, after.instrument):
        return []
    if not row.comparable:
        return _changed_questions(row)
    code = row.after[0]
    states = {
        "before": _worst(_state(before, shown[0], old) for old in row.before),
        "after": _state(after, shown[1], code),
    }
    if states["before"] == states["after"] == "hidden":
        return []  # a question that this firm is never asked
    for why in ("hidden", "not-applicable", "unanswered"):
        sides = [side for side, state in states.items() if state == why]
        if sides:
            return [Apart(code, why, "both" if len(sides) == 2 else _side(sides[0]))]
    values = [_translated(row, before.answers[old].value) for old in row.before]
    if any(value is None for value in values):
        return [Apart(code, "level", "before")]
    value = after.answers[code].value
    assert value is not None  # answered
    return Change(code, _joined(values), value)


def _side(name: str) -> When:
    return "before" if name == "before" else "after"


def _scored(row: Row, old: Instrument, new: Instrument) -> bool:
    return any(old.by_code[code].scored for code in row.before) or any(
        new.by_code[code].scored for code in row.after
    )


def _changed_questions(row: Row) -> list[Apart]:
    why: Why = "split" if row.kind == "split" else "merged" if row.kind == "merged" else "retired"
    gone = [Apart(code, why, "before") for code in row.before]
    new = [Apart(code, why if row.before else "new", "after") for code in row.after if code not in row.before]
    return [*gone, *new]


def _state(side: Round, shown: Mapping[str, Question], code: str) -> str:
    answer = side.answers.get(code)
    if code not in shown:
        return "hidden"
    if answer is None:
        return "unanswered"
    if not answer.applicable:
        return "not-applicable"
    rows = shown[code].rows
    if shown[code].type in {"scale", "tristate"} and isinstance(answer.value, Mapping):
        return "answered" if len(answer.value) == len(rows) else "unanswered"
    return "answered"


def _worst(states: Iterable[str]) -> str:
    return min(states, key=("hidden", "not-applicable", "unanswered", "answered").index)


def _translated(row: Row, value: Value | None) -> Value | None:
    """An old value in the terms of the newer version; None for a level that has no counterpart."""
    if row.levels is None or not isinstance(value, int):
        return value
    return row.levels.get(value)


def _joined(values: list[Value | None]) -> Value | Fraction:
    if len(values) == 1 and values[0] is not None:
        return values[0]
    mean = sum((Fraction(value) for value in values if isinstance(value, int)), Fraction(0)) / len(values)
    return int(mean) if mean.denominator == 1 else mean


def _earlier_scores(instrument: Instrument, before: Round, pairs: list[tuple[Row, Change]]) -> Scores:
    """The earlier answers by the newer questions; of a merged one each part weighs its share."""
    questions, answers = [], {}
    for row, change in pairs:
        question = instrument.by_code[change.question]
        for old in row.before:
            part = question.code if len(row.before) == 1 else f"{question.code}<{old}"
            questions.append(replace(question, code=part, weight=question.weight / len(row.before)))
            answers[part] = replace(before.answers[old], value=_translated(row, before.answers[old].value))
    return _scores(instrument, questions, answers)


def _scores(instrument: Instrument, questions: list[Question], answers: Mapping[str, Answer]) -> Scores:
    """Scores of these questions alone, all of them answered, conditions and profiles aside."""
    asked = {question.area for question in questions}
    part = replace(
        instrument,
        questions=tuple(replace(question, shown_when=None) for question in questions),
        areas=tuple(area for area in instrument.areas if area in asked),
        profiles={},
        min_coverage=Fraction(0),
    )
    return score(part, answers)
