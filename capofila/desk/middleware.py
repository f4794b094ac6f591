"""The first visit to the demonstration: one is somebody at once, and can be somebody else later."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from capofila.desk import personas
from capofila.desk.persona_views import enter_as
from capofila.web.access import demonstration, opens_after_sign_in

SHOWN = ("/companies/", "/questionnaire/", "/assessments/")  # beside the home page
GetResponse = Callable[[HttpRequest], HttpResponse]


class FirstVisit:
    """Who opens a page of the demonstration for the first time is its consultant.

    Only reading begins like this, only in demonstration mode and only on this machine. A browser that
    brings a cookie was here before: it may be signing in, or have signed out, and is shown the way in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if request.method not in {"GET", "HEAD"} or request.COOKIES or not _is_shown(request.path):
            return
        if demonstration(request) and opens_after_sign_in(view):
            visitor = personas.visitor()
            if visitor is not None:
                enter_as(request, visitor)


def _is_shown(path: str) -> bool:
    return path == "/" or path.startswith(SHOWN)
