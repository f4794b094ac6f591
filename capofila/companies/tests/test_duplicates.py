"""When two records are probably one company; docs/rules/company-duplicates.md."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.companies.rules.duplicates import Alike, Known, Named, alike, named

ALICE: dict[str, Any] = {"name": "Vetreria Alice S.r.l.", "city": "Pavia", "province": "PV"}


def pair(one: dict[str, Any], other: dict[str, Any]) -> Alike | None:
    return alike(named(1, **one), named(2, **other))


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({**ALICE, "name": "ALICE VETRERIA SPA"}, Alike("name", 100)),
        ({**ALICE, "name": "Vetrerie Alice"}, Alike("name", 93)),
        ({**ALICE, "city": ""}, Alike("name", 100)),
        ({"name": "Vetreria Alice"}, Alike("name", 100)),
        ({"name": "Vetrerie Alice"}, None),
        ({**ALICE, "city": "Voghera"}, None),
        ({**ALICE, "city": "", "province": "MI"}, None),
        ({**ALICE, "name": "Vetreria Bob"}, None),
    ],
)
def test_a_like_name_in_the_same_place_is_probably_one_company(
    other: dict[str, Any], why: Alike | None
) -> None:
    assert pair(ALICE, other) == why


def test_two_vat_numbers_are_two_companies_however_alike_their_names() -> None:
    assert pair({**ALICE, "vat": "09876540189"}, {**ALICE, "vat": "00743110157"}) is None
    assert pair({**ALICE, "vat": "09876540189"}, ALICE) == Alike("name", 100)


def test_one_number_is_one_company_whatever_its_name() -> None:
    other = {"name": "Gelateria Bob", "tax_code": "09876540189"}

    assert pair({**ALICE, "vat": "09876540189"}, other) == Alike("identifier", 100)


PARTS = st.sampled_from(["", "Pavia", "Milano"])
COMPANIES = st.builds(
    lambda name, city, province, vat: named(0, name=name, city=city, province=province, vat=vat),
    st.text(alphabet="abc ", min_size=1, max_size=12), PARTS, st.sampled_from(["", "PV", "MI"]),
    st.sampled_from(["", "1", "2"]),
)  # fmt: skip


@given(st.lists(COMPANIES, max_size=12), COMPANIES)
def test_looking_where_they_may_be_finds_the_same_as_looking_at_each(rows: list[Named], one: Named) -> None:
    numbered = [Named(**{**vars(row), "id": place}) for place, row in enumerate(rows, start=1)]
    slowly = {row.id for row in numbered if alike(one, row) is not None}

    assert {other.id for other, _ in Known(numbered).like(one)} == slowly
