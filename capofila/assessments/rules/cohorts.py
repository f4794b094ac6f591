"""Who is compared with whom: a tree of groups, and the batches in which companies enter it.

Groups are all companies, then a sector, in it a size class, in it a province. A company enters them in a
*batch*: at least seven undertakings at once, of one group. A batch takes nobody in and lets nobody go; its
values stay what they were; it leaves as a whole. Every figure that was ever published is a sum over whole
batches, so whatever is subtracted from whatever, a group from a larger one, a date from another, whole
batches are left, and each of them passes `benchmark.withheld`. That is the protection against
differencing, against cohorts of n - 1, against repeated questions over time, and of those who leave.
In words, with numbers worked out: docs/rules/benchmark.md
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from capofila.assessments.rules.benchmark import LIMITS, Contribution, Limits, Why, strangers, withheld

Path = tuple[str, ...]  # (), (sector), (sector, size), (sector, size, province); what is unknown is empty
DEEPEST = 3
PATIENCE = 365  # days that somebody waits for a batch of a smaller group
WORTH = Fraction(1, 2)  # of a group's companies: newcomers who make it grow by so much do not wait
OLD = 3 * 365  # days after which a batch says nothing of today


@dataclass(frozen=True)
class Entrant:
    """A company by one assessment of it, with what it brings to each measure; None: nothing."""

    id: int  # of the assessment
    unit: int  # the undertaking
    path: Path  # of its smallest group
    values: Mapping[str, int | None]
    known_to: frozenset[int] = frozenset()
    waited: int = 0  # days since it could first have entered


@dataclass(frozen=True)
class Batch:
    """Companies that are counted together in the group `path` and in all larger ones, for good.

    `left_out`: measures to which this batch brings nothing, and why.
    """

    path: Path
    entrants: tuple[Entrant, ...]
    left_out: Mapping[str, Why]


@dataclass(frozen=True)
class Formed:
    batches: tuple[Batch, ...]
    waiting: tuple[Entrant, ...]
    why: Mapping[Path, Why]  # of groups where companies enough for a batch could not be one


def form(
    entrants: Iterable[Entrant], held: Mapping[Path, int], *, bottom: int, limits: Limits = LIMITS
) -> Formed:
    """Put newcomers into batches, each of the smallest group where it can be; the others wait.

    `held`: companies that each group counts already. Who is too few for the smaller group goes up to the
    larger one, there to wait too unless they make it grow by half, or have waited a year.
    """
    counted: Counter[Path] = Counter(held)
    batches: list[Batch] = []
    why: dict[Path, Why] = {}
    pending = sorted(entrants, key=lambda each: each.id)
    for depth in range(DEEPEST, -1, -1):
        by_group: dict[Path, list[Entrant]] = defaultdict(list)
        for each in pending:
            by_group[each.path[:depth]].append(each)
        pending = []
        for path in sorted(by_group):
            ready, rest = _ready(by_group[path], counted[path], depth)
            chosen, reason = _largest(ready, limits)
            if chosen:
                batches.append(Batch(path, tuple(chosen), _left_out(chosen, bottom, limits)))
                for length in range(depth + 1):
                    counted[path[:length]] += len(chosen)
            elif reason is not None:
                why[path] = reason
            taken = {each.id for each in chosen}
            pending += [*rest, *(each for each in ready if each.id not in taken)]
    return Formed(tuple(batches), tuple(sorted(pending, key=lambda each: each.id)), why)


def _ready(found: Sequence[Entrant], held: int, depth: int) -> tuple[list[Entrant], list[Entrant]]:
    """Those who enter the group now if they can, and those who still wait for a smaller one."""
    if depth == DEEPEST or len(found) >= WORTH * held:
        return list(found), []
    ready = [each for each in found if each.waited >= PATIENCE]
    return ready, [each for each in found if each.waited < PATIENCE]


def _largest(found: Sequence[Entrant], limits: Limits) -> tuple[list[Entrant], Why | None]:
    """As many of them as can be a batch: the few that one or two partners do not know are left to wait."""
    chosen, reason = list(found), None
    while len({each.unit for each in chosen}) >= limits.smallest:
        few = strangers(((each.unit, each.known_to) for each in chosen), limits=limits)
        if not few:
            return chosen, None
        reason = "known"
        chosen = [each for each in chosen if each.unit not in few]
    return [], reason  # type: ignore[return-value]


def _left_out(entrants: Sequence[Entrant], bottom: int, limits: Limits) -> dict[str, Why]:
    found: dict[str, Why] = {}
    for measure in dict.fromkeys(measure for each in entrants for measure in each.values):
        brought = contributions(entrants, measure)
        why = withheld(brought, bottom=bottom, limits=limits) if brought else None
        if why is not None:
            found[measure] = why
    return found


def contributions(entrants: Iterable[Entrant], measure: str) -> list[Contribution]:
    """What those who have a value bring to one measure."""
    values = ((each, each.values.get(measure)) for each in entrants)
    return [Contribution(each.unit, value, each.known_to) for each, value in values if value is not None]


def leaves(*, entered: date, companies: int, assessed_again: int, on: date) -> bool:
    """Whether a batch leaves: it is three years old, or half of its companies were assessed again since."""
    return (on - entered).days >= OLD or 2 * assessed_again >= companies


QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def is_quarter_end(day: date) -> bool:
    return (day.month, day.day) in QUARTER_ENDS


def last_quarter_end(before: date) -> date:
    """The newest end of a quarter before the day."""
    ends = (date(year, *end) for year in (before.year - 1, before.year) for end in QUARTER_ENDS)
    return max(end for end in ends if end < before)


def next_quarter_end(day: date) -> date:
    """The end of the quarter that the day is in."""
    return min(end for end in (date(day.year, *end) for end in QUARTER_ENDS) if end >= day)
