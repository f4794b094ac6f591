"""Photos and documents: sent once or often, opened by who may, removed and still on record."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from capofila.accounts.models import User
from capofila.assessments import actions
from capofila.assessments.models import Assessment, Evidence
from capofila.assessments.tests.entries import QUESTION, answer_everything
from capofila.assessments.tests.people import Scene, make_scene, signed_in, state
from capofila.companies.tests.builders import NOON
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member, make_partner, make_user
from capofila.files import uploads
from capofila.files.tests.builders import phone_picture

pytestmark = pytest.mark.django_db
PHOTO = phone_picture()


def give(scene: Scene, user: User, data: bytes = PHOTO, **facts: Any) -> Any:
    fields = {
        "author": user.pk,
        "id": str(uuid.uuid4()),
        "question": QUESTION,
        "name": "plan.jpg",
        "device": "phone",
        "device_time": NOON.isoformat(),
        **facts,
    }
    file = SimpleUploadedFile("x", data)
    return signed_in(user).post(f"{scene.path}/evidence", {**fields, "file": file})


def code(response: Any) -> str:
    found: str = response.json()["problems"][0]["code"]
    return found


def test_a_photo_is_kept_without_its_position_and_known_when_it_comes_again() -> None:
    scene, id_ = make_scene(), str(uuid.uuid4())

    first, again = (give(scene, scene.alice, id=id_, effective_on="2026-01-31") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["effective_on"] == "2026-01-31"
    assert [found["id"] for found in state(scene, scene.alice)["evidence"]] == [id_]
    kept = signed_in(scene.alice).get(first.json()["url"]).content
    assert b"A phone" not in kept


@pytest.mark.parametrize(
    "other", [{"data": b"other"}, {"name": "other.jpg"}, {"effective_on": "2026-02-01"}, {"device": "laptop"}]
)
def test_the_same_id_with_other_content_is_refused(other: dict[str, Any]) -> None:
    scene, id_ = make_scene(), str(uuid.uuid4())
    give(scene, scene.alice, id=id_)

    response = give(scene, scene.alice, **{"id": id_, **other})

    assert (response.status_code, code(response)) == (409, "assessments.evidence-taken")


def test_a_download_is_never_run_or_shown_by_a_browser() -> None:
    scene = make_scene()
    url = give(scene, scene.alice, b"<script>alert(1)</script>", name='è".html').json()["url"]

    response = signed_in(scene.alice).get(url)

    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_a_thumbnail_exists_of_pictures_alone() -> None:
    scene = make_scene()
    photo, text = give(scene, scene.alice).json(), give(scene, scene.alice, b"notes", name="n.txt").json()
    client = signed_in(scene.alice)

    assert client.get(photo["thumbnail"])["Content-Type"] == "image/jpeg"
    assert text["thumbnail"] is None
    assert client.get(f"{text['url']}/thumbnail").status_code == 404


def test_who_may_open_a_file_is_who_may_read_the_assessment() -> None:
    scene = make_scene()
    mine = give(scene, scene.alice).json()["url"]
    theirs = give(scene, scene.carla).json()["url"]
    people = {
        "lead": make_member("Lea", Role.LEAD_ADMINISTRATOR).user,
        "auditor": make_member("Dora", Role.AUDITOR).user,
        "other": make_member("Eve", partner=make_partner("Terza Rete")).user,
        "stranger": make_user("Franz"),
        "consultant": scene.alice,
        "contact": scene.carla,
    }

    opened = {
        name: tuple(signed_in(user).get(url).status_code for url in (mine, theirs))
        for name, user in people.items()
    }

    assert opened == {
        "lead": (200, 200),
        "auditor": (200, 200),
        "other": (404, 404),
        "stranger": (404, 404),
        "consultant": (200, 200),
        "contact": (404, 200),
    }


@pytest.mark.parametrize(
    ("facts", "status", "found"),
    [
        ({"data": b"\x7fELF"}, 422, "files.type"),
        ({"data": b""}, 422, "files.empty"),
        ({"name": "x" * 201}, 422, "assessments.evidence-facts"),
        ({"name": "a\nb"}, 422, "assessments.evidence-facts"),
        ({"question": "str.nothing"}, 422, "assessments.unknown-question"),
        ({"device_time": "2026-03-02T10:00:00"}, 422, "api.malformed"),
        ({"author": 999_999}, 403, "assessments.other-author"),
    ],
)
def test_what_is_not_sound_is_refused(facts: dict[str, Any], status: int, found: str) -> None:
    scene = make_scene()

    response = give(scene, scene.alice, **facts)

    assert (response.status_code, code(response)) == (status, found)
    assert not Evidence.objects.exists()


def test_a_request_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 1_000)
    scene = make_scene()

    response = give(scene, scene.alice, b"x" * 2_000)

    assert (response.status_code, code(response)) == (413, "api.too-large")


def test_what_is_removed_stays_on_record_and_can_no_longer_be_opened() -> None:
    scene = make_scene()
    url = give(scene, scene.carla).json()["url"]
    client = signed_in(scene.alice)

    first, again = (
        client.post(
            f"{url}/removal", {"author": scene.alice.pk, "reason": reason}, content_type="application/json"
        )
        for reason in ("Shows a face", "Another reason")
    )

    assert first.json() == again.json()
    assert first.json()["removed"]["reason"] == "Shows a face"
    assert first.json()["url"] is None
    assert client.get(url).status_code == 410
    assert Evidence.objects.count() == 1


def test_a_contact_an_auditor_and_a_stranger_remove_nothing() -> None:
    scene = make_scene()
    url = give(scene, scene.carla).json()["url"]
    others = (scene.carla, make_member("Dora", Role.AUDITOR).user, make_user("Franz"))

    statuses = [
        signed_in(user)
        .post(f"{url}/removal", {"author": user.pk}, content_type="application/json")
        .status_code
        for user in others
    ]

    assert statuses == [403, 403, 404]


def test_a_completed_assessment_and_an_area_not_opened_take_no_evidence() -> None:
    scene = make_scene()
    Assessment.objects.update(prefill_areas=[])
    assert code(give(scene, scene.carla)) == "assessments.area-not-open"
    answer_everything(scene.assessment)
    actions.complete(scene.assessment, at=NOON)

    assert code(give(scene, scene.alice)) == "assessments.closed"


@pytest.mark.parametrize("change", [{"received_at": NOON}, {"effective_on": NOON.date()}])
def test_when_evidence_came_and_what_it_says_cannot_be_changed(change: dict[str, Any]) -> None:
    scene = make_scene()
    give(scene, scene.alice)

    with pytest.raises(IntegrityError):
        Evidence.objects.update(**change)


def test_a_photo_as_an_iphone_takes_it_is_kept_as_jpeg_without_its_position() -> None:
    scene = make_scene()

    given = give(scene, scene.alice, phone_picture("HEIF"), name="IMG_0001.HEIC")
    file = signed_in(scene.alice).get(given.json()["url"])

    assert (given.status_code, given.json()["type"]) == (201, "image/jpeg")
    assert file["Content-Disposition"].endswith("IMG_0001.jpg")
    assert file.content.startswith(b"\xff\xd8")
    assert b"Exif" not in file.content
