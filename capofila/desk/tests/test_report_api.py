"""Reports over the API: their state, every form, every version; what the company finds there."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from capofila.assessments.models import Assessment
from capofila.companies.tests.builders import NOON
from capofila.desk.tests.test_report_pages import browser, contact
from capofila.desk.tests.test_report_versions import answer, assessment, hand_over
from capofila.journal import queries as journal
from capofila.reports import actions as reports
from capofila.reports import background

__all__ = ["assessment"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def api(client: Client, assessment: Assessment, path: str = "", status: int = 200) -> Any:
    response = client.get(f"/api/assessments/{assessment.pk}/reports{path}")
    assert response.status_code == status, response.content
    return response


def test_the_api_tells_how_far_each_report_is(client: Client, assessment: Assessment) -> None:
    none = api(client, assessment, "/it").json()
    made = reports.make(assessment, "it", at=NOON)
    ready = api(client, assessment, "/it").json()
    answer(assessment, 5)
    old = api(client, assessment, "/it").json()

    assert [one["state"] for one in (none, ready, old)] == ["none", "ready", "outdated"]
    assert none["report"] is None
    assert ready["report"]["sha256"]["pdf"] == old["report"]["sha256"]["pdf"] == made.sha256
    states = [(one["language"], one["state"]) for one in api(client, assessment).json()["reports"]]
    assert states == [("it", "outdated"), ("en", "none")]


def test_the_api_has_a_report_made_in_the_background_once(
    client: Client, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(background, "begin", lambda _, language: asked.append(language))
    monkeypatch.setattr(background, "is_being_made", lambda _, language: language in asked)
    address, body = f"/api/assessments/{assessment.pk}/reports", {"language": "en"}

    begun = client.post(address, body, content_type="application/json")
    asked.clear()
    reports.make(assessment, "en", at=NOON)
    there = client.post(address, body, content_type="application/json")

    assert (begun.status_code, begun.json()["state"]) == (202, "being-made")
    assert (there.status_code, there.json()["state"], asked) == (200, "ready", [])


def test_the_api_gives_every_form_and_every_version(client: Client, assessment: Assessment) -> None:
    first = hand_over(assessment, "it")[0]
    answer(assessment, 5)
    second = hand_over(assessment, "it", "en")

    told = api(client, assessment).json()["handed_over"]

    assert [(one["number"], one["language"], one["supersedes"], one["superseded_by"]) for one in told] == [
        (2, "it", 1, None),
        (2, "en", None, None),
        (1, "it", None, 2),
    ]
    assert (told[0]["by"], told[0]["to"]) == ("Carla", first.to_name)
    for given in (first, *second):
        for form in ("pdf", "docx", "html"):
            response = api(client, assessment, f"/handed-over/{given.number}/{given.language}/{form}")
            assert hashlib.sha256(response.getvalue()).hexdigest() == given.checksums[form]
        inputs = api(client, assessment, f"/handed-over/{given.number}/{given.language}/inputs")
        assert hashlib.sha256(inputs.getvalue()).hexdigest() == given.inputs
    standing = api(client, assessment, "/it/docx")
    assert hashlib.sha256(standing.getvalue()).hexdigest() == second[0].docx
    assert journal.history(assessment)[0].event == "reports.inputs-opened"


def test_the_company_finds_on_the_api_what_was_handed_over_and_nothing_else(assessment: Assessment) -> None:
    nadia = contact(assessment)
    phone = browser(nadia.user)
    reports.make(assessment, "it", at=NOON)
    before = api(phone, assessment).json()
    (given,) = hand_over(assessment, "it")
    answer(assessment, 5)
    reports.make(assessment, "it", at=NOON)

    after = api(phone, assessment).json()

    assert before == {"reports": [], "handed_over": []}
    assert (after["reports"], [one["number"] for one in after["handed_over"]]) == ([], [1])
    assert hashlib.sha256(api(phone, assessment, "/it/pdf").getvalue()).hexdigest() == given.sha256
    assert api(phone, assessment, "/it").json()["report"]["sha256"]["pdf"] == given.sha256
    assert api(phone, assessment, "/en").json()["state"] == "none"
    api(phone, assessment, "/handed-over/1/it/inputs", 403)
    refused = phone.post(
        f"/api/assessments/{assessment.pk}/reports", {"language": "it"}, content_type="application/json"
    )
    assert refused.json()["problems"][0]["code"] == "access.denied"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/fr", 422), ("/it/pdf", 404), ("/it/xlsx", 422), ("/handed-over/1/it/pdf", 404),
        ("/handed-over/1/it/inputs", 404), ("/handed-over/0/it/pdf", 422),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(
    client: Client, assessment: Assessment, path: str, status: int
) -> None:
    assert api(client, assessment, path, status).json()["problems"]
