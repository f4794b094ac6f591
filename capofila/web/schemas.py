"""A refusal in the JSON of the API."""

from datetime import datetime
from typing import Any

from ninja import Schema

from capofila.lib.problems import Problem
from capofila.web.words import in_words


class ProblemOut(Schema):
    code: str
    sentence: str
    facts: dict[str, str]


class Problems(Schema):
    problems: list[ProblemOut]
    now: datetime


REFUSALS: dict[Any, Any] = dict.fromkeys((401, 403, 404, 405, 409, 410, 413, 422, 500), Problems)


def problem_json(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "sentence": in_words(problem), "facts": problem.facts}
