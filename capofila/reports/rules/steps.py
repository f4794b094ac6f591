"""Which levels are worth reaching next, from the answers alone.

A step takes one question to the next level worth reaching: from 1 or 2 to level 3, the good
practice of a well-run small firm (level 2 is a stage on the way, not an aim), from 3 to 4, from 4
to 5. Its priority is the product of three gaps,
each the distance to the top of the scale as a share 0 to 1: of the question, of its area x
dimension cell and of its area. So a low answer counts more where its surroundings are low too.
Its gain is what the area's and the overall score rise by when that one answer rises to the step's
target, all else unchanged. In words, with numbers worked out: docs/rules/steps.md
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from capofila.assessments.rules.answers import Answers
from capofila.assessments.rules.interview import visible
from capofila.assessments.rules.scoring import Score, Scores
from capofila.instruments.rules.shape import LEVELS, Instrument, Question

GOOD_PRACTICE = 3


@dataclass(frozen=True)
class NextStep:
    question: Question
    level: int  # today
    priority: Fraction  # 0 to 1
    area_gain: Fraction  # on the instrument's scale
    gain: Fraction  # of the overall score

    @property
    def target(self) -> int:
        return next_level(self.level)


def next_steps(
    instrument: Instrument, answers: Answers, scores: Scores, profile: str | None
) -> tuple[NextStep, ...]:
    """Every question answered below the top level, first the step with the highest priority.

    Equal priorities keep the order of the interview. Areas without a score bring no step: too
    little is known of them.
    """
    shown = visible(instrument, profile, answers)
    weights = _weights(shown, answers)
    scored_areas = sum(area.value is not None for area in scores.areas.values())
    steps = []
    for question in shown:
        level = _level(question, answers)
        area = scores.areas[question.area]
        if level is None or level == LEVELS[-1] or area.value is None:
            continue
        one_level = (instrument.high - instrument.low) / (len(LEVELS) - 1)
        rise = one_level * (next_level(level) - level)
        area_gain = rise * question.weight / weights[question.area]
        cell = scores.cells.get((question.area, question.dimension or ""), area)
        steps.append(
            NextStep(
                question,
                level,
                _gap(Fraction(level), LEVELS[0], LEVELS[-1])
                * _score_gap(cell, instrument)
                * _score_gap(area, instrument),
                area_gain,
                area_gain / scored_areas,
            )
        )
    return tuple(sorted(steps, key=lambda step: -step.priority))


def next_level(level: int) -> int:
    """The level worth reaching from `level` (1 to 4)."""
    return max(level + 1, GOOD_PRACTICE)


def spread(steps: Iterable[NextStep], count: int, per_area: int) -> tuple[NextStep, ...]:
    """The first `count` steps with at most `per_area` from one area."""
    taken: list[NextStep] = []
    for step in steps:
        if len(taken) == count:
            break
        if sum(other.question.area == step.question.area for other in taken) < per_area:
            taken.append(step)
    return tuple(taken)


def raised(answers: Answers, steps: Sequence[NextStep]) -> Answers:
    """The answers as they would be once these steps are done."""
    return {
        **answers,
        **{step.question.code: replace(answers[step.question.code], value=step.target) for step in steps},
    }


def _level(question: Question, answers: Answers) -> int | None:
    answer = answers.get(question.code)
    if question.type != "level" or answer is None or not isinstance(answer.value, int):
        return None
    return answer.value


def _weights(shown: Iterable[Question], answers: Answers) -> dict[str, Fraction]:
    """Weight of the answered scored questions of each area."""
    weights: dict[str, Fraction] = {}
    for question in shown:
        answer = answers.get(question.code)
        if question.scored and answer is not None and answer.applicable:
            weights[question.area] = weights.get(question.area, Fraction(0)) + question.weight
    return weights


def _score_gap(score: Score, instrument: Instrument) -> Fraction:
    """The gap of a score; a withheld one is taken as the widest, since nothing speaks against it."""
    return Fraction(1) if score.value is None else _gap(score.value, instrument.low, instrument.high)


def _gap(value: Fraction, low: Fraction | int, high: Fraction | int) -> Fraction:
    return (high - value) / (high - low)
