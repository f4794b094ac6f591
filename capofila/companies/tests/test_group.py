"""A company's group in the registry: entered, corrected, removed, sent as a file; the class follows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.companies import group_actions, group_file, group_queries, group_upload, group_writing
from capofila.companies.group_file import GroupFile
from capofila.companies.models import (
    Company,
    Correction,
    Enterprise,
    EnterpriseLink,
    Holding,
    YearAccounts,
)
from capofila.companies.rules import ties
from capofila.companies.rules.status import company_size
from capofila.companies.size_data import size_rules
from capofila.companies.tests.builders import NOON, make_company
from capofila.journal.actions import Actor
from capofila.journal.models import Entry
from capofila.lib.tests.refusals import refused_codes

TODAY = date(2026, 1, 1)
BY = Actor(user=None, name="Irene", role="lead-administrator")
DOING: dict[str, Any] = {"by": BY, "at": NOON, "on": TODAY}
EXAMPLE = """
subject: A
on: 2026-01-01
enterprises:
  A: {accounts: [{year: 2024, awu: 41, turnover_eur: 7100000, balance_sheet_eur: 5000000},
                 {year: 2025, awu: 52, turnover_eur: 8300000, balance_sheet_eur: 6100000}]}
  B: {kind: university, accounts: []}
  C: {accounts: [{year: 2024, awu: 20, turnover_eur: 2000000, balance_sheet_eur: 1000000},
                 {year: 2025, awu: 80, turnover_eur: 9000000, balance_sheet_eur: 4000000}]}
holdings:
  - {owner: B, of: A, capital: 25, votes: 25}
  - {owner: C, of: A, capital: 30, votes: 30, since: 2023-05-01}
