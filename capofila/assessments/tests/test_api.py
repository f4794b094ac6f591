"""The batch endpoint, reading, and who may do either."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capofila.assessments import actions
from capofila.assessments.models import AnswerEntry, Assessment, PrivateEntry
from capofila.assessments.tests.entries import OTHER_QUESTION, QUESTION, answer_everything
from capofila.assessments.tests.people import entry, make_scene, results, send, serve, signed_in, state
from capofila.companies.tests.builders import NOON, make_company
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member, make_partner, make_user
from capofila.lib.problems import Refused

pytestmark = pytest.mark.django_db

ADDED, KNOWN = ("added", 201, None), ("known", 200, None)


def refused(status: int, code: str) -> tuple[str, int, str]:
    return "refused", status, code


def test_an_entry_is_added_once_however_often_it_is_sent() -> None:
    scene, one = make_scene(), entry()

    first, again = send(scene, scene.alice, one), send(scene, scene.alice, one, one)

    assert (results(first), results(again)) == ([ADDED], [KNOWN, KNOWN])
    assert again.json()["results"][0]["received_at"] == first.json()["results"][0]["received_at"]
    assert AnswerEntry.objects.count() == 1


def test_the_answer_tells_what_holds_for_the_questions_it_names() -> None:
    scene, one = make_scene(), entry(4)

    found = send(scene, scene.alice, one).json()["questions"]

    assert list(found) == [QUESTION]
    assert (found[QUESTION]["holds"], found[QUESTION]["conflict"]) == ("consultant", False)
    assert found[QUESTION]["consultant"]["entry"]["id"] == one["id"]


def test_other_content_under_the_same_id_is_refused_and_the_rest_goes_through() -> None:
    scene, one = make_scene(), entry(3)
    send(scene, scene.alice, one)

    response = send(scene, scene.alice, one | {"value": 4}, entry(question=OTHER_QUESTION))

    assert results(response) == [refused(409, "assessments.entry-taken"), ADDED]
    assert {row.value for row in AnswerEntry.objects.all()} == {3}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("no entry", "entry.unreadable"),
        ({}, "assessments.format-unknown"),
        ({**entry(), "format": 99}, "assessments.format-unknown"),
        ({**entry(), "format": True}, "assessments.format-unknown"),
        ({**entry(), "id": "12"}, "entry.type"),
        ({**entry(), "surprise": 1}, "entry.unknown-key"),
        ({**entry(), "kind": "rumour"}, "entry.choice"),
        ({**entry(), "device_time": "2026-03-02T10:00:00"}, "entry.type"),
        ({**entry(), "device_time": "0001-01-01T00:00:00+14:00"}, "entry.type"),
        ({**entry(), "device": ""}, "entry.empty-text"),
        ({**entry(), "note": "x" * 5_001}, "entry.type"),
        ({**entry(), "note": "a\0b"}, "entry.characters"),
        ({**entry(), "clock_offset_ms": 10**15}, "entry.type"),
        ({**entry(), "replaces": [str(uuid.uuid4()) for _ in range(51)]}, "entry.type"),
        ({**entry(), "state": "cleared"}, "entry.extra-value"),
        ({**entry(6)}, "answers.level"),
        ({**entry(None)}, "assessments.no-value"),
        ({**entry(), "question": "str.nothing"}, "answers.unknown-question"),
        ({**entry(), "kind": "flag"}, "entry.unknown-key"),
    ],
)
def test_one_entry_that_cannot_be_taken_never_holds_up_the_others(wrong: Any, code: str) -> None:
    scene = make_scene()

    response = send(scene, scene.alice, entry(), wrong, entry(question=OTHER_QUESTION))

    found = results(response)
    assert (found[0], found[2]) == (ADDED, ADDED)
    assert (found[1][0], found[1][1], found[1][2]) == ("refused", 422, code)


def test_an_entry_that_replaces_itself_is_refused() -> None:
    scene, one = make_scene(), entry()

    assert results(send(scene, scene.alice, one | {"replaces": [one["id"]]})) == [refused(422, "entry.type")]


def test_half_a_character_is_refused_alone() -> None:
    scene = make_scene()
    body = json.dumps({"author": scene.alice.pk, "entries": [entry(note="\ud800"), entry()]})

    response = signed_in(scene.alice).post(f"{scene.path}/entries", body, content_type="application/json")

    assert results(response) == [refused(422, "entry.characters"), ADDED]


def test_two_consultants_who_answer_apart_are_shown_side_by_side_and_one_of_them_resolves_it() -> None:
    scene, first = make_scene(), entry(2)
    bob = make_member("Bob", partner=scene.partner).user
    send(scene, scene.alice, first)
    mine, hers = entry(4, replaces=[first["id"]], device="laptop"), entry(5, replaces=[first["id"]])
    send(scene, bob, mine)
    send(scene, scene.alice, hers)

    found = state(scene, bob)["consultant"]
    shown = {found["entry"]["id"], *(rival["id"] for rival in found["rivals"])}

    assert shown == {mine["id"], hers["id"]}
    assert state(scene, bob)["conflict"]
    send(scene, bob, entry(5, replaces=sorted(shown), note="Looked again together"))
    assert not state(scene, scene.alice)["conflict"]
    assert AnswerEntry.objects.count() == 4


def test_contact_and_consultant_stand_side_by_side_until_a_consultant_says_why_they_differ() -> None:
    scene, theirs, ours = make_scene(), entry(2), entry(4)
    send(scene, scene.carla, theirs)
    assert state(scene, scene.alice)["holds"] == "company"
    send(scene, scene.alice, ours | {"replaces": [theirs["id"]]})

    found = state(scene, scene.alice)

    assert (found["holds"], found["differs"], found["disagreement"]) == ("consultant", True, True)
    assert (found["company"]["entry"]["value"], found["consultant"]["entry"]["value"]) == (2, 4)
    send(scene, scene.carla, entry(1, replaces=[ours["id"]]))
    assert state(scene, scene.alice)["consultant"]["entry"]["value"] == 4
    send(scene, scene.alice, entry(4, replaces=[ours["id"]], why="The screen shows it"))
    assert not state(scene, scene.alice)["disagreement"]


def test_the_contact_sees_the_company_side_alone() -> None:
    scene = make_scene()
    send(scene, scene.alice, entry(4), entry(5, question=OTHER_QUESTION))
    send(scene, scene.carla, entry(2))

    found = signed_in(scene.carla).get(scene.path).json()

    assert list(found["questions"]) == [QUESTION]
    assert "consultant" not in found["questions"][QUESTION]
    assert (found["side"], found["areas"], found["scores"]) == ("company", ["str", "prd"], None)
    assert signed_in(scene.carla).get(f"{scene.path}/entries").json()["count"] == 1
    assert signed_in(scene.carla).get(f"{scene.path}/scores").status_code == 403


def test_the_contact_answers_only_the_areas_opened_to_the_company_and_tries_again_later() -> None:
    scene = make_scene()
    Assessment.objects.update(prefill_areas=[])

    response = send(scene, scene.carla, entry())

    assert results(response) == [refused(403, "assessments.area-not-open")]
    assert response.json()["results"][0]["retry"]


def note(text: str = "Look at the accounts", **facts: Any) -> dict[str, Any]:
    return {key: fact for key, fact in entry().items() if key not in {"state", "value"}} | {
        "kind": "private-note",
        "text": text,
        **facts,
    }


def flag(flagged: bool = True, **facts: Any) -> dict[str, Any]:
    return {key: fact for key, fact in note().items() if key != "text"} | {
        "kind": "flag",
        "flagged": flagged,
        **facts,
    }


def test_private_notes_are_for_consultants_of_the_same_partner() -> None:
    scene, other = make_scene(), make_partner("Terza Rete")
    serve(scene.assessment.company, other)
    bob = make_member("Bob", partner=other).user
    auditor = make_member("Dora", Role.AUDITOR).user
    assert results(send(scene, scene.alice, note(), entry())) == [ADDED, ADDED]

    seen = {user.name: state(scene, user)["private"] for user in (scene.alice, bob, auditor)}

    assert [one["text"] for one in seen["Alice"]] == ["Look at the accounts"]
    assert (seen["Bob"], seen["Dora"]) == ([], [])


def test_a_contact_writes_no_private_note_and_no_flag_and_never_gets_one() -> None:
    scene = make_scene()
    send(scene, scene.alice, note(), flag(), entry())
    send(scene, scene.carla, entry(2))

    response = send(scene, scene.carla, note(), flag())

    assert results(response) == [refused(403, "assessments.not-your-side")] * 2
    assert "Look at the accounts" not in signed_in(scene.carla).get(scene.path).content.decode()
    assert "private" not in signed_in(scene.carla).get(scene.path).json()["questions"][QUESTION]
    assert PrivateEntry.objects.count() == 2


def test_a_flag_is_set_and_taken_away() -> None:
    scene, up = make_scene(), flag()
    send(scene, scene.alice, up)
    assert state(scene, scene.alice)["flagged"]

    send(scene, scene.alice, flag(False, replaces=[up["id"]]))

    assert not state(scene, scene.alice)["flagged"]


def test_a_completed_assessment_takes_nothing_new_and_says_try_again() -> None:
    scene, one = make_scene(), entry()
    send(scene, scene.alice, one)
    answer_everything(scene.assessment)
    actions.complete(scene.assessment, at=NOON)

    response = send(scene, scene.alice, one, entry(question=OTHER_QUESTION))

    assert results(response) == [KNOWN, refused(409, "assessments.closed")]
    assert [found["retry"] for found in response.json()["results"]] == [False, True]
    actions.reopen(scene.assessment, "The accounts came later", at=NOON)
    assert results(send(scene, scene.alice, entry(question=OTHER_QUESTION))) == [ADDED]


def test_a_queue_is_never_sent_under_another_name() -> None:
    scene = make_scene()
    body = json.dumps({"author": scene.carla.pk, "entries": [entry()]})

    response = signed_in(scene.alice).post(f"{scene.path}/entries", body, content_type="application/json")

    assert (response.status_code, code(response)) == (403, "assessments.other-author")
    assert not AnswerEntry.objects.exists()


def code(response: Any) -> str:
    found: str = response.json()["problems"][0]["code"]
    return found


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.LEAD_ADMINISTRATOR, 200, 200),
        (Role.AUDITOR, 200, 403),
        (Role.PARTNER_MANAGER, 404, 404),
        (Role.CONSULTANT, 404, 404),
    ],
)
def test_who_does_not_serve_the_company_gets_what_the_table_says(role: str, reads: int, writes: int) -> None:
    scene, other = make_scene(), make_partner("Terza Rete")
    outside = role in {Role.PARTNER_MANAGER, Role.CONSULTANT}
    eve = make_member("Eve", role, partner=other if outside else None).user

    assert signed_in(eve).get(scene.path).status_code == reads
    assert send(scene, eve, entry()).status_code == writes


def test_a_contact_of_another_company_a_stranger_and_nobody_learn_nothing() -> None:
    scene = make_scene()
    stranger = signed_in(make_user("Eve"))

    assert stranger.get(scene.path).status_code == 404
    assert (
        stranger.get("/api/assessments/999999").json()["problems"]
        == stranger.get(scene.path).json()["problems"]
    )
    assert stranger.get("/api/assessments").status_code == 404
    assert signed_in(scene.alice).get("/api/assessments").json()["count"] == 1


def test_a_save_needs_at_most_eight_statements_begin_and_commit_counted() -> None:
    scene = make_scene()
    client = signed_in(scene.alice)
    send(scene, scene.alice, entry(), client=client)

    with CaptureQueriesContext(connection) as captured:
        send(scene, scene.alice, entry(question=OTHER_QUESTION), client=client)

    assert len(captured) <= 8, [query["sql"][:90] for query in captured]


def test_the_whole_state_is_read_with_the_same_few_statements_however_much_was_said() -> None:
    scene = make_scene()
    client = signed_in(scene.alice)
    answer_everything(scene.assessment)
    send(scene, scene.alice, *[entry(note=str(number)) for number in range(100)], note(), flag())

    with CaptureQueriesContext(connection) as captured:
        found = client.get(scene.path).json()

    assert len(captured) <= 9
    assert len(found["questions"]) == 140
    assert found["scores"]["overall"]["value"] == "3.00"
    assert client.get(f"{scene.path}/scores").json()["scores"] == found["scores"]


def test_the_log_comes_in_pages() -> None:
    scene = make_scene()
    answer_everything(scene.assessment)
    client = signed_in(scene.alice)

    pages = [client.get(f"{scene.path}/entries?page={page}").json() for page in (1, 2, 3)]

    assert [len(page["items"]) for page in pages] == [100, 40, 0]
    assert (pages[0]["count"], pages[0]["pages"]) == (140, 2)


def test_all_or_nothing_for_a_page() -> None:
    scene = make_scene()
    author = actions.Author("consultant", scene.alice.pk, "Alice", scene.partner.pk)

    with pytest.raises(Refused):
        actions.receive(scene.assessment, [read(entry()), read(entry(6))], author=author, at=NOON)

    assert not AnswerEntry.objects.exists()


def read(raw: dict[str, Any]) -> Any:
    from capofila.assessments.rules.entries import read_entry  # noqa: PLC0415

    return read_entry(raw)


def test_companies_are_not_mixed_up() -> None:
    scene = make_scene()
    serve(make_company(name="Altra"), make_partner("Terza Rete"))

    assert signed_in(scene.carla).get("/api/assessments").json()["count"] == 1


def private_note(id_: str) -> dict[str, object]:
    common = {"format": 1, "kind": "private-note", "id": id_, "question": QUESTION, "text": "Ask the owner"}
    return {**common, "device": "tablet", "device_time": NOON.isoformat()}


@pytest.mark.parametrize("answer_first", [True, False])
@pytest.mark.parametrize("together", [True, False])
def test_an_id_is_of_one_entry_of_one_kind(answer_first: bool, together: bool) -> None:
    scene, id_ = make_scene(), str(uuid.uuid4())
    both = [entry(3, id=id_), private_note(id_)]
    batches = [both] if answer_first else [both[::-1]]
    batches = batches if together else [[one] for one in batches[0]]

    found = [result for batch in batches for result in results(send(scene, scene.alice, *batch))]

    assert found == [("added", 201, None), ("refused", 409, "assessments.entry-taken")]
    assert AnswerEntry.objects.count() + PrivateEntry.objects.count() == 1
    again = results(send(scene, scene.alice, both[0] if answer_first else both[1]))
    assert again == [("known", 200, None)]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("it", ["Il valore è 6; serve un numero intero da 1 a 5.", "Il valore è un elenco; serve un UUID."]),
        (
            "en",
            ["The value is 6; expected a whole number from 1 to 5.", "The value is a list; expected a UUID."],
        ),
    ],
)
def test_a_refusal_of_an_entry_is_said_in_the_language_of_who_calls(
    language: str, sentences: list[str]
) -> None:
    scene = make_scene()
    client = signed_in(scene.alice, headers={"accept-language": language})

    response = send(scene, scene.alice, entry(6), entry(3, id=["x"]), client=client)

    assert [one["problem"]["sentence"] for one in response.json()["results"]] == sentences
    assert [one["problem"]["facts"].get("what") for one in response.json()["results"]] == [
        "a whole number from 1 to 5",
        "a UUID",
    ]
