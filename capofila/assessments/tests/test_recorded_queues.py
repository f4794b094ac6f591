"""What pages of earlier releases left on devices is still taken: queues recorded as those pages wrote them.

`recorded/queue-VERSION.json` is a file that the page “on this device” of that release saved; the queue in
the browser holds the same items. None is ever changed: a release that changes the entry adds a file.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from capofila.assessments.models import Evidence
from capofila.assessments.rules.entries import FORMAT, KINDS, STATES
from capofila.assessments.tests.people import Scene, make_scene, results, send, signed_in, state

pytestmark = pytest.mark.django_db
RECORDED = sorted((Path(__file__).parent / "recorded").glob("queue-*.json"))
ADDED, KNOWN = ("added", 201, None), ("known", 200, None)


def items(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["items"]
    return found


def send_evidence(scene: Scene, item: dict[str, Any]) -> int:
    """As the page's script does: the fields that say something, and the file."""
    fields = {name: value for name, value in item["fields"].items() if value not in (None, "")}
    file = SimpleUploadedFile(item["fields"]["name"], base64.b64decode(item["data"]), item["type"])
    sent = {"author": scene.alice.pk, **fields, "file": file}
    return signed_in(scene.alice).post(f"{scene.path}/evidence", sent).status_code


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_a_queue_of_an_earlier_release_is_taken_whole_and_known_when_it_comes_again(file: Path) -> None:
    scene = make_scene()
    entries = [item["entry"] for item in items(file) if item["kind"] != "evidence"]
    given = [item for item in items(file) if item["kind"] == "evidence"]

    first, again = (results(send(scene, scene.alice, *entries)) for _ in range(2))
    evidence = [send_evidence(scene, item) for item in given * 2]

    assert (first, again) == ([ADDED] * len(entries), [KNOWN] * len(entries))
    assert evidence == [201] * len(given) + [200] * len(given)
    assert Evidence.objects.count() == len(given)


def test_what_the_first_release_left_says_what_it_said_then() -> None:
    scene, file = make_scene(), RECORDED[0]
    send(scene, scene.alice, *[item["entry"] for item in items(file) if item["kind"] != "evidence"])

    plan, costing, taken_back = (
        state(scene, scene.alice, question)
        for question in ("str.digital-plan", "str.costing", "str.investment")
    )

    assert (plan["consultant"]["entry"]["value"], plan["consultant"]["entry"]["note"]) == (
        3,
        "Visto sul foglio",
    )
    assert plan["consultant"]["rivals"] == []
    assert ([note["text"] for note in plan["private"]], plan["flagged"]) == (["Chiedere al titolare"], True)
    assert costing["consultant"]["entry"]["reason"] == "non ci riguarda"
    assert taken_back["holds"] is None


def test_every_format_there_ever_was_is_recorded_with_all_it_can_say() -> None:
    entries = [item["entry"] for file in RECORDED for item in items(file) if item["kind"] != "evidence"]

    assert RECORDED[0].name == "queue-0.1.0.json"
    for number in range(1, FORMAT + 1):
        of_format = [entry for entry in entries if entry["format"] == number]
        assert {entry["kind"] for entry in of_format} == set(KINDS)
        assert {entry["state"] for entry in of_format if entry["kind"] == "answer"} == set(STATES)
        assert any(entry["replaces"] for entry in of_format)