links: []
"""


def may(company: Company) -> bool:
    return True


def read(text: str) -> GroupFile:
    return group_file.read_text(text, "group.yaml")


def sent(company: Company, text: str, may_change: Callable[[Company], bool] = may) -> int:
    return group_upload.enter(company, read(text), may_change, reason="group.yaml", **DOING)


def outside(company: Company, name: str, **facts: Any) -> Enterprise:
    row = Enterprise(entered_for=company, name=name, **facts)
    group_actions.enter(row, company=company, **DOING)
    return row


def holding(owner: Enterprise, of: Enterprise, share: int, *, company: Company, **days: date) -> Holding:
    row = Holding(owner=owner, of=of, capital=Decimal(share), votes=Decimal(share), **days)
    group_actions.enter(row, company=company, **DOING)
    return row


def accounts(of: Enterprise, awu: int, *, company: Company, year: int = 2025, euros: int = 1) -> YearAccounts:
    row = YearAccounts(
        enterprise=of, year=year, awu=awu, turnover_cents=euros * 100, balance_sheet_cents=euros * 100
    )
    group_actions.enter(row, company=company, **DOING)
    return row


def size_of(company: Company) -> str:
    return group_queries.size_on(group_queries.known(company), TODAY).size


# The class


@pytest.mark.django_db
def test_the_registry_says_of_the_documented_example_what_the_command_says() -> None:
    company = make_company(name="A")
    sent(company, EXAMPLE)

    found = group_queries.size_on(group_queries.known(company), TODAY)
    told = company_size(read(EXAMPLE).ties, "A", TODAY, size_rules(TODAY))

    assert found == told
    assert (found.size, dict(found.by_year)) == ("small", {2024: "small", 2025: "medium"})


@pytest.mark.django_db
def test_without_accounts_the_class_is_not_known_and_what_is_missing_is_said() -> None:
    company = make_company(name="A")

    found = group_queries.size_on(group_queries.known(company), TODAY)

    assert found.size == "unknown"
    assert "The accounts of A are missing." in [reason.words() for reason in found.reasons]


@pytest.mark.django_db
def test_the_class_in_the_registry_follows_the_group() -> None:
    company = make_company(name="A", employees=5, turnover_cents=100, balance_sheet_cents=100)
    own = group_actions.own_enterprise(company)
    accounts(own, 5, company=company)
    parent = outside(company, "P")
    accounts(parent, 9_000, company=company, euros=10**9)

    tie = holding(parent, own, 60, company=company)
    company.refresh_from_db()
    assert (company.size, company.size_is_provisional) == ("large", False)

    group_actions.remove(tie, reason="another company", company=company, **DOING)
    company.refresh_from_db()
    assert (company.size, company.size_is_provisional) == ("micro", False)


@pytest.mark.django_db
def test_a_holding_between_two_companies_of_the_registry_is_a_fact_of_both() -> None:
    one, other = make_company(name="A"), make_company(name="C")
    first, second = group_actions.own_enterprise(one), group_actions.own_enterprise(other)
    accounts(first, 5, company=one)
    accounts(second, 300, company=other)

    holding(first, second, 60, company=one)

    assert (size_of(one), size_of(other)) == ("small-mid-cap", "small-mid-cap")
    other.refresh_from_db()
    assert other.size == "small-mid-cap"
    assert Entry.objects.filter(event="companies.group-entered", about_id=str(other.pk)).count() == 2


@pytest.mark.django_db
def test_a_class_that_the_accounts_no_longer_tell_is_provisional_again() -> None:
    company = make_company(name="A", employees=5, turnover_cents=100, balance_sheet_cents=100)
    own = group_actions.own_enterprise(company)
    accounts(own, 5, company=company)

    parent = outside(company, "P")  # of which no accounts are known
    holding(parent, own, 60, company=company)

    company.refresh_from_db()
    assert (company.size, company.size_is_provisional) == ("micro", True)


@pytest.mark.django_db
def test_two_enterprises_of_one_name_are_told_apart() -> None:
    company = make_company(name="A")
    own = group_actions.own_enterprise(company)
    for share in (30, 40):
        holding(outside(company, "A"), own, share, company=company)

    known = group_queries.known(company)

    assert list(known.names.values()) == ["A", "A (2)", "A (3)"]
    assert len(known.ties.holdings) == 2


# What is refused


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda a, b: Holding(owner=a, of=a, capital=1, votes=1), "group.itself"),
        (
            lambda a, b: Holding(
                owner=a, of=b, capital=1, votes=1, since=date(2025, 1, 2), until=date(2025, 1, 1)
            ),
            "group.until-before-since",
        ),
        (lambda a, b: EnterpriseLink(one=a, other=a, by="agreement"), "group.itself"),
        (lambda a, b: YearAccounts(enterprise=a, year=2025), "group.year-taken"),
    ],
)
def test_a_row_that_cannot_be_is_refused(make: Callable[[Enterprise, Enterprise], Any], code: str) -> None:
    company = make_company(name="A")
    own, other = group_actions.own_enterprise(company), outside(company, "B")
    accounts(own, 5, company=company)

    assert refused_codes(lambda: group_actions.enter(make(own, other), company=company, **DOING)) == [code]


@pytest.mark.django_db
def test_nobody_holds_a_part_of_a_person() -> None:
    company = make_company(name="A")
    own, anna = group_actions.own_enterprise(company), outside(company, "Anna", kind="person")

    assert refused_codes(lambda: holding(own, anna, 10, company=company)) == ["group.person-is-held"]


@pytest.mark.django_db
def test_an_enterprise_goes_only_when_nothing_ties_it() -> None:
    company = make_company(name="A")
    own, other = group_actions.own_enterprise(company), outside(company, "B")
    tie = holding(other, own, 30, company=company)

    def remove() -> None:
        group_actions.remove(other, reason="wrong", company=company, **DOING)

    assert refused_codes(remove) == ["group.still-tied"]
    group_actions.remove(tie, reason="wrong", company=company, **DOING)
    remove()
    assert not Enterprise.objects.filter(name="B").exists()


# History


@pytest.mark.django_db
def test_a_holding_that_ends_keeps_its_row_and_one_that_is_removed_its_history() -> None:
    company = make_company(name="A")
    own, other = group_actions.own_enterprise(company), outside(company, "B")
    tie = holding(other, own, 30, company=company)

    ended = {"until": date(2025, 6, 30)}
    group_actions.change(tie, ended, reason="sold", company=company, **DOING)
    assert Holding.objects.get().until == date(2025, 6, 30)
    group_actions.remove(Holding.objects.get(), reason="another B", company=company, **DOING)

    last = Correction.objects.order_by("-pk")[0]
    assert (last.fact, last.reason, last.after) == ("group.holding", "another B", "")
    assert '"until": "2025-06-30"' in last.before
    assert list(Entry.objects.order_by("sequence").values_list("event", flat=True))[-3:] == [
        "companies.group-entered", "companies.group-changed", "companies.group-removed",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_correction_that_changes_nothing_is_refused() -> None:
    company = make_company(name="A")
    tie = holding(outside(company, "B"), group_actions.own_enterprise(company), 30, company=company)

    def change() -> None:
        group_actions.change(tie, {"capital": Decimal("30.0")}, reason="x", company=company, **DOING)

    assert refused_codes(change) == ["group.nothing-changed"]


# The file


@pytest.mark.django_db
def test_a_file_that_is_sent_twice_changes_nothing_the_second_time() -> None:
    company = make_company(name="Alfa Srl")

    assert sent(company, EXAMPLE) == 8
    assert sent(company, EXAMPLE) == 0
    assert (Enterprise.objects.count(), Holding.objects.count(), YearAccounts.objects.count()) == (3, 2, 4)


@pytest.mark.django_db
def test_what_a_file_says_otherwise_takes_the_place_and_what_it_does_not_say_stays() -> None:
    company = make_company(name="A")
    sent(company, EXAMPLE)

    changed = EXAMPLE.replace("capital: 30, votes: 30", "capital: 35, votes: 35").replace(
        "  - {owner: B, of: A, capital: 25, votes: 25}\n", ""
    )

    assert sent(company, changed) == 1
    assert sorted(Holding.objects.values_list("capital", flat=True)) == [25, 35]
    assert Correction.objects.order_by("-pk")[0].reason == "group.yaml"


@pytest.mark.django_db
def test_what_is_known_comes_out_as_the_file_that_the_command_reads(tmp_path: Path) -> None:
    company = make_company(name="A")
    sent(company, EXAMPLE)
    known = group_queries.known(company)
    file = tmp_path / "group.yaml"
    file.write_text(group_writing.written(known.ties, known.subject, TODAY), encoding="utf-8")

    again = group_file.read(file)

    assert (again.subject, again.on) == ("A", TODAY)
    assert company_size(again.ties, "A", TODAY, size_rules(TODAY)) == group_queries.size_on(known, TODAY)


@pytest.mark.django_db
def test_figures_of_a_company_that_is_not_ones_own_to_change_are_refused() -> None:
    company, other = make_company(name="A"), make_company(name="C")
    holding(group_actions.own_enterprise(other), group_actions.own_enterprise(company), 30, company=company)

    assert refused_codes(lambda: sent(company, EXAMPLE, lambda each: False)) == ["group.not-yours"] * 2
    assert not YearAccounts.objects.exists()


@pytest.mark.django_db
def test_more_decimals_than_are_kept_are_refused() -> None:
    text = EXAMPLE.replace("capital: 30, votes: 30", "capital: 33.3333333, votes: 30")

    assert refused_codes(lambda: sent(make_company(name="A"), text)) == ["group.decimals"]


NAMES = st.sampled_from(
    ["A", "B: the second", "yes", "12", "Società «Ω» S.r.l.", "- x", "null ", "2026-01-01"]
)
SHARES = st.integers(0, 100_000_000).map(lambda millionths: Fraction(millionths, 1_000_000))
CENTS = st.none() | st.integers(0, 10**13)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))


@st.composite
def groups(draw: st.DrawFn) -> tuple[str, ties.Ties]:
    names = draw(st.lists(NAMES, min_size=2, max_size=5, unique=True))
    awu = st.none() | st.integers(0, 10**9).map(lambda tenthousandths: Fraction(tenthousandths, 10_000))
    years = st.builds(ties.Accounts, st.integers(1990, 2030), awu, CENTS, CENTS)
    enterprises = {
        name: ties.Enterprise(
            name,
            draw(st.sampled_from([kind for kind in ties.KINDS if kind != "person"])),
            draw(st.sampled_from(["IT", "DE"])),
            tuple(draw(st.lists(years, max_size=3, unique_by=lambda each: each.year))),
            draw(CENTS), draw(CENTS), draw(st.none() | st.integers(0, 10**6)),
        )
        for name in names
    }  # fmt: skip

    def days() -> tuple[date | None, date | None]:
        since, until = draw(DAYS), draw(DAYS)
        return (until, since) if since and until and until < since else (since, until)

    def pair() -> tuple[str, str]:
        one, other = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
        return one, other

    holdings = [
        ties.Holding(*pair(), draw(SHARES), draw(SHARES), *days()) for _ in range(draw(st.integers(0, 4)))
    ]
    links = [
        ties.Link(
            pair(), draw(st.sampled_from(list(ties.WAYS))),
            draw(st.none() | st.sampled_from(ties.MARKETS)), *days(),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    return names[0], ties.Ties(enterprises, tuple(holdings), tuple(links))


@given(groups())
@settings(max_examples=60, deadline=None)
def test_whatever_is_known_is_read_back_the_same(group: tuple[str, ties.Ties]) -> None:
    subject, known = group

    again = read(group_writing.written(known, subject, TODAY))

    by_year = {
        name: ties.Enterprise(
            **{**vars(each), "accounts": tuple(sorted(each.accounts, key=lambda one: one.year))}
        )
        for name, each in known.enterprises.items()
    }
    assert again.subject == subject
    assert again.ties == ties.Ties(by_year, known.holdings, known.links)
