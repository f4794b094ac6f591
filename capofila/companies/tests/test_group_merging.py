"""Two records that become one, with the groups of both."""

import pytest

from capofila.companies import group_actions, group_queries, merging
from capofila.companies.models import Enterprise, Holding
from capofila.companies.tests.builders import NOON, make_company
from capofila.companies.tests.test_group import BY, accounts, holding, outside
from capofila.lib.tests.refusals import refused_codes


@pytest.mark.django_db
def test_two_records_that_become_one_keep_what_ties_both() -> None:
    kept, gone = make_company(name="A"), make_company(name="A Srl")
    mine, other = group_actions.own_enterprise(kept), group_actions.own_enterprise(gone)
    accounts(mine, 5, company=kept, year=2024)
    accounts(other, 6, company=gone, year=2025)
    parent, sister = outside(kept, "P"), outside(gone, "S")
    holding(parent, mine, 30, company=kept)
    holding(sister, other, 26, company=gone)
    holding(mine, other, 10, company=kept)

    merging.merge(kept, gone, by=BY, at=NOON)

    known = group_queries.known(kept)
    assert [row.year for row in known.accounts[mine.pk]] == [2024, 2025]
    assert {(each.owner, each.of) for each in known.ties.holdings} == {("P", "A"), ("S", "A")}
    assert not Enterprise.objects.filter(company=gone).exists()


@pytest.mark.django_db
def test_two_records_with_other_figures_of_one_year_are_not_merged() -> None:
    kept, gone = make_company(name="A"), make_company(name="A Srl")
    accounts(group_actions.own_enterprise(kept), 5, company=kept)
    accounts(group_actions.own_enterprise(gone), 6, company=gone)

    assert refused_codes(lambda: merging.merge(kept, gone, by=BY, at=NOON)) == ["company.two-accounts"]
    gone.refresh_from_db()
    assert gone.merged_into is None


@pytest.mark.django_db
def test_the_same_holding_in_both_records_stands_once() -> None:
    kept, gone = make_company(name="A"), make_company(name="A Srl")
    parent = outside(kept, "P")
    for company in (kept, gone):
        holding(parent, group_actions.own_enterprise(company), 30, company=company)

    merging.merge(kept, gone, by=BY, at=NOON)

    assert Holding.objects.count() == 1
