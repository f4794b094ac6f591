"""The roadmap as a report tells it: which actions come first, how they are numbered, what stays out.

A roadmap that the hub keeps is told as it stands. Without one, a plan is made at once from the same
data; where no days are given it assumes those of roadmap/data/own-days.yaml, and it plans the `MOST`
actions with the highest priority: nobody reads, or does, more in three years. In words:
docs/rules/report-actions.md
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

from capofila.roadmap import library, planning
from capofila.roadmap.own_days import own_days
from capofila.roadmap.planning import Basis, Choices, Roadmap
from capofila.roadmap.rules import gains, greedy
from capofila.roadmap.rules.priorities import Limits, Priority
from capofila.roadmap.rules.schedule import LeftOut, frame
from capofila.roadmap.rules.shape import ActionWords
from capofila.roadmap.why import Said

FIRST = 12  # actions that get a card of their own
NOW = 3  # of these, the ones to begin with
PER_AREA = 3  # of the first twelve from one area: a small firm cannot change everything in one department
MOST = 30  # actions in a plan that nobody has worked on yet
LOOSE = Fraction(1, 10)  # a gap above this says little: the plan is told as a quick one
Made = Literal["proven", "within", "quick"]


@dataclass(frozen=True)
class Road:
    roadmap: Roadmap
    language: str
    kept: bool  # worked on and kept by the hub, not made for this report alone
    assumed_days: int | None = None  # per quarter, where nobody gave any

    @cached_property
    def said(self) -> Said:
        return self.roadmap.said(self.language)

    @cached_property
    def first(self) -> tuple[Priority, ...]:
        """The actions to tell one by one: in the order in which they begin, few from one area."""
        return spread(self.roadmap.planned(), FIRST, PER_AREA)

    @cached_property
    def planned(self) -> tuple[Priority, ...]:
        """All planned actions as they are numbered: the first ones, then the others as they begin."""
        first = {priority.code for priority in self.first}
        others = [priority for priority in self.roadmap.planned() if priority.code not in first]
        return (*self.first, *others)

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {priority.code: number for number, priority in enumerate(self.planned, start=1)}

    @cached_property
    def later(self) -> tuple[Priority, ...]:
        """Raised actions that this report leaves for later, highest priority first."""
        told = {*self.numbers, *self.roadmap.left_out}
        return tuple(priority for priority in self.roadmap.priorities if priority.code not in told)

    @cached_property
    def left_out(self) -> dict[str, LeftOut]:
        return self.roadmap.left_out

    @property
    def now(self) -> tuple[Priority, ...]:
        return self.planned[:NOW]

    @property
    def made(self) -> Made:
        """How good the plan is known to be."""
        plan = self.roadmap.plan
        if plan.aborted or not self.kept or plan.gap > LOOSE:
            return "quick"
        return "within" if plan.gap else "proven"

    def start(self, code: str) -> int | None:
        """The quarter in which an action begins; None where it is not planned."""
        return self.roadmap.plan.starts.get(code)

    def words(self, code: str) -> ActionWords:
        return self.said.actions.of(code, self.roadmap.basis.firm.profile)

    def gain(self, priorities: Sequence[Priority]) -> Fraction | None:
        """What actions add to the overall score together: no question is counted twice."""
        basis, before = self.roadmap.basis, self.roadmap.scores.overall.value
        raised = [priority.raised for priority in priorities]
        return gains.gain_from(before, basis.instrument, basis.answers, basis.firm.profile, raised)

    @cached_property
    def gains(self) -> dict[str, Fraction | None]:
        """What each of the first actions adds by itself."""
        return {priority.code: self.gain([priority]) for priority in self.first}

    def why(self, priority: Priority) -> str:
        """Why one of the first actions stands where it does."""
        code = priority.code
        return self.said.why(priority, self.gains[code], self.roadmap.after(code), self.numbers[code] - 1)

    def lifting(self, question: str, target: int) -> Priority | None:
        """The action that brings a question to a level: a planned one, else the one that matters most."""
        able = [
            priority
            for priority in (*self.planned, *self.roadmap.priorities)
            for rise in priority.raised.rises
            if rise.question == question and rise.target >= target
        ]
        return able[0] if able else None


def spread(planned: Iterable[Priority], count: int, per_area: int) -> tuple[Priority, ...]:
    """The first `count` actions with at most `per_area` from one area."""
    taken: list[Priority] = []
    for priority in planned:
        area = priority.raised.action.area
        if sum(other.raised.action.area == area for other in taken) < per_area:
            taken.append(priority)
        if len(taken) == count:
            break
    return tuple(taken)


def quick(basis: Basis, limits: Limits, language: str) -> Road | None:
    """A roadmap made at once; None where the answers call for no action."""
    if not library.load(basis.name).actions:
        return None
    assumed = None
    if limits.days_per_quarter is None:
        assumed = own_days(basis.firm.size)
        limits = replace(limits, days_per_quarter=assumed)
    made = planning.preview(basis, Choices(limits=limits))
    return Road(_best(made), language, kept=False, assumed_days=assumed) if made.priorities else None


def told(roadmap: Roadmap, language: str) -> Road | None:
    """A roadmap that the hub keeps; None where it has no action at all."""
    return Road(roadmap, language, kept=True) if roadmap.priorities else None


def _best(roadmap: Roadmap) -> Roadmap:
    """A plan of the `MOST` actions with the highest priority, and of what must come before them."""
    by_code = {priority.code: priority for priority in roadmap.priorities}
    chosen: dict[str, Priority] = {}
    for priority in roadmap.priorities:
        needed = _with_prerequisites(priority, by_code)
        if len({*chosen, *(each.code for each in needed)}) <= MOST:
            chosen |= {each.code: each for each in needed}
    if len(chosen) == len(by_code):
        return roadmap
    tasks = [planning.task(priority) for code, priority in by_code.items() if code in chosen]
    return replace(roadmap, plan=greedy.plan(tasks, frame(tasks, roadmap.choices.limits)))


def _with_prerequisites(priority: Priority, raised: Mapping[str, Priority]) -> list[Priority]:
    """An action after all that must come before it."""
    before = [raised[code] for code in priority.raised.action.after if code in raised]
    return [*(found for each in before for found in _with_prerequisites(each, raised)), priority]
