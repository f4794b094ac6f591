"""Whether a figure about several companies may be shown, and which."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.assessments.rules.benchmark import (
    LIMITS,
    Contribution,
    Published,
    Suppressed,
    Tally,
    figures,
    percentile,
    publish,
    strangers,
)

BOTTOM, TOP = 100, 500
SEVEN = [210, 240, 250, 260, 280, 300, 330]


def companies(values: list[int], known_to: dict[int, set[int]] | None = None) -> list[Contribution]:
    """One undertaking each, numbered from 0."""
    known = known_to or {}
    return [Contribution(at, value, frozenset(known.get(at, ()))) for at, value in enumerate(values)]


def shown(contributions: list[Contribution], own: list[Contribution] | None = None) -> Published:
    found = publish(contributions, bottom=BOTTOM, own=own or [])
    assert isinstance(found, Published)
    return found


def why(contributions: list[Contribution]) -> str | None:
    found = publish(contributions, bottom=BOTTOM)
    return found.why if isinstance(found, Suppressed) else None


def test_seven_companies_show_a_mean_and_no_distribution() -> None:
    found = shown(companies(SEVEN))

    assert (found.companies, found.mean) == (7, 267)  # 1870 / 7 = 267.14
    assert (found.median, found.quartiles, found.middle) == (None, None, 267)


def test_six_companies_show_nothing() -> None:
    """Two of them who pool what they know would be left with four others."""
    assert why(companies(SEVEN[:6])) == "too-few"


def test_own_data_are_not_among_those_of_others() -> None:
    members = companies(SEVEN)

    found = shown(members, own=members[-1:])

    assert (found.companies, found.mean) == (6, 257)  # (1870 - 330) / 6 = 256.67


def test_linked_companies_count_as_one() -> None:
    members = companies(SEVEN)
    members[6] = Contribution(0, 330)

    assert why(members) == "too-few"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([440, 440, 220, 100, 100, 100, 100], None),  # 680 of 800 above the bottom: 85 %, the limit
        ([440, 440, 219, 100, 100, 100, 100], "dominance"),
        ([500, 110, 110, 110, 110, 110, 110], "dominance"),  # 410 of 460
        ([100] * 7, "dominance"),  # whoever reads the mean knows them all
        ([300] * 9, "dominance"),
        ([300] * 8 + [310], None),
    ],
)
def test_a_figure_that_one_or_two_make_or_in_which_all_are_alike_is_not_shown(
    values: list[int], expected: str | None
) -> None:
    assert why(companies(values)) == expected


def test_dominance_is_of_undertakings_and_not_of_companies() -> None:
    """Four companies of two groups bring 1200 of 1400 above the bottom, each alone less than a quarter."""
    values = [400, 400, 400, 400, 140, 140, 140, 140, 140]
    alone = companies(values)
    linked = [Contribution(each.unit // 2 if each.unit < 4 else each.unit, each.value) for each in alone]

    assert why(alone) is None
    assert why(linked) == "dominance"


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        ({}, None),
        ({at: {1} for at in range(12)}, None),  # the partner knows all: nothing is left to find out
        ({at: {1} for at in range(11)}, "known"),  # the twelfth would be read off
        ({at: {1} for at in range(7)}, "known"),  # five are left, four beside another contact's company
        ({at: {1} for at in range(6)}, None),
        ({at: {1} if at < 5 else {2} for at in range(9)}, "known"),  # two partners leave three
        ({at: {1} if at < 6 else {2} for at in range(12)}, None),  # two partners leave nobody
        ({at: {1} if at < 4 else {2} for at in range(7)}, None),  # they leave five
    ],
)
def test_a_figure_whose_companies_one_or_two_partners_nearly_all_know_is_not_shown(
    served: dict[int, set[int]], expected: str | None
) -> None:
    values = [200 + 10 * at for at in range(12)]

    assert why(companies(values, served)) == expected


@given(st.lists(st.frozensets(st.integers(1, 4), max_size=3), min_size=LIMITS.smallest, max_size=16))
def test_where_nobody_is_left_over_no_two_accounts_leave_fewer_than_five(
    known: list[frozenset[int]],
) -> None:
    if strangers(enumerate(known)):
        return

    contacts = [{at} for at in range(len(known))]
    consultants = [{at for at, by in enumerate(known) if partner in by} for partner in range(1, 5)]
    for one, other in combinations([*contacts, *consultants, set()], 2):
        assert len(known) - len(one | other) not in range(1, LIMITS.others)


# The distribution


def test_twelve_companies_show_quartiles() -> None:
    found = shown(companies([200 + 10 * at for at in range(12)]))

    assert (found.median, found.quartiles) == (255, (228, 283))  # 227.5 and 282.5, half up
    assert set(found.points) == {25, 50, 75}


def test_eleven_companies_show_no_quartiles() -> None:
    assert shown(companies([200 + 10 * at for at in range(11)])).points == {}


def test_neither_the_smallest_nor_the_largest_value_is_ever_shown() -> None:
    found = shown(companies([100, *range(200, 310, 10), 500]))

    assert {100, 500}.isdisjoint(found.points.values())


@pytest.mark.parametrize(("units", "shares"), [(11, 0), (12, 3), (31, 3), (32, 5), (61, 5), (62, 19)])
def test_between_two_points_of_a_distribution_stand_three_companies(units: int, shares: int) -> None:
    found = figures(Tally(units, Counter(range(200, 200 + units))))

    assert len(found.points) == shares


@pytest.mark.parametrize(
    ("value", "expected"),
    [(100, 5), (150, 15), (200, 25), (225, 40), (250, 50), (275, 65), (300, 75), (400, 90), (500, 95)],
)
def test_a_percentile_is_read_off_the_published_points_in_steps_of_five(value: int, expected: int) -> None:
    others = Published(20, 250, {25: 200, 50: 250, 75: 300})

    assert percentile(value, others, bottom=BOTTOM, top=TOP) == expected


def test_there_is_no_percentile_among_too_few() -> None:
    assert percentile(250, shown(companies(SEVEN)), bottom=BOTTOM, top=TOP) is None


@given(st.lists(st.integers(100, 500), min_size=12, max_size=80), st.integers(100, 500))
def test_a_higher_value_never_has_a_lower_percentile(values: list[int], value: int) -> None:
    others = figures(Tally(len(values), Counter(values)))

    found = [percentile(each, others, bottom=BOTTOM, top=TOP) or 0 for each in (value, min(value + 1, 500))]

    assert 5 <= found[0] <= found[1] <= 95
