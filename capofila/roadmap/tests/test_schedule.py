"""Plans keep every limit, the proven ones equal brute force, and the same input makes the same plan."""

import os
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from capofila.roadmap.rules import greedy, optimal, pins
from capofila.roadmap.rules.placing import placed
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.schedule import (
    Frame,
    Ledger,
    Plan,
    Task,
    Wishes,
    broken,
    objective,
    released,
)  # fmt: skip
from capofila.roadmap.tests.builders import make_task

NO_LIMITS, NO_WISHES = Limits(), Wishes()


def planned(tasks: Sequence[Task], limits: Limits = NO_LIMITS, wishes: Wishes = NO_WISHES) -> Plan:
    """The proven plan, which the quick one is never above."""
    found = pins.check(tasks, limits, wishes)
    quick, best = greedy.plan(tasks, found), optimal.plan(tasks, found)
    for plan in (quick, best):
        assert broken(found, plan.starts) == []
        assert sorted([*plan.starts, *plan.left_out]) == sorted(task.code for task in tasks)
        assert plan.objective == objective({task.code: task for task in tasks}, plan.starts)
    assert quick.objective <= best.objective
    return best


def left_out(plan: Plan) -> dict[str, str]:
    return {code: reason.why for code, reason in plan.left_out.items()}


# Money


def test_a_twelfth_is_released_each_quarter_in_whole_cents_and_all_of_it_in_the_end() -> None:
    assert released(100_00)[:3] == (8_33, 16_66, 25_00)  # type: ignore[index]
    assert released(100_00)[-1] == 100_00  # type: ignore[index]
    assert released(None) is None


def test_what_is_not_spent_is_carried_forward() -> None:
    plan = planned([make_task("a.dear", cents=30_000_00)], Limits(budget_cents=120_000_00))

    assert plan.starts == {"a.dear": 3}


def test_an_early_task_leaves_less_for_the_next() -> None:
    tasks = [make_task("a.one", "0.9", cents=10_000_00), make_task("a.two", "0.3", cents=10_000_01)]

    assert planned(tasks, Limits(budget_cents=120_000_00)).starts == {"a.one": 1, "a.two": 3}


def test_the_worked_example_of_the_documents() -> None:
    tasks = [
        make_task("dat.first-accounts", "0.1922", cents=750_00, days=6),
        make_task("dat.tested-restore", "0.0717", cents=3000_00, days=4, after=("dat.first-accounts",)),
        make_task("prd.live-tracking", "0.0515", cents=10000_00, days=12, quarters=2),
    ]

    plan = planned(tasks, Limits(budget_cents=12_000_00))

    assert plan.starts == {"dat.first-accounts": 1, "dat.tested-restore": 4}
    assert left_out(plan) == {"prd.live-tracking": "over-budget"}
    assert float(plan.objective) == pytest.approx(0.1922 * 12 + 0.0717 * 9)


# Small plans


def test_no_task_makes_an_empty_plan() -> None:
    plan = planned([])

    assert plan == Plan({}, {}, Fraction(0), Fraction(0))


def test_one_task_starts_at_once() -> None:
    assert planned([make_task("a.one", "0.25")]).objective == 3


def test_without_limits_everything_starts_as_early_as_its_prerequisites_end() -> None:
    tasks = [
        make_task("a.three", after=("a.two", "a.one")),
        make_task("a.two", quarters=3, after=("a.one",)),
        make_task("a.one", quarters=2),
    ]

    plan = planned(tasks)

    assert plan.starts == {"a.three": 6, "a.two": 3, "a.one": 1}
    assert plan.gap == 0


def test_with_no_money_only_free_tasks_are_planned() -> None:
    plan = planned([make_task("a.free"), make_task("a.dear", cents=1)], Limits(budget_cents=0))

    assert (plan.starts, left_out(plan)) == ({"a.free": 1}, {"a.dear": "over-budget"})


def test_with_no_days_nothing_is_planned() -> None:
    plan = planned([make_task("a.one")], Limits(days_per_quarter=0))

    assert left_out(plan) == {"a.one": "over-days"}


def test_days_are_spread_over_quarters() -> None:
    tasks = [make_task(f"a.{n}", Fraction(n + 1, 10), days=6) for n in range(4)]

    assert planned(tasks, Limits(days_per_quarter=12)).starts == {"a.0": 2, "a.1": 2, "a.2": 1, "a.3": 1}


def test_a_cheap_prerequisite_comes_first_for_what_waits_for_it() -> None:
    tasks = [
        make_task("a.door", "0.01", days=5),
        make_task("a.house", "0.9", days=5, after=("a.door",)),
        make_task("a.shed", "0.4", days=5),
    ]

    assert planned(tasks, Limits(days_per_quarter=5)).starts == {"a.door": 1, "a.house": 2, "a.shed": 3}


