"""The frame of every page: menu, banner, languages; `page.html` only loops over it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from capofila import __version__
from capofila.desk import demo
from capofila.web.access import demonstration


@dataclass(frozen=True)
class Room:
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Frame:
    rooms: tuple[Room, ...]
    today: date | None  # the demonstration's own; None outside it
    languages: tuple[tuple[str, str], ...]  # the others one can change to, at
    language_url: str
    version: str


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Nothing but the name of the program for those to whom nothing opens."""
    if not demonstration(request):
        return {"frame": Frame((), None, (), "", __version__)}
    rooms = (
        (_("Companies"), reverse("desk:home"), "companies"),
        (_("Questionnaire"), reverse("desk:start"), "questionnaire"),
    )
    here = request.path.strip("/").partition("/")[0] or "companies"
    return {
        "frame": Frame(
            tuple(Room(name, url, here == prefix) for name, url, prefix in rooms),
            demo.TODAY,
            tuple((code, name) for code, name in settings.LANGUAGES if code != get_language()),
            reverse("desk:language"),
            __version__,
        )
    }
