from typing import Any

import pytest
from django.db import IntegrityError

from capofila.companies import actions, queries
from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON, make_company

pytestmark = pytest.mark.django_db
VAT = "09876540189"


def test_a_registered_company_gives_back_the_facts_it_was_entered_with() -> None:
    facts = CompanyFacts(
        name="Vetreria Alice",
        vat=VAT,
        ateco=("2025", "23.11"),
        province="PV",
        profile="manufacturing",
        size="small",
        size_is_provisional=True,
        employees=12,
        turnover_cents=1_500_000_00,
        goals=("energy",),
        language="en",
    )

    company = actions.register(facts, at=NOON)

    assert queries.facts(Company.objects.get(pk=company.pk)) == facts


def test_a_vat_number_that_another_company_has_is_refused_by_name() -> None:
    make_company(name="Vetreria Alice", vat=VAT)

    with pytest.raises(actions.VatTaken) as refused:
        make_company(name="Vetreria Bob", vat=VAT)

    assert "Vetreria Alice" in str(refused.value)
    assert Company.objects.count() == 1


def test_two_companies_without_a_vat_number_are_two_companies() -> None:
    make_company(name="Vetreria Alice")
    make_company(name="Vetreria Bob")

    assert Company.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"type": "ltd"},
        {"size": "tiny"},
        {"ateco_code": "25.12", "ateco_version": ""},
        {"ateco_code": "", "ateco_version": "2025"},
        {"ateco_code": "25.12", "ateco_version": "1991"},
        {"turnover_cents": -1},
        {"balance_sheet_cents": -1},
        {"vat": VAT},
    ],
)
def test_the_database_itself_refuses_what_must_never_be(wrong: dict[str, Any]) -> None:
    make_company(name="Vetreria Alice", vat=VAT)

    with pytest.raises(IntegrityError):
        Company.objects.create(**{"name": "Vetreria Bob", "created_at": NOON, **wrong})
