"""Reports as downloads: those that stand, for who works with the company; those handed over, for it too."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify

from capofila.assessments.models import Assessment
from capofila.companies import queries as companies
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.reports.models import Copy, Handover, Report

TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
}


@needs("read", "report")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A report as it was made. The company opens it once it is handed over."""
    report = _report(request, pk)
    return _file(report.file, report.company, report.language)


@needs("read", "report")
def download_copy(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The same report for Word or as a page; `form` is that of the model."""
    report = _report(request, pk)
    copy = get_object_or_404(Copy, report=report, form=form)
    return _file(copy.file, report.company, report.language)


def _report(request: HttpRequest, pk: int) -> Report:
    report = get_object_or_404(Report.objects.select_related("company"), pk=pk)
    _check(request, report.company)
    if who(request).role == "contact" and not Handover.objects.filter(report=report).exists():
        raise Http404
    return report


@needs("read", "report")
def handed_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version that was handed over, with the bytes that it had then."""
    found = Handover.objects.select_related("report", "assessment__company")
    handover = get_object_or_404(found, pk=pk)
    assessment: Assessment = handover.assessment
    _check(request, assessment.company)
    return _file(handover.file, assessment.company, f"{handover.report.language}-{handover.number}")


def _check(request: HttpRequest, company: Company) -> None:
    access.check(who(request), "read", "report", companies.access_facts(company, timezone.localdate()))


def _file(file: Path, company: Company, end: str) -> HttpResponseBase:
    """The bytes as an attachment: a page of ours never opens as one of the hub's."""
    if not file.is_file():
        raise Http404
    name = f"{slugify(company.name) or 'capofila'}-{end}{file.suffix}"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=TYPES[file.suffix])
