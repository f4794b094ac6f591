"""Size class of an enterprise from its own figures alone: provisional, holdings may raise it.

Source: Recommendation 2003/361/EC, Annex, Article 2(1): the staff ceiling and at least one of the
two financial ceilings; a figure that is not given meets no ceiling. Ceilings are dated data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

CLASSES = ("micro", "small", "medium", "small-mid-cap", "large")


@dataclass(frozen=True)
class Ceiling:
    """Staff in annual work units, money in whole cents."""

    name: str
    staff_below: int
    turnover: int
    balance_sheet: int


def provisional_class(
    ceilings: Sequence[Ceiling], *, staff: int, turnover: int | None, balance_sheet: int | None
) -> str:
    """The smallest class whose ceilings hold; money in whole cents, at least one of the two given."""
    for ceiling in ceilings:
        financial = (turnover is not None and turnover <= ceiling.turnover) or (
            balance_sheet is not None and balance_sheet <= ceiling.balance_sheet
        )
        if staff < ceiling.staff_below and financial:
            return ceiling.name
    return "large"
