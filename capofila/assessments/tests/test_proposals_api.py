"""What another questionnaire implies, over the API and in exports: listed, confirmed, no answer before."""

import json
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from capofila.accounts.models import User
from capofila.assessments import implying, queries
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.tests.people import Scene, make_scene, send, signed_in
from capofila.assessments.tests.test_ask_once_pages import two

pytestmark = pytest.mark.django_db


def listed(user: User, form: Assessment, status: int = 200) -> Any:
    response = signed_in(user).get(f"/api/assessments/{form.pk}/proposals")
    assert response.status_code == status
    return response.json()


def confirm(scene: Scene, form: Assessment, user: User | None = None, **what: Any) -> Any:
    who = user or scene.alice
    address = f"/api/assessments/{form.pk}/proposals/confirm"
    return signed_in(who).post(
        address, json.dumps({"author": who.pk, **what}), content_type="application/json"
    )


def codes(response: Any) -> list[str]:
    return [problem["code"] for problem in response.json()["problems"]]


def test_every_cell_is_listed_with_what_implies_it_or_as_to_ask() -> None:
    scene, form = two()

    found = listed(scene.alice, form)

    counted = [cell for one in found["questions"] for cell in one["cells"] if cell["implied_by"]]
    assert (found["source"], found["cells"], found["filled"]) == (scene.assessment.pk, 96, 83)
    assert found["not_confirmed"] == len(counted) == 83
    q4 = next(one for one in found["questions"] if one["question"] == "q4")
    assert [cell["item"] for cell in q4["cells"] if cell["value"] is None] == ["6"]
    assert q4["cells"][0]["implied_by"][0]["level"] == 3
    assert queries.answers(form) == {}


@pytest.mark.parametrize(("what", "confirmed"), [
    ({"questions": ["q3"]}, {"q3"}), ({"area": "d2"}, {"q3", "q4"}),
    ({"all": True}, {"q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q11"}),
])  # fmt: skip
def test_some_an_area_or_all_are_confirmed_and_once(what: dict[str, Any], confirmed: set[str]) -> None:
    scene, form = two()

    first, again = confirm(scene, form, **what), confirm(scene, form, **what)

    assert set(first.json()["questions"]) == confirmed == set(queries.answers(form))
    assert {result["outcome"] for result in first.json()["results"]} == {"added"}
    if "questions" in what:
        assert again.json()["results"] == []
    assert AnswerEntry.objects.filter(assessment=form).count() == len(confirmed) + len(
        again.json()["results"]
    )


@pytest.mark.parametrize(("what", "status", "code"), [
    ({}, 422, "assessments.confirm-one-of-three"),
    ({"area": "d2", "all": True}, 422, "assessments.confirm-one-of-three"),
    ({"area": "d9"}, 422, "assessments.unknown-area"),
    ({"questions": ["q1"]}, 409, "assessments.cells-to-ask"),
    ({"questions": ["q99"]}, 409, "assessments.not-proposed"),
])  # fmt: skip
def test_what_cannot_be_confirmed_is_refused_whole(what: dict[str, Any], status: int, code: str) -> None:
    scene, form = two()
    if "questions" in what:
        what = {"questions": ["q3", *what["questions"]]}

    response = confirm(scene, form, **what)

    assert (response.status_code, codes(response)) == (status, [code])
    assert queries.answers(form) == {}


def test_what_was_looked_at_is_confirmed_and_nothing_that_changed_since() -> None:
    scene, form = two()
    seen = listed(scene.alice, form)["source_checksum"]
    held = scene.assessment.entries.filter(question="dat.backup").latest("received_at")
    entry = {"format": 1, "id": "7f3c1b52-0d4e-4b1e-9b3f-1c6f6a0e2a12", "question": "dat.backup",
             "state": "answered", "value": 5, "replaces": [str(held.pk)], "device": "tablet",
             "device_time": "2026-03-02T12:00:00Z"}  # fmt: skip
    Assessment.objects.filter(pk=scene.assessment.pk).update(state="draft")
    assert send(scene, scene.alice, entry).json()["results"][0]["outcome"] == "added"

    response = confirm(scene, form, all=True, source_checksum=seen)

    assert (response.status_code, codes(response)) == (409, ["assessments.source-changed"])
    assert queries.answers(form) == {}
    now = listed(scene.alice, form)["source_checksum"]
    assert confirm(scene, form, all=True, source_checksum=now).status_code == 200


