"""From one version of an instrument to the next: what became of each question.

A crosswalk is a file of rows (docs/formats.md): `from` and `to` question codes, what kind of
change it is, and where the levels moved, which old level is which new one. A question that no row
names is kept when both versions have it; otherwise it is retired or new.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from capofila.instruments.rules.shape import LEVELS, Instrument, Question
from capofila.lib.checking import Checker
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node

Kind = Literal["kept", "reworded", "split", "merged", "retired", "new"]
# How many codes stand on each side of a row: (least, most).
SIDES: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "kept": ((1, 1), (1, 1)),
    "reworded": ((1, 1), (1, 1)),
    "split": ((1, 1), (2, 99)),
    "merged": ((2, 99), (1, 1)),
    "retired": ((1, 99), (0, 0)),
    "new": ((0, 0), (1, 99)),
}


@dataclass(frozen=True)
class Row:
    before: tuple[str, ...]
    after: tuple[str, ...]
    kind: Kind
    levels: Mapping[int, int] | None = None  # old level -> new level; None: not said

    @property
    def comparable(self) -> bool:
        """Whether an old answer says what the new question asks."""
        return self.kind in {"kept", "reworded"} or (self.kind == "merged" and self.levels is not None)


@dataclass(frozen=True)
class Crosswalk:
    rows: tuple[Row, ...]  # every question of both versions stands in one row


def identity(instrument: Instrument) -> Crosswalk:
    """Every question is itself: two assessments of one version."""
    return Crosswalk(tuple(_kept(question.code) for question in instrument.questions))


def read_crosswalk(
    tree: Node, file: str, old: Instrument, new: Instrument, problems: list[Problem]
) -> Crosswalk:
    """The crosswalk of a file, completed with the questions it does not name."""
    return _Reader(file, old, new, problems).read(tree)


class _Reader(Checker):
    def __init__(self, file: str, old: Instrument, new: Instrument, problems: list[Problem]) -> None:
        super().__init__(file, "crosswalk", problems)
        self.old, self.new = old, new
        self.placed: dict[str, set[str]] = {"from": set(), "to": set()}

    def read(self, tree: Node) -> Crosswalk:
        rows = tree
        if tree.items is None:
            keys = self.mapping(tree, ("from", "to", "source", "rows"), ("rows",))
            self.named("from", keys.get("from"), self.old)
            self.named("to", keys.get("to"), self.new)
            rows = keys.get("rows", Node([]))
        read = [self.row(node, f"row {at}") for at, node in enumerate(self.sequence(rows, "rows"), start=1)]
        return Crosswalk((*(row for row in read if row is not None), *self.unnamed()))

    def named(self, key: str, node: Node | None, instrument: Instrument) -> None:
        """The file says which instrument it is for: it must be this one."""
        if node is not None and self.text(node, key) not in {instrument.name, instrument.version}:
            self.expected(instrument.name, node, key, "other-instrument")

    def row(self, node: Node, place: str) -> Row | None:
        keys = self.mapping(node, ("from", "to", "kind", "levels"), ("kind",), place)
        kind = self.choice(keys.get("kind"), f"{place}: kind", tuple(SIDES), default="")
        before = self.side("from", keys.get("from"), place, self.old)
        after = self.side("to", keys.get("to"), place, self.new)
        if not kind:
            return None
        for name, codes, (least, most) in zip(("from", "to"), (before, after), SIDES[kind], strict=True):
            if not least <= len(codes) <= most:
                many = "no code" if most == 0 else "one code" if most == 1 else f"{least} codes or more"
                self.add(
                    "sides",
                    gettext_noop("A row of kind {kind} has {count} codes in {side}; expected {many}."),
                    node,
                    place,
                    kind=kind,
                    count=len(codes),
                    side=name,
                    many=many,
                )
                return None
        row = Row(before, after, cast(Kind, kind), self.levels(keys.get("levels"), place))
        self.check_types(row, node, place)
        return row

    def side(self, name: str, node: Node | None, place: str, instrument: Instrument) -> tuple[str, ...]:
        found = []
        for code, at in self.placed_codes(node, f"{place}: {name}"):
            if code not in instrument.by_code:
                self.unknown("unknown-question", code, instrument.by_code, at, f"{place}: {name}")
            elif code in self.placed[name]:
                self.add(
                    "question-twice",
                    gettext_noop("{code} stands in two rows; expected each question once on a side."),
                    at,
                    f"{place}: {name}",
                    code=code,
                )
            else:
                self.placed[name].add(code)
                found.append(code)
        return tuple(found)

    def levels(self, node: Node | None, place: str) -> dict[int, int] | None:
        if node is None or node.is_null:
            return None
        found = {}
        known = [str(level) for level in LEVELS]
        for old, new in self.mapping(node, known, (), f"{place}: levels").items():
            level = self.choice(new, f"{place}: levels: {old}", known, default="")
            if level:
                found[int(old)] = int(level)
        return found

    def check_types(self, row: Row, node: Node, place: str) -> None:
        """Questions that are compared must be answered the same way."""
        if not row.comparable:
            return
        after = self.new.by_code[row.after[0]]
        for code in row.before:
            before = self.old.by_code[code]
            if not _same_answers(before, after) or (
                row.levels is not None and (before.type, after.type) != ("level", "level")
            ):
                self.add(
                    "other-answers",
                    gettext_noop(
                        "{before} and {after} are not answered the same way; expected one of the kinds "
                        "split, retired and new."
                    ),
                    node,
                    place,
                    before=code,
                    after=after.code,
                )

    def unnamed(self) -> list[Row]:
        """Rows for the questions the file does not name, in the order of the new version, then the old."""
        left = {code for code in self.old.by_code if code not in self.placed["from"]}
        rows = []
        for code, question in self.new.by_code.items():
            if code in self.placed["to"]:
                continue
            if code in left and _same_answers(self.old.by_code[code], question):
                left.discard(code)
                rows.append(_kept(code))
            else:
                rows.append(Row((), (code,), "new"))
        return [*rows, *(Row((code,), (), "retired") for code in self.old.by_code if code in left)]


def _kept(code: str) -> Row:
    return Row((code,), (code,), "kept")


def _same_answers(one: Question, other: Question) -> bool:
    return (one.type, one.items, one.rows, one.columns) == (
        other.type,
        other.items,
        other.rows,
        other.columns,
    )
