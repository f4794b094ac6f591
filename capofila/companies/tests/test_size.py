"""The SME class: worked examples, each exemption and its end, years, circles, and what always holds."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.companies.rules.group import INVESTORS, WAYS, Accounts, Enterprise, Holding, Link, Ties
from capofila.companies.rules.group_graph import Edge, graph
from capofila.companies.rules.size import Figures
from capofila.companies.rules.status import CompanySize, company_size
from capofila.companies.size_data import size_rules
from capofila.lib.problems import Problem

TODAY = date(2026, 1, 1)
RULES = size_rules(TODAY)
MILLION = 100_000_000  # cents
YEAR = 2025
Item = TypeVar("Item")


def accounts(year: int, awu: float, turnover: float | None = 1, balance: float | None = 1) -> Accounts:
    """Money in millions of euros."""
    cents = [None if each is None else round(each * MILLION) for each in (turnover, balance)]
    return Accounts(year, Fraction(str(awu)), cents[0], cents[1])


def firm(
    name: str, awu: float = 10, turnover: float = 1, balance: float = 1, kind: str = "firm"
) -> Enterprise:
    return Enterprise(name, kind, accounts=(accounts(YEAR, awu, turnover, balance),))


def staff(name: str, **by_year: float) -> Enterprise:
    """`staff("A", y2024=40)`: work units by year, with little money."""
    return Enterprise(name, accounts=tuple(accounts(int(year[1:]), awu) for year, awu in by_year.items()))


def holds(owner: str, of: str, share: float, votes: float | None = None, **days: date) -> Holding:
    return Holding(owner, of, Fraction(str(share)), Fraction(str(share if votes is None else votes)), **days)


def size(*parts: Enterprise | Holding | Link, on: date | None = TODAY, subject: str = "A") -> CompanySize:
    enterprises = {each.name: each for each in parts if isinstance(each, Enterprise)}
    holdings = tuple(each for each in parts if isinstance(each, Holding))
    links = tuple(each for each in parts if isinstance(each, Link))
    return company_size(Ties(enterprises, holdings, links), subject, on, RULES)


def weights(found: CompanySize) -> dict[str, float]:
    return {name: float(weight) for name, weight in found.group.weights.items()}


def why(found: CompanySize) -> str:
    return "\n".join(reason.words() for reason in found.reasons)


# Worked examples of the Commission's guide


def test_autonomous_at_first_sight_but_linked_to_a_group() -> None:
    found = size(
        *(firm(name) for name in "ABCD"),
        *(holds(owner, "A", 20) for owner in "BCD"),
        holds("B", "C", 70), holds("C", "D", 60),
    )  # fmt: skip

    assert weights(found) == {"A": 1, "B": 1, "C": 1, "D": 1}
    assert found.figures is not None
    assert found.figures.awu == 40
    assert "B, C and D, linked together, hold 60 % of the votes of A" in why(found)


@pytest.mark.parametrize("holding", [holds("A", "C", 30), holds("C", "A", 30)], ids=["down", "up"])
def test_a_partner_adds_its_percentage(holding: Holding) -> None:
    found = size(firm("A"), firm("C", awu=50, turnover=9, balance=3), holding)

    assert weights(found) == {"A": 1, "C": 0.3}
    assert found.figures is not None
    assert found.figures == Figures(Fraction(25), 370_000_000, 190_000_000)


def test_years_above_the_limit_of_an_sme_count_from_the_second_one() -> None:
    by_year = {"y2023": 220, "y2024": 260, "y2025": 250}

    sizes = [size(staff("A", **dict(list(by_year.items())[:n]))).size for n in (1, 2, 3)]

    assert sizes == ["medium", "medium", "small-mid-cap"]


def test_exempt_investors_that_are_not_linked_add_nothing_beside_a_partner() -> None:
    found = size(
        firm("A"), firm("C"), Enterprise("B", "university"), Enterprise("D", "institutional-investor"),
        holds("B", "A", 25), holds("C", "A", 30), holds("D", "A", 25),
    )  # fmt: skip

    assert weights(found) == {"A": 1, "C": 0.3}


def test_exempt_investors_linked_to_each_other_with_more_than_half_count_whole() -> None:
    found = size(
        firm("A"), firm("B", kind="university"), firm("C"), firm("D", kind="public-investment-corporation"),
        holds("B", "A", 25), holds("C", "A", 25), holds("D", "A", 30),
        Link(("B", "D"), "agreement"),
    )  # fmt: skip

    assert weights(found) == {"A": 1, "B": 1, "D": 1, "C": 0.25}


# Partners and linked enterprises


@pytest.mark.parametrize(
    ("capital", "votes", "weight"),
    [
        (24.99, 24.99, None),
        (25, 0, 0.25),
        (0, 25, 0.25),
        (40, 30, 0.4),
        (30, 50, 0.5),
        (60, 50, 0.6),
        (0, 50.01, 1),
    ],
)
def test_the_higher_of_capital_and_votes_makes_a_partner_and_votes_alone_a_link(
    capital: float, votes: float, weight: float | None
) -> None:
    found = size(firm("A"), firm("B"), holds("B", "A", capital, votes))

    assert weights(found).get("B") == weight


def test_partners_of_partners_are_not_added() -> None:
    found = size(
        *(firm(name) for name in "ABCDE"),
        holds("B", "A", 30), holds("C", "B", 30), holds("A", "D", 30), holds("D", "E", 30),
    )  # fmt: skip

    assert weights(found) == {"A": 1, "B": 0.3, "D": 0.3}


def test_what_is_linked_to_a_partner_is_added_before_its_percentage() -> None:
    found = size(
        *(firm(name) for name in "ABCD"), holds("B", "A", 40), holds("C", "B", 80), holds("C", "D", 100)
    )

    assert weights(found) == {"A": 1, "B": 0.4, "C": 0.4, "D": 0.4}


def test_linked_enterprises_count_whole_through_any_number_of_steps_with_their_partners() -> None:
    found = size(
        *(firm(name) for name in "ABCDE"),
        holds("B", "A", 51), holds("C", "B", 51), holds("C", "D", 51), holds("E", "D", 30),
    )  # fmt: skip

    assert weights(found) == {"A": 1, "B": 1, "C": 1, "D": 1, "E": 0.3}


def test_of_a_cross_holding_the_higher_share_counts() -> None:
    assert weights(size(firm("A"), firm("B"), holds("A", "B", 28), holds("B", "A", 35)))["B"] == 0.35


def test_two_packets_of_one_owner_add_up() -> None:
    assert weights(size(firm("A"), firm("B"), holds("B", "A", 15), holds("B", "A", 15)))["B"] == 0.3


def test_linked_owners_are_partners_together() -> None:
    found = size(
        firm("A"), firm("B"), firm("C"), holds("B", "A", 15), holds("C", "A", 15), holds("B", "C", 90)
    )

    assert weights(found) == {"A": 1, "B": 0.3, "C": 0.3}


@pytest.mark.parametrize("way", [way for way in WAYS if way != "person"])
def test_a_link_counts_whole_without_a_share(way: str) -> None:
    assert weights(size(firm("A"), firm("B"), Link(("B", "A"), way))) == {"A": 1, "B": 1}


@pytest.mark.parametrize(("market", "counts"), [("same", True), ("adjacent", True), ("other", False)])
def test_persons_link_only_in_the_same_or_an_adjacent_market(market: str, counts: bool) -> None:
    assert ("B" in weights(size(firm("A"), firm("B"), Link(("A", "B"), "person", market)))) is counts


def test_a_link_by_persons_of_unknown_market_makes_the_class_unknown() -> None:
    found = size(firm("A"), firm("B"), Link(("A", "B"), "person"))

    assert (found.size, found.by_year) == ("unknown", {YEAR: "unknown"})
    assert "Whether A and B" in why(found)


def test_a_person_who_owns_everything_is_no_enterprise_but_what_else_it_controls_is_said() -> None:
    found = size(firm("A"), firm("B"), Enterprise("P", "person"), holds("P", "A", 100), holds("P", "B", 60))

    assert weights(found) == {"A": 1}
    assert "P controls A and B" in why(found)


def test_ties_hold_on_their_first_and_on_their_last_day() -> None:
    holding = holds("B", "A", 30, since=date(2025, 3, 1), until=date(2025, 9, 30))
    days = [date(2025, 2, 28), date(2025, 3, 1), date(2025, 9, 30), date(2025, 10, 1)]

    counted = ["B" in weights(size(firm("A"), firm("B"), holding, on=day)) for day in days]

    assert counted == [False, True, True, False]


def test_shares_of_more_than_the_whole_are_said() -> None:
    assert "add up to 120 %" in why(
        size(firm("A"), firm("B"), firm("C"), holds("B", "A", 60), holds("C", "A", 60))
    )


# Public bodies


@pytest.mark.parametrize(("share", "expected"), [(24.99, "small"), (25, "large"), (100, "large")])
def test_a_quarter_held_by_a_public_body_makes_it_large(share: float, expected: str) -> None:
    found = size(firm("A"), Enterprise("P", "public-body"), holds("P", "A", share))

    assert found.size == expected
    assert weights(found) == {"A": 1}
    assert ("it is large" in why(found) or "is large whatever" in why(found)) is (expected == "large")


def test_it_is_large_even_where_accounts_are_missing() -> None:
    found = size(Enterprise("A"), Enterprise("P", "public-body"), holds("P", "A", 30))

    assert (found.size, found.figures, found.by_year) == ("large", None, {})


def test_public_bodies_count_together() -> None:
    found = size(
        firm("A"), Enterprise("P", "public-body"), Enterprise("Q", "public-body"),
        holds("P", "A", 13), holds("Q", "A", 12),
    )  # fmt: skip

    assert found.size == "large"
    assert "P and Q hold together" in why(found)


def test_public_bodies_count_through_what_they_control_but_not_through_less() -> None:
    def through(votes: float) -> str:
        return size(
            firm("A"), firm("H"), firm("I"), Enterprise("P", "public-body"),
            holds("P", "I", votes), holds("I", "H", 60), holds("H", "A", 30),
        ).size  # fmt: skip

    assert (through(51), through(50)) == ("large", "small")


def test_a_public_body_in_command_by_a_link_makes_it_large() -> None:
    assert size(firm("A"), Enterprise("P", "public-body"), Link(("P", "A"), "board-majority")).size == "large"


def test_firms_of_one_public_body_are_not_linked_by_it() -> None:
    found = size(
        *(firm(name) for name in "ABC"), Enterprise("P", "public-body"),
        holds("A", "B", 30), holds("P", "B", 60), holds("P", "C", 60),
    )  # fmt: skip

    assert weights(found) == {"A": 1, "B": 0.3}


# Exempt investors


def investor(kind: str) -> Enterprise:
    return Enterprise("I", kind, accounts=(accounts(YEAR, 1000),), invested=MILLION)


@pytest.mark.parametrize("kind", INVESTORS)
def test_an_investor_is_exempt_up_to_half(kind: str) -> None:
    found = size(firm("A"), investor(kind), holds("I", "A", 50))

    assert (weights(found), found.size) == ({"A": 1}, "small")
    assert "exempt investor" in why(found)


@pytest.mark.parametrize("kind", INVESTORS)
@pytest.mark.parametrize(
    "end",
    [
        lambda: (holds("I", "A", 51),),
        lambda: (holds("I", "A", 25), Link(("I", "A"), "dominant-influence")),
        lambda: (holds("I", "A", 30), firm("B"), holds("B", "A", 30), holds("I", "B", 90)),
    ],
    ids=["more than half", "linked", "with a subsidiary"],
)
def test_the_exemption_ends_where_the_investor_is_linked(
    kind: str, end: Callable[[], tuple[Enterprise | Holding | Link, ...]]
) -> None:
    found = size(firm("A"), investor(kind), *end())

    assert (weights(found)["I"], found.size) == (1, "large")
    assert "The exemption of investors ends" in why(found)


@pytest.mark.parametrize(("invested", "exempt"), [(124_999_999, True), (125_000_000, False)])
def test_a_business_angel_is_exempt_below_its_amount(invested: int, exempt: bool) -> None:
    angel = Enterprise("I", "business-angel", accounts=(accounts(YEAR, 8),), invested=invested)

    assert ("I" not in weights(size(firm("A"), angel, holds("I", "A", 30)))) is exempt


def test_business_angels_of_one_enterprise_share_the_amount() -> None:
    angels = [
        Enterprise(name, "business-angel", accounts=(accounts(YEAR, 8),), invested=70_000_000)
        for name in "IJ"
    ]

    found = size(firm("A"), *angels, holds("I", "A", 30), holds("J", "A", 10))

    assert weights(found) == {"A": 1, "I": 0.3}


def test_what_a_business_angel_invested_is_asked_for_where_it_matters() -> None:
    def held(share: float) -> CompanySize:
        return size(firm("A"), Enterprise("I", "business-angel"), holds("I", "A", share))

    assert (held(24).size, held(25).size) == ("small", "unknown")
    assert "what I invested is missing" in why(held(25))


@pytest.mark.parametrize(
    ("budget", "inhabitants", "expected"),
    [
        (10 * MILLION - 1, 4_999, "small"),
        (10 * MILLION, 4_999, "large"),
        (10 * MILLION - 1, 5_000, "large"),
        (None, 5_000, "large"),
        (None, 4_999, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_a_local_authority_is_exempt_when_it_is_small(
    budget: int | None, inhabitants: int | None, expected: str
) -> None:
    town = Enterprise("T", "local-authority", budget=budget, inhabitants=inhabitants)

    assert size(firm("A"), town, holds("T", "A", 30)).size == expected


def test_a_small_local_authority_with_more_than_half_is_a_public_body_like_any_other() -> None:
    town = Enterprise("T", "local-authority", budget=MILLION, inhabitants=900)

    assert size(firm("A"), town, holds("T", "A", 51)).size == "large"


# Years


def test_a_class_moves_to_the_nearer_of_two_years() -> None:
    assert size(staff("A", y2023=5, y2024=300, y2025=20)).size == "small"
    assert size(staff("A", y2023=300, y2024=5, y2025=20)).size == "small"
    assert size(staff("A", y2023=20, y2024=5, y2025=60)).size == "small"


def test_a_gap_breaks_the_row() -> None:
    assert size(staff("A", y2022=40, y2023=60, y2025=60)).size == "small"


def test_a_takeover_counts_at_once_and_the_way_back_takes_two_years() -> None:
    small = staff("A", y2023=40, y2024=40, y2025=40)
    big = staff("Z", y2023=9000, y2024=9000, y2025=9000)

    taken = size(small, big, holds("Z", "A", 100, since=date(2025, 6, 1)))
    left = size(small, big, holds("Z", "A", 100, until=date(2025, 6, 1)))
    long_gone = size(small, big, holds("Z", "A", 100, until=date(2024, 6, 1)))

    assert (taken.size, taken.by_year) == ("large", {2023: "small", 2024: "small", 2025: "large"})
    assert "at once" in why(taken)
    assert (left.size, left.by_year[2025]) == ("large", "small")
    assert long_gone.size == "small"


def test_own_growth_in_the_year_of_a_small_purchase_is_not_the_purchase() -> None:
    found = size(
        staff("A", y2024=40, y2025=60),
        staff("C", y2024=4, y2025=4),
        holds("A", "C", 25, since=date(2025, 5, 1)),
    )

    assert (found.size, found.by_year[2025]) == ("small", "medium")


def test_the_newest_year_has_the_structure_of_the_day_and_the_others_that_of_their_end() -> None:
    owned = holds("C", "A", 30, since=date(2025, 1, 15))
    both = staff("A", y2023=10, y2024=10), staff("C", y2023=100, y2024=100)

    found = size(*both, owned)

    assert weights(found) == {"A": 1, "C": 0.3}
    assert found.figures is not None
    assert found.figures.awu == 40
    assert "On 31 December 2023 C counted at 0 %" in why(found)


def test_a_year_in_which_somebody_lacks_accounts_is_unknown() -> None:
    found = size(staff("A", y2024=40, y2025=41), staff("C", y2024=20), holds("C", "A", 30))

    assert (found.size, found.by_year) == ("small", {2024: "small", 2025: "unknown"})
    assert found.figures is not None
    assert found.year == 2024
    assert found.figures.awu == 46
    assert "the accounts of C are missing" in why(found)


def test_no_complete_year_is_unknown() -> None:
    found = size(staff("A", y2025=40), Enterprise("C"), holds("C", "A", 30))

    assert (found.size, found.figures, found.by_year) == ("unknown", None, {2025: "unknown"})
    assert weights(found) == {"A": 1, "C": 0.3}


def test_an_owner_of_whom_nothing_is_known_makes_the_class_unknown() -> None:
    late = holds("Z", "A", 60, since=date(2025, 6, 1))

    nothing = size(staff("A", y2024=40, y2025=40), Enterprise("Z"), late)
    older = size(staff("A", y2024=40, y2025=40), staff("Z", y2024=9000), late)

    assert (nothing.size, nothing.by_year) == ("unknown", {2024: "small", 2025: "unknown"})
    assert (older.size, older.by_year) == ("large", {2024: "small", 2025: "unknown"})


def test_a_missing_amount_matters_only_where_it_would_decide() -> None:
    def with_turnover(millions: float) -> CompanySize:
        return size(Enterprise("A", accounts=(accounts(YEAR, 20, millions, None),)))

    assert (with_turnover(9).size, with_turnover(11).size) == ("small", "unknown")
    assert "the figures that are missing would decide" in why(with_turnover(11))


def test_later_accounts_are_not_looked_at_and_without_a_day_the_newest_year_ends() -> None:
    enterprise = staff("A", y2023=5, y2024=300, y2025=300)

    assert size(enterprise, on=date(2024, 6, 1)).by_year == {2023: "micro", 2024: "small-mid-cap"}
    assert list(size(enterprise, on=None).by_year) == [2023, 2024, 2025]


def test_money_is_rounded_once_to_the_nearest_cent() -> None:
    found = size(
        Enterprise("A", accounts=(Accounts(YEAR, Fraction(1), 100, 100),)),
        Enterprise("C", accounts=(Accounts(YEAR, Fraction(1), 1, 2),)),
        holds("C", "A", 33.33),
    )

    assert found.figures is not None
    assert (found.figures.turnover, found.figures.balance_sheet) == (100, 101)


def test_small_mid_caps_are_known_since_their_recommendation() -> None:
    enterprise = {"A": staff("A", y2024=300)}

    def on(day: date) -> str:
        return company_size(Ties(enterprise), "A", day, size_rules(day)).size

    assert (on(date(2025, 5, 20)), on(date(2025, 5, 21))) == ("large", "small-mid-cap")


def test_before_the_first_rules_there_is_no_class() -> None:
    with pytest.raises(Problem, match=r"company-size\.no-rules"):
        size_rules(date(2004, 12, 31))


# Structures of any form


@pytest.mark.parametrize("share", [30, 60])
def test_a_circle_ends(share: float) -> None:
    names = [f"E{n}" for n in range(300)]
    ring = [holds(one, other, share) for one, other in zip(names, [*names[1:], names[0]], strict=True)]

    found = size(*(firm(name) for name in names), *ring, subject="E0")

    assert len(weights(found)) == (300 if share > 50 else 3)


def test_the_group_is_a_graph_for_a_diagram() -> None:
    ties = Ties(
        {each.name: each for each in (firm("A"), firm("B"), firm("C"), Enterprise("U", "university"))},
        (holds("B", "A", 60), holds("C", "A", 10, 15), holds("C", "A", 15), holds("U", "A", 5)),
        (Link(("B", "A"), "board-majority"),),
    )
    found = company_size(ties, "A", TODAY, RULES)

    drawn = graph(ties, found.group, TODAY)

    assert [(node.name, node.role, node.weight) for node in drawn.nodes] == [
        ("A", "subject", 1), ("B", "linked", 1), ("C", "partner", Fraction(3, 10)), ("U", "not counted", 0),
    ]  # fmt: skip
    assert drawn.edges == (
        Edge("B", "A", Fraction(60)),
        Edge("C", "A", Fraction(30)),
        Edge("U", "A", Fraction(5)),
        Edge("A", "B", None, "board-majority"),
    )


NAMES = st.sampled_from("ABCDEF")
KINDS_OF_NODES = st.sampled_from(
    ["firm", "firm", "firm", "public-body", "local-authority", "business-angel", "university", "person"]
)
DAYS = st.sampled_from([None, date(2023, 6, 1), date(2024, 6, 1), date(2025, 6, 1)])
AMOUNTS = st.none() | st.integers(0, 200 * MILLION)


@st.composite
def some_ties(draw: st.DrawFn, years: tuple[int, ...] = (2023, 2024, 2025)) -> Ties:
    enterprises = {}
    for name in "ABCDEF":
        given_years = [year for year in years if name == "A" or draw(st.integers(0, 4))]
        enterprises[name] = Enterprise(
            name,
            "firm" if name == "A" else draw(KINDS_OF_NODES),
            accounts=tuple(
                Accounts(year, Fraction(draw(st.integers(0, 900))), draw(AMOUNTS), draw(AMOUNTS))
                for year in given_years
            ),
            invested=draw(st.sampled_from([None, 1, 200 * MILLION])),
            budget=draw(st.sampled_from([None, 1, 200 * MILLION])),
            inhabitants=draw(st.sampled_from([None, 1, 9000])),
        )
    pairs = st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1])
    shares = st.sampled_from([0, 10, 24, 25, 30, 50, 51, 100]).map(Fraction)
    holdings = [
        Holding(owner, of, draw(shares), draw(shares), draw(DAYS), draw(DAYS))
        for owner, of in draw(st.lists(pairs, max_size=8))
        if enterprises[of].kind != "person"
    ]
    links = [
        Link(
            pair,
            draw(st.sampled_from(list(WAYS))),
            draw(st.sampled_from([None, "same", "other"])),
            draw(DAYS),
        )
        for pair in draw(st.lists(pairs, max_size=3))
    ]
    return Ties(enterprises, tuple(holdings), tuple(links))


@settings(max_examples=200, deadline=None)
@given(some_ties(), st.sampled_from([None, TODAY, date(2024, 3, 1)]), st.randoms(use_true_random=False))
def test_any_structure_has_a_class_and_the_order_of_its_lists_is_nothing(
    ties: Ties, on: date | None, random: Random
) -> None:
    def shuffled(values: Iterable[Item]) -> list[Item]:
        listed = list(values)
        return random.sample(listed, len(listed))

    found = company_size(ties, "A", on, RULES)
    enterprises = {
        name: replace(each, accounts=tuple(shuffled(each.accounts)))
        for name, each in shuffled(ties.enterprises.items())
    }
    shuffled_ties = Ties(enterprises, tuple(shuffled(ties.holdings)), tuple(shuffled(ties.links)))
    other = company_size(shuffled_ties, "A", on, RULES)

    assert found.size in ("micro", "small", "medium", "small-mid-cap", "large", "unknown")
    assert (found, [each.words() for each in found.reasons]) == (
        other,
        [each.words() for each in other.reasons],
    )
    assert list(found.group.weights) == list(other.group.weights)
    assert all(0 <= weight <= 1 for weight in found.group.weights.values())
    drawn = graph(ties, found.group, TODAY)
    assert drawn.nodes[0].name == "A"


@settings(max_examples=200, deadline=None)
@given(
    some_ties(years=(2025,)),
    NAMES,
    st.sampled_from(["awu", "turnover", "balance_sheet"]),
    st.integers(1, 10**10),
)
def test_raising_a_figure_never_lowers_the_class_of_its_year(
    ties: Ties, name: str, figure: str, more: int
) -> None:
    order = ("micro", "small", "medium", "small-mid-cap", "large")
    raised = ties.enterprises[name]
    each = raised.in_year(2025)
    if each is None or getattr(each, figure) is None:
        return
    more_accounts = replace(each, **{figure: getattr(each, figure) + more})
    enterprises = {**ties.enterprises, name: replace(raised, accounts=(more_accounts,))}

    before = company_size(ties, "A", TODAY, RULES).size
    after = company_size(Ties(enterprises, ties.holdings, ties.links), "A", TODAY, RULES).size

    if "unknown" not in (before, after):
        assert order.index(after) >= order.index(before)
