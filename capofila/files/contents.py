"""What some bytes are, by their content; the name and type that came along are never believed.

Pictures are written anew by Pillow: upright, without metadata (where and when they were taken, with
what), and without anything that hides behind the picture. HEIC, as phones take them, is kept as JPEG,
which every browser and every office shows.
"""

import io
import zipfile
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageOps

from capofila.lib.problems import Problem, gettext_noop

PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
KEPT_AS = {"HEIF": "JPEG"}
HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}  # what such a file says it is
MOST_PIXELS = 60_000_000  # a phone's picture has about 12 or 48 million
MOST_ENTRIES = 5_000  # of a packed document
QUALITY = 90
THUMBNAIL = 192  # pixels, the longer side

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
MAIN_PARTS = {  # of an Office document: the part it is made around
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
OPEN_DOCUMENTS = {f"{OPEN_DOCUMENT}{kind}" for kind in ("text", "spreadsheet", "presentation")}
CONTROLS = {chr(code) for code in (*range(32), 127)} - set("\t\r\n\f")
MACROS = ("vbaproject.bin", "basic/", "scripts/")  # how a part that holds a program is called or begins


class UnknownType(Problem):
    """The content is none of those that are kept."""


@dataclass(frozen=True)
class Content:
    """Bytes as they are kept, and what they are."""

    data: bytes
    type: str


def recognised(data: bytes) -> Content:
    """The bytes as they are kept. Raises `UnknownType`, also for a picture or document that is broken."""
    picture = _picture(data)
    if picture is not None:
        return picture
    if data.startswith(b"%PDF-"):
        return Content(data, "application/pdf")
    kind = _packed(data) if data.startswith(b"PK\x03\x04") else "text/plain" if _is_text(data) else None
    if kind is None:
        raise _unknown()
    return Content(data, kind)


def thumbnail(data: bytes) -> bytes:
    """A small JPEG of a picture that `recognised` gave."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", (THUMBNAIL, THUMBNAIL))
        picture.thumbnail((THUMBNAIL, THUMBNAIL))
        return _written(picture.convert("RGB"), "JPEG")


def _unknown() -> UnknownType:
    return UnknownType(
        "files.type",
        gettext_noop(
            "The file is not kept: it is none of JPEG, PNG, WebP, HEIC, PDF, Word, Excel, PowerPoint, "
            "OpenDocument or plain text, it has macros, or it is damaged. Send it in another format."
        ),
    )


def _picture(data: bytes) -> Content | None:
    """A picture written anew; None where the bytes are none."""
    with catch_warnings():
        simplefilter("ignore")  # Pillow warns of metadata it finds odd; they go anyway
        try:
            opened = Image.open(io.BytesIO(data), formats=_formats(data))
        except Image.DecompressionBombError:
            raise _unknown() from None
        except OSError:
            return None
        with opened as picture:
            format_ = KEPT_AS.get(picture.format or "", picture.format or "")
            if picture.width * picture.height > MOST_PIXELS:
                raise _unknown()
            try:
                upright = ImageOps.exif_transpose(picture)
                colours = picture.info.get("icc_profile")
                if format_ == "JPEG" and upright.mode not in {"L", "RGB"}:
                    upright, colours = upright.convert("RGB"), None  # the profile was for other colours
                return Content(_written(upright, format_, colours), PICTURES[format_])
            except (OSError, ValueError, SyntaxError, MemoryError, EOFError, RuntimeError):
                raise _unknown() from None


def _formats(data: bytes) -> list[str]:
    """Those Pillow looks for; its reader of HEIC is loaded for what says that it is one."""
    if data[4:8] != b"ftyp" or data[8:12] not in HEIC:
        return list(PICTURES)
    import pi_heif  # noqa: PLC0415 (only a phone's photo needs it)

    pi_heif.register_heif_opener()
    return ["HEIF"]


def _written(picture: Image.Image, format_: str, colours: bytes | None = None) -> bytes:
    """Only what is named here is written: the pixels, and how their colours are meant."""
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    clean = picture.copy()
    clean.info = {}
    out = io.BytesIO()
    options = {"quality": QUALITY} if format_ in {"JPEG", "WEBP"} else {}
    clean.save(out, format_, exif=b"", icc_profile=colours, **options)
    return out.getvalue()


def _packed(data: bytes) -> str | None:
    """The type of an Office document or OpenDocument without macros; None for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > MOST_ENTRIES or any(_is_macro(name) for name in names):
                return None
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 100:
                kind = archive.read("mimetype").decode("ascii")
                return kind if kind in OPEN_DOCUMENTS else None
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError, RuntimeError, ValueError, OSError):
        return None
    return None


def _is_macro(name: str) -> bool:
    lower = name.lower()
    return lower.endswith(MACROS[0]) or lower.startswith(MACROS[1:])


def _is_text(data: bytes) -> bool:
    """UTF-8 without control characters."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return CONTROLS.isdisjoint(text)
