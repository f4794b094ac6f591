"""What the page of the goals shows: readiness for each, question by question, and what would close it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from capofila.assessments import queries as assessments
from capofila.assessments.models import Assessment
from capofila.instruments import library as instruments
from capofila.instruments.rules.shape import Words
from capofila.roadmap import library
from capofila.roadmap.goals import goals
from capofila.roadmap.queries import Standing
from capofila.roadmap.rules.readiness import Readiness, Requirement, readiness


@dataclass(frozen=True)
class RequirementRow:
    question: str
    url: str  # where it is answered
    level: int | None
    required: int
    actions: Sequence[tuple[str, str]]  # name, address: of the roadmap, those that lift it far enough


@dataclass(frozen=True)
class GoalShown:
    code: str
    name: str
    is_named: bool  # by the company
    met: Sequence[RequirementRow]
    below: Sequence[RequirementRow]
    unanswered: Sequence[RequirementRow]
    asked: int
    missing: Sequence[str]  # what the questionnaire does not ask


def goals_of(assessment: Assessment, language: str, found: Standing | None) -> list[GoalShown]:
    """Those that the company names first, then the others."""
    instrument = instruments.load(assessment.name)
    answers = assessments.answers(assessment)
    packs = library.goal_packs(assessment.name)
    words = instruments.words(assessment.name, language)
    named = list(assessment.company.goals)
    order = [*named, *(code for code in goals() if code not in named)]
    shown = []
    for code in order:
        if code in packs and packs[code].requires:
            ready = readiness(packs[code], instrument, answers, assessment.profile or None)
            shown.append(_goal(ready, assessment, language, words, found, is_named=code in named))
    return shown


def _goal(
    ready: Readiness,
    assessment: Assessment,
    language: str,
    words: Words,
    found: Standing | None,
    *,
    is_named: bool,
) -> GoalShown:
    profile = assessment.profile or None
    instrument = instruments.load(assessment.name)
    spoken = library.words(assessment.name, language)

    def row(requirement: Requirement) -> RequirementRow:
        lifting = [
            item.action
            for item in (found.planned if found is not None else ())
            for question, _level, target in item.rises
            if question == requirement.question and target >= requirement.required
        ]
        area = instrument.by_code[requirement.question].area
        return RequirementRow(
            words.of(requirement.question, profile).label,
            f"{reverse('assessments:area', args=[assessment.pk, area])}#{requirement.question}",
            requirement.level,
            requirement.required,
            [
                (spoken.of(one, profile).name, reverse("roadmap:action", args=[assessment.pk, one]))
                for one in lifting
            ],
        )

    return GoalShown(
        ready.goal,
        goals()[ready.goal][language],
        is_named,
        [row(one) for one in ready.met],
        [row(one) for one in ready.below],
        [row(one) for one in ready.unanswered],
        ready.asked,
        ready.missing.get(language, ()),
    )
