"""Conditions on answers, wherever a file states one: before a question, before an improvement action.

A condition is `all` or `any` with a list of tests or of further conditions. Which questions it
may look at is for the caller to check.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, cast

from capofila.instruments.rules.shape import Condition, Question, Test
from capofila.lib import sources
from capofila.lib.checking import Checker
from capofila.lib.problems import gettext_noop
from capofila.lib.sources import Node

OPERATORS = ("at_least", "at_most", "is", "includes")


class ConditionReader(Checker):
    """Reads conditions; a room's own reader derives from it."""

    def condition(self, node: Node, key: str) -> Condition | None:
        """`all` or `any` with tests or further conditions; None, and a problem, where it is not one."""
        keys = self.mapping(node, ("any", "all"), key=key)
        if len(keys) != 1:
            self.expected("one of any or all, with a list of tests", node, key, "condition")
            return None
        join, tests = next(iter(keys.items()))
        read = [self.test(item, key) for item in self.sequence(tests, key)]
        if not read:
            self.expected("at least one test", node, key, "condition")
        return Condition(cast(Literal["any", "all"], join), tuple(test for test in read if test is not None))

    def test(self, node: Node, key: str) -> Test | Condition | None:
        if node.mapping is not None and set(node.mapping) & {"any", "all"}:
            return self.condition(node, key)
        keys = self.mapping(node, ("question", *OPERATORS), ("question",), key)
        operators = [operator for operator in OPERATORS if operator in keys]
        if len(operators) != 1:
            self.expected("exactly one of " + ", ".join(OPERATORS), node, key, "condition")
            return None
        operand = keys[operators[0]]
        if operators[0] in {"at_least", "at_most"} and operand.number is None:
            self.expected("a number", operand, key, "condition")
            return None
        return Test(
            self.text(keys.get("question"), key),
            cast(Literal["at_least", "at_most", "is", "includes"], operators[0]),
            self.text(operand, key),
        )

    def check_operand(self, test: Test, asked: Question | None, node: Node, key: str) -> None:
        """Whether a test compares with something the question it looks at can be answered."""
        if asked is None:
            return
        numeric = asked.type in {"level", "integer", "decimal"}
        if test.operator in {"at_least", "at_most"} and not numeric:
            self.add(
                "condition-type",
                gettext_noop("{operator} cannot look at {code}, of type {type}; expected a number."),
                node, key, operator=test.operator, code=asked.code, type=asked.type,
            )  # fmt: skip
        if test.operator == "is" and asked.type in {"ticks", "matrix", "scale", "tristate"}:
            self.add(
                "condition-type",
                gettext_noop("{operator} cannot look at {code}, of type {type}; expected one value."),
                node, key, operator=test.operator, code=asked.code, type=asked.type,
            )  # fmt: skip
        if test.operator == "is" and numeric and sources.decimal(test.operand) is None:
            self.expected("a number", Node(test.operand, node.line), key, "condition")
        if (test.operator == "includes" and (asked.type != "ticks" or test.operand not in asked.items)) or (
            test.operator == "is" and asked.type == "choice" and test.operand not in asked.items
        ):
            self.unknown("condition-item", test.operand, asked.items, node, key)


def tests_of(condition: Condition | None) -> Iterator[Test]:
    """Every test of a condition, those of the conditions inside it too."""
    for test in condition.tests if condition else ():
        if isinstance(test, Condition):
            yield from tests_of(test)
        else:
            yield test


def circle(start: str, looks: Mapping[str, Sequence[str]]) -> list[str] | None:
    """The way from a question back to itself through conditions, or None."""
    ways = [[start, code] for code in looks.get(start, ())]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend([*way, code] for code in looks.get(way[-1], ()))
    return None
