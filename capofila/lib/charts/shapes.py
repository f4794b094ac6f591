"""What goes into a chart and what comes out of it.

Lengths are the drawing's own units: 1:1 CSS pixels on a page, 0.25 mm in print (664 units are
166 mm). Scores are on whatever scale the caller names. None is a score that is withheld or not
known: it is drawn as a hairline with an en dash, never as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

DASH = "–"  # stands for a value that is not shown
WIDE, PAGE, NARROW = 620.0, 664.0, 343.0  # a page column, a report page, a phone
LANDSCAPE = 1012.0  # a report page on its side

State = Literal["answered", "unanswered", "not applicable"]
Tick = int | Literal["not applicable"] | None  # level 1-5; None: to do
Mark = Literal[
    "own line",
    "peers line",
    "own bar",
    "peers band",
    "median",
    "next",
    "withheld",
    "not applicable",
    "first",
    "other",
    "none",
]


@dataclass(frozen=True)
class Chart:
    svg: str
    width: float
    height: float


@dataclass(frozen=True)
class Locale:
    number: Callable[[float], str]  # a score as printed everywhere, with two decimals: "2,63"
    decimal: str  # "," or ".": for the few numbers of an axis

    def plain(self, value: float) -> str:
        """With as many decimals as it needs, four at most: 1, 1,8, 0,025."""
        text = f"{value:.4f}".rstrip("0").rstrip(".")
        return text.replace(".", self.decimal)

    def fixed(self, value: float, decimals: int) -> str:
        return f"{value:.{decimals}f}".replace(".", self.decimal)


@dataclass(frozen=True)
class Scale:
    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where `value` lies between low (0) and high (1); what lies outside is put at the end."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


LEVELS = Scale(1, 5, (1, 2, 3, 4, 5))
PERCENT = Scale(0, 100, (0, 25, 50, 75, 100))
RADAR_LEVELS = Scale(0, 5, (1, 2, 3, 4, 5))
RADAR_PERCENT = Scale(0, 100, (20, 40, 60, 80, 100))


@dataclass(frozen=True)
class Bands:
    """Two to five bands. `edges` has one number more than there are bands: 1, 1.8, 2.6, 3.4, 4.2, 5.

    With `holds="lower"` a band holds its lower edge (1.8 is the second band), with "upper" its
    upper edge (25 is the first). The ends of the scale belong to the first and the last band.
    """

    edges: tuple[float, ...]
    holds: Literal["lower", "upper"] = "lower"

    @property
    def count(self) -> int:
        return len(self.edges) - 1

    def index(self, value: float) -> int:
        """Which band holds `value`, from 0."""
        inner = self.edges[1:-1]
        if self.holds == "lower":
            return sum(value >= edge for edge in inner)
        return sum(value > edge for edge in inner)

    def colour(self, index: int) -> int:
        """Level colour 1-5 of a band: four bands take 1, 2, 4, 5; three take 1, 3, 5."""
        return 1 + round(index * 4 / max(self.count - 1, 1))

    def level(self, value: float) -> int:
        """Level colour 1-5 in which `value` is drawn."""
        return self.colour(self.index(value))


@dataclass(frozen=True)
class Axis:
    digits: str  # "01"; empty where there are none
    name: str
    value: float | None


@dataclass(frozen=True)
class HeatRow:
    digits: str
    name: str
    values: Sequence[float | None]  # one per column
    total: float | None = None
    notes: Sequence[str] = ()  # one per column, coverage "7/13", printed in withheld cells only


@dataclass(frozen=True)
class BarRow:
    digits: str
    name: str
    value: float | None
    peer: float | None = None  # median of similar companies
    quartiles: tuple[float, float] | None = None  # their middle half


@dataclass(frozen=True)
class Question:
    code: str  # as printed: "3.01"
    name: str
    level: int | None  # 1-5
    state: State = "answered"
    target: int | None = None  # the level a first step brings it to; the cells up to it are outlined


@dataclass(frozen=True)
class QuestionGroup:
    name: str
    mean: float | None
    questions: Sequence[Question]


@dataclass(frozen=True)
class Point:
    number: int
    label: str
    x: float  # effort, for one days of work; not below 0
    y: float  # expected gain; not below 0
    hot: bool = False  # one of the first steps


@dataclass(frozen=True)
class CoverColumn:
    digits: str
    value: float | None
    target: float | None = None  # where the first steps can bring it


@dataclass(frozen=True)
class Key:
    mark: Mark
    text: str


@dataclass(frozen=True)
class GroupBox:
    """An enterprise of a group, or somebody who holds a part of one and is not counted."""

    name: str
    note: str = ""  # how it counts: "partner, 30 %"
    role: Literal["subject", "linked", "partner", "not counted"] = "partner"


@dataclass(frozen=True)
class GroupLine:
    """From owner to owned, as places in the list of boxes; without an arrow, a link of equals."""

    owner: int
    of: int
    label: str  # "30 %"
    arrow: bool = True


@dataclass(frozen=True)
class GanttRow:
    """One action: where it starts (quarter 1 and on) and how many quarters it takes."""

    number: str  # as printed
    name: str
    start: int
    quarters: int = 1
    note: str = ""  # the digits of its area
    label: str = ""  # a word in its bar
    hot: bool = False  # one of the first three
    after: Sequence[str] = ()  # numbers of what must end first; those not drawn get no arrow


@dataclass(frozen=True)
class GanttTotal:
    name: str
    values: Sequence[str]  # one per quarter, as printed
