"""The page of one piece of evidence: the day it is from, and its removal."""

from typing import Any

import pytest

from capofila.accounts.models import User
from capofila.assessments import queries
from capofila.assessments.models import Assessment, EvidenceDate
from capofila.assessments.tests.people import Scene, make_scene, signed_in, state
from capofila.assessments.tests.test_evidence import code, give
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member, make_partner

pytestmark = pytest.mark.django_db


def given(scene: Scene, user: User, **facts: Any) -> str:
    """A piece of evidence; the address of its page."""
    return f"/assessments/evidence/{give(scene, user, **facts).json()['id']}/"


def shown(user: User, address: str, status: int = 200) -> str:
    response = signed_in(user).get(address, headers={"accept-language": "en"})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def days(scene: Scene, user: User) -> list[str | None]:
    return [found["effective_on"] for found in state(scene, user)["evidence"]]


def test_the_day_a_paper_is_from_is_said_later_and_corrected() -> None:
    scene = make_scene()
    address = given(scene, scene.alice, effective_on="2026-01-31")

    for day in ("2025-12-01", "2025-11-30"):
        signed_in(scene.alice).post(address, {"go": "date", "effective_on": day})

    assert days(scene, scene.alice) == ["2025-11-30"]
    assert 'value="2025-11-30"' in shown(scene.alice, address)
    listed = queries.submission(scene.assessment, with_evidence=True).evidence
    assert [str(one.effective_on) for found in listed.values() for one in found] == ["2025-11-30"]


def test_a_day_is_taken_back_and_the_same_day_again_adds_nothing() -> None:
    scene = make_scene()
    address = given(scene, scene.alice, effective_on="2026-01-31")

    for day in ("2026-01-31", "", ""):
        signed_in(scene.alice).post(address, {"go": "date", "effective_on": day})

    assert days(scene, scene.alice) == [None]
    assert EvidenceDate.objects.count() == 1


def test_the_company_dates_its_own_papers_and_sees_no_others() -> None:
    scene = make_scene()
    own, of_alice = given(scene, scene.carla), given(scene, scene.alice)

    said = signed_in(scene.carla).post(own, {"go": "date", "effective_on": "2026-01-31"})

    assert said.status_code == 302
    assert "Remove" not in shown(scene.carla, own)
    shown(scene.carla, of_alice, status=404)


def test_a_removed_file_stays_on_record_with_the_reason_and_opens_no_more() -> None:
    scene = make_scene()
    address = given(scene, scene.alice)

    signed_in(scene.alice).post(address, {"go": "remove", "reason": "A photo of somebody"})

    page = shown(scene.alice, address)
    assert "Removed by Alice" in page
    assert "A photo of somebody" in page
    assert "Download" not in page
    file = signed_in(scene.alice).get(address.replace("/assessments/", "/api/").rstrip("/"))
    assert (file.status_code, code(file)) == (410, "assessments.evidence-removed")


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_removed_without_a_reason(reason: str) -> None:
    scene = make_scene()
    address = given(scene, scene.alice)

    response = signed_in(scene.alice).post(address, {"go": "remove", "reason": reason})
    by_program = signed_in(scene.alice).post(
        address.replace("/assessments/", "/api/") + "removal",
        {"author": scene.alice.pk, "reason": reason},
        content_type="application/json",
    )

    assert response.status_code == 422
    assert (by_program.status_code, code(by_program)) == (422, "assessments.no-removal-reason")
    assert "Download" in shown(scene.alice, address)


def test_a_closed_assessment_takes_no_other_day() -> None:
    scene = make_scene()
    address = given(scene, scene.alice)
    Assessment.objects.filter(pk=scene.assessment.pk).update(state="complete")

    response = signed_in(scene.alice).post(address, {"go": "date", "effective_on": "2026-01-31"})

    assert response.status_code == 422
    assert not EvidenceDate.objects.exists()


def test_who_only_reads_is_offered_neither_and_a_stranger_finds_nothing() -> None:
    scene = make_scene()
    address = given(scene, scene.alice)
    auditor = make_member("Dora", Role.AUDITOR).user
    elsewhere = make_member("Franz", partner=make_partner("Elsewhere")).user

    page = shown(auditor, address)
    statuses = [
        signed_in(user).post(address, {"go": go, "reason": "x"}).status_code
        for user in (auditor, elsewhere)
        for go in ("date", "remove")
    ]

    assert "<textarea" not in page
    assert statuses == [404, 404, 404, 404]
    shown(elsewhere, address, status=404)


def test_a_program_says_the_day_too() -> None:
    scene = make_scene()
    address = given(scene, scene.alice).replace("/assessments/", "/api/") + "date"
    body = {"author": scene.alice.pk, "effective_on": "2026-01-31"}

    response = signed_in(scene.alice).post(address, body, content_type="application/json")

    assert response.json()["effective_on"] == "2026-01-31"
