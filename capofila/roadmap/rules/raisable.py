"""Whether any answers at all raise an action.

A condition is written out as alternatives, each a set of tests that must hold together; an
alternative is possible when the tests on each question leave it a value. The question an action
lifts must be answered below the level it is lifted to, and be shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product

from capofila.instruments.rules.shape import LEVELS, Condition, Instrument, Question, Test
from capofila.roadmap.rules.shape import Action

Alternative = tuple[Test, ...]
MOST = 10_000  # alternatives looked at; beyond, an action counts as raised


def by_some_answer(instrument: Instrument, action: Action) -> bool:
    """Whether in some profile of the action a lifted question can call for it."""
    profiles: tuple[str | None, ...] = action.when.profiles or tuple(instrument.profiles) or (None,)
    for profile in profiles:
        shown = {question.code: question for question in instrument.applicable(profile)}
        for code, lift in action.lifts.items():
            question = shown.get(code)
            if question is None:
                continue
            called = Condition(
                "all",
                (
                    Test(code, "at_least", str(lift.low)),
                    Test(code, "at_most", str(lift.high - 1)),
                    *((action.when.answers,) if action.when.answers else ()),
                ),
            )
            if _possible(called, shown):
                return True
    return False


def _possible(condition: Condition, shown: dict[str, Question]) -> bool:
    """Whether some answers to the questions shown meet a condition, and show what it looks at."""
    for count, alternative in enumerate(_alternatives(_with_showing(condition, shown))):
        if count == MOST or _consistent(alternative, shown):
            return True
    return False


def _with_showing(condition: Condition, shown: dict[str, Question]) -> Condition:
    """The condition, joined with those under which the questions it looks at are shown."""
    seen: dict[str, Condition] = {}
    waiting = list(condition.questions())
    while waiting:
        question = shown.get(waiting.pop())
        if question is not None and question.shown_when is not None and question.code not in seen:
            seen[question.code] = question.shown_when
            waiting.extend(question.shown_when.questions())
    # Those inside an alternative that is not taken are asked for too: rare, and only stricter.
    return Condition("all", (condition, *seen.values()))


def _alternatives(part: Test | Condition) -> Iterator[Alternative]:
    if isinstance(part, Test):
        yield (part,)
    elif part.join == "any":
        for test in part.tests:
            yield from _alternatives(test)
    else:
        for chosen in product(*([*_alternatives(test)] for test in part.tests)):
            yield tuple(test for alternative in chosen for test in alternative)


def _consistent(tests: Iterable[Test], shown: dict[str, Question]) -> bool:
    by_question: dict[str, list[Test]] = defaultdict(list)
    for test in tests:
        by_question[test.question].append(test)
    return all(code in shown and _has_value(shown[code], looks) for code, looks in by_question.items())


def _has_value(question: Question, tests: list[Test]) -> bool:
    """Whether one answer meets all tests; items ticked never exclude each other."""
    if question.type == "ticks":
        return True
    exact = {test.operand for test in tests if test.operator == "is"}
    if question.type not in {"level", "integer", "decimal"}:
        return len(exact) <= 1
    least = [Decimal(test.operand) for test in tests if test.operator == "at_least"]
    most = [Decimal(test.operand) for test in tests if test.operator == "at_most"]
    values = {Decimal(operand) for operand in exact}
    if question.type == "level":
        candidates: Iterable[Decimal] = map(Decimal, LEVELS)
    else:
        candidates = values or {*least, *most} or {Decimal(0)}
        if question.type == "integer":
            candidates = {edge for value in candidates for edge in (value // 1, -(-value // 1))}
    return any(
        all(value >= edge for edge in least)
        and all(value <= edge for edge in most)
        and all(value == other for other in values)
        for value in candidates
    )
