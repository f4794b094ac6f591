"""The best plan there is, proven, by HiGHS: a 0/1 variable for each task and quarter.

A variable says whether a task has started by a quarter, so that money carried forward and
prerequisites take few terms each; where days are limited, another says whether it starts in it.
One thread, a fixed seed, and stopping by gap and by number of
nodes make the same plan every time; time alone never decides, it only aborts, with the greedy plan
instead. HiGHS counts in floats: its answer is rounded, checked with whole numbers, and improved
where something could still start earlier. How fast, and how good: docs/benchmarks.md
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd, isfinite
from typing import TYPE_CHECKING

from capofila.roadmap.rules import greedy
from capofila.roadmap.rules.schedule import Frame, Plan, Task, broken, finished
from capofila.roadmap.rules.shape import QUARTERS

if TYPE_CHECKING:
    from highspy import Highs, HighsLp

SMALL = 20  # tasks; up to here nothing is left unproven, unless the nodes run out
Row = Sequence[tuple[int, int]]  # (column, factor)


@dataclass(frozen=True)
class Effort:
    """When the search stops; `seconds` aborts it."""

    gap: float = 0.01  # no other plan can be worth one percent more; 0 for small ones
    nodes: int = 100
    seconds: float = 120.0


def plan(tasks: Sequence[Task], found: Frame, effort: Effort = Effort()) -> Plan:
    """The best plan within the frame, with the gap that is left; what is pinned must be possible."""
    preview = greedy.starts(found)
    if len(preview) == len(found.tasks) and all(preview[code] == found.earliest[code] for code in preview):
        return finished(tasks, found, preview, None)  # everything at its earliest: nothing is better
    model = _Model(found)
    solved = _solve(model, preview, effort)
    if solved is None:
        plan_ = finished(tasks, found, preview, None)
        return replace(plan_, gap=_gap(model.value(preview), _relaxed(model)), aborted=True)
    chosen, bound = solved
    best = max((greedy.polished(found, chosen), preview), key=model.value)
    return replace(finished(tasks, found, best, None), gap=_gap(model.value(best), bound))


def _gap(value: int, bound: float) -> Fraction:
    """How much more than `value` a plan could be worth, as a share; worth is a whole number here."""
    return Fraction(0) if bound < value + 1 or not value else (Fraction(bound) - value) / value


@dataclass
class _Rows:
    """Constraints, each at most `most`, some exactly, one after the other."""

    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    exactly: list[bool] = field(default_factory=list)

    def add(self, row: Row, most: int, *, exactly: bool = False) -> None:
        self.exactly.append(exactly)
        self.columns.extend(column for column, _ in row)
        self.factors.extend(float(factor) for _, factor in row)
        self.starts.append(len(self.columns))
        self.most.append(float(most))


class _Model:
    """Columns: (task, quarter), 1 once it has started; then `starting`, 1 where it starts.

    Limits are divided by what all amounts have in common.
    """

    def __init__(self, found: Frame) -> None:
        self.frame = found
        self.worth = greedy.scaled(found)
        self.column = {
            (code, quarter): index
            for index, (code, quarter) in enumerate(
                (code, quarter) for code in found.tasks for quarter in found.window(code)
            )
        }
        self.starting: list[tuple[str, int]] = []
        self.rows = _Rows()
        for code in found.tasks:
            for quarter in found.window(code)[:-1]:
                self.rows.add([(self.column[code, quarter], 1), (self.column[code, quarter + 1], -1)], 0)
            for before in found.after[code]:
                self.precedence(code, before)
        self.money()
        self.days()

    def started(self, code: str, quarter: int) -> int | None:
        """The column that says whether a task has started by a quarter; None where it cannot have."""
        return self.column.get((code, min(quarter, self.frame.latest[code])))

    def precedence(self, code: str, before: str) -> None:
        for quarter in self.frame.window(code):
            ended = self.started(before, quarter - self.frame.tasks[before].quarters)
            own = (self.column[code, quarter], 1)
            self.rows.add([own] if ended is None else [own, (ended, -1)], 0)

    def money(self) -> None:
        unit = gcd(*(task.cents for task in self.frame.tasks.values())) or 1
        for quarter, most in enumerate(self.frame.released or (), start=1):
            columns = ((self.started(code, quarter), task.cents) for code, task in self.frame.tasks.items())
            row = [(column, cents // unit) for column, cents in columns if column is not None and cents]
            self.rows.add(row, most // unit)

    def days(self) -> None:
        """Columns for starting in a quarter, each the difference of two of having started by one."""
        if self.frame.days is None:
            return
        for quarter in range(1, QUARTERS + 1):
            row = []
            for code, task in self.frame.tasks.items():
                if quarter in self.frame.window(code):
                    starting = len(self.column) + len(self.starting)
                    self.starting.append((code, quarter))
                    by = self.column.get((code, quarter - 1))
                    earlier = [] if by is None else [(by, -1)]
                    self.rows.add(
                        [(self.column[code, quarter], 1), *earlier, (starting, -1)], 0, exactly=True
                    )
                    row.append((starting, task.days))
            self.rows.add(row, self.frame.days)

    def value(self, starts: dict[str, int]) -> int:
        """What a plan is worth, in whole numbers."""
        return sum(self.worth[code] * (QUARTERS + 1 - start) for code, start in starts.items())

    def objective(self) -> list[float]:
        """Each quarter earlier is worth as much again; the last one brings what is left until the end."""
        latest = self.frame.latest
        worth = [
            float(self.worth[code] * (QUARTERS + 1 - quarter if quarter == latest[code] else 1))
            for code, quarter in self.column
        ]
        return [*worth, *[0.0] * len(self.starting)]

    def lower(self) -> list[float]:
        begun = [1.0 if code in self.frame.fixed else 0.0 for code, _ in self.column]
        return [*begun, *[0.0] * len(self.starting)]

    def as_columns(self, starts: dict[str, int]) -> list[float]:
        by = [float(starts.get(code, QUARTERS + 1) <= quarter) for code, quarter in self.column]
        return [*by, *(float(starts.get(code) == quarter) for code, quarter in self.starting)]

    def as_starts(self, values: Sequence[float]) -> dict[str, int]:
        found: dict[str, int] = {}
        for (code, quarter), value in zip(self.column, values, strict=False):
            if value > 0.5:
                found.setdefault(code, quarter)
        return found


def _solve(model: _Model, preview: dict[str, int], effort: Effort) -> tuple[dict[str, int], float] | None:
    """Starting quarters and the bound of their value; None where time ran out or the answer is not sound."""
    import highspy  # noqa: PLC0415 (a fifth of a second and NumPy, only for who plans)

    small = len(model.frame.tasks) <= SMALL
    solver = _solver(
        model,
        mip_rel_gap=0.0 if small else effort.gap,
        mip_max_nodes=effort.nodes * (SMALL if small else 1),
        mip_pscost_minreliable=1,  # fewer trials before branching: measured faster here
        time_limit=effort.seconds,
    )
    start = highspy.HighsSolution()
    start.col_value = model.as_columns(preview)
    solver.setSolution(start)
    solver.run()
    bound = solver.getInfo().mip_dual_bound
    by_itself = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)  # gap, nodes
    if solver.getModelStatus() not in by_itself or not isfinite(bound):
        return None
    chosen = model.as_starts(solver.getSolution().col_value)
    return None if broken(model.frame, chosen) else (chosen, bound)


def _relaxed(model: _Model) -> float:
    """What no plan can be worth more than: the best with tasks cut into parts, found in no time."""
    solver = _solver(model, solve_relaxation=True)
    solver.run()
    return float(solver.getInfo().objective_function_value)


def _solver(model: _Model, **settings: bool | int | float) -> "Highs":
    import highspy  # noqa: PLC0415

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    always: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 1,
    }
    for name, value in [*always.items(), *settings.items()]:
        solver.setOptionValue(name, value)
    solver.passModel(_linear_program(model))
    return solver


def _linear_program(model: _Model) -> "HighsLp":
    import highspy  # noqa: PLC0415

    program = highspy.HighsLp()
    columns, more, rows = len(model.column), len(model.starting), model.rows
    program.num_col_, program.num_row_ = columns + more, len(rows.most)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = model.objective()
    program.col_lower_ = model.lower()
    program.col_upper_ = [1.0] * (columns + more)
    program.row_lower_ = [
        most if exactly else -highspy.kHighsInf for most, exactly in zip(rows.most, rows.exactly, strict=True)
    ]
    program.row_upper_ = rows.most
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = rows.starts
    program.a_matrix_.index_ = rows.columns
    program.a_matrix_.value_ = rows.factors
    kinds = highspy.HighsVarType
    program.integrality_ = [*[kinds.kInteger] * columns, *[kinds.kContinuous] * more]
    return program
