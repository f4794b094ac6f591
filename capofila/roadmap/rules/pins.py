"""Whether what the consultant has pinned can hold, and if not, which pins stand against what.

Every conflict is a `Problem` of its own; nothing is dropped in silence. An action may be pinned
when the answers raise it, and not against its prerequisites, the money released by its quarter,
the days of that quarter, or the end of the plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.roadmap.rules.placing import placed
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.schedule import Frame, Task, Wishes, frame, released
from capofila.roadmap.rules.shape import QUARTERS


def check(tasks: Sequence[Task], limits: Limits, wishes: Wishes) -> Frame:
    """The frame to plan in. Raises `Refused` with every conflict of the pins."""
    by_code = {task.code: task for task in tasks}
    problems = list(_each_alone(by_code, wishes))
    refuse_if(problems)
    problems += _order(by_code, wishes)
    problems += _money(by_code, limits, wishes)
    problems += _days(by_code, limits, wishes)
    refuse_if(problems)
    found = frame(tasks, limits, wishes)
    if placed(found) is None:
        raise _together(tasks, limits, wishes)
    return found


def _each_alone(by_code: Mapping[str, Task], wishes: Wishes) -> Iterator[Problem]:
    for code, quarter in wishes.pins.items():
        if not 1 <= quarter <= QUARTERS:
            yield Problem(
                "roadmap.pin-quarter",
                gettext_noop("{action} is pinned to quarter {quarter}; expected 1 to {last}."),
                action=code,
                quarter=quarter,
                last=QUARTERS,
            )
        elif code in wishes.excluded:
            yield Problem(
                "roadmap.pin-excluded",
                gettext_noop("{action} is both pinned and excluded; expected one of them."),
                action=code,
            )
        elif code not in by_code:
            yield Problem(
                "roadmap.pin-not-raised",
                gettext_noop(
                    "{action} is pinned, but the answers do not call for it, or it is not relevant."
                ),
                action=code,
            )
        elif quarter + by_code[code].quarters - 1 > QUARTERS:
            yield Problem(
                "roadmap.pin-end",
                gettext_noop(
                    "{action} takes {quarters} quarters: from quarter {quarter} it would end after the "
                    "last one. Pin it to {latest} at the latest."
                ),
                action=code,
                quarters=by_code[code].quarters,
                quarter=quarter,
                latest=QUARTERS + 1 - by_code[code].quarters,
            )
        elif code in wishes.begun and quarter != 1:
            yield Problem(
                "roadmap.pin-begun",
                gettext_noop(
                    "{action} has begun, so it stands in quarter 1; it cannot be pinned to {quarter}."
                ),
                action=code,
                quarter=quarter,
            )


def _order(by_code: Mapping[str, Task], wishes: Wishes) -> Iterator[Problem]:
    """Pins against prerequisites: excluded ones, or ones that would end too late."""
    soonest = _soonest(by_code, wishes)
    for code, quarter in wishes.pins.items():
        if code in wishes.begun:
            continue
        lost = [
            before
            for before in _ancestors(code, by_code, wishes)
            if before in wishes.excluded and before not in wishes.begun
        ]
        if lost:
            yield Problem(
                "roadmap.pin-prerequisite-excluded",
                gettext_noop("{action} is pinned, but {before}, which must be finished first, is excluded."),
                action=code,
                before=", ".join(lost),
            )
            continue
        late = [
            before
            for before in _before(code, by_code, wishes)
            if soonest[before] + by_code[before].quarters > quarter
        ]
        if late:
            yield Problem(
                "roadmap.pin-prerequisite",
                gettext_noop(
                    "{action} is pinned to quarter {quarter}, but {before} must be finished first "
                    "and cannot end before quarter {free}."
                ),
                action=code,
                quarter=quarter,
                before=", ".join(late),
                free=max(soonest[before] + by_code[before].quarters for before in late),
            )


def _before(code: str, by_code: Mapping[str, Task], wishes: Wishes) -> tuple[str, ...]:
    if code in wishes.begun:
        return ()
    return tuple(before for before in by_code[code].after if before in by_code)


def _ancestors(code: str, by_code: Mapping[str, Task], wishes: Wishes) -> list[str]:
    """All that must be finished before an action, each once."""
    found: dict[str, None] = {}
    waiting = list(_before(code, by_code, wishes))
    while waiting:
        before = waiting.pop()
        if before not in found:
            found[before] = None
            waiting.extend(_before(before, by_code, wishes))
    return list(found)


def _soonest(by_code: Mapping[str, Task], wishes: Wishes) -> dict[str, int]:
    """The first quarter in which prerequisites, and pins of prerequisites, let each action start."""
    found: dict[str, int] = {}

    def soonest(code: str) -> int:
        if code not in found:
            before = _before(code, by_code, wishes)
            ready = max([1, *(soonest(other) + by_code[other].quarters for other in before)])
            found[code] = max(ready, wishes.pins.get(code, 1))
        return found[code]

    for code in by_code:
        soonest(code)
    return found


def _money(by_code: Mapping[str, Task], limits: Limits, wishes: Wishes) -> Iterator[Problem]:
    """Where pins, with all they need, cost more than is released by then: the first such quarter."""
    free = released(limits.budget_cents)
    if free is None:
        return
    due = _due(by_code, wishes)
    for quarter in range(1, QUARTERS + 1):
        needed = {code for code, last in due.items() if last <= quarter}
        cents = sum(by_code[code].cents for code in needed)
        if cents > free[quarter - 1]:
            pinned = [code for code in wishes.pins if code in needed and code not in wishes.begun]
            yield Problem(
                "roadmap.pin-budget",
                gettext_noop(
                    "By quarter {quarter} the pinned actions and what they need cost {cost} EUR, "
                    "but {free} EUR of the budget are released by then: {actions}."
                ),
                quarter=quarter,
                cost=_euros(cents),
                free=_euros(free[quarter - 1]),
                actions=", ".join(pinned) or ", ".join(sorted(needed)),
            )
            return


def _due(by_code: Mapping[str, Task], wishes: Wishes) -> dict[str, int]:
    """The last quarter in which each pinned action and each prerequisite of one may start."""
    due: dict[str, int] = {}
    waiting = [(code, quarter) for code, quarter in wishes.pins.items() if code not in wishes.begun]
    while waiting:
        code, last = waiting.pop()
        last = min(last, wishes.pins.get(code, last))
        if last < due.get(code, QUARTERS + 1):
            due[code] = last
            for before in _before(code, by_code, wishes):
                if before not in wishes.begun:
                    waiting.append((before, last - by_code[before].quarters))
    return due


def _days(by_code: Mapping[str, Task], limits: Limits, wishes: Wishes) -> Iterator[Problem]:
    if limits.days_per_quarter is None:
        return
    for quarter in range(1, QUARTERS + 1):
        pinned = [
            code for code, start in wishes.pins.items() if start == quarter and code not in wishes.begun
        ]
        days = sum(by_code[code].days for code in pinned)
        if days > limits.days_per_quarter:
            yield Problem(
                "roadmap.pin-days",
                gettext_noop(
                    "In quarter {quarter} the pinned actions take {days} days, "
                    "but there are {free}: {actions}."
                ),
                quarter=quarter,
                days=days,
                free=limits.days_per_quarter,
                actions=", ".join(pinned),
            )


def _together(tasks: Sequence[Task], limits: Limits, wishes: Wishes) -> Problem:
    """The fewest pins that cannot hold together: dropping any one of them leaves room for the others."""
    kept = dict(wishes.pins)
    for code in list(kept):
        others = {name: quarter for name, quarter in kept.items() if name != code}
        if placed(frame(tasks, limits, replace(wishes, pins=others))) is None:
            kept = others
    return Problem(
        "roadmap.pins-together",
        gettext_noop(
            "There is no room for what must be finished before the pinned actions, within money, days and "
            "prerequisites: {actions}. Pin one of them later, or drop it."
        ),
        actions=", ".join(f"{code}:{quarter}" for code, quarter in kept.items()),
    )


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
