"""What a plan takes in each quarter: actions that begin, days, money; as figures and as two pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capofila.roadmap import pictures
from capofila.roadmap.figures import euros
from capofila.roadmap.queries import Standing
from capofila.roadmap.rules.schedule import released
from capofila.roadmap.rules.shape import QUARTERS


@dataclass(frozen=True)
class QuarterRow:
    number: int
    actions: int  # that begin in it
    days: int
    spent: str
    cents_so_far: int
    spent_so_far: str
    released_so_far: str  # empty where money has no limit


def quarters(found: Standing) -> list[QuarterRow]:
    """Actions at work or done are counted, and take nothing more of money and days."""
    free = released(found.roadmap.budget_cents)
    rows, so_far = [], 0
    for quarter in range(1, QUARTERS + 1):
        inside = [item for item in found.planned if item.quarter == quarter]
        paid = [item for item in inside if not item.begun]
        cents = sum(item.cents for item in paid)
        so_far += cents
        rows.append(
            QuarterRow(
                quarter,
                len(inside),
                sum(item.days for item in paid),
                euros(cents),
                so_far,
                euros(so_far),
                "" if free is None else euros(free[quarter - 1]),
            )
        )
    return rows


def money(found: Standing, rows: Sequence[QuarterRow]) -> SafeString:
    """Spent so far under what is released so far."""
    free = released(found.roadmap.budget_cents)
    alt = _("Spent by the end of each quarter: %(spent)s") % {
        "spent": ", ".join(row.spent_so_far for row in rows)
    }
    return pictures.levels_by_quarter(
        [row.cents_so_far / 100 for row in rows],
        None if free is None else [cents / 100 for cents in free],
        alt=alt,
        added=True,
    )


def work(found: Standing, rows: Sequence[QuarterRow]) -> SafeString:
    """Days taken in each quarter, under the days there are."""
    most = found.roadmap.days_per_quarter
    days = [row.days for row in rows]
    alt = _("Working days in each quarter: %(days)s") % {"days": ", ".join(map(str, days))}
    return pictures.levels_by_quarter(days, None if most is None else [most] * QUARTERS, alt=alt, added=False)
