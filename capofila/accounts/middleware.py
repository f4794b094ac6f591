"""Sessions; and nothing but one's own account opens until the second factor of one's role is set up."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from capofila.accounts import second_factor
from capofila.accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


class Sessions(SessionMiddleware):
    """Only who signs out loses the cookie.

    A request that was under way with a session that has ended meanwhile (another tab signed in as somebody
    else, a device sends what it kept) would otherwise take the new session's cookie with it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and not cookie.value and not request.session.modified:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class SecondFactor:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or request.path.startswith(reverse("accounts:profile")):
            return None
        if getattr(view, "asks_second_factor_itself", False):  # the API says so in JSON
            return None
        if second_factor.require_mfa(user) and not second_factor.has_one(user):
            return redirect("mfa_index")
        return None
