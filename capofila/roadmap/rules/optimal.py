"""The best plan there is, proven: a search of our own finds it, HiGHS proves it and finds better ones.

First the model is solved with tasks cut into parts, in no time: no plan is worth more, and the order in
which the parts come, moved about some thousand times, makes a plan that is seldom a few percent below.
Where that is not proof enough, HiGHS branches, without its own heuristics, which take most of its time
and find less. One thread, a fixed seed, and stopping by gap and by number of nodes make the same plan every
time; time alone never decides, it only aborts, with the plan found so far instead. HiGHS counts in
floats: its answer is rounded, checked with whole numbers, and improved where something could still start
earlier. How fast, and how good: docs/benchmarks.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from capofila.roadmap.rules import greedy
from capofila.roadmap.rules.model import Model, linear_program
from capofila.roadmap.rules.schedule import Frame, Plan, Task, broken, finished

if TYPE_CHECKING:
    from highspy import Highs

SMALL = 20  # tasks; up to here nothing is left unproven, unless the nodes run out
# Moves of tasks in the order; one part in so many of its worth may be lost by a move at first. The second
# search is for where the first is no proof.
SEARCHES = ((12_000, 1000), (20_000, 2000))
OWN_HEURISTICS_OFF: Mapping[str, bool | float] = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


@dataclass(frozen=True)
class Effort:
    """When the search stops; `seconds` aborts it."""

    gap: float = 0.01  # no other plan can be worth one percent more; 0 for small ones
    nodes: int = 100
    seconds: float = 120.0


def plan(tasks: Sequence[Task], found: Frame, effort: Effort = Effort()) -> Plan:
    """The best plan within the frame, with the gap that is left; what is pinned must be possible."""
    preview = greedy.starts(found)
    if len(preview) == len(found.tasks) and all(preview[code] == found.earliest[code] for code in preview):
        return finished(tasks, found, preview, None)  # everything at its earliest: nothing is better
    model = Model(found)
    gap = 0.0 if len(found.tasks) <= SMALL else effort.gap
    best, bound = _searched(model, preview, gap)
    aborted = False
    if _gap(model.value(best), bound) > gap:
        solved = _solve(model, best, effort, gap)
        aborted = solved is None
        if solved is not None:
            chosen, proven = solved
            best = max((greedy.polished(found, chosen), best), key=model.value)
            bound = min(bound, proven)
    return replace(finished(tasks, found, best, None), gap=_gap(model.value(best), bound), aborted=aborted)


def _gap(value: int, bound: float) -> Fraction:
    """How much more than `value` a plan could be worth, as a share; worth is a whole number here."""
    return Fraction(0) if bound < value + 1 or not value else (Fraction(bound) - value) / value


def _searched(model: Model, preview: dict[str, int], gap: float) -> tuple[dict[str, int], float]:
    """A good plan, never worse than the quick one, and what no plan can be worth more than."""
    solver = _solver(model, solve_relaxation=True)
    solver.run()
    bound = float(solver.getInfo().objective_function_value)
    placer = greedy.placer(model.frame)
    order = placer.legal(model.order(solver.getSolution().col_value))
    best = preview
    for moves, slack in SEARCHES if gap else ():  # small ones are for HiGHS alone
        order = greedy.improved(placer, order, moves, slack)
        ours = greedy.polished(model.frame, placer.by_code(placer.placed(order)[0]))
        best = max((best, ours), key=model.value)
        if _gap(model.value(best), bound) <= gap:
            break
    return best, bound


def _solve(
    model: Model, start: dict[str, int], effort: Effort, gap: float
) -> tuple[dict[str, int], float] | None:
    """Starting quarters and the bound of their value; None where time ran out or the answer is not sound."""
    import highspy  # noqa: PLC0415 (a fifth of a second and NumPy, only for who plans)

    solver = _solver(
        model,
        mip_rel_gap=gap,
        mip_max_nodes=effort.nodes * (1 if gap else SMALL),
        mip_pscost_minreliable=1,  # fewer trials before branching: measured faster here
        time_limit=effort.seconds,
        **OWN_HEURISTICS_OFF,
    )
    known = highspy.HighsSolution()
    known.col_value = model.as_columns(start)
    solver.setSolution(known)
    solver.run()
    bound = solver.getInfo().mip_dual_bound
    by_itself = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)  # gap, nodes
    if solver.getModelStatus() not in by_itself or not isfinite(bound):
        return None
    chosen = model.as_starts(solver.getSolution().col_value)
    return None if broken(model.frame, chosen) else (chosen, bound)


def _solver(model: Model, **settings: bool | int | float) -> "Highs":
    import highspy  # noqa: PLC0415

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    always: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 1,
    }
    for name, value in [*always.items(), *settings.items()]:
        solver.setOptionValue(name, value)
    solver.passModel(linear_program(model))
    return solver
