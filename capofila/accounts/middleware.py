"""Nothing but the person's own account opens until the second factor that their role asks is set up."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from capofila.accounts import second_factor
from capofila.accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


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
