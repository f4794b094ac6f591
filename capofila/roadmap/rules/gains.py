"""What actions would add to the overall score, all else unchanged.

The answers that actions lift are raised to the highest of their targets and scored anew, so that
two actions that lift the same question are never counted twice. The gain of a whole plan is
computed from all its actions together, not by adding theirs.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from capofila.assessments.rules import scoring
from capofila.assessments.rules.answers import Answers
from capofila.instruments.rules.shape import Instrument
from capofila.roadmap.rules.raising import Raised


def gain(
    instrument: Instrument, answers: Answers, profile: str | None, raised: Iterable[Raised]
) -> Fraction | None:
    """The rise of the overall score, on the instrument's scale; None where that score is withheld."""
    before = scoring.score(instrument, answers, profile).overall.value
    return gain_from(before, instrument, answers, profile, raised)


def gain_from(
    before: Fraction | None,
    instrument: Instrument,
    answers: Answers,
    profile: str | None,
    raised: Iterable[Raised],
) -> Fraction | None:
    """The same, for a caller who knows the overall score `before`."""
    if before is None:
        return None
    after = scoring.score(instrument, lifted(answers, raised), profile).overall.value
    return None if after is None else after - before


def lifted(answers: Answers, raised: Iterable[Raised]) -> Answers:
    """The answers as they would be once these actions are done."""
    targets: dict[str, int] = {}
    for found in raised:
        for rise in found.rises:
            targets[rise.question] = max(rise.target, targets.get(rise.question, 0))
    return {**answers, **{code: replace(answers[code], value=level) for code, level in targets.items()}}
