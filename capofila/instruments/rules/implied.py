"""What answers to one instrument imply for the cells of another: the rows of an `implied-…` file.

A cell is one thing that is ticked or valued: an item, a row, or a row and column of a matrix. Each
has one deciding question, and may have supporting ones that tick or raise it from a level on. The
format in words: docs/formats.md; why it is data: docs/decisions/0007-implied-answers-are-data.md
"""

from collections.abc import Mapping
from dataclasses import dataclass

from capofila.instruments.rules.shape import LEVELS, SCALE_TOP, TRISTATE, Instrument
from capofila.lib.checking import Checker
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node

Mark = bool | int | str  # ticked or not; a point of a scale; no, partly or yes


@dataclass(frozen=True, order=True)
class Cell:
    """A place in a form: `q2.3` is an item or row, `q1.3.already` a row and column."""

    question: str
    row: str
    column: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in (self.question, self.row, self.column) if part)


@dataclass(frozen=True)
class Support:
    """A question that marks the cell from level `at` on, whatever the deciding one says."""

    question: str
    at: int
    mark: Mark = True


@dataclass(frozen=True)
class Implication:
    cell: Cell
    question: str  # the deciding one
    marks: tuple[Mark, ...]  # at levels 1 to 5
    supports: tuple[Support, ...] = ()
    profiles: frozenset[str] = frozenset()  # empty: all
    uncertain: bool = False
    negative: bool = False  # proposed as ticked only when nothing else of its question is


@dataclass(frozen=True)
class Implied:
    """All implications from one instrument to another."""

    rows: tuple[Implication, ...]


def read_implied(tree: Node, file: str, old: Instrument, new: Instrument, problems: list[Problem]) -> Implied:
    """The rows of a file, checked against both instruments."""
    return _Reader(file, old, new, problems).read(tree)


class _Reader(Checker):
    KEYS = ("cell", "question", "ticked_at", "ticked_until", "values", "supporting", "profiles", "uncertain")

    def __init__(self, file: str, old: Instrument, new: Instrument, problems: list[Problem]) -> None:
        super().__init__(file, "implied", problems)
        self.old, self.new = old, new

    def read(self, tree: Node) -> Implied:
        keys = self.mapping(tree, ("from", "to", "cells"), ("from", "to", "cells"))
        rows = (self.row(node) for node in self.sequence(keys.get("cells"), "cells"))
        return Implied(tuple(row for row in rows if row is not None))

    def row(self, node: Node) -> Implication | None:
        keys = self.mapping(node, self.KEYS, ("cell", "question"), "cells")
        cell = self.cell(keys.get("cell", Node(None)))
        question = self.choice(keys.get("question"), "question", self.old.by_code, default="")
        marks = self.marks(node, keys, cell)
        if cell is None or not question or marks is None:
            return None
        profiles = [code for code, _ in self.placed_codes(keys.get("profiles"), f"{cell}: profiles")]
        for profile in profiles:
            if profile not in self.old.profiles:
                self.unknown("unknown-profile", profile, self.old.profiles, node, str(cell))
        return Implication(
            cell,
            question,
            marks,
            tuple(self.support(item, cell) for item in self.sequence(keys.get("supporting"), str(cell))),
            frozenset(profiles),
            uncertain="uncertain" in keys,
            negative=cell.row in self.new.by_code[cell.question].negative,
        )

    def cell(self, node: Node) -> Cell | None:
        question, _, place = self.text(node, "cell").partition(".")
        row, _, column = place.partition(".")
        shape = self.new.by_code.get(question)
        if (
            shape is None
            or row not in (*shape.items, *shape.rows)
            or (column not in shape.columns if shape.columns else bool(column))
        ):
            self.add(
                "unknown-cell",
                gettext_noop("{cell} is not a cell of {instrument}; expected one such as q2.3."),
                node,
                "cell",
                cell=node.shown(),
                instrument=self.new.name,
            )
            return None
        return Cell(question, row, column)

    def marks(self, node: Node, keys: Mapping[str, Node], cell: Cell | None) -> tuple[Mark, ...] | None:
        place = str(cell)
        said = [key for key in ("ticked_at", "ticked_until", "values") if key in keys]
        if len(said) != 1:
            self.expected("one of ticked_at, ticked_until and values", node, place, "marks")
            return None
        if said == ["values"]:
            values = [self.mark(value, cell) for value in self.sequence(keys["values"], place)]
            if len(values) != len(LEVELS):
                self.expected("five values, one for each level", keys["values"], place, "marks")
                return None
            return tuple(values)
        level = self.level(keys[said[0]], place)
        return tuple((at >= level) if said == ["ticked_at"] else (at <= level) for at in LEVELS)

    def support(self, node: Node, cell: Cell) -> Support:
        keys = self.mapping(node, ("question", "at", "value"), ("question", "at"), str(cell))
        question = self.choice(keys.get("question"), str(cell), self.old.by_code, default="")
        value = keys.get("value")
        return Support(
            question,
            self.level(keys.get("at", Node(None)), str(cell)),
            True if value is None else self.mark(value, cell),
        )

    def level(self, node: Node, place: str) -> int:
        return int(self.choice(node, place, tuple(str(level) for level in LEVELS), default="1"))

    def mark(self, node: Node, cell: Cell | None) -> Mark:
        """A point of a scale or a word of a tristate, by the type of the cell's question."""
        tristate = cell is not None and self.new.by_code[cell.question].type == "tristate"
        if tristate:
            return self.choice(node, str(cell), TRISTATE, default=TRISTATE[0])
        points = tuple(str(point) for point in range(SCALE_TOP + 1))
        return int(self.choice(node, str(cell), points, default="0"))
