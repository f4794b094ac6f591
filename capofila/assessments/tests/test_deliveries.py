"""Whatever the network does with what devices sent, the same state comes of it, and nothing disappears."""

import uuid
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capofila.assessments import log, queries, receiving, shown
from capofila.assessments.models import AnswerEntry, Assessment, PrivateEntry
from capofila.assessments.rules import fold
from capofila.assessments.tests.entries import OTHER_QUESTION, QUESTION, make_assessment
from capofila.assessments.tests.people import Scene, entry, make_scene
from capofila.companies.tests.builders import NOON
from capofila.consortium import access

Json = dict[str, Any]


class Undone(Exception):
    """Takes back what one example wrote."""


def numbered(number: int) -> str:
    return str(uuid.UUID(int=number))


@st.composite
def queues(draw: st.DrawFn) -> list[Json]:
    """What several people wrote apart, each entry under its own id, some wrong."""
    said = []
    for number in range(1, draw(st.integers(1, 10)) + 1):
        common: Json = {
            "id": numbered(number),
            "question": draw(st.sampled_from([QUESTION, OTHER_QUESTION])),
            "replaces": [
                numbered(old) for old in draw(st.sets(st.integers(1, 12), max_size=3)) if old != number
            ],
            "device": draw(st.sampled_from(["tablet", "laptop"])),
        }
        kind = draw(st.sampled_from(["answer", "answer", "answer", "flag", "wrong"]))
        if kind == "flag":
            made = {key: fact for key, fact in entry(**common).items() if key not in {"state", "value"}}
            said.append(made | {"kind": "flag", "flagged": draw(st.booleans())})
        else:
            said.append(entry(9 if kind == "wrong" else draw(st.integers(1, 5)), **common))
    return said


def delivered(scene: Scene, batches: list[list[Json]], whose: dict[str, access.Who]) -> Json:
    """The state after these batches, each sent by the authors of its entries."""
    try:
        with transaction.atomic():
            for batch in batches:
                for who in whose.values():
                    mine = [one for one in batch if whose[one["id"]] == who]
                    receiving.receive_batch(scene.assessment.pk, mine, who=who, at=NOON)
            check_what_is_read_holds(scene.assessment)
            alice = access.who(scene.alice)
            found, facts = queries.found_for(scene.assessment.pk, alice, on=NOON.date())
            state = shown.assessment_json(found, alice, facts, at=NOON)
            state["rows"] = sorted(
                str(row.pk) for model in (AnswerEntry, PrivateEntry) for row in model.objects.all()
            )
            raise Undone
    except Undone:
        return state


def check_what_is_read_holds(assessment: Assessment) -> None:
    """What is read by ids first, and then whole, is the fold of the whole log."""
    rows = list(AnswerEntry.objects.filter(assessment=assessment))
    whole = fold.fold(map(log.as_entry, rows))
    assert log.current(assessment) == whole
    assert log.current_in([assessment]) == {assessment.pk: whole}
    assert log.folded([], rows) == whole


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=queues(), random=st.randoms(use_true_random=False))
def test_any_order_repetition_and_division_of_deliveries_gives_the_same_state(
    said: list[Json], random: Random, scene: Scene
) -> None:
    people = [access.who(scene.alice), access.who(scene.carla)]
    whose = {one["id"]: people[number % 3 == 0 and "kind" not in one] for number, one in enumerate(said)}
    shuffled = random.sample(said, len(said)) + random.choices(said, k=len(said))
    cut = random.randint(0, len(shuffled))

    once = delivered(scene, [said], whose)
    often = delivered(scene, [shuffled[:cut], shuffled[cut:], shuffled], whose)

    assert often == once
    sound = [one["id"] for one in said if one.get("value") != 9]
    assert once["rows"] == sorted(sound)


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.mark.django_db
def test_a_queue_exported_and_sent_from_another_machine_and_then_sent_by_the_first_is_one_queue(
    scene: Scene,
) -> None:
    queue = [entry(3), entry(4, question=OTHER_QUESTION)]
    alice = access.who(scene.alice)
    receiving.receive_batch(scene.assessment.pk, queue, who=alice, at=NOON)
    before = list(AnswerEntry.objects.order_by("pk").values())

    again = receiving.receive_batch(scene.assessment.pk, queue, who=alice, at=NOON)

    assert [outcome.outcome for outcome in again.outcomes] == ["known", "known"]
    assert list(AnswerEntry.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_wrong_clock_orders_nothing(scene: Scene) -> None:
    alice = access.who(scene.alice)
    first = entry(2, device_time="2031-01-01T00:00:00+00:00", clock_offset_ms=-150_000_000_000)
    second = entry(4, device_time="1999-01-01T00:00:00+00:00", replaces=[first["id"]])

    receiving.receive_batch(scene.assessment.pk, [second, first], who=alice, at=NOON)

    assert queries.current(scene.assessment)[QUESTION].entry.value == 4
    assert AnswerEntry.objects.get(pk=first["id"]).clock_offset_ms == -150_000_000_000


@pytest.mark.django_db
def test_more_answers_side_by_side_than_are_read_at_once_are_all_found(scene: Scene) -> None:
    said = [entry(place % 5 + 1, id=numbered(place + 1)) for place in range(2 * log.MOST + 7)]

    receiving.receive_batch(scene.assessment.pk, said, who=access.who(scene.alice), at=NOON)

    check_what_is_read_holds(scene.assessment)
    assert len(queries.current(scene.assessment)[QUESTION].rivals) == 2 * log.MOST + 6


@pytest.mark.django_db
def test_what_is_said_in_other_assessments_is_left_out(scene: Scene) -> None:
    both = [scene.assessment, make_assessment(scene.assessment.company)]
    for level, one in enumerate(both, start=1):
        receiving.receive_batch(one.pk, [entry(level)], who=access.who(scene.alice), at=NOON)

    found = log.current_in(both)

    assert [found[one.pk][QUESTION].entry.value for one in both] == [1, 2]
    check_what_is_read_holds(scene.assessment)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks at SQLite's way to read")
@pytest.mark.django_db
def test_a_save_looks_up_by_index_however_many_entries_there_are(scene: Scene) -> None:
    rows = AnswerEntry.objects.filter(log.by_id_or_question(scene.assessment, [uuid.UUID(int=1)], [QUESTION]))

    assert "SCAN" not in rows.explain()
    assert Assessment.objects.count() == 1
