"""Store bytes: on disk first, safe from a power cut, then a row in the caller's transaction."""

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from capofila.files.contents import Content, recognised
from capofila.files.models import Stored
from capofila.lib.problems import Problem, gettext_noop

LARGEST = 15_000_000  # bytes of one file


class FileTooLarge(Problem):
    """More bytes than are kept."""

    status = 413


class FileEmpty(Problem):
    """Nothing in it."""


def prepare(data: bytes) -> Content:
    """What would be stored; slow for a picture, so before any transaction.

    Raises `FileTooLarge`, `FileEmpty` and `contents.UnknownType`.
    """
    check_size(len(data))
    if not data:
        raise FileEmpty("files.empty", gettext_noop("The file is empty. Choose another one."))
    return recognised(data)


def check_size(size: int) -> None:
    if size > LARGEST:
        raise FileTooLarge(
            "files.too-large",
            gettext_noop("The file has {size} MB; at most {largest} MB are kept. Send a smaller one."),
            size=-(-size // 1_000_000),
            largest=LARGEST // 1_000_000,
        )


def write(content: Content) -> str:
    """Put the bytes on disk, where they are not there yet; their checksum. Before any transaction."""
    checksum = hashlib.sha256(content.data).hexdigest()
    if not path(checksum).is_file():
        _write(path(checksum), content.data)
    return checksum


def store(content: Content, *, at: datetime) -> Stored:
    """The row of these bytes, in the caller's transaction; they are on disk before it."""
    facts = {"type": content.type, "size": len(content.data), "stored_at": at}
    return Stored.objects.get_or_create(sha256=write(content), defaults=facts)[0]


def path(sha256: str) -> Path:
    return Path(settings.CAPOFILA_DATA) / "files" / sha256[:2] / sha256


def _write(file: Path, data: bytes) -> None:
    """The whole file under its name, or nothing: written beside it, on the disk, then renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(dir=file.parent, prefix=".draft-")
    try:
        with os.fdopen(number, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(file)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(draft).unlink()
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