# What is left out


def test_each_task_left_out_says_why() -> None:
    tasks = [
        make_task("a.long", quarters=4),
        make_task("a.longer", quarters=4, after=("a.long",)),
        make_task("a.longest", quarters=4, after=("a.longer",)),
        make_task("a.late", after=("a.longest",)),
        make_task("a.waiting", after=("a.unwanted",)),
        make_task("a.unwanted"),
        make_task("a.after-late", after=("a.late",)),
    ]

    plan = planned(tasks, wishes=Wishes(excluded=frozenset({"a.unwanted"})))

    assert plan.starts == {"a.long": 1, "a.longer": 5, "a.longest": 9}
    assert left_out(plan) == {
        "a.late": "too-late",
        "a.waiting": "prerequisite",
        "a.unwanted": "excluded",
        "a.after-late": "prerequisite",
    }
    assert plan.left_out["a.waiting"].prerequisites == ("a.unwanted",)


def test_a_prerequisite_over_budget_leaves_its_follower_out() -> None:
    tasks = [make_task("a.dear", cents=2), make_task("a.free", after=("a.dear",))]

    assert left_out(planned(tasks, Limits(budget_cents=1))) == {
        "a.dear": "over-budget",
        "a.free": "prerequisite",
    }


def test_money_that_comes_late_and_days_that_go_early_leave_a_task_out_together() -> None:
    wishes = Wishes(pins={f"a.{quarter}": quarter for quarter in range(4, 13)})
    tasks = [make_task(f"a.{quarter}", days=10) for quarter in range(4, 13)]
    dear = make_task("b.dear", "0.01", cents=30, days=1)

    plan = planned([*tasks, dear], Limits(budget_cents=100, days_per_quarter=10), wishes)

    assert left_out(plan) == {"b.dear": "over-budget-and-days"}


def test_a_prerequisite_that_is_not_raised_counts_as_met() -> None:
    assert planned([make_task("a.one", after=("a.never-raised",))]).starts == {"a.one": 1}


# What the consultant settles


def test_a_pinned_task_starts_where_it_is_pinned_and_its_prerequisites_before() -> None:
    tasks = [
        make_task("a.base", "0.01", days=9),
        make_task("a.top", "0.01", days=9, after=("a.base",)),
        *(make_task(f"b.{n}", "0.9", days=9) for n in range(12)),
    ]

    plan = planned(tasks, Limits(days_per_quarter=9), Wishes(pins={"a.top": 5}))

    assert plan.starts["a.top"] == 5
    assert plan.starts["a.base"] == 4
    assert len(plan.starts) == 12


def test_what_has_begun_stands_first_and_takes_nothing_more() -> None:
    tasks = [
        make_task("a.begun", cents=900, days=90, quarters=2, after=("a.skipped",)),
        make_task("a.skipped", cents=900),
        make_task("a.next", after=("a.begun",)),
    ]

    plan = planned(tasks, Limits(budget_cents=0, days_per_quarter=10), Wishes(begun=frozenset({"a.begun"})))

    assert plan.starts == {"a.begun": 1, "a.next": 3}


# One after the other


@pytest.mark.parametrize("seed", range(40))
def test_each_task_takes_the_first_quarter_that_those_before_it_leave_free(seed: int) -> None:
    tasks, limits, wishes = invented(seed, least=2, most=24)
    found = pins.check(tasks, limits, wishes)
    placer = greedy.placer(found)
    order = placer.legal(random.Random(seed).sample(range(len(found.tasks)), len(found.tasks)))

    starts, worth = placer.placed(order)

    assert placer.by_code(starts) == one_by_one(found, [placer.codes[place] for place in order])
    scaled = greedy.scaled(found)
    assert worth == sum(scaled[code] * (13 - start) for code, start in placer.by_code(starts).items())


def one_by_one(found: Frame, order: Sequence[str]) -> dict[str, int]:
    """The same by the ledger, step by step."""
    starts = dict(placed(found) or {})
    for code in order:
        task, ledger = found.tasks[code], Ledger(found, starts)
        ready = [starts[b] + found.tasks[b].quarters if b in starts else 99 for b in found.after[code]]
        first = max([found.earliest[code], *ready])
        free = [quarter for quarter in range(first, found.latest[code] + 1) if ledger.fits(task, quarter)]
        if code not in starts and free:
            starts[code] = free[0]
    return {code: starts[code] for code in found.tasks if code in starts}


# Proven


