"""The frame of every page: menu, banner, languages; `page.html` only loops over it."""

import re
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from capofila import __version__
from capofila.consortium import access
from capofila.desk import demo
from capofila.desk.words import role_name
from capofila.web.access import demonstration


@dataclass(frozen=True)
class Room:
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Person:
    """Who is signed in, and where to change that."""

    name: str
    role: str
    url: str
    tokens: str  # where their tokens for programs are; empty for who may have none


@dataclass(frozen=True)
class Frame:
    rooms: tuple[Room, ...]
    person: Person | None
    today: date | None  # the demonstration's own; None outside it
    languages: tuple[tuple[str, str], ...]  # the others one can change to, at
    language_url: str
    version: str


# Address of a room of the menu -> what one must be able to do to see it there.
ROOMS = {
    "desk:home": ("read", "company"),
    "desk:registry": ("read", "company"),
    "desk:start": ("create", "assessment"),
    "consortium:partners": ("read", "partner"),
    "desk:outbox": ("read", "outbox"),
}


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The menu follows the table of rights; who has not signed in finds the languages alone."""
    in_demonstration = demonstration(request)
    if settings.CAPOFILA_DEMO and not in_demonstration:
        return {"frame": Frame((), None, None, (), "", __version__)}
    who = access.who(request) if hasattr(request, "user") else access.STRANGER
    names = {
        "desk:home": _("Companies"),
        "desk:registry": _("Registry"),
        "desk:start": _("Questionnaire"),
        "consortium:partners": _("Partners and people"),
        "desk:outbox": _("Outgoing mail"),
    }
    rooms = tuple(
        Room(name, reverse(page), _is_current(request.path, reverse(page)))
        for page, name in names.items()
        if access.scope(who, *ROOMS[page]) is not None and (page != "desk:outbox" or in_demonstration)
    )
    person = None
    if who.user is not None:
        person = Person(
            who.name,
            role_name(who),
            reverse("desk:personas" if in_demonstration else "accounts:profile"),
            reverse("consortium:tokens") if access.scope(who, "read", "api-token") else "",
        )
    return {
        "frame": Frame(
            rooms,
            person,
            demo.TODAY if in_demonstration else None,
            tuple((code, name) for code, name in settings.LANGUAGES if code != get_language()),
            reverse("accounts:language"),
            __version__,
        )
    }


ASSESSED = re.compile(r"/companies/[0-9]+/")  # a company by its assessment


def _is_current(here: str, page: str) -> bool:
    """The first page stands for the companies too, whose addresses begin otherwise."""
    if page == "/":
        return here == "/" or ASSESSED.fullmatch(here) is not None
    if ASSESSED.fullmatch(here):
        return False
    return here.startswith(page)
