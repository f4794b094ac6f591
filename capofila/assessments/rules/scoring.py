"""Answers to scores: overall, areas, dimensions and area x dimension cells, each with coverage.

Exact fractions throughout; a score becomes a float only where it is shown or written. Two rules
by name. `weighted-mean`: a score is the weighted mean of the answered applicable questions, the
overall the plain mean of the areas that are not withheld. `eu-dma`: the Commission's
assessment (rule B of the open implementations; JRC133234). In words, with numbers worked out:
docs/rules/scoring.md
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from capofila.assessments.rules.answers import Answer, Answers
from capofila.assessments.rules.interview import visible
from capofila.instruments.rules.shape import (
    LEVELS,
    SCALE_TOP,
    TRISTATE,
    Bands,
    Instrument,
    Question,
)

ZERO, ONE = Fraction(0), Fraction(1)
LEVEL_SHARES = {level: Fraction(level - LEVELS[0], LEVELS[-1] - LEVELS[0]) for level in LEVELS}


@dataclass(frozen=True)
class Score:
    """`value` on the instrument's scale, None when withheld or when nothing applies.

    `coverage` is weight answered over weight applicable, 0 to 1; None when nothing applies.
    """

    value: Fraction | None
    coverage: Fraction | None
    band: str | None
    answered: int = 0  # questions answered, out of
    applicable: int = 0  # questions that apply

    @property
    def withheld(self) -> bool:
        return self.value is None and self.coverage is not None


@dataclass(frozen=True)
class Scores:
    overall: Score
    areas: Mapping[str, Score]
    dimensions: Mapping[str, Score]
    cells: Mapping[tuple[str, str], Score]  # (area, dimension)
    hidden: tuple[str, ...]  # answered, but hidden by a condition: kept, not scored
    contradictory: tuple[str, ...]  # a negative item ticked beside positive ones


def score(instrument: Instrument, answers: Answers, profile: str | None = None) -> Scores:
    """All scores of one assessment.

    A question that is not applicable, hidden by its profile or by its condition leaves numerator
    and denominator; an unanswered one lowers coverage and nothing else.
    """
    shown = visible(instrument, profile, answers)
    shown_codes = {question.code for question in shown}
    rule = _eu_dma if instrument.scoring.rule == "eu-dma" else _weighted_mean
    marks = [_mark(question, answers.get(question.code), instrument) for question in shown if question.scored]
    overall, areas, dimensions, cells = rule(instrument, [mark for mark in marks if mark.applicable])
    return Scores(
        overall=overall,
        areas=areas,
        dimensions=dimensions,
        cells=cells,
        hidden=tuple(code for code in answers if code not in shown_codes),
        contradictory=tuple(
            question.code for question in shown if _contradicts(question, answers.get(question.code))
        ),
    )


def shares(
    instrument: Instrument, answers: Answers, profile: str | None = None
) -> dict[str, tuple[Fraction, ...] | None]:
    """What each scored question brings, 0 to 1, a share per column of a matrix; None: nothing."""
    return {
        question.code: _mark(question, answers.get(question.code), instrument).parts
        for question in visible(instrument, profile, answers)
        if question.scored
    }


@dataclass(frozen=True)
class _Mark:
    """What one question brings: its parts as shares 0 to 1, None when it is not answered."""

    question: Question
    applicable: bool
    parts: tuple[Fraction, ...] | None
    answered: Fraction  # share of the question that is answered, row by row

    @property
    def share(self) -> Fraction | None:
        if self.parts is None:
            return None
        return self.parts[0] if len(self.parts) == 1 else _mean(self.parts)


def _mark(question: Question, answer: Answer | None, instrument: Instrument) -> _Mark:
    params = instrument.scoring.params
    if answer is None:
        parts = _parts(question, None, params) if params.get("missing") == "zero" else None
        return _Mark(question, True, parts, ZERO)
    if not answer.applicable:
        if instrument.not_applicable == "zero":
            return _Mark(question, True, _parts(question, None, params), ONE)
        return _Mark(question, False, None, ZERO)
    if question.type in {"scale", "tristate"} and isinstance(answer.value, Mapping):
        answered = Fraction(len(answer.value), len(question.rows))
        complete = answered == 1 or params.get("missing") == "zero"
        return _Mark(question, True, _parts(question, answer, params) if complete else None, answered)
    return _Mark(question, True, _parts(question, answer, params), ONE)


def _parts(question: Question, answer: Answer | None, params: Mapping[str, str]) -> tuple[Fraction, ...]:
    """The shares 0 to 1 a question is made of: one, or one per column of a matrix. No answer: zeros."""
    value = answer.value if answer else None
    if question.type == "level":
        return (LEVEL_SHARES[value] if isinstance(value, int) else ZERO,)
    if question.type == "ticks":
        counted = [
            i for i in question.items if params.get("negative") == "tick" or i not in question.negative
        ]
        ticked = value if isinstance(value, tuple) else ()
        return (Fraction(sum(item in ticked for item in counted), len(counted)) if counted else ZERO,)
    rows: Mapping[str, object] = value if isinstance(value, Mapping) else {}
    if question.type == "matrix":
        return tuple(
            Fraction(sum(column in _ticks(rows.get(row)) for row in question.rows), len(question.rows))
            for column in question.columns
        )
    points: Mapping[str, int] = {word: index for index, word in enumerate(TRISTATE)}
    top = SCALE_TOP if question.type == "scale" else len(TRISTATE) - 1
    total = sum(_points(rows.get(row, 0), points) for row in question.rows)
    return (Fraction(total, top * len(question.rows)),)


def _ticks(cell: object) -> tuple[str, ...]:
    return cell if isinstance(cell, tuple) else ()


def _points(cell: object, points: Mapping[str, int]) -> int:
    return cell if isinstance(cell, int) else points.get(str(cell), 0)


def _contradicts(question: Question, answer: Answer | None) -> bool:
    if answer is None or not isinstance(answer.value, tuple):
        return False
    ticked = set(answer.value)
    return bool(ticked & question.negative) and bool(ticked - question.negative)


_Result = tuple[Score, dict[str, Score], dict[str, Score], dict[tuple[str, str], Score]]


@dataclass
class _Sum:
    """Whole-number sums over some marks, in units of `Instrument.unit`, so that nothing is rounded."""

    weight: int = 0  # of the applicable
    covered: int = 0  # of the answered, row by row
    scored: int = 0  # of those with a share
    points: int = 0  # weight x share
    answered: int = 0
    applicable: int = 0

    def __iadd__(self, other: "_Sum") -> "_Sum":
        self.weight += other.weight
        self.covered += other.covered
        self.scored += other.scored
        self.points += other.points
        self.answered += other.answered
        self.applicable += other.applicable
        return self


def _weighted_mean(instrument: Instrument, marks: list[_Mark]) -> _Result:
    cells: dict[tuple[str, str | None], _Sum] = defaultdict(_Sum)
    for mark in marks:
        question = mark.question
        cells[question.area, question.dimension] += _units(mark, instrument.units[question.code])
    areas: dict[str, _Sum] = defaultdict(_Sum)
    dimensions: dict[str | None, _Sum] = defaultdict(_Sum)
    everything = _Sum()
    for (area, dimension), found in cells.items():
        areas[area] += found
        dimensions[dimension] += found
        everything += found
    span = instrument.high - instrument.low

    def scored(total: _Sum) -> Score:
        value = instrument.low + span * Fraction(total.points, total.scored) if total.scored else None
        return _shown(instrument, value, total)

    by_area = {area: scored(areas[area]) for area in instrument.areas}
    known = [area.value for area in by_area.values() if area.value is not None]
    return (
        _withheld_below(instrument, _mean(known) if known else None, scored(everything)),
        by_area,
        {dimension: scored(dimensions[dimension]) for dimension in instrument.dimensions},
        {
            (area, dimension): scored(cells[area, dimension])
            for area in instrument.areas
            for dimension in instrument.dimensions
        },
    )


def _withheld_below(instrument: Instrument, value: Fraction | None, everything: Score) -> Score:
    """The overall score: the mean of areas with the coverage of all questions."""
    if everything.coverage is None or everything.coverage < instrument.min_coverage:
        value = None
    band = None if value is None else instrument.bands.of(value)
    return replace(everything, value=value, band=band)


def _units(mark: _Mark, weight: int) -> _Sum:
    share, answered = mark.share, mark.answered
    return _Sum(
        weight=weight,
        covered=weight * answered.numerator // answered.denominator,
        scored=0 if share is None else weight,
        points=0 if share is None else weight * share.numerator // share.denominator,
        answered=int(answered == 1),
        applicable=1,
    )


def _eu_dma(instrument: Instrument, marks: list[_Mark]) -> _Result:
    """Each dimension (our area) is the plain mean of its parts; a matrix brings a part per column.

    An unanswered question leaves its dimension and the overall unknown, unless the parameter
    `missing: zero` says otherwise; `negative: tick` counts a negative item like any other.
    """
    areas = {}
    for area in instrument.areas:
        chosen = [mark for mark in marks if mark.question.area == area]
        parts = [part for mark in chosen for part in mark.parts or ()]
        complete = bool(chosen) and all(mark.parts is not None for mark in chosen)
        value = instrument.low + (instrument.high - instrument.low) * _mean(parts) if complete else None
        areas[area] = _shown(instrument, value, _total(instrument, chosen), minimum=ZERO)
    known = [area.value for area in areas.values() if area.value is not None]
    complete = len(known) == len(instrument.areas)
    overall = _mean(known) if complete else None
    return _shown(instrument, overall, _total(instrument, marks), minimum=ZERO), areas, {}, {}


def _total(instrument: Instrument, marks: list[_Mark]) -> _Sum:
    total = _Sum()
    for mark in marks:
        total += _units(mark, instrument.units[mark.question.code])
    return total


def _shown(
    instrument: Instrument, value: Fraction | None, total: _Sum, minimum: Fraction | None = None
) -> Score:
    """A score with its coverage and band, withheld below the minimum coverage."""
    if not total.weight:
        return Score(None, None, None)
    coverage = Fraction(total.covered, total.weight)
    if coverage < (instrument.min_coverage if minimum is None else minimum):
        value = None
    band = instrument.bands.of(value) if value is not None else None
    return Score(value, coverage, band, total.answered, total.applicable)


def _mean(values: Iterable[Fraction]) -> Fraction:
    listed = tuple(values)
    return sum(listed, ZERO) / len(listed)


def withheld(scores: Scores) -> list[str]:
    """The keys whose score is withheld: areas, dimensions, cells ("prd.execution"), then overall."""
    return [
        *(area for area, found in scores.areas.items() if found.withheld),
        *(dimension for dimension, found in scores.dimensions.items() if found.withheld),
        *(f"{area}.{dimension}" for (area, dimension), found in scores.cells.items() if found.withheld),
        *(["overall"] if scores.overall.withheld else []),
    ]


def as_json(instrument: Instrument, profile: str | None, scores: Scores) -> dict[str, object]:
    """The document that `capofila score --json` prints; scores unrounded."""

    def shown(found: Score) -> dict[str, object]:
        return {
            "score": None if found.value is None else float(found.value),
            "coverage": None if found.coverage is None else float(found.coverage),
            "band": found.band,
        }

    return {
        "instrument": instrument.code,
        "version": instrument.version,
        "profile": profile,
        "scale": [_plain(instrument.low), _plain(instrument.high)],
        "overall": shown(scores.overall),
        "areas": {area: shown(found) for area, found in scores.areas.items()},
        "dimensions": {dimension: shown(found) for dimension, found in scores.dimensions.items()},
        "cells": {f"{area}.{dimension}": shown(found) for (area, dimension), found in scores.cells.items()},
        "withheld": withheld(scores),
        "warnings": warnings(scores),
    }


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


def warnings(scores: Scores) -> list[str]:
    """What a consultant should look at, a sentence each."""
    return [
        *(f"{code}: answered, but hidden by its condition; kept, not scored" for code in scores.hidden),
        *(f"{code}: a negative item is ticked beside positive ones" for code in scores.contradictory),
    ]


def displayed(value: Fraction, bands: Bands) -> Decimal:
    """A score as people read it: two decimals, rounded half up, never into a neighbouring band.

    2.5967 lies in the band below 2.6, so it reads 2.59 and not 2.60.
    """
    hundredths = (value * 100 + Fraction(1, 2)).__floor__()
    rounded = Fraction(hundredths, 100)
    if bands.of(rounded) != bands.of(value):
        hundredths += -1 if rounded > value else 1
    return Decimal(hundredths) / 100
