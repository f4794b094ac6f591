"""Hand over the bytes of a report."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify

from capofila.companies import queries as companies
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.reports.models import Report


@needs("read", "report")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    report = get_object_or_404(Report.objects.select_related("company"), pk=pk)
    facts = companies.access_facts(report.company, timezone.localdate())
    access.check(who(request), "read", "report", facts)
    if not report.file.is_file():
        raise Http404
    name = f"{slugify(report.company.name) or 'capofila'}-{report.language}.pdf"
    return FileResponse(
        report.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
