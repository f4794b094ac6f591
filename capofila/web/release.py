"""Which release of scripts and styles a page goes with: part of their address, so that none is ever mixed."""

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


@cache
def of_statics() -> str:
    """Twelve characters that change when any script or style does."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.glob("*/static/**/*")):
        if file.suffix in {".js", ".css", ".svg"}:
            digest.update(file.relative_to(PACKAGE).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
