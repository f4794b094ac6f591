"""Write a file whole or not at all."""

import os
import tempfile
from pathlib import Path

from capofila.lib.problems import Place, Problem, gettext_noop


def check_writable(path: Path) -> None:
    """Raises `Problem` when a file cannot be written there; asked before long work begins."""
    folder = path.parent
    why = None
    if path.is_dir():
        why = "it is a folder"
    elif not folder.is_dir():
        why = f"there is no folder {folder}"
    elif not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        why = "permission denied"
    if why is not None:
        raise _not_writable(path, why)


def write(path: Path, data: bytes) -> None:
    """Replace the file at once: a killed process leaves the old file or none, never half of one."""
    check_writable(path)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
            try:
                draft.write(data)
                draft.flush()
                os.fsync(draft.fileno())
                os.chmod(draft.name, 0o666 & ~_umask())
                os.replace(draft.name, path)
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
