"""Reading reports."""

from capofila.assessments.models import Assessment
from capofila.reports.models import Report


def ready(assessment: Assessment) -> dict[str, Report]:
    """The reports to hand over, by language."""
    rows = Report.objects.filter(assessment=assessment, state=Report.State.READY)
    return {report.language: report for report in rows}
