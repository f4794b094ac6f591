"""What a row of a list of companies says, cell by cell; docs/rules/company-import.md."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.companies.rules.import_row import COLUMNS, Person, RowSaid, read_row

TODAY = date(2026, 3, 2)


def said(**cells: Any) -> RowSaid:
    return read_row(2, {"name": "Vetreria Alice", **cells}, today=TODAY)


def test_a_whole_row_is_read() -> None:
    row = said(
        vat="IT 00743110157", tax_code="00743110157", rea="bs-123456", ateco="25.62", ateco_version="2025",
        profile="Manifatturiero", employees="1.200", turnover="7.100.000,50 €", balance_sheet="6100000.5",
        address="Via  Roma 1", city="Brescia", postcode="25121", province="bs", website="www.alice.example",
        contact_name="Anna Alice", contact_role="CEO", contact_email="anna@alice.example",
        contact_phone="+39 030 123456", consent_on="31/01/2026", partner="Rete Artigiana",
        notes="Met at a fair",
    )  # fmt: skip

    assert row.problems == ()
    assert row.facts == {
        "name": "Vetreria Alice", "vat": "00743110157", "tax_code": "00743110157", "rea": "BS-123456",
        "ateco_version": "2025", "ateco_code": "25.62", "profile": "manufacturing", "employees": 1200,
        "turnover_cents": 7_100_000_50, "balance_sheet_cents": 6_100_000_50, "address": "Via Roma 1",
        "city": "Brescia", "postcode": "25121", "province": "BS", "website": "www.alice.example",
    }  # fmt: skip
    assert row.person == Person(
        "Anna Alice", "CEO", "anna@alice.example", "+39 030 123456", date(2026, 1, 31)
    )
    assert (row.partner, row.note) == ("Rete Artigiana", "Met at a fair")


def test_an_empty_cell_says_nothing() -> None:
    assert said(vat=None, city=None, contact_name=None) == RowSaid(2, {"name": "Vetreria Alice"})


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("1234567,89", 1_234_567_89), ("1.234.567,89", 1_234_567_89), ("1,234,567.89", 1_234_567_89),
        ("1 234 567,8", 1_234_567_80), ("1'234'567", 1_234_567_00), ("€ 12", 12_00), ("0", 0),
        ("1.234.567", 1_234_567_00), (1200, 1200_00), (Decimal("12.5"), 12_50),
    ],
)  # fmt: skip
def test_money_is_read_as_it_is_written_in_italy_and_elsewhere(cell: object, cents: int) -> None:
    assert said(turnover=cell).facts["turnover_cents"] == cents


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"name": None}, "import.no-name"),
        ({"name": "x" * 301}, "import.too-long"),
        ({"vat": "00743110158"}, "import.vat"),
        ({"vat": "743110157"}, "import.vat-short"),
        ({"vat": "DE123456789"}, "import.vat"),
        ({"tax_code": "RSSMRA80A01F205Y"}, "import.tax-code"),
        ({"rea": "123"}, "import.rea"),
        ({"ateco": "25.62"}, "import.ateco-version"),
        ({"ateco": "25.62", "ateco_version": "2022"}, "import.ateco-version"),
        ({"ateco": "2562", "ateco_version": "2025"}, "import.ateco"),
        ({"ateco_version": "2025"}, "import.ateco-alone"),
        ({"profile": "bank"}, "import.profile"),
        *[({"employees": cell}, "import.employees") for cell in ("-1", "2,5", "many", Decimal("2.5"), True)],
        *[
            ({"turnover": cell}, "import.amount")
            for cell in ("1.234", "1,234", "1.2345", "-1", "much", True, date(2026, 1, 1), Decimal("0.001"))
        ],
        ({"postcode": "x"}, "import.postcode"),
        ({"province": "Brescia"}, "import.province"),
        ({"website": "none yet"}, "import.website"),
        ({"contact_email": "anna at alice"}, "import.email"),
        ({"contact_name": "Anna", "contact_phone": "call her"}, "import.phone"),
        ({"contact_phone": "030 123456"}, "import.contact-nameless"),
        ({"contact_name": "Anna", "consent_on": "2026-13-01"}, "import.day"),
        ({"contact_name": "Anna", "consent_on": "01/02/26"}, "import.day"),
        ({"contact_name": "Anna", "consent_on": "03/03/2026"}, "import.consent-to-come"),
        ({"city": date(2026, 1, 1)}, "import.not-text"),
        ({"city": "Bre\0scia"}, "import.unprintable"),
    ],
)  # fmt: skip
def test_a_mistake_refuses_the_row_with_its_code(cells: dict[str, Any], code: str) -> None:
    assert [problem.code for problem in said(**cells).problems] == [code]


def test_every_mistake_of_a_row_is_told_at_once() -> None:
    row = said(name=None, vat="1", province="Brescia")

    assert {problem.code for problem in row.problems} == {"import.no-name", "import.vat", "import.province"}


def test_what_a_spreadsheet_made_a_number_gets_its_zeros_back_and_says_so() -> None:
    row = said(vat=743110157, postcode=184, ateco=Decimal("1.11"), ateco_version=2025)

    assert (row.facts["vat"], row.facts["postcode"], row.facts["ateco_code"]) == (
        "00743110157",
        "00184",
        "01.11",
    )
    assert [remark.code for remark in row.remarks] == ["import.zeros-added"]


def test_a_contact_with_an_address_alone_is_named_by_it() -> None:
    assert said(contact_email="anna@alice.example").person == Person(
        "anna@alice.example", email="anna@alice.example"
    )


CELLS = st.none() | st.text(max_size=30) | st.integers() | st.decimals() | st.dates() | st.booleans()


@given(st.dictionaries(st.sampled_from(list(COLUMNS)), CELLS))
def test_no_cell_breaks_the_reading(cells: dict[str, Any]) -> None:
    row = read_row(2, cells, today=TODAY)

    assert row.problems or row.name
