"""Reading reports."""

from django.db.models import QuerySet

from capofila.assessments.models import Assessment
from capofila.companies.models import Company
from capofila.reports.models import Handover, Report


def ready(assessment: Assessment) -> dict[str, Report]:
    """The reports that stand now, by language."""
    rows = Report.objects.filter(assessment=assessment, state=Report.State.READY)
    return {report.language: report for report in rows}


def handed_over(assessment: Assessment) -> QuerySet[Handover]:
    """The versions in the company's hands, newest first."""
    return Handover.objects.filter(assessment=assessment).select_related("report").order_by("-number")


def handed_over_to(company: Company) -> QuerySet[Handover]:
    """The same of all the company's assessments."""
    found = Handover.objects.filter(assessment__company=company)
    return found.select_related("report", "assessment").order_by("-at", "-pk")
