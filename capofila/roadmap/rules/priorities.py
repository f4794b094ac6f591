"""How urgent each raised action is: gap x relevance x distance from peers x feasibility.

Each factor is an exact fraction 0 to 1, raised to the exponent that the hub's weights give it.
`gap`: how far the questions it lifts stand from their targets, more where the question and its
area stand low. `relevance`: 1 where it serves a goal the firm has named, or where no goal is named.
`peers`: more where the firm's area is behind the median of its peers; 1 where no median is known.
`feasibility`: less the more money and days it takes, and for each action that must come first. In
words, with numbers worked out: docs/rules/priorities.md
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from capofila.assessments.rules.scoring import Scores
from capofila.instruments.rules.shape import LEVELS, Instrument
from capofila.roadmap.rules.raising import Firm, Raised, Rise
from capofila.roadmap.rules.weights import FACTORS, Weights

ONE, HALF = Fraction(1), Fraction(1, 2)
STEPS = LEVELS[-1] - LEVELS[0]
BUDGET_PARTS = 4  # with a budget, an action that takes this part of it is half as feasible


@dataclass(frozen=True)
class Limits:
    """What a firm can give to its roadmap; None is no limit."""

    budget_cents: int | None = None  # for all 12 quarters together
    days_per_quarter: int | None = None


@dataclass(frozen=True)
class Priority:
    """The factors of one action, each 0 to 1 before its exponent, and their product."""

    raised: Raised
    gap: Fraction
    relevance: Fraction
    peers: Fraction
    feasibility: Fraction
    value: Fraction
    peers_known: bool = False

    @property
    def code(self) -> str:
        return self.raised.code

    def factors(self) -> dict[str, Fraction]:
        return {name: getattr(self, name) for name in FACTORS}


def prioritise(
    raised: Sequence[Raised],
    instrument: Instrument,
    scores: Scores,
    firm: Firm,
    weights: Weights,
    *,
    limits: Limits = Limits(),
    peers: Mapping[str, Fraction] | None = None,
) -> tuple[Priority, ...]:
    """The raised actions, first the one with the highest priority; equal ones in the library's order.

    `peers` gives the median of an area's score among the firm's peers, on the instrument's scale.
    """
    codes = {found.code for found in raised}
    found = [
        _priority(each, codes, instrument, scores, firm, weights, limits, peers or {}) for each in raised
    ]
    return tuple(sorted(found, key=lambda priority: -priority.value))


def _priority(
    raised: Raised,
    codes: set[str],
    instrument: Instrument,
    scores: Scores,
    firm: Firm,
    weights: Weights,
    limits: Limits,
    peers: Mapping[str, Fraction],
) -> Priority:
    places = standings(raised, instrument, scores, peers)
    factors = {
        "gap": gap(raised.rises, instrument, scores),
        "relevance": ONE if raised.goals or not firm.goals else weights.relevance_otherwise,
        # An area without a median counts as at par where other areas have one.
        "peers": sum((HALF if place is None else place for place in places), Fraction(0)) / len(places)
        if peers
        else ONE,
        "feasibility": feasibility(raised, codes, firm, weights, limits),
    }
    value = prod((_power(factors[name], weights.exponents[name]) for name in FACTORS), start=ONE)
    return Priority(raised, value=value, peers_known=any(place is not None for place in places), **factors)


def _power(factor: Fraction, exponent: int) -> Fraction:
    """The usual exponent is 1, and a fraction's own power takes its time even then."""
    return factor if exponent == 1 else factor**exponent


def gap(rises: Iterable[Rise], instrument: Instrument, scores: Scores) -> Fraction:
    """1 less the product of what each lifted question leaves: two questions count more than one.

    A question brings its rise as a share of the scale, times how low it and its area stand: the
    mean of both distances to the top, its own alone where the area's score is withheld.
    """
    return ONE - prod((ONE - _pull(rise, instrument, scores) for rise in rises), start=ONE)


def _pull(rise: Rise, instrument: Instrument, scores: Scores) -> Fraction:
    own = Fraction(LEVELS[-1] - rise.level, STEPS)
    area = scores.areas[instrument.by_code[rise.question].area].value
    low = own if area is None else (own + (instrument.high - area) / (instrument.high - instrument.low)) / 2
    return Fraction(rise.target - rise.level, STEPS) * low


def standings(
    raised: Raised, instrument: Instrument, scores: Scores, peers: Mapping[str, Fraction]
) -> tuple[Fraction | None, ...]:
    """Of each question it lifts, where its area stands: 1/2 at the peers' median, more below it.

    One whole scale below would be 1, one above 0. None where score or median is not known.
    """
    found: list[Fraction | None] = []
    for rise in raised.rises:
        area = instrument.by_code[rise.question].area
        own, median = scores.areas[area].value, peers.get(area)
        if own is None or median is None:
            found.append(None)
        else:
            found.append(HALF + (median - own) / (2 * (instrument.high - instrument.low)))
    return tuple(found)


def feasibility(raised: Raised, codes: set[str], firm: Firm, weights: Weights, limits: Limits) -> Fraction:
    """Half where money, or days, reach the figure for the firm's size; with limits, those instead."""
    half_way = weights.of_size(firm.size)
    money = Fraction(half_way.cents)
    if limits.budget_cents is not None:
        money = Fraction(limits.budget_cents, BUDGET_PARTS)
    days = Fraction(half_way.days if limits.days_per_quarter is None else limits.days_per_quarter)
    action = raised.action
    waiting = sum(before in codes for before in action.after)
    return _ease(action.cents, money) * _ease(action.days, days) * weights.open_prerequisite**waiting


def _ease(taken: int, half_way: Fraction) -> Fraction:
    """1 for what takes nothing, 1/2 at `half_way`, towards 0 beyond it."""
    return half_way / (half_way + taken) if taken else ONE
