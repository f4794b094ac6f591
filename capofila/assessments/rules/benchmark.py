"""Whether a figure about several companies may be shown, and which figures: the one place that decides.

Every aggregate that leaves the hub's own work (benchmark, report, public page) goes through `publish`.
Behind a mean stand at least five others, behind a median, quartile or percentile at least ten, even when
two accounts pool what they know, whether they are contacts, who know their own company, or consultants,
who know all that their partner serves. Linked companies count as one. Values are hundredths of the
instrument's scale (294 is 2.94), of which `bottom` is the low end. Sources: ESSnet handbook on disclosure
control (dominance with n = 2, k = 85), OECD and ONS (minimum 5 and 10). What is told apart over groups and
over time is decided in `cohorts`. In words, with numbers worked out: docs/rules/benchmark.md
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, combinations
from typing import Literal

Why = Literal["too-few", "known", "dominance", "together"]
# too-few: fewer companies than it takes; known: one partner, or two, know nearly all of them; dominance: one
# or two weigh nearly everything, or all are alike; together: counted in a larger group, not told apart there


@dataclass(frozen=True)
class Limits:
    others: int = 5
    others_for_quartiles: int = 10
    pooled: int = 2  # accounts that may pool what they know
    largest_two: Fraction = Fraction(85, 100)  # of the total: more is dominance
    apart: int = 3  # companies between two neighbouring points of a distribution

    @property
    def smallest(self) -> int:
        """Undertakings that a figure is made of."""
        return self.others + self.pooled

    @property
    def smallest_for_quartiles(self) -> int:
        return self.others_for_quartiles + self.pooled


LIMITS = Limits()


@dataclass(frozen=True)
class Contribution:
    """What one company brings to a figure."""

    unit: int  # its undertaking
    value: int
    known_to: frozenset[int] = frozenset()  # partners whose people may read it


@dataclass(frozen=True)
class Published:
    """What may be shown of others; `points`: share of companies below, in percent -> value."""

    companies: int
    mean: int
    points: Mapping[int, int] = field(default_factory=dict)  # empty: too few for a distribution

    @property
    def median(self) -> int | None:
        return self.points.get(50)

    @property
    def quartiles(self) -> tuple[int, int] | None:
        return (self.points[25], self.points[75]) if self.points else None

    @property
    def middle(self) -> int:
        """What others are measured by: the median, or the mean where they are too few for one."""
        return self.mean if self.median is None else self.median


@dataclass(frozen=True)
class Suppressed:
    why: Why


def publish(
    contributions: Sequence[Contribution],
    *,
    bottom: int,
    own: Sequence[Contribution] = (),
    limits: Limits = LIMITS,
) -> Published | Suppressed:
    """The figures of a set of companies without the viewer's `own`, which are among them; or why none.

    The decision is the same for every viewer: each of them can add their own again.
    """
    why = withheld(contributions, bottom=bottom, limits=limits)
    if why is not None:
        return Suppressed(why)
    return figures(tallied(contributions), [each.value for each in own], limits=limits)


# May it be shown?


def withheld(contributions: Collection[Contribution], *, bottom: int, limits: Limits = LIMITS) -> Why | None:
    """Why a sum over these companies is not shown; None when it may be."""
    if len({each.unit for each in contributions}) < limits.smallest:
        return "too-few"
    if strangers(((each.unit, each.known_to) for each in contributions), limits=limits):
        return "known"
    return "dominance" if _gives_away(contributions, bottom, limits) else None


def strangers(known: Iterable[tuple[int, frozenset[int]]], *, limits: Limits = LIMITS) -> frozenset[int]:
    """Undertakings that would be left, too few, once two accounts take away what they know; else none.

    `known`: of each company its undertaking and the partners that know it. Of each partner either nothing
    is left, or `others` and one more, the other account's own; of two partners nothing, or `others`.
    """
    alike: dict[frozenset[int], set[int]] = defaultdict(set)
    for unit, partners in known:
        alike[partners].add(unit)
    present = sorted(frozenset().union(*alike))
    pools: list[tuple[tuple[int, ...], int]] = [((one,), limits.smallest - 1) for one in present]
    pools += [(pair, limits.others) for pair in combinations(present, 2)]
    for pool, least in pools:
        left = frozenset().union(*(units for partners, units in alike.items() if partners.isdisjoint(pool)))
        if 0 < len(left) < least:
            return left
    return frozenset()


def _gives_away(contributions: Collection[Contribution], bottom: int, limits: Limits) -> bool:
    """Whether the sum nearly tells what one or two undertakings bring, or, all being alike, what all do."""
    brought: Counter[int] = Counter()
    for each in contributions:
        brought[each.unit] += each.value - bottom
    two = sum(value for _, value in brought.most_common(2))
    alike = len({each.value for each in contributions}) == 1
    return alike or two > limits.largest_two * sum(brought.values())


# What is shown


@dataclass
class Tally:
    """What is kept of a set of companies: how many have each value, and how many undertakings they are."""

    units: int = 0
    counts: Counter[int] = field(default_factory=Counter)


def tallied(contributions: Collection[Contribution]) -> Tally:
    return Tally(len({each.unit for each in contributions}), Counter(each.value for each in contributions))


def figures(tally: Tally, own: Sequence[int] = (), *, limits: Limits = LIMITS) -> Published:
    """The figures of a set that may be shown, without the viewer's own values, which are in it."""
    counts = tally.counts - Counter(own)
    companies = counts.total()
    mean = _rounded(Fraction(sum(value * count for value, count in counts.items()), companies))
    shares = _shares(tally.units, limits)
    return Published(companies, mean, dict(zip(shares, _quantiles(counts, shares), strict=True)))


def _shares(units: int, limits: Limits) -> tuple[int, ...]:
    """The points of a distribution that are shown, so far apart that `apart` companies lie between two."""
    if units < limits.smallest_for_quartiles:
        return ()
    others = units - limits.pooled
    if others * 5 >= limits.apart * 100:
        return tuple(range(5, 100, 5))
    return (10, 25, 50, 75, 90) if others * 10 >= limits.apart * 100 else (25, 50, 75)


def _quantiles(counts: Counter[int], shares: Sequence[int]) -> list[int]:
    """Between the two neighbours in proportion: of 1.00 and 2.00 the median is 1.50."""
    values = sorted(counts)
    up_to = list(accumulate(counts[value] for value in values))  # companies that have this value or less
    last = counts.total() - 1
    found = []
    for share in shares:
        place = Fraction(last * share, 100)
        low, high = (values[bisect_right(up_to, at)] for at in (place.__floor__(), place.__ceil__()))
        found.append(_rounded(low + (high - low) * (place % 1)))
    return found


def _rounded(value: Fraction) -> int:
    return (value + Fraction(1, 2)).__floor__()


def percentile(value: int, published: Published, *, bottom: int, top: int) -> int | None:
    """About how many of a hundred others are below `value`, in steps of 5, from 5 to 95.

    Read off the published points and nothing else, in proportion between them: whoever tries many values
    learns no more than those points say. None where there are none.
    """
    if not published.points:
        return None
    line = [(bottom, 0), *((at, share) for share, at in sorted(published.points.items())), (top, 100)]
    below = [share for at, share in line if at < value]
    same = [share for at, share in line if at == value]
    if same:
        found = Fraction(min(same) + max(same), 2)
    else:
        low, high = len(below) - 1, len(below)
        (left, first), (right, last) = line[max(low, 0)], line[min(high, len(line) - 1)]
        found = first + Fraction((value - left) * (last - first), (right - left) or 1)
    return min(max(_rounded(found / 5) * 5, 5), 95)
