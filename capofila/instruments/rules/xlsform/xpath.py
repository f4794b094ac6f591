"""Expressions of XLSForm, as far as they are understood: comparisons, `selected`, `and`, `or`, `not`."""

import re
from dataclasses import dataclass
from typing import Literal, NoReturn

REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}\s]*)\s*\}")
DEEPEST = 12  # parentheses inside parentheses
LONGEST = 4_000  # characters
TOKEN = re.compile(
    r"""\s*(?:(?P<reference>\$\{\s*[^}\s]+\s*\})|(?P<text>"[^"]*"|'[^']*')|(?P<number>-?(?:\d+\.?\d*|\.\d+))"""
    r"""|(?P<operator><=|>=|!=|=|<|>)|(?P<mark>[(),])|(?P<word>[A-Za-z][A-Za-z-]*)|(?P<other>\S))"""
)
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


class NotCarriedError(Exception):
    """The expression says what a condition of ours cannot; the argument says why."""


# What an expression is made of


@dataclass(frozen=True)
class Look:
    name: str
    operator: str
    literal: str


@dataclass(frozen=True)
class Picked:
    name: str
    choice: str


@dataclass(frozen=True)
class Counted:
    name: str
    operator: str
    literal: str


@dataclass(frozen=True)
class Not:
    part: "Part"


@dataclass(frozen=True)
class Join:
    join: Literal["all", "any"]
    parts: "tuple[Part, ...]"


@dataclass(frozen=True)
class Constant:
    value: bool


Part = Look | Picked | Counted | Not | Join | Constant


def references(text: str) -> tuple[str, ...]:
    """The names in `${...}`, in order, with repetitions; what an expression quotes is no reference."""
    found = (match["reference"] for match in TOKEN.finditer(text))
    return tuple(name for reference in found if reference for name in REFERENCE.findall(reference))


def parse(text: str) -> Part:
    """What an expression is made of. Raises `NotCarriedError` for what is not understood."""
    if len(text) > LONGEST:
        not_carried(f"it has more than {LONGEST} characters")
    return _Parser(text).whole()


def not_carried(why: str) -> NoReturn:
    raise NotCarriedError(why)


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [(match.lastgroup or "", match[match.lastgroup or 0]) for match in TOKEN.finditer(text)]
        self.place = 0
        self.depth = 0

    def whole(self) -> Part:
        found = self.joined("any")
        if self.place < len(self.tokens):
            not_carried(f"{self.tokens[self.place][1]} is not understood there")
        return found

    def seen(self, *values: str) -> bool:
        """Whether one of these comes next; it is then passed."""
        if self.place < len(self.tokens) and self.tokens[self.place][1] in values:
            self.place += 1
            return True
        return False

    def expect(self, value: str) -> None:
        if not self.seen(value):
            not_carried(f"{value} is missing")

    def take(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            not_carried("it ends too early")
        self.place += 1
        return self.tokens[self.place - 1]

    def joined(self, join: Literal["all", "any"]) -> Part:
        parts = [self.joined("all") if join == "any" else self.single()]
        while self.seen("or" if join == "any" else "and"):
            parts.append(self.joined("all") if join == "any" else self.single())
        return parts[0] if len(parts) == 1 else Join(join, tuple(parts))

    def single(self) -> Part:
        kind, value = self.take()
        if value == "(":
            return self.inside()
        if kind == "word":
            return self.call(value)
        if kind == "reference":
            return self.comparison(value)
        if kind in {"text", "number"} and self.place < len(self.tokens):
            operator = self.take()[1]
            if operator in MIRRORED and self.place < len(self.tokens):
                other, name = self.take()
                if other == "reference":
                    return Look(_name(name), MIRRORED[operator], _literal(value))
        return not_carried(f"{value} is not understood there")

    def inside(self) -> Part:
        """What stands between two parentheses, the first of them passed."""
        self.depth += 1
        if self.depth > DEEPEST:
            not_carried(f"it nests more than {DEEPEST} deep")
        found = self.joined("any")
        self.expect(")")
        self.depth -= 1
        return found

    def call(self, word: str) -> Part:
        self.expect("(")
        if word in {"true", "false"}:
            self.expect(")")
            return Constant(word == "true")
        if word == "not":
            found: Part = Not(self.inside())
            return found
        if word not in {"selected", "count-selected"}:
            not_carried(f"{word}() is not understood")
        kind, name = self.take()
        if kind != "reference":
            not_carried(f"{word}() looks at something else than a question")
        if word == "selected":
            self.expect(",")
            kind, choice = self.take()
            if kind not in {"text", "number"}:
                not_carried("selected() looks for something else than a choice")
            found = Picked(_name(name), _literal(choice))
        self.expect(")")
        if word == "count-selected":
            operator, literal = self.take()[1], self.take()[1]
            found = Counted(_name(name), operator, literal)
        return found

    def comparison(self, reference: str) -> Part:
        operator = self.take()[1]
        if operator not in OPPOSITE:
            not_carried(f"{operator} is not understood there")
        kind, literal = self.take()
        if (kind, literal) == ("word", "date"):
            self.expect("(")
            kind, literal = self.take()
            self.expect(")")
        if kind not in {"text", "number"}:
            not_carried(f"{_name(reference)} is compared with something else than a value")
        return Look(_name(reference), operator, _literal(literal))


def _name(reference: str) -> str:
    if "last-saved#" in reference:
        not_carried("it looks at the answer of an earlier form")
    return references(reference)[0]


def _literal(token: str) -> str:
    return token[1:-1] if token[0] in "'\"" else token
