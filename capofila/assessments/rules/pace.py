"""How long an interview took so far, and how long what is left may take.

Time is what lies between one answer and the next; a gap of more than fifteen minutes is a pause, and is
not counted. What is left takes as long for each question as those answered took; before five answers
nothing is said.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

PAUSE = timedelta(minutes=15)
ENOUGH = 5  # answers before an estimate


def minutes_spent(times: Iterable[datetime]) -> int:
    """Whole minutes, rounded; `times`: when each thing was said, in any order."""
    ordered = sorted(times)
    gaps = (after - before for before, after in pairwise(ordered))
    spent = sum((gap for gap in gaps if gap <= PAUSE), timedelta())
    return round(spent / timedelta(minutes=1))


def minutes_left(spent: int, *, answered: int, left: int) -> int | None:
    """Rounded to five minutes above a quarter of an hour; None while too little is known."""
    if answered < ENOUGH or left == 0:
        return None if left else 0
    estimate = spent * left / answered
    return max(1, round(estimate)) if estimate < 15 else 5 * round(estimate / 5)
