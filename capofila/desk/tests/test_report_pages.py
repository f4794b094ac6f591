"""The report on its pages: handed over, opened by the company, two assessments side by side."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from capofila.accounts.models import Mail, User
from capofila.assessments import actions as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import ALICE, said
from capofila.companies.models import Contact
from capofila.companies.tests.builders import NOON
from capofila.consortium.tests.builders import make_user
from capofila.desk import actions as desk
from capofila.reports import actions as reports
from capofila.reports.models import Handover, Report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def assessment(monkeypatch: pytest.MonkeyPatch) -> Assessment:
    """The invented company's; the bytes of its report stand for a PDF."""
    pdf = b"%PDF-1.7 /Type /Page "
    monkeypatch.setattr(
        reports,
        "_render",
        lambda parts: {"pdf": pdf + parts.language.encode(), "docx": b"W", "html": b"H"},
    )
    return desk.fill_demonstration(at=NOON)


def contact(assessment: Assessment) -> Contact:
    user = make_user("Nadia", by_link=True)
    return Contact.objects.create(company=assessment.company, name="Nadia", email=user.email, user=user)


def browser(user: User | None) -> Client:
    client = Client(HTTP_HOST="localhost")
    assert user is not None
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def hand_over(client: Client, report: Report, to: Contact, number: int = 1) -> Any:
    typed = {"report": report.pk, "contact": to.pk, "number": number}
    return client.post(f"/assessments/{report.assessment_id}/report/hand-over/", typed)


def shown(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_a_report_is_handed_over_and_its_pages_say_when_and_by_whom(
    client: Client, assessment: Assessment
) -> None:
    report, nadia = reports.make(assessment, "it", at=NOON), contact(assessment)

    response = hand_over(client, report, nadia)

    assert response["Location"] == f"/assessments/{assessment.pk}/report/"
    day = r"on \d+\s\w+ \d{4} by Alice"
    for address in (
        f"/assessments/{assessment.pk}/report/",
        f"/assessments/{assessment.pk}/",
        f"/companies/{assessment.company_id}/",
        f"/companies/{assessment.company_id}/file/",
    ):
        assert re.search(f"[Hh]anded over {day}", shown(client, address)), address
    assert "Report handed over" in shown(client, f"/companies/{assessment.company_id}/file/")


def test_the_contact_enters_by_the_mail_and_opens_what_was_handed_over(
    client: Client, assessment: Assessment
) -> None:
    report, nadia = reports.make(assessment, "it", at=NOON), contact(assessment)
    hand_over(client, report, nadia)
    address = re.findall(r"http://localhost(/account/enter/\S+)", Mail.objects.get().text)[0]
    phone = Client(HTTP_HOST="localhost")

    entered = phone.post(address)
    page = shown(phone, entered["Location"])
    link = re.findall(r'href="(/reports/handed-over/\d+/)"', page)[0]
    response = phone.get(link)

    assert response.getvalue() == report.file.read_bytes()
    assert response["Content-Disposition"].endswith('-it-1.pdf"')


def test_the_company_opens_no_report_before_it_is_handed_over(client: Client, assessment: Assessment) -> None:
    report, nadia = reports.make(assessment, "it", at=NOON), contact(assessment)
    phone = browser(nadia.user)

    before = phone.get(f"/reports/{report.pk}/").status_code
    page = shown(phone, f"/assessments/{assessment.pk}/report/")
    hand_over(client, report, nadia)
    after = phone.get(f"/reports/{report.pk}/")

    assert (before, after.status_code) == (404, 200)
    assert "No report was handed over yet" in page
    assert "/reports/" not in page
    assert after.getvalue()


def test_the_company_reads_no_score_outside_the_report(assessment: Assessment) -> None:
    phone = browser(contact(assessment).user)

    response = phone.get(f"/companies/{assessment.company_id}/")

    assert response["Location"] == f"/assessments/{assessment.pk}/"
    assert phone.get(f"/companies/{assessment.company_id}/side-by-side/").status_code == 404
    for address in ("/", response["Location"]):
        assert "2.31" not in shown(phone, address)


def test_a_version_handed_over_stays_when_another_follows(client: Client, assessment: Assessment) -> None:
    first, nadia = reports.make(assessment, "it", at=NOON), contact(assessment)
    hand_over(client, first, nadia)
    assessments.reopen(assessment, "One answer was wrong", at=NOON)
    held = assessment.entries.get(question="str.costing")
    assessments.receive(assessment, [said(5, replaces=(held.pk,))], author=ALICE, at=NOON)
    assessments.complete(assessment, at=NOON)

    hand_over(client, reports.make(assessment, "it", at=NOON), nadia, number=2)

    page = shown(client, f"/assessments/{assessment.pk}/report/")
    assert [page.count(f"version {number}, to Nadia") for number in (1, 2)] == [1, 1]
    assert [one.number for one in Handover.objects.order_by("pk")] == [1, 2]


def test_what_cannot_be_handed_over_says_why_and_where_to_go(client: Client, assessment: Assessment) -> None:
    address = f"/assessments/{assessment.pk}/report/hand-over/"
    not_made = shown(client, address)
    reports.make(assessment, "it", at=NOON)
    Contact.objects.filter(company=assessment.company).update(email="")
    no_contact = shown(client, address)
    assessments.reopen(assessment, "One answer was wrong", at=NOON)
    still_open = shown(client, address)

    assert "No report is made from the answers as they are." in not_made
    assert "No contact has an e-mail address" in no_contact
    assert f'href="/assessments/{assessment.pk}/complete/"' in still_open


def test_a_report_from_other_answers_is_offered_to_be_made_again(
    client: Client, assessment: Assessment
) -> None:
    reports.make(assessment, "it", at=NOON)
    Assessment.objects.filter(pk=assessment.pk).update(day="2026-01-01")

    page = shown(client, f"/assessments/{assessment.pk}/report/")

    assert "Something changed since it was made." in page
    assert "Make it again in Italian" in page


def test_two_questionnaires_of_a_company_stand_beside_each_other(
    client: Client, assessment: Assessment
) -> None:
    page = shown(client, f"/companies/{assessment.company_id}/side-by-side/")

    ours, european = page.index("Digital maturity, 140 questions"), page.index("European assessment")
    assert ours < european
    assert "2.31" in page[ours:european]
    assert "33.45" in page[european:]
    assert "from 0 to 100" in page[european:]
    assert "136 answers out of 136" in page[ours:european]
    assert page.count("<tr><th") == 10 + 4 + 6 + 3
    assert f'href="/companies/{assessment.company_id}/side-by-side/"' in shown(
        client, f"/companies/{assessment.company_id}/file/"
    )


def test_which_two_assessments_stand_beside_each_other_can_be_chosen(
    client: Client, assessment: Assessment
) -> None:
    second = assessments.start(
        assessment.company, "digital-maturity", profile="manufacturing", on=NOON.date(), at=NOON, stage="T1"
    )
    address = f"/companies/{assessment.company_id}/side-by-side/?one={assessment.pk}&other={second.pk}"

    page = shown(client, address)

    assert "European" not in page[page.index('class="cols"') :]
    assert "second assessment" in page
    assert "Score not shown" in page


@pytest.mark.parametrize("typed", ["?one=x&other=y", "?one=999999", ""])
def test_a_choice_that_means_nothing_shows_the_newest_two(
    client: Client, assessment: Assessment, typed: str
) -> None:
    page = shown(client, f"/companies/{assessment.company_id}/side-by-side/{typed}")

    assert "33.45" in page
