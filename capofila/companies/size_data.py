"""The size rules in force on a day, from data/size.yaml."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from capofila.companies.rules.size import Ceiling, SizeRules, Thresholds
from capofila.lib.problems import Problem, gettext_noop

FILE = Path(__file__).parent / "data" / "size.yaml"


def size_rules(on: date | None = None) -> SizeRules:
    """The rules of the day; None: the newest. Raises `Problem` before the first of them."""
    data = _data()
    ceilings = tuple(_ceiling(row) for row in data["classes"] if _holds(row, on))
    thresholds = [row for row in data["thresholds"] if _holds(row, on)]
    if not ceilings or not thresholds:
        raise Problem(
            "company-size.no-rules",
            gettext_noop("No size classes are known for {day}; expected a day from {first} on."),
            day=on,
            first=min(row["valid_from"] for row in data["thresholds"]),
        )
    return SizeRules(ceilings, _thresholds(thresholds[-1]))


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def _holds(row: dict[str, Any], on: date | None) -> bool:
    if on is None:
        return "valid_to" not in row
    return bool(row["valid_from"] <= on and ("valid_to" not in row or on < row["valid_to"]))


def _ceiling(row: dict[str, Any]) -> Ceiling:
    return Ceiling(
        row["class"], row["staff_below"], row["turnover_up_to"] * 100, row["balance_sheet_up_to"] * 100
    )


def _thresholds(row: dict[str, Any]) -> Thresholds:
    return Thresholds(
        partner_from=row["partner_from"],
        linked_above=row["linked_above"],
        public_from=row["public_from"],
        angels_below=row["angels_below"] * 100,
        authority_budget_below=row["authority_budget_below"] * 100,
        authority_inhabitants_below=row["authority_inhabitants_below"],
    )
