"""The goals a company may name, with their words."""

from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "goals.yaml"
LANGUAGES = ("it", "en")


@lru_cache(maxsize=1)
def goals() -> dict[str, dict[str, str]]:
    """Goal code -> language -> words, in the order they are offered."""
    read = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["goals"]
    return {code: {language: goal[language] for language in LANGUAGES} for code, goal in read.items()}
