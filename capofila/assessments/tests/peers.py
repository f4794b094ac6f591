"""Companies that were assessed, many at once: for the benchmark, whose scores a test says outright."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from capofila.accounts.models import User
from capofila.assessments import benchmark_freezing
from capofila.assessments.benchmark_entrants import OVERALL, Values
from capofila.assessments.models import Assessment, BenchmarkFreeze, Milestone
from capofila.companies.models import Company, Contact, Serving
from capofila.companies.tests.builders import NOON
from capofila.consortium.models import Partner
from capofila.consortium.tests.builders import LONG_AGO, make_user
from capofila.instruments import library

INSTRUMENT = "digital-maturity"
AREAS = tuple(library.load(INSTRUMENT).areas)
MARCH, JUNE, SEPTEMBER, DECEMBER = (
    date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31),
)  # fmt: skip
LATER = date(2027, 6, 1)  # the day on which all of them are frozen


@dataclass
class Peers:
    """Companies of small metalworking firms in Bergamo unless said otherwise, with the scores they have."""

    scores: dict[int, Values] = field(default_factory=dict)

    def assessed(
        self,
        values: Sequence[int | Mapping[str, int | None]],
        *,
        on: date = date(2026, 3, 2),
        partner: Partner | None = None,
        company: Company | None = None,
        stage: str = "T0",
        **facts: Any,
    ) -> list[Assessment]:
        """A company for each of the values, which are hundredths: of all areas, or by measure."""
        return [self._one(value, on, partner, company, stage, facts) for value in values]

    def _one(
        self,
        value: int | Mapping[str, int | None],
        on: date,
        partner: Partner | None,
        company: Company | None,
        stage: str,
        facts: Mapping[str, Any],
    ) -> Assessment:
        said = {
            "name": "Officina", "sector": "manufacturing", "size": "small", "province": "BG",
            "created_at": NOON, **facts,
        }  # fmt: skip
        found = company or Company.objects.create(**said)
        if partner is not None:
            Serving.objects.create(company=found, partner=partner, since=LONG_AGO)
        assessment = Assessment.objects.create(
            company=found, instrument=INSTRUMENT, version="1.0", profile="manufacturing", stage=stage,
            state="complete", day=on, created_at=NOON,
        )  # fmt: skip
        completed(assessment, on)
        everywhere = dict.fromkeys((OVERALL, *AREAS), value) if isinstance(value, int) else value
        self.scores[assessment.pk] = everywhere
        return assessment

    def freeze(self, on: date) -> BenchmarkFreeze:
        return benchmark_freezing.freeze(INSTRUMENT, on, today=LATER, at=NOON, score=self.score)

    def score(self, assessments: Sequence[Assessment]) -> dict[int, Values]:
        return {each.pk: self.scores[each.pk] for each in assessments}


def completed(assessment: Assessment, on: date) -> None:
    at = timezone.make_aware(datetime.combine(on, time(12)))
    Milestone.objects.create(assessment=assessment, kind="completed", at=at)


def contact_of(assessment: Assessment, *, handed_over: bool = True) -> User:
    """The contact of the company, who has the report unless said otherwise."""
    user = make_user(f"Contact {assessment.company_id}", by_link=True)
    Contact.objects.create(company=assessment.company, user=user, name="Contact", email=user.email)
    if handed_over:
        Milestone.objects.create(assessment=assessment, kind="handed", at=NOON)
    return user
