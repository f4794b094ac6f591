"""Conditions as XLSForm writes them: the part of XPath that ours can say, both ways.

`${staff} >= 10 and selected(${uses}, 'plans')` is `all` of two tests. In an XForm a question without
an answer is an empty text; a test of ours is false while its question is unanswered. The two differ
in `!=` and `not` alone, which are therefore marked (`Relevant.unanswered`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor

from capofila.instruments.rules.shape import LEVELS, Condition, Test, Type
from capofila.instruments.rules.xlsform.xpath import (
    OPPOSITE,
    Constant,
    Counted,
    Join,
    Not,
    Part,
    Picked,
    not_carried,
    parse,
)
from capofila.lib import sources

COMPARES: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
STRAIGHT = {"’": "'", "‘": "'", "“": '"', "”": '"'}  # XLSForm tools straighten quotation marks


class UnknownChoiceError(Exception):
    """The expression looks for a choice that its question does not have: (question, choice)."""


@dataclass(frozen=True)
class Asked:
    """A question as expressions see it; `choices`: names in the form -> items, or levels as text."""

    name: str
    code: str
    type: Type
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Relevant:
    condition: Condition | None  # None: always shown
    unanswered: bool  # true in the form while its questions are unanswered, and false here


def read_relevant(text: str, asked: Mapping[str, Asked]) -> Relevant:
    """The condition an expression states; `asked`: the questions it may look at, by name in the form.

    Raises `NotCarriedError` for what conditions cannot say, `UnknownChoiceError` for an unknown choice.
    """
    part = parse(text)
    if part == Constant(True):
        return Relevant(None, unanswered=False)
    reader = _Reader(asked)
    read = reader.part(part, negated=False)
    condition = read if isinstance(read, Condition) else Condition("all", (read,))
    return Relevant(condition, reader.unanswered)


class _Reader:
    """From the parts of an expression to tests; `not` is pushed down to them."""

    def __init__(self, asked: Mapping[str, Asked]) -> None:
        self.asked = asked
        self.unanswered = False

    def part(self, part: Part, *, negated: bool) -> Test | Condition:
        if isinstance(part, Not):
            return self.part(part.part, negated=not negated)
        if isinstance(part, Join):
            join = part.join if not negated else "any" if part.join == "all" else "all"
            return Condition(join, tuple(self.part(inner, negated=negated) for inner in part.parts))
        if isinstance(part, Constant):
            not_carried("true() or false() decides it")
        asked = self.asked[part.name]
        if isinstance(part, Picked):
            return self.picked(asked, part.choice, negated)
        if isinstance(part, Counted):
            return _any_item(asked, part, negated)
        operator = OPPOSITE[part.operator] if negated else part.operator
        if part.literal and (negated or operator == "!="):
            self.unanswered = True
        return _compared(asked, operator, part.literal)

    def picked(self, asked: Asked, choice: str, negated: bool) -> Test | Condition:
        if asked.type == "ticks":
            if choice not in asked.choices:
                raise UnknownChoiceError(asked.name, choice)
            if negated:
                not_carried(f"it asks that something of {asked.name} is not ticked")
            return Test(asked.code, "includes", asked.choices[choice])
        if asked.type not in {"choice", "level"}:
            not_carried(f"selected() looks at {asked.name}, which has no choices")
        self.unanswered = self.unanswered or negated
        return _compared(asked, "!=" if negated else "=", choice)


def _any_item(asked: Asked, part: Counted, negated: bool) -> Condition:
    """Something is ticked."""
    operator = OPPOSITE.get(part.operator, "") if negated else part.operator
    if asked.type != "ticks" or (operator, part.literal) not in {(">", "0"), (">=", "1"), ("!=", "0")}:
        not_carried(f"it counts what is ticked of {part.name}")
    return Condition("any", tuple(Test(asked.code, "includes", item) for item in asked.choices.values()))


def _compared(asked: Asked, operator: str, literal: str) -> Test | Condition:
    if not literal and operator == "=":
        not_carried(f"it asks that {asked.name} is unanswered")
    if asked.type == "choice":
        return _one_of(asked.code, _holding(asked, operator, literal))
    if asked.type == "level":
        return _level(asked, operator, literal)
    if asked.type in {"text", "date"} and operator == "=":
        return Test(asked.code, "is", literal)
    number = sources.decimal(literal)
    if asked.type in {"integer", "decimal"} and number is not None:
        return _number(asked, operator, literal, number)
    return not_carried(f"{asked.name} is of a kind that cannot be compared so")


def _holding(asked: Asked, operator: str, literal: str) -> list[str]:
    """The items, or levels, for which a comparison holds."""
    if operator in {"=", "!="}:
        same = _named(asked, literal) if literal else None
        return [item for name, item in asked.choices.items() if (name == same) == (operator == "=")]
    numbers = {name: sources.decimal(name) for name in asked.choices}
    edge = sources.decimal(literal)
    if edge is None:
        not_carried(f"it compares {asked.name} with a text")
    found = []
    for name, item in asked.choices.items():
        number = numbers[name]
        if number is None:
            not_carried(f"it compares choices of {asked.name} that are no numbers")
        if COMPARES[operator](number, edge):
            found.append(item)
    return found


def _named(asked: Asked, literal: str) -> str:
    """The name of the choice a literal means: the same text, or the same number."""
    if literal in asked.choices:
        return literal
    number = sources.decimal(literal)
    for name in asked.choices:
        if number is not None and sources.decimal(name) == number:
            return name
    raise UnknownChoiceError(asked.name, literal)


def _one_of(code: str, items: Sequence[str]) -> Test | Condition:
    if not items:
        not_carried("it is never true")
    tests = tuple(Test(code, "is", item) for item in items)
    return tests[0] if len(tests) == 1 else Condition("any", tests)


def _level(asked: Asked, operator: str, literal: str) -> Test | Condition:
    direct = {">=": "at_least", "<=": "at_most"}.get(operator)
    named = all(name == level for name, level in asked.choices.items())
    if direct is not None and named and sources.decimal(literal) is not None:
        return Test(asked.code, "at_least" if direct == "at_least" else "at_most", literal)
    held = sorted(int(level) for level in _holding(asked, operator, literal))
    if len(held) > 1 and held[-1] == LEVELS[-1] and held[0] == LEVELS[-len(held)]:
        return Test(asked.code, "at_least", str(held[0]))
    if len(held) > 1 and held[0] == LEVELS[0] and held[-1] == LEVELS[len(held) - 1]:
        return Test(asked.code, "at_most", str(held[-1]))
    return _one_of(asked.code, [str(level) for level in held])


def _number(asked: Asked, operator: str, literal: str, number: Decimal) -> Test | Condition:
    if operator == ">=":
        return Test(asked.code, "at_least", literal)
    if operator == "<=":
        return Test(asked.code, "at_most", literal)
    if operator == "=":
        return Test(asked.code, "is", literal)
    if asked.type == "decimal":
        not_carried(f"{asked.name} may be any decimal number, and {operator} leaves out exactly one")
    above = Test(asked.code, "at_least", str(floor(number) + 1))
    below = Test(asked.code, "at_most", str(ceil(number) - 1))
    if operator == "!=":
        return Condition("any", (below, above))
    return above if operator == ">" else below


# The other way


def write_relevant(condition: Condition, asked: Mapping[str, Asked]) -> str:
    """The expression for a condition; `asked`: the questions by code."""
    parts = [
        f"({write_relevant(test, asked)})" if isinstance(test, Condition) else _written(test, asked)
        for test in condition.tests
    ]
    return (" and " if condition.join == "all" else " or ").join(parts)


def _written(test: Test, asked: Mapping[str, Asked]) -> str:
    question = asked[test.question]
    names = {item: name for name, item in question.choices.items()}
    reference = f"${{{question.name}}}"
    if test.operator == "includes":
        return f"selected({reference}, {_quoted(names.get(test.operand, test.operand))})"
    if test.operator in {"at_least", "at_most"}:
        return f"{reference} {'>=' if test.operator == 'at_least' else '<='} {_numeral(test.operand)}"
    if question.type in {"level", "integer", "decimal"}:
        return f"{reference} = {_numeral(test.operand)}"
    if question.type == "date":
        return f"{reference} = date({_quoted(test.operand)})"
    return f"{reference} = {_quoted(names.get(test.operand, test.operand))}"


def _numeral(operand: str) -> str:
    return operand.strip().removeprefix("+")


def _quoted(text: str) -> str:
    """An XPath text; one with both kinds of quotation marks is put together."""
    for mark in "'\"":
        if mark not in {STRAIGHT.get(character, character) for character in text}:
            return f"{mark}{text}{mark}"
    parts = re.split("(['‘’]+)", text)
    return "concat(" + ", ".join(f'"{p}"' if p[0] in "'‘’" else f"'{p}'" for p in parts if p) + ")"
