import hashlib
from pathlib import Path

import pytest
from django.test import Client

from capofila.assessments.tests.entries import make_assessment
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON, make_company
from capofila.reports.models import Copy, Report, file_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

INPUTS = b'{"format": 1}'


def files_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def make_report(data: bytes = b"%PDF-1.7 Alice", company: Company | None = None) -> Report:
    assessment = make_assessment(company or make_company(name="Vetreria Alice & Figli"))
    report = Report.objects.create(
        company=assessment.company,
        assessment=assessment,
        language="it",
        inputs=hashlib.sha256(INPUTS).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        pages=1,
        created_at=NOON,
    )
    report.file.parent.mkdir(parents=True, exist_ok=True)
    report.file.write_bytes(data)
    file_of(report.inputs, "json").parent.mkdir(parents=True, exist_ok=True)
    file_of(report.inputs, "json").write_bytes(INPUTS)
    for form in Copy.Form.values:
        other = form.encode()
        copy = Copy(report=report, form=form, sha256=hashlib.sha256(other).hexdigest(), size=len(other))
        copy.file.parent.mkdir(parents=True, exist_ok=True)
        copy.file.write_bytes(other)
        copy.save()
    return report


def test_a_report_is_downloaded_under_the_name_of_its_company(client: Client) -> None:
    report = make_report()

    response = client.get(f"/reports/{report.pk}/")

    assert response.getvalue() == b"%PDF-1.7 Alice"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="vetreria-alice-figli-it.pdf"'


@pytest.mark.parametrize(("form", "ending"), [("word", "docx"), ("html", "html")])
def test_its_other_forms_are_downloaded_never_opened_as_a_page_of_the_hub(
    client: Client, form: str, ending: str
) -> None:
    report = make_report()

    response = client.get(f"/reports/{report.pk}/{form}/")

    assert response.getvalue() == ending.encode()
    assert response["Content-Disposition"] == f'attachment; filename="vetreria-alice-figli-it.{ending}"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_report_whose_file_is_gone_is_not_there(client: Client) -> None:
    report = make_report()
    report.file.unlink()

    assert client.get(f"/reports/{report.pk}/").status_code == 404


def test_nobody_downloads_a_report_from_another_machine(client: Client) -> None:
    report = make_report()

    assert client.get(f"/reports/{report.pk}/", REMOTE_ADDR="192.168.1.7").status_code == 404
