"""The registry: who sees which company, what it is found by, and how little that costs."""

from datetime import date
from typing import Any

import pytest

from capofila.companies import actions, people, queries
from capofila.companies.models import Company, Note
from capofila.companies.queries import PAGE, Filters, registry
from capofila.companies.tests.builders import NOON, make_company
from capofila.consortium.access import Who
from capofila.consortium.models import Partner
from capofila.consortium.tests.builders import make_partner
from capofila.journal.actions import Actor
from capofila.lib.tests.refusals import refused_codes

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
BY = Actor(user=None, name="Irene", role="lead-administrator")
LEAD = Who(1, "Irene", "lead-administrator", partner=0)
AUDITOR = Who(2, "Dario", "auditor", partner=0)
STRANGER = Who(None, "", "stranger")


def consultant(partner: Partner) -> Who:
    return Who(3, "Carla", "consultant", partner=partner.pk)


@pytest.fixture
def ours() -> Partner:
    return make_partner("Rete Artigiana")


@pytest.fixture
def theirs(ours: Partner) -> Partner:
    return Partner.objects.create(hub=ours.hub, name="Cluster Meccatronica", created_at=NOON)


def found(who: Who = LEAD, order: str = "name", page: int = 1, **filters: Any) -> list[str]:
    rows = registry(who, Filters(**filters), order=order, page=page, on=TODAY).rows
    return [row.company.name for row in rows]


def test_each_sees_what_the_table_of_rights_says(ours: Partner, theirs: Partner) -> None:
    alice, bob = make_company(name="Vetreria Alice"), make_company(name="Gelateria Bob")
    actions.serve(alice, ours, on=TODAY, by=BY)
    actions.serve(bob, theirs, on=TODAY, by=BY)
    contact = Who(4, "Anna", "contact", company=bob.pk)

    assert found(LEAD) == found(AUDITOR) == ["Gelateria Bob", "Vetreria Alice"]
    assert found(consultant(ours)) == ["Vetreria Alice"]
    assert found(consultant(theirs)) == found(contact) == ["Gelateria Bob"]
    assert found(STRANGER) == []


def test_what_one_may_not_see_is_not_found_either(ours: Partner, theirs: Partner) -> None:
    alice = make_company(name="Vetreria Alice", vat="09876540189")
    actions.serve(alice, theirs, on=TODAY, by=BY)

    for typed in ("vetreria", "09876540189", "pv"):
        assert found(consultant(ours), typed=typed) == []
        assert found(LEAD, typed=typed) == ["Vetreria Alice"]
    assert queries.beyond(consultant(ours), Filters(typed="vetreria", province="MI"), on=TODAY) == []


def test_a_partner_that_no_longer_serves_a_company_no_longer_sees_it(ours: Partner) -> None:
    alice = make_company(name="Vetreria Alice")
    actions.serve(alice, ours, on=date(2026, 1, 1), by=BY)
    assert found(consultant(ours)) == ["Vetreria Alice"]

    actions.stop_serving(alice, ours, on=TODAY, by=BY)

    assert found(consultant(ours)) == []


def test_the_nearest_comes_first() -> None:
    for name in ("Officina Carla", "Vetreria Alice", "Vetrerie Riunite", "Alice Gelati"):
        make_company(name=name)

    assert found(typed="vetreria") == ["Vetreria Alice", "Vetrerie Riunite"]
    assert found(typed="alcie") == ["Alice Gelati", "Vetreria Alice"]
    assert found(typed="officina alice") == []


def test_a_correction_changes_what_a_company_is_found_by() -> None:
    company = make_company(name="Vetreria Alice")

    actions.correct(company, {"name": "Gelateria Bob", "city": "Como"}, reason="mistyped", by=BY, at=NOON)

    assert found(typed="vetreria") == []
    assert found(typed="bob como") == ["Gelateria Bob"]


def test_filters_narrow_and_an_empty_page_says_what_is_beyond_them(ours: Partner) -> None:
    alice = make_company(name="Vetreria Alice", province="PV", ateco=("2025", "23.11"), size="small")
    make_company(name="Gelateria Bob", province="MI", ateco=("2007", "47.11"))
    actions.serve(alice, ours, on=TODAY, by=BY)

    assert found(province="PV") == found(sector="manufacturing") == found(size="small") == ["Vetreria Alice"]
    assert found(partner=ours.pk) == ["Vetreria Alice"]
    assert found(size="unknown") == ["Gelateria Bob"]
    assert found(province="MI", sector="manufacturing") == []
    assert queries.beyond(LEAD, Filters(province="MI", sector="manufacturing"), on=TODAY) == [
        ("province", 1), ("sector", 1),
    ]  # fmt: skip


def test_the_order_is_by_name_place_or_newest() -> None:
    make_company(name="Zinco Alice", province="BG")
    make_company(name="Acciai Bob", province="PV")

    assert found(order="name") == ["Acciai Bob", "Zinco Alice"]
    assert found(order="place") == ["Zinco Alice", "Acciai Bob"]
    assert found(order="newest") == ["Acciai Bob", "Zinco Alice"]


