"""Write a file whole or not at all."""

import os
import tempfile
from pathlib import Path

from capofila.lib.problems import Place, Problem, gettext_noop


def check_writable(path: Path) -> None:
    """Raises `Problem` when a file cannot be written there; asked before long work begins."""
    try:
        why = _why_not(path.resolve())
    except (OSError, RuntimeError) as error:  # a name too long, a link to itself
        why = getattr(error, "strerror", None) or "the name leads nowhere"
    if why is not None:
        raise _not_writable(path, why)


def _why_not(path: Path) -> str | None:
    if path.is_dir():
        return "it is a folder"
    if path.exists() and not path.is_file():
        return "it is a device, not a file"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return "permission denied"
    return None


def write(path: Path, data: bytes) -> None:
    """Replace the file at once: a killed process leaves the old file or none, never half of one."""
    check_writable(path)
    target = path.resolve()  # a link stays a link
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".draft-", delete=False) as draft:
            try:
                draft.write(data)
                draft.flush()
                os.fsync(draft.fileno())
                os.chmod(draft.name, 0o666 & ~_umask())
                os.replace(draft.name, target)
            except BaseException:
                os.unlink(draft.name)
                raise
    except OSError as error:
        raise _not_writable(path, error.strerror or "it failed") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _not_writable(path: Path, why: str) -> Problem:
    return Problem(
        "output.not-writable",
        gettext_noop("Nothing was written: the file cannot be written there ({why})."),
        at=Place(str(path)),
        why=why,
    )
