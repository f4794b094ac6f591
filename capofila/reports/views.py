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
from capofila.reports import handing_over
from capofila.reports.models import Handover, Report

TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
}


@needs("read", "report")
def download(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """A report as it was made, in one of its forms. The company opens it once it is handed over."""
    report = get_object_or_404(Report.objects.select_related("company"), pk=pk)
    _check(request, report.company)
    if who(request).role == "contact" and not Handover.objects.filter(report=report).exists():
        raise Http404
    return as_file(report.file_in(form), report.company, report.language)


@needs("read", "report")
def handed_over(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """A version that was handed over, with the bytes that it had then."""
    found = _handover(pk)
    _check(request, _company(found))
    return as_file(found.file_in(form), _company(found), end_of(found))


@needs("read-inputs", "report")
def inputs(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What a version was made from, as it was frozen; who opens it is on record."""
    found = _handover(pk)
    _check(request, _company(found), "read-inputs")
    response = as_file(found.file_in("json"), _company(found), end_of(found))
    handing_over.note_opened(found, by=access.actor(who(request)))
    return response


def _handover(pk: int) -> Handover:
    return get_object_or_404(Handover.objects.select_related("report", "assessment__company"), pk=pk)


def _company(handover: Handover) -> Company:
    assessment: Assessment = handover.assessment
    company: Company = assessment.company
    return company


def _check(request: HttpRequest, company: Company, action: str = "read") -> None:
    access.check(who(request), action, "report", companies.access_facts(company, timezone.localdate()))


def end_of(handover: Handover) -> str:
    """What a file of a version handed over is called after its company."""
    return f"{handover.language}-{handover.number}"


def as_file(file: Path | None, company: Company, end: str) -> HttpResponseBase:
    """The bytes as an attachment: a page of ours never opens as one of the hub's."""
    if file is None or not file.is_file():
        raise Http404
    name = f"{slugify(company.name) or 'capofila'}-{end}{file.suffix}"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=TYPES[file.suffix])
