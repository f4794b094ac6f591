"""Roadmaps of 60 and 120 raised actions: how long quick and proven plans take, and how good they are.

    bin/bench roadmap [--runs N] [--seeds N]

Invented tasks with prerequisites among them, under four kinds of limits; then the demonstration's own
answers with our library. A plan counts as proven when no other can be worth more by more than the gap.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from bench._measure import CHECKOUT, PYTHON, machine, process, say, spread
from capofila.assessments import answers_file
from capofila.companies import company_file
from capofila.roadmap import planning
from capofila.roadmap.commands.roadmap import basis
from capofila.roadmap.planning import Choices
from capofila.roadmap.rules import greedy, optimal
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.schedule import Frame, Plan, Task, frame

DEMO = CHECKOUT / "capofila" / "desk" / "demo"
SIZES = (60, 120)
LIMITS = {  # share of all money, share of all days in 12 quarters; None: no limit
    "money for a third": (Fraction(1, 3), None),
    "money for half, days for all": (Fraction(1, 2), Fraction(6, 5)),
    "days for half": (None, Fraction(1, 2)),
    "money and days for half": (Fraction(1, 2), Fraction(1, 2)),
}
REAL = {
    "80,000 EUR": Limits(80_000_00),
    "30,000 EUR": Limits(30_000_00),
    "80,000 EUR, 40 days a quarter": Limits(80_000_00, 40),
    "80,000 EUR, 20 days a quarter": Limits(80_000_00, 20),
}


@dataclass
class Taken:
    """Seconds of the clock, and of the processor, which others at work disturb less."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, work: Callable[[], object]) -> None:
        before, started = time.process_time(), time.perf_counter()
        work()
        self.clock.append(time.perf_counter() - started)
        self.processor.append(time.process_time() - before)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench roadmap", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of the demonstration's command (3)")
    parser.add_argument("--seeds", type=int, default=3, help="invented roadmaps of each kind (3)")
    arguments = parser.parse_args()
    say(f"Roadmaps; {machine()}; median (lowest to highest)")
    for count in SIZES:
        for name, shares in LIMITS.items():
            _invented(count, name, shares, arguments.seeds)
    for name, limits in REAL.items():
        _demonstration(name, limits)
    _command(arguments.runs)


def _invented(count: int, name: str, shares: tuple[Fraction | None, Fraction | None], seeds: int) -> None:
    quick, proven, plans = Taken(), Taken(), []
    for seed in range(seeds):
        tasks = invented(count, seed)
        found = frame(tasks, limits(tasks, *shares))
        made: list[Plan] = []
        for _ in range(3):
            quick.add(partial(greedy.plan, tasks, found))
        proven.add(partial(_keep, made, tasks, found))
        plans.append((greedy.plan(tasks, found), made[0]))
    _say(f"{count} invented actions, {name}", quick, proven, plans)


def _keep(made: list[Plan], tasks: Sequence[Task], found: Frame) -> None:
    made.append(optimal.plan(tasks, found))


def invented(count: int, seed: int) -> list[Task]:
    """Actions as ours are: mostly cheap and short, a few dear, a prerequisite for every other one."""
    chance = random.Random(seed)
    tasks: list[Task] = []
    for number in range(count):
        after = (f"a.{chance.randrange(number)}",) if number and chance.random() < 0.5 else ()
        tasks.append(
            Task(
                f"a.{number}",
                Fraction(chance.randint(20, 600), 1000),
                chance.choice([0, 250_00, 500_00, 1000_00, 2500_00, 5000_00, 12_500_00, 30_000_00]),
                chance.randint(3, 25),
                chance.choice([1, 1, 1, 2, 2, 3]),
                after,
            )
        )
    return tasks


def limits(tasks: Sequence[Task], money: Fraction | None, days: Fraction | None) -> Limits:
    return Limits(
        None if money is None else int(sum(task.cents for task in tasks) * money),
        None if days is None else int(sum(task.days for task in tasks) * days / 12),
    )


def _demonstration(name: str, chosen: Limits) -> None:
    company = company_file.read(DEMO / "company.yaml", None)
    start = basis(answers_file.read(DEMO / "answers.yaml"), company)
    choices = Choices(limits=chosen)
    priorities = planning.preview(start, choices).priorities
    tasks = [planning.task(priority) for priority in priorities]
    found = frame(tasks, chosen)
    made: list[Plan] = []
    proven = Taken()
    proven.add(partial(_keep, made, tasks, found))
    quick = Taken()
    for _ in range(5):
        quick.add(partial(greedy.plan, tasks, found))
    _say(
        f"the demonstration, {len(tasks)} actions, {name}",
        quick,
        proven,
        [(greedy.plan(tasks, found), made[0])],
    )
    whole, gained = Taken(), Taken()
    for _ in range(5):
        whole.add(lambda: planning.preview(start, choices))
        gained.add(lambda: planning.preview(start, choices).gains)
    say(
        f"    quick, from answers on: {_ms(whole.clock)}, of the processor {_ms(whole.processor)}; "
        f"with the gain of each action: {_ms(gained.processor)}"
    )


def _ms(taken: list[float]) -> str:
    return spread([1000 * each for each in taken], "ms", 0)


def _say(name: str, quick: Taken, proven: Taken, plans: list[tuple[Plan, Plan]]) -> None:
    share = statistics.median(float(one.objective / best.objective) for one, best in plans)
    worst = max(float(best.gap) for _, best in plans)
    say(f"{name}: {statistics.median(len(best.starts) for _, best in plans):.0f} planned")
    say(
        f"    quick: {_ms(quick.clock)}, of the processor {_ms(quick.processor)}, "
        f"{share:.1%} of the proven plan's worth"
    )
    aborted = sum(best.aborted for _, best in plans)
    stopped = f", {aborted} aborted" if aborted else ""
    say(
        f"    proven: {spread(proven.clock)}, of the processor {spread(proven.processor)}, "
        f"gap at most {worst:.2%}{stopped}"
    )


def _command(runs: int) -> None:
    command = [
        PYTHON, "-m", "capofila", "roadmap", "--answers", str(DEMO / "answers.yaml"), "--company",
        str(DEMO / "company.yaml"), "--budget", "80000", "--json",
    ]  # fmt: skip
    taken = [process(command) for _ in range(runs + 1)][1:]
    memory = max(run.memory for run in taken)
    say(f"capofila roadmap, whole process: {spread([run.seconds for run in taken])}, at most {memory:.0f} MB")


if __name__ == "__main__":
    main()
