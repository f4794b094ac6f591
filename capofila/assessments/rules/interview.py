"""Which questions an interview shows: those of the profile whose conditions hold."""

from collections.abc import Mapping
from decimal import Decimal

from capofila.assessments.rules.answers import Answer, Answers
from capofila.instruments.rules.shape import Condition, Instrument, Question, Test


def visible(instrument: Instrument, profile: str | None, answers: Answers) -> tuple[Question, ...]:
    """The questions to answer, in order.

    A test looks at an earlier question and is false while that one is unanswered, not applicable
    or itself hidden.
    """
    shown: dict[str, Question] = {}
    for question in instrument.applicable(profile):
        if question.shown_when is None or holds(question.shown_when, shown, answers):
            shown[question.code] = question
    return tuple(shown.values())


def holds(condition: Condition, shown: Mapping[str, Question], answers: Answers) -> bool:
    """Whether a condition is true of the answers to the questions `shown`, by code."""
    results = (
        holds(test, shown, answers) if isinstance(test, Condition) else _true(test, shown, answers)
        for test in condition.tests
    )
    return all(results) if condition.join == "all" else any(results)


def _true(test: Test, shown: Mapping[str, Question], answers: Answers) -> bool:
    answer = answers.get(test.question)
    if test.question not in shown or answer is None or not answer.applicable:
        return False
    return _compares(test, answer)


def _compares(test: Test, answer: Answer) -> bool:
    value = answer.value
    if test.operator == "includes":
        return isinstance(value, tuple) and test.operand in value
    if not isinstance(value, int | Decimal):
        return test.operator == "is" and str(value) == test.operand
    operand = Decimal(test.operand)
    return {"is": value == operand, "at_least": value >= operand, "at_most": value <= operand}[test.operator]