def test_a_closed_form_the_company_and_strangers_confirm_nothing() -> None:
    scene, form = two()

    by_company = confirm(scene, form, user=scene.carla, all=True)
    in_anothers_name = confirm(scene, form, author=scene.carla.pk, all=True)
    Assessment.objects.filter(pk=form.pk).update(state="complete")
    closed = confirm(scene, form, all=True)

    assert (by_company.status_code, in_anothers_name.status_code, closed.status_code) == (403, 403, 409)
    listed(scene.carla, form, 404)
    assert queries.answers(form) == {}


def test_the_whole_assessment_marks_them_apart_and_the_company_is_told_none() -> None:
    scene, form = two()
    path = f"/api/assessments/{form.pk}"

    told = signed_in(scene.alice).get(path).json()

    assert (told["questions"], told["implied"]["not_confirmed"]) == ({}, 83)
    assert signed_in(scene.carla).get(path).json()["implied"] is None


def test_the_spreadsheet_has_them_on_a_sheet_of_their_own_and_comes_back_without() -> None:
    scene, form = two()
    browser = signed_in(scene.alice)

    data = browser.get(f"/assessments/{form.pk}/answers.xlsx").content

    book = load_workbook(BytesIO(data))
    rows = list(book["implied"].values)
    assert (book.sheetnames, len(rows)) == (["answers", "implied"], 84)
    assert rows[0] == ("question", "item", "column", "value", "implied_by", "uncertain")
    assert all(str(row[4]).startswith("digital-maturity@1.0 ") for row in rows[1:])
    assert [row[2] for row in list(book["answers"].values)[1:]] == [None] * 11
    back = BytesIO(data)
    back.name = "answers.xlsx"
    assert browser.post(f"/assessments/{form.pk}/answers/", {"file": back}).status_code == 200
    assert queries.answers(form) == {}


def test_a_report_is_told_what_nobody_confirmed_of_a_closed_form_too() -> None:
    scene, form = two()
    confirm(scene, form, area="d2")
    Assessment.objects.filter(pk=form.pk).update(state="complete")

    found = implying.unconfirmed(form, "it", scene.assessment)

    assert found is not None
    assert (found.proposed, "q3" in found.questions) == (83 - 10 - 6, False)
    assert implying.unconfirmed(scene.assessment, "it", form) is None


def test_what_a_closed_european_assessment_leaves_is_listed_for_machines() -> None:
    scene = make_scene()
    form = Assessment.objects.create(
        company=scene.assessment.company, instrument="eu-dma-sme", version="1.0", state="draft",
        day=scene.assessment.day, created_at=scene.assessment.created_at,
    )  # fmt: skip
    at = Scene(form, scene.partner, scene.alice, scene.carla)
    entry = {"format": 1, "id": "7f3c1b52-0d4e-4b1e-9b3f-1c6f6a0e2a11", "question": "q5", "state": "answered",
             "value": ["1"], "device": "tablet", "device_time": "2026-03-02T12:00:00Z"}  # fmt: skip
    assert send(at, scene.alice, entry).json()["results"][0]["outcome"] == "added"
    Assessment.objects.filter(pk=form.pk).update(state="complete")

    left = listed(scene.alice, scene.assessment)["levels_left"]

    skills = next(one for one in left if one["question"] == "ppl.skills")
    assert (skills["levels"], skills["cells"]) == ([3, 4, 5], ["q5.1"])