@pytest.mark.parametrize("seed", range(60))
def test_plans_of_up_to_eight_tasks_equal_brute_force(seed: int) -> None:
    tasks, limits, wishes = invented(seed, most=8)
    found = pins.check(tasks, limits, wishes)

    plan = planned(tasks, limits, wishes)

    best = brute_force(found)
    assert plan.gap == 0
    assert best - plan.objective <= Fraction(len(tasks) * 12, 1_000_000)  # priorities have six digits there
    assert plan.objective <= best


@pytest.mark.parametrize("seed", range(101, 105))
def test_larger_plans_keep_every_limit_and_say_how_good_they_are(seed: int) -> None:
    tasks, limits, wishes = invented(seed, least=21, most=24)

    plan = planned(tasks, limits, wishes)

    assert 0 <= plan.gap < Fraction(1, 10)
    assert not plan.aborted


def test_when_time_runs_out_the_plan_found_so_far_is_given_and_said_to_be() -> None:
    tasks, limits, _ = invented(7, least=25, most=25)
    found = pins.check(tasks, limits, NO_WISHES)

    plan = optimal.plan(tasks, found, optimal.Effort(gap=0, seconds=0))

    assert (plan.aborted, broken(found, plan.starts)) == (True, [])
    assert plan.objective >= greedy.plan(tasks, found).objective
    assert plan.gap > 0


def test_when_the_nodes_run_out_the_gap_is_said() -> None:
    tasks, limits, _ = invented(3, least=40, most=40)
    found = pins.check(tasks, limits, NO_WISHES)

    plan = optimal.plan(tasks, found, optimal.Effort(gap=0, nodes=1))

    assert (plan.aborted, broken(found, plan.starts)) == (False, [])


def test_the_same_plan_is_made_every_time_and_in_every_process() -> None:
    code = (
        "from capofila.roadmap.tests.test_schedule import *\n"
        "tasks, limits, wishes = invented(11, least=25, most=25)\n"
        "print(sorted(optimal.plan(tasks, pins.check(tasks, limits, wishes)).starts.items()))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "capofila.settings"},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    tasks, limits, wishes = invented(11, least=25, most=25)

    assert runs == {f"{sorted(planned(tasks, limits, wishes).starts.items())}\n"}


def test_the_order_of_the_tasks_does_not_change_what_a_plan_is_worth() -> None:
    tasks, limits, wishes = invented(5, least=8, most=8)

    assert planned(tasks, limits, wishes).objective == planned(tasks[::-1], limits, wishes).objective


def invented(seed: int, *, least: int = 0, most: int) -> tuple[list[Task], Limits, Wishes]:
    """Tasks with prerequisites among them, limits that bind, and sometimes a pin that can hold."""
    chance = random.Random(seed)
    tasks: list[Task] = []
    for number in range(chance.randint(least, most)):
        after = (
            {f"a.{chance.randrange(number)}" for _ in range(chance.choice([0, 0, 1, 2]))} if number else set()
        )
        tasks.append(
            make_task(
                f"a.{number}",
                Fraction(chance.randint(1, 100), 100),
                cents=chance.choice([0, 500_00, 1250_00, 3333_33]),
                days=chance.randint(1, 12),
                quarters=chance.choice([1, 1, 2, 4]),
                after=tuple(sorted(after)),
            )
        )
    share = chance.choice([None, Fraction(1, 3), Fraction(3, 4)])
    money = None if share is None else int(sum(task.cents for task in tasks) * share)
    days = chance.choice([None, 12, 15])
    excluded = frozenset({"a.3"} if chance.random() < 0.3 else set())
    pinned = {"a.0": chance.randint(4, 9)} if tasks and chance.random() < 0.3 and money is None else {}
    return tasks, Limits(money, days), Wishes(pins=pinned, excluded=excluded)


def brute_force(found: Frame) -> Fraction:
    """What the best plan is worth, by looking at all of them; a branch that cannot win is cut."""
    codes = list(found.tasks)
    most_left = [Fraction(0)]
    for code in reversed(codes):
        most_left.insert(0, most_left[0] + found.tasks[code].priority * (13 - found.earliest[code]))
    best = Fraction(-1)

    def look(index: int, starts: Mapping[str, int], worth: Fraction) -> None:
        nonlocal best
        if worth + most_left[index] <= best:
            return
        if index == len(codes):
            best = worth
            return
        code = codes[index]
        task, ledger = found.tasks[code], Ledger(found, starts)
        ready = [starts[b] + found.tasks[b].quarters if b in starts else 99 for b in found.after[code]]
        for quarter in range(max([1, *ready]), 14 - task.quarters):
            if ledger.fits(task, quarter) and found.fixed.get(code, quarter) == quarter:
                look(index + 1, {**starts, code: quarter}, worth + task.priority * (13 - quarter))
        if code not in found.fixed:
            look(index + 1, starts, worth)

    look(0, {}, Fraction(0))
    return best
