"""Working days a firm is taken to have for its roadmap, where nobody says otherwise (data/own-days.yaml)."""

from functools import lru_cache
from typing import Any

import yaml

from capofila.roadmap.library import OURS


def own_days(size: str | None) -> int:
    """Per quarter, of the firm's own people, by its size class."""
    assumed = _assumed()
    return int(assumed["days_per_quarter"][size or assumed["size_unknown"]])


def own_days_since() -> str:
    """The year of that assumption."""
    return str(_assumed()["year"])


@lru_cache(maxsize=1)
def _assumed() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((OURS / "own-days.yaml").read_text(encoding="utf-8"))
    return read
