"""The registry and the company's file as each role meets them; partner A tries everything of partner B."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import make_assessment
from capofila.companies import actions, import_tasks, people
from capofila.companies.models import Company, Contact, Declaration, ImportRun, Likeness, Note, SavedOrder
from capofila.companies.tests.builders import NOON, make_company
from capofila.consortium.models import Membership, Partner, Role
from capofila.consortium.tests.builders import make_member, make_partner, make_user
from capofila.journal.actions import Actor

pytestmark = pytest.mark.django_db
BY = Actor(user=None, name="Irene", role="lead-administrator")
ALICE_VAT = "09876540189"
Enter = Callable[..., Client]


@pytest.fixture
def ours() -> Partner:
    return make_partner("Rete Artigiana")


@pytest.fixture
def theirs(ours: Partner) -> Partner:
    return Partner.objects.create(hub=ours.hub, name="Cluster Meccatronica", created_at=NOON)


def served(partner: Partner, name: str = "Vetreria Alice", **facts: Any) -> Company:
    company = make_company(name=name, **facts)
    actions.serve(company, partner, on=timezone.localdate(), by=BY)
    return company


def signed_in(member: Membership) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(member.user)
    client.cookies["django_language"] = "en"
    return client


def as_role(role: str, partner: Partner | None = None, name: str = "Bob") -> Client:
    return signed_in(make_member(name, role, partner=partner))


def page(client: Client, address: str, status: int = 200, **headers: str) -> str:
    response = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert response.status_code == status, address
    return " ".join(response.content.decode().split())


# The registry


def test_the_registry_shows_the_companies_of_ones_own_partner_alone(ours: Partner, theirs: Partner) -> None:
    alice, bob = served(ours), served(theirs, "Gelateria Bob")

    shown = page(as_role(Role.CONSULTANT, ours), "/companies/")

    assert f'<a href="/companies/{alice.pk}/file/">Vetreria Alice</a>' in shown
    assert "Gelateria" not in shown
    assert f"/companies/{bob.pk}/" not in shown


def test_whoever_is_typing_gets_the_list_alone(ours: Partner) -> None:
    served(ours)
    client = as_role(Role.CONSULTANT, ours)

    whole = page(client, "/companies/?typed=vetrria")
    part = page(client, "/companies/?typed=vetrria", x_fragment="1")

    assert "Vetreria Alice" in whole
    assert "Vetreria Alice" in part
    assert "<html" not in part


def test_filters_that_find_nothing_say_what_is_without_them(ours: Partner) -> None:
    served(ours, province="PV")
    served(ours, "Gelateria Bob", province="MI", size="small")

    shown = page(as_role(Role.CONSULTANT, ours), "/companies/?province=PV&size=small")

    assert "No company matches these filters." in shown
    assert 'There is 1 otherwise. <a href="?province=PV">Remove “small enterprise”</a>' in shown


def test_the_stage_is_a_filter_too(ours: Partner) -> None:
    make_assessment(served(ours))
    served(ours, "Gelateria Bob")
    client = as_role(Role.CONSULTANT, ours)

    assert "Gelateria Bob" not in page(client, "/companies/?stage=T0")
    assert "Vetreria Alice" not in page(client, "/companies/?stage=none")


def test_the_order_one_chose_is_kept(ours: Partner) -> None:
    client = as_role(Role.CONSULTANT, ours)

    page(client, "/companies/?order=newest")

    assert SavedOrder.objects.get().order == "newest"
    assert '<option value="newest" selected>' in page(client, "/companies/")


@pytest.mark.parametrize(
    "asked", ["page=x", "page=99999999999", "size=%00", "partner=x", "stage=T9", "typed=%00", "order=x"]
)
def test_an_address_typed_by_hand_breaks_nothing(ours: Partner, asked: str) -> None:
    served(ours)

    assert "Vetreria Alice" in page(as_role(Role.CONSULTANT, ours), f"/companies/?{asked}")


def test_the_registry_asks_the_database_as_little_for_many_as_for_few(
    ours: Partner, django_assert_num_queries: Any
) -> None:
    client = as_role(Role.CONSULTANT, ours)
    for number in range(12):
        served(ours, f"Officina {number}")
        client.get("/companies/")

    with django_assert_num_queries(9):
        client.get("/companies/")


# The company's file


def test_a_company_is_entered_by_hand_and_served_by_ones_partner(ours: Partner) -> None:
    client = as_role(Role.CONSULTANT, ours)

    response = client.post(
        "/companies/new/", {"name": "Vetreria Alice", "vat": "IT09876540189", "city": "Pavia"}
    )

    company = Company.objects.get()
    assert response["Location"] == f"/companies/{company.pk}/file/"
    assert (company.vat, company.city, company.servings.get().partner) == (ALICE_VAT, "Pavia", ours)
    assert "Entered in the registry" in page(client, response["Location"])


def test_a_vat_number_of_another_partners_company_gives_no_name_away(ours: Partner, theirs: Partner) -> None:
    served(theirs, vat=ALICE_VAT)

    response = as_role(Role.CONSULTANT, ours).post("/companies/new/", {"name": "Mine", "vat": ALICE_VAT})

    assert response.status_code == 422
    assert "Vetreria" not in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"vat": "1"}, "vat"),
        ({"name": " "}, "name"),
        ({"turnover": "1.234"}, "turnover"),
        ({"ateco": "1"}, "ateco_version"),
    ],
)
def test_a_mistake_stands_at_its_field_and_what_was_typed_stays(
    ours: Partner, typed: dict[str, str], field: str
) -> None:
    client = as_role(Role.CONSULTANT, ours)

    response = client.post("/companies/new/", {"name": "Vetreria Alice", "city": "Pavia", **typed})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="Pavia"' in response.content.decode()
    assert not Company.objects.exists()


def test_a_fact_is_corrected_with_a_reason_that_stands_in_the_history(ours: Partner) -> None:
    company = served(ours, employees=12, turnover_cents=1234_50)
    client = as_role(Role.CONSULTANT, ours)
    address = f"/companies/{company.pk}/file/correct/"
    form = {**client.get(address).context["form"].initial, "employees": "14", "reason": "Counted again"}

    client.post(address, {name: value or "" for name, value in form.items()})

    company.refresh_from_db()
    shown = page(client, f"/companies/{company.pk}/file/")
    assert (company.employees, company.turnover_cents) == (14, 1234_50)
    assert "Employees: 12 → 14" in shown
    assert "Counted again" in shown


def test_a_correction_needs_a_reason(ours: Partner) -> None:
    company = served(ours)
    client = as_role(Role.CONSULTANT, ours)

    response = client.post(f"/companies/{company.pk}/file/correct/", {"name": "Alice", "reason": " "})

    assert list(response.context["form"].errors) == ["reason"]


def test_contacts_statuses_and_notes_are_kept(ours: Partner) -> None:
    company = served(ours)
    client, file = as_role(Role.CONSULTANT, ours), f"/companies/{company.pk}/file/"

    client.post(
        f"{file}contact/",
        {"contact_name": "Anna", "contact_email": "anna@alice.example", "consent_on": "31/01/2026"},
    )
    contact = Contact.objects.get()
    client.post(f"{file}contact/{contact.pk}/", {"contact_name": "Anna Alice", "contact_role": "CEO"})
    client.post(f"{file}contact/{contact.pk}/consent/", {"go": "withdraw"})
    client.post(f"{file}status/", {"status": "women-led", "declared_on": "2025-01-01"})
    client.post(f"{file}note/", {"text": "Met at a fair"})
    shown = page(client, file)

    for words in (
        "Anna Alice, CEO",
        "did not agree",
        "women-led, since",
        "Met at a fair",
        "Consent withdrawn",
    ):
        assert words in shown
    client.post(f"{file}status/{Declaration.objects.get().pk}/end/")
    assert "None declared." in page(client, file)


def test_a_company_that_two_partners_serve_shows_each_its_own_notes(ours: Partner, theirs: Partner) -> None:
    company = served(ours)
    actions.serve(company, theirs, on=timezone.localdate(), by=BY)
    we, they = as_role(Role.CONSULTANT, ours), as_role(Role.CONSULTANT, theirs, "Carla")
    file = f"/companies/{company.pk}/file/"
    we.post(f"{file}note/", {"text": "A secret of ours"})

    assert "A secret of ours" in page(we, file)
    shown = page(they, file)
    assert "A secret of ours" not in shown
    assert "Note written" not in shown
    assert "Vetreria Alice" in shown


def test_a_manager_says_whom_the_own_partner_serves_and_no_other(ours: Partner, theirs: Partner) -> None:
    company = served(ours)
    manager = as_role(Role.PARTNER_MANAGER, ours)
    address = f"/companies/{company.pk}/file/serve/"

    assert manager.post(address, {"go": "serve", "partner": theirs.pk}).status_code == 404
    response = manager.post(address, {"go": "stop", "partner": ours.pk})

    assert response["Location"] == "/companies/"
    assert page(manager, f"/companies/{company.pk}/file/", 404)


def test_the_contact_of_a_company_sees_its_facts_and_nothing_of_the_partners(ours: Partner) -> None:
    company = served(ours)
    contact = people.add_contact(company, name="Anna", by=BY)
    Contact.objects.filter(pk=contact.pk).update(user=make_user("Anna"))
    actions.note(company, "A secret", partner=ours, author=None, by=BY, at=NOON)
    client = Client(HTTP_HOST="localhost")
    client.force_login(Contact.objects.get().user)  # type: ignore[arg-type]

    shown = page(client, f"/companies/{company.pk}/file/")

    assert "Vetreria Alice" in shown
    for hidden in ("A secret", "Rete Artigiana", "/correct/", "/note/"):
        assert hidden not in shown


# Partner A tries everything of partner B


def everything_of(
    company: Company, likeness: Likeness, run: ImportRun
) -> list[tuple[str, dict[str, Any] | None]]:
    file = f"/companies/{company.pk}/file/"
    contact, status = company.contacts.get(), company.declarations.get()
    return [
        (file, None),
        *((f"{file}{form}/", None) for form in ("correct", "note", "contact", "status")),
        *((f"{file}{form}/", {"name": "x"}) for form in ("correct", "note", "contact", "status")),
        (f"{file}contact/{contact.pk}/", None),
        (f"{file}contact/{contact.pk}/", {"contact_name": "x"}),
        (f"{file}contact/{contact.pk}/consent/", {"go": "give"}),
        (f"{file}status/{status.pk}/end/", {}),
        (f"{file}serve/", {"go": "serve", "partner": 1}),
        (f"/companies/{company.pk}/", None),
        (f"/companies/duplicates/{likeness.pk}/", None),
        (f"/companies/duplicates/{likeness.pk}/", {"go": str(company.pk)}),
        (f"/companies/lists/{run.pk}/", None),
        (f"/companies/lists/{run.pk}/", {"go": "undo"}),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.PARTNER_MANAGER])
def test_nothing_of_another_partner_is_there(ours: Partner, theirs: Partner, role: str) -> None:
    company = served(theirs)
    people.add_contact(company, name="Anna", by=BY)
    actions.declare(company, "women-led", on=None, by=BY)
    served(theirs, "Vetreria Alice Srl")
    run = ImportRun.objects.create(file_name="x.csv", sha256="", partner=theirs, state="done", at=NOON)
    client = as_role(role, ours)
    before = Company.objects.filter(pk=company.pk).values().get()

    for address, typed in everything_of(company, Likeness.objects.get(), run):
        response = client.get(address) if typed is None else client.post(address, typed)
        assert response.status_code == 404, (address, typed)
    for address in ("/companies/", "/companies/?typed=vetreria", "/companies/?typed=anna"):
        assert "Vetreria Alice" not in page(client, address)
    if role == Role.PARTNER_MANAGER:
        assert "Vetreria" not in page(client, "/companies/duplicates/")
        assert "x.csv" not in page(client, "/companies/lists/")

    assert Company.objects.filter(pk=company.pk).values().get() == before
    assert (Note.objects.count(), company.servings.count(), Contact.objects.count()) == (0, 1, 1)


def test_an_auditor_reads_everything_and_writes_nothing(ours: Partner) -> None:
    company = served(ours)
    client = as_role(Role.AUDITOR)

    assert "Vetreria Alice" in page(client, f"/companies/{company.pk}/file/")
    for form in ("correct", "note", "contact", "status", "serve"):
        assert client.post(f"/companies/{company.pk}/file/{form}/", {"name": "x"}).status_code in (403, 404)
    assert client.post("/companies/lists/", {}).status_code in (403, 404)


# Lists


def sent(client: Client, *rows: str, **typed: str) -> Any:
    data = "\n".join(("denominazione;partita_iva;comune;referente;email", *rows)).encode("cp1252")
    file = SimpleUploadedFile("elenco.csv", data)
    return client.post("/companies/lists/", {"file": file, **typed})


def work() -> None:
    """What the worker does with lists."""
    for run in ImportRun.objects.filter(state__in=ImportRun.IN_THE_BACKGROUND):
        assert run.user_id is not None
        import_tasks.go_on.call(run.pk, run.user_id)


def test_a_list_is_looked_at_then_entered_then_taken_back(ours: Partner) -> None:
    client = as_role(Role.PARTNER_MANAGER, ours)

    looked_at = sent(client, f"Società Alice;{ALICE_VAT};Pavia;;", "Bob;1;;;", partner=str(ours.pk))
    address = looked_at["Location"]
    assert "The list is being looked at." in page(client, address)
    work()
    shown = page(client, address)
    assert "1 new, 0 updates, 0 duplicates, 1 refused" in shown
    assert "The VAT number 1 is not valid" in shown
    assert not Company.objects.exists()

    client.post(address, {"go": "enter"})
    assert "The list is being entered" in page(client, address)
    work()
    assert Company.objects.get().servings.get().partner == ours
    assert "Entered or changed from a list" in page(client, f"/companies/{Company.objects.get().pk}/file/")

    client.post(address, {"go": "undo"})
    work()
    assert not Company.objects.exists()
    assert "undone" in page(client, address)


def test_what_goes_on_with_a_list_is_looked_at_again_without_the_page_around_it(ours: Partner) -> None:
    client = as_role(Role.PARTNER_MANAGER, ours)
    address = sent(client, "Alice;;;;", partner=str(ours.pk))["Location"]
    ImportRun.objects.update(rows_done=250, rows_total=1000)

    going_on = client.get(address, headers={"X-Fragment": "1"})
    work()
    over = client.get(address, headers={"X-Fragment": "1"})

    assert "250 of 1,000 rows" in going_on.content.decode()
    assert "<html" not in going_on.content.decode()
    assert ("X-Over" in going_on, over["X-Over"]) == (False, "1")


def test_what_cannot_be_taken_back_says_why_and_stays(ours: Partner) -> None:
    client = as_role(Role.PARTNER_MANAGER, ours)
    address = sent(client, "Alice;;;;", partner=str(ours.pk))["Location"]
    work()
    client.post(address, {"go": "enter"})
    work()
    actions.declare(Company.objects.get(), "women-led", on=None, by=BY)

    client.post(address, {"go": "undo"})
    work()

    assert "Something hangs on Alice by now; nothing was taken back." in page(client, address)
    assert Company.objects.exists()


def test_the_verdicts_of_a_long_list_are_shown_page_by_page_and_kind_by_kind(ours: Partner) -> None:
    client = as_role(Role.PARTNER_MANAGER, ours)
    rows = [f"Officina {number:03};;;;" for number in range(201)]
    address = sent(client, *rows, "Bob;1;;;", partner=str(ours.pk))["Location"]
    work()

    first, last = page(client, address), page(client, f"{address}?page=2")
    refused = page(client, f"{address}?kind=refused")

    assert "Officina 000" in first
    assert "Officina 200" not in first
    assert "Officina 200" in last
    assert "Bob" in refused
    assert "Officina" not in refused


def test_a_list_is_dropped(ours: Partner) -> None:
    client = as_role(Role.PARTNER_MANAGER, ours)
    address = sent(client, "Alice;;;;", partner=str(ours.pk))["Location"]
    work()

    assert client.post(address, {"go": "drop"})["Location"] == "/companies/lists/"
    assert not Company.objects.exists()
    assert bytes(ImportRun.objects.get().data) == b""


def test_a_file_that_is_no_list_is_refused_beside_its_field(ours: Partner) -> None:
    client = as_role(Role.PARTNER_MANAGER, ours)
    file = SimpleUploadedFile("elenco.csv", b"colore\nrosso\n")

    response = client.post("/companies/lists/", {"file": file, "partner": ours.pk})

    assert response.status_code == 422
    assert "The column colore is not known" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_manager_imports_for_no_other_partner(ours: Partner, theirs: Partner) -> None:
    client = as_role(Role.PARTNER_MANAGER, ours)

    assert sent(client, "Alice;;;;", partner=str(theirs.pk)).status_code == 422
    assert sent(client, "Alice;;;;").status_code == 403
    assert not ImportRun.objects.exists()


# Duplicates


def test_two_records_are_compared_and_merged(ours: Partner) -> None:
    kept, gone = served(ours), served(ours, "VETRERIA ALICE SRL", province="PV")
    client = as_role(Role.PARTNER_MANAGER, ours)
    address = f"/companies/duplicates/{Likeness.objects.get().pk}/"
    assert "VETRERIA ALICE SRL" in page(client, "/companies/duplicates/")
    assert "Is this one company?" in page(client, address)

    response = client.post(address, {"go": str(kept.pk)})

    gone.refresh_from_db()
    assert response["Location"] == f"/companies/{kept.pk}/file/"
    assert gone.merged_into == kept
    assert "Also known as VETRERIA ALICE SRL" in page(client, response["Location"])
    assert "Merged with another record" in page(client, response["Location"])
    page(client, f"/companies/{gone.pk}/file/", 404)


def test_two_records_are_told_apart(ours: Partner) -> None:
    served(ours)
    served(ours, "VETRERIA ALICE SRL")
    client = as_role(Role.PARTNER_MANAGER, ours)

    client.post(f"/companies/duplicates/{Likeness.objects.get().pk}/", {"go": "apart"})

    assert "No two records look like one company." in page(client, "/companies/duplicates/")


def test_two_open_interviews_of_one_stage_are_not_merged(ours: Partner) -> None:
    kept, gone = served(ours), served(ours, "VETRERIA ALICE SRL")
    for company in (kept, gone):
        make_assessment(company)

    response = as_role(Role.PARTNER_MANAGER, ours).post(
        f"/companies/duplicates/{Likeness.objects.get().pk}/", {"go": str(kept.pk)}
    )

    assert response.status_code == 409
    assert "an open interview" in response.content.decode()
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_a_merge_moves_the_assessments(ours: Partner) -> None:
    kept, gone = served(ours), served(ours, "VETRERIA ALICE SRL")
    assessment = make_assessment(gone)

    as_role(Role.PARTNER_MANAGER, ours).post(
        f"/companies/duplicates/{Likeness.objects.get().pk}/", {"go": str(kept.pk)}
    )

    assert Assessment.objects.get(pk=assessment.pk).company == kept
