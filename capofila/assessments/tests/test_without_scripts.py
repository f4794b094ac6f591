"""A page without scripts: private notes, flags and evidence by a plain form."""

import json
import re
import uuid
from typing import Any

import pytest

from capofila.accounts.models import User
from capofila.assessments.forms import SAID_ON_A_PAGE
from capofila.assessments.models import AnswerEntry, Assessment, PrivateEntry
from capofila.assessments.tests.people import Scene, entry, make_scene, send, signed_in, state
from capofila.assessments.tests.test_evidence import give
from capofila.companies.tests.builders import NOON
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CHECKED = re.compile(r'name="([^"]+)"(?: value="([^"]*)")? checked')
AREA = re.compile(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>')


def page_of(scene: Scene, user: User) -> str:
    return str(signed_in(user).get(f"/assessments/{scene.assessment.pk}/areas/str/").content.decode())


def send_form(scene: Scene, user: User, page: str | None = None, **typed: Any) -> Any:
    """The form of the area as the page gave it, with what was typed into it; None: a box left empty."""
    page = page if page is not None else page_of(scene, user)
    fields: dict[str, Any] = {name: value for name, value in HIDDEN.findall(page) if "csrf" not in name}
    fields |= {name: value or "on" for name, value in CHECKED.findall(page)}
    fields |= dict(AREA.findall(page)) | {"go": "stay"} | typed
    fields = {name: value for name, value in fields.items() if value is not None}
    return signed_in(user).post(f"/assessments/{scene.assessment.pk}/areas/str/", fields)


def test_a_private_note_and_a_flag_are_kept_with_the_area() -> None:
    scene = make_scene()

    response = send_form(
        scene, scene.alice, **{"str.costing.private": "Ask the\r\nowner", "str.costing.flag": "on"}
    )

    found = state(scene, scene.alice)
    assert response.status_code == 302
    assert [note["text"] for note in found["private"]] == ["Ask the\nowner"]
    assert found["flagged"] is True
    assert not AnswerEntry.objects.exists()


def test_what_is_private_stands_in_the_form_and_stays_as_it_is_when_nothing_is_typed() -> None:
    scene = make_scene()
    typed = {"str.costing.private": "Ask the owner", "str.costing.flag": "on"}
    send_form(scene, scene.alice, **typed)

    page = page_of(scene, scene.alice)
    send_form(scene, scene.alice, page)

    assert ">Ask the owner</textarea>" in page
    assert PrivateEntry.objects.count() == 2


def test_another_note_takes_the_place_of_the_first_and_a_flag_is_taken_down() -> None:
    scene = make_scene()
    send_form(scene, scene.alice, **{"str.costing.private": "Ask the owner", "str.costing.flag": "on"})

    send_form(scene, scene.alice, **{"str.costing.private": "Asked", "str.costing.flag": None})

    found = state(scene, scene.alice)
    assert [note["text"] for note in found["private"]] == ["Asked"]
    assert found["flagged"] is False
    assert PrivateEntry.objects.count() == 4


def test_the_same_page_sent_twice_says_it_once() -> None:
    scene = make_scene()
    page = page_of(scene, scene.alice)

    for _ in range(2):
        send_form(scene, scene.alice, page, **{"str.costing.private": "Ask the owner"})

    assert PrivateEntry.objects.count() == 1


def test_two_people_who_saw_the_same_page_both_keep_their_note() -> None:
    scene = make_scene()
    bob = make_member("Bob", partner=scene.partner).user
    page = page_of(scene, scene.alice)

    send_form(scene, scene.alice, page, **{"str.costing.private": "Ask the owner"})
    send_form(scene, bob, page, **{"str.costing.private": "Ask the foreman"})

    texts = {note["text"] for note in state(scene, scene.alice)["private"]}
    assert texts == {"Ask the owner", "Ask the foreman"}


@pytest.mark.parametrize("who", ["the company", "an auditor"])
def test_nobody_else_is_shown_or_writes_anything_private(who: str) -> None:
    scene = make_scene()
    send_form(scene, scene.alice, **{"str.costing.private": "Ask the owner", "str.costing.flag": "on"})
    user = scene.carla if who == "the company" else make_member("Dora", Role.AUDITOR).user

    page = page_of(scene, user)
    send_form(scene, user, **{"str.costing.private": "Mine", "str.costing.flag": "on"})

    assert "Ask the owner" not in page
    assert ".private" not in page
    assert PrivateEntry.objects.count() == 2


def test_what_was_typed_stays_while_a_mistake_is_mended() -> None:
    scene = make_scene()

    response = send_form(
        scene, scene.alice, **{"str.costing.private": "Ask the owner", "str.costing.answer": "na"}
    )

    assert response.status_code == 422
    assert ">Ask the owner</textarea>" in response.content.decode()
    assert not PrivateEntry.objects.exists()


def test_a_page_of_the_first_release_still_says_the_same_thing_once() -> None:
    """Its form has no field for anything private; the ids of answers are made as they were then."""
    scene = make_scene()
    typed = {"opened": NOON.isoformat(), "str.costing.answer": "4", "str.costing.seen": "", "go": "stay"}

    for _ in range(2):
        signed_in(scene.alice).post(f"/assessments/{scene.assessment.pk}/areas/str/", typed)

    content = [scene.assessment.pk, "str.costing", "answered", 4, "", "", "", [], NOON.isoformat()]
    assert AnswerEntry.objects.get().pk == uuid.uuid5(SAID_ON_A_PAGE, json.dumps(content))
    assert not PrivateEntry.objects.exists()


def test_evidence_is_listed_with_the_way_to_its_page() -> None:
    scene = make_scene()
    given = give(scene, scene.alice).json()

    page = page_of(scene, scene.alice)

    assert f'href="{given["url"]}" download="plan.jpg"' in page
    assert f'href="/assessments/evidence/{given["id"]}/"' in page
    assert given["id"] not in page_of(scene, scene.carla)


def test_closed_answers_take_no_private_note_either() -> None:
    scene = make_scene()
    page = page_of(scene, scene.alice)
    send(scene, scene.alice, entry(3))
    Assessment.objects.filter(pk=scene.assessment.pk).update(state="complete")

    response = send_form(scene, scene.alice, page, **{"str.costing.private": "Too late"})

    assert response.status_code == 409
    assert not PrivateEntry.objects.exists()
