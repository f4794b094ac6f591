"""The page of a company's group: class and reasons, rows entered and corrected, the file out and in."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from capofila.companies import group_actions
from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding, YearAccounts
from capofila.companies.tests.builders import NOON
from capofila.companies.tests.test_group import EXAMPLE
from capofila.consortium.models import Partner, Role
from capofila.desk.tests.test_registry_pages import ALICE_VAT, BY, as_role, ours, page, served, theirs

__all__ = ["ours", "theirs"]  # fixtures
pytestmark = pytest.mark.django_db
FIGURES = {"awu": "12,5", "turnover_cents": "1.000.000,00", "balance_sheet_cents": "50000"}
BETA = {"name": "Beta", "kind": "firm", "country": "it", "relation": "owner", "capital": "30"}


@pytest.fixture
def client(ours: Partner) -> Client:
    client = as_role(Role.CONSULTANT, ours)
    client.cookies["django_language"] = "it"
    return client


@pytest.fixture
def company(ours: Partner) -> Company:
    return served(ours, "Vetreria Alice")


def group(company: Company, rest: str = "") -> str:
    return f"/companies/{company.pk}/group/{rest}"


def add(client: Client, company: Company, thing: str, **typed: str) -> Any:
    response = client.post(group(company, f"{thing}/"), typed)
    assert response.status_code in (302, 422)
    return response


def test_what_is_entered_gives_the_class_with_its_reasons_in_the_language_of_the_page(
    client: Client, company: Company
) -> None:
    add(client, company, "enterprise", **BETA)
    beta = Enterprise.objects.get(name="Beta")
    add(client, company, "accounts", enterprise="own", year="2025", **FIGURES)
    add(client, company, "accounts", enterprise=str(beta.pk), year="2025", **{**FIGURES, "awu": "100"})

    shown = page(client, f"{group(company)}?on=2026-01-31")

    assert '<p class="fig">piccola</p>' in shown
    for words in (
        "Beta ha il 30 % di Vetreria Alice: sono associate.",
        "2025: 42,5 unità lavorative, fatturato 1.300.000 €, bilancio 65.000 €: piccola.",
        "al 31 gennaio 2026",
        "associata, 30 %",  # in the diagram
        "Il gruppo di Vetreria Alice. Beta ha il 30 % di Vetreria Alice.",  # its text
    ):
        assert words in shown, words
    client.cookies["django_language"] = "en"
    assert "Beta holds 30 % of Vetreria Alice: they are partners." in page(client, group(company))


def test_a_day_before_or_after_a_holding_shows_the_group_of_that_day(
    client: Client, company: Company
) -> None:
    add(client, company, "enterprise", **BETA, since="2025-07-01")

    assert "non ancora iniziata" in page(client, f"{group(company)}?on=2025-06-30")
    assert "sono associate" in page(client, f"{group(company)}?on=2025-07-01")


@pytest.mark.parametrize("day", ["yesterday", "1999-01-01"])
def test_a_day_that_cannot_be_asked_about_is_refused_beside_its_field(
    client: Client, company: Company, day: str
) -> None:
    shown = page(client, f"{group(company)}?on={day}", 422)

    assert 'id="on-error"' in shown


def test_own_figures_are_proposed_as_the_first_accounts(client: Client, ours: Partner) -> None:
    company = served(ours, employees=12, turnover_cents=1234_50)

    proposed = page(client, group(company, "accounts/"))

    assert 'value="12"' in proposed
    assert 'value="1234,50"' in proposed


@pytest.mark.parametrize(
    ("thing", "typed", "field"),
    [
        ("enterprise", {**BETA, "name": ""}, "name"),
        ("enterprise", {**BETA, "capital": ""}, "capital"),
        ("enterprise", {**BETA, "capital": "101"}, "capital"),
        ("enterprise", {**BETA, "country": "Italy"}, "country"),
        ("enterprise", {**BETA, "name": "", "vat": "1"}, "vat"),
        ("accounts", {"enterprise": "own", "year": "2025", "turnover_cents": "1.234"}, "turnover_cents"),
        ("accounts", {"enterprise": "own", "year": "25"}, "year"),
        ("accounts", {"enterprise": "999", "year": "2025"}, "enterprise"),
        ("holding", {"owner": "own", "of": "own", "capital": "30"}, "__all__"),
        ("link", {"one": "own", "other": "own", "by": "person"}, "__all__"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_is_kept(
    client: Client, company: Company, thing: str, typed: dict[str, str], field: str
) -> None:
    response = add(client, company, thing, **typed)

    assert list(response.context["form"].errors) == [field]
    assert not Enterprise.objects.exists()


def test_a_company_of_the_registry_joins_by_its_vat_number_and_only_ones_own(
    client: Client, company: Company, ours: Partner, theirs: Partner
) -> None:
    other = served(ours, "Officina Carla", vat="00743110157")
    hidden = served(theirs, "Gelateria Bob", vat=ALICE_VAT)
    asked = {**BETA, "name": ""}

    refused = add(client, company, "enterprise", **asked, vat=ALICE_VAT)
    add(client, company, "enterprise", **asked, vat="IT 00743110157")

    assert list(refused.context["form"].errors) == ["vat"]
    assert hidden.name not in refused.content.decode()
    assert Holding.objects.get().owner.company == other
    assert f'href="/companies/{other.pk}/file/"' in page(client, group(company))
    assert "Officina Carla ha il 30 % di Vetreria Alice" in page(client, group(other))


def test_a_row_is_corrected_or_taken_out_with_a_reason_that_stands_in_the_history(
    client: Client, company: Company
) -> None:
    add(client, company, "enterprise", **BETA)
    address = group(company, f"holding/{Holding.objects.get().pk}/")
    typed = {"capital": "30", "votes": "51", "until": "2025-12-31", "reason": "Venduta"}

    without = client.post(address, {**typed, "reason": ""})
    client.post(address, typed)
    history = page(client, f"/companies/{company.pk}/file/")

    assert list(without.context["form"].errors) == ["reason"]
    assert "Beta ha il 30 % del capitale e il 51 % dei voti di Vetreria Alice, fino al 31" in history
    assert "Venduta" in history
    client.post(address, {**typed, "reason": "Altra Beta", "go": "remove"})
    assert not Holding.objects.exists()
    assert "Altra Beta" in page(client, f"/companies/{company.pk}/file/")


def test_links_and_kinds_are_entered_and_corrected(client: Client, company: Company) -> None:
    add(client, company, "enterprise", **{**BETA, "relation": "none", "capital": ""})
    beta = Enterprise.objects.get(name="Beta")
    add(client, company, "link", one="own", other=str(beta.pk), by="person", market="same")
    link = EnterpriseLink.objects.get()

    client.post(
        group(company, f"link/{link.pk}/"), {"by": "agreement", "market": "", "reason": "Letto l’atto"}
    )
    client.post(
        group(company, f"enterprise/{beta.pk}/"),
        {"name": "Beta", "kind": "business-angel", "country": "IT", "invested_cents": "1000", "reason": "x"},
    )

    shown = page(client, group(company))
    assert "sono collegate: un accordo che dà il controllo esclusivo" in shown
    assert "business angel, 1.000 € investiti" in shown


def test_a_row_of_another_group_is_not_there(client: Client, company: Company, ours: Partner) -> None:
    other = served(ours, "Officina Carla")
    add(client, other, "enterprise", **BETA)
    tie, beta = Holding.objects.get(), Enterprise.objects.get(name="Beta")

    for rest in (f"holding/{tie.pk}/", f"enterprise/{beta.pk}/", "link/1/", "accounts/1/"):
        assert client.get(group(company, rest)).status_code == 404


# The file


def test_a_file_is_looked_at_then_entered(client: Client, company: Company) -> None:
    file = SimpleUploadedFile("gruppo.yaml", EXAMPLE.replace("A", "Alfa").encode())

    looked_at = client.post(group(company, "upload/"), {"file": file})
    assert not Enterprise.objects.exists()
    assert len(looked_at.context["steps"]) == 8
    sent = {name: looked_at.context[name] for name in ("text", "name", "seen")}
    entered = client.post(group(company, "upload/"), sent)

    assert entered["Location"] == group(company)
    assert (Holding.objects.count(), YearAccounts.objects.count()) == (2, 4)
    again = client.post(group(company, "upload/"), sent)
    assert "Nulla: tutto quello che il file dice c’è già." in again.content.decode()


def test_a_file_whose_effect_changed_since_it_was_looked_at_is_looked_at_again(
    client: Client, company: Company
) -> None:
    file = SimpleUploadedFile("gruppo.yaml", EXAMPLE.encode())
    looked_at = client.post(group(company, "upload/"), {"file": file}).context
    sent = {name: looked_at[name] for name in ("text", "name", "seen")}
    add(client, company, "accounts", enterprise="own", year="2025", **FIGURES)

    response = client.post(group(company, "upload/"), sent)

    assert response.status_code == 200
    assert response.context["seen"] != looked_at["seen"]
    assert not Holding.objects.exists()


@pytest.mark.parametrize("text", ["subject: B\nenterprises: {A: {}}", "a: [", "subject: A\x00"])
def test_a_file_that_cannot_be_read_is_refused_with_its_mistakes(
    client: Client, company: Company, text: str
) -> None:
    response = client.post(
        group(company, "upload/"), {"file": SimpleUploadedFile("gruppo.yaml", text.encode())}
    )

    assert response.status_code == 422
    assert response.context["refused"]


def test_figures_that_one_may_not_see_are_neither_shown_nor_downloaded(
    client: Client, company: Company, theirs: Partner
) -> None:
    other = served(theirs, "Gelateria Bob")
    doing: dict[str, Any] = {"company": company, "by": BY, "at": NOON, "on": NOON.date()}
    bob, own = group_actions.own_enterprise(other), group_actions.own_enterprise(company)
    group_actions.enter(Holding(owner=bob, of=own, capital=30, votes=30), **doing)
    group_actions.enter(YearAccounts(enterprise=bob, year=2025, awu=7391), **doing)
    row = YearAccounts.objects.get()

    shown = re.sub(
        r'csrfmiddlewaretoken" value="\w+"', "", page(client, group(company))
    )  # may hold any digits
    downloaded = client.get(group(company, "file/")).content.decode()

    assert "Gelateria Bob" in shown
    for hidden in ("7391", f"/companies/{other.pk}/"):
        assert hidden not in shown
    assert "7391" not in downloaded
    assert client.get(group(company, f"accounts/{row.pk}/")).status_code == 404
    assert client.get(group(company, f"enterprise/{bob.pk}/")).status_code == 404


# Who may


def test_an_auditor_and_the_companys_contact_read_and_change_nothing(ours: Partner, company: Company) -> None:
    auditor = as_role(Role.AUDITOR)

    assert "Add an enterprise" not in page(auditor, group(company))
    for thing in ("enterprise", "accounts", "holding", "link", "upload"):
        assert auditor.get(group(company, f"{thing}/")).status_code in (403, 404)


def test_nothing_of_the_group_of_anothers_company_is_there(client: Client, theirs: Partner) -> None:
    other = served(theirs, "Gelateria Bob")

    for rest in ("", "file/", "upload/", "enterprise/", "accounts/", "holding/", "link/"):
        assert client.get(group(other, rest)).status_code == 404
        assert client.post(group(other, rest), BETA).status_code in (404, 405)
    assert not Enterprise.objects.exists()


def test_a_long_group_takes_as_many_queries_as_a_short_one(
    client: Client, company: Company, django_assert_num_queries: Any
) -> None:
    for number in range(15):
        add(client, company, "enterprise", **{**BETA, "name": f"Beta {number}", "capital": "1"})
    client.get(group(company))

    with django_assert_num_queries(13):
        client.get(group(company))
