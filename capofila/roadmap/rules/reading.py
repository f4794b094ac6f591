"""From the trees of an area's actions to `Action`s.

Every mistake is collected with its file, line and code: codes that are a question's or of another
area, unknown questions, goals, technologies and service areas, levels and figures out of range,
conditions that no answer can be compared with. What concerns several files (prerequisites,
coverage) is checked by `checks`, words are read by `wording`. The format in words: docs/formats.md.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from capofila.instruments.rules.conditions import ConditionReader, tests_of
from capofila.instruments.rules.shape import LEVELS, Condition, Instrument
from capofila.lib.checking import joined
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node
from capofila.roadmap.rules.shape import LONGEST, Action, Lift, When

CODE = re.compile(r"[a-z0-9]+\.[a-z0-9]+(-[a-z0-9]+)+")
REQUIRED = ("lifts", "goals", "days", "cost_eur", "quarters", "service_areas")
KEYS = (*REQUIRED, "when", "after", "technologies")
MOST_LIFTS, MOST_GOALS, MOST_TECHNOLOGIES, MOST_DAYS = 4, 3, 3, 60
DEAREST = 10_000_000  # euros


@dataclass(frozen=True)
class Known:
    """What an action may name."""

    instrument: Instrument
    goals: Collection[str]
    technologies: Collection[str]
    service_areas: Collection[str]
    sizes: Collection[str]


@dataclass(frozen=True)
class Placed:
    """An action and where it stands."""

    action: Action
    file: str
    node: Node


def read_area(area: str, tree: Node, file: str, known: Known, problems: list[Problem]) -> list[Placed]:
    """The actions of one area as far as they can be read; what is wrong is added to `problems`."""
    return list(_ActionsReader(area, file, known, problems).read(tree))


class _ActionsReader(ConditionReader):
    def __init__(self, area: str, file: str, known: Known, problems: list[Problem]) -> None:
        super().__init__(file, "actions", problems)
        self.area = area
        self.known = known

    def read(self, tree: Node) -> Iterator[Placed]:
        for code, node in self.mapping(tree).items():
            keys = self.mapping(node, KEYS, REQUIRED, code)
            self.check_code(code, node)
            low, high = self.cost(keys.get("cost_eur"), joined(code, "cost_eur"))
            action = Action(
                code=code,
                lifts=self.lifts(keys.get("lifts"), joined(code, "lifts")),
                days=self.whole(keys.get("days"), joined(code, "days"), MOST_DAYS),
                low_cents=low,
                high_cents=high,
                quarters=self.whole(keys.get("quarters"), joined(code, "quarters"), LONGEST),
                goals=self.named(keys.get("goals"), joined(code, "goals"), "goal", MOST_GOALS, least=1),
                after=self.codes(keys.get("after"), joined(code, "after")),
                technologies=self.named(
                    keys.get("technologies"), joined(code, "technologies"), "technology", MOST_TECHNOLOGIES
                ),
                service_areas=self.named(
                    keys.get("service_areas"), joined(code, "service_areas"), "service-area", 3, least=1
                ),
                when=self.when(keys["when"], joined(code, "when")) if "when" in keys else When(),
            )
            yield Placed(action, self.file, node)

    def check_code(self, code: str, node: Node) -> None:
        if not CODE.fullmatch(code) or not code.startswith(f"{self.area}."):
            self.add(
                "code",
                gettext_noop("The code is {code}; expected {area}. and two words or more in kebab case."),
                node,
                code,
                code=code,
                area=self.area,
            )
        if code in self.known.instrument.by_code:
            self.add(
                "code-of-question",
                gettext_noop("{code} is the code of a question; expected a code of its own."),
                node,
                code,
                code=code,
            )

    def lifts(self, node: Node | None, key: str) -> dict[str, Lift]:
        if node is None:
            return {}
        found = {}
        questions = self.known.instrument.by_code
        for code, levels in self.mapping(node, key=key).items():
            question = questions.get(code)
            if question is None:
                self.unknown("unknown-question", code, questions, levels, key)
            elif question.type != "level":
                self.add(
                    "lift-type",
                    gettext_noop("{code} is of type {type}; expected a question with levels."),
                    levels,
                    key,
                    code=code,
                    type=question.type,
                )
            lift = self.lift(levels, joined(key, code))
            if lift is not None and question is not None:
                found[code] = lift
        if not 1 <= len(node.mapping or {}) <= MOST_LIFTS:
            self.expected(f"one to {MOST_LIFTS} questions", node, key, "lifts")
        return found

    def lift(self, node: Node, key: str) -> Lift | None:
        levels = [item.integer for item in self.sequence(node, key)]
        low, high = levels if len(levels) == 2 else (None, None)
        if low is None or high is None:
            self.expected("two levels such as [1, 3]", node, key, "levels")
            return None
        if not LEVELS[0] <= low < high <= LEVELS[-1]:
            self.add(
                "levels",
                gettext_noop("The levels are {low} and {high}; expected 1 to 5, the lower first."),
                node,
                key,
                low=low,
                high=high,
            )
            return None
        return Lift(low, high)

    def cost(self, node: Node | None, key: str) -> tuple[int, int]:
        """The range in whole cents."""
        euros = [item.integer for item in self.sequence(node, key)]
        low, high = euros if len(euros) == 2 else (None, None)
        if low is None or high is None or not 0 <= low <= high <= DEAREST:
            if node is not None:
                self.expected("two whole numbers of euros, the lower first", node, key, "cost")
            return 0, 0
        return low * 100, high * 100

    def whole(self, node: Node | None, key: str, most: int) -> int:
        if node is None:
            return 1
        number = node.integer
        if number is None or not 1 <= number <= most:
            self.expected(f"a whole number from 1 to {most}", node, key, "whole-number")
            return 1
        return number

    def named(
        self, node: Node | None, key: str, kind: str, most: int | None = None, *, least: int = 0
    ) -> tuple[str, ...]:
        """Codes of one kind, each known; at least `least` and at most `most` of them."""
        choices = {
            "goal": self.known.goals,
            "technology": self.known.technologies,
            "service-area": self.known.service_areas,
            "size": self.known.sizes,
            "profile": self.known.instrument.profiles,
        }[kind]
        found = []
        for code, item in self.placed_codes(node, key):
            if code in choices:
                found.append(code)
            else:
                self.unknown("unknown-name", code, choices, item, key)
        given = len(node.items or []) if node is not None else least
        if given < least or (most is not None and given > most):
            wanted = f"at least {least}" if given < least else f"at most {most}"
            self.expected(wanted, node or Node([]), key, "count")
        return tuple(found)

    def when(self, node: Node, key: str) -> When:
        keys = self.mapping(node, ("profiles", "sizes", "goals", "answers"), key=key)
        answers = keys.get("answers")
        return When(
            profiles=self.named(keys.get("profiles"), joined(key, "profiles"), "profile"),
            sizes=self.named(keys.get("sizes"), joined(key, "sizes"), "size"),
            goals=self.named(keys.get("goals"), joined(key, "goals"), "goal"),
            answers=self.looks_at_answers(answers, joined(key, "answers")) if answers is not None else None,
        )

    def looks_at_answers(self, node: Node, key: str) -> Condition | None:
        condition = self.condition(node, key)
        questions = self.known.instrument.by_code
        for test in tests_of(condition):
            if test.question not in questions:
                self.unknown("unknown-question", test.question, questions, node, key)
            self.check_operand(test, questions.get(test.question), node, key)
        return condition
