"""Hand over the bytes of a report."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify

from capofila.reports.models import Report
from capofila.web.access import demonstration, opens_to


@opens_to(demonstration)
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    report = get_object_or_404(Report.objects.select_related("company"), pk=pk)
    if not report.file.is_file():
        raise Http404
    name = f"{slugify(report.company.name) or 'capofila'}-{report.language}.pdf"
    return FileResponse(
        report.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
