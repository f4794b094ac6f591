"""A plan at once: task after task into the first quarter that has room for it.

Several orders are tried and the best plan is kept: by what a task is worth with what waits for it,
over more or less of the money and days it takes; then tasks of the best order change places, a few
hundred times, as long as that is no loss. Then every task is moved earlier, and what was left out is
put in, where there is room. The preview of a plan; `optimal` searches with the same moves.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random

from capofila.roadmap.rules.placing import placed
from capofila.roadmap.rules.schedule import Frame, Ledger, Plan, Task, finished, needed_for_fixed
from capofila.roadmap.rules.sequence import Placer
from capofila.roadmap.rules.shape import QUARTERS

SCALE = 1_000_000  # the highest priority, in the whole numbers that plans are compared by
FOLLOWERS = (0.0, 0.5, 1.0)  # of what waits for a task, this share counts with it
THRIFT = (0.0, 0.5, 1.0)  # how much the money and days a task takes count against it
MOVES = 8_000  # of tasks in the order, over the number of tasks: so that a preview takes no longer
MOST_MOVES = 300


def plan(tasks: Sequence[Task], found: Frame) -> Plan:
    """The greedy plan. Its gap is against all tasks at their earliest, which no plan can be above."""
    return finished(tasks, found, starts(found), ceiling(found))


def ceiling(found: Frame) -> Fraction:
    """What every task at its earliest would be worth."""
    return sum(
        (task.priority * (QUARTERS + 1 - found.earliest[code]) for code, task in found.tasks.items()),
        Fraction(0),
    )


def starts(found: Frame) -> dict[str, int]:
    """Task -> quarter; what is pinned must be possible (`pins.check`)."""
    worth = scaled(found)
    tries = Placer(found, worth, placed(found) or {})
    orders = [tries.legal(order) for order in _orders(found, worth)]
    best = max(orders, key=lambda order: tries.placed(order)[1])
    order = improved(tries, best, min(MOST_MOVES, MOVES // max(len(best), 1)))
    return polished(found, tries.by_code(tries.placed(order)[0]))


def placer(found: Frame) -> Placer:
    """To try orders with."""
    return Placer(found, scaled(found), placed(found) or {})


def improved(tries: Placer, order: list[int], moves: int, slack: int | None = None) -> list[int]:
    """The best order met in so many moves of one to three tasks to other places; a loss is not kept.

    With `slack`, a loss of that part of the worth is kept at first, and of less and less: so it is not
    caught in the first good order. Chance is seeded and whole: the same moves every time.
    """
    chance = Random(1).random
    held = best = tries.placed(order)[1]
    best_order = order
    most = best // slack if slack else 0
    for left in range(moves if len(order) > 1 else 0, 0, -1):
        moved = [*order]
        for _ in range(1 + int(chance() * 3)):
            index = moved.pop(int(chance() * len(moved)))
            moved.insert(int(chance() * (len(moved) + 1)), index)
        moved = tries.legal(moved)
        worth = tries.placed(moved)[1]
        if worth >= held - most * left**2 // moves**2:
            order, held = moved, worth
            if worth >= best:
                best_order, best = order, worth
    return best_order


def scaled(found: Frame) -> dict[str, int]:
    """Priorities as whole numbers, the highest 1,000,000: their sums do not depend on the order."""
    highest = max((task.priority for task in found.tasks.values()), default=Fraction(0))
    return {
        code: round(task.priority / highest * SCALE) if highest else 0 for code, task in found.tasks.items()
    }


def polished(found: Frame, starts: Mapping[str, int]) -> dict[str, int]:
    """The plan with each task as early as the others leave room for it, and whatever still fits put in."""
    held = {*needed_for_fixed(found)}
    placed_now = dict(starts)
    ledger = Ledger(found, placed_now)
    moved = True
    while moved:
        moved = False
        for code, task in found.tasks.items():
            if code in held:
                continue
            now = placed_now.get(code)
            if now is not None:
                ledger.take(task, now)
            quarter = _first_room(found, task, placed_now, ledger)
            if quarter is None or (now is not None and quarter > now):
                quarter = now
            if quarter is not None:
                ledger.put(task, quarter)
                placed_now[code] = quarter
                moved = moved or quarter != now
    return {code: placed_now[code] for code in found.tasks if code in placed_now}


def _first_room(found: Frame, task: Task, placed_now: Mapping[str, int], ledger: Ledger) -> int | None:
    """The first quarter after its prerequisites with room for a task; None where there is none."""
    ready = found.earliest[task.code]
    for before in found.after[task.code]:
        if before not in placed_now:
            return None
        ready = max(ready, placed_now[before] + found.tasks[before].quarters)
    return next((q for q in range(ready, found.latest[task.code] + 1) if ledger.fits(task, q)), None)


def _orders(found: Frame, worth: Mapping[str, int]) -> Iterator[list[int]]:
    """Orders to place tasks in, as their places in the frame."""
    takes = _takes(found)
    for share in FOLLOWERS:
        value = {code: float(worth[code]) for code in found.tasks}
        for code in reversed(found.tasks):
            for before in found.after[code]:
                value[before] += share * value[code]
        for thrift in THRIFT:
            keys = [(-value[code] / takes[code] ** thrift, code) for code in found.tasks]
            yield sorted(range(len(keys)), key=keys.__getitem__)


def _takes(found: Frame) -> dict[str, float]:
    """Of each task, its part of all money and days there are, with a little so that none is free."""
    money = found.released[-1] if found.released else None
    days = None if found.days is None else found.days * QUARTERS
    return {
        code: 0.001 + (task.cents / money if money else 0.0) + (task.days / days if days else 0.0)
        for code, task in found.tasks.items()
    }
