"""Answers to the small instrument and to the Commission's, valid and complete."""

from collections.abc import Mapping
from typing import cast

from capofila.assessments.rules.answers import Answer, Answers, Value
from capofila.instruments import library
from capofila.instruments.rules.shape import TRISTATE, Instrument, Question

SME = library.load("eu-dma-sme")
PSO = library.load("eu-dma-pso")


def answers(**values: Value) -> dict[str, Answer]:
    """Answers by question code, written `ord_plan` for `ord.plan`."""
    return {code.replace("_", "."): Answer(value) for code, value in values.items()}


def everything(instrument: Instrument, negative: bool = False) -> dict[str, Answer]:
    """The best answer to each question; negative items are ticked only when asked for."""
    return {question.code: Answer(best(question, negative)) for question in instrument.questions}


def nothing(instrument: Instrument) -> dict[str, Answer]:
    """The lowest answer to each question: nothing ticked, all 0, all No."""
    return {question.code: Answer(lowest(question)) for question in instrument.questions}


def best(question: Question, negative: bool = False) -> Value:
    if question.type == "level":
        return 5
    if question.type == "ticks":
        return tuple(item for item in question.items if negative or item not in question.negative)
    if question.type == "matrix":
        return dict.fromkeys(question.rows, question.columns)
    return rows(question, 5, TRISTATE[-1])


def lowest(question: Question) -> Value:
    if question.type == "level":
        return 1
    if question.type == "ticks":
        return ()
    if question.type == "matrix":
        return dict.fromkeys(question.rows, ())
    return rows(question, 0, TRISTATE[0])


def rows(question: Question, number: int, word: str) -> Value:
    if question.type == "scale":
        return dict.fromkeys(question.rows, number)
    return dict.fromkeys(question.rows, word)


def changed(given: Answers, code: str, value: Value) -> dict[str, Answer]:
    """The same answers, one of them replaced."""
    return {**given, code: Answer(value)}


def with_row(given: Answers, code: str, row: str, cell: object) -> dict[str, Answer]:
    """The same answers, one row of one of them replaced."""
    value = given[code].value
    assert isinstance(value, Mapping)
    return changed(given, code, cast(Value, {**value, row: cell}))
