"""Two records of one company become one; what hangs on either of them stays."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capofila.companies import actions, merging, people, queries, relations
from capofila.companies.models import Company, Contact, Likeness, Serving
from capofila.companies.tests.builders import FACTS, NOON, make_company
from capofila.consortium.tests.builders import make_partner, make_user
from capofila.journal import queries as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem
from capofila.lib.tests.refusals import refused_codes

pytestmark = pytest.mark.django_db
ALICE_VAT, BOB_VAT = "09876540189", "00743110157"
DAY, LATER = date(2026, 1, 31), date(2026, 2, 28)
BY = Actor(user=None, name="Irene", role="lead-administrator")


def merge(kept: Company, gone: Company) -> Company:
    return merging.merge(kept, gone, by=BY, at=NOON)


def test_the_record_that_goes_stays_as_a_name_that_leads_to_the_other() -> None:
    kept, gone = make_company(name="Vetreria Alice"), make_company(name="Vetreria Alice Srl", vat=ALICE_VAT)

    merge(kept, gone)

    gone.refresh_from_db()
    kept.refresh_from_db()
    assert gone.merged_into == kept
    assert kept.vat == ALICE_VAT
    assert queries.ranked(None, "vetreria") == [kept.pk]
    assert queries.ranked(None, ALICE_VAT) == [kept.pk]
    assert queries.same_company(kept) == [kept.pk, gone.pk]


def test_facts_that_stand_are_kept_and_those_that_lack_are_taken_over_and_told() -> None:
    kept = make_company(name="Vetreria Alice", province="PV", employees=12)
    gone = make_company(name="Alice", province="MI", employees=99, rea="PV-1", ateco=("2025", "23.11"))

    merge(kept, gone)

    kept.refresh_from_db()
    assert (kept.province, kept.employees, kept.rea, kept.ateco_code) == ("PV", 12, "PV-1", "23.11")
    assert kept.sector == "manufacturing"
    assert {row.fact for row in kept.corrections.all()} == {"rea", "ateco_code", "ateco_version"}


def test_all_that_hangs_on_either_hangs_on_the_one_that_stays() -> None:
    partner = make_partner()
    kept, gone = make_company(name="Vetreria Alice"), make_company(name="Alice")
    people.add_contact(gone, name="Anna", email="anna@alice.example", by=BY)
    actions.serve(gone, partner, on=DAY, by=BY)
    actions.note(gone, "Met at a fair", partner=partner, author=None, by=BY, at=NOON)
    actions.declare(gone, "women-led", on=DAY, by=BY)

    merge(kept, gone)

    assert kept.contacts.get().name == "Anna"
    assert kept.servings.get().partner == partner
    assert kept.notes.get().text == "Met at a fair"
    assert kept.declarations.get().status == "women-led"


def test_nothing_in_any_room_points_to_the_record_that_went_but_itself() -> None:
    kept, gone = make_company(name="Vetreria Alice"), make_company(name="Alice")
    people.add_contact(gone, name="Anna", by=BY)

    merge(kept, gone)

    for field in relations.pointing_to(Company):
        if not relations.is_only_added(field.model):
            assert not field.model._base_manager.filter(**{field.name: gone}).exists(), field


def test_both_histories_are_kept() -> None:
    kept = actions.register(FACTS, at=NOON, by=BY, is_demo=True)
    gone = make_company(name="Vetreria Alice")
    actions.correct(gone, {"employees": 3}, reason="counted", by=BY, at=NOON)

    merge(kept, gone)

    assert [line.event for line in journal.history(kept)] == ["companies.merged", "companies.registered"]
    assert [line.event for line in journal.history(gone)] == ["companies.merged-into", "companies.corrected"]
    assert kept.corrections.filter(fact="employees", reason="counted").exists()


def test_two_contacts_with_one_address_become_one_with_the_first_consent() -> None:
    kept, gone = make_company(name="Vetreria Alice"), make_company(name="Alice")
    people.add_contact(kept, name="Anna", email="anna@alice.example", consent_on=LATER, by=BY)
    twin = people.add_contact(
        gone, name="Anna A.", role="CEO", email="ANNA@alice.example", phone="030 1", consent_on=DAY, by=BY
    )
    user = make_user("Anna")
    Contact.objects.filter(pk=twin.pk).update(user=user)

    merge(kept, gone)

    contact = kept.contacts.get()
    assert (contact.name, contact.role, contact.phone, contact.user) == ("Anna", "CEO", "030 1", user)
    assert [consent.given_on for consent in contact.consents.all()] == [DAY]
    assert queries.company_of_user(user.pk) == kept.pk


def test_a_partner_that_serves_both_serves_the_one_since_the_first_day() -> None:
    partner = make_partner()
    kept, gone = make_company(name="Vetreria Alice"), make_company(name="Alice")
    actions.serve(kept, partner, on=LATER, by=BY)
    actions.serve(gone, partner, on=DAY, by=BY)

    merge(kept, gone)

    assert [(row.company, row.since) for row in Serving.objects.all()] == [(kept, DAY)]


def test_a_record_that_others_went_into_takes_them_along() -> None:
    first, second, third = (make_company(name=name) for name in ("Alice", "Vetreria Alice", "Alice Vetri"))
    merge(second, first)

    merge(third, second)

    assert Company.objects.get(pk=first.pk).merged_into == third
    assert queries.same_company(third) == [third.pk, first.pk, second.pk]


def test_two_vat_numbers_are_two_companies() -> None:
    kept, gone = make_company(vat=ALICE_VAT), make_company(vat=BOB_VAT)

    assert refused_codes(lambda: merge(kept, gone)) == ["company.two-vat-numbers"]
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_a_record_is_not_merged_into_itself_nor_twice() -> None:
    kept, gone = make_company(name="Alice"), make_company(name="Vetreria Alice")
    assert refused_codes(lambda: merge(kept, kept)) == ["company.merged-already"]
    merge(kept, gone)

    assert refused_codes(lambda: merge(kept, gone)) == ["company.merged-already"]


def test_what_a_later_room_objects_to_leaves_both_as_they_were() -> None:
    kept, gone = make_company(name="Alice"), make_company(name="Vetreria Alice")
    people.add_contact(gone, name="Anna", by=BY)

    def objects(one: Company, other: Company) -> None:
        raise Problem("test.objected", "No.")

    assert refused_codes(lambda: merging.merge(kept, gone, by=BY, at=NOON, check=objects)) == [
        "test.objected"
    ]
    assert gone.contacts.exists()


# Likenesses


def test_companies_that_are_alike_are_found_as_they_are_entered_and_told_apart_for_good() -> None:
    one, other = make_company(name="Vetreria Alice"), make_company(name="VETRERIA ALICE SRL")
    found = Likeness.objects.get()
    assert (found.one, found.other, found.why, found.nearness) == (one, other, "name", 100)

    actions.tell_apart(found, by=BY, at=NOON)
    actions.correct(other, {"employees": 3}, reason="counted", by=BY, at=NOON)

    assert Likeness.objects.filter(told_apart_at__isnull=True).count() == 0


def test_a_correction_changes_what_a_company_is_like() -> None:
    make_company(name="Vetreria Alice")
    other = make_company(name="Gelateria Bob")
    assert not Likeness.objects.exists()

    actions.correct(other, {"name": "Vetreria Alice"}, reason="mistyped", by=BY, at=NOON)

    assert Likeness.objects.count() == 1


def test_a_merge_leaves_no_likeness_to_the_record_that_went() -> None:
    kept, gone = make_company(name="Vetreria Alice"), make_company(name="Vetreria Alice S.r.l.")

    merge(kept, gone)

    assert not Likeness.objects.exists()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
def test_however_records_are_merged_each_leads_to_one_that_stands(pairs: list[tuple[int, int]]) -> None:
    Company.objects.update(merged_into=None)
    Likeness.objects.all().delete()
    companies = [make_company(name=f"Officina {number}", province=f"{number}{number}") for number in range(5)]
    for one, other in pairs:
        kept, gone = (Company.objects.get(pk=companies[place].pk) for place in (one, other))
        if kept.merged_into_id is None and gone.merged_into_id is None and kept != gone:
            merge(kept, gone)

    for company in Company.objects.filter(merged_into__isnull=False).select_related("merged_into"):
        assert company.merged_into is not None
        assert company.merged_into.merged_into_id is None
    connection.check_constraints()
