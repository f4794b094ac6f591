"""Who is compared with whom, and that no subtraction of groups or dates leaves too few."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.assessments.rules import cohorts
from capofila.assessments.rules.cohorts import Batch, Entrant, Formed, Path, form
from capofila.assessments.tests.differencing import Row, fewest

BG, BS, MI = (("metal", "small", province) for province in ("BG", "BS", "MI"))
MEDIUM, TRADE = ("metal", "medium", "BG"), ("trade", "micro", "MI")
BOTTOM = 100


def firms(path: Path, count: int, *, first: int = 1, waited: int = 0, **facts: object) -> list[Entrant]:
    """Undertakings of their own, with values that differ."""
    return [
        Entrant(
            id=number,
            unit=number,
            path=path,
            values={"overall": 200 + number * 7 % 150},
            waited=waited,
            **facts,  # type: ignore[arg-type]
        )
        for number in range(first, first + count)
    ]


def entered(*groups: list[Entrant], held: dict[Path, int] | None = None) -> Formed:
    return form([each for group in groups for each in group], held or {}, bottom=BOTTOM)


def sizes(formed: Formed) -> dict[Path, int]:
    return {batch.path: len(batch.entrants) for batch in formed.batches}


def test_seven_of_one_province_enter_their_smallest_group() -> None:
    assert sizes(entered(firms(BG, 7))) == {BG: 7}


def test_six_of_everything_wait() -> None:
    formed = entered(firms(BG, 6))

    assert (formed.batches, len(formed.waiting)) == ((), 6)


def test_too_few_of_a_province_are_counted_with_their_size_class() -> None:
    formed = entered(firms(BG, 4), firms(BS, 4, first=11))

    assert sizes(formed) == {("metal", "small"): 8}


def test_the_few_that_a_larger_group_has_beyond_a_smaller_one_wait() -> None:
    """Eight of Bergamo and one of Brescia: the size class less Bergamo would be that one company."""
    formed = entered(firms(BG, 8), firms(BS, 1, first=11))

    assert sizes(formed) == {BG: 8}
    assert [each.path for each in formed.waiting] == [BS]


def test_companies_of_different_sectors_enter_among_all() -> None:
    formed = entered(firms(BG, 4), firms(TRADE, 4, first=11))

    assert sizes(formed) == {(): 8}


def test_newcomers_wait_for_a_group_of_their_own_while_the_larger_one_is_large_already() -> None:
    newcomers = [*firms(BG, 5), *firms(BS, 5, first=11)]

    now = entered(newcomers, held={("metal", "small"): 40, ("metal",): 40, (): 40})
    later = entered([*newcomers, *firms(BG, 3, first=21)], held={("metal", "small"): 40})

    assert (now.batches, len(now.waiting)) == ((), 10)
    assert sizes(later) == {BG: 8}


def test_newcomers_who_make_a_group_grow_by_half_do_not_wait() -> None:
    assert sizes(entered(firms(BG, 5), firms(BS, 5, first=11), held={("metal", "small"): 20})) == {
        ("metal", "small"): 10
    }


def test_nobody_waits_longer_than_a_year() -> None:
    formed = entered(
        firms(BG, 5, waited=365), firms(BS, 5, first=11, waited=364), firms(MI, 3, first=21, waited=400),
        held={("metal", "small"): 40, ("metal",): 40, (): 40},
    )  # fmt: skip

    assert sizes(formed) == {("metal", "small"): 8}
    assert len(formed.waiting) == 5


def test_what_is_not_known_of_a_company_is_a_group_of_its_own() -> None:
    unknown = ("metal", "", "BG")

    assert sizes(entered(firms(BG, 7), firms(unknown, 7, first=11))) == {BG: 7, unknown: 7}


def test_the_few_that_a_partner_does_not_know_are_not_put_among_those_it_does() -> None:
    formed = entered(firms(BG, 8, known_to=frozenset({1})), firms(BG, 3, first=11, known_to=frozenset({2})))

    assert sizes(formed) == {BG: 8}
    assert len(formed.waiting) == 3


def test_a_group_that_partners_nearly_all_know_says_so() -> None:
    formed = entered(firms(BG, 5, known_to=frozenset({1})), firms(BG, 4, first=11, known_to=frozenset({2})))

    assert formed.batches == ()
    assert formed.why[BG] == "known"


def test_an_area_that_too_few_of_a_batch_have_is_left_out_of_it() -> None:
    members = [
        Entrant(at, at, BG, {"overall": 200 + at, "prd": 300 + at, "log": 300 if at < 6 else None})
        for at in range(9)
    ]

    (batch,) = entered(members).batches

    assert dict(batch.left_out) == {"log": "too-few"}


def test_an_area_that_nobody_of_a_batch_has_is_simply_not_there() -> None:
    (batch,) = entered([Entrant(at, at, BG, {"overall": 200 + at, "log": None}) for at in range(9)]).batches

    assert dict(batch.left_out) == {}


@pytest.mark.parametrize(
    ("entered_on", "companies", "again", "expected"),
    [
        (date(2026, 3, 31), 8, 3, False),
        (date(2026, 3, 31), 8, 4, True),
        (date(2023, 10, 1), 8, 0, False),
        (date(2023, 9, 30), 8, 0, False),  # one day of the leap year 2024 short of three times 365
        (date(2023, 9, 29), 8, 0, True),
    ],
)
def test_a_batch_leaves_when_half_were_assessed_again_or_after_three_years(
    entered_on: date, companies: int, again: int, expected: bool
) -> None:
    on = date(2026, 9, 28)

    assert cohorts.leaves(entered=entered_on, companies=companies, assessed_again=again, on=on) is expected


def test_quarters_end_four_times_a_year() -> None:
    assert cohorts.last_quarter_end(date(2026, 3, 31)) == date(2025, 12, 31)
    assert cohorts.last_quarter_end(date(2026, 4, 1)) == date(2026, 3, 31)
    assert cohorts.next_quarter_end(date(2026, 11, 22)) == date(2026, 12, 31)
    assert not cohorts.is_quarter_end(date(2026, 9, 28))


# Differencing: every sum that was ever published, all together


class Hub:
    """A population that lives: companies come, are assessed again, and what was published is kept."""

    def __init__(self) -> None:
        self.standing: list[tuple[int, Batch]] = []  # with the quarter of its entry
        self.published: set[Row] = set()
        self.waiting: list[Entrant] = []
        self.all: dict[int, Entrant] = {}

    def quarter(self, newcomers: Sequence[Entrant], leaving: Sequence[int] = ()) -> None:
        self.all |= {each.id: each for each in newcomers}
        self.standing = [batch for at, batch in enumerate(self.standing) if at not in leaving]
        held = Counter[Path]()
        for _, batch in self.standing:
            for depth in range(len(batch.path) + 1):
                held[batch.path[:depth]] += len(batch.entrants)
        formed = form([*self.waiting, *newcomers], held, bottom=BOTTOM)
        self.waiting = list(formed.waiting)
        self.standing += [(0, batch) for batch in formed.batches]
        for group in {
            batch.path[:depth] for _, batch in self.standing for depth in range(len(batch.path) + 1)
        }:
            self.published.add(
                frozenset(
                    each.id
                    for _, batch in self.standing
                    if batch.path[: len(group)] == group
                    for each in batch.entrants
                )
            )

    def fewest_left(self) -> int | None:
        """Over all pairs of accounts, how few undertakings they can find out about together.

        A contact knows its undertaking, a consultant each company that its partner serves.
        """
        units = {each.id: each.unit for each in self.all.values()}
        by_rows: dict[frozenset[Row], set[int]] = defaultdict(set)
        for one, unit in units.items():
            by_rows[frozenset(row for row in self.published if one in row)].add(unit)
        chosen = {unit for alike in by_rows.values() for unit in sorted(alike)[:2]}  # others learn the same
        contacts = {frozenset(one for one in units if units[one] == unit) for unit in chosen}
        partners = {partner for each in self.all.values() for partner in each.known_to}
        consultants = {
            frozenset(one for one, each in self.all.items() if partner in each.known_to)
            for partner in partners
        }
        pairs = {one | other for one, other in combinations([*contacts, *consultants, frozenset()], 2)}
        found = [left for known in pairs if (left := fewest(self.published, units, known)) is not None]
        return min(found, default=None)


PATHS = st.sampled_from([BG, BS, MI, MEDIUM, TRADE, ("trade", "", "MI")])
SERVED = st.sampled_from([frozenset({1}), frozenset({1}), frozenset({2}), frozenset({1, 2}), frozenset()])


@st.composite
def newcomers(draw: st.DrawFn, quarter: int) -> list[Entrant]:
    """Up to 24 in a quarter; now and then two of one undertaking."""
    count = draw(st.integers(0, 24))
    first = 1 + 100 * quarter
    return [
        Entrant(
            id=number,
            unit=number if draw(st.integers(0, 9)) else first,
            path=draw(PATHS),
            values={"overall": draw(st.integers(100, 500))},
            known_to=draw(SERVED),
            waited=draw(st.sampled_from([0, 400])),
        )
        for number in range(first, first + count)
    ]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_two_accounts_subtract_over_groups_and_quarters_five_others_are_left(
    data: st.DataObject,
) -> None:
    hub = Hub()
    for quarter in range(4):
        leaving = data.draw(st.sets(st.integers(0, 5), max_size=2))
        hub.quarter(data.draw(newcomers(quarter)), sorted(leaving))

    left = hub.fewest_left()
    assert left is None or left >= 5


def test_the_check_finds_what_groups_of_five_published_one_by_one_give_away() -> None:
    """The naive rule: every group of five or more, anew each quarter. One newcomer is read off."""
    units = {number: number for number in range(20)}
    before, after = frozenset(range(9)), frozenset(range(10))

    assert fewest({before, after}, units) == 1
    assert fewest({frozenset(range(10)), frozenset(range(6))}, units) == 4  # the complement
    assert fewest({frozenset(range(10))}, units, known={0, 1}) is None
    assert fewest({frozenset(range(7)), frozenset(range(3, 12)), frozenset(range(12))}, units) == 3


def test_one_more_company_each_quarter_tells_nothing_of_it() -> None:
    hub = Hub()
    hub.quarter(firms(BG, 12))
    first = set(hub.published)
    for number in range(6):
        hub.quarter(firms(BG, 1, first=100 + number))
        assert hub.published == first

    hub.quarter(firms(BG, 1, first=200))

    assert hub.published > first
    assert hub.fewest_left() in (5, 6, None)
