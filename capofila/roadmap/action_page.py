"""What the page of one action shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from capofila.assessments.models import Assessment
from capofila.instruments import library as instruments
from capofila.roadmap import library
from capofila.roadmap.figures import euros, goal_names
from capofila.roadmap.rules.shape import ActionWords


@dataclass(frozen=True)
class Lifted:
    question: str  # its label
    low: int
    high: int


@dataclass(frozen=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True)
class ActionShown:
    code: str
    words: ActionWords
    area: str
    lifts: Sequence[Lifted]
    days: int
    quarters: int
    low: str
    high: str
    is_free: bool
    goals: Sequence[str]
    after: Sequence[Link]  # what must be finished first
    technologies: Sequence[str]
    services: Sequence[str]


def action_page(assessment: Assessment, code: str, language: str) -> ActionShown:
    action = library.load(assessment.name).by_code[code]
    profile = assessment.profile or None
    spoken = library.words(assessment.name, language)
    questions = instruments.words(assessment.name, language)
    technologies, services = library.named("technologies"), library.named("service-areas")
    return ActionShown(
        code=code,
        words=spoken.of(code, profile),
        area=questions.name(action.area, profile),
        lifts=[
            Lifted(questions.of(question, profile).label, lift.low, lift.high)
            for question, lift in action.lifts.items()
        ],
        days=action.days,
        quarters=action.quarters,
        low=euros(action.low_cents),
        high=euros(action.high_cents),
        is_free=action.high_cents == 0,
        goals=goal_names(action.goals, language),
        after=[
            Link(spoken.of(one, profile).name, reverse("roadmap:action", args=[assessment.pk, one]))
            for one in action.after
        ],
        technologies=[technologies[one][language] for one in action.technologies],
        services=[services[one][language] for one in action.service_areas],
    )
