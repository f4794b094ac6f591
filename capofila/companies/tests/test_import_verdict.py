"""What becomes of each row: new, update, duplicate, or refused because; docs/rules/company-import.md."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.companies.rules.import_row import Person, RowSaid
from capofila.companies.rules.import_verdict import Change, Existing, KnownPerson, Registry, Verdict, judge

ALICE_VAT, BOB_VAT = "09876540189", "00743110157"
OURS, THEIRS = 1, 2
ANNA = KnownPerson(9, "Anna", "CEO", "anna@alice.example", "", date(2025, 1, 1))
ALICE = Existing(
    7, {"name": "Vetreria Alice", "vat": ALICE_VAT, "city": "Pavia", "employees": 12}, frozenset({OURS}),
    (ANNA,),
)  # fmt: skip


def row(
    line: int = 2, *, person: Person | None = None, partner: str = "", note: str = "", **facts: Any
) -> RowSaid:
    return RowSaid(line, {"name": "Vetreria Alice", **facts}, person, partner, note)


def verdicts(
    *rows: RowSaid, known: tuple[Existing, ...] = (ALICE,), partner: int | None = None
) -> list[Verdict]:
    registry = Registry(
        known, {"ours": OURS}, {OURS: "Ours", THEIRS: "Theirs"}, partner, frozenset({"ours", "theirs"})
    )
    return judge(rows, registry)


def only(*rows: RowSaid, **registry: Any) -> Verdict:
    [verdict] = verdicts(*rows, **registry)
    return verdict


def test_a_company_that_nobody_knows_is_new() -> None:
    verdict = only(row(name="Gelateria Bob", vat=BOB_VAT), partner=OURS)

    assert (verdict.kind, verdict.partner) == ("new", OURS)


def test_a_known_vat_number_is_an_update_with_its_differences() -> None:
    verdict = only(row(vat=ALICE_VAT, employees=14, city="Pavia", province="PV"))

    assert (verdict.kind, verdict.company) == ("update", 7)
    assert verdict.changes == (Change("employees", "12", "14"), Change("province", "", "PV"))


def test_a_row_that_says_nothing_new_is_a_duplicate() -> None:
    verdict = only(row(vat=ALICE_VAT, employees=12))

    assert (verdict.kind, verdict.company, verdict.changes) == ("duplicate", 7, ())


def test_a_like_name_in_the_same_place_is_a_duplicate_and_never_an_update() -> None:
    assert only(row(name="VETRERIA ALICE S.R.L.", city="Pavia", employees=99)).kind == "duplicate"
    assert only(row(name="Vetreria Alice", city="Milano")).kind == "new"
    assert only(row(vat=BOB_VAT, city="Pavia")).kind == "new"


def test_a_row_that_repeats_an_earlier_one_names_its_line() -> None:
    first, second, third = verdicts(
        row(2, name="Gelateria Bob", vat=BOB_VAT), row(3, name="Bob", vat=BOB_VAT),
        row(4, name="GELATERIA BOB"), known=(),
    )  # fmt: skip

    assert (first.kind, second.kind, second.twin_line) == ("new", "duplicate", 2)
    assert (third.kind, third.twin_line) == ("duplicate", 2)


def test_two_rows_never_change_one_company_twice() -> None:
    one, other = verdicts(row(2, vat=ALICE_VAT, employees=1), row(3, vat=ALICE_VAT, employees=2))

    assert (one.kind, other.kind, other.twin_line) == ("update", "duplicate", 2)


def test_a_tax_code_finds_the_company_too_and_brings_its_vat_number() -> None:
    known = Existing(7, {"name": "Vetreria Alice", "tax_code": ALICE_VAT}, frozenset())

    verdict = only(row(vat=BOB_VAT, tax_code=ALICE_VAT), known=(known,))

    assert (verdict.kind, verdict.changes) == ("update", (Change("vat", "", BOB_VAT),))


def test_numbers_of_two_companies_refuse_the_row() -> None:
    bob = Existing(8, {"name": "Gelateria Bob", "tax_code": BOB_VAT}, frozenset())

    verdict = only(row(vat=ALICE_VAT, tax_code=BOB_VAT), known=(ALICE, bob))

    assert [problem.code for problem in verdict.problems] == ["import.two-companies"]


def test_a_company_of_another_partner_is_refused_without_its_name() -> None:
    hidden = Existing(7, ALICE.facts, frozenset({THEIRS}), open=False)

    verdict = only(row(name="Something else", vat=ALICE_VAT), known=(hidden,))

    assert [problem.code for problem in verdict.problems] == ["import.not-yours"]
    assert "Vetreria" not in verdict.problems[0].words()
    assert (verdict.company, verdict.company_name) == (None, "")


def test_a_like_name_of_another_partner_is_not_given_away() -> None:
    hidden = Existing(7, ALICE.facts, frozenset({THEIRS}), open=False)

    assert only(row(city="Pavia"), known=(hidden,)).kind == "new"


@pytest.mark.parametrize(
    ("name", "code"), [("Theirs", "import.partner-of-others"), ("Nobody", "import.partner-unknown")]
)
def test_a_partner_that_is_not_ones_own_refuses_the_row(name: str, code: str) -> None:
    assert [problem.code for problem in only(row(partner=name)).problems] == [code]


def test_a_partner_is_known_however_its_name_is_written() -> None:
    bob = row(name="Gelateria Bob", partner=" OURS ")

    assert only(bob).partner == OURS


def test_contacts_partners_and_notes_are_differences_too() -> None:
    anna = Person("Anna", "Owner", "ANNA@alice.example", "030 123456", date(2026, 1, 1))
    bruno = Person("Bruno")
    known = Existing(7, ALICE.facts, frozenset(), (ANNA,))

    of_anna = only(row(vat=ALICE_VAT, person=anna), known=(known,))
    of_bruno = only(row(vat=ALICE_VAT, person=bruno, note="Call him"), known=(known,), partner=OURS)

    assert of_anna.person == 9
    assert of_anna.changes == (
        Change("contact.role", "CEO", "Owner"),
        Change("contact.email", "anna@alice.example", "ANNA@alice.example"),
        Change("contact.phone", "", "030 123456"),
        Change("consent", "2025-01-01", "2026-01-01"),
    )
    assert of_bruno.changes == (
        Change("contact", "", "Bruno"), Change("partner", "", "Ours"), Change("note", "", "Call him"),
    )  # fmt: skip


NAMES = st.sampled_from(["Vetreria Alice", "Gelateria Bob", "Officina Carla"])
ROWS = st.lists(
    st.tuples(NAMES, st.sampled_from([None, ALICE_VAT, BOB_VAT]), st.sampled_from([None, "Pavia"]))
)


@given(ROWS)
def test_whatever_the_list_no_company_is_entered_or_changed_twice(
    given_rows: list[tuple[str, str | None, str | None]],
) -> None:
    rows = [
        RowSaid(
            line, {"name": name, **{key: value for key, value in (("vat", vat), ("city", city)) if value}}
        )
        for line, (name, vat, city) in enumerate(given_rows, start=2)
    ]

    found = verdicts(*rows)

    new = [verdict.said.facts.get("vat") for verdict in found if verdict.kind == "new"]
    changed = [verdict.company for verdict in found if verdict.kind == "update"]
    assert len(found) == len(rows)
    assert len([vat for vat in new if vat]) == len({vat for vat in new if vat})
    assert len(changed) == len(set(changed))
