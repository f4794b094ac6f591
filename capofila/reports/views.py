"""Reports as downloads: those that stand, for who works with the company; those handed over, for it too."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify

from capofila.assessments.models import Assessment
from capofila.companies import queries as companies
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.reports.models import Handover, Report


@needs("read", "report")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A report as it was made. The company opens it once it is handed over."""
    report = get_object_or_404(Report.objects.select_related("company"), pk=pk)
    _check(request, report.company)
    if who(request).role == "contact" and not Handover.objects.filter(report=report).exists():
        raise Http404
    return _file(report, report.company, report.language)


@needs("read", "report")
def handed_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version that was handed over, with the bytes that it had then."""
    found = Handover.objects.select_related("report", "assessment__company")
    handover = get_object_or_404(found, pk=pk)
    assessment: Assessment = handover.assessment
    _check(request, assessment.company)
    return _file(handover, assessment.company, f"{handover.report.language}-{handover.number}")


def _check(request: HttpRequest, company: Company) -> None:
    access.check(who(request), "read", "report", companies.access_facts(company, timezone.localdate()))


def _file(kept: Report | Handover, company: Company, end: str) -> HttpResponseBase:
    if not kept.file.is_file():
        raise Http404
    name = f"{slugify(company.name) or 'capofila'}-{end}.pdf"
    return FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
