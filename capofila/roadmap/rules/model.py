"""Plans as columns and rows of numbers, for HiGHS: a 0/1 variable for each task and quarter.

A variable says whether a task has started by a quarter, so that money carried forward and
prerequisites take few terms each; where days are limited, another says whether it starts in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import TYPE_CHECKING

from capofila.roadmap.rules import greedy
from capofila.roadmap.rules.schedule import Frame
from capofila.roadmap.rules.shape import QUARTERS

if TYPE_CHECKING:
    from highspy import HighsLp

Row = Sequence[tuple[int, int]]  # (column, factor)


@dataclass
class Rows:
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


class Model:
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
        self.rows = Rows()
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

    def order(self, values: Sequence[float]) -> list[int]:
        """Tasks as their places in the frame, the soonest first, where values are parts of ones."""
        window, latest = self.frame.window, self.frame.latest
        started = dict(zip(self.column, values, strict=False))
        soon = [
            sum(started[code, quarter] for quarter in window(code))
            + started[code, latest[code]] * (QUARTERS - latest[code])
            for code in self.frame.tasks
        ]
        return sorted(range(len(soon)), key=lambda place: -soon[place])

    def as_starts(self, values: Sequence[float]) -> dict[str, int]:
        found: dict[str, int] = {}
        for (code, quarter), value in zip(self.column, values, strict=False):
            if value > 0.5:
                found.setdefault(code, quarter)
        return found


def linear_program(model: Model) -> "HighsLp":
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
