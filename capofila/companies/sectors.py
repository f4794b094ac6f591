"""The sector of a company, from its activity code and data/sectors.yaml."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "data" / "sectors.yaml"


def sector_of(ateco_code: str) -> str:
    """The code of the sector; empty where the activity code is not known or in none."""
    if not ateco_code[:2].isdecimal():
        return ""
    division = int(ateco_code[:2])
    for row in _data():
        first, last = row["divisions"]
        if first <= division <= last:
            return str(row["code"])
    return ""


def sector_names(language: str) -> dict[str, str]:
    """Code -> name, in the order of the file."""
    return {row["code"]: row[language] for row in _data()}


@cache
def _data() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
