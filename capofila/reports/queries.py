"""Reading reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from capofila.assessments.models import Assessment
from capofila.companies.models import Company
from capofila.reports.models import Handover, Report


@dataclass(frozen=True)
class InLanguage:
    """One language of a version that was handed over, between the ones before and after it."""

    handover: Handover
    supersedes: int | None  # number of the version before in this language
    superseded_by: int | None


@dataclass(frozen=True)
class Version:
    """What was handed over at once: by whom, to whom, when."""

    number: int
    at: datetime
    by_name: str
    to_name: str
    languages: Sequence[InLanguage]


def ready(assessment: Assessment) -> dict[str, Report]:
    """The reports that stand now, by language."""
    rows = Report.objects.filter(assessment=assessment, state=Report.State.READY)
    return {report.language: report for report in rows}


def is_any(assessment: Assessment) -> bool:
    """Whether one was ever made."""
    return Report.objects.filter(assessment=assessment).exists()


def handed_over(assessment: Assessment) -> QuerySet[Handover]:
    """The versions in the company's hands, newest first."""
    rows = Handover.objects.filter(assessment=assessment).select_related("report", "by")
    return rows.order_by("-number", "pk")


def versions(assessment: Assessment) -> list[Version]:
    """The same, each number once, newest first."""
    rows = list(handed_over(assessment))
    numbers: dict[str, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.language, []).append(row.number)
    found: dict[int, list[Handover]] = {}
    for row in rows:
        found.setdefault(row.number, []).append(row)
    return [
        Version(
            number,
            together[0].at,
            together[0].by_name,
            together[0].to_name,
            [_between(row, numbers[row.language]) for row in together],
        )
        for number, together in found.items()
    ]


def _between(row: Handover, numbers: Sequence[int]) -> InLanguage:
    """`numbers`: of all versions in its language."""
    return InLanguage(
        row,
        supersedes=max((number for number in numbers if number < row.number), default=None),
        superseded_by=min((number for number in numbers if number > row.number), default=None),
    )


def newest_handed_over(assessment: Assessment) -> dict[str, Handover]:
    """The one that the company reads now, by language."""
    rows = handed_over(assessment).order_by("number")
    return {row.language: row for row in rows}


def kept_here(assessment: Assessment) -> QuerySet[Report]:
    """Reports that were made and replaced, and that nobody handed over; newest first."""
    given = Handover.objects.filter(assessment=assessment).values("report")
    rows = Report.objects.filter(assessment=assessment, state=Report.State.SUPERSEDED).exclude(pk__in=given)
    return rows.prefetch_related("copies").order_by("-created_at", "-pk")


def handed_over_to(company: Company) -> QuerySet[Handover]:
    """What is in the company's hands of all its assessments."""
    found = Handover.objects.filter(assessment__company=company)
    return found.select_related("report", "assessment").order_by("-at", "-pk")
