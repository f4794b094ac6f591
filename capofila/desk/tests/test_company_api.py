"""Companies for machines: the registry, one company, its assessments and size, lists; refusals."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from capofila.assessments.tests.entries import make_assessment
from capofila.companies import actions, people
from capofila.companies.models import Company, Correction
from capofila.companies.tests.builders import NOON
from capofila.consortium.models import Partner, Role
from capofila.desk.tests.test_registry_pages import ALICE_VAT, BY, as_role, ours, served, theirs, work

__all__ = ["ours", "theirs"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(ours: Partner) -> Client:
    return as_role(Role.CONSULTANT, ours)


def asked(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(f"/api{address}")
    assert response.status_code == status, response.content
    return response.json()


def sent(client: Client, method: str, address: str, body: dict[str, Any]) -> tuple[int, Any]:
    response = getattr(client, method)(f"/api{address}", body, content_type="application/json")
    return response.status_code, response.json()


def codes(answer: Any) -> list[str]:
    return [problem["code"] for problem in answer["problems"]]


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer["items"]]


# The registry


def test_the_list_holds_the_companies_one_may_read(client: Client, ours: Partner, theirs: Partner) -> None:
    served(ours, vat=ALICE_VAT)
    served(theirs, "Gelateria Bob")

    found = asked(client, "/companies")

    assert (names(found), found["count"], found["page"], found["pages"]) == (["Vetreria Alice"], 1, 1, 1)
    assert found["items"][0]["partners"] == ["Rete Artigiana"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("typed=vetrreria", ["Vetreria Alice"]),  # a typing error
        ("province=bs", ["Officina Carla"]),
        ("size=micro", ["Officina Carla"]),
        ("size=unknown", ["Vetreria Alice"]),
        ("stage=T0", ["Vetreria Alice"]),
        ("stage=none", ["Officina Carla"]),
        ("order=newest", ["Officina Carla", "Vetreria Alice"]),
        ("order=", ["Officina Carla", "Vetreria Alice"]),  # as without it: by name
        ("page=2", []),
        ("partner=999", []),
    ],
)
def test_the_list_is_searched_filtered_and_put_in_order(
    client: Client, ours: Partner, query: str, expected: list[str]
) -> None:
    make_assessment(served(ours))
    served(ours, "Officina Carla", province="BS", size="micro")

    assert names(asked(client, f"/companies?{query}")) == expected


@pytest.mark.parametrize("query", ["stage=T9", "order=age"])
def test_a_filter_that_is_not_known_is_refused(client: Client, query: str) -> None:
    assert codes(asked(client, f"/companies?{query}", 422)) == ["company.no-such-filter"]


# One company


def test_a_company_is_read_with_its_statuses_and_contacts_and_without_notes(
    client: Client, ours: Partner
) -> None:
    company = served(ours, vat=ALICE_VAT, turnover_cents=1234_50)
    people.add_contact(company, name="Anna", email="anna@alice.example", consent_on=NOON.date(), by=BY)
    actions.declare(company, "women-led", on=None, by=BY)
    actions.note(company, "A secret", partner=ours, author=None, by=BY, at=NOON)

    found = asked(client, f"/companies/{company.pk}")

    assert (found["vat"], found["turnover_eur"], found["employees"]) == (ALICE_VAT, "1234.50", None)
    assert found["statuses"] == [{"status": "women-led", "declared_on": None}]
    assert (found["contacts"][0]["name"], found["contacts"][0]["consent_on"]) == ("Anna", "2026-03-02")
    assert "A secret" not in str(found)


def test_a_company_is_entered_by_the_rules_of_lists_and_served_by_ones_partner(
    client: Client, ours: Partner
) -> None:
    body = {"name": "Officina Carla", "vat": "IT 00743110157", "employees": 12, "turnover_eur": 1000.5}

    status, found = sent(client, "post", "/companies", {**body, "brought_by": "event"})

    company = Company.objects.get()
    assert (status, found["id"], found["vat"], found["turnover_eur"]) == (
        201, company.pk, "00743110157", "1000.50",
    )  # fmt: skip
    assert (company.brought_by, company.servings.get().partner) == ("event", ours)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": "x", "vat": "1", "province": "Brescia"}, ["import.vat", "import.province"]),
        ({"vat": ALICE_VAT}, ["import.no-name"]),
        ({"name": "x", "colour": "red"}, ["api.malformed"]),
        ({"name": "x", "brought_by": "chance"}, ["api.malformed"]),
        ({"name": "x", "ateco": "25.62"}, ["import.ateco-version"]),
    ],
)
def test_what_is_wrong_with_a_company_is_told_all_at_once(
    client: Client, body: dict[str, Any], expected: list[str]
) -> None:
    status, answer = sent(client, "post", "/companies", body)

    assert (status, codes(answer)) == (422, expected)
    assert not Company.objects.exists()


def test_a_vat_number_of_another_partners_company_gives_no_name_away(client: Client, theirs: Partner) -> None:
    served(theirs, vat=ALICE_VAT)

    status, answer = sent(client, "post", "/companies", {"name": "Mine", "vat": ALICE_VAT})

    assert (status, codes(answer)) == (409, ["company.vat-elsewhere"])
    assert "Vetreria" not in str(answer)


def test_what_is_given_is_corrected_with_its_reason_and_the_rest_stays(client: Client, ours: Partner) -> None:
    company = served(ours, vat=ALICE_VAT, employees=12, turnover_cents=100)
    address = f"/companies/{company.pk}"

    status, found = sent(
        client, "patch", address, {"employees": 14, "turnover_eur": None, "reason": "Counted again"}
    )

    assert (status, found["employees"], found["turnover_eur"], found["vat"]) == (200, 14, None, ALICE_VAT)
    assert set(Correction.objects.values_list("fact", "reason")) == {
        ("employees", "Counted again"), ("turnover_cents", "Counted again"),
    }  # fmt: skip
    assert codes(sent(client, "patch", address, {"employees": 14, "reason": "x"})[1]) == [
        "company.nothing-corrected"
    ]
    assert sent(client, "patch", address, {"employees": 15})[0] == 422


def test_an_activity_code_is_corrected_with_the_edition_that_stands(client: Client, ours: Partner) -> None:
    company = served(ours, ateco=("2025", "25.12"))

    sent(client, "patch", f"/companies/{company.pk}", {"ateco": "25.62", "reason": "x"})

    company.refresh_from_db()
    assert (company.ateco_version, company.ateco_code) == ("2025", "25.62")


def test_its_assessments_and_its_size_are_told(client: Client, ours: Partner) -> None:
    company = served(ours)
    assessment = make_assessment(company)

    assessments = asked(client, f"/companies/{company.pk}/assessments")
    size = asked(client, f"/companies/{company.pk}/size?on=2026-01-01")

    assert [row["id"] for row in assessments["items"]] == [assessment.pk]
    assert (size["size"], size["on"], size["weights"]) == ("unknown", "2026-01-01", {"Vetreria Alice": 1.0})
    assert "The accounts of Vetreria Alice are missing." in size["reasons"]
    assert codes(asked(client, f"/companies/{company.pk}/size?on=1990-01-01", 422)) == [
        "company-size.no-rules"
    ]


def test_nothing_of_another_partners_company_is_there(client: Client, theirs: Partner) -> None:
    company = served(theirs)

    for rest in ("", "/assessments", "/size"):
        assert codes(asked(client, f"/companies/{company.pk}{rest}", 404)) == ["api.not-found"]
    status, answer = sent(client, "patch", f"/companies/{company.pk}", {"city": "Lodi", "reason": "x"})
    assert (status, codes(answer)) == (404, ["api.not-found"])


def test_an_auditor_reads_and_does_not_write(ours: Partner) -> None:
    company, auditor = served(ours), as_role(Role.AUDITOR)

    assert asked(auditor, f"/companies/{company.pk}")["name"] == "Vetreria Alice"
    assert sent(auditor, "post", "/companies", {"name": "x"})[0] == 404
    assert sent(auditor, "patch", f"/companies/{company.pk}", {"city": "Lodi", "reason": "x"})[0] == 403


# Lists


def test_how_far_a_list_is_can_be_asked(ours: Partner, theirs: Partner) -> None:
    manager = as_role(Role.PARTNER_MANAGER, ours)
    file = SimpleUploadedFile("elenco.csv", b"name;vat\nAlice;\nBob;1\n")
    manager.post("/companies/lists/", {"file": file, "partner": ours.pk})

    waiting = asked(manager, "/imports")["items"][0]
    work()
    looked_at = asked(manager, f"/imports/{waiting['id']}")

    assert (waiting["state"], waiting["rows_total"], waiting["partner"]) == ("looking", 0, "Rete Artigiana")
    assert (looked_at["state"], looked_at["new"], looked_at["refused"]) == ("checked", 1, 1)
    stranger = as_role(Role.PARTNER_MANAGER, theirs, "Carla")
    assert asked(stranger, "/imports")["items"] == []
    asked(stranger, f"/imports/{waiting['id']}", 404)