def test_pages_hold_fifty_and_a_page_too_far_is_the_last() -> None:
    for number in range(PAGE + 1):
        make_company(name=f"Officina {number:03}", province="")

    first = registry(LEAD, Filters(), order="name", page=1, on=TODAY)
    far = registry(LEAD, Filters(), order="name", page=99, on=TODAY)

    assert (len(first.rows), first.count, first.pages) == (PAGE, PAGE + 1, 2)
    assert [row.company.name for row in far.rows] == [f"Officina {PAGE:03}"]


@pytest.mark.parametrize(
    ("filters", "queries_asked"), [({}, 3), ({"typed": "offi"}, 4), ({"province": "PV"}, 3)]
)
def test_a_page_of_the_registry_asks_the_database_little(
    filters: dict[str, Any], queries_asked: int, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        make_company(name=f"Officina {number}")

    with django_assert_num_queries(queries_asked):
        registry(LEAD, Filters(**filters), order="name", page=1, on=TODAY)


# The company file


def test_a_fact_is_corrected_with_its_reason_and_what_stood_before() -> None:
    company = make_company(name="Vetreria Alice", employees=12)

    actions.correct(company, {"employees": 14, "province": "PV"}, reason="Register of 2025", by=BY, at=NOON)

    [row] = company.corrections.all()
    assert (row.fact, row.before, row.after, row.reason) == ("employees", "12", "14", "Register of 2025")
    assert row.entry is not None


def test_a_correction_that_changes_nothing_is_refused() -> None:
    company = make_company(name="Vetreria Alice")

    assert refused_codes(
        lambda: actions.correct(company, {"name": "Vetreria Alice"}, reason="?", by=BY, at=NOON)
    ) == ["company.nothing-corrected"]


def test_a_vat_number_is_not_corrected_to_another_companys() -> None:
    make_company(name="Vetreria Alice", vat="09876540189")
    bob = make_company(name="Gelateria Bob")

    assert refused_codes(
        lambda: actions.correct(bob, {"vat": "09876540189"}, reason="?", by=BY, at=NOON)
    ) == ["company.vat-taken"]


def test_a_provisional_size_follows_the_figures_and_a_stated_one_does_not() -> None:
    figures = {"employees": 5, "turnover_cents": 100_00}
    provisional, stated = make_company(name="Alice"), make_company(name="Bob", size="medium")

    for company in (provisional, stated):
        actions.correct(company, figures, reason="accounts", by=BY, at=NOON)
        company.refresh_from_db()

    assert (provisional.size, provisional.size_is_provisional) == ("micro", True)
    assert (stated.size, stated.size_is_provisional) == ("medium", False)


def test_each_partner_reads_its_own_notes_and_no_other(ours: Partner, theirs: Partner) -> None:
    company = make_company(name="Vetreria Alice")
    for partner, text in ((ours, "ours"), (theirs, "theirs")):
        actions.serve(company, partner, on=date(2026, 1, 1), by=BY)
        actions.note(company, text, partner=partner, author=None, by=BY, at=NOON)

    def read(who: Who) -> list[str]:
        return [note.text for note in queries.notes(company, who, TODAY)]

    assert read(consultant(ours)) == ["ours"]
    assert read(consultant(theirs)) == ["theirs"]
    assert read(Who(4, "Anna", "contact", company=company.pk)) == []
    assert sorted(read(LEAD)) == ["ours", "theirs"]
    actions.stop_serving(company, ours, on=TODAY, by=BY)
    assert read(consultant(ours)) == []
    assert Note.objects.count() == 2


def test_consent_is_kept_with_its_day_and_its_end() -> None:
    company = make_company(name="Vetreria Alice")
    contact = people.add_contact(
        company, name="Anna", email="a@x.example", consent_on=date(2025, 1, 1), by=BY
    )

    people.withdraw_consent(contact, on=TODAY, by=BY)
    people.give_consent(contact, on=TODAY, by=BY)

    assert [(row.given_on, row.withdrawn_on) for row in contact.consents.order_by("pk")] == [
        (date(2025, 1, 1), TODAY), (TODAY, None),
    ]  # fmt: skip


def test_two_contacts_of_a_company_do_not_share_an_address() -> None:
    company = make_company(name="Vetreria Alice")
    people.add_contact(company, name="Anna", email="a@x.example", by=BY)

    assert refused_codes(lambda: people.add_contact(company, name="Bea", email="A@x.example", by=BY)) == [
        "company.address-taken"
    ]


def test_a_status_has_the_day_it_was_declared_and_the_day_it_ended() -> None:
    company = make_company(name="Vetreria Alice", statuses={"women-led": date(2025, 1, 1)})
    [declared] = queries.declarations(company, TODAY)

    actions.end_declaration(declared, on=TODAY, by=BY)

    assert queries.declarations(company, TODAY) == []
    assert Company.objects.get().declarations.get().until == TODAY
