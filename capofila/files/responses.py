"""How a stored file leaves: as a download that no browser runs or shows. Who may have it was asked before."""

from urllib.parse import quote

from django.http import HttpResponse

from capofila.files.actions import path
from capofila.files.contents import thumbnail
from capofila.files.models import Stored

SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def download(stored: Stored, name: str) -> HttpResponse:
    """Bytes that fail to be there are our own fault, and raise `FileNotFoundError`."""
    response = HttpResponse(path(stored.sha256).read_bytes(), content_type=stored.type, headers=SAFE)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_named(stored, name), safe='')}"
    return response


def _named(stored: Stored, name: str) -> str:
    """A photo that came as HEIC is kept as JPEG, and leaves under a name that says so."""
    stem, _, end = name.rpartition(".")
    return f"{stem}.jpg" if end.lower() in {"heic", "heif"} and stored.type == "image/jpeg" else name


def small_picture(stored: Stored) -> HttpResponse | None:
    """A thumbnail of our own making; None for what is no picture."""
    if not stored.type.startswith("image/"):
        return None
    data = thumbnail(path(stored.sha256).read_bytes())
    headers = {**SAFE, "Cache-Control": "private, max-age=86400"}
    return HttpResponse(data, content_type="image/jpeg", headers=headers)
