import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from capofila.reports import frozen
from capofila.reports.rules.changes import Changes, between
from capofila.reports.tests.test_frozen import whole


@pytest.fixture(scope="module")
def then() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(frozen.written(whole()))
    return said


def test_what_is_the_same_has_not_changed(then: dict[str, Any]) -> None:
    now = json.loads(json.dumps(frozen.data(whole())))

    assert between(then, now) == Changes()
    assert not between(then, now)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda now: _own(now)["answers"].update({"str.costing": {"value": 5}}), Changes(("str.costing",))),
        (lambda now: _own(now)["answers"].pop("prd.scheduling"), Changes(("prd.scheduling",))),
        (lambda now: now["assessments"].update(european=None), Changes(others=True)),  # it had no answers
        (lambda now: _own(now).update(day="2026-05-01"), Changes(others=True)),
        (lambda now: now.update(unconfirmed=7), Changes(others=True)),
        (lambda now: now["versions"]["instruments"].update({"other@1.0": {"version": "1.0"}}), Changes()),
        (lambda now: now["texts"].pop("summary"), Changes(texts=("summary",))),
        (lambda now: now["texts"].update({"area.str.lead": "New."}), Changes(texts=("area.str.lead",))),
        (lambda now: _own(now)["evidence"].pop(), Changes(evidence=True)),
        (lambda now: now["company"].update(size="medium"), Changes(company=True)),
        (lambda now: now.update(roadmap=None), Changes(roadmap=True)),
        (lambda now: now["benchmark"].update(cohort="2026q2"), Changes(benchmark=True)),
        (lambda now: now["assessments"].update(before=None), Changes(before=True)),
        (lambda now: now["versions"].update(program="0"), Changes(program=True)),
    ],
)
def test_each_thing_that_changes_is_named(
    then: dict[str, Any], change: Callable[[dict[str, Any]], object], expected: Changes
) -> None:
    now = copy.deepcopy(then)
    change(now)

    assert between(then, now) == expected
    assert bool(between(then, now)) == bool(expected)


def _own(now: dict[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = now["assessments"]["own"]
    return own
