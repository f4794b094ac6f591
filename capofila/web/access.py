"""Who may open a page. A view that says nothing opens to nobody (`middleware.ClosedByDefault`)."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

Rule = Callable[[HttpRequest], bool]
View = TypeVar("View", bound=Callable[..., Any])

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
# Whoever sends one of these stands between us and somebody else, who may be anywhere.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def opens_to(rule: Rule) -> Callable[[View], View]:
    """Say who may open a view."""

    def mark(view: View) -> View:
        view.opens_to = rule  # type: ignore[attr-defined]
        return view

    return mark


def may_open(view: Callable[..., Any], request: HttpRequest) -> bool:
    rule: Rule | None = getattr(view, "opens_to", None)
    return rule is not None and rule(request)


def opens_after_sign_in(view: Callable[..., Any]) -> bool:
    """Whether it is a page of people who signed in, so that the sign-in page is the way to it."""
    rule: Rule | None = getattr(view, "opens_to", None)
    return rule is not None and rule is not demonstration


def anybody(request: HttpRequest) -> bool:
    """Pages one needs in order to get in."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """Pages of a person's own account; what else opens, the table of rights says (room consortium)."""
    return bool(request.user.is_authenticated)


def demonstration(request: HttpRequest) -> bool:
    """In demonstration mode, for somebody who sits at this very machine."""
    return bool(settings.CAPOFILA_DEMO) and on_this_machine(request)


def on_this_machine(request: HttpRequest) -> bool:
    """The request comes from the loopback address, for a loopback name, through nobody."""
    host = request.META.get("HTTP_HOST", "")
    name = host if host in LOCAL_NAMES else host.rpartition(":")[0]
    return (
        _is_loopback(request.META.get("REMOTE_ADDR", ""))
        and name in LOCAL_NAMES
        and not any(header in request.META for header in FORWARDED)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
