"""Calm pages for what is not there and for our own faults; the service worker; the sheet of components."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capofila.web.access import anybody, opens_to

WORKER = Path(__file__).parent / "static" / "web" / "service-worker.js"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The trace is in the log; the page needs nothing that could break again."""
    return render(request, "web/500.html", status=500)


@opens_to(anybody)
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, since a worker answers only for addresses below its own; never from a cache."""
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@opens_to(anybody)
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component of the stylesheet, light, dark and in print; `theme` chooses one of the first two."""
    theme = request.GET.get("theme", "")
    facts = {"theme": theme if theme in {"light", "dark"} else "", "levels": range(1, 6)}
    return render(request, "web/components.html", facts)
