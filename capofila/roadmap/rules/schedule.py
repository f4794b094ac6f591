"""What a roadmap over 12 quarters is made of, and the limits it keeps.

Cost and days fall in the quarter in which a task starts. Of a budget, after quarter t the whole
cents of t twelfths are released; what is not spent is carried forward. A prerequisite ends before
its follower starts. A task is planned or left out; a plan is worth the sum of priority x (13 -
starting quarter). Plans are made by `greedy`, at once, and by `optimal`, proven. In words:
docs/rules/priorities.md
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import Literal

from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.shape import QUARTERS

Why = Literal[
    "over-budget", "over-days", "over-budget-and-days", "prerequisite", "excluded", "not-relevant", "too-late"
]


@dataclass(frozen=True)
class Task:
    """An action as a plan sees it."""

    code: str
    priority: Fraction  # 0 to 1
    cents: int
    days: int
    quarters: int = 1
    after: tuple[str, ...] = ()  # prerequisites; those that are no task here count as met


@dataclass(frozen=True)
class Wishes:
    """What the consultant has settled: nothing of it is changed by a plan."""

    pins: Mapping[str, int] = field(default_factory=dict)  # action -> starting quarter
    excluded: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()  # stands in quarter 1; its money and days are no longer counted


@dataclass(frozen=True)
class LeftOut:
    why: Why
    prerequisites: tuple[str, ...] = ()  # those left out, where that is why


@dataclass(frozen=True)
class Plan:
    starts: Mapping[str, int]  # task -> quarter 1 to 12, in the order of the tasks
    left_out: Mapping[str, LeftOut]  # every other task, in the same order
    objective: Fraction
    gap: Fraction  # how much better another plan could be at most, as a share; 0: none is
    aborted: bool = False  # time ran out: the best plan met until then


@dataclass(frozen=True)
class Frame:
    """Tasks that may be planned, with all that bounds them; nothing in it contradicts itself."""

    tasks: dict[str, Task]  # in topological order: prerequisites first
    after: Mapping[str, tuple[str, ...]]  # only tasks of this frame
    earliest: Mapping[str, int]
    latest: Mapping[str, int]
    fixed: Mapping[str, int]  # pinned or begun
    released: (
        tuple[int, ...] | None
    )  # cents that may be spent by the end of quarter 1, 2, ...; None: no limit
    days: int | None  # per quarter
    left_out: Mapping[str, LeftOut]  # settled before planning

    def window(self, code: str) -> range:
        """The quarters in which a task may start."""
        return range(self.earliest[code], self.latest[code] + 1)


def released(budget_cents: int | None) -> tuple[int, ...] | None:
    """Whole cents released by the end of each quarter: of 100.00, 8.33 after one and 16.66 after two."""
    if budget_cents is None:
        return None
    return tuple(budget_cents * quarter // QUARTERS for quarter in range(1, QUARTERS + 1))


def frame(tasks: Iterable[Task], limits: Limits, wishes: Wishes = Wishes()) -> Frame:
    """Windows and what is left out whatever the plan. Pins are taken as possible: see `pins.check`."""
    given = {task.code: _without_cost_if(task, task.code in wishes.begun) for task in tasks}
    after = {
        code: () if code in wishes.begun else tuple(before for before in task.after if before in given)
        for code, task in given.items()
    }
    left_out: dict[str, LeftOut] = {
        code: LeftOut("excluded") for code in given if code in wishes.excluded and code not in wishes.begun
    }
    earliest: dict[str, int] = {}
    fixed = {code: 1 for code in given if code in wishes.begun}
    fixed |= {code: quarter for code, quarter in wishes.pins.items() if code in given and code not in fixed}
    order = list(TopologicalSorter(after).static_order())
    for code in order:
        if code in left_out:
            continue
        lost = tuple(before for before in after[code] if before in left_out)
        start = max([1, *(earliest[b] + given[b].quarters for b in after[code] if b in earliest)])
        if lost:
            left_out[code] = LeftOut("prerequisite", lost)
        elif start + given[code].quarters - 1 > QUARTERS:
            left_out[code] = LeftOut("too-late")
        else:
            earliest[code] = max(start, fixed.get(code, 1))
    kept = {code: given[code] for code in order if code in earliest}
    return Frame(
        tasks=kept,
        after={code: after[code] for code in kept},
        earliest=earliest,
        latest=_latest(kept, after, fixed),
        fixed={code: quarter for code, quarter in fixed.items() if code in kept},
        released=released(limits.budget_cents),
        days=limits.days_per_quarter,
        left_out={code: left_out[code] for code in given if code in left_out},
    )


def _without_cost_if(task: Task, begun: bool) -> Task:
    return replace(task, cents=0, days=0) if begun else task


def _latest(
    tasks: dict[str, Task], after: Mapping[str, Sequence[str]], fixed: Mapping[str, int]
) -> dict[str, int]:
    """The last quarter in which each may start: to end in time, or for a pinned follower."""
    latest = {code: fixed.get(code, QUARTERS + 1 - task.quarters) for code, task in tasks.items()}
    needed = set(fixed)
    for code in reversed(tasks):
        for before in after[code]:
            if code in needed:
                needed.add(before)
                latest[before] = min(latest[before], latest[code] - tasks[before].quarters)
    return latest


def needed_for_fixed(found: Frame) -> list[str]:
    """The fixed tasks and all that must be finished before them, prerequisites first."""
    needed = set(found.fixed)
    for code in reversed(found.tasks):
        if code in needed:
            needed.update(found.after[code])
    return [code for code in found.tasks if code in needed]


def objective(tasks: Mapping[str, Task], starts: Mapping[str, int]) -> Fraction:
    """The sum of priority x (13 - starting quarter)."""
    return sum((tasks[code].priority * (QUARTERS + 1 - start) for code, start in starts.items()), Fraction(0))


class Ledger:
    """Money and days taken so far, by quarter."""

    def __init__(self, found: Frame, starts: Mapping[str, int] | None = None) -> None:
        self.released = found.released
        self.most_days = found.days
        self.spent = [0] * QUARTERS  # by the end of each quarter
        self.days = [0] * QUARTERS
        for code, start in (starts or {}).items():
            self.put(found.tasks[code], start)

    def has_money(self, task: Task, start: int) -> bool:
        if self.released is None or not task.cents:
            return True
        later = range(start - 1, QUARTERS)
        return all(self.spent[quarter] + task.cents <= self.released[quarter] for quarter in later)

    def has_days(self, task: Task, start: int) -> bool:
        return self.most_days is None or self.days[start - 1] + task.days <= self.most_days

    def fits(self, task: Task, start: int) -> bool:
        return self.has_days(task, start) and self.has_money(task, start)

    def put(self, task: Task, start: int, sign: int = 1) -> None:
        self.days[start - 1] += sign * task.days
        if task.cents:
            for quarter in range(start - 1, QUARTERS):
                self.spent[quarter] += sign * task.cents

    def take(self, task: Task, start: int) -> None:
        self.put(task, start, -1)


def broken(found: Frame, starts: Mapping[str, int]) -> list[str]:
    """Which limits a plan breaks, a phrase each; none for a plan that keeps them all."""
    ledger = Ledger(found, starts)
    said = [
        f"{code} starts before {before} ends"
        for code, start in starts.items()
        for before in found.after[code]
        if before not in starts or starts[before] + found.tasks[before].quarters > start
    ]
    said += [f"{code} starts in {start}" for code, start in starts.items() if start not in found.window(code)]
    said += [f"{code} is pinned" for code, quarter in found.fixed.items() if starts.get(code) != quarter]
    for quarter in range(QUARTERS):
        if found.released is not None and ledger.spent[quarter] > found.released[quarter]:
            said.append(f"over budget in {quarter + 1}")
        if found.days is not None and ledger.days[quarter] > found.days:
            said.append(f"over days in {quarter + 1}")
    return said


def finished(
    tasks: Sequence[Task],
    found: Frame,
    starts: Mapping[str, int],
    bound: Fraction | None,
) -> Plan:
    """The plan with its worth, and for every task that is not in it, why. `bound`: no plan is worth more."""
    given = {task.code: task for task in tasks}
    ordered = {task.code: starts[task.code] for task in tasks if task.code in starts}
    worth = objective(given, ordered)
    gap = Fraction(0) if bound is None or not worth else max(Fraction(0), (bound - worth) / worth)
    return Plan(ordered, _left_out(tasks, found, ordered), worth, gap)


def _left_out(tasks: Sequence[Task], found: Frame, starts: Mapping[str, int]) -> dict[str, LeftOut]:
    reasons = dict(found.left_out)
    ledger = Ledger(found, starts)
    for code, task in found.tasks.items():
        if code in starts:
            continue
        lost = tuple(before for before in found.after[code] if before not in starts)
        reasons[code] = LeftOut("prerequisite", lost) if lost else LeftOut(_over(task, found, starts, ledger))
    return {task.code: reasons[task.code] for task in tasks if task.code in reasons}


def _over(task: Task, found: Frame, starts: Mapping[str, int], ledger: Ledger) -> Why:
    """Which limit keeps a task out of the plan that stands."""
    ready = max([1, *(starts[before] + found.tasks[before].quarters for before in found.after[task.code])])
    quarters = range(ready, QUARTERS + 2 - task.quarters)
    if not quarters:
        return "too-late"
    if not any(ledger.has_money(task, quarter) for quarter in quarters):
        return "over-budget"
    if not any(ledger.has_days(task, quarter) for quarter in quarters):
        return "over-days"
    return "over-budget-and-days"
