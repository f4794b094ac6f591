"""What happens around every page: safe headers, closed unless opened, and a `Problem` as a page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from capofila.lib.problems import Problem, Refused
from capofila.web.access import may_open, on_this_machine, opens_after_sign_in
from capofila.web.views import not_found
from capofila.web.words import in_words

GetResponse = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
REFUSED = 422
NOT_TO_BE_KNOWN = 404  # a refusal that must not tell that there is something to refuse


class SafeHeaders:
    """Puts the headers on every answer, files and error pages too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class ClosedByDefault:
    """A page that is not opened to whoever asks does not exist for them.

    Who has not signed in is shown the way in, whatever the page, so that this tells nothing about it.
    In demonstration mode nothing at all opens to another machine: there, anybody may be anybody.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if settings.CAPOFILA_DEMO and not on_this_machine(request):
            raise Http404
        if may_open(view, request):
            return None
        if opens_after_sign_in(view) and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        raise Http404


class ProblemPages:
    """A refusal that no form caught becomes a page with the same words as everywhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Problem | Refused):
            return None
        problems = exception.problems if isinstance(exception, Refused) else (exception,)
        status = max((getattr(problem, "status", REFUSED) for problem in problems), default=REFUSED)
        if status == NOT_TO_BE_KNOWN:
            return not_found(request, exception)
        facts = {"problems": [in_words(problem) for problem in problems]}
        return render(request, "web/problem.html", facts, status=status)
