"""Files for tests, as small as they can be."""

import io
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

POSITION = 34853  # the EXIF tag under which a phone writes where it was
ORIENTATION = 274
MAKER = 271


RECORDED = Path(__file__).parent / "phone.heic"  # like `phone_picture`: nothing here writes HEIC


def picture(format_: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    if format_ == "HEIF":
        return RECORDED.read_bytes()
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format_, **options)
    return out.getvalue()


def phone_picture(format_: str = "JPEG") -> bytes:
    """Taken sideways by a phone that writes where it was."""
    exif = Image.Exif()
    exif[MAKER] = "A phone"
    exif[ORIENTATION] = 6
    exif.get_ifd(POSITION)[1] = "N"
    exif.get_ifd(POSITION)[2] = (45.0, 11.0, 0.0)
    return picture(format_, exif=exif.tobytes())


def packed(*names: str, first: tuple[str, str] | None = None) -> bytes:
    """An archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first is not None:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, "-")
    return out.getvalue()


def word_document(*more: str) -> bytes:
    return packed("[Content_Types].xml", "word/document.xml", *more)
