"""Reports made outside the web process, so that no page waits for one.

A process of its own makes each report and holds a lock on a file for as long as it lives. Pages
look at that lock: nothing has to be cleaned up when such a process is killed.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from capofila.assessments.models import Assessment


def begin(assessment: Assessment, language: str, command: Sequence[str] | None = None) -> bool:
    """Start making the report; False when it is being made already."""
    file = _lock_file(assessment, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(lock):
            return False
        os.ftruncate(lock, 0)
        made_by = command or (
            sys.executable, "-m", "capofila", "make_report", str(assessment.pk), "--language", language,
        )  # fmt: skip
        # The child inherits the lock with the open file; what it says of a failure goes into that file.
        child = subprocess.Popen(
            made_by, pass_fds=[lock], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=lock
        )
        CHILDREN.append(child)
        CHILDREN[:] = [other for other in CHILDREN if other.poll() is None]
        return True
    finally:
        os.close(lock)


def is_being_made(assessment: Assessment, language: str) -> bool:
    file = _lock_file(assessment, language)
    if not file.is_file():
        return False
    with file.open() as lock:
        return not _take(lock.fileno())


def has_failed(assessment: Assessment, language: str) -> bool:
    """The last attempt ended without a report and said why (in the log beside the lock)."""
    file = _lock_file(assessment, language)
    return file.is_file() and file.stat().st_size > 0


CHILDREN: list[subprocess.Popen[bytes]] = []  # children of this process, so that none is left a zombie


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_file(assessment: Assessment, language: str) -> Path:
    return Path(settings.CAPOFILA_DATA) / "reports" / "making" / f"{assessment.pk}-{language}"
