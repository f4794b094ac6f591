"""How far a firm's answers are from what a goal requires.

A readiness says which of a goal's questions stand at the level it requires, and names what the
questionnaire does not ask. It never says that a firm would be certified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from capofila.assessments.rules import interview
from capofila.assessments.rules.answers import Answers
from capofila.instruments.rules.shape import Instrument
from capofila.roadmap.rules.raising import level_of
from capofila.roadmap.rules.shape import GoalPack


@dataclass(frozen=True)
class Requirement:
    question: str
    required: int  # level
    level: int | None  # today; None where unanswered


@dataclass(frozen=True)
class Readiness:
    """The requirements of one goal, each in the order of its pack."""

    goal: str
    met: tuple[Requirement, ...]
    below: tuple[Requirement, ...]
    unanswered: tuple[Requirement, ...]
    not_applicable: tuple[Requirement, ...]  # answered so, or not shown: counted nowhere
    missing: Mapping[str, tuple[str, ...]]  # language -> what the questionnaire does not ask

    @property
    def asked(self) -> int:
        """How many requirements apply."""
        return len(self.met) + len(self.below) + len(self.unanswered)

    @property
    def share(self) -> Fraction | None:
        """Requirements met over those that apply, 0 to 1; None where none applies."""
        return Fraction(len(self.met), self.asked) if self.asked else None


def readiness(pack: GoalPack, instrument: Instrument, answers: Answers, profile: str | None) -> Readiness:
    shown = {question.code: question for question in interview.visible(instrument, profile, answers)}
    found: dict[str, list[Requirement]] = {"met": [], "below": [], "unanswered": [], "not_applicable": []}
    for code, required in pack.requires.items():
        level = level_of(code, shown, answers)
        requirement = Requirement(code, required, level)
        answer = answers.get(code)
        if code not in shown or (answer is not None and not answer.applicable):
            found["not_applicable"].append(requirement)
        elif level is None:
            found["unanswered"].append(requirement)
        else:
            found["met" if level >= required else "below"].append(requirement)
    return Readiness(
        goal=pack.goal, missing=pack.missing, **{kind: tuple(listed) for kind, listed in found.items()}
    )
