"""The conditions that run in the page say what the Python says, on generated questionnaires and answers."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from capofila.assessments.page_facts import condition_json
from capofila.assessments.rules.answers import Answer, Value
from capofila.assessments.rules.interview import visible
from capofila.assessments.tests.builders import SME
from capofila.instruments.rules.shape import Condition, Instrument, Question
from capofila.instruments.rules.shape import Test as Look

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCRIPT = Path(__file__).parents[2] / "capofila" / "assessments" / "static" / "assessments" / "conditions.js"
CASES = 2_000
OPERATORS = ("at_least", "at_most", "is", "includes")
NUMBERS = ("1", "2", "3", "3.0", "0.1", "-2.50", "1e2")
WORDS = ("1", "a", "b", "yes", "2026-03-02")
TYPES = ("level", "integer", "decimal", "choice", "text", "ticks", "date")


def some_value(chance: random.Random, type_: str) -> Value:
    if type_ in {"level", "integer"}:
        return chance.choice((1, 2, 3, 4, 5))
    if type_ == "decimal":
        return Decimal(chance.choice(("0.1", "0.10", "2", "-2.5", "100", "1E+2", "3.000000000000000001")))
    if type_ == "ticks":
        return tuple(item for item in ("a", "b", "1") if chance.random() < 0.5)
    return chance.choice(("a", "b", "1", "yes", "2026-03-02"))


def some_condition(chance: random.Random, earlier: list[Question], depth: int = 0) -> Condition:
    def look() -> Look | Condition:
        if depth < 2 and chance.random() < 0.25:
            return some_condition(chance, earlier, depth + 1)
        operator: Any = chance.choice(OPERATORS)
        question = chance.choice(earlier)
        is_number = question.type in {"level", "integer", "decimal"}
        return Look(question.code, operator, chance.choice(NUMBERS if is_number else WORDS))

    join: Any = chance.choice(("all", "any"))
    return Condition(join, tuple(look() for _ in range(chance.randint(1, 3))))


def case(seed: int) -> tuple[Instrument, dict[str, Answer]]:
    chance = random.Random(seed)
    questions: list[Question] = []
    for place in range(6):
        when = some_condition(chance, list(questions)) if questions and chance.random() < 0.7 else None
        type_: Any = chance.choice(TYPES)
        questions.append(Question(f"q{place}", "a", type_, shown_when=when))
    answers = {
        question.code: Answer(reason="none")
        if chance.random() < 0.2
        else Answer(some_value(chance, question.type))
        for question in questions
        if chance.random() < 0.8
    }
    return Instrument("x", "1", "", SME.low, SME.high, ("a",), tuple(questions)), answers


def as_page_has_it(instrument: Instrument, answers: dict[str, Answer]) -> list[Any]:
    questions = [
        {
            "code": question.code,
            "type": question.type,
            "shown_when": None if question.shown_when is None else condition_json(question.shown_when),
        }
        for question in instrument.questions
    ]
    told = {}
    for code, answer in answers.items():
        value = answer.value
        kept = (
            list(value)
            if isinstance(value, tuple)
            else value
            if isinstance(value, int | None)
            else str(value)
        )
        told[code] = {"applicable": answer.applicable, "value": kept}
    return [questions, told]


def test_page_and_server_show_the_same_questions(browser: Browser) -> None:
    cases = [case(seed) for seed in range(CASES)]
    page = browser.new_page()
    page.goto("about:blank")
    page.add_script_tag(path=SCRIPT)

    shown = page.evaluate(
        "cases => cases.map(([questions, answers]) => [...capofila.visible(questions, answers)])",
        [as_page_has_it(*one) for one in cases],
    )

    expected = [[found.code for found in visible(one, None, answers)] for one, answers in cases]
    assert shown == expected
    assert len({len(found) for found in expected}) > 3
