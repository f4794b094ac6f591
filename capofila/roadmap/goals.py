"""The goals a company may name, with their words."""

from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "goals.yaml"


@lru_cache(maxsize=1)
def goals() -> dict[str, dict[str, str]]:
    """Goal code -> language -> words, in the order they are offered."""
    read: dict[str, dict[str, str]] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)[
        "goals"
    ]
    return read
