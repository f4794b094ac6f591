"""Whole interviews to report on, as different as a test needs them."""

import random
from collections.abc import Callable
from datetime import date

from capofila.assessments.answers_file import Submission
from capofila.assessments.rules.answers import Answer
from capofila.companies.company_file import CompanyFacts
from capofila.instruments import library
from capofila.instruments.rules.shape import Question
from capofila.reports.picture import Picture

DAY = date(2026, 3, 1)
NOTES = (
    "Il foglio lo aggiorna il responsabile il lunedì, poi lo stampa e lo appende vicino alla pressa.",
    "Visto in reparto: cartellini compilati a mano, raccolti il venerdì.",
)


def make_company(name: str = "Tessitura Lariomonte S.r.l.", **facts: object) -> CompanyFacts:
    return CompanyFacts(name=name, **facts)  # type: ignore[arg-type]


def make_submission(
    level: Callable[[Question], int | None] = lambda question: 3,
    *,
    instrument: str = "digital-maturity",
    profile: str | None = "manufacturing",
    not_applicable: tuple[str, ...] = (),
    notes: bool = False,
    day: date | None = DAY,
) -> Submission:
    """Every question answered with its `level`; None leaves it unanswered."""
    loaded = library.load(instrument)
    answers = {}
    for place, question in enumerate(loaded.applicable(profile)):
        chosen = level(question)
        note = NOTES[place % len(NOTES)] if notes and place % 3 == 0 else ""
        if question.code in not_applicable:
            answers[question.code] = Answer(reason="Non abbiamo magazzino", note=note)
        elif chosen is not None:
            answers[question.code] = Answer(value=chosen, note=note)
    return Submission("answers.json", loaded, instrument, profile, "T0", day, "it", answers)


def varied(seed: int, mean: float = 2.7) -> Callable[[Question], int]:
    """Levels around a mean of each area, the same for the same seed."""
    chance = random.Random(seed)
    areas: dict[str, float] = {}

    def level(question: Question) -> int:
        centre = areas.setdefault(question.area, chance.gauss(mean, 0.5))
        return max(1, min(5, round(chance.gauss(centre, 0.8))))

    return level


def make_picture(submission: Submission | None = None, language: str = "it", **facts: object) -> Picture:
    return Picture(make_company(**facts), submission or make_submission(), "Polo di prova", language)  # type: ignore[arg-type]
