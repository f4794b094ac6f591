"""The answers of a table (CSV, XLSX) as the tree that a JSON file would have.

One row per answer, except: ticks, a row per ticked item with value 1 (none of them: one row, no
item, value `none`); matrix, a row per row and ticked column; scale and tristate, a row per row.
Note and reason stand on the first row of their question.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from capofila.instruments.rules.shape import Instrument, Question
from capofila.lib.checking import Checker
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node, Text
from capofila.lib.tables import Row, Table

HEADER = ("question", "item", "value", "not_applicable", "note")
NONE = "none"


def as_tree(table: Table, instrument: Instrument, problems: list[Problem]) -> Node:
    """Question code -> value, not_applicable and note; what is wrong goes to `problems`."""
    return _SheetReader(table.file, problems).read(table, instrument)


class _SheetReader(Checker):
    def __init__(self, file: str, problems: list[Problem]) -> None:
        super().__init__(file, "answers", problems)

    def read(self, table: Table, instrument: Instrument) -> Node:
        rows: dict[str, list[Row]] = {}
        for row in self.without_dates(table.rows, instrument):
            code = self.word(row, "question")
            if code is None:
                self.expected("the code of a question", Node(None, row.line), "question")
            elif code not in instrument.by_code:
                self.unknown("unknown-question", code, instrument.by_code, Node(None, row.line), code)
            else:
                rows.setdefault(code, []).append(row)
        return Node({code: self.answer(instrument.by_code[code], found) for code, found in rows.items()})

    def without_dates(self, rows: Sequence[Row], instrument: Instrument) -> Iterator[Row]:
        """The rows, a date written as text where a question asks for one; a date elsewhere is reported."""
        for row in rows:
            question = instrument.by_code.get(str(row.cells["question"]))
            cells = dict(row.cells)
            misplaced = []
            for name, cell in row.cells.items():
                if isinstance(cell, date):
                    cells[name] = Text(cell.isoformat())
                    if name != "value" or question is None or question.type != "date":
                        misplaced.append(name)
            for name in misplaced:
                self.add(
                    "date-cell",
                    gettext_noop("The cell in {name} is a date ({value}); expected text."),
                    Node(None, row.line), question.code if question else name, name=name, value=cells[name],
                )  # fmt: skip
            if not misplaced:
                yield Row(row.line, cells)

    def answer(self, question: Question, rows: Sequence[Row]) -> Node:
        first = rows[0]
        keys: dict[str, Node] = {}
        for name in ("not_applicable", "note"):
            cell = first.cells[name]
            if cell is not None:  # a number is a note, but no reason
                keys[name] = Node(Text(str(cell)) if name == "note" else cell, first.line)
            for row in rows[1:]:
                if row.cells[name] is not None:
                    self.add(
                        "not-first-row",
                        gettext_noop("{name} stands on a later row of {code}; expected on its first row."),
                        Node(None, row.line), question.code, name=name, code=question.code,
                    )  # fmt: skip
        value = self.value(question, rows)
        if value is not None:
            keys["value"] = value
        return Node(keys or None, first.line)  # nothing in the line: not answered, whatever the type

    def value(self, question: Question, rows: Sequence[Row]) -> Node | None:
        given = [row for row in rows if row.cells["value"] is not None or row.cells["item"] is not None]
        if not given:
            return None
        if question.type in {"ticks", "matrix"} and len(given) == 1 and self.is_none(given[0]):
            return Node([] if question.type == "ticks" else {}, given[0].line)
        if question.type == "ticks":
            return Node(
                [self.item(row, question) for row in given if self.ticked(row, question)], given[0].line
            )
        if question.type == "matrix":
            return self.matrix(question, given)
        if question.type in {"scale", "tristate"}:
            return self.by_row(question, given)
        return self.single(question, given)

    def is_none(self, row: Row) -> bool:
        return row.cells["item"] is None and row.cells["value"] == NONE

    def ticked(self, row: Row, question: Question) -> bool:
        node = self.node(row, "value")
        if row.cells["item"] is None or node.integer != 1:
            self.expected("an item with value 1, or one row with value none", node, question.code, "tick")
            return False
        return True

    def item(self, row: Row, question: Question) -> Node:
        return Node(Text(self.word(row, "item") or ""), row.line)

    def matrix(self, question: Question, rows: Sequence[Row]) -> Node:
        found: dict[str, list[Node]] = {}
        for row in rows:
            item, column = self.word(row, "item"), self.word(row, "value")
            if item is None or column is None:
                self.expected("a row and a column", self.node(row, "value"), question.code, "matrix")
                continue
            found.setdefault(item, []).append(Node(Text(column), row.line))
        return Node({item: Node(columns, columns[0].line) for item, columns in found.items()}, rows[0].line)

    def by_row(self, question: Question, rows: Sequence[Row]) -> Node:
        found: dict[str, Node] = {}
        for row in rows:
            item = self.word(row, "item")
            if item is None:
                self.expected(
                    "the code of a row in the column item", self.node(row, "item"), question.code, "row"
                )
            elif item in found:
                self.twice(row, question, item)
            else:
                found[item] = self.node(row, "value")
        return Node(found, rows[0].line)

    def single(self, question: Question, rows: Sequence[Row]) -> Node:
        for row in rows:
            if row.cells["item"] is not None:
                self.expected("no item here", self.node(row, "item"), question.code, "item")
        for row in rows[1:]:
            self.twice(row, question, question.code)
        if question.type in {"text", "choice"}:
            return Node(Text(self.word(rows[0], "value") or ""), rows[0].line)
        return self.node(rows[0], "value")

    def twice(self, row: Row, question: Question, what: str) -> None:
        self.add(
            "duplicate-row", gettext_noop("{what} stands twice; expected once."), Node(None, row.line),
            question.code, what=what,
        )  # fmt: skip

    def word(self, row: Row, name: str) -> str | None:
        """A code: text, or a whole number that a spreadsheet made of one."""
        cell = row.cells[name]
        number = Node(cell).integer if isinstance(cell, Decimal) else None
        return None if cell is None else str(cell if number is None else number)

    def node(self, row: Row, name: str) -> Node:
        return Node(row.cells[name], row.line)
