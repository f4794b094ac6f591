"""Size class of a set of figures, whoever they belong to: one enterprise or a whole group.

Source: Recommendation 2003/361/EC, Annex, Article 2(1): the staff ceiling and at least one of the
two financial ceilings; a figure that is not given meets no ceiling. Ceilings are dated data
(data/size.yaml). Who is counted with an enterprise: `group`. What the years make of it: `status`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

CLASSES = ("micro", "small", "medium", "small-mid-cap", "large")


@dataclass(frozen=True)
class Ceiling:
    """Staff in annual work units, money in whole cents."""

    name: str
    staff_below: int
    turnover: int
    balance_sheet: int


@dataclass(frozen=True)
class Thresholds:
    """Shares in percent of capital or votes, money in whole cents."""

    partner_from: int
    linked_above: int
    public_from: int
    angels_below: int
    authority_budget_below: int
    authority_inhabitants_below: int


@dataclass(frozen=True)
class SizeRules:
    """What holds on one day; ceilings smallest class first."""

    ceilings: tuple[Ceiling, ...]
    thresholds: Thresholds


@dataclass(frozen=True)
class Figures:
    """Annual work units, and money in whole cents; None is not known."""

    awu: Fraction
    turnover: int | None
    balance_sheet: int | None


def size_class(
    ceilings: Sequence[Ceiling], *, staff: Fraction | int, turnover: int | None, balance_sheet: int | None
) -> str:
    """The smallest class whose ceilings hold; money in whole cents."""
    for ceiling in ceilings:
        financial = (turnover is not None and turnover <= ceiling.turnover) or (
            balance_sheet is not None and balance_sheet <= ceiling.balance_sheet
        )
        if staff < ceiling.staff_below and financial:
            return ceiling.name
    return "large"


def certain_class(ceilings: Sequence[Ceiling], figures: Figures) -> str | None:
    """The class whatever the figures are that are not given; None where those would decide."""
    turnover, balance_sheet = figures.turnover, figures.balance_sheet
    highest = size_class(ceilings, staff=figures.awu, turnover=turnover, balance_sheet=balance_sheet)
    lowest = size_class(
        ceilings, staff=figures.awu, turnover=turnover or 0, balance_sheet=balance_sheet or 0
    ) if None in (turnover, balance_sheet) else highest  # fmt: skip
    return highest if highest == lowest else None


def higher(one: str, other: str) -> bool:
    """Whether the class `one` is above the class `other`."""
    return CLASSES.index(one) > CLASSES.index(other)


def nearer(one: str, other: str, to: str) -> str:
    """Of two classes on the same side of `to`, the one nearer to it."""
    return min(one, other, key=lambda name: abs(CLASSES.index(name) - CLASSES.index(to)))
