"""What a consultant pins holds, or says which conflict it is in."""

import pytest

from capofila.lib.problems import Problem, Refused
from capofila.roadmap.rules import pins
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.schedule import Wishes
from capofila.roadmap.tests.builders import make_task

TASKS = [
    make_task("a.base", cents=100_00, days=4, quarters=2),
    make_task("a.middle", cents=200_00, days=4, quarters=1, after=("a.base",)),
    make_task("a.top", cents=300_00, days=4, quarters=4, after=("a.middle",)),
    make_task("b.side", cents=600_00, days=7),
]
NO_LIMITS = Limits()


def refusals(wishes: Wishes, limits: Limits = NO_LIMITS) -> dict[str, dict[str, str]]:
    """Code -> facts of every conflict."""
    try:
        pins.check(TASKS, limits, wishes)
    except Problem as problem:
        return {problem.code: problem.facts}
    except Refused as refused:
        return {problem.code: problem.facts for problem in refused.problems}
    return {}


@pytest.mark.parametrize(
    ("wishes", "limits", "code", "facts"),
    [
        (Wishes({"b.side": 0}), NO_LIMITS, "roadmap.pin-quarter", {"quarter": "0"}),
        (Wishes({"b.side": 13}), NO_LIMITS, "roadmap.pin-quarter", {"quarter": "13"}),
        (Wishes({"c.other": 1}), NO_LIMITS, "roadmap.pin-not-raised", {"action": "c.other"}),
        (
            Wishes({"b.side": 1}, frozenset({"b.side"})),
            NO_LIMITS,
            "roadmap.pin-excluded",
            {"action": "b.side"},
        ),
        (Wishes({"a.top": 10}), NO_LIMITS, "roadmap.pin-end", {"latest": "9"}),
        (
            Wishes({"a.base": 2}, begun=frozenset({"a.base"})),
            NO_LIMITS,
            "roadmap.pin-begun",
            {"quarter": "2"},
        ),
        (Wishes({"a.middle": 2}), NO_LIMITS, "roadmap.pin-prerequisite", {"before": "a.base", "free": "3"}),
        (Wishes({"a.top": 3}), NO_LIMITS, "roadmap.pin-prerequisite", {"before": "a.middle", "free": "4"}),
        (
            Wishes({"a.top": 5, "a.base": 4}),
            NO_LIMITS,
            "roadmap.pin-prerequisite",
            {"before": "a.middle", "free": "7"},
        ),
        (
            Wishes({"a.top": 5}, frozenset({"a.base"})),
            NO_LIMITS,
            "roadmap.pin-prerequisite-excluded",
            {"before": "a.base"},
        ),
        (
            Wishes({"b.side": 1}),
            Limits(1200_00),
            "roadmap.pin-budget",
            {"quarter": "1", "cost": "600.00", "free": "100.00"},
        ),
        (Wishes({"a.top": 4}), Limits(1200_00), "roadmap.pin-budget", {"quarter": "4", "cost": "600.00"}),
        (
            Wishes({"a.middle": 3, "b.side": 3}),
            Limits(None, 10),
            "roadmap.pin-days",
            {"days": "11", "free": "10"},
        ),
    ],
)
def test_a_conflict_is_named_with_its_facts(
    wishes: Wishes, limits: Limits, code: str, facts: dict[str, str]
) -> None:
    found = refusals(wishes, limits)

    assert facts.items() <= found.get(code, {}).items(), found


def test_every_conflict_is_said_at_once() -> None:
    assert set(refusals(Wishes({"b.side": 99, "a.top": 10, "c.other": 1}))) == {
        "roadmap.pin-quarter", "roadmap.pin-end", "roadmap.pin-not-raised",
    }  # fmt: skip


def test_pins_that_leave_no_room_for_what_comes_before_are_named_and_no_others() -> None:
    full = [make_task(f"b.{quarter}", days=10) for quarter in (1, 2, 3)]
    tasks = [*TASKS, *full]
    wishes = Wishes({"b.1": 1, "b.2": 2, "b.3": 3, "a.middle": 4, "b.side": 9})

    with pytest.raises(Problem) as refused:
        pins.check(tasks, Limits(days_per_quarter=10), wishes)

    assert refused.value.code == "roadmap.pins-together"
    assert refused.value.facts["actions"] == "b.1:1, b.2:2, a.middle:4"


@pytest.mark.parametrize(
    ("wishes", "limits"),
    [
        (Wishes({"a.top": 9, "a.base": 6, "b.side": 12}), NO_LIMITS),
        (Wishes({"a.top": 4}, begun=frozenset({"a.base"})), NO_LIMITS),
        (Wishes({"a.top": 6}), Limits(1200_00, 4)),
        (Wishes({"a.middle": 5}, frozenset({"a.top"})), NO_LIMITS),
        (Wishes({"a.middle": 5}, frozenset({"a.base"}), frozenset({"a.base"})), NO_LIMITS),
    ],
)
def test_pins_that_can_hold_are_taken(wishes: Wishes, limits: Limits) -> None:
    assert refusals(wishes, limits) == {}
