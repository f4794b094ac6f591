"""What a priority weighs, and by which figures it judges what a firm can do.

Each factor of a priority is a share 0 to 1 raised to a whole exponent: 0 leaves it out, 1 counts
it, 2 counts it twice. Defaults stand in data/weights.yaml; a report prints what it used. In words,
with numbers worked out: docs/rules/priorities.md
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from capofila.companies.rules.size import CLASSES
from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem
from capofila.lib.sources import Node

FACTORS = ("gap", "relevance", "peers", "feasibility")
KEYS = ("exponents", "relevance_otherwise", "open_prerequisite", "half_way", "size_unknown")
MOST = 4  # the largest exponent


@dataclass(frozen=True)
class HalfWay:
    """The figures at which an action is half as feasible as one that takes nothing."""

    cents: int  # money to others
    days: int  # working days of the firm's own people


@dataclass(frozen=True)
class Weights:
    exponents: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(FACTORS, 1))
    relevance_otherwise: Fraction = Fraction(1, 2)  # of an action that serves none of the firm's goals
    open_prerequisite: Fraction = Fraction(4, 5)  # for each action that must be finished first
    half_way: Mapping[str, HalfWay] = field(default_factory=dict)  # by size class
    size_unknown: str = "small"  # the class whose figures hold where the size is not known

    def of_size(self, size: str | None) -> HalfWay:
        return self.half_way[size or self.size_unknown]


def read_weights(tree: Node, file: str, problems: list[Problem]) -> Weights:
    """The weights as far as they can be read; what is wrong is added to `problems`."""
    return _WeightsReader(file, "weights", problems).read(tree)


class _WeightsReader(Checker):
    def read(self, tree: Node) -> Weights:
        keys = self.mapping(tree, KEYS, KEYS)
        exponents = self.mapping(keys.get("exponents", Node({})), FACTORS, FACTORS, "exponents")
        sizes = self.mapping(keys.get("half_way", Node({})), CLASSES, CLASSES, "half_way")
        return Weights(
            exponents={
                name: self.whole(node, joined("exponents", name), MOST) for name, node in exponents.items()
            },
            relevance_otherwise=self.share(keys.get("relevance_otherwise"), "relevance_otherwise"),
            open_prerequisite=self.share(keys.get("open_prerequisite"), "open_prerequisite"),
            half_way={size: self.half_way(node, joined("half_way", size)) for size, node in sizes.items()},
            size_unknown=self.choice(keys.get("size_unknown"), "size_unknown", CLASSES, default="small"),
        )

    def whole(self, node: Node, key: str, most: int) -> int:
        if node.integer is None or not 0 <= node.integer <= most:
            self.expected(f"a whole number from 0 to {most}", node, key, "whole-number")
            return 1
        return node.integer

    def share(self, node: Node | None, key: str) -> Fraction:
        if node is None or node.number is None or not 0 < node.number <= 1:
            if node is not None:
                self.expected("a share above 0, at most 1", node, key, "share")
            return Fraction(1)
        return Fraction(node.number)

    def half_way(self, node: Node, key: str) -> HalfWay:
        keys = self.mapping(node, ("cost_eur", "days"), ("cost_eur", "days"), key)
        euros, days = keys.get("cost_eur"), keys.get("days")
        for part in (euros, days):
            if part is not None and (part.integer is None or part.integer < 1):
                self.expected("a whole number above 0", part, key, "whole-number")
                return HalfWay(1, 1)
        return HalfWay((euros.integer or 1) * 100 if euros else 1, (days.integer or 1) if days else 1)
