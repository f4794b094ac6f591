"""The calm pages for what is not there and for our own faults."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The trace is in the log; the page needs nothing that could break again."""
    return render(request, "web/500.html", status=500)
